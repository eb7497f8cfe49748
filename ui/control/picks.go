package control

import (
	"slices"

	"fyne.io/fyne/v2"
)

// Pick is one thing that may be chosen or not.
type Pick struct{ ID, Text string }

// Picks is a row of buttons, each of which is chosen or left out by pressing it. What is chosen has a sign.
type Picks struct {
	// OnChanged is told whenever something else is chosen.
	OnChanged func()
	// OnFocus is told which of the buttons has got the keys.
	OnFocus func(fyne.CanvasObject)

	limit   int
	offered []Pick
	picked  []string
	row     *fyne.Container
}

// NewPicks makes a row without anything in it. limit is how many may be chosen at once, 0 for any number; with one,
// choosing another lets go of the first.
func NewPicks(limit int) *Picks { return &Picks{limit: limit, row: Row(GapButtons)} }

// Object is the row; it takes no room while nothing is offered.
func (p *Picks) Object() fyne.CanvasObject { return p.row }

// Offer puts buttons into the row, none of them chosen. What was offered already stays as it is.
func (p *Picks) Offer(all []Pick) {
	if slices.Equal(all, p.offered) {
		return
	}
	p.offered = slices.Clone(all)
	p.Clear()
}

// Clear lets go of everything that is chosen.
func (p *Picks) Clear() {
	p.picked = nil
	p.row.Objects, p.row.Hidden = nil, len(p.offered) == 0
	for _, o := range p.offered {
		b := NewButton(o.Text, "", Quiet, func() { p.press(o.ID) })
		b.OnFocus = func(on bool) {
			if on && p.OnFocus != nil {
				p.OnFocus(b)
			}
		}
		p.row.Add(b)
	}
	p.row.Refresh()
}

func (p *Picks) press(id string) {
	switch i := slices.Index(p.picked, id); {
	case i >= 0:
		p.picked = slices.Delete(p.picked, i, i+1)
	case p.limit > 0 && len(p.picked) == p.limit:
		p.picked = append(p.picked[1:], id)
	default:
		p.picked = append(p.picked, id)
	}
	for i, o := range p.offered {
		b := p.row.Objects[i].(*Button)
		on := slices.Contains(p.picked, o.ID)
		text := o.Text
		if on {
			text = SignDone + " " + text
		}
		b.SetText(text)
		b.SetChosen(on)
	}
	p.row.Refresh()
	if p.OnChanged != nil {
		p.OnChanged()
	}
}

// Picked are the ids of what is chosen, in the order in which it was.
func (p *Picks) Picked() []string { return slices.Clone(p.picked) }
