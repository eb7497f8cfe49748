package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/intake"
	"schalter/data/letter"
	"schalter/data/page"
	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/escl/escltest"
	"schalter/data/scan/fleet"
	"schalter/data/scan/profile"
	"schalter/data/sorting"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/stack"
	"schalter/ui/tray"
)

// drawn pages of a PDF as a scanner would send them.
func asScanned(t *testing.T, pdf []byte, dpi int) (out [][]byte) {
	t.Helper()
	mutool, err := exec.LookPath("mutool")
	if err != nil {
		t.Skip("mutool is not installed (mupdf-tools); it is needed to draw what is printed")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "p.pdf")
	must(t, os.WriteFile(path, pdf, 0o600))
	if out, err := exec.CommandContext(t.Context(), mutool, "draw", "-q", "-c", "gray", "-r", fmt.Sprint(dpi), "-o", filepath.Join(dir, "p%03d.png"), path).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.png"))
	must(t, err)
	for _, f := range files {
		b, err := os.ReadFile(f)
		must(t, err)
		m, err := page.Decode(b)
		must(t, err)
		out = append(out, asJPEG(t, m, dpi))
	}
	return out
}

func asJPEG(t *testing.T, m image.Image, dpi int) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, page.Gray(m), &jpeg.Options{Quality: 75}))
	// The resolution, as scanners write it: APP0 behind the beginning.
	app0 := []byte{0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 1, byte(dpi >> 8), byte(dpi), byte(dpi >> 8), byte(dpi), 0, 0}
	return slices.Concat(b.Bytes()[:2], app0, b.Bytes()[2:])
}

// Cover sheets that were printed here, laid before papers and scanned from a network scanner in one stack: every
// page comes into the case whose sheet it lay behind, and what no sheet speaks for stays in the tray.
func TestStackFromPrinterToCases(t *testing.T) {
	h, lib, _, _ := counterWindow(t)
	ctx := t.Context()
	f, err := lib.Latest("hundesteuer-anmelden")
	must(t, err)
	matter := func(name string) record.Case {
		id := record.NewID()
		c, err := h.store.Submit(ctx, "", []record.Edit{
			{Case: id, Kind: record.KindOpen, User: "weber", Payload: record.Opened{Service: f.ID, Form: f.Ref(), Title: f.Title, Roles: f.Roles}},
			{Case: id, Kind: record.KindFields, User: "weber", Payload: record.Fields{Groups: []record.GroupEdit{{
				Group: record.GroupOf(f.Roles[record.RoleFamily]), Values: record.Values{f.Roles[record.RoleFamily]: name},
			}}}},
		})
		must(t, err)
		return c
	}
	a, b := matter("Müller"), matter("Yıldız")
	p := printer{house: h, forms: lib}
	sheets, err := p.covers(ctx, []record.Case{a, b}, false, "de")
	must(t, err)
	id, err := h.store.Identity(ctx)
	must(t, err)
	foreign := sheets[0]
	foreign.Office = sorting.Authority(record.Identity{Tenant: "nachbarstadt"})
	var covers, separator bytes.Buffer
	must(t, letter.WriteCovers(&covers, sheets[0], sheets[1], foreign))
	must(t, letter.WriteSeparators(&separator, 1, letter.Separator{Lang: "de", Office: sorting.Authority(id)}))
	printed := append(asScanned(t, covers.Bytes(), 150), asScanned(t, separator.Bytes(), 150)...)
	paper := escltest.Sheets(6, 150)
	papers := [][]byte{paper[0], printed[0], paper[1], paper[2], printed[3], paper[3], printed[1], paper[4], printed[2], paper[5]}
	net := escltest.Start(t, escltest.Options{Feeder: papers})
	must(t, h.scanners().shelf.Change(ctx, "", func(b *profile.Book) error {
		b.Addresses = []string{net.URL()}
		b.Profiles = []profile.Profile{{ID: "stack", Name: "Stapel", Goes: profile.GoesSort, Device: fleet.ID(byNetwork, net.ID()), Settings: scan.Settings{Source: scan.Feeder, Mode: scan.Gray, DPI: 150}}}
		return nil
	}))
	s := newTrayScreen(t, h, lib)
	s.do("tray.scan")
	stacks, err := h.store.Tray(ctx)
	must(t, err)
	if len(stacks) != 1 || len(stacks[0].Pages) != len(papers) || !stacks[0].Done || stacks[0].Device == "" {
		t.Fatalf("in the tray: %+v", stacks)
	}
	s.do("tray.file.all")
	for _, c := range []struct {
		of   record.Case
		want []string // of each document, the pages shown
	}{{a, []string{"1 2", "3"}}, {b, []string{"4"}}} {
		now, err := h.store.Case(ctx, c.of.ID)
		must(t, err)
		var got []string
		for _, d := range now.Documents {
			var shown []string
			for _, x := range d.Sheets {
				if !x.Out {
					shown = append(shown, fmt.Sprint(slices.IndexFunc(paper, func(b []byte) bool { return record.HashOf(b) == d.Originals[x.Original].Blob.Hash })))
				}
			}
			got = append(got, strings.Join(shown, " "))
			if d.Pages != len(shown) || len(d.Originals) != len(shown)+1 || !h.blobs.Has(d.Shown.Hash) || d.Transfer == nil || len(d.Transfer.Sig) == 0 || d.Transfer.Out != 1 {
				t.Errorf("%s: %+v", c.of.Number, d)
			}
			pdf, err := h.blobs.ReadAll(d.Shown.Hash, 1<<26)
			if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
				t.Errorf("shown: %d bytes, %v", len(pdf), err)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s has %q, want %q", c.of.Number, got, c.want)
		}
	}
	left, err := h.store.TrayPages(ctx)
	if err != nil || left != 3 { // the one before all sheets, and the neighbours' sheet with its page
		t.Errorf("%d pages are left, %v", left, err)
	}
	s.do("tray.undo")
	if left, err = h.store.TrayPages(ctx); err != nil || left != len(papers) {
		t.Errorf("after taking back %d pages are there, %v", left, err)
	}
	r, err := h.store.Verify(ctx, nil)
	must(t, err)
	for _, x := range r.Problems {
		t.Error(x)
	}
}

