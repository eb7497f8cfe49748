//go:build linux

package journey

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/image/draw"
	"golang.org/x/text/unicode/norm"
)

// screen is a virtual display with one keyboard and one mouse.
type screen struct {
	t       *testing.T
	display string // ":97"
	shots   string // folder for pictures
	memory  string // the display's memory as a file, in XWD format
	keys    int    // key strokes sent, the clerk's effort
	looks   int
	reading time.Duration   // what recognising text took, which is not the clerk's time
	eyes    image.Rectangle // where to read; empty: everywhere
	name    string
}

// newScreen starts an X server of the given size. It ends with the test.
func newScreen(t *testing.T, name string, w, h int, shots string) *screen {
	t.Helper()
	r, wr, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	mem, err := os.MkdirTemp("/dev/shm", "schalter-screen-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(mem) })
	x := exec.Command("Xvfb", "-displayfd", "3", "-fbdir", mem, "-screen", "0", fmt.Sprintf("%dx%dx24", w, h), "-nolisten", "tcp", "-noreset", "+extension", "GLX")
	x.ExtraFiles = []*os.File{wr}
	if err := x.Start(); err != nil {
		t.Fatalf("Xvfb: %v", err)
	}
	wr.Close()
	t.Cleanup(func() { x.Process.Kill(); _ = x.Wait() })
	b := make([]byte, 16)
	n, err := r.Read(b)
	if err != nil {
		t.Fatalf("Xvfb said nothing: %v", err)
	}
	s := &screen{t: t, display: ":" + strings.TrimSpace(string(b[:n])), shots: shots, name: name, memory: filepath.Join(mem, "Xvfb_screen0")}
	s.run("setxkbmap", "de")
	return s
}

func (s *screen) env() []string {
	return append(os.Environ(), "DISPLAY="+s.display, "WAYLAND_DISPLAY=", "LC_ALL=C.UTF-8", "LIBGL_ALWAYS_SOFTWARE=1")
}

func (s *screen) run(name string, args ...string) string {
	s.t.Helper()
	c := exec.Command(name, args...)
	c.Env = s.env()
	out, err := c.CombinedOutput()
	if err != nil {
		s.t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// press sends keys by name: "Tab", "ctrl+Return", "F2".
func (s *screen) press(keys ...string) {
	s.t.Helper()
	for _, k := range keys {
		s.run("xdotool", "key", "--clearmodifiers", "--delay", "20", k)
		s.keys++
	}
}

// write types text as a clerk does.
func (s *screen) write(text string) {
	s.t.Helper()
	s.run("xdotool", "type", "--clearmodifiers", "--delay", "18", text)
	s.keys += len([]rune(text))
}

// shot takes a picture of the display out of its memory.
func (s *screen) shot() *image.RGBA {
	s.t.Helper()
	b, err := os.ReadFile(s.memory)
	if err != nil {
		s.t.Fatalf("screenshot: %v", err)
	}
	field := func(i int) int { return int(binary.BigEndian.Uint32(b[4*i:])) }
	w, h, stride := field(4), field(5), field(12)
	if field(11) != 32 {
		s.t.Fatalf("screenshot: %d bits per pixel", field(11))
	}
	pix := b[field(0)+12*field(19):]
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		row, out := pix[y*stride:], img.Pix[y*img.Stride:]
		for x := range w { // blue, green, red, unused
			out[4*x], out[4*x+1], out[4*x+2], out[4*x+3] = row[4*x+2], row[4*x+1], row[4*x], 255
		}
	}
	return img
}

// settle waits until the screen has stood still for a moment, at most a few seconds: pictures are drawn in the
// background.
func (s *screen) settle() {
	s.t.Helper()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	before := s.shot()
	for range 6 {
		<-tick.C
		now := s.shot()
		if bytes.Equal(now.Pix, before.Pix) {
			return
		}
		before = now
	}
}

// keep leaves a picture of this moment in the journey's folder.
func (s *screen) keep(step int, title string) {
	s.t.Helper()
	if err := os.MkdirAll(s.shots, 0o755); err != nil {
		s.t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(s.shots, fmt.Sprintf("%02d-%s-%s.png", step, s.name, title)))
	if err != nil {
		s.t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, s.shot()); err != nil {
		s.t.Fatal(err)
	}
}

// word is a piece of text on the screen and where it stands.
type word struct {
	text string
	box  image.Rectangle
}

// read recognises the text on the screen.
func (s *screen) read() []word {
	s.t.Helper()
	begun := time.Now()
	defer func() { s.reading += time.Since(begun) }()
	all := s.shot()
	lighten(all)
	area := all.Bounds()
	if !s.eyes.Empty() {
		area = area.Intersect(s.eyes)
	}
	img := all.SubImage(area)
	const scale = 2
	big := image.NewGray(image.Rect(0, 0, img.Bounds().Dx()*scale, img.Bounds().Dy()*scale))
	draw.CatmullRom.Scale(big, big.Bounds(), img, img.Bounds(), draw.Src, nil)
	var in bytes.Buffer
	if err := png.Encode(&in, big); err != nil {
		s.t.Fatal(err)
	}
	c := exec.Command("tesseract", "-", "-", "-l", "deu", "--psm", "11", "--dpi", "192", "-c", "thresholding_method="+s.threshold(), "tsv")
	c.Stdin = &in
	c.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	out, err := c.Output()
	if err != nil {
		s.t.Fatalf("tesseract: %v", err)
	}
	var words []word
	for line := range strings.Lines(string(out)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) < 12 || strings.TrimSpace(f[11]) == "" {
			continue
		}
		n := [4]int{}
		for i := range n {
			n[i], _ = strconv.Atoi(f[6+i])
			n[i] /= scale
		}
		words = append(words, word{f[11], image.Rect(n[0], n[1], n[0]+n[2], n[1]+n[3]).Add(area.Min)})
	}
	return words
}

// threshold alternates between the recogniser's ways to tell ink from paper: one is better at pale text,
// the other at text on colour.
func (s *screen) threshold() string {
	s.looks++
	return []string{"2", "0"}[s.looks%2]
}

// lighten turns what no window covers from black to light, so that it does not dazzle the recogniser.
func lighten(img *image.RGBA) {
	for i := 0; i < len(img.Pix); i += 4 {
		if p := img.Pix[i : i+3]; p[0] == 0 && p[1] == 0 && p[2] == 0 {
			p[0], p[1], p[2] = 243, 243, 243
		}
	}
}

// plain brings recognised and expected text to one form: no spaces, no marks, no look-alikes.
func plain(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'ß':
			b.WriteString("ss")
		case r == 'ı', r == 'l', r == '|', r == '!':
			b.WriteByte('i')
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

func joined(words []word) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(plain(w.text))
	}
	return b.String()
}

