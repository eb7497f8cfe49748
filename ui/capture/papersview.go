package capture

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/look"
	"schalter/ui/pageview"
)

// papers is the right side: the proofs, the documents of the chosen one, and the paper itself.
type papers struct {
	s       *Screen
	slots   *slotBar
	scan    *control.Button
	words   *control.Label
	more    *control.Button
	file    *control.Button
	drop    *control.Button
	list    *control.List
	listBox *fyne.Container
	doing   *control.Label
	meter   *meter
	stop    *control.Button
	busy    *fyne.Container
	line    *fyne.Container
	view    *pageview.View
	arrange *control.Button
	vouch   *control.Tick
	second  *fyne.Container // what is done with scanned pages
	box     *fyne.Container
	docs    []record.Document // of the chosen slot
	seen    map[*Tab]record.ID
	known   map[*Tab]int
	key     string // of what the view shows
	shows   record.ID
	locked  map[record.ID]bool // asked for a password
	quiet   bool
	wanted  wanted
}

func newPapers(s *Screen) *papers {
	t := s.texts
	p := &papers{s: s, seen: map[*Tab]record.ID{}, known: map[*Tab]int{}, locked: map[record.ID]bool{}}
	p.view = pageview.New(t, s.d.Run.Go, s.d.Run.Do)
	p.view.OnStatus = func(st pageview.Status) {
		if st == pageview.Locked && !p.locked[p.shows] {
			p.locked[p.shows] = true
			s.with(p.update)()
		}
	}
	p.slots = newSlotBar(func(i int) { s.with(func(t *Tab) { p.slot(t, i) })() })
	p.scan = control.NewButton(t.T("capture.scan"), command.Plain(fyne.KeyF2).Label(t), control.Plain, s.with(func(t *Tab) { s.scan(t, false) }))
	p.words = control.NewShort("", control.Small)
	p.more = control.NewButton(t.T("capture.scan.more"), "", control.Quiet, s.with(func(t *Tab) { s.scan(t, true) }))
	p.file = control.NewButton(t.T("capture.import"), "", control.Quiet, s.with(s.choose))
	p.drop = control.NewButton(t.T("capture.remove"), "", control.Quiet, p.remove)
	p.arrange = control.NewButton(t.T("capture.arrange"), arrangeKey.Label(t), control.Quiet, s.with(func(t *Tab) { s.arrange.open(t) }))
	p.vouch = control.NewTick(t.T("capture.vouch"), func(on bool) {
		if id, ok := p.current(); ok {
			s.with(func(t *Tab) { t.Vouch(id, on) })()
		}
	})
	p.second = control.Pad(0, 6, 3, 6, container.New(&flow{gap: 8}, p.vouch, p.arrange))
	p.doing = control.NewShort("", control.Body)
	p.meter = newMeter()
	p.stop = control.NewButton(t.T("capture.cancel"), "", control.Plain, func() { s.with(func(t *Tab) { t.stopJobs() })() })
	p.list = control.NewList(newPaperRow, p.fillRow)
	p.list.RowHeight = look.RowDense
	p.list.Name = t.T("capture.papers")
	p.list.OnSelect = func(i int) { p.selected(i) }
	p.listBox = container.New(rowsHigh{p}, p.list)

	top := control.Pad(10, 10, 8, 9, control.Row(8, control.Grow(p.slots), p.scan))
	p.line = container.New(&flow{gap: 6, least: 60}, p.words, p.drop, p.more, p.file)
	p.busy = control.Row(10, control.Grow(control.Column(5, p.doing, p.meter)), p.stop)
	p.box = control.Column(0, top, control.NewDivider(), control.Pad(3, 6, 3, 12, container.NewStack(p.line, p.busy)),
		p.second, p.listBox, control.Grow(p.view.Object()))
	return p
}

// update shows the papers of a tab; nil shows none.
func (p *papers) update(t *Tab) {
	if t == nil || t.Phase() == Done {
		p.open(record.Document{})
		return
	}
	if doc, ok := p.sought(t); ok { // in the slot it lies in
		if d, _ := t.Paper(doc); d.Proof != t.Selected() {
			t.Select(d.Proof)
			return // which shows it
		}
	}
	slots := t.Slots()
	chosen := -1
	for i, x := range slots {
		if x.ID == t.Selected() {
			chosen = i
		}
	}
	p.slots.update(p.s, slots, chosen)
	p.docs = nil
	if chosen >= 0 {
		p.docs = slots[chosen].Papers
		p.lineOf(t, slots[chosen])
	}
	p.progress(t)
	p.show(t)
	p.scanned(t)
	p.box.Refresh()
}

// lineOf says what the chosen slot is for and offers what can be done with it.
func (p *papers) lineOf(t *Tab, x Slot) {
	texts := p.s.texts
	words := texts.T("capture.slot.other.help")
	if x.Proof != nil {
		words = x.Proof.Help.In(texts.Lang())
		if words == "" {
			words = x.Proof.Label.In(texts.Lang())
		}
	}
	switch n := len(p.docs); {
	case n == 1:
		words = p.s.paperLine(p.docs[0])
		if title := p.title(t, p.docs[0]); title != t.slotTitle(x.ID) {
			words = title + " · " + words
		}
	case n > 1:
		words = texts.N("capture.papers.count", n)
	}
	p.words.SetText(words)
	_, more := t.Appendable()
	p.more.Hidden = !more || p.s.d.Scanner == nil
	p.drop.Hidden = len(p.docs) == 0
	p.file.Hidden = p.s.d.Importer == nil || p.s.d.Files == nil
}

// scanned offers what can be done with the pages of the paper that lies there.
func (p *papers) scanned(t *Tab) {
	d := record.Document{}
	if id, ok := p.current(); ok {
		d, _ = t.Paper(id)
	}
	p.vouch.Hidden = d.Transfer == nil
	if d.Transfer != nil {
		p.vouch.Set(p.s.texts.T("capture.vouch"), d.Transfer.Match)
	}
	p.arrange.Hidden = !p.s.arrange.offered() || d.Pages == 0 || p.protected(d) || t.whole(d) != nil
	p.second.Hidden = p.vouch.Hidden && p.arrange.Hidden
}

// progress shows what is being scanned or taken in.
func (p *papers) progress(t *Tab) {
	jobs := t.Progress()
	p.busy.Hidden, p.line.Hidden = len(jobs) == 0, len(jobs) > 0
	if len(jobs) == 0 {
		return
	}
	j, texts := jobs[0], p.s.texts
	words := texts.T("capture.binding")
	switch {
	case j.Kind == JobScan && j.Ask != "":
		words = texts.T("capture.scanning.ask." + j.Ask)
	case j.Kind == JobScan && j.Page > 0:
		words = texts.T("capture.scanning.page", "page", j.Page)
	case j.Kind == JobScan:
		words = texts.T("capture.scanning", "profile", p.s.m.Profile().In(texts.Lang()))
	case j.Kind == JobImport && j.Left > 0:
		words = texts.T("capture.importing.more", "name", j.Name, "left", j.Left)
	case j.Kind == JobImport:
		words = texts.T("capture.importing", "name", j.Name)
	}
	p.doing.SetText(words)
	p.meter.set(j.Percent)
	p.stop.Hidden = j.Kind == JobBind
}

// show decides which document lies on the right: the one that is coming in, one that is new, else the one that
// lay there, else the first of the chosen slot.
func (p *papers) show(t *Tab) {
	all := t.draft.Documents
	id := p.seen[t]
	known, before := p.known[t]
	switch {
	case before && len(all) > known: // nothing is new in a draft that is opened again
		id = all[len(all)-1].ID
	case t.paper(id) < 0:
		id = ""
	}
	for _, j := range t.jobs {
		if j.doc != "" {
			id = j.doc
		}
	}
	if doc, ok := p.sought(t); ok {
		id = doc
	}
	if id == "" && len(p.docs) > 0 {
		id = p.docs[0].ID
	}
	if id == "" && len(all) > 0 {
		id = all[0].ID
	}
	p.known[t], p.seen[t] = len(all), id
	at := -1
	for i, d := range p.docs {
		if d.ID == id {
			at = i
		}
	}
	p.quiet = true
	p.list.SetLength(len(p.docs))
	p.list.Select(at)
	p.quiet = false
	p.listBox.Hidden = len(p.docs) < 2
	d, _ := t.Paper(id)
	p.open(d)
}

