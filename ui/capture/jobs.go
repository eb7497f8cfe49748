package capture

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"schalter/data/record"
	"schalter/ui/pagetable"
)

// JobKind says what is running for a tab.
type JobKind int

// The kinds of job.
const (
	JobScan JobKind = iota
	JobImport
	JobBind
)

// Progress is what the screen shows of a running job.
type Progress struct {
	Kind    JobKind
	Name    string // of the file being imported
	Page    int    // being scanned, from 1
	Percent int    // -1: unknown
	Left    int    // files still to come after this one
	Ask     string // what the device waits for: AskTurn, AskPaper or nothing
	Cancel  func()
}

// What a device may wait for.
const (
	AskTurn  = "turn"  // the stack is to be turned over and put in again
	AskPaper = "paper" // paper is to be put in
)

type job struct {
	kind    JobKind
	doc     record.ID // being filled
	name    string
	page    int
	percent int
	left    int
	ask     string
	ended   chan struct{} // closed when it is over
	cancel  context.CancelFunc
	ctx     context.Context //nolint:containedctx // it lives exactly as long as the job
}

func (t *Tab) begin(kind JobKind) *job {
	j := &job{kind: kind, percent: -1, ended: make(chan struct{})}
	j.ctx, j.cancel = context.WithCancel(t.m.ctx)
	t.jobs = append(t.jobs, j)
	t.m.w.Changed(t, PartPapers, nil)
	return j
}

// end takes a job away and says what went wrong. A job that the clerk called off needs no words.
func (t *Tab) end(j *job, err error) {
	j.cancel()
	close(j.ended)
	t.jobs = slices.DeleteFunc(t.jobs, func(o *job) bool { return o == j })
	if t.m.scan == j {
		t.m.scan = nil
	}
	if t.closed {
		return
	}
	if err != nil && !errors.Is(err, context.Canceled) && record.CodeOf(err) != record.CodeScanCancelled {
		t.m.w.Say(Message{Err: err})
	}
	t.m.w.Changed(t, PartPapers|PartChecks, nil)
}

// Busy reports whether something is being scanned, imported or made into a PDF.
func (t *Tab) Busy() bool { return len(t.jobs) > 0 }

// Progress lists what is running.
func (t *Tab) Progress() []Progress {
	out := make([]Progress, 0, len(t.jobs))
	for _, j := range t.jobs {
		out = append(out, Progress{Kind: j.kind, Name: j.name, Page: j.page, Percent: j.percent, Left: j.left, Ask: j.ask, Cancel: j.cancel})
	}
	return out
}

func (t *Tab) stopJobs() {
	for _, j := range t.jobs {
		j.cancel()
	}
}

// Profiles are the ways to scan; none without a scanner.
func (m *Model) Profiles() []Profile {
	if m.w.Scanner == nil {
		return nil
	}
	return m.w.Scanner.Profiles()
}

// Profile is the way that F2 scans: the one used last, else the first.
func (m *Model) Profile() Profile {
	all := m.Profiles()
	for _, p := range all {
		if p.ID == m.profile {
			return p
		}
	}
	if len(all) == 0 {
		return Profile{}
	}
	return all[0]
}

// NextProfile makes the next way to scan the one of F2.
func (m *Model) NextProfile() {
	all := m.Profiles()
	if len(all) == 0 {
		return
	}
	i := slices.IndexFunc(all, func(p Profile) bool { return p.ID == m.Profile().ID })
	m.profile = all[(i+1)%len(all)].ID
	if m.active != nil {
		m.w.Changed(m.active, PartPapers, nil)
	}
}

// Appendable is the document that further pages would go to: the one scanned last, as long as the clerk has
// not chosen another slot since; else the last scanned one of the selected slot.
func (t *Tab) Appendable() (record.ID, bool) {
	if t.paper(t.lastScan) >= 0 {
		return t.lastScan, true
	}
	if in := t.papersIn(t.slot); len(in) > 0 && in[len(in)-1].Source == record.SourceScan {
		return in[len(in)-1].ID, true
	}
	return "", false
}

func (t *Tab) slotTitle(slot string) string {
	if p := t.form.Proof(slot); p != nil {
		return p.Label.In(t.m.w.Lang())
	}
	return t.form.Title.In(t.m.w.Lang())
}

// Import takes files into a slot, one after another. Those that cannot be taken are said and skipped.
func (t *Tab) Import(slot string, files []Source) {
	t.take(files, func(f Source, got Imported) { t.imported(slot, f, got) })
}

