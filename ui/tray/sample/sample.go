// Package sample is a made-up tray: a stack for several cases, with what can go wrong in one, all in memory.
//
// It is for the storybook and for tests of the screen. It promises the same pictures every time. It is never part
// of the desk's program.
package sample

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"io"
	"slices"
	"time"

	"github.com/boombuler/barcode/qr"

	"schalter/data/page"
	"schalter/data/record"
	"schalter/data/sorting"
	"schalter/ui/pageview"
	town "schalter/ui/sample"
	"schalter/ui/stack"
)

// Office is the tray of the made-up town hall.
type Office struct {
	*town.Store
	Stacks []sorting.Stack
	Fail   error // every reading answers this while it is set
	kinds  map[record.Hash]string
	codes  map[record.Hash]string
	made   int
}

// New makes a tray with two stacks; empty leaves it empty.
func New(s *town.Store, empty bool) *Office {
	o := &Office{Store: s, kinds: map[record.Hash]string{}, codes: map[record.Hash]string{}}
	if empty {
		return o
	}
	rows, _, _ := s.Cases(context.Background(), record.ViewOffice, "", 0, 40)
	var numbers []string
	for _, r := range rows {
		if r.Number != "" && r.State != record.StateDone {
			numbers = append(numbers, r.Number)
		}
	}
	proof := ""
	if c, ok, _ := o.Numbered(context.Background(), numbers[0]); ok && len(c.Documents) > 0 {
		proof = c.Documents[0].Proof
	}
	id, _ := s.Identity(context.Background())
	cover := func(number, proof string) string {
		return sorting.Code{Kind: sorting.KindCover, Authority: sorting.Authority(id), Number: number, Proof: proof}.String()
	}
	separator := sorting.Code{Kind: sorting.KindSeparator, Authority: sorting.Authority(id)}.String()
	o.stack(25*time.Minute, "page", "page", cover(numbers[0], proof), "page", "page", "blank", separator, "page", cover(numbers[1], ""), "page", "lost", "page", "page",
		cover(numbers[2], "x"), "page", cover(numbers[3], ""), numbers[1])
	o.stack(4*time.Minute, cover("MS-1-26-99999-"+last(99999), ""), "page", cover(numbers[4%len(numbers)], ""), "page", "page", "page", "page", "page")
	return o
}

// ForCase adds a stack that was scanned for a case and is not filed yet; behind its first pages lies another case's
// cover sheet if away is set.
func (o *Office) ForCase(number string, away bool) {
	pages := []string{"page", "page", "blank", "page"}
	if away {
		rows, _, _ := o.Cases(context.Background(), record.ViewOffice, "", 0, 40)
		id, _ := o.Identity(context.Background())
		for _, r := range rows {
			if r.Number != "" && r.Number != number && r.State != record.StateDone {
				pages = append(pages, sorting.Code{Kind: sorting.KindCover, Authority: sorting.Authority(id), Number: r.Number}.String(), "page", "page")
				break
			}
		}
	}
	o.stack(2*time.Minute, pages...)
	o.Stacks[len(o.Stacks)-1].Goes = &sorting.Goes{Number: number}
}

func last(seq int) string {
	n := record.Number{Office: "MS", Desk: 1, Year: 26, Seq: seq}.String()
	return n[len(n)-1:]
}

func (o *Office) stack(ago time.Duration, pages ...string) {
	o.made++
	st := sorting.Stack{ID: o.id(), User: town.User, Made: town.Now.Add(-ago), Device: "Fujitsu fi-7160", Settings: "feeder gray 300 dpi A4", Done: true}
	for i, kind := range pages {
		h := record.HashOf([]byte(fmt.Sprint(st.ID, i)))
		p := sorting.Page{ID: o.id(), N: i, Read: true, DPI: 300, Original: record.Original{
			Name: fmt.Sprintf("seite-%03d.jpg", i+1), MediaType: "image/jpeg", Blob: record.BlobRef{Hash: h, Size: 200_000},
		}}
		o.kinds[h] = kind
		switch kind {
		case "page":
		case "blank":
			p.Blank = true
		case "lost":
			p.Damaged = true
		default:
			p.Codes = []string{kind}
			o.kinds[h], o.codes[h] = "sheet", kind
		}
		st.Pages = append(st.Pages, p)
	}
	o.Stacks = append(o.Stacks, st)
}

