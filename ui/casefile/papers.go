package casefile

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"schalter/data/letter"
	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/pageview"
)

// Renditions makes new papers of documents: with marks, of the whole case, certified copies. What became of it is
// said by whoever does it.
type Renditions interface {
	SaveDocument(c record.Case, d record.Document)
	PrintDocument(c record.Case, d record.Document)
	// ExportCase asks in which way the whole case is to be written, and where to, and writes it.
	ExportCase(c record.Case)
	// PrintRegister prints this year's register of certified copies.
	PrintRegister()
	// Blank calls back with what the desk knows of every certification.
	Blank(known func(letter.Certificate))
	// PrintCopy prints a certified copy once more.
	PrintCopy(c record.Case, copied record.Certified)
	// Certify makes, enters and prints a certified copy and calls back whether it was entered.
	Certify(c record.Case, d record.Document, v letter.Certificate, done func(ok bool))
}

// The keys of a document.
var (
	addKey       = command.Ctrl(fyne.KeyO)
	factsKey     = command.Ctrl(fyne.KeyD)
	stampKey     = command.Ctrl(fyne.KeyE)
	noteMarkKey  = command.CtrlShift(fyne.KeyM)
	highlightKey = command.Ctrl(fyne.KeyH)
	blackKey     = command.Ctrl(fyne.KeyB)
	unmarkKey    = command.Ctrl(fyne.KeyDelete)
	checkKey     = command.CtrlShift(fyne.KeyO)
	objectKey    = command.CtrlShift(fyne.KeyJ)
	certifyKey   = command.CtrlShift(fyne.KeyU)
	saveDocKey   = command.CtrlShift(fyne.KeyS)
	exportKey    = command.CtrlShift(fyne.KeyX)
	registerKey  = command.CtrlShift(fyne.KeyR)
	trashKey     = command.CtrlShift(fyne.KeyDelete)
)

// papers is the side of the screen with the documents: which one is shown, what is known of it, and what can be
// done with it.
type papers struct {
	s     *Screen
	match *control.Label // whether the scan is as good as the paper, in a line
	state *control.Label // what else is to be known, in another
	more  *control.Button
	head  *fyne.Container
	facts *fyne.Container // instead of the paper
	open  bool            // the facts are shown
	ask   *ask
	form  *certifying
	order *ordering
	mark  record.ID   // that was clicked
	hash  record.Hash // what is on the screen
}

func newPapers(s *Screen) *papers {
	t := s.Texts
	p := &papers{s: s, match: control.NewShort("", control.Strong), state: control.NewShort("", control.Small), facts: control.Column(16)}
	p.more = control.NewButton(t.T("paper.facts"), factsKey.Label(t), control.Quiet, p.toggle)
	p.head = control.Pad(6, 12, 6, 12, control.Row(10, control.Grow(control.Upright(control.Column(1, p.match, p.state))), control.Middle(p.more)))
	p.ask = newAsk(s)
	p.form = newCertifying(p)
	p.order = newOrdering(p)
	return p
}

// current is the document on the right.
func (p *papers) current() (record.Document, bool) {
	docs := p.s.file.Case.Documents
	i := slices.IndexFunc(docs, func(d record.Document) bool { return d.ID == p.s.shown })
	if i < 0 {
		return record.Document{}, false
	}
	return docs[i], true
}

func (p *papers) here() bool {
	_, ok := p.current()
	return ok && p.s.loaded
}

// view is the paper where pages can be marked.
func (p *papers) view() *pageview.View {
	v, _ := p.s.paper.(*pageview.View)
	return v
}

func (p *papers) markable() bool { return p.here() && p.view() != nil && !p.form.open }

// update writes anew what is known of the document that is shown.
func (p *papers) update() {
	d, ok := p.current()
	p.head.Hidden = !ok
	if !ok {
		return
	}
	p.tell(d)
	if v := p.view(); v != nil && p.hash == d.Shown.Hash {
		v.SetMarks(d.Marks)
	}
	if p.open {
		p.fill(d)
	}
	p.head.Refresh()
}

// opened hooks a paper that was just opened. An older version bears no marks and takes none.
func (p *papers) opened(d record.Document, shown record.Hash) {
	p.hash = shown
	p.mark = ""
	v := p.view()
	if v == nil || d.Shown.Hash != shown {
		return
	}
	v.SetMarks(d.Marks)
	v.OnPlace = p.place
	v.OnMark = p.clicked
	if p.s.Renditions != nil {
		v.OnPrint = func() { p.withDocument(p.s.Renditions.PrintDocument) }
	}
}

// withDocument does something with the document that is shown.
func (p *papers) withDocument(f func(record.Case, record.Document)) {
	if d, ok := p.current(); ok {
		f(p.s.file.Case, d)
	}
}

// toggle opens and closes what is known of the document.
func (p *papers) toggle() {
	p.open = !p.open
	p.form.close()
	p.lay()
}

// lay puts the paper, the facts or the certification on the right.
func (p *papers) lay() {
	s := p.s
	d, ok := p.current()
	if !ok {
		return
	}
	s.sheets.Objects = nil
	switch {
	case p.form.open:
		s.sheets.Add(control.Grow(p.form.object))
	case p.open:
		p.fill(d)
		s.sheets.Add(control.Grow(control.Scroll(control.Pad(14, 16, 14, 16, p.facts))))
	case s.paper != nil:
		s.sheets.Add(control.Grow(s.paper.Object()))
	default:
		s.sheets.Add(control.PadAll(18, control.NewParagraph(s.Texts.T("casefile.cannot_show", "title", d.Title), control.Muted)))
	}
	p.more.SetChosen(p.open)
	s.sheets.Refresh()
	s.right.Refresh()
}

func (p *papers) commands() []command.Command {
	can := func() bool { return p.here() && p.s.Renditions != nil }
	out := []command.Command{
		{ID: "paper.add", Menu: "file", Keys: []command.Key{addKey}, Enabled: func() bool { return p.s.loaded && p.s.Add != nil }, Run: p.add},
		{ID: "paper.facts", Keys: []command.Key{factsKey}, Enabled: p.here, Run: p.toggle},
		{ID: "paper.pages", Keys: []command.Key{pagesKey}, Enabled: p.order.can, Run: p.order.open},
		{ID: "paper.stamp", Keys: []command.Key{stampKey}, Enabled: p.markable, Run: p.stamp},
		{ID: "paper.note", Keys: []command.Key{noteMarkKey}, Enabled: p.markable, Run: func() { p.tool(record.MarkNote) }},
		{ID: "paper.highlight", Keys: []command.Key{highlightKey}, Enabled: p.markable, Run: func() { p.tool(record.MarkHighlight) }},
		{ID: "paper.black", Keys: []command.Key{blackKey}, Enabled: p.markable, Run: func() { p.tool(record.MarkBlack) }},
		{ID: "paper.unmark", Keys: []command.Key{unmarkKey}, Enabled: func() bool { return p.mark != "" }, Run: func() { p.unmark(p.mark) }},
		{ID: "paper.check", Keys: []command.Key{checkKey}, Enabled: p.checkable, Run: func() { p.check(true, "") }},
		{ID: "paper.object", Keys: []command.Key{objectKey}, Enabled: p.checkable, Run: p.objectTo},
		{ID: "paper.trash", Keys: []command.Key{trashKey}, Enabled: p.here, Run: p.trash},
		{ID: "paper.certify", Menu: "file", Keys: []command.Key{certifyKey}, Enabled: can, Run: p.certify},
		{ID: "paper.save", Menu: "file", Keys: []command.Key{saveDocKey}, Enabled: can, Run: func() { p.withDocument(p.s.Renditions.SaveDocument) }},
		{ID: "paper.export", Menu: "file", Keys: []command.Key{exportKey}, Enabled: func() bool { return p.s.loaded && p.s.Renditions != nil }, Run: func() { p.s.Renditions.ExportCase(p.s.file.Case) }},
	}
	return append(out, command.Command{
		ID: "paper.register", Menu: "file", Keys: []command.Key{registerKey}, Enabled: func() bool { return p.s.Renditions != nil }, Run: func() { p.s.Renditions.PrintRegister() },
	})
}

// escape closes what lies over the paper; false: nothing did.
func (p *papers) escape() bool {
	v := p.view()
	switch {
	case p.ask.open():
		p.ask.close()
	case v != nil && v.Tool() != "":
		v.SetTool("")
	case p.form.open:
		p.form.close()
		p.lay()
	case p.open:
		p.toggle()
	default:
		return false
	}
	control.Focus(p.s.reader)
	return true
}

// record notes something about the document and shows the case anew.
func (p *papers) record(kind record.Kind, payload any) {
	s := p.s
	s.Run(func(ctx context.Context) func() {
		_, err := s.store.Apply(ctx, record.Edit{Case: s.id, Kind: kind, User: s.User, Payload: payload})
		return func() {
			if err != nil {
				p.trouble(err)
				return
			}
			s.Changed()
		}
	})
}

// trouble says what went wrong.
func (p *papers) trouble(err error) {
	sentence, hint := p.s.Texts.Error(err)
	p.s.banner.Say(control.KindTrouble, sentence, hint, p.s.closeButton())
	p.s.object.Refresh()
}

func (p *papers) checkable() bool {
	d, ok := p.current()
	return ok && p.s.loaded && d.Transfer != nil && d.Trashed == nil
}

// add files another document in the case.
func (p *papers) add() { p.s.Add(p.s.file.Case, p.s.Changed) }

// check notes that the clerk has compared what is shown with the paper.
func (p *papers) check(ok bool, remark string, points ...record.Point) {
	if d, is := p.current(); is {
		p.record(record.KindCheck, record.DocumentChecked{Document: d.ID, Of: d.Shown.Hash, OK: ok, Remark: remark, Points: points})
	}
}

// objectTo asks what is wrong with a scan.
func (p *papers) objectTo() {
	t := p.s.Texts
	p.ask.about(t.T("paper.object.ask"), t.T("paper.object.do"), true, func(text string) {
		var points []record.Point
		for _, id := range p.ask.points.Picked() {
			points = append(points, record.Point(id))
		}
		p.check(false, text, points...)
	})
	p.ask.offer(t)
}

// offer asks for the points of a check, as the screen of the second person's check does.
func (a *ask) offer(t *i18n.Texts) {
	var all []control.Pick
	for _, point := range record.Points() {
		all = append(all, control.Pick{ID: string(point), Text: t.T("checks.wrong." + string(point))})
	}
	a.points.Offer(all)
	a.s.right.Refresh()
}

// trash puts the document into the trash, or takes it out.
func (p *papers) trash() {
	d, ok := p.current()
	if !ok {
		return
	}
	if d.Trashed != nil {
		p.record(record.KindTrash, record.DocumentTrashed{Document: d.ID, Back: true})
		return
	}
	p.ask.about(p.s.Texts.T("paper.trash.ask", "title", d.Title), p.s.Texts.T("paper.trash.do"), false, func(text string) {
		p.record(record.KindTrash, record.DocumentTrashed{Document: d.ID, Reason: text})
	})
}

func (p *papers) certify() {
	p.open = false
	p.form.begin()
	p.lay()
	control.Focus(p.form.original)
}

// ask is a question beneath the paper with a field for the answer.
type ask struct {
	s      *Screen
	box    *fyne.Container
	title  *control.Label
	points *control.Picks // what is wrong with a scan; with none offered it takes no room
	field  *control.Entry
	do     *control.Button
	needed bool
	answer func(string)
}

func newAsk(s *Screen) *ask {
	t := s.Texts
	a := &ask{s: s, title: control.NewParagraph("", control.Caption), points: control.NewPicks(0), field: control.NewArea(2)}
	a.do = control.NewButton("", command.Ctrl(fyne.KeyReturn).Label(t), control.Primary, a.keep)
	a.box = control.Pad(10, 12, 10, 12, control.Column(8, a.title, wrapped(a.points), a.field, control.Row(control.GapButtons, control.Spacer(),
		control.NewButton(t.T("casefile.note.later"), command.Plain(fyne.KeyEscape).Label(t), control.Plain, a.close), a.do)))
	a.box.Hide()
	return a
}

func (a *ask) open() bool { return a.box.Visible() }

// about asks; needed: without an answer nothing is done.
func (a *ask) about(title, do string, needed bool, answer func(string)) {
	a.title.SetText(title)
	a.do.SetText(do)
	a.field.Label = title
	a.field.SetText("")
	a.needed, a.answer = needed, answer
	a.points.Offer(nil)
	a.box.Show()
	a.s.right.Refresh()
	control.Focus(a.field)
}

func (a *ask) close() {
	a.box.Hide()
	a.s.right.Refresh()
}

func (a *ask) keep() {
	text := strings.TrimSpace(a.field.Text)
	if a.needed && text == "" && len(a.points.Picked()) == 0 {
		control.Focus(a.field)
		return
	}
	a.close()
	a.answer(text)
}
