package pageview

import (
	"image"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"schalter/data/record"
	"schalter/ui/look"
)

// leaf is a page on the screen. Leaves are used again for other pages as one goes on.
type leaf struct {
	page    int
	box     *fyne.Container
	shade   *canvas.Rectangle
	sheet   *canvas.Rectangle
	image   *canvas.Image
	over    *fyne.Container // found and selected words, marks
	words   *fyne.Container // instead of a picture
	patches []patch
	ground  ground
	err     error
	told    *picture // that err is of
}

// patch is a part of a page, as it lies, with something drawn over it.
type patch struct {
	box  record.Box
	look patchLook
	text string
}

type patchLook int

const (
	lookSelected patchLook = iota
	lookWord               // marked from outside
	lookFound
	lookCurrent // the found one being looked at
	lookHighlight
	lookBlack
	lookStamp
	lookNote
	lookChosen // ring around a mark
	lookBand   // what is being drawn
)

func newLeaf() *leaf {
	l := &leaf{page: -1}
	l.shade = canvas.NewRectangle(look.Palette().Line)
	l.sheet = canvas.NewRectangle(white)
	l.image = &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleFastest}
	l.over, l.words = &fyne.Container{}, &fyne.Container{}
	l.box = &fyne.Container{Objects: []fyne.CanvasObject{l.shade, l.sheet, l.image, l.over, l.words}, Hidden: true}
	return l
}

// place lays the page down.
func (l *leaf) place(at fyne.Position, g ground) {
	size := g.size
	if l.box.Position() != at || l.box.Hidden {
		l.box.Hidden = false
		l.box.Move(at)
	}
	if l.ground == g {
		return
	}
	l.ground = g
	l.box.Resize(size)
	l.shade.Move(fyne.NewPos(-1, 0))
	l.shade.Resize(fyne.NewSize(size.Width+2, size.Height+3))
	l.sheet.Resize(size)
	l.image.Resize(size)
	l.words.Resize(size)
	for _, o := range l.words.Objects {
		o.Resize(size)
	}
	l.draw()
}

// show puts a picture on the page; nil leaves it white.
func (l *leaf) show(img *image.RGBA) {
	switch {
	case img == nil && l.image.Image == nil:
		return
	case img == nil:
		l.image.Image, l.image.Hidden = nil, true
	case l.image.Image == img && !l.image.Hidden:
		return
	default:
		l.image.Image, l.image.Hidden = img, false
	}
	l.image.Refresh()
}

// put draws patches over the page.
func (l *leaf) put(patches []patch) {
	if slices.Equal(patches, l.patches) {
		return
	}
	l.patches = patches
	l.draw()
}

func (l *leaf) draw() {
	objects := make([]fyne.CanvasObject, 0, len(l.patches))
	for _, p := range l.patches {
		objects = append(objects, p.objects(l.ground)...)
	}
	if len(objects) == 0 && len(l.over.Objects) == 0 {
		return
	}
	l.over.Objects = objects
	l.over.Refresh()
}

// free takes the page off the screen.
func (l *leaf) free() {
	l.page, l.err, l.told, l.patches = -1, nil, nil, nil
	l.show(nil)
	l.over.Objects, l.words.Objects = nil, nil
	l.box.Hide()
}

// paint follows the look.
func (l *leaf) paint() {
	p := look.Palette()
	l.shade.FillColor = p.Line
	l.sheet.FillColor = white
	if l.err != nil {
		l.sheet.FillColor = p.Surface
	}
	l.shade.Refresh()
	l.sheet.Refresh()
	l.draw()
}
