package pagetable

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/record"
)

func original(name string) record.Original {
	return record.Original{Name: name + ".png", MediaType: "image/png", Blob: record.BlobRef{Hash: record.HashOf([]byte(name)), Size: int64(len(name))}}
}

// scanned is a document whose pages are named after their originals.
func scanned(id string, names ...string) record.Document {
	d := record.Document{ID: record.ID(id), Title: "Titel " + id, Proof: "proof-" + id, Source: record.SourceScan, MediaType: "application/pdf"}
	for i, n := range names {
		d.Originals = append(d.Originals, original(n))
		d.Sheets = append(d.Sheets, record.Sheet{Original: i, DPI: 300})
	}
	d.Shown, d.Pages = record.BlobRef{Hash: record.HashOf([]byte("pdf " + strings.Join(names, " "))), Size: 1}, len(names)
	d.Transfer = &record.Transfer{Device: "Test 3000", Settings: "feeder", Match: true}
	Recount(&d)
	return d
}

func counter() func() record.ID {
	n := 0
	return func() record.ID { n++; return record.ID(fmt.Sprint("new-", n)) }
}

// shows writes what is on the table: documents, pages, those taken out in brackets.
func shows(docs []record.Document) string {
	var out []string
	for _, d := range docs {
		var pages []string
		for _, s := range Sheets(d) {
			n := strings.TrimSuffix(d.Originals[s.Original].Name, ".png")
			if s.Out {
				n = "(" + n + ")"
			}
			pages = append(pages, n)
		}
		out = append(out, string(d.ID)+": "+strings.Join(pages, " "))
	}
	return strings.Join(out, " | ")
}

func TestActions(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(t *Table) Done
		want string
		done Done
	}{
		{"take out", func(t *Table) Done { t.Select(1); return t.Out() }, "A: 1 (2) 3 | B: 4 5", Changed},
		{"take out and back", func(t *Table) Done { t.Select(1); t.Out(); return t.Out() }, "A: 1 2 3 | B: 4 5", Changed},
		{"the last page stays", func(t *Table) Done { t.Select(3); t.Extend(4); return t.Out() }, "A: 1 2 3 | B: 4 5", Last},
		{"move on", func(t *Table) Done { t.Select(0); return t.Move(1) }, "A: 2 1 3 | B: 4 5", Changed},
		{"move two on", func(t *Table) Done { t.Select(0); t.Extend(1); return t.Move(1) }, "A: 3 1 2 | B: 4 5", Changed},
		{"move into the next document", func(t *Table) Done { t.Select(2); return t.Move(1) }, "A: 1 2 | B: 3 4 5", Changed},
		{"move into the one before", func(t *Table) Done { t.Select(3); return t.Move(-1) }, "A: 1 2 3 4 | B: 5", Changed},
		{"nothing before the first", func(t *Table) Done { t.Select(0); return t.Move(-1) }, "A: 1 2 3 | B: 4 5", Nothing},
		{"nothing behind the last", func(t *Table) Done { t.Select(4); return t.Move(1) }, "A: 1 2 3 | B: 4 5", Nothing},
		{"gather what is apart", func(t *Table) Done { t.Select(0); t.Toggle(2); return t.Drop(1, 1) }, "A: 2 | B: 4 1 3 5", Changed},
		{"a document without pages is gone", func(t *Table) Done { t.Select(3); t.Extend(4); return t.Drop(0, 0) }, "A: 4 5 1 2 3", Changed},
		{"what was taken out goes along", func(t *Table) Done { t.Select(3); t.Out(); t.Select(4); return t.Drop(0, 1) }, "A: 1 5 2 3 (4)", Changed},
		{"split", func(t *Table) Done { t.Select(1); return t.Split() }, "A: 1 | new-1: 2 3 | B: 4 5", Changed},
		{"no split before the first page", func(t *Table) Done { t.Select(3); return t.Split() }, "A: 1 2 3 | B: 4 5", Nothing},
		{"no split beside what is taken out", func(t *Table) Done { t.Select(0); t.Out(); t.Select(1); return t.Split() }, "A: (1) 2 3 | B: 4 5", Last},
		{"merge", func(t *Table) Done { t.Select(0); return t.Merge() }, "A: 1 2 3 4 5", Changed},
		{"no merge behind the last document", func(t *Table) Done { t.Select(4); return t.Merge() }, "A: 1 2 3 | B: 4 5", Nothing},
		{"interleave", func(t *Table) Done { t.Select(0); t.Merge(); t.SelectAll(); return t.Interleave() }, "A: 1 5 2 4 3", Changed},
		{"another proof for a page", func(t *Table) Done { t.Select(1); return t.Assign("x", "X") }, "A: 1 3 | new-1: 2 | B: 4 5", Changed},
		{"another proof for a document", func(t *Table) Done { t.Select(3); t.SelectGroup(); return t.Assign("x", "X") }, "A: 1 2 3 | B: 4 5", Changed},
		{"the proof it has", func(t *Table) Done { t.Select(1); return t.Assign("proof-A", "A") }, "A: 1 2 3 | B: 4 5", Nothing},
	} {
		tab := New([]record.Document{scanned("A", "1", "2", "3"), scanned("B", "4", "5")}, counter())
		done := c.do(tab)
		if got := shows(tab.Documents()); got != c.want || done != c.done {
			t.Errorf("%s: %d, %s", c.name, done, got)
		}
	}
}

func TestEmptyPagesGoWithOneKeyAndNeverByThemselves(t *testing.T) {
	a, b := scanned("A", "1", "2", "3"), scanned("B", "4")
	a.Sheets[1].Blank, b.Sheets[0].Blank = true, true
	tab := New([]record.Document{a, b}, counter())
	if got := shows(tab.Documents()); got != "A: 1 2 3 | B: 4" || tab.Blank() != 2 {
		t.Fatal(got)
	}
	if d := tab.OutBlank(); d != Changed || shows(tab.Documents()) != "A: 1 (2) 3 | B: 4" || tab.Blank() != 1 {
		t.Error(d, shows(tab.Documents()))
	}
	if tab.OutBlank() != Last {
		t.Error("the only page of a document is taken out")
	}
	tab.Select(1)
	if tab.Unmark() != Changed || tab.At(1).Blank {
		t.Error("still marked")
	}
	if tr := tab.Documents()[0].Transfer; tr.Out != 1 || len(tr.Blank) != 0 || tr.Pages != 3 || tr.Match {
		t.Errorf("%+v", tr)
	}
}

func TestGeometry(t *testing.T) {
	tab := New([]record.Document{scanned("A", "1", "2")}, counter())
	tab.Turn(-1)
	tab.Straighten(func(*Page) float64 { return 1.2345 })
	tab.Nudge(-0.1)
	tab.Cut(func(*Page) *record.Box { return &record.Box{X0: -1, Y0: 0.1, X1: 0.9, Y1: 2} })
	if p := tab.At(0); p.Turns != 3 || p.Skew != 1.13 || *p.Crop != (record.Box{Y0: 0.1, X1: 0.9, Y1: 1}) {
		t.Errorf("%+v", p)
	}
	if tab.Nudge(99) != Changed || tab.At(0).Skew != MostSkew {
		t.Error(tab.At(0).Skew)
	}
	for _, b := range []*record.Box{nil, {}, {X1: 1, Y1: 1}, {X0: 0.5, X1: 0.501, Y1: 1}} {
		tab.Cut(func(*Page) *record.Box { return b })
		if tab.At(0).Crop != nil {
			t.Errorf("%+v", b)
		}
	}
	if tab.At(1).Turns != 0 || tab.At(1).Skew != 0 {
		t.Error("a page that is not selected was changed")
	}
}

func TestAnomaliesGoWithTheirPages(t *testing.T) {
	a, b := scanned("A", "1", "2", "3"), scanned("B", "4")
	a.Transfer.Anomalies = []string{"scan.jam", "scan.same_page:3", "scan.short_page:9"}
	b.Transfer.Device, b.Transfer.Anomalies = "Test 4000", []string{"scan.short_page:1"}
	tab := New([]record.Document{a, b}, counter())
	tab.Select(2)
	tab.Drop(1, 0)
	docs := tab.Documents()
	if got := docs[1].Transfer.Anomalies; !slices.Equal(got, []string{"scan.jam", "scan.short_page:9", "scan.same_page:1", "scan.short_page:2"}) {
		t.Error(got)
	}
	if got := docs[1].Transfer.Device; got != "Test 3000; Test 4000" {
		t.Error(got)
	}
	if got := docs[0].Transfer.Anomalies; !slices.Equal(got, []string{"scan.jam", "scan.short_page:9"}) {
		t.Error(got)
	}
}

func TestWhatIsScannedMeanwhileStays(t *testing.T) {
	a := scanned("A", "1", "2", "3")
	tab := New([]record.Document{a}, counter())
	tab.Select(1)
	tab.Out()
	tab.Select(2)
	tab.Split()
	docs := tab.Documents()
	if !tab.Sync(docs) {
		t.Fatal("its own pages are taken for others")
	}
	// Behind the first page comes another one, the third is found to be crooked, and a document is added.
	docs[0].Originals = append(slices.Clone(docs[0].Originals), original("neu"))
	docs[0].Sheets = slices.Insert(slices.Clone(docs[0].Sheets), 1, record.Sheet{Original: 2})
	docs[1].Sheets = slices.Clone(docs[1].Sheets)
	docs[1].Sheets[0].Skew = 2
	docs = append(docs, scanned("C", "c"))
	if !tab.Sync(docs) {
		t.Fatal("the steps are gone")
	}
	if got := shows(tab.Documents()); got != "A: 1 neu (2) | new-1: 3 | C: c" {
		t.Error(got)
	}
	tab.Undo()
	tab.Undo()
	if got := shows(tab.Documents()); got != "A: 1 neu 2 3 | C: c" {
		t.Error("after two steps back:", got)
	}
	if tab.At(3).Skew != 2 {
		t.Error("what was found is lost")
	}
	tab.Redo()
	tab.Redo()
	if got := shows(tab.Documents()); got != "A: 1 neu (2) | new-1: 3 | C: c" {
		t.Error("after two steps forth:", got)
	}
}

func TestStepsBackBringThePDFBack(t *testing.T) {
	a := scanned("A", "1", "2")
	tab := New([]record.Document{a}, counter())
	tab.Turn(1)
	docs := tab.Documents()
	if docs[0].Shown.Hash != "" || docs[0].Transfer.Match {
		t.Fatalf("%+v", docs[0])
	}
	docs[0].Shown = record.BlobRef{Hash: "turned", Size: 1}
	tab.Sync(docs)
	tab.Undo()
	if got := tab.Documents()[0]; !reflect.DeepEqual(got, a) {
		t.Errorf("%+v", got)
	}
	tab.Redo()
	if got := tab.Documents()[0].Shown.Hash; got != "turned" {
		t.Error(got)
	}
}

func TestOthersChangesBeginAnew(t *testing.T) {
	tab := New([]record.Document{scanned("A", "1", "2"), scanned("B", "3")}, counter())
	tab.Select(1)
	tab.Turn(1)
	if tab.Sync([]record.Document{scanned("A", "1", "2")}) {
		t.Error("a document that is gone was not noticed")
	}
	if back, _ := tab.Steps(); back != 0 || shows(tab.Documents()) != "A: 1 2" || tab.Cursor() != 1 {
		t.Error(back, shows(tab.Documents()), tab.Cursor())
	}
}

// act does one thing to a table.
func act(r *rapid.T, t *Table, arrived *int) {
	n := t.Len()
	at := func(name string) int { return rapid.IntRange(0, max(0, n-1)).Draw(r, name) }
	switch rapid.IntRange(0, 17).Draw(r, "action") {
	case 0:
		t.Select(at("select"))
	case 1:
		t.Extend(at("extend"))
	case 2:
		t.Toggle(at("toggle"))
	case 3:
		t.SelectGroup()
	case 4:
		t.Turn(rapid.IntRange(-3, 3).Draw(r, "turn"))
	case 5:
		t.Nudge(rapid.Float64Range(-3, 3).Draw(r, "nudge"))
	case 6:
		t.Cut(func(*Page) *record.Box { return &record.Box{X0: 0.1, X1: 0.8, Y1: 1} })
	case 7:
		t.Out()
	case 8:
		t.OutBlank()
	case 9, 10:
		t.Move(rapid.SampledFrom([]int{-1, 1}).Draw(r, "move"))
	case 11:
		g := rapid.IntRange(0, max(0, len(t.Groups())-1)).Draw(r, "to group")
		t.Drop(g, rapid.IntRange(0, 6).Draw(r, "to"))
	case 12:
		t.Split()
	case 13:
		t.Merge()
	case 14:
		t.Interleave()
	case 15:
		t.Assign(fmt.Sprint("p", rapid.IntRange(0, 3).Draw(r, "proof")), "T")
	case 16:
		rapid.SampledFrom([]func() bool{t.Undo, t.Redo}).Draw(r, "step")()
	case 17:
		docs := t.Documents()
		if !t.Sync(docs) {
			r.Fatal("its own documents are not known again")
		}
		if rapid.Bool().Draw(r, "a page comes") {
			*arrived++
			d := &docs[rapid.IntRange(0, len(docs)-1).Draw(r, "into")]
			d.Sheets = Sheets(*d)
			d.Originals = append(slices.Clone(d.Originals), original(fmt.Sprint("later ", *arrived)))
			d.Sheets = slices.Insert(d.Sheets, rapid.IntRange(0, len(d.Sheets)).Draw(r, "place"), record.Sheet{Original: len(d.Originals) - 1})
			Rebound(d)
			if !t.Sync(docs) {
				r.Fatal("a page that came undid the steps")
			}
		}
	}
}

// whatIsThere lists the pages of all documents, and checks each document by itself.
func whatIsThere(r *rapid.T, docs []record.Document) []string {
	var out []string
	ids := map[record.ID]bool{}
	for _, d := range docs {
		if ids[d.ID] {
			r.Fatalf("%s is there twice", d.ID)
		}
		ids[d.ID] = true
		shown := 0
		for _, s := range Sheets(d) {
			out = append(out, fmt.Sprint(d.Originals[s.Original].Name, " ", s.Page))
			if !s.Out {
				shown++
			}
		}
		if shown == 0 || shown != d.Pages {
			r.Fatalf("%s has %d pages, says %d", d.ID, shown, d.Pages)
		}
		received, seen := map[[2]int]bool{}, map[int]bool{}
		for _, s := range Sheets(d) {
			received[[2]int{s.Original, s.Page}], seen[s.Original] = true, true
		}
		if d.Transfer != nil && (d.Transfer.Pages != len(received)+len(d.Originals)-len(seen) || len(d.Transfer.Originals) != len(d.Originals)) {
			r.Fatalf("%+v", d.Transfer)
		}
		for i, o := range d.Originals {
			if slices.Contains(d.Originals[:i], o) {
				r.Fatalf("%s has %s twice", d.ID, o.Name)
			}
		}
	}
	slices.Sort(out)
	return out
}

func TestAnyWorkLosesNothingAndCanBeTakenBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var docs []record.Document
		n := 0
		for i := range rapid.IntRange(1, 4).Draw(r, "documents") {
			var names []string
			for range rapid.IntRange(1, 5).Draw(r, "pages") {
				n++
				names = append(names, fmt.Sprint("page ", n))
			}
			d := scanned(fmt.Sprint("D", i), names...)
			for k := range d.Sheets {
				d.Sheets[k].Blank = rapid.Bool().Draw(r, "blank")
			}
			if rapid.IntRange(0, 3).Draw(r, "kind") == 0 { // a file with many pages, as it came
				d.Originals, d.Sheets, d.Transfer, d.Pages = d.Originals[:1], nil, nil, 3
			}
			Recount(&d)
			docs = append(docs, d)
		}
		tab := New(docs, counter())
		arrived := 0
		before := whatIsThere(r, docs)
		for range rapid.IntRange(1, 25).Draw(r, "steps") {
			act(r, tab, &arrived)
			if got := whatIsThere(r, tab.Documents()); len(got) != len(before)+arrived {
				r.Fatalf("%v became %v", before, got)
			}
			if tab.Len() > 0 && (tab.Cursor() < 0 || len(tab.Selection()) == 0) {
				r.Fatal("nothing is selected")
			}
		}
		end := shows(tab.Documents())
		steps := 0
		for tab.Undo() {
			steps++
		}
		if arrived == 0 {
			if got := tab.Documents(); !reflect.DeepEqual(got, docs) {
				r.Fatalf("after %d steps back: %s, not %s", steps, shows(got), shows(docs))
			}
		}
		for range steps {
			tab.Redo()
		}
		_, forth := tab.Steps()
		for range forth {
			tab.Redo()
		}
		if got := shows(tab.Documents()); forth == 0 && got != end {
			r.Fatalf("after all steps forth: %s, not %s", got, end)
		}
	})
}

func TestThreeHundredPages(t *testing.T) {
	var names []string
	for i := range 300 {
		names = append(names, fmt.Sprint(i))
	}
	tab := New([]record.Document{scanned("A", names...)}, counter())
	tab.SelectAll()
	if tab.Interleave() != Changed || tab.Turn(1) != Changed || tab.Documents()[0].Pages != 300 {
		t.Fatal("lost")
	}
	allocs := testing.AllocsPerRun(5, func() { tab.Turn(1) })
	if allocs > 1000 {
		t.Errorf("%v allocations to turn 300 pages", allocs)
	}
}
