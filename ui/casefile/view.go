package casefile

import (
	"context"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
	"schalter/ui/pagetable"
	"schalter/ui/stack"
	"schalter/ui/standing"
)

// Paper shows a document. Package pageview makes one.
type Paper interface {
	Object() fyne.CanvasObject
	Commands() []command.Command // turning, zoom
	Close()
}

// Needs is what the screen is given.
type Needs struct {
	Texts   *i18n.Texts
	Clock   record.Clock
	Run     control.Runner
	Forms   Forms
	User    string
	Paper   func(doc record.Document, page int) Paper // page from 1, 0: the first; nil: documents are only listed
	Letters Letters                                   // nil: nothing can be printed
	// Renditions makes new papers of documents; nil: not offered.
	Renditions Renditions
	// Add asks for a file and files it in the case; nil: not offered.
	Add  func(c record.Case, done func())
	Open func(id record.ID) // shows another case; nil: linked cases are only named
	Back func()
	// Room, Pictures, Apart and Do are for what is scanned for the case and for putting pages in order, Keys for
	// layers over the window; without them that is not offered. Apart says why a PDF cannot be taken apart.
	Room     *stack.Room
	Pictures pagetable.Pictures
	Apart    func(ctx context.Context, o record.Original) error
	Do       func(f func()) // back to the window
	Keys     *command.List
	// Rebind makes keys and menu anew, because the paper and with it the commands changed.
	Rebind func()
}

// Screen shows a case.
type Screen struct {
	Needs
	store Store
	id    record.ID
	file  File

	object   fyne.CanvasObject
	number   *control.Label
	title    *control.Label
	pill     *control.Pill
	where    *control.Label
	linked   *linked
	letters  *letters
	papers   *papers
	incoming *incoming
	scanner  *control.Button // that scans for the case
	banner   *control.Banner
	reader   *control.Reader
	body     *fyne.Container
	note     *control.Entry
	noteBar  *fyne.Container
	left     *control.Card
	right    *control.Card
	tabs     *fyne.Container
	sheets   *fyne.Container
	paper    Paper
	shown    record.ID // the document on the right
	loaded   bool
	noteBusy bool
	failed   bool // the banner says that the case could not be read
	gone     bool // closed: what is read of the case after that opens no paper
}

// New makes the screen of a case. Where doc is set, that document is opened at the page.
func New(n Needs, store Store, id, doc record.ID, page int) *Screen {
	s := &Screen{Needs: n, store: store, id: id}
	s.build()
	s.load(doc, page)
	return s
}

// ID is the case being shown.
func (s *Screen) ID() record.ID { return s.id }

