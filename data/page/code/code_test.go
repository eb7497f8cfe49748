package code_test

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/datamatrix"
	"github.com/boombuler/barcode/qr"
	"pgregory.net/rapid"

	"schalter/data/page"
	"schalter/data/page/code"
	"schalter/data/record"
	"schalter/data/sorting"
)

// paper is what lies on the glass, A4 in tenths of a millimetre; 1 is dark.
type paper struct{ pix []uint8 }

const (
	wide = 2100
	high = 2970
)

func newPaper() *paper { return &paper{make([]uint8, wide*high)} }

func (p *paper) fill(x0, y0, x1, y1 float64, dark func(x, y float64) bool) {
	for y := max(int(y0*10), 0); y < min(int(y1*10), high); y++ {
		for x := max(int(x0*10), 0); x < min(int(x1*10), wide); x++ {
			if dark((float64(x)+0.5)/10, (float64(y)+0.5)/10) {
				p.pix[y*wide+x] = 1
			}
		}
	}
}

// qr prints a code; its side is without the quiet zone.
func (p *paper) qr(text string, x, y, side float64) {
	c, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		panic(err)
	}
	p.grid(c, x, y, side, side)
}

func (p *paper) grid(c barcode.Barcode, x, y, w, h float64) {
	b := c.Bounds()
	p.fill(x, y, x+w, y+h, func(px, py float64) bool {
		l, _, _, _ := c.At(int((px-x)/w*float64(b.Dx())), int((py-y)/h*float64(b.Dy()))).RGBA()
		return l < 0x8000
	})
}

func (p *paper) rect(x0, y0, x1, y1 float64) {
	p.fill(x0, y0, x1, y1, func(float64, float64) bool { return true })
}

// mark prints the bars of our sheets.
func (p *paper) mark(x, y float64) {
	for i, m := range sorting.Mark {
		if i%2 == 0 {
			p.rect(x, y, x+sorting.MarkWidth, y+m)
		}
		y += m
	}
}

// writing prints lines of small strokes, as letters are.
func (p *paper) writing(y0, y1 float64, seed uint64) {
	p.fill(20, y0, 190, y1, func(x, y float64) bool {
		line, in := math.Modf((y - y0) / 5)
		if in > 0.55 {
			return false
		}
		letter, at := math.Modf(x / 2.1)
		n := (uint64(line)*7919 + uint64(letter)*104729 + seed) * 2654435761
		switch n >> 7 % 5 {
		case 0:
			return false
		case 1:
			return at < 0.2 || at > 0.6 && at < 0.8
		case 2:
			return in < 0.08 || in > 0.47 || at < 0.15
		case 3:
			return at > 0.35 && at < 0.55
		}
		d := math.Abs(at-0.4) + math.Abs(in-0.27)
		return d < 0.3 && d > 0.18
	})
}

// how a paper is scanned.
type how struct {
	dpi     int
	turns   int // quarter turns clockwise as it lies on the glass
	skew    float64
	lineart bool
	noise   float64 // share of pixels that are wrong
	pale    bool    // gray print on grayish paper
	blur    bool
}

func (p *paper) scan(o how) *image.Gray {
	w, h := 210.0, 297.0
	if o.turns%2 == 1 {
		w, h = h, w
	}
	s := 25.4 / float64(o.dpi)
	m := image.NewGray(image.Rect(0, 0, int(w/s), int(h/s)))
	light, dark := 250.0, 20.0
	if o.pale {
		light, dark = 205, 120
	}
	rnd := rand.New(rand.NewPCG(1, uint64(o.dpi)))
	a := (o.skew + 90*float64(o.turns)) * math.Pi / 180
	sin, cos := math.Sin(a), math.Cos(a)
	sub := []float64{0.25, 0.75}
	switch {
	case o.blur:
		sub = []float64{-0.6, 0, 0.5, 1, 1.6}
	case o.dpi > 300:
		sub = []float64{0.5}
	}
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			n := 0
			for _, sy := range sub {
				for _, sx := range sub {
					dx, dy := (float64(x)+sx)*s-w/2, (float64(y)+sy)*s-h/2
					px, py := int((dx*cos+dy*sin+105)*10), int((-dx*sin+dy*cos+148.5)*10)
					if px >= 0 && py >= 0 && px < wide && py < high {
						n += int(p.pix[py*wide+px])
					}
				}
			}
			l := light + (dark-light)*float64(n)/float64(len(sub)*len(sub))
			if o.noise > 0 {
				if rnd.Float64() < o.noise {
					l = 255 * float64(rnd.IntN(2))
				}
				l += (rnd.Float64() - 0.5) * 40
			}
			if o.lineart {
				if l < 140 {
					l = 0
				} else {
					l = 255
				}
			}
			m.Pix[y*m.Stride+x] = uint8(min(max(l, 0), 255))
		}
	}
	return m
}

