package letter

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
	"pgregory.net/rapid"

	"schalter/data/page/code"
	"schalter/data/record"
	"schalter/data/sorting"
)

var desk = record.Identity{Device: "d", Tenant: "ms", Centre: "https://centre.example", Authority: "Stadt Musterstadt", Office: "MS", Desk: 1}

func exampleCover() Cover {
	return Cover{
		Lang: "de", Authority: desk.Authority, Office: sorting.Authority(desk), Number: record.Number{Office: "MS", Desk: 1, Year: 26, Seq: 417}.String(),
		Party: "Müller-Lüdenscheidt, Şeyma", Service: "Hundesteuer anmelden", Proof: "haftpflicht", Label: "Haftpflichtversicherung des Hundes",
		Made: time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC),
	}
}

func coverFile(t testing.TB, all ...Cover) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteCovers(&b, all...); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "cover.pdf")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func load(t testing.TB, file string) image.Image {
	t.Helper()
	r, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	m, err := png.Decode(r)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestCoverSaysWhatIsNeeded(t *testing.T) {
	c := exampleCover()
	got := text(t, coverFile(t, c))
	for _, w := range []string{"Deckblatt", c.Number, c.Party, c.Service, c.Label, "Stadt Musterstadt", "23.11.2026"} {
		if !strings.Contains(got, w) {
			t.Errorf("%q is missing in\n%s", w, got)
		}
	}
	if strings.Contains(got, "letter.") || strings.Contains(got, "{") {
		t.Errorf("something is printed that must not be:\n%s", got)
	}
	c.Lang, c.Proof, c.Label = "en", "", ""
	if got := text(t, coverFile(t, c)); !strings.Contains(got, "Cover sheet") || strings.Contains(got, "Proof") {
		t.Errorf("English:\n%s", got)
	}
	if err := WriteCovers(&bytes.Buffer{}, Cover{}); err != ErrNoNumber { //nolint:errorlint // it is never wrapped
		t.Errorf("without a number: %v", err)
	}
	run(t, "qpdf", "--check", coverFile(t, exampleCover(), c))
}

// What we print is read by us at every resolution, and by a program that is not ours.
func TestCoverIsRead(t *testing.T) {
	c := exampleCover()
	want := c.Code().String()
	path := coverFile(t, c)
	for _, dpi := range []int{150, 200, 300, 600} {
		file := picture(t, path, dpi)[0]
		r, err := code.Read(t.Context(), load(t, file), code.Options{DPI: dpi})
		if err != nil || !r.Sheet || !slices.Equal(r.Texts(), []string{want, want}) {
			t.Errorf("%d dpi: %v, %v", dpi, r, err)
		}
		if dpi == 200 {
			if got := strings.TrimSpace(run(t, "zbarimg", "-q", "--nodbus", "--raw", file)); got != want+"\n"+want {
				t.Errorf("zbarimg reads %q", got)
			}
		}
	}
	got, err := sorting.ParseCode(want)
	if err != nil || got != c.Code() {
		t.Errorf("%v, %v", got, err)
	}
}

func TestSeparatorIsRead(t *testing.T) {
	p := Separator{Lang: "de", Authority: desk.Authority, Office: sorting.Authority(desk)}
	var b bytes.Buffer
	if err := WriteSeparators(&b, 2, p); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "s.pdf")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := text(t, path); strings.Count(got, "Trennblatt") != 2 {
		t.Errorf("printed\n%s", got)
	}
	files := picture(t, path, 150)
	if len(files) != 2 {
		t.Fatalf("%d pages", len(files))
	}
	r, err := code.Read(t.Context(), load(t, files[1]), code.Options{DPI: 150})
	if err != nil || !r.Sheet || len(r.Codes) != 2 || r.Codes[0].Text != p.Code().String() {
		t.Errorf("%v, %v", r, err)
	}
}

