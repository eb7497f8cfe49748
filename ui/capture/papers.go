package capture

import (
	"slices"

	"schalter/data/form"
	"schalter/data/record"
	"schalter/ui/pagetable"
)

// Slot is a place for a proof with the documents that were put there. The slot without a proof takes what
// belongs to the matter but was not asked for.
type Slot struct {
	Proof    *form.Proof // nil: other papers
	ID       string      // the proof's id, "" for other papers
	Required bool
	Papers   []record.Document
}

// Missing reports whether the service asks for the proof and nothing is there.
func (s Slot) Missing() bool { return s.Required && len(s.Papers) == 0 }

// Pages counts the pages in the slot.
func (s Slot) Pages() int {
	n := 0
	for _, d := range s.Papers {
		n += max(1, d.Pages)
	}
	return n
}

// Slots are the proofs that are asked for now, in the form's order. A proof that is not asked for any more
// stays while it has papers. The slot for other papers comes last: when there is anything in it, when it was
// chosen, and where the form asks for nothing.
func (t *Tab) Slots() []Slot {
	var out []Slot
	for _, p := range t.session.Proofs() {
		s := Slot{Proof: p.Proof, ID: p.Proof.ID, Required: p.Visible && p.Required, Papers: t.papersIn(p.Proof.ID)}
		if p.Visible || len(s.Papers) > 0 {
			out = append(out, s)
		}
	}
	other := Slot{Papers: t.papersIn("")}
	if len(other.Papers) > 0 || len(out) == 0 || t.other {
		out = append(out, other)
	}
	return out
}

func (t *Tab) papersIn(slot string) []record.Document {
	var out []record.Document
	for _, d := range t.draft.Documents {
		if d.Proof == slot {
			out = append(out, d)
		}
	}
	return out
}

// Selected is the slot that a scan or a file goes to.
func (t *Tab) Selected() string { return t.slot }

// Select makes a slot the one that a scan or a file goes to.
func (t *Tab) Select(slot string) {
	if d, ok := t.Paper(t.lastScan); ok && d.Proof != slot {
		t.lastScan = ""
	}
	if t.slot == slot && (slot != "" || t.other) {
		return
	}
	t.slot, t.other = slot, slot == ""
	t.m.w.Changed(t, PartPapers, nil)
}

// selectSlot takes the first slot that misses something, else keeps the present one if it is there, else
// takes the first.
func (t *Tab) selectSlot() {
	slots := t.Slots()
	for _, s := range slots {
		if s.Missing() {
			t.slot = s.ID
			return
		}
	}
	if !slices.ContainsFunc(slots, func(s Slot) bool { return s.ID == t.slot }) {
		t.slot = slots[0].ID
	}
}

// Paper returns a document of the draft.
func (t *Tab) Paper(id record.ID) (record.Document, bool) {
	i := t.paper(id)
	if i < 0 {
		return record.Document{}, false
	}
	return t.draft.Documents[i], true
}

func (t *Tab) paper(id record.ID) int {
	return slices.IndexFunc(t.draft.Documents, func(d record.Document) bool { return d.ID == id })
}

// Notes are what was noticed about a document while it came in: a page that is probably empty, a file that
// cannot be shown.
func (t *Tab) Notes(id record.ID) []*record.Error {
	out := slices.Clone(t.notes[id])
	d, _ := t.Paper(id)
	n := 0
	for _, s := range d.Sheets {
		if s.Out {
			continue
		}
		if n++; s.Blank {
			out = append(out, record.E(noteBlank, nil, "page", n))
		}
	}
	return out
}

// noteBlank marks a page with nothing on it; it is kept all the same.
const noteBlank record.Code = "scan.blank_page"

// Unbound reports whether a document has pages but no PDF of them yet.
func Unbound(d record.Document) bool { return d.Shown.Hash == "" }

// change alters a document in a copy, so that snapshots given to the saver stay as they are.
func (t *Tab) change(id record.ID, f func(d *record.Document)) bool {
	i := t.paper(id)
	if i < 0 {
		return false
	}
	d := t.draft.Documents[i]
	d.Originals = slices.Clone(d.Originals)
	f(&d)
	t.draft.Documents[i] = d
	t.touch(true)
	t.m.w.Changed(t, PartPapers|PartChecks, nil)
	return true
}

func (t *Tab) addPaper(d record.Document) {
	t.draft.Documents = append(t.draft.Documents, d)
	t.touch(true)
	t.m.w.Changed(t, PartPapers|PartChecks, nil)
}

