package preview

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"schalter/data/record"
)

// fixtures is the folder of hostile and ordinary files beside the repository.
func fixtures(t testing.TB) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for !exists(filepath.Join(dir, "go.mod")) {
		if filepath.Dir(dir) == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	dir = filepath.Join(dir, "..", "shared", "fixtures", "pdf")
	if !exists(dir) {
		t.Skip("the fixture folder ../shared/fixtures/pdf is missing")
	}
	return dir
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func newRenderer(t testing.TB, o Options) *Renderer {
	r := New(o)
	t.Cleanup(r.Close)
	return r
}

// TestEveryFixtureIsShownOrRefused shows one after the other with the same renderer; whatever a file
// does, the next one must be shown.
func TestEveryFixtureIsShownOrRefused(t *testing.T) {
	dir := fixtures(t)
	files, err := filepath.Glob(filepath.Join(dir, "*.pdf"))
	if err != nil || len(files) == 0 {
		t.Fatal("no fixtures", err)
	}
	refused := map[string]record.Code{
		"gen__html-renamed.pdf":              record.CodePDFCannotShow,
		"gen__zero-bytes.pdf":                record.CodePDFCannotShow,
		"gen__aes256-pw-benutzer.pdf":        record.CodePDFPassword,
		"encrypted__issue3371.pdf":           record.CodePDFPassword,
		"broken__Brotli-Prototype-FileA.pdf": record.CodePDFNoPages,
		"broken__issue15590.pdf":             record.CodePDFNoPages,
		"gen__huge-page-200inch.pdf":         record.CodePDFTooLarge,
		"gen__huge-page-2e6pt.pdf":           record.CodePDFTooLarge,
		"gen__xobject-billion-laughs.pdf":    record.CodePDFTimeout,
	}
	mayFail := []string{"broken__", "heavy__", "gen__", "encrypted__"}
	r := newRenderer(t, Options{})
	slow := r // these need seconds or never end; either answer is right
	if os.Getenv("SCHALTER_LONG") == "" {
		slow = newRenderer(t, Options{JobTime: time.Second})
	}
	good := pages("alive")
	shown := 0
	for _, path := range files {
		name := filepath.Base(path)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		with := r
		if strings.HasPrefix(name, "gen__flate-bomb") || name == "gen__xobject-billion-laughs.pdf" {
			with = slow
		}
		text, err := showFirst(with, data, "")
		took := time.Since(start)
		var e *record.Error
		switch want := refused[name]; {
		case took > 10*time.Second:
			t.Errorf("%s: took %v", name, took)
		case err != nil && !errors.As(err, &e):
			t.Errorf("%s: not a record.Error: %v", name, err)
		case want != "" && record.CodeOf(err) != want:
			t.Errorf("%s: %v instead of %s", name, err, want)
		case err != nil && want == "" && !hasPrefix(name, mayFail):
			t.Errorf("%s: %v", name, err)
		}
		t.Logf("%-50s %6d ms text %d %v", name, took.Milliseconds(), len(text), err)
		if err == nil {
			shown++
			continue
		}
		if err := alive(with, good); err != nil {
			t.Fatalf("after %s nothing is shown any more: %v", name, err)
		}
	}
	if shown < len(files)*3/5 { // the bombs are too slow for a machine that is busy
		t.Errorf("only %d of %d shown", shown, len(files))
	}
}

func longRun() bool { return os.Getenv("SCHALTER_LONG") != "" }

func hasPrefix(name string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

// alive shows a good file; where little time is given, a busy machine may need several tries.
func alive(r *Renderer, good []byte) (err error) {
	for range 10 {
		if _, err = showFirst(r, good, ""); record.CodeOf(err) != record.CodePDFTimeout {
			return err
		}
	}
	return err
}

// showFirst opens, draws and reads the first page, in both ways, and what the file says about itself.
func showFirst(r *Renderer, data []byte, password string) (string, error) {
	text, _, err := showAndTime(r, data, password)
	return text, err
}

// showAndTime tells as well how long it took until the page was shown or refused; what is asked for afterwards has a
// time of its own.
func showAndTime(r *Renderer, data []byte, password string) (text string, took time.Duration, err error) {
	ctx := context.Background()
	start := time.Now()
	d, err := r.Open(ctx, data, "application/pdf", password)
	if err != nil {
		return "", time.Since(start), err
	}
	defer d.Close()
	_, err = d.Render(ctx, 0, 100, 0)
	if took = time.Since(start); err != nil {
		return "", took, err
	}
	text, err = readFirst(ctx, d)
	return text, took, err
}

func readFirst(ctx context.Context, d *Document) (string, error) {
	if _, err := d.Words(ctx, 0); err != nil {
		return "", err
	}
	if _, err := d.Contents(ctx); err != nil {
		return "", err
	}
	if _, err := d.Links(ctx, 0); err != nil {
		return "", err
	}
	return d.Text(ctx, 0)
}