func (s *Screen) build() {
	t := s.Texts
	s.number = control.NewLabel("", control.H1)
	s.title = control.NewShort("", control.Body)
	s.pill = control.NewPill("", "", control.KindNone)
	s.where = control.NewParagraph("", control.Small)
	s.banner = control.NewBanner()
	s.body = control.Column(18)
	s.reader = control.NewReader(control.Pad(0, 12, 14, 0, s.body))
	s.note = control.NewArea(2)
	s.note.Label = t.T("casefile.note.new")
	s.note.SetPlaceHolder(t.T("casefile.note.hint"))
	s.noteBar = control.Column(8, control.NewLabel(t.T("casefile.note.new"), control.Caption), s.note, control.Row(control.GapButtons, control.Spacer(),
		control.NewButton(t.T("casefile.note.later"), command.Plain(fyne.KeyEscape).Label(t), control.Plain, s.leaveNote),
		control.NewButton(t.T("casefile.note.add"), command.Ctrl(fyne.KeyReturn).Label(t), control.Primary, s.addNote)))
	s.noteBar.Hide()
	s.linked, s.letters, s.papers, s.incoming = newLinked(s), newLetters(s), newPapers(s), newIncoming(s)
	s.scanner = control.NewButton(t.T("casefile.scan"), scanKey.Label(t), control.Plain, func() { s.incoming.start(s.incoming.way()) })
	buttons := newFlow(s.scanner)
	buttons.Objects = append(buttons.Objects, s.letters.buttons()...)
	buttons.Add(control.NewButton(t.T("command.casefile.note"), command.Ctrl(fyne.KeyM).Label(t), control.Plain, s.toNote))
	if s.Keys != nil {
		buttons.Add(control.NewButton(t.T("casefile.more"), moreKey.Label(t), control.Plain, s.more))
	}
	back := control.NewButton(t.T("command.casefile.back"), command.Plain(fyne.KeyEscape).Label(t), control.Quiet, s.Back)
	left := control.NewCard(0, control.Column(0,
		control.Pad(10, 10, 0, 18, control.Row(10, s.number, control.Middle(s.pill), control.Spacer(), back)),
		control.Pad(2, 18, 12, 18, control.Column(1, s.title, s.where, s.letters.lacking, s.linked.box)),
		control.Pad(0, 18, 10, 18, s.banner), control.Pad(0, 18, 10, 18, s.incoming.banner),
		control.NewDivider(),
		control.Grow(control.Pad(14, 6, 0, 18, s.reader)),
		control.NewDivider(), control.Pad(12, 18, 0, 18, s.noteBar), control.Pad(10, 18, 10, 18, buttons)))
	s.reader.OnFocus = left.SetSelected
	s.left = left
	s.tabs = newFlow()
	s.sheets = control.Column(0)
	s.right = control.NewCard(0, control.Column(0, control.Pad(10, 12, 10, 12, s.tabs), control.NewDivider(), s.papers.head, control.NewDivider(),
		control.Grow(control.Pad(0, 1, 1, 1, s.sheets)), s.papers.ask.box))
	s.right.Hide()
	s.object = control.PadAll(look.Gap, newSplit(left, s.right))
}

// Object is the screen.
func (s *Screen) Object() fyne.CanvasObject { return s.object }

// Commands are the keys of the screen and of the paper on it.
func (s *Screen) Commands() []command.Command {
	here := func() bool { return s.loaded }
	out := []command.Command{
		{ID: "casefile.note", Keys: []command.Key{command.Ctrl(fyne.KeyM)}, Enabled: here, Run: s.toNote},
		{ID: "casefile.save_note", Keys: []command.Key{command.Ctrl(fyne.KeyReturn)}, Enabled: s.typing, Run: s.keep},
		{ID: "casefile.next_document", Keys: []command.Key{command.Ctrl(fyne.KeyPageDown)}, Enabled: func() bool { return len(s.file.Case.Documents) > 1 }, Run: func() { s.step(1) }},
		{ID: "casefile.previous_document", Keys: []command.Key{command.Ctrl(fyne.KeyPageUp)}, Enabled: func() bool { return len(s.file.Case.Documents) > 1 }, Run: func() { s.step(-1) }},
		{ID: "casefile.back", Keys: []command.Key{command.Plain(fyne.KeyEscape)}, Run: s.escape},
	}
	if s.Keys != nil {
		out = append(out, command.Command{ID: "casefile.more", Keys: []command.Key{moreKey}, Enabled: here, Run: s.more})
	}
	if s.incoming.offered() {
		out = append(out, s.incoming.commands()...)
	}
	out = append(out, s.letters.commands()...)
	out = append(out, s.papers.commands()...)
	out = append(out, s.linked.commands()...)
	if s.paper != nil {
		out = append(out, s.paper.Commands()...)
	}
	return out
}

// Shown gives the keys to the data.
func (s *Screen) Shown() { control.Focus(s.reader) }

// Closed lets go of the paper. What is being scanned goes on into the tray.
func (s *Screen) Closed() {
	s.gone = true
	s.incoming.leave()
	s.letGo()
}

func (s *Screen) letGo() {
	if s.paper != nil {
		s.paper.Close()
		s.paper = nil
	}
}

