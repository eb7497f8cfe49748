package casefile

import (
	"context"
	"maps"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/data/sorting"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/pagetable"
	"schalter/ui/stack"
)

// documents are the groups of this case as documents for the table: their originals in the order they were
// received, their sheets as they lie. What is not looked at yet lies with what came before it.
func (in *incoming) documents() []record.Document {
	var piles []stack.Item
	for _, i := range in.mine {
		switch {
		case i.Sorted():
			piles = append(piles, i)
		case len(piles) > 0:
			last := &piles[len(piles)-1]
			last.Leaves = append(slices.Clip(last.Leaves), i.Leaves...)
		default:
			i.Proof = i.Stack.Goes.Proof
			piles = append(piles, i)
		}
	}
	out := make([]record.Document, len(piles))
	for n, i := range piles {
		out[n] = in.document(i)
	}
	return out
}

func (in *incoming) document(i stack.Item) record.Document {
	d := in.s.Room.Document(in.s.Texts, i)
	came := slices.SortedFunc(slices.Values(i.Leaves), func(a, b sorting.Leaf) int { return a.Page.N - b.Page.N })
	d.ID, d.Title, d.Originals, d.Sheets = i.Key, in.s.slotTitle(i.Proof), nil, nil
	place := map[record.ID]int{}
	for n, l := range came {
		d.Originals = append(d.Originals, l.Page.Original)
		place[l.Page.ID] = n
	}
	for _, l := range i.Leaves {
		d.Sheets = append(d.Sheets, l.Page.Sheet(place[l.Page.ID], l.Out()))
	}
	d.Pages = i.Shown()
	return d
}

// slotTitle is what a paper is called that is put under a proof.
func (s *Screen) slotTitle(proof string) string {
	for _, x := range s.slots() {
		if x.ID == proof && proof != "" {
			return x.Name
		}
	}
	return s.Texts.T("casefile.slot.other")
}

// The keys of the question, and of what was filed.
var (
	onlyKey = command.Ctrl(fyne.KeyReturn)
	allKey  = command.CtrlShift(fyne.KeyReturn)
	undoKey = command.Ctrl(fyne.KeyZ)
)

// lying is where a page lies on the table.
type lying struct {
	doc   record.ID
	proof string
	place int // from 1
	sheet record.Sheet
	match bool
}

// places tells where each page lies in documents of the table.
func (in *incoming) places(docs []record.Document) map[record.ID]lying {
	var pages []sorting.Page
	for _, i := range in.mine {
		pages = append(pages, i.Pages()...)
	}
	slices.SortFunc(pages, func(a, b sorting.Page) int { return a.N - b.N })
	out := map[record.ID]lying{}
	for _, d := range docs {
		for n, s := range d.Sheets {
			o := d.Originals[s.Original]
			k := slices.IndexFunc(pages, func(p sorting.Page) bool {
				_, taken := out[p.ID]
				return !taken && p.Original == o
			})
			if k < 0 {
				continue // it was filed from "Unsortiert" meanwhile
			}
			s.Original = 0
			out[pages[k].ID] = lying{d.ID, d.Proof, n + 1, s, d.Transfer != nil && d.Transfer.Match}
		}
	}
	return out
}

// changed notes in the tray what was done on the table.
func (in *incoming) changed(now []record.Document) {
	before, after := in.places(in.lies), in.places(now)
	in.lies = now
	number := in.s.file.Case.Number // here: what follows runs away from the window
	laid := !maps.EqualFunc(before, after, func(a, b lying) bool {
		return a.doc == b.doc && a.proof == b.proof && a.place == b.place && a.sheet.Out == b.sheet.Out
	})
	in.note(slices.Collect(maps.Keys(after)), func(p *sorting.Page) {
		was, is := before[p.ID], after[p.ID]
		if laid {
			out := is.sheet.Out
			p.Given = &sorting.Given{Group: is.doc, Number: number, Proof: is.proof, Out: &out, Place: is.place}
		}
		if !pagetable.SameSheet(was.sheet, is.sheet) {
			p.Turns, p.Skew, p.Crop, p.Blank = is.sheet.Turns, is.sheet.Skew, is.sheet.Crop, is.sheet.Blank
		}
		p.Match = is.match
	})
}

