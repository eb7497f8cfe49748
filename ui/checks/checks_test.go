package checks

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/data/record"
	"schalter/data/transfer"
	"schalter/ui/checks/sample"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/pageview"
	town "schalter/ui/sample"
)

// window is the screen with the made-up scans in a window of its own.
type window struct {
	*Screen
	t    *testing.T
	o    *sample.Office
	win  fyne.Window
	late []func() // what the background has still to bring, where it is slow
	slow bool
	now  time.Time
	tick time.Duration // the clock goes on by this whenever it is read
}

func open(t *testing.T, prepare ...func(*sample.Office)) *window {
	t.Helper()
	test.NewApp()
	t.Cleanup(func() { test.NewApp() })
	texts, err := i18n.Load(assets.Files, "de")
	if err != nil {
		t.Fatal(err)
	}
	w := &window{t: t, o: sample.New(false), win: test.NewWindow(nil), now: town.Now, tick: time.Second}
	t.Cleanup(w.win.Close)
	for _, p := range prepare {
		p(w.o)
	}
	at := func(f func()) { f() }
	keys := command.NewList()
	w.Screen = New(Needs{
		Texts: texts, Do: at, Canvas: w.win.Canvas(), Keys: keys, User: town.User, Office: w.o,
		Run: func(work func(context.Context) func()) {
			if !w.slow {
				control.Inline(work)
				return
			}
			w.late = append(w.late, func() { control.Inline(work) })
		},
		Paper: func(turned func()) Paper {
			v := pageview.New(texts, at, at)
			v.OnPage = func(int, int) { turned() }
			v.OnStatus = func(pageview.Status) { turned() }
			return v
		},
		Clock: func() time.Time { w.now = w.now.Add(w.tick); return w.now },
		Open:  w.o.Open, Original: w.o.Original,
	})
	keys.Bind(w.win.Canvas())
	w.win.SetContent(w.Object())
	w.win.Resize(fyne.NewSize(1160, 680))
	keys.Enter("place.checks", w.Commands())
	w.Shown()
	return w
}

func (w *window) key(names ...fyne.KeyName) {
	for _, n := range names {
		w.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: n})
	}
}

func (w *window) do(id string) {
	w.t.Helper()
	if !w.Keys.Do("checks." + id) {
		w.t.Errorf("%s cannot be done", id)
	}
}

func (w *window) title() string {
	if w.i == nil {
		return ""
	}
	return w.i.row.Document.Title
}

func (w *window) settle() {
	for len(w.late) > 0 {
		f := w.late[0]
		w.late = w.late[1:]
		f()
	}
}

// shown is all that can be read on the side.
func (w *window) shown() string {
	var out []string
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		switch x := o.(type) {
		case *control.Label:
			out = append(out, x.Text())
		case *fyne.Container:
			for _, c := range x.Objects {
				walk(c)
			}
		}
	}
	walk(w.side.facts)
	return strings.Join(out, "\n")
}

// Nothing passes whose pages were not all in sight; the great key leads through them, and on to the next scan.
func TestPageByPage(t *testing.T) {
	w := open(t)
	if w.title() != "Ausweis" || w.side.good.Hidden || !strings.Contains(w.side.note.Text(), "Seite 2") {
		t.Fatalf("%q, %q", w.title(), w.side.note.Text())
	}
	w.do("pass")
	if len(w.o.Found) != 0 {
		t.Fatal("passed with a page that nobody saw")
	}
	if page, _ := w.paper.Page(); page != 2 {
		t.Errorf("shown is page %d", page)
	}
	w.do("pass")
	if len(w.o.Found) != 1 || !w.o.Found[0].OK || !slices.Equal(w.o.Found[0].Points, record.Points()) {
		t.Fatalf("%+v", w.o.Found)
	}
	if w.title() != "Haftpflichtversicherung" || !strings.Contains(w.summary.Text(), "Ausweis") || w.banner.Visible() {
		t.Errorf("next is %q, said %q %q", w.title(), w.summary.Text(), w.banner.Text())
	}
	for _, want := range []string{"S. Braun", "Fujitsu", "1 herausgenommen", "Seite 2: ", "Vermutlich leer: Seite 3", "Schäfer, Tim"} {
		if !strings.Contains(w.shown(), want) {
			t.Errorf("%q is not said: %s", want, w.shown())
		}
	}
	w.key(fyne.KeyReturn) // to the paper
	w.key(fyne.KeyEnd)
	w.do("pass")
	if page, _ := w.paper.Page(); page != 2 || len(w.o.Found) != 1 {
		t.Errorf("pages were jumped over, and it leads to page %d", page)
	}
	w.do("pass")
	w.do("pass")
	if len(w.o.Found) != 2 {
		t.Errorf("%+v", w.o.Found)
	}
}

