package pageview

import (
	"context"
	"fmt"
	"image"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"schalter/data/page"
	"schalter/data/record"
	"schalter/ui/command"
)

// book is a paper with an outline, names for its pages, and links.
type book struct {
	*paper
	says  page.Contents
	links map[int][]page.Link
	most  float64 // dpi that it can be drawn at; 0: any
}

func (b *book) Contents(ctx context.Context) (page.Contents, error) { return b.says, ctx.Err() }

func (b *book) Links(ctx context.Context, number int) ([]page.Link, error) {
	return b.links[number], ctx.Err()
}

func (b *book) Render(ctx context.Context, number int, dpi float64, turns int) (*image.RGBA, error) {
	if b.most > 0 && dpi > b.most {
		return nil, record.E(record.CodePDFTooLarge, nil)
	}
	return b.paper.Render(ctx, number, dpi, turns)
}

func law() *book {
	b := &book{paper: &paper{pages: 20, lines: map[int]string{}}, links: map[int][]page.Link{}}
	for i := range 20 {
		label := fmt.Sprint(i - 3)
		if i < 4 {
			label = []string{"i", "ii", "iii", "iv"}[i]
		}
		b.says.Labels = append(b.says.Labels, label)
	}
	b.says.Outline = []page.Heading{
		{Title: "Vorwort"},
		{Title: "Erster Teil", Page: 4},
		{Title: "Steuerpflicht", Depth: 1, Page: 4, Top: 400},
		{Title: "Anderswo", Page: -1},
		{Title: "Zweiter Teil", Page: 12},
	}
	b.links[0] = []page.Link{
		{X0: 50, Y0: 50, X1: 150, Y1: 80, Page: 12, Top: 100},
		{X0: 50, Y0: 100, X1: 150, Y1: 130, Page: -1, Address: "https://example.org/antrag"},
	}
	return b
}

func shownBook(t *testing.T, b *book) (*View, *queue, fyne.Window) {
	t.Helper()
	v, q, w := shown(t, nil)
	v.Show(func(context.Context, string) (Document, error) { return b, nil })
	q.settle()
	return v, q, w
}

func TestOutlineIsWalkedWithTheKeys(t *testing.T) {
	v, q, w := shownBook(t, law())
	v.ShowThumbs(true)
	for _, c := range v.Commands() {
		if c.ID == "page.outline" {
			c.Run()
		}
	}
	q.settle()
	if !v.Outline() || v.Thumbs() || v.lines.list.Length() != 5 || w.Canvas().Focused() != fyne.Focusable(v.lines.list) {
		t.Fatalf("outline %v, thumbnails %v, %d entries", v.Outline(), v.Thumbs(), v.lines.list.Length())
	}
	for _, want := range []int{5, 5, 5, 13} { // the entry that leads nowhere leaves one where one is
		v.lines.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		q.settle()
		if page, _ := v.Page(); page != want {
			t.Errorf("page %d instead of %d at entry %d", page, want, v.lines.list.Selected())
		}
	}
	v.lines.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if w.Canvas().Focused() != fyne.Focusable(v.area) {
		t.Error("Enter does not lead to the paper")
	}
	v.Go(3)
	q.settle()
	if v.lines.list.Selected() != 0 {
		t.Errorf("entry %d is marked on page 3", v.lines.list.Selected())
	}
	v.ShowOutline(false)
	if v.Outline() || v.Thumbs() {
		t.Error("something is still open")
	}
}

func TestPagesAreCalledAsTheFileSays(t *testing.T) {
	v, q, _ := shownBook(t, law())
	if got := v.page.Text(); got != "Seite i (1 von 20)" {
		t.Errorf("%q", got)
	}
	for typed, want := range map[string]int{"iv": 4, "IV": 4, "5": 9, " 16 ": 20, "18": 18} {
		v.GoTo()
		test.Type(v.bar.entry, typed)
		v.bar.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		q.settle()
		if page, _ := v.Page(); page != want || v.bar.open() {
			t.Errorf("%q leads to page %d instead of %d", typed, page, want)
		}
	}
	for _, typed := range []string{"21", "0", "v", "-3", ""} {
		v.GoTo()
		test.Type(v.bar.entry, typed)
		v.bar.entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if !v.bar.wrong {
			t.Errorf("%q is taken for a page", typed)
		}
		v.bar.close()
	}
}

func TestLinksJumpAndNeverOpenAnything(t *testing.T) {
	v, q, w := shownBook(t, law())
	w.Canvas().Focus(v.area)
	q.settle()
	click := func(x, y float64) {
		at, size := v.area.frame(0)
		e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
		e.Position = at.AddXY(float32(x/595)*size.Width, float32(y/842)*size.Height)
		v.area.MouseMoved(e)
		v.area.MouseDown(e)
		v.area.MouseUp(e)
		q.settle()
	}
	v.m.Scroll(0, 10)
	y := v.m.y
	click(60, 60)
	if page, _ := v.Page(); page != 13 || v.m.y <= v.m.strip.tops[12] {
		t.Fatalf("page %d", page)
	}
	l := command.NewList()
	l.Bind(w.Canvas())
	defer l.Release()
	l.Enter("capture", v.Commands())
	if !l.Type(fyne.KeyLeft, fyne.KeyModifierAlt) || v.m.y < y-0.1 || v.m.y > y+0.1 {
		t.Errorf("back at %v instead of %v", v.m.y, y)
	}
	q.settle()
	click(60, 110)
	if page, _ := v.Page(); page != 1 || fyne.CurrentApp().Clipboard().Content() != "https://example.org/antrag" || v.hint.Text() != "Kopiert, nicht geöffnet: https://example.org/antrag" {
		t.Errorf("page %d, %q", page, v.hint.Text())
	}
	click(400, 400)
	if v.hint.Text() != v.texts.T("pageview.keys") {
		t.Errorf("%q beside a link", v.hint.Text())
	}
	v.area.TypedRune('l')
	v.area.TypedRune('l')
	if v.hint.Text() != v.texts.T("pageview.link.out", "address", "https://example.org/antrag") {
		t.Errorf("%q at the second link", v.hint.Text())
	}
	v.area.TypedRune('L')
	v.area.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	q.settle()
	if page, _ := v.Page(); page != 13 {
		t.Errorf("Enter leads to page %d", page)
	}
}

func TestWhatIsTooLargeIsDrawnCoarser(t *testing.T) {
	b := &book{paper: &paper{pages: 1}, most: 40}
	v, _, _ := shownBook(t, b)
	if l := v.area.leaves[0]; v.Status() != Showing || l.image.Image == nil || l.image.Image.Bounds().Dx() > 40*595/72+1 {
		t.Errorf("status %v: %v", v.Status(), v.m.err)
	}
	b = &book{paper: &paper{pages: 1}, most: 1}
	if v, _, _ = shownBook(t, b); v.Status() != Trouble || record.CodeOf(v.m.err) != record.CodePDFTooLarge {
		t.Errorf("status %v: %v", v.Status(), v.m.err)
	}
}

func TestAPaperThatSaysNothingIsCounted(t *testing.T) {
	v, q, _ := shown(t, &paper{pages: 3})
	v.ShowOutline(true)
	q.settle()
	if v.page.Text() != "Seite 1 von 3" || v.lines.list.Length() != 0 || v.lines.none.Text() == "" || !v.lines.under.Hidden {
		t.Errorf("%q, %q", v.page.Text(), v.lines.none.Text())
	}
	b := law()
	b.says.Files = []string{"rechnung.xml"}
	v.Show(func(context.Context, string) (Document, error) { return b, nil })
	q.settle()
	if v.lines.list.Length() != 5 || v.lines.none.Text() != "" || v.lines.under.Hidden || v.lines.files.Text() == "" {
		t.Errorf("%d entries, files %q", v.lines.list.Length(), v.lines.files.Text())
	}
	v.Close()
	q.settle()
	if v.lines.list.Length() != 0 {
		t.Errorf("%d entries of a paper that is gone", v.lines.list.Length())
	}
}