// Move brings a document forward (-1) or back (1) among those of its slot.
func (t *Tab) Move(id record.ID, by int) {
	i := t.paper(id)
	if i < 0 || t.phase != Filling {
		return
	}
	docs := t.draft.Documents
	for j := i + by; j >= 0 && j < len(docs); j += by {
		if docs[j].Proof == docs[i].Proof {
			docs[i], docs[j] = docs[j], docs[i]
			t.touch(true)
			t.m.w.Changed(t, PartPapers, nil)
			return
		}
	}
}

// Assign puts a document into another slot.
func (t *Tab) Assign(id record.ID, slot string) {
	if t.phase == Filling {
		t.change(id, func(d *record.Document) { d.Proof = slot })
	}
}

type removedPaper struct {
	at  int
	doc record.Document
}

// Remove takes a document out of the draft. Its bytes stay; [Tab.UndoRemove] puts it back.
func (t *Tab) Remove(id record.ID) {
	i := t.paper(id)
	if i < 0 || t.phase != Filling || t.filling(id) {
		return
	}
	d := t.draft.Documents[i]
	t.removed = append(t.removed, removedPaper{i, d})
	t.draft.Documents = slices.Delete(slices.Clone(t.draft.Documents), i, i+1)
	t.touch(true)
	t.m.w.Changed(t, PartPapers|PartChecks, nil)
	t.m.w.Say(Message{Key: "capture.paper.removed", Args: []any{"title", d.Title}, Undo: func() { t.UndoRemove() }})
}

// UndoRemove puts the document that was removed last back to where it was; false where there is none.
func (t *Tab) UndoRemove() bool {
	if len(t.removed) == 0 || t.phase != Filling {
		return false
	}
	r := t.removed[len(t.removed)-1]
	t.removed = t.removed[:len(t.removed)-1]
	t.draft.Documents = slices.Insert(slices.Clone(t.draft.Documents), min(r.at, len(t.draft.Documents)), r.doc)
	t.touch(true)
	t.m.w.Changed(t, PartPapers|PartChecks, nil)
	return true
}

// filling reports whether pages are still coming into a document.
func (t *Tab) filling(id record.ID) bool {
	return slices.ContainsFunc(t.jobs, func(j *job) bool { return j.doc == id })
}

// Bind makes the PDF of a document's pages (again).
func (t *Tab) Bind(id record.ID) {
	d, ok := t.Paper(id)
	if !ok || !Unbound(d) || t.filling(id) || t.m.w.Binder == nil {
		return
	}
	j := t.begin(JobBind)
	j.doc = id
	t.m.w.Run.Go(func() { t.bind(j, id) })
}

// bindLeftovers finishes documents whose scan was cut off by the end of the program.
func (t *Tab) bindLeftovers() {
	for _, d := range slices.Clone(t.draft.Documents) {
		t.Bind(d.ID)
	}
}

// bind makes the PDF of what a document shows, again where that changed meanwhile, and ends the job. It runs
// away from the window.
func (t *Tab) bind(j *job, id record.ID) {
	for {
		var doc record.Document
		known := t.onWindow(func() { doc, _ = t.Paper(id) })
		if !known || len(doc.Originals) == 0 || !Unbound(doc) {
			t.m.w.Run.Do(func() { t.end(j, nil) })
			return
		}
		if len(doc.Sheets) == 0 {
			doc.Sheets = pagetable.Sheets(doc)
		}
		// Not called off with the scan: what was received before is to be shown too.
		ref, pages, err := t.m.w.Binder.Bind(t.m.ctx, doc)
		if err == nil && t.onWindow(func() { t.bound(doc, ref, pages) }) {
			continue // where it shows what there is, there is nothing to do any more
		}
		t.m.w.Run.Do(func() { t.end(j, err) })
		return
	}
}

// bound names the PDF in the draft if it shows what the document shows now.
func (t *Tab) bound(doc record.Document, ref record.BlobRef, pages int) {
	d, ok := t.Paper(doc.ID)
	if !ok {
		return
	}
	if d.Title == doc.Title && pagetable.SamePages(d, doc) {
		t.change(doc.ID, func(d *record.Document) { d.Shown, d.MediaType, d.Pages = ref, "application/pdf", pages })
	}
}

// onWindow runs f on the window's goroutine and waits for it. It must not be called from there. It is
// false when the tab is closed.
func (t *Tab) onWindow(f func()) bool {
	done := make(chan bool, 1)
	t.m.w.Run.Do(func() {
		if !t.closed {
			f()
		}
		done <- !t.closed
	})
	select {
	case ok := <-done:
		return ok
	case <-t.m.ctx.Done():
		return false
	}
}