// A key that is held down does not run through the list.
func TestAKeyThatIsHeldDown(t *testing.T) {
	w := open(t)
	w.tick = 0
	for range 50 {
		w.now = w.now.Add(30 * time.Millisecond)
		w.do("pass")
	}
	if len(w.o.Found) != 0 || w.title() != "Ausweis" {
		t.Fatalf("%d passed", len(w.o.Found))
	}
	w.now = w.now.Add(time.Second)
	w.do("pass")
	w.now = w.now.Add(500 * time.Millisecond) // it begins to come again
	for range 50 {
		w.do("pass")
		w.now = w.now.Add(30 * time.Millisecond)
	}
	if len(w.o.Found) != 1 {
		t.Errorf("%d passed", len(w.o.Found))
	}
}

func TestHerOwnScan(t *testing.T) {
	w := open(t)
	w.key(fyne.KeyDown, fyne.KeyDown)
	if w.title() != "Schutzvertrag" || !w.side.good.Hidden || w.Keys.Do("checks.pass") || w.Keys.Do("checks.good") {
		t.Fatalf("%q can be passed by who scanned it", w.title())
	}
	if !strings.Contains(w.shown(), w.Texts.T("checks.own")) {
		t.Errorf("nobody says why: %s", w.shown())
	}
	w.do("object")
	if w.win.Canvas().Focused() != w.side.reason || len(w.o.Found) > 0 {
		t.Fatal("it is not asked what is wrong")
	}
	test.Type(w.side.reason, "Seite 1 fehlt")
	w.key(fyne.Key1) // as the driver reports it beside the letter
	if len(w.i.wrong) > 0 {
		t.Error("what is typed marks points")
	}
	w.do("pass")
	if len(w.o.Found) != 1 || w.o.Found[0].OK || w.o.Found[0].Remark != "Seite 1 fehlt" {
		t.Fatalf("%+v", w.o.Found)
	}
	if w.title() != "Lageplan der Stellschilder" || w.side.reason.Text != "" || w.win.Canvas().Focused() != w.list || !w.side.ground.Hidden {
		t.Errorf("next is %q with %q", w.title(), w.side.reason.Text)
	}
	w.do("view.open")
	n := w.l.index(w.l.rows[0].Document.ID)
	for i, r := range w.l.rows {
		if r.Document.Title == "Mietvertrag" {
			n = i
		}
	}
	w.list.Select(n)
	if w.title() != "Mietvertrag" || w.side.good.Hidden || !strings.Contains(w.shown(), w.Texts.T("checks.vouch")) {
		t.Errorf("%q cannot be vouched for: %s", w.title(), w.shown())
	}
}

