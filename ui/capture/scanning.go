package capture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"

	paper "schalter/data/page"
	"schalter/data/record"
	"schalter/ui/pagetable"
)

// Spot is where scanned pages go: behind a page of a document, or in its place.
type Spot struct {
	Document record.ID
	Behind   record.Sheet // of the document; ignored with First
	First    bool         // before all pages
	Instead  bool         // the page is taken out as soon as another one has come
}

// Scan reads paper into the selected slot: a new document, or with more set, further pages of the one that
// [Tab.Appendable] names, whose slot is selected again. Each page is stored, and the draft that names it,
// before the scanner is told to go on; what is to be seen on it is found out afterwards.
func (t *Tab) Scan(profile string, more bool) {
	if id, ok := t.Appendable(); ok && more {
		t.scan(profile, func(s *scanning) { s.into(id) })
		return
	}
	t.scan(profile, func(*scanning) {})
}

// ScanAt reads paper into the middle of a document.
func (t *Tab) ScanAt(profile string, at Spot) {
	i := t.paper(at.Document)
	if i < 0 {
		return
	}
	t.scan(profile, func(s *scanning) {
		s.into(at.Document)
		s.placed, s.instead = !at.First, at.Instead
		if at.First {
			s.first = true
			return
		}
		if d := t.draft.Documents[i]; at.Behind.Original >= 0 && at.Behind.Original < len(d.Originals) {
			s.behind = sideOf(d, at.Behind)
		}
	})
}

func (t *Tab) scan(profile string, where func(s *scanning)) {
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
	p := t.m.Profile()
	j := t.begin(JobScan)
	t.m.scan = j
	s := &scanning{t: t, j: j, slot: t.slot, profile: p, eye: make(chan struct{}, 1)}
	where(s)
	t.m.w.Run.Go(func() { s.run(p.ID) })
}

// side is a page of a document by what it is, not by where it stands: the clerk may move it meanwhile.
type side struct {
	hash record.Hash
	page int
}

func sideOf(d record.Document, s record.Sheet) side {
	return side{d.Originals[s.Original].Blob.Hash, s.Page}
}

// scanning is one run of the scanner. Its fields belong to the window, but for those said otherwise.
type scanning struct {
	t       *Tab
	j       *job
	slot    string
	profile Profile
	more    bool // pages are added to a document
	first   bool // they come before its pages
	placed  bool // they come behind a page of it
	instead bool // that page is taken out
	behind  side

	device, settings string
	came             []side // in the order they came
	early            []ScanEvent
	eye              chan struct{} // of whoever looks at a page; one at a time
	looks            sync.WaitGroup
	got              int // of the goroutine that scans
}

// into makes a document the one that is filled.
func (s *scanning) into(id record.ID) {
	d, _ := s.t.Paper(id)
	s.j.doc, s.more = id, true
	s.t.slot, s.slot = d.Proof, d.Proof
	s.t.m.w.Changed(s.t, PartPapers, nil)
}

func (s *scanning) run(profile string) {
	err := s.t.m.w.Scanner.Scan(s.j.ctx, profile, s.event)
	if s.got == 0 {
		s.t.m.w.Run.Do(func() { s.t.end(s.j, err) })
		return
	}
	s.t.m.w.Run.Do(func() { s.through(err) })
	s.looks.Wait() // so that the PDF is made once
	s.t.bind(s.j, s.j.doc)
}

// through frees the device and says what went wrong.
func (s *scanning) through(err error) {
	t := s.t
	for _, e := range s.early { // about pages that never came
		s.note(e.Trouble.Code, 0)
	}
	if err != nil && !errors.Is(err, context.Canceled) && record.CodeOf(err) != record.CodeScanCancelled {
		s.note(record.CodeOf(err), len(s.came)+1)
		t.m.w.Say(Message{Err: err})
	}
	s.j.kind, s.j.percent, s.j.ask = JobBind, -1, ""
	if t.m.scan == s.j {
		t.m.scan = nil
	}
	if t.closed {
		return
	}
	t.lastScan = s.j.doc
	if !s.more { // else she wants to see the pages that came
		t.selectSlot()
	}
	t.m.w.Changed(t, PartPapers, nil)
}