// open shows a document, or the page that came last while its PDF is not made yet.
func (p *papers) open(d record.Document) {
	ref, media := d.Shown, d.MediaType
	if ref.Hash == "" && len(d.Originals) > 0 {
		o := d.Originals[len(d.Originals)-1]
		ref, media = o.Blob, o.MediaType
	}
	key := string(d.ID) + string(ref.Hash)
	if key == p.key && p.wanted.doc != d.ID {
		return
	}
	p.key, p.shows = key, d.ID
	if ref.Hash == "" || p.s.d.Preview == nil {
		p.view.Show(nil)
		return
	}
	p.lay(d.ID, p.opener(ref, media))
}

func (p *papers) selected(i int) {
	t := p.s.tab()
	if p.quiet || t == nil || i < 0 || i >= len(p.docs) {
		return
	}
	p.seen[t] = p.docs[i].ID
	p.open(p.docs[i])
}

// slot chooses a slot by its place and shows what is in it.
func (p *papers) slot(t *Tab, i int) {
	slots := t.Slots()
	if i < 0 || i >= len(slots) {
		return
	}
	if in := slots[i].Papers; len(in) > 0 {
		p.seen[t] = in[0].ID
	}
	t.Select(slots[i].ID)
	p.update(t)
}

// current is the document that lies on the right, if it is in the chosen slot.
func (p *papers) current() (record.ID, bool) {
	i := p.list.Selected()
	if i < 0 || i >= len(p.docs) {
		return "", false
	}
	return p.docs[i].ID, true
}

func (p *papers) remove() {
	if t := p.s.tab(); t != nil {
		if id, ok := p.current(); ok {
			t.Remove(id)
		}
	}
}

func (p *papers) move(by int) {
	if t := p.s.tab(); t != nil {
		if id, ok := p.current(); ok {
			t.Move(id, by)
		}
	}
}

// rowsHigh makes room for up to three documents.
type rowsHigh struct{ p *papers }

func (l rowsHigh) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(100, float32(min(3, len(l.p.docs)))*look.Px(look.RowDense))
}

func (l rowsHigh) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }

func newPaperRow() fyne.CanvasObject {
	return control.Pad(0, 12, 0, 12, control.Row(8, control.Grow(control.NewShort("", control.Body)), control.NewLabel("", control.Small)))
}

func (p *papers) fillRow(i int, row fyne.CanvasObject) {
	if i >= len(p.docs) {
		return
	}
	r := row.(*fyne.Container).Objects[0].(*fyne.Container)
	title := r.Objects[0].(*fyne.Container).Objects[0].(*control.Label)
	info := r.Objects[1].(*control.Label)
	info.SetText(p.s.paperLine(p.docs[i]))
	title.SetText(p.docs[i].Title)
	if t := p.s.tab(); t != nil {
		title.SetText(p.title(t, p.docs[i]))
	}
	row.Refresh()
}

// title is a document's title with what was noticed about it.
func (p *papers) title(t *Tab, d record.Document) string {
	if notes := t.Notes(d.ID); len(notes) > 0 && notes[0].Code != record.CodePDFPassword {
		text, _ := p.s.texts.Error(notes[0])
		return d.Title + " – " + text
	}
	return d.Title
}

// protected reports whether a document opens with a password only.
func (p *papers) protected(d record.Document) bool {
	if p.locked[d.ID] {
		return true
	}
	t := p.s.m.Active()
	return t != nil && slices.ContainsFunc(t.Notes(d.ID), func(e *record.Error) bool { return e.Code == record.CodePDFPassword })
}

// choose asks for files to take in.
func (s *Screen) choose(t *Tab) {
	if s.d.Files == nil || s.d.Importer == nil {
		return
	}
	slot := t.Selected()
	s.d.Files.Open(func(files []Source, err error) {
		if err != nil {
			s.say(Message{Err: err})
			return
		}
		t.Import(slot, files)
	})
}

// Dropped takes files that were dropped onto the window: into the proof under the mouse, else into the
// chosen one.
func (s *Screen) Dropped(pos fyne.Position, uris []fyne.URI) {
	t := s.tab()
	if t == nil {
		s.say(Message{Key: "capture.drop.nowhere"})
		return
	}
	slot := t.Selected()
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(s.papers.slots)
	if i := s.papers.slots.index(pos.Subtract(at)); i >= 0 {
		if slots := t.Slots(); i < len(slots) {
			slot = slots[i].ID
			t.Select(slot)
		}
	}
	if s.d.File == nil {
		return
	}
	files := make([]Source, len(uris))
	for i, u := range uris {
		files[i] = s.d.File(u)
	}
	t.Import(slot, files)
}
