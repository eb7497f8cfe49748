package job

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/fleet"
	"schalter/data/scan/profile"
	"schalter/data/scan/scripted"
)

// side is a page that can be told from others.
func side(i int) []byte {
	img := image.NewGray(image.Rect(0, 0, 31, 43))
	img.SetGray(i%31, i/31, color.Gray{Y: 255})
	var b bytes.Buffer
	_ = png.Encode(&b, img)
	return b.Bytes()
}

func sides(from, to int) (all [][]byte) {
	for i := from; from <= to && i <= to || from > to && i >= to; {
		all = append(all, side(i))
		if from <= to {
			i++
		} else {
			i--
		}
	}
	return all
}

// told is what a job told, shortened.
type told struct {
	lines []string
	pages [][]byte
	order []int
	last  Event
}

func (l *told) sink(e Event) error {
	l.last = e
	switch {
	case e.Step == Waiting:
		l.lines = append(l.lines, "waiting")
	case e.Step == Turning:
		l.lines = append(l.lines, "turning")
	case e.Step == Done:
		l.lines, l.order = append(l.lines, "done"), e.Order
	case e.Event.Kind == scan.Received:
		l.pages = append(l.pages, e.Event.Page.Data)
		l.lines = append(l.lines, fmt.Sprint(e.Event.N, "=", e.Event.Page.N))
	case e.Event.Kind == scan.Warning:
		l.lines = append(l.lines, string(e.Event.Code))
	}
	return nil
}

func (l *told) String() string { return strings.Join(l.lines, " ") }

// shown are the pages in the order in which they are to be shown.
func (l *told) shown() (all [][]byte) {
	if l.order == nil {
		return l.pages
	}
	for _, at := range l.order {
		all = append(all, l.pages[at])
	}
	return all
}

func one(d *scripted.Driver) *fleet.Fleet {
	return &fleet.Fleet{Members: []fleet.Member{{Name: "test", Driver: d}}}
}

func feeder() profile.Profile {
	return profile.Profile{ID: "p", Settings: scan.Settings{Source: scan.Feeder, Mode: scan.Gray, DPI: 300}}
}

func TestAStack(t *testing.T) {
	var l told
	var used scan.Device
	j := &Job{Driver: one(scripted.New(sides(1, 3)...)), Sink: l.sink, Used: func(d scan.Device) { used = d }}
	if err := j.Run(t.Context(), feeder()); err != nil || l.String() != "1=1 2=2 3=3 done" {
		t.Fatal(l.String(), err)
	}
	if l.last.Device != "Muster S 1" || l.last.Settings != "feeder gray 300 dpi A4" || used.ID != "test:scripted" {
		t.Errorf("%+v, %+v", l.last, used)
	}
}

func TestWaitingForPaper(t *testing.T) {
	d := scripted.New()
	var l told
	n := 0
	j := &Job{Driver: one(d), Sink: l.sink, Pause: func(ctx context.Context, _ time.Duration) error {
		if n++; n == 3 {
			d.Load(sides(1, 2)...)
		}
		return ctx.Err()
	}}
	p := feeder()
	p.Wait = true
	if err := j.Run(t.Context(), p); err != nil || l.String() != "waiting 1=1 2=2 done" || n != 3 {
		t.Fatal(l.String(), err, n)
	}
}

// blind is a device without sensors.
type blind struct{ scan.Driver }

func (b blind) Open(ctx context.Context, id string) (scan.Session, error) {
	s, err := b.Driver.Open(ctx, id)
	return struct{ scan.Session }{s}, err
}

func TestWaitingWithoutASensorTries(t *testing.T) {
	d := scripted.New()
	d.Trouble = map[int]record.Code{1: record.CodeScanCoverOpen}
	var l told
	n := 0
	j := &Job{Driver: blind{d}, Sink: l.sink, Pause: func(ctx context.Context, _ time.Duration) error {
		if n++; n == 4 {
			d.Load(sides(1, 2)...)
		}
		return ctx.Err()
	}}
	p := feeder()
	p.Wait = true
	if err := j.Run(t.Context(), p); err != nil || l.String() != "waiting 1=1 2=2 done" || len(d.Asked()) != 5 {
		t.Fatal(l.String(), err, len(d.Asked()))
	}
}