// event takes what the scanner tells. It runs away from the window.
func (s *scanning) event(e ScanEvent) error {
	if e.Kind == ScanPage {
		return s.page(e)
	}
	s.t.m.w.Run.Do(func() {
		if !s.t.closed {
			s.told(e)
		}
	})
	return nil
}

func (s *scanning) told(e ScanEvent) {
	s.named(e)
	before := [...]any{s.j.page, s.j.percent, s.j.ask}
	switch e.Kind {
	case ScanStarted, ScanProgress:
		s.j.page, s.j.percent, s.j.ask = e.Page, e.Percent, ""
	case ScanTurn:
		s.j.percent, s.j.ask = -1, AskTurn
	case ScanWait:
		s.j.percent, s.j.ask = -1, AskPaper
	case ScanWarning:
		s.warned(e)
	case ScanDone:
		s.ordered(e.Order)
	case ScanPage:
	}
	if before != [...]any{s.j.page, s.j.percent, s.j.ask} {
		s.t.m.w.Changed(s.t, PartPapers, nil)
	}
}

func (s *scanning) named(e ScanEvent) {
	if e.Device != "" {
		s.device = e.Device
	}
	if e.Settings != "" {
		s.settings = e.Settings
	}
}

func (s *scanning) warned(e ScanEvent) {
	if e.Trouble == nil {
		return
	}
	s.t.m.w.Say(Message{Err: e.Trouble})
	if e.Page > len(s.came) {
		s.early = append(s.early, e)
		return
	}
	s.note(e.Trouble.Code, e.Page)
}

// note writes an anomaly into the document's note of transfer. Page is one of this run, from 1, or 0.
func (s *scanning) note(code record.Code, page int) {
	if s.j.doc == "" || s.t.closed {
		return
	}
	s.t.change(s.j.doc, func(d *record.Document) {
		if d.Transfer == nil {
			return
		}
		tr := *d.Transfer
		tr.Anomalies = append(slices.Clone(tr.Anomalies), anomaly(code, s.number(*d, page)))
		d.Transfer = &tr
	})
}

// number is the place of a page of this run among all that the document has received, from 1; 0 where it has none.
func (s *scanning) number(d record.Document, page int) int {
	if page < 1 || page > len(s.came) {
		return 0
	}
	return 1 + slices.IndexFunc(d.Originals, func(o record.Original) bool { return o.Blob.Hash == s.came[page-1].hash })
}

func anomaly(code record.Code, number int) string {
	if number == 0 {
		return string(code)
	}
	return fmt.Sprintf("%s:%d", code, number)
}

// page stores a page and names it in the draft; only then the scanner may forget it. It runs away from the
// window.
func (s *scanning) page(e ScanEvent) error {
	ctx := s.t.m.ctx // not called off with the scan: a page that has come is kept
	if e.Pages == 0 && e.MediaType != "image/jpeg" && e.MediaType != "image/png" {
		return s.file(ctx, e)
	}
	ref, err := s.t.m.w.Blobs.Put(ctx, bytes.NewReader(e.Data))
	if err != nil {
		return err
	}
	o := record.Original{Name: e.Name, MediaType: e.MediaType, Blob: ref}
	if !s.t.onWindow(func() { s.received(o, e) }) {
		return record.E(record.CodeScanCancelled, nil)
	}
	s.got++
	if err := s.t.saver.Flush(ctx); err != nil {
		return err
	}
	for p := range max(1, e.Pages) {
		s.look(o, p, e.DPI)
	}
	s.t.elsewhere(o)
	return nil
}

