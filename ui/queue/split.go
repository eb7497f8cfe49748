package queue

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"schalter/ui/look"
)

// newSplit sets the list and the summary side by side. Where the list would get too narrow to be read,
// the summary goes: everything in it is one Enter away.
func newSplit(list, side fyne.CanvasObject, wanted func() bool) *fyne.Container {
	return container.New(split{wanted}, list, side)
}

type split struct{ wanted func() bool }

func (split) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(420), max(o[0].MinSize().Height, look.Px(200)))
}

func (p split) Layout(o []fyne.CanvasObject, s fyne.Size) {
	side := look.Px(312)
	list := s.Width - side - look.Gap
	if list < look.Px(560) || !p.wanted() {
		o[1].Hide()
		o[0].Move(fyne.Position{})
		o[0].Resize(s)
		return
	}
	o[1].Show()
	o[0].Move(fyne.Position{})
	o[0].Resize(fyne.NewSize(list, s.Height))
	o[1].Move(fyne.NewPos(list+look.Gap, 0))
	o[1].Resize(fyne.NewSize(side, s.Height))
}
