package pageview

import (
	"image"
	"image/color"
	"math"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"schalter/ui/look"
)

/*
Marks lie on the paper, as a stamp of ink and a glued note do: who turns the view turns them with it, and what is
printed or exported looks the same. That is what other viewers do with stamps and typed text. The text is set as the
export sets it: as large as it fits into the box, between 4 and 16 points of the page.
*/

// writing is the text of a mark, set into its box as it stands at 0 turns. All measures are units of the window.
type writing struct {
	rows          []string
	size, leading float32
	pad           float32
	style         fyne.TextStyle
	ink           color.Color
	middle        bool
}

// Measures of a mark's text, in points of the page.
const (
	writingLargest = 16.0
	writingLeast   = 4.0
	writingStep    = 0.5
	writingLeading = 1.38
	writingPad     = 1.6 / 25.4 * 72
)

// write sets a text into a box of a size; k is how many units a point of the page has.
func write(text string, box fyne.Size, k float32, bold bool, ink color.Color, middle bool) writing {
	w := writing{style: fyne.TextStyle{Bold: bold}, ink: ink, middle: middle, pad: min(writingPad*k, box.Width/10, box.Height/6)}
	wide, high := box.Width-2*w.pad, box.Height-2*w.pad
	const measured = 40 // widths grow with the size; small sizes are rounded to whole pixels
	for points := float32(writingLargest); ; points -= writingStep {
		w.size, w.leading = points*k, points*k*writingLeading
		w.rows = wrap(text, func(row string) bool {
			return fyne.MeasureText(row, measured, w.style).Width*w.size/measured <= wide
		})
		if points <= writingLeast || float32(len(w.rows))*w.leading <= high {
			break
		}
	}
	w.rows = w.rows[:min(len(w.rows), max(1, int(high/w.leading+1e-3)))]
	return w
}

// top is where the first row begins in a box.
func (w writing) top(box fyne.Size) float32 {
	if w.middle {
		return (box.Height - float32(len(w.rows))*w.leading) / 2
	}
	return w.pad
}

// upright are the rows as the screen sets text.
func (w writing) upright(at fyne.Position, box fyne.Size) []fyne.CanvasObject {
	var out []fyne.CanvasObject
	y := at.Y + w.top(box)
	for _, row := range w.rows {
		t := canvas.NewText(row, w.ink)
		t.TextSize, t.TextStyle = w.size, w.style
		x, wide := at.X+w.pad, box.Width-2*w.pad
		if w.middle {
			t.Alignment, x, wide = fyne.TextAlignCenter, at.X, box.Width
		}
		high := t.MinSize().Height
		t.Move(fyne.NewPos(x, y+(w.leading-high)/2))
		t.Resize(fyne.NewSize(wide, high))
		out = append(out, t)
		y += w.leading
	}
	return out
}

// faces are the fonts of the house, read once.
var faces sync.Map

func faceOf(style fyne.TextStyle, pixels float64) (font.Face, error) {
	f, ok := faces.Load(style)
	if !ok {
		parsed, err := opentype.Parse(look.Current().Font(style).Content())
		if err != nil {
			return nil, err
		}
		f, _ = faces.LoadOrStore(style, parsed)
	}
	return opentype.NewFace(f.(*opentype.Font), &opentype.FaceOptions{Size: pixels, DPI: 72, Hinting: font.HintingNone})
}

// turned is a picture of the rows, turned by quarters clockwise: the screen sets text upright only. box is what it
// stands in at 0 turns, scale how many pixels a unit has.
func (w writing) turned(box fyne.Size, scale float64, turns int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, max(1, int(math.Round(float64(box.Width)*scale))), max(1, int(math.Round(float64(box.Height)*scale)))))
	face, err := faceOf(w.style, float64(w.size)*scale)
	if err != nil {
		return m // its frame is there, and its text upright again when the page is
	}
	defer func() { _ = face.Close() }()
	d := font.Drawer{Dst: m, Src: image.NewUniform(w.ink), Face: face}
	met := face.Metrics()
	y := float64(w.top(box)) * scale
	for _, row := range w.rows {
		x := float64(w.pad) * scale
		if w.middle {
			x = (float64(m.Rect.Dx()) - float64(d.MeasureString(row))/64) / 2
		}
		base := y + (float64(w.leading)*scale-float64(met.Ascent+met.Descent)/64)/2 + float64(met.Ascent)/64
		d.Dot = fixed.Point26_6{X: fixed.Int26_6(x * 64), Y: fixed.Int26_6(base * 64)}
		d.DrawString(row)
		y += float64(w.leading) * scale
	}
	return quarters(m, turns)
}

// quarters turns a picture clockwise.
func quarters(m *image.RGBA, turns int) *image.RGBA {
	for range ((turns % 4) + 4) % 4 {
		out := image.NewRGBA(image.Rect(0, 0, m.Rect.Dy(), m.Rect.Dx()))
		for y := range m.Rect.Dy() {
			for x := range m.Rect.Dx() {
				copy(out.Pix[out.PixOffset(out.Rect.Dx()-1-y, x):][:4], m.Pix[m.PixOffset(x, y):][:4])
			}
		}
		m = out
	}
	return m
}

// objects are what shows the rows on a page that is turned, in a box as it lies then.
func (w writing) objects(at fyne.Position, lies, stands fyne.Size, scale float64, turns int) []fyne.CanvasObject {
	if turns == 0 {
		return w.upright(at, stands)
	}
	i := canvas.NewImageFromImage(w.turned(stands, scale, turns))
	i.FillMode, i.ScaleMode = canvas.ImageFillStretch, canvas.ImageScaleSmooth
	i.Move(at)
	i.Resize(lies)
	return []fyne.CanvasObject{i}
}