func TestWhatIsWrong(t *testing.T) {
	w := open(t)
	w.key(fyne.Key3, fyne.Key1, fyne.Key5, fyne.Key5)
	if !w.side.good.Hidden || w.side.now.Hidden || w.Keys.Do("checks.good") {
		t.Error("what is wrong can be found good")
	}
	w.do("list") // Esc takes it back
	if w.objecting() || w.side.good.Hidden {
		t.Error("it is still objected to")
	}
	w.key(fyne.Key3, fyne.Key1)
	w.do("pass")
	if f := w.o.Found; len(f) != 1 || f[0].OK || !slices.Equal(f[0].Points, []record.Point{record.PointWhole, record.PointOrder}) {
		t.Fatalf("%+v", f)
	}
	if len(w.i.wrong) > 0 {
		t.Error("the next scan is marked as wrong")
	}
	w.do("view.blocked")
	if got, want := w.title(), "Ausweis"; got != want || !strings.Contains(w.shown(), "Nicht vollständig, Falsch gereiht") {
		t.Errorf("%q: %s", got, w.shown())
	}
	w.key(fyne.KeyDown, fyne.KeyDown)
	if w.title() != "Vollmacht" || !w.side.good.Hidden || !strings.Contains(w.shown(), "keine gültige Unterschrift") {
		t.Errorf("a note that does not stand: %q %s", w.title(), w.shown())
	}
}

// The next scan is there before the disk has answered; what could not be stored comes back.
func TestTheNextOneComesAtOnce(t *testing.T) {
	w := open(t)
	w.do("pass")
	w.slow = true
	w.do("pass")
	if w.title() != "Haftpflichtversicherung" || len(w.o.Found) != 0 || len(w.l.rows) != 3 {
		t.Fatalf("shown is %q of %d", w.title(), len(w.l.rows))
	}
	w.Changed() // the store tells of something else meanwhile
	w.settle()
	if w.title() != "Haftpflichtversicherung" || len(w.o.Found) != 1 || len(w.l.rows) != 3 {
		t.Errorf("shown is %q of %d", w.title(), len(w.l.rows))
	}
	w.slow = false
	w.o.Refuse = record.E(record.CodeCheckOriginal, nil, "title", "Haftpflichtversicherung")
	for range 4 {
		w.do("pass")
	}
	want, _ := w.Texts.Error(w.o.Refuse)
	if len(w.o.Found) != 1 || w.banner.Text() != want || len(w.l.rows) != 3 || w.l.rows[0].Document.Title != "Haftpflichtversicherung" {
		t.Errorf("said %q, %d in the list", w.banner.Text(), len(w.l.rows))
	}
}

// The desk locks when everything that was found is stored.
func TestLockingWaitsForAnAnswer(t *testing.T) {
	w := open(t)
	var said []error
	w.PutAway(t.Context(), func(err error) { said = append(said, err) })
	if len(said) != 1 || said[0] != nil {
		t.Fatalf("with nothing to wait for: %v", said)
	}
	w.do("pass")
	w.slow = true
	w.do("pass")
	w.PutAway(t.Context(), func(err error) { said = append(said, err) })
	if len(said) != 1 {
		t.Fatal("it does not wait")
	}
	w.settle()
	if len(said) != 2 || said[1] != nil || len(w.o.Found) != 1 {
		t.Errorf("%v", said)
	}
	w.do("object")
	test.Type(w.side.reason, "x")
	w.do("pass")
	ctx, cancel := context.WithCancel(t.Context())
	told := make(chan error, 1)
	w.PutAway(ctx, func(err error) { told <- err })
	cancel()
	if err := <-told; record.CodeOf(err) != record.CodeCheckWaiting {
		t.Errorf("when there is no time left: %v", err)
	}
	w.o.Refuse = record.E(record.CodeDiskFull, nil)
	w.PutAway(t.Context(), func(err error) { told <- err })
	w.settle()
	if err := <-told; record.CodeOf(err) != record.CodeDiskFull {
		t.Errorf("what could not be stored: %v", err)
	}
}