// file takes a whole file, as a device that scans to a folder sends it, as a document of its own.
func (s *scanning) file(ctx context.Context, e ScanEvent) error {
	if s.t.m.w.Importer == nil {
		return record.E(record.CodeImportUnknown, nil, "name", e.Name)
	}
	src := Source{Name: e.Name, Size: int64(len(e.Data)), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(e.Data)), nil }}
	got, err := s.t.m.w.Importer.Import(ctx, src, func(int64, int64) {})
	if err != nil {
		return err
	}
	if !s.t.onWindow(func() { s.named(e); s.t.imported(s.slot, src, got) }) {
		return record.E(record.CodeScanCancelled, nil)
	}
	return s.t.saver.Flush(ctx)
}

// received puts a page into the document being filled, or begins one.
func (s *scanning) received(o record.Original, e ScanEvent) {
	t := s.t
	s.named(e)
	s.j.page, s.j.percent, s.j.ask = e.Page, 100, ""
	if s.j.doc == "" || t.paper(s.j.doc) < 0 {
		d := record.Document{
			ID: record.NewID(), Title: t.slotTitle(s.slot), Proof: s.slot, Source: record.SourceScan, Pages: max(1, e.Pages),
			Originals: []record.Original{o}, Sheets: s.sheets(e, 0), Made: t.m.w.Run.Clock(), User: t.m.w.User(),
		}
		s.transfer(&d)
		pagetable.Recount(&d)
		s.j.doc = d.ID
		s.placed, s.first = false, false
		t.addPaper(d)
	} else {
		t.change(s.j.doc, func(d *record.Document) {
			d.Sheets = pagetable.Sheets(*d)
			at := s.place(*d)
			d.Originals = append(d.Originals, o)
			d.Sheets = slices.Insert(d.Sheets, at, s.sheets(e, len(d.Originals)-1)...)
			s.transfer(d)
			pagetable.Rebound(d)
		})
	}
	for p := range max(1, e.Pages) {
		s.came = append(s.came, side{o.Blob.Hash, p})
	}
	if s.first || s.placed {
		s.first, s.placed, s.behind = false, true, s.came[len(s.came)-1]
	}
	s.early = slices.DeleteFunc(s.early, func(w ScanEvent) bool {
		if w.Page <= len(s.came) {
			s.note(w.Trouble.Code, w.Page)
			return true
		}
		return false
	})
}

// sheets are the pages of what came, an original of the document being filled.
func (s *scanning) sheets(e ScanEvent, original int) (list []record.Sheet) {
	for p := range max(1, e.Pages) {
		list = append(list, record.Sheet{Original: original, Page: p, DPI: e.DPI, Blank: e.Blank, Due: s.due()})
	}
	return list
}

// place is where the next page goes among the sheets, which are the caller's to change.
func (s *scanning) place(d record.Document) int {
	if s.first {
		return 0
	}
	if s.placed {
		for i, sh := range slices.Backward(d.Sheets) {
			if sideOf(d, sh) == s.behind {
				if s.instead {
					s.instead = false
					d.Sheets[i].Out = true
				}
				return i + 1
			}
		}
	}
	return len(d.Sheets)
}

// transfer brings the note about how the paper became a file up to date.
func (s *scanning) transfer(d *record.Document) {
	tr := record.Transfer{Time: s.t.m.w.Run.Clock(), User: s.t.m.w.User(), Device: s.device, Settings: s.settings}
	if d.Transfer != nil {
		tr = *d.Transfer
		tr.Device, tr.Settings = pagetable.Joined(tr.Device, s.device), pagetable.Joined(tr.Settings, s.settings)
	}
	d.Transfer = &tr
}

// ordered lays the pages of this run as the device says they belong.
func (s *scanning) ordered(order []int) {
	if len(order) != len(s.came) || s.j.doc == "" {
		return
	}
	s.t.change(s.j.doc, func(d *record.Document) {
		var at []int
		by := make([]*record.Sheet, len(s.came))
		for i := range d.Sheets {
			k := slices.Index(s.came, sideOf(*d, d.Sheets[i]))
			for k >= 0 && by[k] != nil { // the same bytes twice
				k = indexAfter(s.came, s.came[k], k)
			}
			if k >= 0 {
				sh := d.Sheets[i]
				by[k] = &sh
				at = append(at, i)
			}
		}
		if len(at) != len(order) || !permutation(order) {
			return
		}
		d.Sheets = slices.Clone(d.Sheets)
		for i, k := range order {
			d.Sheets[at[i]] = *by[k]
		}
		pagetable.Rebound(d)
	})
}

func indexAfter(all []side, what side, i int) int {
	if k := slices.Index(all[i+1:], what); k >= 0 {
		return i + 1 + k
	}
	return -1
}

func permutation(order []int) bool {
	seen := make([]bool, len(order))
	for _, k := range order {
		if k < 0 || k >= len(seen) || seen[k] {
			return false
		}
		seen[k] = true
	}
	return true
}

// crookedFrom is the angle below which nobody sees that a page is crooked, in degrees.
const crookedFrom = 0.1

// due is what is to be found out about each page.
func (s *scanning) due() (due record.Due) {
	if s.t.m.w.Pictures == nil {
		return 0
	}
	if !s.profile.Crooked {
		due |= record.DueAngle
	}
	if !s.profile.Unmarked {
		due |= record.DueBlank
	}
	return due
}

// look finds out what is on a page that is stored. It never holds the scanner up; where the program ends before,
// it is made up for when the draft is opened again.
func (s *scanning) look(o record.Original, page, dpi int) {
	if s.due() == 0 {
		return
	}
	s.looks.Add(1)
	s.t.m.w.Run.Go(func() {
		defer s.looks.Done()
		s.eye <- struct{}{}
		defer func() { <-s.eye }()
		f, err := s.t.m.w.Pictures.Look(s.t.m.ctx, o, page, dpi)
		if err != nil { // it is shown as it came
			return
		}
		s.t.onWindow(func() { s.t.found(side{o.Blob.Hash, page}, f) })
	})
}

// lookAgain finds out what was due about pages when the program ended, and makes their PDF then.
func (t *Tab) lookAgain() {
	if t.m.w.Pictures == nil {
		return
	}
	for _, d := range slices.Clone(t.draft.Documents) {
		due := slices.DeleteFunc(slices.Clone(d.Sheets), func(s record.Sheet) bool { return s.Due == 0 || s.Original >= len(d.Originals) })
		if len(due) == 0 || t.filling(d.ID) {
			continue
		}
		j := t.begin(JobBind)
		j.doc = d.ID
		t.m.w.Run.Go(func() {
			for _, s := range due {
				o := d.Originals[s.Original]
				if f, err := t.m.w.Pictures.Look(t.m.ctx, o, s.Page, s.DPI); err == nil {
					t.onWindow(func() { t.found(side{o.Blob.Hash, s.Page}, f) })
				}
			}
			t.bind(j, d.ID)
		})
	}
}

// found notes what was seen on a page, wherever it is by now, unless the clerk has laid it straight herself.
func (t *Tab) found(what side, f paper.Findings) {
	for _, d := range t.draft.Documents {
		for i, sh := range d.Sheets {
			if sh.Due == 0 || sh.Original >= len(d.Originals) || sideOf(d, sh) != what {
				continue
			}
			t.change(d.ID, func(d *record.Document) {
				d.Sheets = slices.Clone(d.Sheets)
				now := &d.Sheets[i]
				now.Due = 0
				now.Blank = now.Blank || f.Blank && sh.Due&record.DueBlank != 0
				if sh.Skew == 0 && f.Sure && math.Abs(f.Skew) > crookedFrom && sh.Due&record.DueAngle != 0 {
					now.Skew = f.Skew
				}
				if !pagetable.SameSheet(sh, *now) {
					pagetable.Rebound(d)
				}
			})
		}
	}
}
