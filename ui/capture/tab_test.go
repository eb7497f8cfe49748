package capture

import (
	"errors"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"schalter/data/form"
	"schalter/data/record"
)

func TestNothingIsStoredBeforeTheFirstKey(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	tab := w.start(t)
	tab.Enter(tab.FirstEmpty())
	tab.Leave(tab.FirstEmpty())
	w.pass(time.Hour)
	w.settle()
	w.m.Park(tab)
	w.settle()
	if len(w.store.drafts) != 0 || len(w.m.Tabs()) != 0 {
		t.Errorf("%d drafts, %d tabs", len(w.store.drafts), len(w.m.Tabs()))
	}
}

func TestACutOffDraftComesBackAsItWas(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	tab := w.start(t)
	w.write(tab, "halter/nachname", "Yıldız")
	w.write(tab, "hund/chip", "276 0981 0412 334") // wrong, and kept
	tab.Enter("hund/rufname")
	tab.Type("hund/rufname", "Bal")
	w.pass(time.Second)
	w.settle()
	tab.Type("hund/rufname", "Balu") // the power goes within this second

	again := newWorld(t, w.store, nil)
	cut, err := again.m.CutOff(t.Context())
	if err != nil || len(cut) != 1 || !cut[0].Live || cut[0].Title != "Yıldız" {
		t.Fatalf("cut off: %+v %v", cut, err)
	}
	back, err := again.m.Resume(cut[0])
	if err != nil {
		t.Fatal(err)
	}
	for p, want := range map[string]string{"halter/nachname": "Yıldız", "hund/chip": "276 0981 0412 334", "hund/rufname": "Bal"} {
		if got := back.Text(p); got != want {
			t.Errorf("%s is %q, want %q", p, got, want)
		}
	}
	if back.Focus() != "hund/rufname" {
		t.Errorf("cursor in %q", back.Focus())
	}
	if f := (fields{back}).Field("hund/chip"); f.Error == "" {
		t.Error("what is wrong is not said again")
	}
}

func TestADraftKeepsItsFormVersion(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	d := record.Draft{ID: record.NewID(), Service: dogService, Form: record.FormRef{ID: dogService, Version: "0.0.1"}, Values: record.Values{"halter/nachname": "X"}}
	if _, err := w.m.Resume(d); record.CodeOf(err) != record.CodeFormUnknown {
		t.Errorf("a draft of an unknown version: %v", err)
	}
}

func TestTidyNeverChangesTheAnswer(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	tab := w.start(t)
	for path, c := range map[string][3]string{
		"halter/geburtsdatum": {"020588", "02.05.1988", "1988-05-02"},
		"hund/chip":           {"276098104123344", "276 0981 0412 3344", "276098104123344"},
		"hund/geworfen":       {"3/24", "03/2024", "2024-03"},
		"hund/geschlecht":     {"w", "Hündin", "w"},
		"hund/herkunft":       {"zuc", "Züchterin oder Züchter", "zuechter"},
	} {
		w.write(tab, path, c[0])
		w.write(tab, path, tab.Text(path)+" ") // what the house writes is read as the same
		if got := tab.Text(path); got != c[1] {
			t.Errorf("%s: %q became %q, want %q", path, c[0], got, c[1])
		}
		if got := tab.Session().State(path).Value; got != c[2] {
			t.Errorf("%s: answer %q, want %q", path, got, c[2])
		}
	}
}

func TestErrorsAreSaidWhenTheFieldIsLeft(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	tab := w.start(t)
	chip := func() string { return fields{tab}.Field("hund/chip").Error }
	tab.Enter("hund/chip")
	tab.Type("hund/chip", "27")
	if chip() != "" {
		t.Error("said while it is typed for the first time")
	}
	tab.Leave("hund/chip")
	if !strings.Contains(chip(), "15") {
		t.Errorf("after leaving: %q", chip())
	}
	if a, _ := tab.Counts(); a != 1 {
		t.Errorf("%d answers to check", a)
	}
	tab.Enter("hund/chip")
	tab.Type("hund/chip", "276")
	if chip() == "" {
		t.Error("the words go away before it is right")
	}
	tab.Type("hund/chip", "276098104123344")
	if chip() != "" {
		t.Error("the words stay although it is right")
	}
	tab.Type("hund/chip", "27609810412334")
	if chip() != "" {
		t.Error("once right, nothing is said before the field is left again")
	}
}