// The codes on our other papers are read too, and are no sheets.
func TestOtherCodesAreRead(t *testing.T) {
	f := marketForm(t)
	for want, path := range map[string]string{
		example().QR: printed(t, example()), BlankCode(f, 1): printedBlank(t, f, "de", BlankOptions{}),
	} {
		r, err := code.Read(t.Context(), load(t, picture(t, path, 200)[0]), code.Options{DPI: 200})
		if err != nil || r.Sheet || !slices.Equal(r.Texts(), []string{want}) || r.Lost() {
			t.Errorf("%s: %v, %v", want, r, err)
		}
	}
}

// askew scans a printed page again: askew, with dirt, in black and white.
func askew(m image.Image, degrees float64, noise int, lineart bool) *image.Gray {
	b := m.Bounds()
	out := image.NewGray(b)
	draw.Draw(out, b, image.White, image.Point{}, draw.Src)
	sin, cos := degrees*0.0174533, 1-degrees*degrees*0.000152309
	cx, cy := float64(b.Dx())/2, float64(b.Dy())/2
	draw.ApproxBiLinear.Transform(out, f64.Aff3{cos, -sin, cx - cos*cx + sin*cy, sin, cos, cy - sin*cx - cos*cy}, m, b, draw.Src, nil)
	n := uint32(1)
	for i := range out.Pix {
		if n = n*1664525 + 1013904223; noise > 0 && int(n>>16)%1000 < noise {
			out.Pix[i] = uint8(n >> 8)
		}
		if lineart {
			out.Pix[i] = color.Gray{Y: 255 * (out.Pix[i] / 128)}.Y
		}
	}
	return out
}

// scanned is a cover sheet and how it lies on the glass.
type scanned struct {
	cover   Cover
	dpi     int
	skew    float64
	noise   int
	lineart bool
}

var anyScan = rapid.Custom(func(t *rapid.T) scanned {
	c := exampleCover()
	c.Number = record.Number{
		Office: rapid.StringMatching(`[A-Z]{1,4}`).Draw(t, "office"), Desk: rapid.IntRange(1, 999).Draw(t, "desk"),
		Year: rapid.IntRange(0, 99).Draw(t, "year"), Seq: rapid.IntRange(1, 9_999_999).Draw(t, "seq"),
	}.String()
	c.Proof = rapid.StringMatching(`[a-z][a-z0-9_]{0,24}`).Draw(t, "proof")
	c.Party, c.Service, c.Label = rapid.String().Draw(t, "party"), rapid.String().Draw(t, "service"), rapid.String().Draw(t, "label")
	return scanned{
		c, rapid.SampledFrom([]int{150, 200, 300}).Draw(t, "dpi"), rapid.Float64Range(-5, 5).Draw(t, "skew"),
		rapid.SampledFrom([]int{0, 0, 5, 15}).Draw(t, "noise"), rapid.Bool().Draw(t, "lineart"),
	}
})

// Whatever case and proof: printed, scanned askew and dirty, it is read as it was.
func TestAnyCoverIsRead(t *testing.T) {
	n := 8
	if os.Getenv("SCHALTER_LONG") != "" {
		n = 300
	}
	for seed := range n {
		s := anyScan.Example(seed)
		m := askew(load(t, picture(t, coverFile(t, s.cover), s.dpi)[0]), s.skew, s.noise, s.lineart)
		res, err := code.Read(t.Context(), m, code.Options{DPI: s.dpi})
		want := s.cover.Code().String()
		if err != nil || !res.Sheet || len(res.Codes) == 0 || slices.ContainsFunc(res.Texts(), func(text string) bool { return text != want }) {
			t.Fatalf("%d: read %v of %+v, mark %v, %v", seed, res.Texts(), s, res.Sheet, err)
		}
	}
}

func TestCoverOf(t *testing.T) {
	c := record.Case{
		Number: "MS-1-26-00417-K", Title: map[string]string{"de": "Hundesteuer anmelden"}, Roles: map[record.Role]string{record.RoleFamily: "h/name"},
		Groups: map[string]record.Group{"h": {Values: record.Values{"h/name": "Müller"}}},
	}
	got := CoverOf(c, nil, "impfpass", desk, time.Time{}, "de")
	if got.Party != "Müller" || got.Label != "impfpass" || got.Code().Authority != sorting.Authority(desk) || fmt.Sprint(got.Code()) == "" {
		t.Errorf("%+v", got)
	}
}