// What became another while it was looked at is looked at anew; words that were recognized do not disturb.
func TestAVersionMeanwhile(t *testing.T) {
	w := open(t)
	w.do("pass") // both pages were in sight
	row := &w.o.Rows[0]
	words := record.BlobRef{Hash: record.HashOf([]byte("with words")), Size: 1}
	row.Document.Latest = record.Made{Change: "w", Why: record.WhyText, Of: row.Document.Shown.Hash}
	row.Document.Versions = []record.Version{{Shown: row.Document.Shown}}
	row.Document.Shown = words
	w.Changed()
	if len(w.i.unseen(2)) != 0 || w.banner.Visible() || w.i.row.Document.Shown != words {
		t.Errorf("words disturb: %q", w.banner.Text())
	}
	row.Document.Latest.Why = record.WhyPages
	row.Document.Shown = record.BlobRef{Hash: record.HashOf([]byte("other pages")), Size: 1}
	w.Changed()
	if len(w.i.unseen(2)) != 1 || !strings.Contains(w.banner.Text(), "Ausweis") {
		t.Errorf("unseen %v, said %q", w.i.unseen(2), w.banner.Text())
	}
	// Somebody else was faster: the next one is shown.
	row.Document.Trashed = &record.Trashed{}
	w.Changed()
	if w.title() != "Haftpflichtversicherung" || len(w.l.rows) != 3 {
		t.Errorf("shown is %q", w.title())
	}
}

func TestWhatCannotBeSeenDoesNotPass(t *testing.T) {
	w := open(t, func(o *sample.Office) { o.Blank = true })
	w.do("pass")
	if len(w.o.Found) > 0 || w.banner.Text() != w.Texts.T("checks.unseen.all") {
		t.Errorf("%+v, said %q", w.o.Found, w.banner.Text())
	}
	w.key(fyne.Key2)
	w.do("pass")
	if len(w.o.Found) != 1 || w.o.Found[0].OK {
		t.Errorf("%+v", w.o.Found)
	}
}

// The original lies beside the page that is looked at; pages that were taken out can be seen too.
func TestTheOriginalBeside(t *testing.T) {
	w := open(t)
	w.key(fyne.KeyDown, fyne.KeyF4)
	if !w.compare || w.original.Status() != pageview.Showing || w.caption.Text() != "Original 1 von 5" || w.body.Objects[0].Visible() {
		t.Fatalf("%q", w.caption.Text())
	}
	w.paper.Go(3) // of what is shown; the third that was scanned is taken out
	if w.caption.Text() != "Original 4 von 5" {
		t.Errorf("beside page 3 lies %q", w.caption.Text())
	}
	w.do("original.previous")
	if w.caption.Text() != "Original 3 von 5 · herausgenommen" {
		t.Errorf("before it lies %q", w.caption.Text())
	}
	for range 9 {
		w.do("original.previous")
	}
	w.do("original.next")
	if w.caption.Text() != "Original 2 von 5" {
		t.Errorf("%q", w.caption.Text())
	}
	w.do("list")
	if w.compare || !w.body.Objects[0].Visible() || w.win.Canvas().Focused() != w.list {
		t.Error("the original still lies there")
	}
}

func TestPapersThatMayGo(t *testing.T) {
	w := open(t)
	w.do("view.free")
	if w.title() != "Geburtsurkunde" || w.print.Hidden || !w.side.good.Hidden || w.side.bad.Hidden {
		t.Fatalf("%q", w.title())
	}
	w.do("print")
	if w.o.Printed != 1 || w.banner.Text() == "" {
		t.Errorf("printed %d, said %q", w.o.Printed, w.banner.Text())
	}
	w.key(fyne.Key2)
	w.do("pass")
	if len(w.o.Found) != 1 || w.o.Found[0].OK || w.title() != "Meldebescheinigung" {
		t.Errorf("%+v, %q", w.o.Found, w.title())
	}
	w.key(fyne.Key2)
	w.do("pass")
	if w.title() != "" || !w.print.Hidden || w.empty.Text() != w.Texts.T("checks.empty.free") || !w.body.Objects[3].Visible() || w.body.Objects[0].Visible() {
		t.Errorf("%q, %q", w.title(), w.empty.Text())
	}
	w.do("view.sample")
	if w.title() != "Ausweis" {
		t.Errorf("back at %q", w.title())
	}
}

