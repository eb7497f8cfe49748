package preview

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/record"
)

// archive is a file that can be read in any order; it counts what is read of it.
type archive struct {
	name   string
	data   []byte
	opened atomic.Int64
	open   atomic.Int64
	read   atomic.Int64
	breaks atomic.Int64 // reading from here on fails; 0 never
}

func (a *archive) file() File {
	return File{Key: a.name, Size: int64(len(a.data)), Open: func() (io.ReadCloser, error) {
		a.opened.Add(1)
		a.open.Add(1)
		return &archived{a, bytes.NewReader(a.data)}, nil
	}}
}

type archived struct {
	a *archive
	*bytes.Reader
}

func (r *archived) Close() error { r.a.open.Add(-1); return nil }

func (r *archived) ReadAt(p []byte, off int64) (int, error) {
	if b := r.a.breaks.Load(); b > 0 && off+int64(len(p)) > b {
		return 0, errBroken
	}
	n, err := r.Reader.ReadAt(p, off)
	r.a.read.Add(int64(n))
	return n, err
}

// padded is a PDF of some pages with so many bytes that nobody needs in their midst.
func padded(size int, lines ...string) []byte {
	data := pages(lines...)
	at := bytes.Index(data, []byte("xref\n0 "))
	moved := strings.Replace(string(data[at:]), "startxref\n"+itoa(at), "startxref\n"+itoa(at+size), 1)
	return slices.Concat(data[:at], bytes.Repeat([]byte("%\n"), size/2), []byte(moved))
}

func itoa(n int) string {
	var b []byte
	for ; n > 0; n /= 10 {
		b = append([]byte{byte('0' + n%10)}, b...)
	}
	return string(b)
}

func TestALargeFileIsReadWhereItIsNeeded(t *testing.T) {
	r := newRenderer(t, Options{})
	lines := make([]string, 400)
	for i := range lines {
		lines[i] = "Seite " + itoa(i+1)
	}
	a := &archive{data: padded(40<<20, lines...)}
	d, err := r.OpenFile(t.Context(), a.file(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	if d.Pages() != 400 || !d.src.far {
		t.Fatalf("%d pages, far %v", d.Pages(), d.src.far)
	}
	near := open(t, r, pages(lines...), "")
	for _, page := range []int{0, 399, 7, 200} {
		if !slices.Equal(draw(t, d, page, 50, 0).Pix, draw(t, near, page, 50, 0).Pix) {
			t.Errorf("page %d is another picture", page)
		}
		if text, err := d.Text(t.Context(), page); err != nil || strings.TrimSpace(text) != lines[page] {
			t.Errorf("page %d says %q, %v", page, text, err)
		}
	}
	if n := a.read.Load(); n > 4<<20 {
		t.Errorf("%d of %d bytes were read", n, len(a.data))
	}
	settled(r)
	if a.open.Load() != 0 {
		t.Error("the file is still open")
	}
}

func TestAFarFileOutlivesItsHelperAndItsMemory(t *testing.T) {
	r := newRenderer(t, Options{Whole: 1000})
	a := &archive{data: padded(20<<20, "eins", "zwei", "drei")}
	d, err := r.OpenFile(t.Context(), a.file(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	before := draw(t, d, 0, 72, 0).Pix
	settled(r)
	r.Forget()
	if !slices.Equal(before, draw(t, d, 0, 72, 0).Pix) {
		t.Error("another picture with another helper")
	}
	for i := range 6 { // more files than the helper keeps
		draw(t, open(t, r, pages("x"+itoa(i+1)), ""), 0, 40, 0)
	}
	if text, err := d.Text(t.Context(), 2); err != nil || strings.TrimSpace(text) != "drei" {
		t.Errorf("text %q, %v", text, err)
	}
	locked := &archive{name: "locked", data: locked(t, padded(20<<10, "geheim"), "wort")}
	for _, wrong := range []string{"", "falsch"} {
		if _, err := r.OpenFile(t.Context(), locked.file(), "", wrong); record.CodeOf(err) != record.CodePDFPassword {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if d, err = r.OpenFile(t.Context(), locked.file(), "", "wort"); err != nil || !d.src.far {
		t.Error(err)
	}
}

func TestAFarFileThatBreaksSaysSoAndComesBack(t *testing.T) {
	r := newRenderer(t, Options{Whole: 1000})
	a := &archive{data: padded(3<<20, "eins", "zwei")}
	a.breaks.Store(2 << 20)
	if _, err := r.OpenFile(t.Context(), a.file(), "", ""); !errors.Is(err, errBroken) {
		t.Errorf("broken while opening: %v", err)
	}
	a.breaks.Store(0)
	d, err := r.OpenFile(t.Context(), a.file(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	a.breaks.Store(1)
	r.Forget()
	if _, err := d.Text(t.Context(), 1); !errors.Is(err, errBroken) {
		t.Errorf("broken while reading: %v", err)
	}
	a.breaks.Store(0)
	if text, err := d.Text(t.Context(), 1); err != nil || strings.TrimSpace(text) != "zwei" {
		t.Errorf("mended: %q, %v", text, err)
	}
}

// TestFixturesAreTheSameFromFar compares what is drawn with what is drawn of the whole file.
func TestFixturesAreTheSameFromFar(t *testing.T) {
	dir := fixtures(t)
	r := newRenderer(t, Options{Whole: 1})
	for _, name := range []string{"normal__tracemonkey.pdf", "form__160F-2019.pdf", "scan__cmykjpeg.pdf", "gen__5000-pages.pdf", "broken__bug1250079.pdf", "gen__truncated.pdf"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		whole := File{Key: name, Size: int64(len(data)), Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
		far := File{Key: name + " far", Size: whole.Size, Open: (&archive{data: data}).file().Open}
		a, errA := r.OpenFile(t.Context(), whole, "", "")
		b, errB := r.OpenFile(t.Context(), far, "", "")
		if record.CodeOf(errA) != record.CodeOf(errB) {
			t.Fatalf("%s: %v and %v", name, errA, errB)
		}
		if errA != nil {
			continue
		}
		if a.src.far || !b.src.far || a.Pages() != b.Pages() || !slices.Equal(draw(t, a, 0, 60, 0).Pix, draw(t, b, 0, 60, 0).Pix) {
			t.Errorf("%s is another picture", name)
		}
	}
}

// TestDamagedFarFiles cuts and changes a file, which makes the library search it from end to end.
func TestDamagedFarFiles(t *testing.T) {
	r := newRenderer(t, Options{Whole: 1})
	rapid.Check(t, func(t *rapid.T) {
		data := padded(rapid.IntRange(0, 3).Draw(t, "padding")*300<<10, "eins", "zwei")
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			data[rapid.IntRange(20, len(data)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "bits"))
		}
		data = data[:rapid.IntRange(len(data)/2, len(data)).Draw(t, "cut")]
		f := File{Key: string(data), Size: int64(len(data)), Open: (&archive{data: data}).file().Open}
		d, err := r.OpenFile(t.Context(), f, "", "")
		if err == nil {
			_, err = d.Render(t.Context(), 0, 30, 0)
			d.Close()
		}
		if _, died := errors.AsType[*deathError](err); died {
			t.Fatalf("%v", err)
		}
	})
}