// trayScreen is the screen with everything real behind it but the paper beside the list.
type trayScreen struct {
	t *testing.T
	*tray.Screen
}

func newTrayScreen(t *testing.T, h *house, lib *form.Library) trayScreen {
	t.Helper()
	test.NewApp()
	t.Cleanup(func() { test.NewApp() })
	win := test.NewWindow(nil)
	t.Cleanup(win.Close)
	texts, err := i18n.Load(assets.Files, "de")
	must(t, err)
	at := func(f func()) { f() }
	s := tray.New(tray.Needs{
		Texts: texts, Clock: record.SystemClock, Run: control.Inline, Do: at, Canvas: win.Canvas(), Keys: command.NewList(), User: "weber",
		Store: h.store, Pictures: pages{h}, Room: stack.New(stack.Needs{
			Clock: record.SystemClock, Run: control.Inline, Do: at, User: "weber", Store: h.store, Forms: lib, Blobs: h.blobs,
			Scanner: stacker{scanner{h.scanners()}, h.scanners()}, Reader: pages{h}, Binder: &intake.Intake{Blobs: h.blobs, Clock: record.SystemClock, Producer: "Schalter"},
		}),
	})
	win.SetContent(s.Object())
	s.Shown()
	return trayScreen{t, s}
}

// do runs a command of the screen.
func (s trayScreen) do(id string) {
	s.t.Helper()
	for _, c := range s.Commands() {
		if c.ID == id {
			if c.Enabled != nil && !c.Enabled() {
				s.t.Fatalf("%s is not offered", id)
			}
			c.Run()
			return
		}
	}
	s.t.Fatalf("there is no %s", id)
}

// Sheets are printed in the order of the cases, and one for each proof that is missing.
func TestCoverSheetsOfProofs(t *testing.T) {
	h, lib, _, _ := counterWindow(t)
	f, err := lib.Latest("hundesteuer-anmelden")
	must(t, err)
	c := record.Case{Number: "MS-1-26-00417-5", Form: f.Ref(), Title: f.Title}
	lacking := letter.Lacking(c, f, record.SystemClock())
	all, err := printer{house: h, forms: lib}.covers(context.Background(), []record.Case{c}, true, "de")
	must(t, err)
	if len(all) != max(len(lacking), 1) {
		t.Fatalf("%d sheets for %q", len(all), lacking)
	}
	for i, proof := range lacking {
		if all[i].Proof != proof || all[i].Label == proof || all[i].Code().Proof != proof {
			t.Errorf("%+v", all[i])
		}
	}
	for _, proof := range lacking {
		c.Documents = append(c.Documents, record.Document{ID: record.NewID(), Proof: proof})
	}
	if again := letter.Lacking(c, f, record.SystemClock()); len(again) != 0 {
		t.Errorf("lacks %q in spite of papers", again)
	}
	if _, err := (printer{house: h, forms: lib}).printCovers(context.Background(), nil, false, "de"); err == nil {
		t.Error("no case, and a sheet")
	}
}

// Pages that were thrown away a month ago are let go of when the desk is opened, with their files; a file that a
// paper is made of stays.
func TestThrownAwayPagesAreReleased(t *testing.T) {
	ctx := t.Context()
	h, err := create(ctx, filepath.Join(t.TempDir(), "desk"), "weber", "lange geheime Worte")
	must(t, err)
	t.Cleanup(func() { must(t, h.close()) })
	put := func(text string) record.Original {
		ref, err := h.blobs.Put(ctx, strings.NewReader(text))
		must(t, err)
		return record.Original{Name: "seite.jpg", MediaType: "image/jpeg", Blob: ref}
	}
	alone, used := put("nobody needs me"), put("I am in a draft")
	must(t, h.store.SaveDraft(ctx, record.Draft{ID: record.NewID(), User: "weber", Documents: []record.Document{{Originals: []record.Original{used}}}}))
	st := sorting.Stack{ID: record.NewID(), User: "weber"}
	must(t, h.store.BeginTray(ctx, st))
	var ids []record.ID
	for _, o := range []record.Original{alone, used} {
		p, err := h.store.AddTrayPage(ctx, st.ID, sorting.Page{ID: record.NewID(), Original: o})
		must(t, err)
		ids = append(ids, p.ID)
	}
	must(t, h.store.DropTray(ctx, "weber", ids))
	must(t, h.release(ctx, record.SystemClock()))
	if !h.blobs.Has(alone.Blob.Hash) {
		t.Fatal("released on the day it was thrown away")
	}
	must(t, h.release(ctx, record.SystemClock().Add(thrownAway+time.Hour)))
	if h.blobs.Has(alone.Blob.Hash) || !h.blobs.Has(used.Blob.Hash) {
		t.Errorf("the file nobody needs is there: %v, the draft's: %v", h.blobs.Has(alone.Blob.Hash), h.blobs.Has(used.Blob.Hash))
	}
	if gone, err := h.store.DroppedTray(ctx); err != nil || len(gone) != 0 {
		t.Errorf("still listed: %v, %v", gone, err)
	}
}
