package control

import (
	"cmp"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

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
	Beside []string // what stands small at the right of each name, as long as Names; or nil
	First  int      // the one that is selected at first
	Rows   int      // how many are in sight at most; 0 means ten
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
		return newOption()
	}, func(i int, o fyne.CanvasObject) {
		if i < len(shown) {
			beside := ""
			if q.Beside != nil {
				beside = q.Beside[shown[i]]
			}
			o.(*option).show(q.Names[shown[i]], beside) //nolint:forcetypeassert // made a few lines above
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
		list.Refill()
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
	rows := float32(min(len(q.Names), cmp.Or(q.Rows, 10)))
	body := Column(0, Pad(16, 16, 10, 16, NewParagraph(q.Title, H2)), Pad(0, 16, 12, 16, entry), NewDivider(),
		Pad(4, 1, 8, 1, &fyne.Container{Layout: high{rows * look.RowDense}, Objects: []fyne.CanvasObject{list}}))
	layer = ShowLayer(c, keys, q.ID, 520, body, nil, nil)
	list.SetLength(len(shown))
	list.Select(min(q.First, len(q.Names)-1))
	layer.Focus(entry)
}

// option is a line of the list.
type option struct {
	widget.BaseWidget
	body         *fyne.Container
	name, beside *Label
}

func newOption() *option {
	o := &option{name: NewShort("", Body), beside: NewLabel("", Small)}
	o.body = Pad(0, 16, 0, 16, Upright(Row(10, Grow(o.name), o.beside)))
	o.ExtendBaseWidget(o)
	return o
}

// CreateRenderer belongs to Fyne.
func (o *option) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(o.body) }

func (o *option) show(name, beside string) {
	o.name.SetText(name)
	o.beside.SetText(beside)
	o.body.Refresh()
}

// high gives an object a height, at 100 %.
type high struct{ height float32 }

func (h high) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(200), look.Px(h.height))
}
func (h high) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }
