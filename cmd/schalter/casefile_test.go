package main

import (
	"bytes"
	"io"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/data/intake"
	"schalter/data/pdf"
	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/escl/escltest"
	"schalter/data/scan/fleet"
	"schalter/data/scan/profile"
	"schalter/data/transfer"
	"schalter/ui/casefile"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/stack"
)

// Paper is scanned from a network scanner into a case that exists, put in order and filed by keys; later its pages
// are put in order again. Everything but the window is real.
func TestScanIntoACaseAndOrderItsPages(t *testing.T) {
	h, lib, _, _ := counterWindow(t)
	ctx := t.Context()
	f, err := lib.Latest("hundesteuer-anmelden")
	must(t, err)
	id := record.NewID()
	c, err := h.store.Submit(ctx, "", []record.Edit{{Case: id, Kind: record.KindOpen, User: "weber", Payload: record.Opened{Service: f.ID, Form: f.Ref(), Title: f.Title, Roles: f.Roles}}})
	must(t, err)
	sheets := escltest.Sheets(3, 150)
	net := escltest.Start(t, escltest.Options{Feeder: sheets})
	must(t, h.scanners().shelf.Change(ctx, "", func(b *profile.Book) error {
		b.Addresses = []string{net.URL()}
		b.Profiles = []profile.Profile{{ID: "case", Name: "Einzug", Device: fleet.ID(byNetwork, net.ID()), Settings: scan.Settings{Source: scan.Feeder, Mode: scan.Gray, DPI: 150}}}
		return nil
	}))
	stored := func(x record.Hash) (io.ReadCloser, error) { return h.blobs.Open(x) }
	test.NewApp()
	texts, err := i18n.Load(assets.Files, "de")
	must(t, err)
	at := func(f func()) { f() }
	win, keys := test.NewWindow(nil), command.NewList()
	t.Cleanup(win.Close)
	win.Resize(fyne.NewSize(1200, 720))
	room := stack.New(stack.Needs{
		Clock: record.SystemClock, Run: control.Inline, Do: at, User: "weber", Store: h.store, Forms: lib, Blobs: h.blobs,
		Scanner: stacker{scanner{h.scanners()}, h.scanners()}, Reader: pages{h}, Binder: &intake.Intake{Blobs: h.blobs, Clock: record.SystemClock, Producer: "Schalter"},
	})
	s := casefile.New(casefile.Needs{
		Texts: texts, Clock: record.SystemClock, Run: control.Inline, Forms: lib, User: "weber", Back: func() {}, Do: at, Keys: keys, Room: room,
		Pictures: &pictures{house: h, line: newLine(ctx, h)},
	}, h.store, c.ID, "", 0)
	win.SetContent(s.Object())
	keys.Bind(win.Canvas())
	keys.Enter("x", s.Commands())
	s.Shown()
	press := func(name fyne.KeyName, mod fyne.KeyModifier) {
		t.Helper()
		if !keys.Type(name, mod) {
			t.Fatalf("nothing is on %v %s", mod, name)
		}
	}
	document := func() record.Document {
		t.Helper()
		c, err := h.store.Case(ctx, c.ID)
		must(t, err)
		if len(c.Documents) != 1 {
			t.Fatalf("%d documents", len(c.Documents))
		}
		return c.Documents[0]
	}
	shown := func(d record.Document, want int) {
		t.Helper()
		data, err := h.blobs.ReadAll(d.Shown.Hash, 1<<26)
		must(t, err)
		n, err := pdf.Count(ctx, data, d.Title)
		if err != nil || n != want || d.Pages != want || !bytes.HasPrefix(data, []byte("%PDF-")) {
			t.Errorf("%d pages, %d in the file, %v", d.Pages, n, err)
		}
	}

	press(fyne.KeyF2, 0)
	press(fyne.KeyDelete, 0)  // the first sheet out
	press(fyne.KeyEnd, 0)     // the last
	press(fyne.KeyLeft, ctrl) // before the second
	press(fyne.KeyU, 0)
	press(fyne.KeyReturn, ctrl)
	d := document()
	shown(d, 2)
	if len(d.Originals) != 3 || d.Originals[0].Blob.Hash != record.HashOf(sheets[0]) || !d.Transfer.Match || transfer.Verify(d) != nil || transfer.VerifyFiles(d, stored) != nil {
		t.Errorf("%+v, %v", d, transfer.Verify(d))
	}
	filed := d
	box := record.Box{X0: .1, Y0: .1, X1: .4, Y1: .15}
	_, err = h.store.Apply(ctx, record.Edit{Case: c.ID, Kind: record.KindMark, User: "weber", Payload: record.DocumentMarked{
		Document: d.ID, Of: d.Shown.Hash, Mark: record.Mark{ID: record.NewID(), Kind: record.MarkBlack, Boxes: []record.Box{box}},
	}})
	must(t, err)
	s.Changed()
	press(fyne.KeyF12, 0)
	press(fyne.KeyHome, 0)
	press(fyne.KeyDelete, 0) // back in
	press(fyne.KeyRight, 0)
	press(fyne.KeyR, 0)
	press(fyne.KeyPlus, 0) // crooked by a little
	press(fyne.KeyReturn, ctrl)
	d = document()
	shown(d, 3)
	if len(d.Versions) != 1 || d.Versions[0].Shown != filed.Shown || transfer.VerifyFiles(d, stored) != nil {
		t.Errorf("%+v", d.Versions)
	}
	if len(d.Marks) == 0 || d.Marks[0].Kind != record.MarkBlack {
		t.Fatalf("the black mark is gone: %+v", d.Marks)
	}
	if on := d.Sheets[d.Marks[0].Page]; on.Original != filed.Sheets[1].Original || on.Turns != 1 || on.Skew == 0 || on.Aspect < .6 || on.Aspect > .8 {
		t.Errorf("the mark lies on %+v", on)
	}
	r, err := h.store.Verify(ctx, nil)
	must(t, err)
	for _, x := range r.Problems {
		t.Error(x)
	}
}

const ctrl = fyne.KeyModifierControl