func TestUndoIsPerField(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	tab := w.start(t)
	w.write(tab, "halter/nachname", "Yildiz")
	w.write(tab, "halter/vorname", "Emre")
	w.write(tab, "halter/nachname", "Yıldız")
	if !tab.Undo("halter/nachname") || tab.Text("halter/nachname") != "Yildiz" || tab.Text("halter/vorname") != "Emre" {
		t.Errorf("undone to %q, %q", tab.Text("halter/nachname"), tab.Text("halter/vorname"))
	}
	if !tab.Redo("halter/nachname") || tab.Text("halter/nachname") != "Yıldız" {
		t.Errorf("redone to %q", tab.Text("halter/nachname"))
	}
}

func TestSubmitTellsWhatIsOpenAndThenMakesTheCase(t *testing.T) {
	w := newWorld(t, newMemory(), &stack{sheets: []string{"seite eins", "seite zwei"}})
	tab := w.start(t)
	w.fillDog(tab)
	w.write(tab, "hund/chip", "123")
	f, open := tab.Submit()
	if !open || f.Path != "hund/chip" || tab.Phase() != Filling {
		t.Fatalf("%+v %v", f, open)
	}
	w.write(tab, "hund/chip", "276098104123344")
	f, open = tab.Submit()
	if !open || f.Kind != FindingProof || f.Proof != "schutzvertrag" {
		t.Fatalf("the contract is missing, but: %+v %v", f, open)
	}
	tab.Scan("", false)
	w.settle()
	if f, open = tab.Submit(); open {
		t.Fatalf("still open: %+v", f)
	}
	w.settle()
	if tab.Phase() != Done || len(tab.Cases()) != 1 || len(w.store.drafts) != 0 {
		t.Fatalf("phase %v, case %+v, drafts %d", tab.Phase(), tab.Cases(), len(w.store.drafts))
	}
	var groups []string
	kinds := map[record.Kind]int{}
	for _, e := range w.store.edits {
		kinds[e.Kind]++
		if e.Case != tab.ID() || e.User != "weber" {
			t.Errorf("edit %+v", e)
		}
		if g, ok := e.Payload.(record.Fields); ok {
			for _, x := range g.Groups {
				groups = append(groups, x.Group)
			}
		}
		if d, ok := e.Payload.(record.DocumentAdded); ok && (d.Document.Pages != 2 || d.Document.Shown.Hash == "" || len(d.Document.Originals) != 2) {
			t.Errorf("document %+v", d.Document)
		}
	}
	if w.store.edits[0].Kind != record.KindOpen || kinds[record.KindFields] != 1 || kinds[record.KindDocument] != 1 {
		t.Errorf("kinds %v", kinds)
	}
	if !slices.Contains(groups, "halter") || groups[0] != "halter" || slices.Compact(slices.Clone(groups))[0] != groups[0] {
		t.Errorf("groups %v", groups)
	}
	// Nothing may bring the draft back.
	w.pass(time.Hour)
	w.settle()
	if len(w.store.drafts) != 0 {
		t.Error("a ghost of the draft was stored after it was submitted")
	}
}