// ImportAt takes pictures into the middle of a document; other files become documents of its slot.
func (t *Tab) ImportAt(at Spot, files []Source) {
	t.take(files, func(f Source, got Imported) {
		d, ok := t.Paper(at.Document)
		if !ok || !t.arrangeable(d) || !t.arrangeable(record.Document{Originals: got.Originals, Pages: got.Pages}) {
			t.imported(d.Proof, f, got)
			return
		}
		at = t.insert(at, got)
	})
}

// insert puts a stored file's pages behind a page and answers where the next ones go.
func (t *Tab) insert(at Spot, got Imported) Spot {
	t.change(at.Document, func(d *record.Document) {
		d.Sheets = pagetable.Sheets(*d)
		i := 0
		if !at.First {
			i = 1 + slices.IndexFunc(d.Sheets, func(s record.Sheet) bool { return s.Original == at.Behind.Original && s.Page == at.Behind.Page })
			if i == 0 {
				i = len(d.Sheets)
			}
		}
		first := len(d.Originals)
		d.Originals = append(d.Originals, got.Originals...)
		for _, s := range pagetable.Sheets(record.Document{Originals: got.Originals, Pages: got.Pages}) {
			s.Original += first
			d.Sheets = slices.Insert(d.Sheets, i, s)
			at = Spot{Document: d.ID, Behind: s}
			i++
		}
		pagetable.Rebound(d)
	})
	t.rebind()
	return at
}

func (t *Tab) take(files []Source, taken func(f Source, got Imported)) {
	if t.phase != Filling || len(files) == 0 {
		return
	}
	if t.m.w.Importer == nil {
		t.m.w.Say(Message{Err: record.E(record.CodeImportUnknown, nil, "name", files[0].Name)})
		return
	}
	j := t.begin(JobImport)
	t.m.w.Run.Go(func() {
		for i, f := range files {
			if j.ctx.Err() != nil {
				break
			}
			t.importOne(j, f, len(files)-1-i, taken)
		}
		t.m.w.Run.Do(func() { t.end(j, nil) })
	})
}

func (t *Tab) importOne(j *job, f Source, left int, taken func(Source, Imported)) {
	t.m.w.Run.Do(func() {
		j.name, j.left, j.percent = f.Name, left, -1
		if !t.closed {
			t.m.w.Changed(t, PartPapers, nil)
		}
	})
	got, err := t.m.w.Importer.Import(j.ctx, f, func(done, total int64) {
		if total <= 0 {
			return
		}
		p := int(100 * done / total)
		t.m.w.Run.Do(func() {
			if j.percent != p && !t.closed {
				j.percent = p
				t.m.w.Changed(t, PartPapers, nil)
			}
		})
	})
	t.m.w.Run.Do(func() {
		switch {
		case t.closed, errors.Is(err, context.Canceled):
		case err != nil:
			t.m.w.Say(Message{Err: err})
		default:
			taken(f, got)
		}
	})
}

func (t *Tab) imported(slot string, f Source, got Imported) {
	defer func() {
		for _, with := range got.With { // what was attached comes after the message
			t.imported(slot, Source{Name: with.Originals[0].Name}, with)
		}
	}()
	for _, d := range t.papersIn(slot) {
		if sameOriginals(d.Originals, got.Originals) {
			t.m.w.Say(Message{Key: "capture.import.twice", Args: []any{"name", f.Name}})
			return
		}
	}
	title := got.Title
	if title == "" {
		title = strings.TrimSuffix(f.Name, filepath.Ext(f.Name))
	}
	d := record.Document{
		ID: record.NewID(), Title: title, Proof: slot, Source: record.SourceImport, Shown: got.Shown, MediaType: got.MediaType,
		Pages: got.Pages, Originals: got.Originals, Text: got.Text, Made: t.m.w.Run.Clock(), User: t.m.w.User(),
	}
	if got.Trouble != nil {
		t.notes[d.ID] = append(t.notes[d.ID], got.Trouble)
	}
	t.addPaper(d)
	t.selectSlot()
	t.m.w.Changed(t, PartPapers, nil)
	t.doubled(d)
}

func sameOriginals(a, b []record.Original) bool {
	return len(a) > 0 && slices.EqualFunc(a, b, func(x, y record.Original) bool { return x.Blob.Hash == y.Blob.Hash })
}