var cover = sorting.Code{Kind: sorting.KindCover, Authority: "k7w2q9ha", Number: number.String(), Proof: "versicherung"}.String()

var number = record.Number{Office: "MS", Desk: 1, Year: 26, Seq: 417}

// coverSheet is what a cover sheet has: the mark and the code twice.
var coverSheet = sync.OnceValue(func() *paper {
	p := newPaper()
	p.mark(15, 8)
	p.qr(cover, 145, 35, 45)
	p.writing(100, 180, 1)
	p.qr(cover, 20, 220, 45)
	p.mark(125, 271)
	return p
})

func read(t testing.TB, m image.Image, dpi int) code.Result {
	t.Helper()
	r, err := code.Read(context.Background(), m, code.Options{DPI: dpi})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// However a cover sheet is scanned, it says what it says.
func TestCoverSheet(t *testing.T) {
	for _, o := range []how{
		{dpi: 150},
		{dpi: 200},
		{dpi: 300},
		{dpi: 400},
		{dpi: 600},
		{dpi: 150, lineart: true},
		{dpi: 300, lineart: true},
		{dpi: 600, lineart: true},
		{dpi: 300, turns: 1},
		{dpi: 300, turns: 2},
		{dpi: 300, turns: 3},
		{dpi: 300, skew: 5},
		{dpi: 200, skew: -5},
		{dpi: 150, skew: 5, lineart: true},
		{dpi: 150, turns: 1, skew: -3},
		{dpi: 300, noise: 0.05},
		{dpi: 200, noise: 0.03, lineart: true},
		{dpi: 300, pale: true, noise: 0.01},
		{dpi: 200, blur: true},
		{dpi: 300, blur: true, pale: true, skew: 2, turns: 3},
	} {
		t.Run(fmt.Sprintf("%+v", o), func(t *testing.T) {
			r := read(t, coverSheet().scan(o), o.dpi)
			if len(r.Codes) == 0 || !r.Sheet {
				t.Fatalf("read %d codes, mark %v, unread %v", len(r.Codes), r.Sheet, r.Unread)
			}
			for _, f := range r.Codes {
				if f.Text != cover || f.Format != code.QR {
					t.Errorf("read %q", f.Text)
				}
				if f.Turns != (4-o.turns)%4 {
					t.Errorf("turns %d, lies %d", f.Turns, o.turns)
				}
			}
		})
	}
}

func TestPlace(t *testing.T) {
	p := newPaper()
	p.qr(cover, 105, 148.5, 42)
	r := read(t, p.scan(how{dpi: 150}), 150)
	if len(r.Codes) != 1 {
		t.Fatalf("%d codes", len(r.Codes))
	}
	b := r.Codes[0].Box
	for _, x := range []struct{ got, want float64 }{{b.X0, 0.5}, {b.Y0, 0.5}, {b.X1, 147.0 / 210}, {b.Y1, 190.5 / 297}} {
		if math.Abs(x.got-x.want) > 0.01 {
			t.Errorf("box %v", b)
		}
	}
}

// What others print is read and told apart; several codes are several.
func TestSeveral(t *testing.T) {
	p := newPaper()
	p.qr("https://www.elster.de/x", 20, 30, 20)
	p.qr("MS-1-26-00417-K", 150, 30, 25)
	p.writing(80, 250, 5)
	got := read(t, p.scan(how{dpi: 300, skew: 1}), 300).Texts()
	slices.Sort(got)
	if want := []string{"MS-1-26-00417-K", "https://www.elster.de/x"}; !slices.Equal(got, want) {
		t.Errorf("read %q", got)
	}
}

func TestBars(t *testing.T) {
	c, err := code128.Encode("RX 123 456 789 DE")
	if err != nil {
		t.Fatal(err)
	}
	d, err := datamatrix.Encode("DV 08 0,85 Deutsche Post")
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string]barcode.Barcode{"RX 123 456 789 DE": c, "DV 08 0,85 Deutsche Post": d} {
		p := newPaper()
		w, h := 60.0, 60.0
		if b.Bounds().Dy() == 1 {
			w, h = 110, 20
		}
		p.grid(b, 50, 118, w, h)
		m := p.scan(how{dpi: 200})
		r, err := code.Read(t.Context(), m, code.Options{DPI: 200, Bars: true})
		if err != nil || !slices.Contains(r.Texts(), name) {
			t.Errorf("%s: read %q, %v", name, r.Texts(), err)
		}
		if r := read(t, m, 200); len(r.Codes) != 0 || r.Sheet || r.Lost() {
			t.Errorf("%s: without being asked for: %v", name, r)
		}
	}
}