func TestASlowSaveCannotBringASubmittedDraftBack(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	tab := w.start(t)
	w.fillDog(tab)
	f, _ := tab.Check()
	tab.Override(f.Rule, "später")
	w.settle()
	w.store.hold = make(chan struct{})
	tab.Enter("abschluss/bemerkung")
	tab.Type("abschluss/bemerkung", "eilt")
	tab.Submit() // leaves the field: a save begins and hangs
	for {
		tab.saver.mu.Lock()
		stopped := tab.saver.stopped
		tab.saver.mu.Unlock()
		w.store.mu.Lock()
		submitted := w.store.edits != nil
		w.store.mu.Unlock()
		if submitted {
			t.Fatal("the draft was submitted while it was still being saved")
		}
		if stopped {
			break
		}
		runtime.Gosched()
	}
	close(w.store.hold)
	w.settle()
	if tab.Phase() != Done || len(w.store.drafts) != 0 {
		t.Errorf("phase %v, %d drafts", tab.Phase(), len(w.store.drafts))
	}
}

func TestAMissingProofPassesWithAReason(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	tab := w.start(t)
	w.fillDog(tab)
	f, _ := tab.Check()
	tab.Override(f.Rule, "wird nachgereicht")
	if _, open := tab.Submit(); open {
		t.Fatal("the reason does not count")
	}
	w.settle()
	last := w.store.edits[len(w.store.edits)-1]
	if n, ok := last.Payload.(record.Note); !ok || n.Text != "Schutzvertrag|wird nachgereicht" {
		t.Errorf("the reason is not in the case: %+v", last)
	}
}

func TestAFailedSubmitLosesNothing(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	tab := w.start(t)
	w.fillDog(tab)
	f, _ := tab.Check()
	tab.Override(f.Rule, "später")
	w.store.noSubmit = record.E(record.CodeNotEnrolled, nil)
	tab.Submit()
	w.settle()
	if tab.Phase() != Filling || record.CodeOf(tab.Trouble()) != record.CodeNotEnrolled {
		t.Fatalf("phase %v, trouble %v", tab.Phase(), tab.Trouble())
	}
	w.write(tab, "abschluss/bemerkung", "noch da")
	w.settle()
	if got := w.store.stored(t, tab.ID()).Values["abschluss/bemerkung"]; got != "noch da" {
		t.Errorf("typed after the failure, stored %q", got)
	}
}

func TestEveryReceivedPageSurvives(t *testing.T) {
	jam := record.E(record.CodeScanJam, nil)
	w := newWorld(t, newMemory(), &stack{sheets: []string{"eins", "zwei"}, err: jam})
	tab := w.start(t)
	w.write(tab, "hund/herkunft", "tierheim")
	if tab.Selected() != "schutzvertrag" {
		t.Fatalf("selected %q", tab.Selected())
	}
	tab.Scan("", false)
	w.settle()
	d := w.store.stored(t, tab.ID())
	if len(d.Documents) != 1 || len(d.Documents[0].Originals) != 2 || d.Documents[0].Pages != 2 || Unbound(d.Documents[0]) {
		t.Fatalf("stored %+v", d.Documents)
	}
	if len(w.said) == 0 || record.CodeOf(w.said[len(w.said)-1].Err) != record.CodeScanJam {
		t.Errorf("the jam was not said: %+v", w.said)
	}
	// Further pages of the same contract.
	w.scan.sheets, w.scan.err = []string{"drei"}, nil
	tab.Scan("", true)
	w.settle()
	if tab.Selected() != "schutzvertrag" {
		t.Errorf("after a further page %q is selected", tab.Selected())
	}
	d = w.store.stored(t, tab.ID())
	if len(d.Documents) != 1 || d.Documents[0].Pages != 3 || Unbound(d.Documents[0]) || tab.Busy() {
		t.Errorf("stored %+v", d.Documents)
	}
}

func TestFurtherPagesGoWhereTheClerkLooks(t *testing.T) {
	w := newWorld(t, newMemory(), &stack{sheets: []string{"eins"}})
	tab := w.start(t)
	w.write(tab, "hund/herkunft", "tierheim")
	w.write(tab, "gefahr/gefaehrlich", "ja") // asks for the insurance as well
	tab.Scan("", false)
	w.settle()
	if tab.Selected() != "haftpflicht" {
		t.Fatalf("after the contract comes %q", tab.Selected())
	}
	w.scan.sheets = []string{"zwei"}
	tab.Scan("", true) // the contract's second page, although the insurance is selected by now
	w.settle()
	if in := tab.papersIn("schutzvertrag"); len(in) != 1 || in[0].Pages != 2 || len(tab.papersIn("haftpflicht")) != 0 {
		t.Errorf("the contract has %+v", in)
	}
	tab.Select("haftpflicht") // by herself
	w.scan.sheets = []string{"drei"}
	tab.Scan("", true)
	w.settle()
	if in := tab.papersIn("haftpflicht"); len(in) != 1 || in[0].Pages != 1 || tab.papersIn("schutzvertrag")[0].Pages != 2 {
		t.Errorf("the insurance has %+v", in)
	}
}

func TestAPageIsAcknowledgedOnlyWhenStored(t *testing.T) {
	w := newWorld(t, newMemory(), &stack{sheets: []string{"eins", "zwei", "drei"}})
	tab := w.start(t)
	w.write(tab, "halter/nachname", "X")
	w.settle()
	w.store.full = record.E(record.CodeDiskFull, nil)
	tab.Scan("", false)
	w.settle()
	if len(w.scan.given) != 1 || record.CodeOf(w.scan.given[0]) != record.CodeDiskFull {
		t.Errorf("the scanner was told %v", w.scan.given)
	}
	if tab.Busy() || len(w.said) == 0 || record.CodeOf(w.said[0].Err) != record.CodeDiskFull {
		t.Errorf("busy %v, said %+v", tab.Busy(), w.said)
	}
}

func TestAScanCutOffByTheEndOfTheProgramIsFinishedLater(t *testing.T) {
	w := newWorld(t, newMemory(), &stack{sheets: []string{"eins", "zwei"}})
	through := false
	w.scan.through = func() { w.mu.Lock(); through = true; w.cond.Broadcast(); w.mu.Unlock() }
	tab := w.start(t)
	w.write(tab, "hund/herkunft", "tierheim")
	tab.Scan("", false)
	w.until(func() bool { return through })
	cut := w.store.stored(t, tab.ID())
	if len(cut.Documents) != 1 || len(cut.Documents[0].Originals) != 2 || !Unbound(cut.Documents[0]) {
		t.Fatalf("stored while scanning: %+v", cut.Documents)
	}
	again := newWorld(t, w.store, nil)
	back, err := again.m.Resume(cut)
	if err != nil {
		t.Fatal(err)
	}
	again.settle()
	if d := again.store.stored(t, back.ID()).Documents[0]; Unbound(d) || d.Pages != 2 {
		t.Errorf("after coming back: %+v", d)
	}
	tab.stopJobs()
	w.settle()
}

func textFile(name, content string) Source {
	return Source{Name: name, Size: int64(len(content)), Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }}
}

func TestPapersMoveAndComeBack(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	tab := w.start(t)
	broken := Source{Name: "kaputt.pdf", Open: func() (io.ReadCloser, error) { return nil, errors.New("gone") }}
	tab.Import("weitere", []Source{textFile("a.pdf", "A"), broken, textFile("b.pdf", "B"), textFile("nochmal a.pdf", "A"), textFile("leer.pdf", "")})
	w.settle()
	titles := func() (out []string) {
		for _, d := range tab.papersIn("weitere") {
			out = append(out, d.Title)
		}
		return out
	}
	if got := titles(); !slices.Equal(got, []string{"a", "b"}) || len(w.said) != 3 {
		t.Fatalf("taken in %v, said %+v", got, w.said)
	}
	b := tab.papersIn("weitere")[1].ID
	tab.Move(b, -1)
	if got := titles(); !slices.Equal(got, []string{"b", "a"}) {
		t.Errorf("moved: %v", got)
	}
	tab.Remove(b)
	w.settle()
	if got := titles(); !slices.Equal(got, []string{"a"}) {
		t.Errorf("removed: %v", got)
	}
	w.said[len(w.said)-1].Undo()
	w.settle()
	if got := titles(); !slices.Equal(got, []string{"b", "a"}) || len(w.store.stored(t, tab.ID()).Documents) != 2 {
		t.Errorf("brought back: %v", got)
	}
}

