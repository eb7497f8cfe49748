//go:build linux

package journey

import (
	"bytes"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"codeberg.org/go-pdf/fpdf"
)

// files: a citizen's stick with a locked PDF, one of 2 GB, one that is no PDF inside, one without pages and
// one that cannot be read. What can be kept is kept byte for byte, and the window takes no harm.
func files(t *testing.T, w *town) {
	w.run(w.desk, "init", "--data", w.data("platz"), "--user", "M. Weber")
	stick := w.data("Stick")
	kept := badFiles(t, stick)
	one := newScreen(t, "platz", 1920, 1080, shots(t))
	win := w.open(one, w.data("platz"))
	win.unlock(w.passphrase)
	folder(one, stick)
	one.beside(win)
	one.run("xdotool", "windowfocus", "--sync", win.id)
	win.begin()
	win.write("Yıldız")

	// One after another onto the proof. What cannot be taken is named, and stays named until she closes it.
	paper := one.where("Noch kein Schriftstück")
	drop := func(column, row int) { // places in the file manager, by name
		one.drag(image.Pt(1588+94*column, 165+77*row), paper)
	}
	drop(0, 1)
	win.see("„Riese.pdf“ ist größer als 300 MB", "Bitte die Datei aufteilen")
	drop(1, 1)
	win.see("„Riese.pdf“ ist größer als 300 MB", "„Stumm.pdf“ kann nicht gelesen werden", "Bitte die Datei aufteilen", "Bitte prüfen, ob der Datenträger noch steckt")
	one.keep(1, "was-nicht-geht")
	drop(1, 0)
	win.see("Kann nicht angezeigt werden", "Diese Datei lässt sich nicht anzeigen", "unverändert gespeichert")
	one.keep(2, "kaputt")
	drop(2, 0)
	win.see("Diese Datei enthält keine Seite", "Lassen Sie sich die Datei noch einmal geben")
	one.keep(3, "ohne-seiten")

	// The locked one asks for its password where the page would be.
	drop(0, 0)
	win.see("Mit einem Kennwort geschützt", "Geben Sie das Kennwort der Datei ein")
	one.keep(4, "kennwort")
	win.press("F7")
	win.write("falsch")
	win.press("Return")
	win.see("Dieses Kennwort öffnet die Datei nicht")
	one.keep(5, "falsches-kennwort")
	win.press("ctrl+a")
	win.write("Sesam")
	win.press("Return")
	win.see("Nachweis Nachweis", "Seite 1 von 1")
	one.keep(6, "mit-kennwort")
	win.lives()
	win.kill()

	d, papers := w.draft("platz")
	holds(t, d, "Yıldız")
	if len(d.Documents) != len(kept) {
		t.Errorf("%d papers, want %d", len(d.Documents), len(kept))
	}
	for name, data := range kept {
		title := name[:len(name)-len(filepath.Ext(name))]
		if got := papers[title+"/"+name]; !bytes.Equal(got, data) {
			t.Errorf("%s: %d bytes are kept of %d", name, len(got), len(data))
		}
	}
}

// badFiles fills a stick and returns those files that are to be kept.
func badFiles(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	kept := map[string][]byte{
		"Gesperrt.pdf": lockedPDF(t, "Nachweis", "Sesam"),
		"Kaputt.pdf":   []byte("%PDF-1.7\nhier fehlt alles"),
		"Leer.pdf":     []byte("%PDF-1.4\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n2 0 obj <</Type /Pages /Kids [] /Count 0>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"),
	}
	for name, data := range kept {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "Riese.pdf"), []byte("%PDF-1.4\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(dir, "Riese.pdf"), 2<<30); err != nil {
		t.Fatal(err)
	}
	// Reading fails in the middle of it, as on a stick that was pulled out. Rights would not keep root out.
	if err := os.Symlink("/proc/self/mem", filepath.Join(dir, "Stumm.pdf")); err != nil {
		t.Fatal(err)
	}
	return kept
}

func lockedPDF(t *testing.T, text, password string) []byte {
	t.Helper()
	p := fpdf.New("P", "mm", "A4", "")
	p.SetProtection(0, password, "")
	p.AddPage()
	p.SetFont("Helvetica", "", 32)
	for y := 20.0; y < 280; y += 20 { // somewhere the mouse does not cover it
		p.Text(20, y, text)
		p.Text(110, y, text)
	}
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// folder opens a folder in the file manager, without a session bus: nothing of it outlives the test.
func folder(s *screen, dir string) {
	s.t.Helper()
	c := exec.Command("pcmanfm", "--no-desktop", dir)
	home := s.t.TempDir()
	c.Env = append(s.env(), "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home, "LC_ALL=C.UTF-8", "DBUS_SESSION_BUS_ADDRESS=disabled:")
	if err := c.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
}
