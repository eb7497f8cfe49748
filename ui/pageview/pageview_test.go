package pageview

import (
	"context"
	"fmt"
	"image"
	"image/color"
	xdraw "image/draw"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/data/page"
	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/i18n"
	"schalter/ui/look"
)

// queue is the window's goroutine and the slow one, under the test's control.
type queue struct{ slow, window []func() }

func (q *queue) goFn(f func()) { q.slow = append(q.slow, f) }
func (q *queue) do(f func())   { q.window = append(q.window, f) }

func (q *queue) settle() {
	for len(q.slow)+len(q.window) > 0 {
		for len(q.window) > 0 {
			f := q.window[0]
			q.window = q.window[1:]
			f()
		}
		if len(q.slow) > 0 {
			f := q.slow[0]
			q.slow = q.slow[1:]
			f()
		}
	}
}

// paper is a document of white A4 pages. It refuses work that was called off, as the real one does.
type paper struct {
	pages    int
	sizes    map[int][2]float64
	lines    map[int]string // of a page; words stand 100 points apart, lines 40
	noWords  bool
	asked    []int // pages whose words were asked for
	rendered []string
	small    []int // thumbnails
	password string
	bad      map[int]error
	closed   int
}

func (p *paper) open(_ context.Context, password string) (Document, error) {
	if p.password != "" && password != p.password {
		return nil, record.E(record.CodePDFPassword, nil)
	}
	return p, nil
}

func (p *paper) Pages() int { return p.pages }
func (p *paper) Close()     { p.closed++ }

func (p *paper) Size(ctx context.Context, page int) (float64, float64, error) {
	if s, ok := p.sizes[page]; ok {
		return s[0], s[1], ctx.Err()
	}
	return 595, 842, ctx.Err()
}

func (p *paper) Words(ctx context.Context, number int) ([]page.Word, error) {
	p.asked = append(p.asked, number)
	if p.noWords {
		return nil, ctx.Err()
	}
	var out []page.Word
	for y, line := range strings.Split(p.lines[number], "\n") {
		for x, word := range strings.Fields(line) {
			out = append(out, page.Word{
				Text: word, X0: 50 + 100*float64(x), X1: 130 + 100*float64(x), Y0: 50 + 40*float64(y), Y1: 70 + 40*float64(y), Line: y,
			})
		}
	}
	return out, ctx.Err()
}

func (p *paper) Render(ctx context.Context, page int, dpi float64, turns int) (*image.RGBA, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := p.bad[page]; err != nil {
		return nil, err
	}
	w, h, _ := p.Size(ctx, page)
	if turns%2 == 1 {
		w, h = h, w
	}
	px := image.Rect(0, 0, int(w*dpi/72+0.5), int(h*dpi/72+0.5))
	if px.Dx() > thumbWidth {
		p.rendered = append(p.rendered, fmt.Sprintf("%d/%d/%d", page, turns, px.Dx()))
	} else {
		p.small = append(p.small, page)
	}
	img := image.NewRGBA(px)
	xdraw.Draw(img, px, image.NewUniform(color.RGBA{R: uint8(40 * page), G: 200, B: 200, A: 255}), image.Point{}, xdraw.Src)
	return img, nil
}

func texts(t testing.TB, lang string) *i18n.Texts {
	t.Helper()
	x, err := i18n.Load(assets.Files, lang)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func shown(t *testing.T, p *paper) (*View, *queue, fyne.Window) {
	t.Helper()
	app := test.NewApp()
	look.Apply(app, look.Light, 100)
	q := &queue{}
	v := New(texts(t, "de"), q.goFn, q.do)
	w := test.NewWindow(v.Object())
	t.Cleanup(w.Close)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(468, 560))
	if p != nil {
		v.Show(p.open)
		q.settle()
	}
	return v, q, w
}

func TestPageIsAsSharpAsTheScreen(t *testing.T) {
	p := &paper{pages: 2}
	v, _, _ := shown(t, p)
	if v.Status() != Showing {
		t.Fatalf("status %v: %v", v.Status(), v.m.err)
	}
	l := v.area.leaves[0]
	if got, want := l.image.Image.Bounds().Dx(), 468-2*marginX; got != want {
		t.Errorf("drawn %d pixels wide, want the room of %d", got, want)
	}
	if at := l.box.Position(); l.image.Size().Width != float32(l.image.Image.Bounds().Dx()) || at.X != float32(int(at.X)) || at.Y != float32(int(at.Y)) {
		t.Errorf("a picture of %v lies at %v in %v", l.image.Image.Bounds(), at, l.image.Size())
	}
	if page, of := v.Page(); page != 1 || of != 2 || v.page.Text() != "Seite 1 von 2" {
		t.Errorf("page %d of %d, %q", page, of, v.page.Text())
	}
}

func TestOnlyTheNewestWishIsDrawn(t *testing.T) {
	p := &paper{pages: 40}
	v, q, _ := shown(t, p)
	p.rendered = nil
	for range 6 {
		v.m.Turn(v.m.page + 5) // the drawing of the first has not even begun
	}
	v.Zoom(1)
	v.Zoom(1)
	q.settle()
	if v.m.page != 30 || len(p.rendered) > 5 {
		t.Errorf("drew %v, want only what is seen last and its neighbours", p.rendered)
	}
	if v.Status() != Showing || v.m.err != nil {
		t.Errorf("status %v %v", v.Status(), v.m.err)
	}
}

func TestWishThatComesBackIsStillDrawn(t *testing.T) {
	p := &paper{pages: 30}
	v, q, _ := shown(t, p)
	v.m.Turn(10)
	v.m.Turn(20) // calls the drawing of page 11 off
	v.m.Turn(10) // and wants it again
	q.settle()
	if l := v.area.leaves[10]; v.Status() != Showing || l == nil || l.image.Image == nil {
		t.Errorf("status %v (%v), page %d", v.Status(), v.m.err, v.m.page)
	}
}

func TestAnswerForAPaperThatIsGoneIsDropped(t *testing.T) {
	a, b := &paper{pages: 1}, &paper{pages: 4}
	v, q, _ := shown(t, nil)
	v.Show(a.open)
	v.Show(b.open)
	q.settle()
	if _, of := v.Page(); of != 4 || a.closed != 1 || b.closed != 0 {
		t.Errorf("%d pages, closed %d and %d times", of, a.closed, b.closed)
	}
	v.Close()
	q.settle()
	if v.Status() != Empty || b.closed != 1 {
		t.Errorf("status %v, closed %d times", v.Status(), b.closed)
	}
}

func TestKeysTurnZoomAndRotate(t *testing.T) {
	p := &paper{pages: 3}
	v, q, w := shown(t, p)
	l := command.NewList()
	l.Bind(w.Canvas())
	defer l.Release()
	l.Enter("capture", v.Commands())
	key := func(k fyne.KeyName, mod fyne.KeyModifier) {
		t.Helper()
		if !l.Type(k, mod) {
			t.Errorf("%s does nothing", k)
		}
		q.settle()
	}
	key(fyne.KeyPageDown, 0) // to the end of page 1
	if page, _ := v.Page(); page != 1 || v.m.y == 0 {
		t.Errorf("page %d at %v", page, v.m.y)
	}
	key(fyne.KeyPageDown, 0) // to page 2
	if page, _ := v.Page(); page != 2 || v.m.y != v.m.strip.tops[1] {
		t.Errorf("page %d at %v", page, v.m.y)
	}
	key(fyne.KeyPageUp, 0)
	if page, _ := v.Page(); page != 1 || v.m.y == 0 {
		t.Errorf("back: page %d at %v", page, v.m.y)
	}
	before := v.m.Zoom()
	key(fyne.KeyPlus, fyne.KeyModifierControl)
	if v.m.Zoom() <= before {
		t.Error("not larger")
	}
	key(fyne.Key0, fyne.KeyModifierControl)
	if v.m.Zoom() != before {
		t.Errorf("width no longer fits: %v, was %v", v.m.Zoom(), before)
	}
	key(fyne.Key0, fyne.KeyModifierControl)
	if _, h := v.m.strip.size(0); h > float64(v.area.Size().Height) {
		t.Errorf("the whole page is %v high in %v", h, v.area.Size().Height)
	}
	key(fyne.KeyR, fyne.KeyModifierControl)
	if wide, high := v.m.strip.size(0); wide < high {
		t.Errorf("not turned: %v x %v", wide, high)
	}
	w.Canvas().Focus(v.area)
	for range 3 {
		v.area.TypedRune('r')
	}
	q.settle()
	if v.m.strip.turns != 0 {
		t.Errorf("%d quarter turns after four", v.m.strip.turns)
	}
}

func TestTroubleIsSaidInWordsAndOtherPagesStay(t *testing.T) {
	p := &paper{pages: 2, bad: map[int]error{0: record.E(record.CodePDFCannotShow, nil)}}
	v, q, _ := shown(t, p)
	if v.Status() != Trouble || len(v.area.leaves[0].words.Objects) == 0 {
		t.Fatalf("status %v", v.Status())
	}
	v.m.Turn(1)
	q.settle()
	if page, _ := v.Page(); page != 2 || v.Status() != Showing || len(v.area.leaves[1].words.Objects) != 0 {
		t.Errorf("page %d, status %v", page, v.Status())
	}
}

func TestPasswordIsAskedInPlace(t *testing.T) {
	p := &paper{pages: 1, password: "geheim"}
	v, q, w := shown(t, p)
	if v.Status() != Locked || v.m.wrong {
		t.Fatalf("status %v", v.Status())
	}
	var told []Status
	v.OnStatus = func(s Status) { told = append(told, s) }
	for _, c := range v.Commands() {
		if c.ID == "page.password" && c.Enabled() {
			c.Run()
		}
	}
	if w.Canvas().Focused() != fyne.Focusable(v.area.password) {
		t.Fatal("no key leads to the field for the password")
	}
	for _, word := range []string{"falsch", "geheim"} {
		if w.Canvas().Focused() != fyne.Focusable(v.area.password) {
			t.Error("the keys have left the field")
		}
		test.Type(v.area.password, word)
		v.area.password.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		q.settle()
		if word == "falsch" && (v.Status() != Locked || !v.m.wrong || v.area.password.Text != "") {
			t.Errorf("wrong password: status %v, said %v", v.Status(), v.m.wrong)
		}
	}
	if v.Status() != Showing || told[len(told)-1] != Showing {
		t.Errorf("status %v, told %v", v.Status(), told)
	}
	if w.Canvas().Focused() != fyne.Focusable(v.area) {
		t.Error("the open paper does not have the keys")
	}
}

func TestEveryTextThereIsInBothLanguages(t *testing.T) {
	for _, lang := range []string{"de", "en"} {
		x := texts(t, lang)
		for _, k := range []string{"page", "zoom", "keys", "tool", "thumbs", "page.called", "outline", "outline.none", "outline.files", "link.page", "link.out", "link.copied", "find", "find.of", "find.at_least", "find.more", "find.busy", "find.none", "find.no_text", "goto", "goto.of", "goto.range", "loading", "empty", "empty.hint", "cannot_show", "kept", "locked", "locked.title", "password", "password.open", "password.wrong"} {
			if !x.Has("pageview." + k) {
				t.Errorf("%s: pageview.%s", lang, k)
			}
		}
		for _, c := range New(x, func(func()) {}, func(func()) {}).Commands() {
			if !x.Has("command." + c.ID) {
				t.Errorf("%s: command.%s", lang, c.ID)
			}
		}
	}
}
