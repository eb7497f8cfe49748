package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"schalter/ui/look"
)

// NewPicture shows a picture in a square of the size, at 100 %.
func NewPicture(r fyne.Resource, size float32) fyne.CanvasObject {
	if r == nil {
		return Width(0, NewLabel("", Body))
	}
	i := canvas.NewImageFromResource(r)
	i.FillMode = canvas.ImageFillContain
	i.CornerRadius = look.Px(size) * 0.22
	i.SetMinSize(fyne.NewSquareSize(look.Px(size)))
	return i
}