// alike are a digit and the letter it is often taken for.
func alike(digit, letter rune) bool {
	return digit == '1' && letter == 'i' || digit == 'i' && letter == '1' || digit == '0' && letter == 'o' || digit == 'o' && letter == '0'
}

// appears finds want in text. The recogniser misreads a letter now and then: one in eight may be wrong.
// What must be exact is asserted on the stores and on the printed paper.
func appears(text, want string) bool {
	w := []rune(want)
	allowed := len(w) / 8
	row := make([]int, len(w)+1)
	cost := func(c rune) int { // of reading c wrong or not at all: two pages are not one page
		if unicode.IsDigit(c) {
			return len(w)
		}
		return 1
	}
	for i, c := range w {
		row[i+1] = row[i] + cost(c)
	}
	for _, r := range text {
		diagonal := 0
		for i, c := range w {
			wrong := diagonal
			if c != r && !alike(c, r) {
				wrong = min(diagonal+max(cost(c), cost(r)), row[i]+cost(c), row[i+1]+1)
			}
			diagonal, row[i+1] = row[i+1], wrong
		}
		if row[len(w)] <= allowed {
			return true
		}
	}
	return false
}

func TestAppears(t *testing.T) {
	for _, c := range []struct {
		text, want string
		found      bool
	}{
		{"Der &ssistenzhund Balu", "Assistenzhund Balu", true},
		{"Offline", "Online", false},
		{"In de Zentrale", "In der Zentrale", true},
		{"Wartet", "Wartet", true},
		{"", "x", false},
		{"Befreiunggpachweis", "Befreiungsnachweis", true},
		{"Hund anmelden", "Plakatierung", false},
		{"Seite 1 von 3", "Seite 1 von 2", false},
		{"Seite 1 von 2", "Seite 1 von 1", false},
		{"Seitelvon2", "Seite 1 von 2", true},
		{"MS-1-26-00002", "MS-1-26-00001", false},
	} {
		if appears(plain(c.text), plain(c.want)) != c.found {
			t.Errorf("%q in %q: %v", c.want, c.text, !c.found)
		}
	}
}