func (o *Office) id() record.ID {
	o.made++
	return record.ID(fmt.Sprintf("0193537b-0000-7000-8000-%012d", o.made))
}

// Tray lists the stacks.
func (o *Office) Tray(context.Context) ([]sorting.Stack, error) {
	out := slices.Clone(o.Stacks)
	for i := range out {
		out[i].Pages = slices.Clone(out[i].Pages)
	}
	return out, o.Fail
}

// Numbered finds a case by its number.
func (o *Office) Numbered(ctx context.Context, number string) (record.Case, bool, error) {
	rows, _, err := o.Cases(ctx, record.ViewOffice, "", 0, 40)
	for _, r := range rows {
		if r.Number == number {
			c, err := o.Case(ctx, r.ID)
			return c, err == nil, err
		}
	}
	return record.Case{}, false, err
}

// ChangeTray changes pages.
func (o *Office) ChangeTray(_ context.Context, pages []record.ID, f func(*sorting.Page)) error {
	o.each(pages, f)
	return nil
}

func (o *Office) each(pages []record.ID, f func(*sorting.Page)) {
	for i := range o.Stacks {
		for k := range o.Stacks[i].Pages {
			if p := &o.Stacks[i].Pages[k]; slices.Contains(pages, p.ID) {
				f(p)
			}
		}
	}
}

// FileTray marks pages as filed.
func (o *Office) FileTray(_ context.Context, pages []sorting.Page, _ ...record.Edit) error {
	ids := make([]record.ID, len(pages))
	for i, p := range pages {
		ids[i] = p.ID
	}
	o.each(ids, func(p *sorting.Page) { p.Filed = "filed" })
	return nil
}

// UnfileTray takes it back.
func (o *Office) UnfileTray(_ context.Context, _ sorting.Stack, pages []record.ID, _ ...record.Edit) error {
	o.each(pages, func(p *sorting.Page) { p.Filed = "" })
	return nil
}

// DropTray throws pages away.
func (o *Office) DropTray(_ context.Context, user string, pages []record.ID) error {
	o.each(pages, func(p *sorting.Page) { p.Filed, p.Dropped = "dropped", &sorting.Dropped{Time: town.Now, User: user} })
	return nil
}

// DroppedTray lists them.
func (o *Office) DroppedTray(context.Context) (out []sorting.Page, err error) {
	for _, st := range o.Stacks {
		for _, p := range st.Pages {
			if p.Dropped != nil {
				out = append(out, p)
			}
		}
	}
	return out, nil
}

// UndropTray takes it back.
func (o *Office) UndropTray(_ context.Context, pages []record.ID) error {
	o.each(pages, func(p *sorting.Page) { p.Filed, p.Dropped = "", nil })
	return nil
}

// BeginTray belongs to a scan, which there is none of here, as the next four.
func (o *Office) BeginTray(context.Context, sorting.Stack) error { return nil }

// NoteTray does nothing.
func (o *Office) NoteTray(context.Context, sorting.Stack) error { return nil }

// AddTrayPage does nothing.
func (o *Office) AddTrayPage(_ context.Context, _ record.ID, p sorting.Page) (sorting.Page, error) {
	return p, nil
}

// OrderTray does nothing.
func (o *Office) OrderTray(context.Context, record.ID, []record.ID) error { return nil }

// EndTray does nothing.
func (o *Office) EndTray(context.Context, record.ID, bool) error { return nil }

// Put keeps nothing.
func (o *Office) Put(context.Context, io.Reader) (record.BlobRef, error) {
	return record.BlobRef{}, nil
}

// Bind answers how many pages a document shows.
func (o *Office) Bind(_ context.Context, d record.Document) (record.BlobRef, int, error) {
	return record.BlobRef{Hash: record.HashOf([]byte(d.ID)), Size: 1}, len(d.Sheets), nil
}

// Read finds nothing: everything was looked at.
func (o *Office) Read(context.Context, record.Original, int) (stack.Seen, error) {
	return stack.Seen{}, nil
}

// Profiles are two ways to scan.
func (o *Office) Profiles(lang string) []stack.Profile {
	if lang == "en" {
		return []stack.Profile{{ID: "feeder", Label: "feeder, gray"}, {ID: "duplex", Label: "both sides"}}
	}
	return []stack.Profile{{ID: "feeder", Label: "Einzug, Grau"}, {ID: "duplex", Label: "beidseitig"}}
}

// Scan has no paper.
func (o *Office) Scan(context.Context, string, func(stack.Event) error) error {
	return record.E(record.CodeScanNoPaper, nil)
}

// Draw draws a page: lines where writing would be, or a sheet with its bars and codes.
func (o *Office) Draw(_ context.Context, of record.Original, _, size int) (*image.RGBA, error) {
	return o.draw(of.Blob.Hash, float64(size)/297), nil
}

// Look finds nothing on a page.
func (o *Office) Look(context.Context, record.Original, int, int) (page.Findings, error) {
	return page.Findings{}, nil
}

// Open opens a page to be looked at.
func (o *Office) Open(of record.Original) pageview.Open {
	return func(context.Context, string) (pageview.Document, error) { return paper{o, of.Blob.Hash}, nil }
}

type paper struct {
	o *Office
	h record.Hash
}

func (p paper) Pages() int { return 1 }
func (p paper) Close()     {}

func (p paper) Size(context.Context, int) (w, h float64, err error) { return 595, 842, nil }

func (p paper) Render(_ context.Context, _ int, dpi float64, _ int) (*image.RGBA, error) {
	return p.o.draw(p.h, dpi/25.4), nil
}

// draw makes the picture of a page with k pixels a millimetre.
func (o *Office) draw(h record.Hash, k float64) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, int(210*k), int(297*k)))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	bar := func(x, y, w, h float64, l uint8) {
		draw.Draw(img, image.Rect(int(x*k), int(y*k), int((x+w)*k), int((y+h)*k)), image.NewUniform(color.Gray{Y: l}), image.Point{}, draw.Src)
	}
	switch kind := o.kinds[h]; kind {
	case "blank":
	case "sheet", "lost":
		for _, at := range [][2]float64{{25, 10}, {115, 270}} {
			y := at[1]
			for i, m := range sorting.Mark {
				if i%2 == 0 {
					bar(at[0], y, sorting.MarkWidth, m, 0)
				}
				y += m
			}
		}
		o.qr(h, 140, 18, 44, bar)
		o.qr(h, 22, 232, 44, bar)
		bar(25, 90, 80, 10, 40)
		bar(25, 110, 150, 24, 225)
		bar(32, 117, 90, 9, 60)
		if kind == "lost" {
			bar(145, 24, 30, 30, 90)
			bar(30, 238, 30, 30, 90)
		}
	default:
		bar(25, 28, 60, 6, 70)
		for i, w := range []float64{150, 148, 102, 0, 140, 130, 0, 155, 150, 152, 140, 70, 0, 0, 90} {
			bar(25, 46+float64(i)*9, w, 3, 175)
		}
	}
	return img
}

func (o *Office) qr(h record.Hash, x, y, side float64, bar func(x, y, w, h float64, l uint8)) {
	text := o.codes[h]
	if text == "" {
		text = string(h)
	}
	c, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return
	}
	n := c.Bounds().Dx()
	m := side / float64(n)
	for row := range n {
		for col := range n {
			if l, _, _, _ := c.At(col, row).RGBA(); l < 0x8000 {
				bar(x+float64(col)*m, y+float64(row)*m, m, m, 0)
			}
		}
	}
}