func TestAButtonBeginsToo(t *testing.T) {
	d := scripted.New(side(1))
	d.Press("scan")
	var l told
	p := feeder()
	p.Wait = true
	if err := (&Job{Driver: one(d), Sink: l.sink}).Run(t.Context(), p); err != nil || l.String() != "waiting 1=1 done" {
		t.Fatal(l.String(), err)
	}
}

// twoPasses scans a stack whose backs are put in after the fronts.
func twoPasses(t *testing.T, ctx context.Context, fronts, backs [][]byte, trouble map[int]record.Code) (*told, error) {
	t.Helper()
	d := scripted.New(fronts...)
	l := &told{}
	j := &Job{Driver: one(d), Pause: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}
	turned := false
	j.Sink = func(e Event) error {
		if e.Step == Turning && !turned {
			turned = true
			d.Trouble = trouble
			d.Load(backs...)
		}
		return l.sink(e)
	}
	p := feeder()
	p.TwoPass = true
	return l, j.Run(ctx, p)
}

func TestBothSidesInTwoPasses(t *testing.T) {
	var fronts [][]byte
	for _, i := range []int{1, 3, 5} {
		fronts = append(fronts, side(i))
	}
	l, err := twoPasses(t, t.Context(), fronts, [][]byte{side(6), side(4), side(2)}, nil)
	if err != nil || l.String() != "1=1 2=2 3=3 turning 4=4 5=5 6=6 done" {
		t.Fatal(l.String(), err)
	}
	for i, p := range l.shown() {
		if !bytes.Equal(p, side(i+1)) {
			t.Errorf("number %d is another page", i+1)
		}
	}
	if l.last.Settings != "feeder gray 300 dpi A4 two passes" {
		t.Error(l.last.Settings)
	}
}

func TestCountsThatDifferAreTold(t *testing.T) {
	l, err := twoPasses(t, t.Context(), sides(1, 3), sides(4, 5), nil)
	if err != nil || l.String() != "1=1 2=2 3=3 turning 4=4 5=5 scan.sides_differ done" || l.order != nil {
		t.Fatal(l.String(), err, l.order)
	}
}

func TestAJamAmongTheBacksKeepsEverything(t *testing.T) {
	l, err := twoPasses(t, t.Context(), sides(1, 3), sides(6, 4), map[int]record.Code{3: record.CodeScanJam})
	if record.CodeOf(err) != record.CodeScanJam || len(l.pages) != 5 || l.order != nil {
		t.Fatal(l.String(), err)
	}
}

func TestCallingItOffAtTheTurnKeepsTheFronts(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	d := scripted.New(sides(1, 2)...)
	var l told
	j := &Job{Driver: one(d), Sink: func(e Event) error {
		if e.Step == Turning {
			cancel()
		}
		return l.sink(e)
	}}
	p := feeder()
	p.TwoPass = true
	if err := j.Run(ctx, p); record.CodeOf(err) != record.CodeScanCancelled || l.String() != "1=1 2=2 turning" {
		t.Fatal(l.String(), err)
	}
}

