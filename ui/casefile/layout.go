package casefile

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"schalter/ui/look"
)

// newSplit sets the data and the paper side by side; without paper the data have the whole width.
func newSplit(data, paper fyne.CanvasObject) *fyne.Container {
	return container.New(split{}, data, paper)
}

type split struct{}

func (split) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(look.Px(420), look.Px(240)) }

func (split) Layout(o []fyne.CanvasObject, s fyne.Size) {
	w := s.Width
	if o[1].Visible() {
		paper := max(s.Width*0.42, min(look.Px(380), s.Width*0.5))
		w = s.Width - paper - look.Gap
		o[1].Move(fyne.NewPos(w+look.Gap, 0))
		o[1].Resize(fyne.NewSize(paper, s.Height))
	}
	o[0].Move(fyne.Position{})
	o[0].Resize(fyne.NewSize(w, s.Height))
}

// newGrid sets answers in columns of equal width, as many as fit.
func newGrid(o ...fyne.CanvasObject) *fyne.Container { return container.New(&grid{}, o...) }

type grid struct{ width float32 }

const gridGap = 14

func (g *grid) columns() int { return max(int((g.width+gridGap)/(look.Px(190)+gridGap)), 1) }

// rows calls each with the objects of every row and their height.
func (g *grid) rows(o []fyne.CanvasObject, each func(row []fyne.CanvasObject, w, h float32)) {
	n := g.columns()
	w := (g.width - gridGap*float32(n-1)) / float32(n)
	for i := 0; i < len(o); i += n {
		row := o[i:min(i+n, len(o))]
		h := float32(0)
		for _, x := range row {
			if x.Size().Width != w {
				x.Resize(fyne.NewSize(w, x.MinSize().Height))
			}
			h = max(h, x.MinSize().Height)
		}
		each(row, w, h)
	}
}

func (g *grid) MinSize(o []fyne.CanvasObject) fyne.Size {
	s := fyne.NewSize(look.Px(190), 0)
	g.rows(o, func(_ []fyne.CanvasObject, _, h float32) {
		if s.Height > 0 {
			s.Height += 10
		}
		s.Height += h
	})
	return s
}

func (g *grid) Layout(o []fyne.CanvasObject, s fyne.Size) {
	g.width = s.Width
	y := float32(0)
	g.rows(o, func(row []fyne.CanvasObject, w, h float32) {
		for i, x := range row {
			x.Move(fyne.NewPos(float32(i)*(w+gridGap), y))
			x.Resize(fyne.NewSize(w, h))
		}
		y += h + 10
	})
}

// newFlow sets objects side by side and breaks to the next line where they do not fit.
func newFlow(o ...fyne.CanvasObject) *fyne.Container { return container.New(&flow{}, o...) }

type flow struct{ width float32 }

func (f *flow) place(o []fyne.CanvasObject, put func(x fyne.CanvasObject, p fyne.Position, s fyne.Size)) float32 {
	x, y, line := float32(0), float32(0), float32(0)
	for _, c := range o {
		if !c.Visible() {
			continue
		}
		m := c.MinSize()
		if f.width > 0 {
			m.Width = min(m.Width, f.width)
		}
		if x > 0 && x+m.Width > f.width {
			x, y, line = 0, y+line+8, 0
		}
		if put != nil {
			put(c, fyne.NewPos(x, y), m)
		}
		x += m.Width + 8
		line = max(line, m.Height)
	}
	return y + line
}

func (f *flow) MinSize(o []fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, f.place(o, nil)) }

func (f *flow) Layout(o []fyne.CanvasObject, s fyne.Size) {
	f.width = s.Width
	f.place(o, func(x fyne.CanvasObject, p fyne.Position, size fyne.Size) {
		x.Move(p)
		x.Resize(size)
	})
}
