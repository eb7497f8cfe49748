package preview

import (
	"context"
	"errors"
	"image"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"schalter/data/record"
)

func open(t testing.TB, r *Renderer, data []byte, password string) *Document {
	t.Helper()
	d, err := r.Open(context.Background(), data, "", password)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

func draw(t testing.TB, d *Document, page int, dpi float64, turns int) *image.RGBA {
	t.Helper()
	img, err := d.Render(context.Background(), page, dpi, turns)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// ink is how many pixels of a region are not white.
func ink(m *image.RGBA, region image.Rectangle) int {
	n := 0
	region = region.Intersect(m.Rect)
	for y := region.Min.Y; y < region.Max.Y; y++ {
		for x := region.Min.X; x < region.Max.X; x++ {
			if c := m.RGBAAt(x, y); c.R < 250 || c.G < 250 || c.B < 250 {
				n++
			}
		}
	}
	return n
}

func TestAPageHasItsSizeInkAndText(t *testing.T) {
	r := newRenderer(t, Options{})
	d := open(t, r, pages("Gr\\374\\337e aus Musterstadt", "zweite"), "")
	if d.Pages() != 2 {
		t.Errorf("%d pages", d.Pages())
	}
	w, h, err := d.Size(t.Context(), 1)
	if err != nil || w != 595 || h != 842 {
		t.Errorf("size %v x %v, %v", w, h, err)
	}
	img := draw(t, d, 0, 144, 0)
	if img.Rect != image.Rect(0, 0, 1190, 1684) {
		t.Errorf("picture %v", img.Rect)
	}
	line := image.Rect(140, 190, 1000, 260)
	if ink(img, line) < 500 || ink(img, img.Rect) != ink(img, line) {
		t.Errorf("ink %d in the line, %d on the page", ink(img, line), ink(img, img.Rect))
	}
	if i := slices.IndexFunc(img.Pix, func(b byte) bool { return b != 255 }); i < 0 || img.Pix[3] != 255 {
		t.Error("picture is not opaque on white")
	}
	text, err := d.Text(t.Context(), 0)
	if err != nil || strings.TrimSpace(text) != "Grüße aus Musterstadt" {
		t.Errorf("text %q, %v", text, err)
	}
}

func TestTurnsGoClockwise(t *testing.T) {
	r := newRenderer(t, Options{})
	d := open(t, r, pages("oben links"), "")
	for turns, corner := range map[int]image.Rectangle{
		0: image.Rect(0, 0, 298, 210), 1: image.Rect(632, 0, 842, 298), 2: image.Rect(298, 632, 595, 842), 3: image.Rect(0, 298, 210, 595),
		-1: image.Rect(0, 298, 210, 595), 4: image.Rect(0, 0, 298, 210),
	} {
		img := draw(t, d, 0, 72, turns)
		if in, all := ink(img, corner), ink(img, img.Rect); in == 0 || in != all {
			t.Errorf("%d turns: %d of %d ink in %v of %v", turns, in, all, corner, img.Rect)
		}
	}
}

func TestFieldsAndAnnotationsAreDrawn(t *testing.T) {
	r := newRenderer(t, Options{})
	empty := draw(t, open(t, r, filled("", true), ""), 0, 100, 0)
	for _, withAppearance := range []bool{true, false} {
		d := open(t, r, filled("Erika Mustermann", withAppearance), "")
		img := draw(t, d, 0, 100, 0)
		if got := ink(img, img.Rect) - ink(empty, empty.Rect); got < 500 {
			t.Errorf("field with own appearance %v: only %d more ink", withAppearance, got)
		}
		if text, err := d.Text(t.Context(), 0); err != nil || !strings.Contains(text, "Erika Mustermann") {
			t.Errorf("field's text is %q, %v", text, err)
		}
	}
	plain := draw(t, open(t, r, annotated(false), ""), 0, 72, 0)
	marked := draw(t, open(t, r, annotated(true), ""), 0, 72, 0)
	if n := ink(plain, plain.Rect); n != 0 {
		t.Errorf("%d ink on the empty page", n)
	}
	if n := ink(marked, image.Rect(100, 500, 340, 700)); n < 240*200*9/10 {
		t.Errorf("annotation has %d ink", n)
	}
}

func TestPasswords(t *testing.T) {
	r := newRenderer(t, Options{})
	data := locked(t, pages("vertraulich"), "Grüße")
	for _, wrong := range []string{"", "falsch", strings.Repeat("x", 10_000)} {
		if _, err := r.Open(t.Context(), data, "", wrong); record.CodeOf(err) != record.CodePDFPassword {
			t.Errorf("password %.10q: %v", wrong, err)
		}
	}
	d := open(t, r, data, "Grüße")
	if text, err := d.Text(t.Context(), 0); err != nil || !strings.Contains(text, "vertraulich") {
		t.Errorf("text %q, %v", text, err)
	}
	// The open file must not open for somebody who does not know the password.
	if _, err := r.Open(t.Context(), data, "", "falsch"); record.CodeOf(err) != record.CodePDFPassword {
		t.Errorf("wrong password after the right one: %v", err)
	}
}

func TestFixturePasswords(t *testing.T) {
	dir := fixtures(t)
	r := newRenderer(t, Options{})
	for name, password := range map[string]string{
		"gen__aes256-pw-benutzer.pdf": "benutzer", "encrypted__bug1782186.pdf": "Hello",
		"encrypted__issue15893_reduced.pdf": "test", "encrypted__issue3371.pdf": "ELXRTQWS",
		"encrypted__saslprep-r6.pdf": "S\u00aaSL\u00adprep", "gen__aes256-owner-only-noprint.pdf": "",
	} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := showFirst(r, data, password); err != nil {
			t.Errorf("%s with its password: %v", name, err)
		}
		if _, err := showFirst(r, data, "falsch"); password != "" && record.CodeOf(err) != record.CodePDFPassword {
			t.Errorf("%s with a wrong password: %v", name, err)
		}
	}
}

func TestImages(t *testing.T) {
	r := newRenderer(t, Options{})
	small, large := halves(200, 100), halves(4000, 3000)
	for name, c := range map[string]struct {
		data  []byte
		pages int
		long  float64 // points; 0 = whatever the file says
	}{
		"jpeg": {asJPEG(t, small), 1, 0}, "png": {asPNG(t, small), 1, 0}, "photo": {asJPEG(t, large), 1, 842},
		"tiff": {asTIFF(small), 1, 144}, "tiff of three pages": {asTIFF(small, small, small), 3, 144},
	} {
		d := open(t, r, c.data, "")
		if d.Pages() != c.pages {
			t.Errorf("%s: %d pages", name, d.Pages())
		}
		for p := range d.Pages() {
			w, h, err := d.Size(t.Context(), p)
			if err != nil || (c.long != 0 && (w < c.long-1 || w > c.long+1)) {
				t.Errorf("%s: page %d is %v x %v, %v", name, p, w, h, err)
			}
			img := draw(t, d, p, 72, 0)
			b := img.Rect
			left, right := b, b
			left.Max.X, right.Min.X = b.Dx()/2-2, b.Dx()/2+2
			if got := ink(img, left); got != left.Dx()*left.Dy() || ink(img, right) != 0 {
				t.Errorf("%s: page %d: ink %d of %d left, %d right", name, p, got, left.Dx()*left.Dy(), ink(img, right))
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	r := newRenderer(t, Options{MaxBytes: 1 << 20})
	png := asPNG(t, halves(50, 50))
	for name, c := range map[string]struct {
		data []byte
		want record.Code
	}{
		"empty":          {nil, record.CodePDFCannotShow},
		"html":           {[]byte("<html><body>Hallo</body></html>"), record.CodePDFCannotShow},
		"html with word": {[]byte("<html>%PDF-1.7 <body>Hallo</body></html>"), record.CodePDFCannotShow},
		"zip":            {[]byte("PK\x03\x04 word/document.xml"), record.CodePDFCannotShow},
		"svg":            {[]byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), record.CodePDFCannotShow},
		"no pages":       {pages(), record.CodePDFNoPages},
		"cut off":        {pages("x")[:60], record.CodePDFNoPages},
		"cut-off image":  {png[:20], record.CodePDFCannotShow},
		"too many bytes": {append([]byte("%PDF-1.7"), make([]byte, 1<<20)...), record.CodePDFFileTooLarge},
	} {
		if _, err := showFirst(r, c.data, ""); record.CodeOf(err) != c.want {
			t.Errorf("%s: %v instead of %s", name, err, c.want)
		}
	}
	d := open(t, r, pages("x"), "")
	if _, err := d.Render(t.Context(), 1, 72, 0); record.CodeOf(err) != record.CodePDFNoPage {
		t.Errorf("page behind the end: %v", err)
	}
	if _, err := d.Render(t.Context(), 0, 2000, 0); record.CodeOf(err) != record.CodePDFTooLarge {
		t.Errorf("too many pixels: %v", err)
	}
	if _, err := d.Render(t.Context(), 0, 0, 0); record.CodeOf(err) != record.CodePDFTooLarge {
		t.Errorf("no resolution: %v", err)
	}
}

func TestABombEndsInTimeAndIsNotTriedTwice(t *testing.T) {
	r := newRenderer(t, Options{JobTime: 800 * time.Millisecond})
	d := open(t, r, bomb(), "")
	if _, err := d.Render(t.Context(), 0, 72, 0); record.CodeOf(err) != record.CodePDFTimeout {
		t.Fatalf("bomb: %v", err)
	}
	start := time.Now()
	if _, err := d.Render(t.Context(), 0, 72, 0); record.CodeOf(err) != record.CodePDFTimeout {
		t.Fatalf("bomb again: %v", err)
	}
	if took := time.Since(start); took > 100*time.Millisecond {
		t.Errorf("asking again took %v", took)
	}
	if err := alive(r, pages("danach")); err != nil {
		t.Error(err)
	}
}

func TestAKilledHelperIsReplaced(t *testing.T) {
	r := newRenderer(t, Options{})
	d := open(t, r, bomb(), "")
	done := make(chan error, 1)
	go func() {
		_, err := d.Render(context.Background(), 0, 72, 0)
		done <- err
	}()
	// A kill before the request has arrived is made good without a word; one of the next comes in mid-job.
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for ended := false; !ended; {
		select {
		case err := <-done:
			ended = true
			if record.CodeOf(err) != record.CodePDFCannotShow {
				t.Errorf("killed in mid-job: %v", err)
			}
		case <-tick.C:
			killHelper(r)
		}
	}
	draw(t, open(t, r, pages("danach"), ""), 0, 72, 0)
	killHelper(r) // idle now: nobody needs to hear of it
	for writeRequest(r.helper.in, request{Op: opAbort}, 0) == nil {
		runtime.Gosched() // until its end of the pipe is closed
	}
	draw(t, open(t, r, pages("noch einmal"), ""), 0, 72, 0)
}

// helperPID is the process of the helper used last.
func helperPID(t testing.TB, r *Renderer) int {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.helper == nil {
		t.Fatal("no helper was used yet")
	}
	return r.helper.cmd.Process.Pid
}

func killHelper(r *Renderer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.helper != nil {
		_ = r.helper.cmd.Process.Kill()
	}
}

func TestGivingUpEndsTheJobButNotTheHelper(t *testing.T) {
	r := newRenderer(t, Options{})
	bad, good := open(t, r, bomb(), ""), open(t, r, pages("danach"), "")
	r.mu.Lock()
	before := r.helper
	r.mu.Unlock()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := bad.Render(ctx, 0, 72, 0); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("given up: %v", err)
	}
	draw(t, good, 0, 72, 0)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.helper != before {
		t.Error("the helper was replaced")
	}
}

// settled waits until nothing is prefetched any more.
func settled(r *Renderer) {
	for {
		var wait chan struct{}
		r.mu.Lock()
		for _, t := range r.flights {
			wait = t.done
		}
		r.mu.Unlock()
		if wait == nil {
			return
		}
		<-wait
	}
}

func TestNeighboursAreReady(t *testing.T) {
	const onePage = 595*842*4 + entryCost
	for room, want := range map[int64][]bool{
		0: {false, true, true, true, false}, 3: {false, true, true, true, false}, // 0: as many as a desk keeps
		2: {false, false, true, true, false}, 1: {false, false, true, false, false},
	} {
		r := newRenderer(t, Options{CacheBytes: room * onePage})
		d := open(t, r, pages("1", "2", "3", "4", "5"), "")
		draw(t, d, 2, 72, 1)
		settled(r)
		for p, want := range want {
			if _, hit := r.cache.peek(key{src: d.src, op: opRender, page: p, dpi: 72, turns: 1}); hit != want {
				t.Errorf("room for %d pages, page %d prepared: %v", room, p, hit)
			}
		}
		d.Close()
		if r.cache.used != 0 {
			t.Errorf("%d bytes kept after closing", r.cache.used)
		}
		if _, err := d.Render(t.Context(), 0, 72, 0); err == nil {
			t.Error("a closed document was drawn")
		}
	}
}

func TestAPrefetchGivesWay(t *testing.T) {
	r := newRenderer(t, Options{})
	bad, good := open(t, r, bomb(), ""), open(t, r, pages("sofort"), "")
	r.goAhead([]key{{src: bad.src, op: opRender, page: 0, dpi: 72}})
	start := time.Now()
	draw(t, good, 0, 72, 0)
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("waited %v for a prefetch", took)
	}
}

func TestManyAtOnce(t *testing.T) {
	r := newRenderer(t, Options{CacheBytes: 2 << 20})
	docs := make([]*Document, 6) // more than the helper keeps open
	want := map[[2]int][]byte{}
	for i := range docs {
		docs[i] = open(t, r, pages(strings.Repeat("a", i+1), strings.Repeat("b", i+1), strings.Repeat("c", i+1)), "")
		for p := range 3 {
			want[[2]int{i, p}] = draw(t, docs[i], p, 40, 0).Pix
		}
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 25 {
				i, p := rand.IntN(len(docs)), rand.IntN(3)
				img, err := docs[i].Render(context.Background(), p, 40, 0)
				if err != nil {
					t.Error(err)
				} else if !slices.Equal(img.Pix, want[[2]int{i, p}]) {
					t.Errorf("document %d page %d is another picture", i, p)
				}
				if text, err := docs[i].Text(context.Background(), p); err != nil || len(strings.TrimSpace(text)) != i+1 {
					t.Errorf("text %q, %v", text, err)
				}
			}
		})
	}
	wg.Wait()
}