func TestWhichDeviceIsTaken(t *testing.T) {
	glass := func(id string) *scripted.Driver {
		return &scripted.Driver{Device: scan.Device{ID: id, Model: id}, Caps: scan.Caps{Sources: []scan.Source{scan.Flatbed}}}
	}
	fed := func(id string) *scripted.Driver {
		d := scripted.New(sides(1, 9)...)
		d.Device = scan.Device{ID: id, Model: id}
		return d
	}
	f := &fleet.Fleet{Members: []fleet.Member{{Name: "a", Driver: glass("glass")}, {Name: "b", Driver: fed("one")}, {Name: "c", Driver: fed("two")}}}
	for _, c := range []struct {
		name, last, wish, want string
		code                   record.Code
	}{
		{"the first that has a feeder", "", "", "b:one", ""},
		{"the one used last", "c:two", "", "c:two", ""},
		{"the one used last is gone", "c:three", "", "b:one", ""},
		{"the one used last has no feeder", "a:glass", "", "b:one", ""},
		{"the profile's own", "b:one", "c:two", "c:two", ""},
		{"the profile's own is gone: no other is taken", "b:one", "c:three", "", record.CodeScanNoDevice},
		{"the profile's own has no feeder", "", "a:glass", "", record.CodeScanUnsupported},
	} {
		used := ""
		p := feeder()
		p.Device, p.Settings.Pages = c.wish, 1
		j := &Job{Driver: f, Last: scan.Device{ID: c.last}, Used: func(d scan.Device) { used = d.ID }, Sink: func(Event) error { return nil }}
		err := j.Run(t.Context(), p)
		if c.code == "" && used != c.want || record.CodeOf(err) != c.code {
			t.Errorf("%s: %s, %v", c.name, used, err)
		}
	}
	inbox := fed("inbox")
	inbox.Device.Kind = scan.KindFolder
	mailbox := &fleet.Fleet{Members: []fleet.Member{{Name: "folder", Driver: inbox}}}
	for _, last := range []scan.Device{{}, {ID: "folder:inbox", Kind: scan.KindFolder}} {
		if err := (&Job{Driver: mailbox, Last: last, Sink: func(Event) error { return nil }}).Run(t.Context(), feeder()); record.CodeOf(err) != record.CodeScanNoDevice {
			t.Error("a folder was taken for a scanner:", err)
		}
	}
	named := feeder()
	named.Device = "folder:inbox"
	if err := (&Job{Driver: mailbox, Sink: func(Event) error { return nil }}).Run(t.Context(), named); err != nil {
		t.Error("a profile that names the folder:", err)
	}
	if err := (&Job{Driver: &fleet.Fleet{}, Sink: func(Event) error { return nil }}).Run(t.Context(), feeder()); record.CodeOf(err) != record.CodeScanNoDevice {
		t.Error(err)
	}
	only := &fleet.Fleet{Members: []fleet.Member{{Name: "a", Driver: glass("glass")}}}
	if err := (&Job{Driver: only, Sink: func(Event) error { return nil }}).Run(t.Context(), feeder()); record.CodeOf(err) != record.CodeScanUnsupported {
		t.Error(err)
	}
}

// Whatever is put in twice, whatever jams: the pages that came before are the sink's, each once and in order.
func TestNothingIsLost(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		fronts, backs := rapid.IntRange(1, 8).Draw(rt, "fronts"), rapid.IntRange(1, 8).Draw(rt, "backs")
		jam := rapid.IntRange(0, 9).Draw(rt, "jam")
		l, err := twoPasses(t, t.Context(), sides(1, fronts), sides(fronts+1, fronts+backs), map[int]record.Code{jam: record.CodeScanJam})
		want := fronts + backs
		if jam >= 1 && jam <= backs+1 { // the end of the stack may jam as well
			want = fronts + jam - 1
			if record.CodeOf(err) != record.CodeScanJam {
				rt.Fatal(err)
			}
		} else if err != nil {
			rt.Fatal(err)
		}
		if len(l.pages) != want {
			rt.Fatalf("%d pages, want %d", len(l.pages), want)
		}
		for i, p := range l.pages {
			if !bytes.Equal(p, side(i+1)) {
				rt.Fatalf("page %d is another one", i+1)
			}
		}
		if l.order != nil && (fronts != backs || len(l.order) != want || !slices.Contains(l.order, want-1)) {
			rt.Fatalf("%v", l.order)
		}
	})
}