// vouch notes that the clerk has compared a document with the paper, or takes it back.
func (in *incoming) vouch(id record.ID, on bool) {
	var pages []record.ID
	for p, l := range in.places(in.lies) {
		if l.doc == id {
			pages = append(pages, p)
		}
	}
	in.note(pages, func(p *sorting.Page) { p.Match = on })
	for i, d := range in.lies {
		if d.ID == id && d.Transfer != nil {
			n := *d.Transfer
			n.Match = on
			in.lies[i].Transfer = &n
		}
	}
	in.t.table.Sync(in.lies)
}

// note writes decisions one after another; what is read meanwhile is older and not shown.
func (in *incoming) note(pages []record.ID, f func(*sorting.Page)) {
	in.noted++
	in.queue = append(in.queue, func(ctx context.Context) error { return in.s.Room.Store.ChangeTray(ctx, pages, f) })
	if !in.writing {
		in.write()
	}
}

func (in *incoming) write() {
	if len(in.queue) == 0 {
		in.writing = false
		in.load()
		if then := in.then; then != nil && len(in.queue) == 0 {
			in.then = nil
			then()
		}
		return
	}
	in.writing = true
	todo := in.queue
	in.queue = nil
	in.s.Run(func(ctx context.Context) func() {
		var err error
		for _, f := range todo {
			if err = f(ctx); err != nil {
				break
			}
		}
		return func() {
			if err != nil { // the table shows what is noted then: nothing is done with that before she has seen it
				in.queue, in.then = nil, nil
				in.trouble(err)
			}
			in.write()
		}
	})
}

// written calls f once everything decided is noted and read again.
func (in *incoming) written(f func()) {
	if !in.writing {
		f()
		return
	}
	in.then = f
}

// ask files what lies on the table. Pages behind another case's cover sheet, and pages that nobody could look at, are
// asked about first.
func (in *incoming) ask() {
	t := in.s.Texts
	switch {
	case in.filing:
	case in.scan != nil || slices.ContainsFunc(in.mine, func(i stack.Item) bool { return i.Scanning }):
		in.t.view.Say(t.T("casefile.scan.still"))
		if in.scan == nil { // it was begun elsewhere, and nobody tells when it ends
			in.load()
		}
	case in.unread() > 0:
		in.t.view.Say(t.N("casefile.scan.unread", in.unread()))
	case in.doubtful() != "":
		in.question()
	default:
		in.written(func() { in.file(false) })
	}
}

// doubtful says why what was scanned cannot be filed without a question: a sheet in the stack puts pages elsewhere, a
// page bears another case's number, or it could not be looked at.
func (in *incoming) doubtful() string {
	t := in.s.Texts
	var words []string
	if n := count(in.away); n > 0 {
		words = append(words, t.N("casefile.scan.ask.away", n, "where", in.where()))
	}
	cannot := 0
	for _, i := range in.mine {
		for _, l := range i.Leaves {
			if !l.Page.Read {
				cannot++
			}
		}
		for _, d := range i.Doubts {
			if d == sorting.DoubtNumber || d == sorting.DoubtSheet || d == sorting.DoubtBack {
				words = append(words, t.T("tray.doubt."+string(d)))
			}
		}
	}
	if cannot > 0 {
		words = append(words, t.N("casefile.scan.ask.cannot", cannot))
	}
	return strings.Join(words, " ")
}

// question asks what is to become of it.
func (in *incoming) question() {
	t := in.s.Texts
	c := fyne.CurrentApp().Driver().CanvasForObject(in.t.view.Object())
	if c == nil {
		return
	}
	var layer *control.Layer
	do := func(all bool) func() {
		return func() {
			layer.Close()
			in.written(func() { in.file(all) })
		}
	}
	only := control.NewButton(t.T("casefile.scan.ask.only"), onlyKey.Label(t), control.Primary, do(false))
	all := control.NewButton(t.T("casefile.scan.ask.all"), allKey.Label(t), control.Plain, do(true))
	all.Hidden = len(in.away) == 0
	buttons := newFlow(only, all,
		control.NewButton(t.T("casefile.scan.ask.back"), "Esc", control.Plain, func() { layer.Close() }))
	body := control.PadAll(22, control.Column(12, control.NewParagraph(t.T("casefile.scan.ask"), control.H2), control.NewParagraph(in.doubtful(), control.Body),
		control.Pad(8, 0, 0, 0, buttons)))
	layer = control.ShowLayer(c, in.s.Keys, "casefile.scan.ask", 720, body, []command.Command{
		{ID: "casefile.scan.only", Keys: []command.Key{onlyKey}, Run: do(false)}, {ID: "casefile.scan.all", Keys: []command.Key{allKey}, Run: do(true)},
	}, nil)
	layer.Focus(only)
}

// file files the documents of the table, one after another. With all, also the pages that a sheet puts elsewhere.
func (in *incoming) file(all bool) {
	in.filing, in.undo = true, nil
	var given []stack.Item
	for _, i := range in.mine {
		if !i.Sorted() {
			given = append(given, i)
		}
	}
	if all {
		given = append(given, in.away...)
	}
	s, number, docs := in.s, in.s.file.Case.Number, in.places(in.lies)
	s.Run(func(ctx context.Context) func() {
		filed, err := in.fileAll(ctx, number, given, docs)
		return func() { in.done(filed, err) }
	})
}

// fileAll gives pages to the case that no sheet could, then files everything that is the case's.
func (in *incoming) fileAll(ctx context.Context, number string, given []stack.Item, at map[record.ID]lying) (filed []stack.Filed, err error) {
	room := in.s.Room
	for _, i := range given {
		if err := room.Store.ChangeTray(ctx, i.IDs(), func(p *sorting.Page) {
			g := sorting.Given{Group: i.Key, Number: number}
			if l, ok := at[p.ID]; ok {
				out := l.sheet.Out
				g = sorting.Given{Group: l.doc, Number: number, Proof: l.proof, Out: &out, Place: l.place}
			}
			p.Given = &g
		}); err != nil {
			return nil, err
		}
	}
	items, err := room.Items(ctx, in.s.Texts)
	if err != nil {
		return nil, err
	}
	for _, i := range items {
		if g := i.Stack.Goes; g == nil || g.Number != number || !i.Ready() || i.Known.ID != in.s.id {
			continue
		}
		one, err := room.File(ctx, in.s.Texts, i)
		if err != nil {
			return filed, err
		}
		filed = append(filed, one)
	}
	return filed, nil
}

// done says what was filed, and offers to take it back.
func (in *incoming) done(filed []stack.Filed, err error) {
	in.filing = false
	if err != nil {
		in.trouble(err)
	}
	s, t := in.s, in.s.Texts
	if len(filed) > 0 {
		in.undo = filed
		in.t.close()
		hint := ""
		if n := count(in.away); n > 0 && err == nil {
			hint = t.N("casefile.scan.left", n)
		}
		if err == nil {
			in.said = t.N("casefile.scan.filed", len(filed), "title", filed[0].Document.Title)
			s.banner.Say(control.KindGood, in.said, hint,
				control.NewButton(t.T("casefile.scan.undo"), undoKey.Label(t), control.Plain, in.takeBack), s.closeButton())
		}
		s.load(filed[len(filed)-1].Document.ID, 0)
	}
	in.load()
}

// undoable reports whether what was filed last can be taken back: as long as it is said.
func (in *incoming) undoable() bool {
	return len(in.undo) > 0 && !in.filing && in.said != "" && in.s.banner.Text() == in.said
}

// takeBack puts what was filed last back into the tray, and its documents into the trash.
func (in *incoming) takeBack() {
	filed := in.undo
	if len(filed) == 0 || in.filing {
		return
	}
	in.filing, in.undo = true, nil
	in.s.Run(func(ctx context.Context) func() {
		var err error
		for _, f := range slices.Backward(filed) {
			if err = in.s.Room.Unfile(ctx, in.s.Texts, f); err != nil {
				break
			}
		}
		return func() {
			in.filing = false
			in.s.banner.Clear()
			if err != nil {
				in.trouble(err)
			}
			in.s.Changed()
			in.load()
		}
	})
}
