package folder

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/scantest"
)

// world is a watched folder whose time passes only while it is waited.
type world struct {
	*Driver
	dir    string
	now    time.Time
	during map[int]func() // by the number of the pause
	pauses int
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{dir: t.TempDir(), now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), during: map[int]func(){}}
	w.Driver = &Driver{
		Folders: func() []string { return []string{w.dir} },
		Clock:   func() time.Time { return w.now },
		Pause: func(ctx context.Context, d time.Duration) error {
			w.now = w.now.Add(d)
			w.pauses++
			if f := w.during[w.pauses]; f != nil {
				f()
			}
			return ctx.Err()
		},
	}
	return w
}

// put writes a file that came so many minutes after nine.
func (w *world) put(t *testing.T, name string, data []byte, minute int) {
	t.Helper()
	path := filepath.Join(w.dir, name)
	at := time.Date(2026, 11, 23, 9, minute, 0, 0, time.UTC)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

// got is what a scan told: names of files, and warnings with names.
type got struct {
	names []string
	data  [][]byte
	told  []string
	err   error
}

func (w *world) scan(t *testing.T) (g got) {
	t.Helper()
	s, err := w.Open(t.Context(), w.dir)
	if err != nil {
		return got{err: err}
	}
	g.err = s.Scan(t.Context(), scan.Settings{}, func(e scan.Event) error {
		if e.Page != nil {
			g.names = append(g.names, e.Page.Name)
			g.data = append(g.data, e.Page.Data)
		}
		if e.Kind == scan.Warning {
			g.told = append(g.told, fmt.Sprint(e.Code, " ", e.Args["name"]))
		}
		return nil
	})
	return g
}

// lies lists every file below the folder.
func (w *world) lies(t *testing.T) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(w.dir, func(p string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			rel, _ := filepath.Rel(w.dir, p)
			all = append(all, rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func picture(i int) []byte {
	img := image.NewGray(image.Rect(0, 0, 40, 60))
	img.SetGray(i%40, i/40, color.Gray{Y: 200})
	var b bytes.Buffer
	_ = png.Encode(&b, img)
	return b.Bytes()
}

func photo(i int) []byte {
	img := image.NewGray(image.Rect(0, 0, 40, 60))
	for x := range 40 {
		img.SetGray(x, i%60, color.Gray{Y: 200})
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, nil)
	return b.Bytes()
}

func paper(i int) []byte { return fmt.Appendf(nil, "%%PDF-1.4\n%% %d\ntrailer\n%%%%EOF\n", i) }

func TestContract(t *testing.T) {
	w := newWorld(t)
	var sent [][]byte
	fresh := func(t *testing.T) scan.Driver {
		sent = nil
		again := newWorld(t)
		left, _ := filepath.Glob(filepath.Join(w.dir, "*"))
		for _, p := range left {
			if err := os.RemoveAll(p); err != nil {
				t.Fatal(err)
			}
		}
		again.dir = w.dir
		if err := os.MkdirAll(w.dir, 0o700); err != nil {
			t.Fatal(err)
		}
		for i, data := range [][]byte{picture(1), photo(2), paper(3), picture(4), paper(5)} {
			again.put(t, fmt.Sprintf("Scan%d.dat", i+1), data, i)
			sent = append(sent, data)
		}
		return again.Driver
	}
	scantest.Run(t, scantest.Bench{
		Device: w.dir, Stack: 5, Files: true, Fresh: fresh, Bytes: func() [][]byte { return sent },
		Trouble: func(t *testing.T, c record.Code) scan.Driver {
			d := fresh(t).(*Driver)
			switch {
			case c == record.CodeScanNoPaper:
				left, _ := filepath.Glob(filepath.Join(w.dir, "*"))
				for _, p := range left {
					_ = os.Remove(p)
				}
				return d
			case c == record.CodeScanDenied && os.Getuid() != 0:
				if err := os.Chmod(w.dir, 0o500); err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = os.Chmod(w.dir, 0o700) })
				return d
			}
			return nil
		},
		Gone: func(t *testing.T, after int) (scan.Driver, record.Code) {
			d := fresh(t).(*Driver)
			n := 0
			d.Known = func(context.Context, record.Hash) (bool, error) {
				if n++; n > after {
					return false, os.RemoveAll(w.dir)
				}
				return false, nil
			}
			return d, record.CodeScanFolder
		},
	})
}

func TestFilesComeInTheirOrderWithTheirBytes(t *testing.T) {
	w := newWorld(t)
	w.put(t, "scan 10.pdf", paper(10), 5)
	w.put(t, "scan 9.pdf", paper(9), 5)
	w.put(t, "zuerst.jpg", photo(1), 1)
	w.put(t, "falsche-endung.pdf", picture(2), 9)
	g := w.scan(t)
	if g.err != nil || !slices.Equal(g.names, []string{"zuerst.jpg", "scan 9.pdf", "scan 10.pdf", "falsche-endung.pdf"}) || len(g.told) > 0 {
		t.Fatalf("%+v", g)
	}
	if !bytes.Equal(g.data[3], picture(2)) || !bytes.Equal(g.data[0], photo(1)) {
		t.Error("bytes differ")
	}
	for _, p := range w.lies(t) {
		if !strings.HasPrefix(p, Done+string(filepath.Separator)) {
			t.Errorf("%s was not put aside", p)
		}
	}
}

// A device writes for a while, with pauses: the file is taken when it is whole, and once.
func TestHalfWrittenFilesAreWaitedFor(t *testing.T) {
	w := newWorld(t)
	whole := photo(7)
	w.put(t, "scan.jpg", whole[:200], 0)
	w.put(t, "spaeter.jpg", photo(8), 1)
	for i := range 5 {
		w.during[2*i+1] = func() { w.put(t, "scan.jpg", whole[:min(len(whole), 250+i*len(whole)/4)], 0) }
	}
	g := w.scan(t)
	if g.err != nil || !slices.Equal(g.names, []string{"scan.jpg", "spaeter.jpg"}) || !bytes.Equal(g.data[0], whole) {
		t.Fatalf("%v %v after %d pauses", g.names, g.err, w.pauses)
	}
}

// What looks at rest but has no end is waited for too: the line of the device may hang.
func TestAFileWithoutAnEndIsNotTaken(t *testing.T) {
	for name, half := range map[string][]byte{"a.pdf": paper(1)[:12], "b.jpg": photo(1)[:300], "c.png": picture(1)[:40], "d.pdf": {}} {
		w := newWorld(t)
		w.put(t, name, half, 0)
		w.during[10] = func() { w.put(t, name, paper(5), 1) }
		if g := w.scan(t); g.err != nil || len(g.names) != 1 || len(g.told) > 0 || !bytes.Equal(g.data[0], paper(5)) {
			t.Errorf("%s: %+v", name, g)
		}
	}
}

func TestWhatCannotBeReadIsPutAsideAndTold(t *testing.T) {
	w := newWorld(t)
	junk := map[string][]byte{"leer.pdf": {}, "programm.pdf": []byte("MZ\x90\x00"), "seite.html": []byte("<html></html>"), "halb.jpg": photo(1)[:300]}
	for name, b := range junk {
		w.put(t, name, b, 0)
	}
	w.put(t, "gut.pdf", paper(1), 1)
	g := w.scan(t)
	slices.Sort(g.told)
	want := []string{"scan.file_refused halb.jpg", "scan.file_refused leer.pdf", "scan.file_refused programm.pdf", "scan.file_refused seite.html"}
	if g.err != nil || !slices.Equal(g.told, want) || !slices.Equal(g.names, []string{"gut.pdf"}) {
		t.Fatalf("%+v", g)
	}
	for name, b := range junk {
		if kept, err := os.ReadFile(filepath.Join(w.dir, Refused, name)); err != nil || !bytes.Equal(kept, b) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A device that begins anew with its numbers writes the same name over and over: every file is kept.
func TestSameNameTwiceLosesNothing(t *testing.T) {
	w := newWorld(t)
	for i := range 3 {
		w.put(t, "IMG_0001.jpg", photo(i), i)
		if g := w.scan(t); g.err != nil || len(g.names) != 1 || !bytes.Equal(g.data[0], photo(i)) {
			t.Fatalf("%d: %+v", i, g)
		}
	}
	for range 2 { // junk of the same name, too
		w.put(t, "IMG_0001.jpg", []byte("junk"), 0)
		w.scan(t)
	}
	if all := w.lies(t); len(all) != 5 {
		t.Errorf("%v", all)
	}
}

func TestDuplicatesAreToldAndKept(t *testing.T) {
	w := newWorld(t)
	w.put(t, "a.pdf", paper(1), 0)
	w.put(t, "b.pdf", paper(1), 1)
	w.put(t, "c.pdf", paper(2), 2)
	known := record.HashOf(paper(2))
	w.Known = func(_ context.Context, h record.Hash) (bool, error) { return h == known, nil }
	g := w.scan(t)
	if g.err != nil || !slices.Equal(g.names, []string{"a.pdf"}) || !slices.Equal(g.told, []string{"scan.file_twice b.pdf", "scan.file_twice c.pdf"}) {
		t.Fatalf("%+v", g)
	}
	for _, n := range []string{"b.pdf", "c.pdf"} {
		if _, err := os.Stat(filepath.Join(w.dir, Duplicate, n)); err != nil {
			t.Error(err)
		}
	}
}

func TestNamesOfUnfinishedFilesAreLeftAlone(t *testing.T) {
	w := newWorld(t)
	for _, n := range []string{"scan.pdf.part", ".scan.pdf", "~$scan.pdf", "scan.tmp", "Thumbs.db", "scan.pdf~", "x.CRDOWNLOAD"} {
		w.put(t, n, paper(1), 0)
	}
	if g := w.scan(t); record.CodeOf(g.err) != record.CodeScanNoPaper || len(w.lies(t)) != 7 {
		t.Fatalf("%+v, %v", g, w.lies(t))
	}
}

func TestLinksAreRefused(t *testing.T) {
	w := newWorld(t)
	secret := filepath.Join(t.TempDir(), "secret.pdf")
	if err := os.WriteFile(secret, paper(9), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(w.dir, "scan.pdf")); err != nil {
		t.Skip("no links here:", err)
	}
	if g := w.scan(t); g.err != nil || len(g.names) > 0 || !slices.Equal(g.told, []string{"scan.file_link scan.pdf"}) {
		t.Fatalf("%+v", g)
	}
	if g := w.scan(t); record.CodeOf(g.err) != record.CodeScanNoPaper || len(g.told) > 0 {
		t.Errorf("told again: %+v", g)
	}
	if _, err := os.Stat(secret); err != nil {
		t.Error(err)
	}
	// A folder below that leads out of the watched one must not carry anything there.
	out := t.TempDir()
	if err := os.Symlink(out, filepath.Join(w.dir, taking)); err != nil {
		t.Fatal(err)
	}
	w.put(t, "a.pdf", paper(1), 0)
	g := w.scan(t)
	if left, _ := os.ReadDir(out); len(left) > 0 || g.err == nil {
		t.Errorf("%d files went out; %+v", len(left), g)
	}
}

func TestAPipeIsNoFile(t *testing.T) {
	w := newWorld(t)
	if err := mkfifo(filepath.Join(w.dir, "scan.pdf")); err != nil {
		t.Skip(err)
	}
	if g := w.scan(t); record.CodeOf(g.err) != record.CodeScanNoPaper {
		t.Fatalf("%+v", g)
	}
}

func TestAVanishedFolderIsToldAndComesBack(t *testing.T) {
	w := newWorld(t)
	s, err := w.Open(t.Context(), w.dir)
	if err != nil {
		t.Fatal(err)
	}
	away := w.dir + "-away"
	if err := os.Rename(w.dir, away); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Open(t.Context(), w.dir); record.CodeOf(err) != record.CodeScanFolder {
		t.Error(err)
	}
	if list, err := w.Discover(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("%v %v", list, err)
	}
	if _, err := s.(scan.Sensor).Sense(t.Context()); record.CodeOf(err) != record.CodeScanFolder {
		t.Error(err)
	}
	if err := os.Rename(away, w.dir); err != nil {
		t.Fatal(err)
	}
	w.put(t, "a.pdf", paper(1), 0)
	if state, err := s.(scan.Sensor).Sense(t.Context()); err != nil || state.Paper != scan.PaperReady {
		t.Errorf("%+v %v", state, err)
	}
	if g := w.scan(t); g.err != nil || len(g.names) != 1 {
		t.Errorf("%+v", g)
	}
}

// Two desks watch one folder: each file comes to one of them.
func TestTwoDesksShareAFolder(t *testing.T) {
	a, b := newWorld(t), newWorld(t)
	b.dir = a.dir
	for i := range 4 {
		a.put(t, fmt.Sprintf("%d.pdf", i), paper(i), i)
	}
	var second got
	n := 0
	a.Known = func(context.Context, record.Hash) (bool, error) {
		if n++; n == 2 { // between the first desk's look at a file and its claim
			second = b.scan(t)
		}
		return false, nil
	}
	first := a.scan(t)
	all := append(slices.Clone(first.names), second.names...)
	slices.Sort(all)
	if first.err != nil || second.err != nil || !slices.Equal(all, []string{"0.pdf", "1.pdf", "2.pdf", "3.pdf"}) {
		t.Fatalf("%+v\n%+v", first, second)
	}
}

// The power failed after a file was claimed: it comes back by itself, and is handed over.
func TestAClaimedFileComesBack(t *testing.T) {
	w := newWorld(t)
	if err := os.Mkdir(filepath.Join(w.dir, taking), 0o700); err != nil {
		t.Fatal(err)
	}
	w.put(t, filepath.Join(taking, "a.pdf"), paper(1), 0)
	if g := w.scan(t); record.CodeOf(g.err) != record.CodeScanNoPaper {
		t.Fatalf("%+v", g)
	}
	w.now = w.now.Add(w.patience())
	if g := w.scan(t); g.err != nil || !slices.Equal(g.names, []string{"a.pdf"}) {
		t.Fatalf("%+v", g)
	}
}

// A page that could not be stored is still in the folder.
func TestARefusedFileStays(t *testing.T) {
	w := newWorld(t)
	w.put(t, "a.pdf", paper(1), 0)
	s, err := w.Open(t.Context(), w.dir)
	if err != nil {
		t.Fatal(err)
	}
	full := record.E(record.CodeDiskFull, nil)
	for _, kind := range []scan.Kind{scan.Started, scan.Received} {
		err = s.Scan(t.Context(), scan.Settings{}, func(e scan.Event) error {
			if e.Kind == kind {
				return full
			}
			return nil
		})
		if record.CodeOf(err) != record.CodeDiskFull || !slices.Equal(w.lies(t), []string{"a.pdf"}) {
			t.Fatalf("%v, %v", err, w.lies(t))
		}
	}
	if g := w.scan(t); g.err != nil || len(g.names) != 1 {
		t.Fatalf("%+v", g)
	}
}

// Whatever files come and however they are called, each lies somewhere afterwards with its bytes, and each
// whole one was handed over exactly once or told as a duplicate.
func TestNothingIsLost(t *testing.T) {
	base := t.TempDir()
	runs := 0
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		runs++
		w.dir = filepath.Join(base, fmt.Sprint(runs))
		if err := os.Mkdir(w.dir, 0o700); err != nil {
			rt.Fatal(err)
		}
		name := rapid.SampledFrom([]string{"a.pdf", "a (2).pdf", "b.jpg", "ä ö.png", "-rf", "a.pdf-1", "CON.pdf"})
		content := rapid.SampledFrom([][]byte{paper(1), paper(2), photo(3), picture(4), []byte("junk"), {}})
		before, whole, handed := map[string]int{}, 0, 0
		for range rapid.IntRange(1, 4).Draw(rt, "rounds") {
			here := map[string][]byte{}
			for range rapid.IntRange(0, 3).Draw(rt, "files") {
				here[name.Draw(rt, "name")] = content.Draw(rt, "content")
			}
			for n, b := range here {
				w.put(t, n, b, 0)
				before[string(b)]++
				if !bytes.Equal(b, []byte("junk")) && len(b) > 0 {
					whole++
				}
			}
			g := w.scan(t)
			if g.err != nil && record.CodeOf(g.err) != record.CodeScanNoPaper {
				rt.Fatal(g.err)
			}
			handed += len(g.names)
			for _, s := range g.told {
				if strings.HasPrefix(s, string(WarnDuplicate)) {
					handed++
				}
			}
		}
		after := map[string]int{}
		for _, p := range w.lies(t) {
			b, err := os.ReadFile(filepath.Join(w.dir, p))
			if err != nil {
				rt.Fatal(err)
			}
			after[string(b)]++
		}
		if fmt.Sprint(before) != fmt.Sprint(after) || whole != handed {
			rt.Fatalf("%d kinds before, %d after; %d whole, %d handed over", len(before), len(after), whole, handed)
		}
	})
}
