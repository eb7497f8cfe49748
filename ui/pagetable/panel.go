package pagetable

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"

	"schalter/ui/control"
)

// panel is the column with what can be done, each with its key.
type panel struct {
	v       *View
	box     *fyne.Container
	deeds   []*deed
	blank   *deed
	vouch   *control.Tick
	foot    *fyne.Container
	slots   *fyne.Container
	slotBox *fyne.Container
	named   []Slot
}

const panelWide = 260

func newPanel(v *View) *panel {
	p := &panel{v: v}
	t := v.o.Texts
	p.blank = p.deed("out_blank")
	all := p.part("pages.part.page", "turn", "straighten", "crop", "compare", "out")
	all = append(all, p.blank)
	all = append(all, p.part("pages.part.document", "split", "merge", "interleave")...)
	if v.o.Scan != nil || v.o.File != nil {
		all = append(all, p.part("pages.part.insert", "scan", "rescan", "file")...)
	}
	p.slots = control.Column(0)
	p.slotBox = control.Column(0, p.heading("pages.part.slot"), p.slots)
	all = append(all, p.slotBox)
	p.vouch = control.NewTick(t.T("pages.do.vouch"), func(bool) { v.vouch() })
	p.foot = control.Column(0, control.NewDivider(), control.Pad(8, 8, 10, 8, p.vouch))
	p.box = control.Width(panelWide, control.Column(0,
		control.Grow(control.Scroll(control.Pad(4, 12, 8, 8, control.Column(0, all...)))), p.foot))
	return p
}

func (p *panel) heading(key string) fyne.CanvasObject {
	return control.Pad(8, 0, 4, 10, control.NewLabel(p.v.o.Texts.T(key), control.Tiny))
}

func (p *panel) part(key string, ids ...string) []fyne.CanvasObject {
	out := []fyne.CanvasObject{p.heading(key)}
	for _, id := range ids {
		if d := p.deed(id); d != nil {
			out = append(out, d)
		}
	}
	return out
}

// deed is an action's line; nil where it is not offered.
func (p *panel) deed(id string) *deed {
	a, ok := p.v.get(id)
	if !ok {
		return nil
	}
	t := p.v.o.Texts
	d := newDeed(t.T("pages.do."+id), a.keys[0].Label(t), a.enabled, a.run)
	p.deeds = append(p.deeds, d)
	return d
}

// update shows what can be done now.
func (p *panel) update() {
	v, t := p.v, p.v.o.Texts
	n := v.table.Blank()
	p.blank.Hidden = n == 0
	p.blank.words = t.N("pages.do.out_blank", n)
	p.foot.Hidden = !v.vouchable()
	if d, ok := v.document(); ok && !p.foot.Hidden {
		p.vouch.Set(t.T("pages.do.vouch"), d.Transfer.Match)
	}
	var slots []Slot
	if v.o.Slots != nil {
		slots = v.o.Slots()
	}
	p.slotBox.Hidden = len(slots) < 2
	if !slices.Equal(slots, p.named) {
		p.named = slots
		p.slots.RemoveAll()
		for i, s := range slots[:min(9, len(slots))] {
			p.slots.Add(newDeed(s.Name, strconv.Itoa(i+1), func() bool { return v.table.Len() > 0 }, func() { v.did(v.table.Assign(s.ID, s.Name)) }))
		}
	}
	for _, d := range p.deeds {
		d.Refresh()
	}
	p.box.Refresh()
}