// A sheet of which no code can be read is still known for a sheet: a stamp, a hole, a torn corner.
func TestLost(t *testing.T) {
	spoil := func(m *image.Gray, x0, y0, x1, y1 int, l uint8) *image.Gray {
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				m.SetGray(x, y, color.Gray{Y: l})
			}
		}
		return m
	}
	const dpi = 150
	mm := func(v float64) int { return int(v / 25.4 * dpi) }
	sheet := coverSheet().scan(how{dpi: dpi})
	spoil(sheet, mm(155), mm(45), mm(180), mm(70), 0)
	r := read(t, sheet, dpi)
	if !slices.Equal(r.Texts(), []string{cover}) || r.Lost() {
		t.Errorf("with one code spoilt: %+v", r)
	}
	spoil(sheet, mm(25), mm(225), mm(60), mm(260), 0)
	if r := read(t, sheet, dpi); len(r.Codes) != 0 || !r.Sheet || !r.Lost() {
		t.Errorf("with both spoilt: %+v", r)
	}
	spoil(sheet, 0, mm(200), mm(210), mm(297), 255)
	if r := read(t, sheet, dpi); !r.Lost() {
		t.Errorf("the lower half torn off: %+v", r)
	}
	bare := newPaper()
	bare.qr(cover, 145, 35, 45)
	m := bare.scan(how{dpi: dpi})
	spoil(m, mm(158), mm(48), mm(177), mm(67), 0)
	if r := read(t, m, dpi); !r.Lost() {
		t.Errorf("a large code without the mark: %+v", r)
	}
	small := newPaper()
	small.qr("https://www.elster.de/x", 145, 35, 18)
	m = small.scan(how{dpi: dpi})
	spoil(m, mm(149), mm(39), mm(158), mm(48), 0)
	if r := read(t, m, dpi); r.Lost() {
		t.Errorf("somebody's small code: %+v", r)
	}
}

// Writing, tables and empty pages are no codes.
func TestNothing(t *testing.T) {
	table := newPaper()
	for i := range 12 {
		table.rect(20, 30+float64(i)*20, 190, 30.4+float64(i)*20)
		table.rect(20+float64(i)*15, 30, 20.4+float64(i)*15, 250)
	}
	for name, p := range map[string]*paper{"empty": newPaper(), "table": table} {
		if r := read(t, p.scan(how{dpi: 150, noise: 0.01}), 150); len(r.Codes)+len(r.Unread) > 0 || r.Sheet {
			t.Errorf("%s: %+v", name, r)
		}
	}
	for seed := range uint64(6) {
		p := newPaper()
		p.writing(20, 280, seed)
		if r := read(t, p.scan(how{dpi: 150, skew: float64(seed) - 3, lineart: seed%2 == 0}), 150); len(r.Codes)+len(r.Unread) > 0 || r.Sheet {
			t.Errorf("writing %d: %+v", seed, r)
		}
	}
	if r := read(t, image.NewGray(image.Rectangle{}), 0); len(r.Codes) > 0 {
		t.Error("a picture of no pixels")
	}
}

