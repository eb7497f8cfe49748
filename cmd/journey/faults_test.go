//go:build linux

package journey

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"schalter/data/record"
)

// TestFaults holds against the real windows what goes wrong at a counter: each fault is said in words that
// tell what to do, nothing claims more than is true, and afterwards everything is there.
func TestFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("windows take a minute")
	}
	needs(t, "Xvfb", "xdotool", "setxkbmap", "tesseract", "pcmanfm", "dbus-run-session", "scanimage")
	w := newTown(t)
	for name, fault := range map[string]func(*testing.T, *town){
		"disk and scanner": diskAndScanner,
		"files":            files,
		"line":             strangersOnTheLine,
	} {
		t.Run(name, func(t *testing.T) { fault(t, w.part(t)) })
	}
}

// part is a town of its own for one test, with the same programs.
func (w *town) part(t *testing.T) *town {
	t.Helper()
	p := *w
	p.t, p.dir = t, t.TempDir()
	p.scanner = filepath.Join(p.dir, "sane")
	for _, dir := range []string{p.scanner, filepath.Join(p.dir, ".cache")} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(p.scanner, "dll.conf"), []byte("test\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.scannerDoes()
	return &p
}

// scannerDoes sets how the scanner behaves from its next scan on.
func (w *town) scannerDoes(options ...string) {
	w.t.Helper()
	text := strings.Join(append([]string{"geometry_max 300.0", "test-picture Grid"}, options...), "\n") + "\n"
	if err := os.WriteFile(filepath.Join(w.scanner, "test.conf"), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// shots is where the pictures of the faults are left.
func shots(t *testing.T) string {
	if dir := os.Getenv("SCHALTER_FAULTS"); dir != "" {
		return dir
	}
	return t.TempDir()
}

// begin opens an empty application for a dog.
func (w *window) begin() {
	w.t.Helper()
	w.press("ctrl+n")
	w.see("Neuer Vorgang", "Beglaubigung")
	w.write("Hund anmelden")
	w.press("Return")
	w.see("Halterin oder Halter", "Nachname")
}

// stands tells whether a word stands on the screen exactly so: "Gespeichert" is a claim, "nicht gespeichert"
// is none.
func (s *screen) stands(word string) bool {
	s.t.Helper()
	for _, seen := range s.read() {
		if strings.Trim(seen.text, ".,:;") == word {
			return true
		}
	}
	return false
}

// claims waits for a word, exactly so.
func (s *screen) claims(word string) {
	s.t.Helper()
	for deadline := time.Now().Add(patience); !s.stands(word); {
		if time.Now().After(deadline) {
			s.keep(98, "no-claim")
			s.t.Fatalf("%s: %q does not stand on the screen after %v", s.name, word, patience)
		}
	}
}

// nowhere fails when a word stands on the screen exactly so.
func (s *screen) nowhere(word string) {
	s.t.Helper()
	for range 2 { // with both kinds of eyes
		if s.stands(word) {
			s.keep(98, "claims")
			s.t.Fatalf("%s: %q stands on the screen", s.name, word)
		}
	}
}

// lives fails when the window's program has ended.
func (w *window) lives() {
	w.t.Helper()
	if err := w.cmd.Process.Signal(syscall.Signal(0)); err != nil {
		w.t.Fatalf("the window is gone: %v\n%s", err, w.err)
	}
}

// draft is the only draft a desk holds, with what is in its papers. The desk's window must be gone.
func (w *town) draft(name string) (record.Draft, map[string][]byte) {
	w.t.Helper()
	s, b := w.opened(w.t, name)
	defer s.Close()
	all, err := s.Drafts(w.t.Context())
	if err != nil || len(all) != 1 {
		w.t.Fatalf("drafts: %d, %v", len(all), err)
	}
	papers := map[string][]byte{}
	for _, d := range all[0].Documents {
		for _, o := range d.Originals {
			data, err := b.ReadAll(o.Blob.Hash, 1<<30)
			if err != nil {
				w.t.Fatalf("%s of %s: %v", o.Name, d.Title, err)
			}
			papers[d.Title+"/"+o.Name] = data
		}
	}
	return all[0], papers
}

// holds fails unless every value was stored.
func holds(t *testing.T, d record.Draft, values ...string) {
	t.Helper()
	have := map[string]bool{}
	for _, v := range d.Values {
		have[v] = true
	}
	for _, v := range values {
		if !have[v] {
			t.Errorf("%q was typed and is not stored: %v", v, d.Values)
		}
	}
}
