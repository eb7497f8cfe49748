package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"schalter/data/intake"
	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/escl/escltest"
	"schalter/data/scan/fleet"
	"schalter/data/scan/profile"
	"schalter/ui/capture"
)

// furnished is an unlocked house with a profile for each device.
func furnished(t *testing.T, change func(b *profile.Book)) *house {
	t.Helper()
	h, err := create(t.Context(), t.TempDir(), "Weber", "lange geheime Worte")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.close() })
	if err := h.scanners().shelf.Change(t.Context(), "", func(b *profile.Book) error { change(b); return nil }); err != nil {
		t.Fatal(err)
	}
	return h
}

func through(id, device string, source scan.Source) profile.Profile {
	return profile.Profile{ID: id, Name: id, Device: device, Settings: scan.Settings{Source: source, Mode: scan.Gray, DPI: 75}}
}

// scanned is what the capture screen gets.
type scanned struct {
	pages    [][]byte
	names    []string
	warnings []record.Code
	last     capture.ScanEvent
	err      error
}

func scanWith(t *testing.T, h *house, id string) (got scanned) {
	t.Helper()
	got.err = scanner{h.scanners()}.Scan(t.Context(), id, func(e capture.ScanEvent) error {
		switch e.Kind {
		case capture.ScanPage:
			got.pages, got.names = append(got.pages, e.Data), append(got.names, e.Name)
		case capture.ScanWarning:
			got.warnings = append(got.warnings, e.Trouble.Code)
		}
		got.last = e
		return nil
	})
	return got
}