// Changed reads the case again. A note being typed stays.
func (s *Screen) Changed() { s.load("", 0) }

func (s *Screen) load(doc record.ID, page int) {
	s.Run(func(ctx context.Context) func() {
		f, err := Load(ctx, s.store, s.Forms, s.id)
		return func() {
			if !s.gone { // nobody would close the paper
				s.took(f, err, doc, page)
			}
		}
	})
}

func (s *Screen) took(f File, err error, doc record.ID, page int) {
	if err != nil {
		text, hint := s.Texts.Error(err)
		s.banner.Say(control.KindTrouble, text, hint, control.NewButton(s.Texts.T("button.again"), "", control.Plain, s.Changed))
		s.failed = true
		s.object.Refresh()
		return
	}
	if s.failed { // what else was said stays until it is read
		s.banner.Clear()
	}
	s.file, s.loaded, s.failed = f, true, false
	t := s.Texts
	number := f.Row.Number
	if number == "" {
		number = t.T("casefile.no_number")
	}
	s.number.SetText(number)
	s.title.SetText(title(t, f))
	where := standing.Where(t, f.Row)
	if came := standing.Came(t, f.Case.Channel, f.Case.Meeting); came != "" {
		where += " " + t.T("casefile.came", "how", came)
	}
	s.where.SetText(where)
	text, kind := standing.Of(t, f.Row.Delivery, f.Row.State)
	s.pill.Set("", text, kind)
	s.letters.update()
	s.linked.update()
	s.fill()
	s.fillDocuments(doc, page)
	s.relabel()
	s.object.Refresh()
	s.incoming.load()
}

// relabel shows the button that scans where that can be done.
func (s *Screen) relabel() { s.scanner.Hidden = !s.incoming.offered() }

// background runs slow work that shows nothing by itself.
func (s *Screen) background(f func()) {
	s.Run(func(context.Context) func() {
		f()
		return nil
	})
}

// closeButton takes away what the banner says.
func (s *Screen) closeButton() *control.Button {
	return control.NewButton(s.Texts.T("button.close"), "", control.Quiet, func() {
		s.banner.Clear()
		s.object.Refresh()
	})
}

// title is what the case is about and for whom.
func title(t *i18n.Texts, f File) string {
	text := standing.Title(t, f.Case.Title, f.Case.Service, f.Row.Subject)
	if f.Row.Party != "" {
		text += " · " + f.Row.Party
	}
	return text
}

// fill makes the data side: answers, notes, journal.
func (s *Screen) fill() {
	t, now := s.Texts, s.Clock()
	s.body.Objects = nil
	for _, g := range s.file.Sheet(t.Lang(), now) {
		cells := newGrid()
		for _, l := range g.Lines {
			cells.Add(control.Column(2, control.NewParagraph(l.Label, control.Caption), control.NewParagraph(l.Value, control.Body)))
		}
		if len(g.Lines) == 0 {
			s.body.Add(control.NewLabel(g.Label, control.H2))
			continue
		}
		s.body.Add(section(g.Label, cells))
	}
	notes := control.Column(8)
	for _, n := range s.file.Notes() {
		notes.Add(control.Column(2, control.NewParagraph(n.Text, control.Body), control.NewLabel(n.User+" · "+t.WhenLong(n.Time, now), control.Small)))
	}
	if len(notes.Objects) > 0 {
		s.body.Add(section(t.T("casefile.notes"), notes))
	}
	journal := control.Column(4)
	for _, l := range s.file.Lines(t, now) {
		journal.Add(control.NewParagraph(l, control.Body))
	}
	s.body.Add(section(t.T("casefile.journal"), journal))
	s.body.Refresh()
	s.reader.Refresh()
}

func section(title string, o fyne.CanvasObject) fyne.CanvasObject {
	return control.Column(8, control.NewLabel(title, control.H2), o)
}