// patience is how long a window may take on a busy machine, and leastLooks how often it is looked at.
const (
	patience   = 60 * time.Second
	leastLooks = 4
)

// see waits until every text stands on the screen, and fails with a picture when it does not.
func (s *screen) see(texts ...string) {
	s.t.Helper()
	s.seeWithin(patience, texts...)
}

func (s *screen) seeWithin(within time.Duration, texts ...string) {
	s.t.Helper()
	deadline := time.Now().Add(within)
	before := ""
	for look := 1; ; look++ {
		words := s.read()
		now := joined(words)
		all, missing := before+" "+now, "" // two looks with different eyes
		before = now
		for _, want := range texts {
			if !appears(all, plain(want)) {
				missing = want
			}
		}
		if missing == "" {
			return
		}
		if look >= leastLooks && time.Now().After(deadline) {
			s.keep(99, "missing")
			var seen []string
			for _, w := range words {
				seen = append(seen, w.text)
			}
			s.t.Fatalf("%s: %q does not stand on the screen after %v. It shows: %s", s.name, missing, within, strings.Join(seen, " "))
		}
	}
}

// where finds a text (one or several words in a row) and returns the middle of its first place.
func (s *screen) where(text string) image.Point {
	s.t.Helper()
	want := plain(text)
	deadline := time.Now().Add(patience)
	for look := 1; look <= leastLooks || time.Now().Before(deadline); look++ {
		words := s.read()
		for i := range words {
			run, box := "", image.Rectangle{}
			for j := i; j < len(words) && len(run) < len(want); j++ {
				run += plain(words[j].text)
				box = box.Union(words[j].box)
			}
			if len(run) <= len(want)+3 && appears(run, want) && box.Dy() < 60 {
				return image.Pt((box.Min.X+box.Max.X)/2, (box.Min.Y+box.Max.Y)/2)
			}
		}
	}
	s.keep(99, "missing")
	s.t.Fatalf("%s: %q is nowhere to click", s.name, text)
	return image.Point{}
}

// drag moves something with the mouse in small steps, as a hand does; drop targets need the steps.
func (s *screen) drag(from, to image.Point) {
	s.t.Helper()
	s.run("xdotool", "mousemove", strconv.Itoa(from.X), strconv.Itoa(from.Y), "mousedown", "1")
	const steps = 25
	for i := 1; i <= steps; i++ {
		x, y := from.X+(to.X-from.X)*i/steps, from.Y+(to.Y-from.Y)*i/steps
		s.run("xdotool", "mousemove", strconv.Itoa(x), strconv.Itoa(y), "sleep", "0.03")
	}
	s.run("xdotool", "sleep", "0.3", "mouseup", "1")
	s.keys++
}