// One desk scans from the system's scanner, from the network and from a watched folder, and remembers what it
// used last.
func TestAllWaysToScan(t *testing.T) {
	sheets := escltest.Sheets(3, 75)
	net := escltest.Start(t, escltest.Options{Feeder: sheets})
	dir := t.TempDir()
	for i, name := range []string{"scan1.jpg", "scan2.jpg"} {
		at := time.Now().Add(time.Duration(i-10) * time.Minute)
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, sheets[i], 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	h := furnished(t, func(b *profile.Book) {
		b.Addresses, b.Folders = []string{net.URL()}, []string{dir}
		b.Profiles = append(b.Profiles, through("net", fleet.ID(byNetwork, net.ID()), scan.Feeder), through("folder", fleet.ID(byFolder, dir), scan.Feeder),
			through("sane", "sane:test:0", scan.Feeder), through("last", "", scan.Feeder))
	})

	got := scanWith(t, h, "net")
	if got.err != nil || len(got.pages) != 3 || !bytes.Equal(got.pages[2], sheets[2]) || got.last.Kind != capture.ScanDone {
		t.Fatalf("%d pages, %v", len(got.pages), got.err)
	}
	if got.last.Device == "" || got.last.Settings != "feeder gray 75 dpi A4" || got.names[0] != "seite-001.jpg" {
		t.Errorf("%+v, %v", got.last, got.names)
	}
	net.Reset(sheets...)
	if got := scanWith(t, forgetful(h), "last"); got.err != nil || len(got.pages) != 3 { // nothing was looked for
		t.Errorf("the device used last: %d pages, %v", len(got.pages), got.err)
	}

	if got = scanWith(t, h, "folder"); got.err != nil || len(got.pages) != 2 || !slices.Equal(got.names, []string{"scan1.jpg", "scan2.jpg"}) {
		t.Errorf("folder: %v, %v", got.names, got.err)
	}

	if _, err := exec.LookPath("scanimage"); err != nil {
		t.Skip("scanimage is not installed")
	}
	conf := t.TempDir()
	for name, text := range map[string]string{"dll.conf": "test\n", "test.conf": "geometry_max 300.0\n"} {
		if err := os.WriteFile(filepath.Join(conf, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("SANE_CONFIG_DIR", conf)
	if got = scanWith(t, h, "sane"); got.err != nil || len(got.pages) != 10 {
		t.Errorf("sane: %d pages, %v", len(got.pages), got.err)
	}
	if b := h.scanners().book(); b.Last.ID != "sane:test:0" {
		t.Errorf("used last: %+v", b.Last)
	}
}

// forgetful is the same house after a new start of the program.
func forgetful(h *house) *house {
	again := *h
	again.scanners = func() *devices { return newDevices(h) }
	return &again
}

// A scanner with a certificate of its own gets nothing before somebody has compared it.
func TestACertificateIsConfirmedOnce(t *testing.T) {
	net := escltest.Start(t, escltest.Options{Feeder: escltest.Sheets(1, 75), Platen: escltest.Sheet(1, 75), TLS: true})
	h := furnished(t, func(b *profile.Book) {
		b.Addresses = []string{net.URL()}
		b.Profiles = append(b.Profiles, through("net", fleet.ID(byNetwork, net.URL()), scan.Feeder))
	})
	office := scannersDesk{h.scanners()}
	_, err := office.Identify(t.Context(), net.URL())
	c, ok := office.Certificate(err)
	if !ok || c.Fingerprint == "" || c.Known != "" || record.CodeOf(err) != record.CodeScanCertNew {
		t.Fatalf("%+v, %v", c, err)
	}
	if got := scanWith(t, h, "net"); record.CodeOf(got.err) != record.CodeScanCertNew || len(net.Sent()) > 0 {
		t.Fatalf("%d pages, %v", len(got.pages), got.err)
	}
	if err := office.Change(t.Context(), "", func(b *profile.Book) error { b.Certificates[c.Device] = c.Fingerprint; return nil }); err != nil {
		t.Fatal(err)
	}
	d, err := office.Identify(t.Context(), net.URL())
	if err != nil || !strings.HasPrefix(d.ID, byNetwork+":") {
		t.Fatalf("%+v, %v", d, err)
	}
	if p, err := office.Try(t.Context(), d.ID); err != nil || p.Width == 0 {
		t.Fatalf("%+v, %v", p, err)
	}
	if got := scanWith(t, h, "net"); got.err != nil || len(got.pages) != 1 {
		t.Errorf("%d pages, %v", len(got.pages), got.err)
	}
}

// What the house has already, as after a power failure, is not handed over again.
func TestAFolderKnowsWhatTheHouseHas(t *testing.T) {
	dir := t.TempDir()
	sheet := escltest.Sheet(1, 75)
	if err := os.WriteFile(filepath.Join(dir, "a.jpg"), sheet, 0o600); err != nil {
		t.Fatal(err)
	}
	h := furnished(t, func(b *profile.Book) {
		b.Folders = []string{dir}
		b.Profiles = append(b.Profiles, through("folder", fleet.ID(byFolder, dir), scan.Feeder))
	})
	ref, err := h.blobs.Put(t.Context(), bytes.NewReader(sheet))
	if err != nil {
		t.Fatal(err)
	}
	draft := record.Draft{ID: record.NewID(), Form: record.FormRef{ID: "hundesteuer-anmelden", Version: "1.0.0"}, User: "Weber", Documents: []record.Document{{
		ID: record.NewID(), Title: "Impfpass", Source: record.SourceScan, Pages: 1, Originals: []record.Original{{Name: "a.jpg", MediaType: "image/jpeg", Blob: ref}},
	}}}
	if err := h.store.SaveDraft(t.Context(), draft); err != nil {
		t.Fatal(err)
	}
	got := scanWith(t, h, "folder")
	if got.err != nil && record.CodeOf(got.err) != record.CodeScanNoPaper || len(got.pages) != 0 || !slices.Equal(got.warnings, []record.Code{"scan.file_twice"}) {
		t.Fatalf("%d pages, %v, %v", len(got.pages), got.warnings, got.err)
	}
	if _, err := os.Stat(filepath.Join(dir, "duplicate", "a.jpg")); err != nil {
		t.Error(err)
	}
}

func TestProfilesOnKeysAreThoseClerksKnow(t *testing.T) {
	h := furnished(t, func(b *profile.Book) {
		b.Profiles[1].Name = "Ausweise"
		b.Profiles[2].NoBlank = true
		b.Profiles = append(b.Profiles, profile.Profile{ID: "s", Name: "Post", Goes: profile.GoesSort, Settings: b.Profiles[1].Settings})
	})
	all := scanner{h.scanners()}.Profiles()
	if len(all) != 4 || all[0].In("de") != "Flachbett, grau, 300 dpi" || all[0].In("en") == all[0].In("de") || all[1].In("en") != "Ausweise" || !all[2].Unmarked || all[0].Unmarked {
		t.Errorf("%+v", all)
	}
}

func TestOnlyFoldersAreWatched(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.pdf")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := scannersDesk{}
	for typed, want := range map[string]record.Code{dir: "", ` "` + dir + `" `: "", file: record.CodeScanFolder, "": record.CodeScanFolder, dir + "/weg": record.CodeScanFolder} {
		if full, err := s.Folder(typed); record.CodeOf(err) != want || err == nil && full != dir {
			t.Errorf("%q: %q %v", typed, full, err)
		}
	}
}

// A scanner that has only PDF gives its stack as one document, which can be bound with other pages and is shown as
// it came; where pages have to come one by one it is told before any paper is drawn in.
func TestAScannerThatHasOnlyPDF(t *testing.T) {
	sheets := escltest.Sheets(4, 75)
	net := escltest.Start(t, escltest.Options{Feeder: sheets, Formats: []string{"application/pdf"}, Document: escltest.Bound})
	h := furnished(t, func(b *profile.Book) {
		b.Profiles = append(b.Profiles, through("net", fleet.ID(byNetwork, net.ID()), scan.Feeder))
	})
	err := (loose{scanner{h.scanners()}}).Scan(t.Context(), "net", func(capture.ScanEvent) error { return nil })
	if record.CodeOf(err) != record.CodeScanFormat || net.Left() != 4 {
		t.Fatalf("%v, %d sides left", err, net.Left())
	}
	var page capture.ScanEvent
	err = (scanner{h.scanners()}).Scan(t.Context(), "net", func(e capture.ScanEvent) error {
		if e.Kind == capture.ScanPage {
			page = e
		}
		return nil
	})
	if err != nil || page.Pages != 4 || page.Page != 1 || page.Name != "seiten-001-004.pdf" || page.MediaType != "application/pdf" {
		t.Fatalf("%d pages %q, %v", page.Pages, page.Name, err)
	}
	ref, err := h.blobs.Put(t.Context(), bytes.NewReader(page.Data))
	if err != nil {
		t.Fatal(err)
	}
	doc := record.Document{Title: "Impfpass", Pages: 4, Originals: []record.Original{{Name: page.Name, MediaType: page.MediaType, Blob: ref}}}
	for p := range 4 {
		doc.Sheets = append(doc.Sheets, record.Sheet{Page: p})
	}
	in := &intake.Intake{Blobs: h.blobs, Clock: record.SystemClock, Producer: "Schalter"}
	if shown, n, err := in.Bind(t.Context(), doc); err != nil || n != 4 || shown != ref {
		t.Errorf("as it came: %d pages, %v, its own bytes: %v", n, err, shown == ref)
	}
	doc.Sheets = append(doc.Sheets[2:], doc.Sheets[0])
	doc.Sheets[0].Turns = 1
	shown, n, err := in.Bind(t.Context(), doc)
	if err != nil || n != 3 {
		t.Fatalf("in another order: %d pages, %v", n, err)
	}
	b, err := h.blobs.ReadAll(shown.Hash, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for _, sheet := range [][]byte{sheets[2], sheets[3], sheets[0]} {
		if !bytes.Contains(b, sheet) {
			t.Error("a picture was packed anew")
		}
	}
}