func TestParkingAndDiscarding(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	a, b := w.start(t), w.start(t)
	w.write(a, "halter/nachname", "Eins")
	w.write(b, "halter/nachname", "Zwei")
	w.m.Park(a)
	w.settle()
	if d := w.store.stored(t, a.ID()); d.Live || len(w.m.Tabs()) != 1 || w.m.Active() != b {
		t.Errorf("parked %+v, tabs %d", d, len(w.m.Tabs()))
	}
	w.m.Discard(b)
	w.settle()
	if _, err := w.store.Draft(t.Context(), b.ID()); err == nil {
		t.Error("discarded and still stored")
	}
	w.said[len(w.said)-1].Undo()
	w.settle()
	if w.store.stored(t, b.ID()).Values["halter/nachname"] != "Zwei" || w.m.Active().Text("halter/nachname") != "Zwei" {
		t.Error("not brought back")
	}
	// A draft that cannot be stored is not closed.
	c := w.m.Active()
	w.store.full = record.E(record.CodeDiskFull, nil)
	w.write(c, "halter/vorname", "Ina")
	w.m.Park(c)
	w.settle()
	if len(w.m.Tabs()) != 1 || c.Text("halter/vorname") != "Ina" || c.Saved().Err == nil {
		t.Errorf("%d tabs, %+v", len(w.m.Tabs()), c.Saved())
	}
}

func TestRepeatTakesTheLastVisitorsAnswer(t *testing.T) {
	w := newWorld(t, newMemory(), nil)
	tab := w.start(t)
	w.fillDog(tab)
	f, _ := tab.Check()
	tab.Override(f.Rule, "später")
	tab.Submit()
	w.settle()

	next := newWorld(t, w.store, nil) // another morning
	tab = next.start(t)
	next.settle()
	if !tab.Repeat("halter/ort") || tab.Text("halter/ort") != "Musterstadt" {
		t.Errorf("repeated %q", tab.Text("halter/ort"))
	}
	if tab.Repeat("halter/email") {
		t.Error("repeated what was never typed")
	}
	if !tab.Undo("halter/ort") || tab.Text("halter/ort") != "" {
		t.Error("repeating cannot be undone")
	}
}

// Whatever the clerk types into whatever fields, in whatever order, undoing and leaving: what the fields
// show is in the store a second later, and comes back as the same answers.
func TestTypingIsNeverLost(t *testing.T) {
	lib := library(t)
	f, err := lib.Latest(dogService)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, x := range f.Fields() {
		if !x.Calculated() && x.Type != form.TypeNote {
			paths = append(paths, x.Path)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, newMemory(), nil)
		tab := w.start(t)
		n := rapid.IntRange(1, 25).Draw(rt, "steps")
		for range n {
			p := rapid.SampledFrom(paths).Draw(rt, "field")
			switch rapid.IntRange(0, 5).Draw(rt, "what") {
			case 0:
				tab.Undo(p)
			case 1:
				tab.Redo(p)
			default:
				tab.Enter(p)
				tab.Type(p, rapid.SampledFrom([]string{"", "ja", "nein", "12", "2.5.88", "Tierheim", "276098104123344", "x y", "1.000,50", "ä"}).Draw(rt, "text"))
			}
		}
		w.pass(time.Second)
		w.settle()
		if !tab.Begun() {
			return
		}
		d := w.store.stored(t, tab.ID())
		back, err := newWorld(t, w.store, nil).m.Resume(d)
		if err != nil {
			rt.Fatal(err)
		}
		if len(d.Values) == 0 {
			return // all was taken back: a new form with its defaults
		}
		for _, p := range paths {
			was, is := tab.Session().State(p), back.Session().State(p)
			if was.Value != is.Value || was.Value == "" && was.Typed != is.Typed {
				rt.Fatalf("%s: was %+v, came back as %+v", p, was, is)
			}
		}
	})
}