func TestForgetKeepsDocumentsWorking(t *testing.T) {
	r := newRenderer(t, Options{})
	d := open(t, r, pages("x"), "")
	img := draw(t, d, 0, 72, 0)
	r.mu.Lock()
	before := r.helper
	r.mu.Unlock()
	r.Forget()
	if again := draw(t, d, 0, 72, 0); !slices.Equal(img.Pix, again.Pix) {
		t.Error("another picture after forgetting")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.helper == before {
		t.Error("the helper that held the file is still there")
	}
}

func TestClose(t *testing.T) {
	r := New(Options{})
	d, err := r.Open(t.Context(), bomb(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := d.Render(context.Background(), 0, 72, 0)
		done <- err
	}()
	r.Close()
	if err := <-done; err == nil {
		t.Error("a bomb was drawn")
	}
	if _, err := r.Open(t.Context(), pages("x"), "", ""); err == nil {
		t.Error("a closed renderer opened a file")
	}
}

func TestAHelperThatCannotStartIsTold(t *testing.T) {
	for _, exe := range [][]string{{filepath.Join(t.TempDir(), "nothing")}, {"/bin/false"}} {
		r := newRenderer(t, Options{Exe: exe})
		if _, err := r.Open(t.Context(), pages("x"), "", ""); record.CodeOf(err) != record.CodePDFCannotShow {
			t.Errorf("%v: %v", exe, err)
		}
	}
}
