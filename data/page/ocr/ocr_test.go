package ocr

import (
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"schalter/data/page"
	"schalter/data/record"
)

var letter = []string{
	"Stadt Musterstadt, Bürgerbüro",
	"Aktenzeichen MS-3-26/00412",
	"Sehr geehrte Frau Müller, geboren am 1.2.1980,",
	"für Ihren Hund Rex ist die Hundesteuer fällig.",
	"Bitte überweisen Sie 120,00 Euro bis zum Monatsende.",
	"Gegen diesen Bescheid ist Widerspruch möglich.",
	"Straßenverkehrsbehörde und Gewerbeamt sind unterrichtet.",
	"Mit freundlichen Grüßen, im Auftrag, Öztürk",
}

// drawn is a page with lines of text at 200 dpi.
func drawn(t *testing.T, lines []string) *image.Gray {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "assets", "fonts", "NotoSans-Regular.ttf"))
	check(t, err)
	f, err := opentype.Parse(b)
	check(t, err)
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 12, DPI: 200, Hinting: font.HintingFull})
	check(t, err)
	g := image.NewGray(image.Rect(0, 0, 1200, 900))
	draw.Draw(g, g.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	for i, l := range lines {
		d := font.Drawer{Dst: g, Src: image.NewUniform(color.Black), Face: face, Dot: fixed.P(80, 120+90*i)}
		d.DrawString(l)
	}
	return g
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// real is the program as it is installed.
func real(t *testing.T) *Engine {
	t.Helper()
	e := &Engine{Brisk: true, patience: time.Hour}
	a, err := e.About(t.Context())
	if err != nil || !a.Has("deu") {
		t.Skip("tesseract-ocr and tesseract-ocr-deu are not installed:", err, a.Languages)
	}
	return e
}

func TestReadsALetterHoweverItLies(t *testing.T) {
	e := real(t)
	sheet := drawn(t, letter)
	for turns := range 4 {
		g := turned(sheet, turns)
		got, err := e.Read(t.Context(), g, Ask{Language: "deu", DPI: 200})
		check(t, err)
		var words []string
		for _, w := range got.Words {
			words = append(words, w.Text)
		}
		text := strings.Join(words, " ")
		for _, want := range []string{"Musterstadt", "Bürgerbüro", "MS-3-26/00412", "1.2.1980", "Hundesteuer", "Widerspruch", "Straßenverkehrsbehörde", "Öztürk"} {
			if !strings.Contains(text, want) {
				t.Errorf("turned by %d: no %s in %s", turns, want, text)
			}
		}
		if got.Turns != (4-turns)%4 || !got.Sure {
			t.Errorf("turned by %d: upright after %d", turns, got.Turns)
		}
		b := g.Bounds()
		if got.Width != float64(b.Dx()) || got.Height != float64(b.Dy()) {
			t.Errorf("size %v x %v", got.Width, got.Height)
		}
		i := slices.IndexFunc(got.Words, func(w page.Word) bool { return strings.HasPrefix(w.Text, "Hundesteuer") })
		if i < 0 {
			continue
		}
		w := got.Words[i]
		ink := 0
		for y := int(w.Y0); y < int(w.Y1); y++ {
			for x := int(w.X0); x < int(w.X1); x++ {
				if g.GrayAt(x, y).Y < 128 {
					ink++
				}
			}
		}
		if area := (w.X1 - w.X0) * (w.Y1 - w.Y0); float64(ink) < 0.1*area || area < 2000 || area > 20000 {
			t.Errorf("turned by %d: %d dark pixels in %+v", turns, ink, w)
		}
	}
}

// What has too few letters for the program to say how it lies is tried out, also where the data for that are not
// installed.
func TestReadsFewWordsHoweverTheyLie(t *testing.T) {
	e := real(t)
	for _, c := range []struct {
		line  string
		turns int
	}{{"Quittung 120,00 Euro", 2}, {"Vollmacht", 3}} {
		got, err := e.Read(t.Context(), turned(drawn(t, []string{c.line}), c.turns), Ask{Language: "deu", DPI: 200})
		check(t, err)
		var words []string
		for _, w := range got.Words {
			words = append(words, w.Text)
		}
		if strings.Join(words, " ") != c.line || got.Turns != 4-c.turns || !got.Sure {
			t.Errorf("%q turned by %d: %q, upright after %d, sure %v", c.line, c.turns, words, got.Turns, got.Sure)
		}
	}
	got, err := e.Read(t.Context(), drawn(t, []string{"17"}), Ask{Language: "deu", DPI: 200})
	check(t, err)
	if got.Sure {
		t.Errorf("a number alone tells how it lies: %+v", got)
	}
}

// A desk that has a language and not the data that tell how a page lies.
func TestReadsUpsideDownWithoutTheDataForIt(t *testing.T) {
	e := real(t)
	out, err := exec.CommandContext(t.Context(), "tesseract", "--list-langs").Output()
	check(t, err)
	first, _, _ := strings.Cut(string(out), "\n")
	_, rest, _ := strings.Cut(first, "\"")
	dir, _, ok := strings.Cut(rest, "\"")
	if !ok {
		t.Skip("tesseract does not say where its data are:", first)
	}
	own := t.TempDir()
	for _, name := range []string{"deu.traineddata", "configs", "tessconfigs", "pdf.ttf"} {
		check(t, os.Symlink(filepath.Join(dir, name), filepath.Join(own, name)))
	}
	t.Setenv("TESSDATA_PREFIX", own)
	got, err := e.Read(t.Context(), turned(drawn(t, letter), 2), Ask{Language: "deu", DPI: 200})
	check(t, err)
	if got.Turns != 2 || !got.Sure || len(got.Words) < 30 {
		t.Errorf("%d words, upright after %d", len(got.Words), got.Turns)
	}
}

func TestReadsNothingOnAnEmptyPage(t *testing.T) {
	e := real(t)
	got, err := e.Read(t.Context(), drawn(t, nil), Ask{Language: "deu", DPI: 200})
	if err != nil || len(got.Words) != 0 {
		t.Error(got.Words, err)
	}
	got, err = e.Read(t.Context(), image.NewGray(image.Rect(0, 0, 1, 1)), Ask{Language: "deu"})
	if record.CodeOf(err) != record.CodeOCRFailed && (err != nil || len(got.Words) != 0) {
		t.Error("one pixel:", got.Words, err)
	}
}

func TestAsksOnlyForLanguages(t *testing.T) {
	e := &Engine{Program: "/bin/false"}
	for _, l := range []string{"", "-l", "deu eng", "deu;x", "../deu", "deu+", "--user-words"} {
		if _, err := e.Read(t.Context(), image.NewGray(image.Rect(0, 0, 9, 9)), Ask{Language: l}); record.CodeOf(err) != record.CodeOCRLanguage {
			t.Errorf("%q: %v", l, err)
		}
	}
	a := About{Languages: []string{"deu", "eng"}}
	if !a.Has("deu+eng") || a.Has("deu+fra") || a.Has("") || a.Default() != "deu" || (About{}).Default() != "" {
		t.Error(a)
	}
}

func TestWithoutTheProgram(t *testing.T) {
	e := &Engine{Program: filepath.Join(t.TempDir(), "none")}
	if _, err := e.About(t.Context()); record.CodeOf(err) != record.CodeOCRMissing {
		t.Error(err)
	}
	if _, err := e.Read(t.Context(), drawn(t, nil), Ask{Language: "deu"}); record.CodeOf(err) != record.CodeOCRMissing {
		t.Error(err)
	}
}

// script is a program that does as it is told once it was given the page.
func script(t *testing.T, does string) *Engine {
	t.Helper()
	if _, err := exec.LookPath("/bin/sh"); err != nil {
		t.Skip("no shell:", err)
	}
	path := filepath.Join(t.TempDir(), "tesseract")
	check(t, os.WriteFile(path, []byte("#!/bin/sh\ncat >/dev/null\n"+does+"\n"), 0o700))
	return &Engine{Program: path, Time: time.Second, Brisk: true, patience: time.Hour}
}

func readWith(t *testing.T, e *Engine) error {
	t.Helper()
	_, err := e.Read(t.Context(), drawn(t, letter[:1]), Ask{Language: "deu", DPI: 200})
	return err
}

func TestABrokenProgramIsOneError(t *testing.T) {
	for _, c := range []struct {
		name, does string
		want       record.Code
	}{
		{"ends with an error", "echo no memory >&2; exit 3", record.CodeOCRFailed},
		{"is killed", "kill -SEGV $$", record.CodeOCRFailed},
		{"says too much", "yes", record.CodeOCRFailed},
		{"computes for ever", "while :; do :; done", record.CodeOCRTimeout},
		{"says what is no table", "echo hello", ""},
	} {
		if err := readWith(t, script(t, c.does)); record.CodeOf(err) != c.want {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := script(t, "echo ghostscript 10").About(t.Context()); record.CodeOf(err) != record.CodeOCRMissing {
		t.Error("another program:", err)
	}
}

func TestACalledOffPageEndsAtOnce(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	e := script(t, "sleep 3600")
	e.Time = time.Hour
	done := make(chan error)
	go func() {
		_, err := e.Read(ctx, image.NewGray(image.Rect(0, 0, 9, 9)), Ask{Language: "deu"})
		done <- err
	}()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestOnlySoMuchIsKept(t *testing.T) {
	full := 0
	c := &capped{most: 10, full: func() { full++ }}
	n, err := io.Copy(c, strings.NewReader(strings.Repeat("x", 100)))
	if err != nil || n != 100 || c.kept.Len() != 10 || !c.over || full == 0 {
		t.Errorf("%d of %d bytes kept, over %v, %v", c.kept.Len(), n, c.over, err)
	}
}
