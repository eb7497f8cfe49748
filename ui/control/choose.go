package control

import (
	"strings"

	"fyne.io/fyne/v2"

	"schalter/data/search"
	"schalter/ui/command"
	"schalter/ui/look"
)

// Choice is a question for one of several things.
type Choice struct {
	Title  string // what is asked, in words
	ID     string // of the layer, among the commands
	Filter string // what stands in the empty field
	Names  []string
	First  int // the one that is selected at first
}

// Choose asks for one of several things, by typing or with the arrows. chosen gets its place in Names; it is not
// called when somebody thought better of it.
func Choose(c fyne.Canvas, keys *command.List, q Choice, chosen func(i int)) {
	if keys.Layered() || len(q.Names) == 0 {
		return
	}
	var shown []int
	for i := range q.Names {
		shown = append(shown, i)
	}
	entry := NewEntry()
	entry.Label = q.Title
	entry.SetPlaceHolder(q.Filter)
	list := NewList(func() fyne.CanvasObject {
		return Pad(0, 16, 0, 16, Upright(NewShort("", Body)))
	}, func(i int, o fyne.CanvasObject) {
		if i < len(shown) {
			line := o.(*fyne.Container).Objects[0].(*fyne.Container).Objects[0].(*Label)
			line.SetText(q.Names[shown[i]])
		}
	})
	list.RowHeight, list.Name = look.RowDense, q.Title
	var layer *Layer
	take := func(i int) {
		if i >= 0 && i < len(shown) {
			n := shown[i]
			layer.Close()
			chosen(n)
		}
	}
	list.OnOpen = take
	entry.OnChanged = func(typed string) {
		shown = shown[:0]
		for i, n := range q.Names {
			if strings.Contains(search.Fold(n), search.Fold(typed)) {
				shown = append(shown, i)
			}
		}
		list.SetLength(len(shown))
		list.Select(0)
	}
	entry.OnSubmitted = func(string) { take(max(list.Selected(), 0)) }
	entry.OnKey = func(k *fyne.KeyEvent) bool {
		switch k.Name {
		case fyne.KeyDown, fyne.KeyUp, fyne.KeyPageDown, fyne.KeyPageUp:
			list.TypedKey(k)
			return true
		}
		return false
	}
	rows := float32(min(len(q.Names), 10))
	body := Column(0, Pad(16, 16, 10, 16, NewParagraph(q.Title, H2)), Pad(0, 16, 12, 16, entry), NewDivider(),
		Pad(4, 1, 8, 1, &fyne.Container{Layout: high{rows * look.RowDense}, Objects: []fyne.CanvasObject{list}}))
	layer = ShowLayer(c, keys, q.ID, 520, body, nil, nil)
	list.SetLength(len(shown))
	list.Select(min(q.First, len(q.Names)-1))
	layer.Focus(entry)
}

// high gives an object a height, at 100 %.
type high struct{ height float32 }

func (h high) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(200), look.Px(h.height))
}
func (h high) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }
