package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"schalter/ui/look"
)

// NewPicture shows a picture in a square of the size, at 100 %.
func NewPicture(r fyne.Resource, size float32) fyne.CanvasObject {
	if r == nil {
		return Width(0, NewLabel("", Body))
	}
	i := canvas.NewImageFromResource(r)
	i.FillMode = canvas.ImageFillContain
	return container.New(pictureLayout{size}, i)
}

type pictureLayout struct{ size float32 }

func (p pictureLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSquareSize(look.Px(p.size))
}

func (p pictureLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].(*canvas.Image).CornerRadius = look.Px(p.size) * 0.22
	o[0].Resize(s)
}
