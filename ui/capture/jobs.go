package capture

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"schalter/data/record"
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
	Cancel  func()
}

type job struct {
	kind    JobKind
	doc     record.ID // being filled
	name    string
	page    int
	percent int
	left    int
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
		out = append(out, Progress{Kind: j.kind, Name: j.name, Page: j.page, Percent: j.percent, Left: j.left, Cancel: j.cancel})
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

// Scan reads paper into the selected slot: a new document, or with more set, further pages of the one that
// [Tab.Appendable] names, whose slot is selected again. Each page is stored, and the draft that names it, before the scanner is told to go on.
func (t *Tab) Scan(profile string, more bool) {
	if t.phase != Filling {
		return
	}
	if t.m.w.Scanner == nil || t.m.w.Binder == nil {
		t.m.w.Say(Message{Err: record.E(record.CodeScanNoDevice, nil)})
		return
	}
	if t.m.scan != nil {
		t.m.w.Say(Message{Err: record.E(record.CodeScanBusy, nil)})
		return
	}
	if profile != "" {
		t.m.profile = profile
	}
	profile = t.m.Profile().ID
	j := t.begin(JobScan)
	t.m.scan = j
	s := &scanning{t: t, j: j, slot: t.slot, dpi: map[record.Hash]int{}}
	if id, ok := t.Appendable(); ok && more {
		d, _ := t.Paper(id)
		j.doc, s.more = id, true
		t.slot, s.slot = d.Proof, d.Proof
		t.m.w.Changed(t, PartPapers, nil)
	}
	t.m.w.Run.Go(func() { s.run(profile) })
}

// scanning is one run of the scanner. Its methods run away from the window.
type scanning struct {
	t    *Tab
	j    *job
	slot string
	more bool // pages are added to a document
	dpi  map[record.Hash]int
	got  int
}

func (s *scanning) run(profile string) {
	err := s.t.m.w.Scanner.Scan(s.j.ctx, profile, s.event)
	if s.got == 0 {
		s.t.m.w.Run.Do(func() { s.t.end(s.j, err) })
		return
	}
	if err != nil && !errors.Is(err, context.Canceled) && record.CodeOf(err) != record.CodeScanCancelled {
		s.t.m.w.Run.Do(func() { s.t.m.w.Say(Message{Err: err}) })
	}
	s.t.m.w.Run.Do(func() {
		s.j.kind, s.j.percent = JobBind, -1
		if s.t.m.scan == s.j {
			s.t.m.scan = nil // the device is free
		}
		if !s.t.closed {
			s.t.lastScan = s.j.doc
			if !s.more { // else she wants to see the pages that came
				s.t.selectSlot()
			}
			s.t.m.w.Changed(s.t, PartPapers, nil)
		}
	})
	s.t.bind(s.j, s.j.doc, s.dpi)
}

func (s *scanning) event(e ScanEvent) error {
	switch e.Kind {
	case ScanPage:
		return s.page(e)
	case ScanStarted, ScanProgress:
		s.t.m.w.Run.Do(func() {
			if s.t.closed || s.j.page == e.Page && s.j.percent == e.Percent {
				return
			}
			s.j.page, s.j.percent = e.Page, e.Percent
			s.t.m.w.Changed(s.t, PartPapers, nil)
		})
	case ScanWarning:
		s.t.m.w.Run.Do(func() {
			if e.Trouble != nil && !s.t.closed {
				s.t.m.w.Say(Message{Err: e.Trouble})
			}
		})
	case ScanDone:
	}
	return nil
}

// page stores a page and names it in the draft; only then the scanner may forget it.
func (s *scanning) page(e ScanEvent) error {
	ctx := s.t.m.ctx // not called off with the scan: a page that has come is kept
	ref, err := s.t.m.w.Blobs.Put(ctx, bytes.NewReader(e.Data))
	if err != nil {
		return err
	}
	s.dpi[ref.Hash] = e.DPI
	o := record.Original{Name: e.Name, MediaType: e.MediaType, Blob: ref}
	if !s.t.onWindow(func() { s.t.received(s.j, s.slot, o, e) }) {
		return record.E(record.CodeScanCancelled, nil)
	}
	s.got++
	return s.t.saver.Flush(ctx)
}

// received puts a page into the document being filled, or begins one.
func (t *Tab) received(j *job, slot string, o record.Original, e ScanEvent) {
	j.page, j.percent = e.Page, 100
	if j.doc == "" || t.paper(j.doc) < 0 {
		d := record.Document{
			ID: record.NewID(), Title: t.slotTitle(slot), Proof: slot, Source: record.SourceScan,
			Pages: 1, Originals: []record.Original{o}, Made: t.m.w.Run.Clock(), User: t.m.w.User(),
		}
		j.doc = d.ID
		t.addPaper(d)
	} else {
		t.change(j.doc, func(d *record.Document) {
			d.Originals = append(d.Originals, o)
			d.Pages = len(d.Originals)
			d.Shown, d.MediaType = record.BlobRef{}, "" // the PDF no longer has all pages
		})
	}
	if e.Blank {
		t.notes[j.doc] = append(t.notes[j.doc], record.E(noteBlank, nil, "page", e.Page))
	}
}

// noteBlank marks a page with nothing on it; it is kept all the same.
const noteBlank record.Code = "scan.blank_page"

func (t *Tab) slotTitle(slot string) string {
	if p := t.form.Proof(slot); p != nil {
		return p.Label.In(t.m.w.Lang())
	}
	return t.form.Title.In(t.m.w.Lang())
}

// Import takes files into a slot, one after another. Those that cannot be taken are said and skipped.
func (t *Tab) Import(slot string, files []Source) {
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
			t.importOne(j, slot, f, len(files)-1-i)
		}
		t.m.w.Run.Do(func() { t.end(j, nil) })
	})
}

func (t *Tab) importOne(j *job, slot string, f Source, left int) {
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
			t.imported(slot, f, got)
		}
	})
}

func (t *Tab) imported(slot string, f Source, got Imported) {
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
}

func sameOriginals(a, b []record.Original) bool {
	return len(a) > 0 && slices.EqualFunc(a, b, func(x, y record.Original) bool { return x.Blob.Hash == y.Blob.Hash })
}