func TestPixelLimit(t *testing.T) {
	_, err := code.Read(t.Context(), &huge{}, code.Options{})
	if record.CodeOf(err) != record.CodeImportPixels {
		t.Errorf("%v", err)
	}
	if _, err := code.Read(cancelled(t), coverSheet().scan(how{dpi: 150}), code.Options{}); err == nil {
		t.Error("a search that was called off went on")
	}
}

func cancelled(t *testing.T) context.Context {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	return ctx
}

// huge has more pixels than are looked at.
type huge struct{ image.Gray }

func (*huge) Bounds() image.Rectangle { return image.Rect(0, 0, page.MaxPixels, 2) }

// Whatever is printed is read, and nothing else: never a wrong text.
func TestReadsWhatIsPrinted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := record.Number{
			Office: rapid.StringMatching(`[A-Z]{1,4}`).Draw(t, "office"), Desk: rapid.IntRange(1, 999).Draw(t, "desk"),
			Year: rapid.IntRange(0, 99).Draw(t, "year"), Seq: rapid.IntRange(1, 9_999_999).Draw(t, "seq"),
		}
		text := "schalter1:c:k7w2q9ha:" + n.String() + ":" + rapid.StringMatching(`[a-z]{0,14}`).Draw(t, "proof") + ":3f9a1c"
		o := how{
			dpi: rapid.SampledFrom([]int{150, 200, 300}).Draw(t, "dpi"), turns: rapid.IntRange(0, 3).Draw(t, "turns"),
			skew: rapid.Float64Range(-5, 5).Draw(t, "skew"), lineart: rapid.Bool().Draw(t, "lineart"),
			noise: rapid.SampledFrom([]float64{0, 0.01, 0.03}).Draw(t, "noise"),
		}
		p := newPaper()
		p.qr(text, rapid.Float64Range(20, 140).Draw(t, "x"), rapid.Float64Range(20, 230).Draw(t, "y"), rapid.Float64Range(40, 46).Draw(t, "side"))
		r, err := code.Read(context.Background(), p.scan(o), code.Options{DPI: o.dpi})
		if err != nil || !slices.Equal(r.Texts(), []string{text}) {
			t.Fatalf("read %q, %v", r.Texts(), err)
		}
	})
}

func benchmark(b *testing.B, p *paper) {
	m := p.scan(how{dpi: 300, skew: 1})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := code.Read(context.Background(), m, code.Options{DPI: 300}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNoCode(b *testing.B) {
	p := newPaper()
	p.writing(20, 280, 3)
	benchmark(b, p)
}

func BenchmarkCover(b *testing.B) { benchmark(b, coverSheet()) }

func BenchmarkLetter(b *testing.B) {
	p := newPaper()
	p.qr("MS-1-26-00417-K", 150, 30, 25)
	p.writing(80, 250, 5)
	benchmark(b, p)
}

func BenchmarkBlank(b *testing.B) { benchmark(b, newPaper()) }

func FuzzRead(f *testing.F) {
	f.Add([]byte{0, 255, 0}, 3)
	f.Fuzz(func(t *testing.T, pix []byte, w int) {
		if w < 1 || len(pix)/w < 1 || len(pix) > 1<<16 {
			t.Skip()
		}
		m := &image.Gray{Pix: pix, Stride: w, Rect: image.Rect(0, 0, w, len(pix)/w)}
		if _, err := code.Read(context.Background(), m, code.Options{DPI: 150, Bars: true}); err != nil {
			t.Error(err)
		}
	})
}