func TestTheShare(t *testing.T) {
	w := open(t, func(o *sample.Office) { o.PIN = "4711" })
	w.do("share")
	if !w.Keys.Layered() {
		t.Fatal("nothing is asked")
	}
	test.Type(w.win.Canvas().Focused(), "200")
	w.key(fyne.KeyReturn)
	if !w.Keys.Layered() || w.o.Percent != transfer.Share {
		t.Errorf("share %d", w.o.Percent)
	}
	w.win.Canvas().Focused().(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{})
	test.Type(w.win.Canvas().Focused(), "100")
	w.key(fyne.KeyReturn)
	if !w.Keys.Layered() || w.o.Percent != transfer.Share {
		t.Error("without the PIN")
	}
	w.win.Canvas().FocusNext()
	test.Type(w.win.Canvas().Focused(), "4711")
	w.key(fyne.KeyReturn)
	if w.Keys.Layered() || w.o.Percent != 100 || !strings.Contains(w.share.Text(), "100") || w.l.totals[record.CheckSample] != 7 {
		t.Errorf("share %d, %q, %d in the sample", w.o.Percent, w.share.Text(), w.l.totals[record.CheckSample])
	}
}

func TestTroubleIsSaidAndGoes(t *testing.T) {
	w := open(t, func(o *sample.Office) { o.Fail = record.E(record.CodeDiskError, errors.New("x")) })
	want, _ := w.Texts.Error(w.o.Fail)
	if w.banner.Text() != want || w.i != nil {
		t.Errorf("said %q", w.banner.Text())
	}
	w.o.Fail = nil
	w.Changed()
	if w.banner.Visible() || w.title() != "Ausweis" {
		t.Errorf("said %q, shown %q", w.banner.Text(), w.title())
	}
	w.Closed()
	w.Shown()
	if w.title() != "Ausweis" {
		t.Errorf("after a look elsewhere: %q", w.title())
	}
}

func TestPagesInShort(t *testing.T) {
	for want, in := range map[string][]int{"": nil, "2": {2}, "1–3": {1, 2, 3}, "1, 3–4, 9": {1, 3, 4, 9}} {
		if got := pagesIn(in); got != want {
			t.Errorf("%v: %q", in, got)
		}
	}
}

func TestLeaves(t *testing.T) {
	two := []record.Original{{Name: "a"}, {Name: "b"}}
	for name, x := range map[string]struct {
		d    record.Document
		want []leaf
		of   map[int]int // page to leaf
	}{
		"pictures":     {record.Document{Originals: two, Pages: 2}, []leaf{{0, 0, false}, {1, 0, false}}, map[int]int{1: 0, 2: 1, 3: -1}},
		"a file":       {record.Document{Originals: two[:1], Pages: 2}, []leaf{{0, 0, false}, {0, 1, false}}, map[int]int{2: 1}},
		"put in order": {record.Document{Originals: two, Sheets: []record.Sheet{{Original: 1}, {Original: 0, Out: true}, {Original: 0, Page: 2}, {Original: 7}}}, []leaf{{1, 0, false}, {0, 0, true}, {0, 2, false}}, map[int]int{1: 0, 2: 2, 3: -1}},
		"none":         {record.Document{}, nil, map[int]int{1: -1}},
	} {
		got := leaves(x.d)
		if !slices.Equal(got, x.want) {
			t.Errorf("%s: %v", name, got)
		}
		for page, want := range x.of {
			if n := leafOf(got, page); n != want {
				t.Errorf("%s: page %d is leaf %d", name, page, n)
			}
		}
	}
}
