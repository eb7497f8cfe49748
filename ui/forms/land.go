package forms

import (
	"slices"

	"fyne.io/fyne/v2"

	"schalter/ui/command"
	"schalter/ui/control"
)

// lands are the Länder by the two letters that official forms name them by. Some rules hold in one Land only.
var lands = []string{"bw", "by", "be", "bb", "hb", "hh", "he", "mv", "ni", "nw", "rp", "sl", "sn", "st", "sh", "th"}

// keyLand asks which Land the office lies in.
var keyLand = command.Alt(fyne.KeyL)

// landWords is what stands on the button.
func (p *importPage) landWords() string {
	t := p.s.Texts
	if p.options.Land == "" {
		return t.T("forms.land.none")
	}
	return t.T("forms.land", "land", t.T("forms.land."+p.options.Land))
}

// chooseLand asks for the Land and reads the files again with it. The desk keeps it for the next time.
func (p *importPage) chooseLand() {
	t := p.s.Texts
	names := make([]string, len(lands))
	for i, l := range lands {
		names[i] = t.T("forms.land." + l)
	}
	control.Choose(p.s.Canvas, p.s.Keys, control.Choice{
		Title: t.T("forms.land.title"), ID: "forms.land.title", Filter: t.T("forms.land.filter"), Names: names, First: max(0, slices.Index(lands, p.options.Land)),
	}, func(i int) {
		o := p.options
		o.Land = lands[i]
		p.s.again(o)
	})
}