// fillDocuments makes the row of documents and shows the wanted one, else the one that was shown, else
// the first.
func (s *Screen) fillDocuments(doc record.ID, page int) {
	docs := s.file.Case.Documents
	s.right.Hidden = len(docs) == 0
	if len(docs) == 0 {
		return
	}
	if doc == "" {
		doc = s.shown
	}
	at := 0
	for i, d := range docs {
		if d.ID == doc {
			at = i
		}
	}
	s.showDocument(at, page)
}

func (s *Screen) showDocument(i, page int) {
	docs := s.file.Case.Documents
	s.tabs.Objects = nil
	for k, d := range docs {
		s.tabs.Add(s.tab(k, d, k == i))
	}
	if d := docs[i]; d.ID != s.shown || page > 0 || d.Shown.Hash != s.papers.hash {
		s.shown = d.ID
		s.papers.form.close()
		s.openPaper(d, page)
	}
	s.papers.update()
	s.tabs.Refresh()
	s.right.Refresh()
}

func (s *Screen) tab(i int, d record.Document, on bool) fyne.CanvasObject {
	text := d.Title
	if p := s.file.Proof(d, s.Texts.Lang()); p != "" && p != d.Title {
		text = p + ": " + d.Title
	}
	if d.Pages > 0 {
		text += " · " + s.Texts.N("pages", d.Pages)
	}
	rank := control.Quiet
	if on {
		rank = control.Plain
	}
	if d.Trashed != nil {
		text = s.Texts.T("paper.in_trash", "title", text)
	}
	b := control.NewButton(text, "", rank, func() { s.showDocument(i, 0) })
	b.SetChosen(on)
	return b
}

func (s *Screen) openPaper(d record.Document, page int) {
	s.letGo()
	if s.Paper != nil && d.Shown.Hash != "" { // the paper itself says why it cannot be seen, or asks for its password
		s.paper = s.Paper(d, page)
	}
	if now, ok := s.papers.current(); ok {
		s.papers.opened(now, d.Shown.Hash)
	}
	s.papers.lay()
	if s.Rebind != nil {
		s.Rebind()
	}
}

func (s *Screen) step(d int) {
	docs := s.file.Case.Documents
	for i := range docs {
		if docs[i].ID == s.shown {
			s.showDocument((i+d+len(docs))%len(docs), 0)
			return
		}
	}
}

// toNote opens the field for a note at the foot of the data.
func (s *Screen) toNote() {
	s.noteBar.Show()
	s.left.Refresh()
	control.Focus(s.note)
}

// leaveNote closes the field; what was typed stays in it.
func (s *Screen) leaveNote() {
	s.noteBar.Hide()
	s.left.Refresh()
	control.Focus(s.reader)
}

// escape leaves the note, or the case.
func (s *Screen) escape() {
	if s.noteBar.Visible() {
		s.leaveNote()
		return
	}
	if s.incoming.scan != nil {
		s.incoming.scan.Stop()
		return
	}
	if !s.papers.escape() {
		s.Back()
	}
}

// typing tells whether there is a field to keep.
func (s *Screen) typing() bool {
	return s.noteBar.Visible() || s.papers.ask.open() || s.papers.form.open
}

// keep keeps what was typed where the clerk types.
func (s *Screen) keep() {
	switch {
	case s.papers.ask.open():
		s.papers.ask.keep()
	case s.papers.form.open && !s.noteBar.Visible():
		s.papers.form.make()
	default:
		s.addNote()
	}
}

func (s *Screen) addNote() {
	text := s.note.Text
	if s.noteBusy {
		return
	}
	s.noteBusy = true
	s.Run(func(ctx context.Context) func() {
		added, err := AddNote(ctx, s.store, s.id, s.User, text)
		return func() {
			s.noteBusy = false
			if err != nil {
				sentence, hint := s.Texts.Error(err)
				s.banner.Say(control.KindTrouble, sentence, hint)
				s.object.Refresh()
				return
			}
			if added {
				s.note.SetText("")
				s.leaveNote()
				s.Changed()
			}
		}
	})
}
