package scanners

import (
	"slices"
	"strings"

	"schalter/data/scan/profile"
	"schalter/ui/control"
	"schalter/ui/i18n"
)

// spoken are the names of buttons that are said in the desk's language.
var spoken = []string{"scan", "start", "copy", "email", "file", "ocr", "fax", "send", "pdf", "extra"}

// ButtonName is what a device's button is called: in words where there are any, and as the device calls it.
func ButtonName(t *i18n.Texts, name string) string {
	if number, ok := strings.CutPrefix(name, "button-"); ok {
		return t.T("scanners.named", "ours", t.T("scanners.button", "number", number), "raw", name)
	}
	if !slices.Contains(spoken, name) {
		return name
	}
	return t.T("scanners.named", "ours", t.T("scanners.button."+name), "raw", name)
}

// buttons are those of the device in hand, once it has said what it can do.
func (p *homePage) buttons() (d Device, names []string) {
	d, ok := p.device()
	if !ok {
		return d, nil
	}
	return d, p.side.known[d.ID].caps.Buttons
}

// buttonWords say what each button of a device starts.
func (p *homePage) buttonWords(d Device, names []string) []string {
	t := p.s.Texts
	var out []string
	for _, name := range names {
		does := t.T("scanners.button.free")
		if x, ok := p.book.Bound(d.ID, name); ok {
			does = ProfileName(t, x)
		}
		out = append(out, t.T("scanners.button.does", "button", ButtonName(t, name), "profile", does))
	}
	return out
}

// askButton asks which button is to start something, and goes on to what.
func (s *Screen) askButton() {
	d, names := s.home.buttons()
	switch {
	case len(names) == 1:
		s.locked(func() { s.askBound(d, names[0]) })
	case len(names) > 1:
		s.locked(func() {
			q := control.Choice{
				Title: s.Texts.T("scanners.button.which", "device", d.Name()), ID: "command.scanners.buttons",
				Filter: s.Texts.T("scanners.button.filter"), Names: s.home.buttonWords(d, names),
			}
			control.Choose(s.Canvas, s.Keys, q, func(i int) { s.askBound(d, names[i]) })
		})
	}
}

// askBound asks which profile a button starts, and keeps it. Those that scan with another device are not offered.
func (s *Screen) askBound(d Device, name string) {
	t := s.Texts
	now, bound := s.home.book.Bound(d.ID, name)
	ids, q := []string{""}, control.Choice{
		Title: t.T("scanners.button.what", "button", ButtonName(t, name)), ID: "command.scanners.buttons",
		Filter: t.T("scanners.button.filter"), Names: []string{t.T("scanners.button.none")},
	}
	for _, p := range s.home.book.Profiles {
		if !p.Fits(d.ID) {
			continue
		}
		if bound && p.ID == now.ID || !bound && len(ids) == 1 {
			q.First = len(ids)
		}
		ids, q.Names = append(ids, p.ID), append(q.Names, ProfileName(t, p))
	}
	control.Choose(s.Canvas, s.Keys, q, func(i int) {
		s.change(func(b *profile.Book) error {
			b.Bind(profile.Button{Device: d.ID, Called: d.Name(), Name: name, Profile: ids[i]})
			return nil
		}, func() {})
	})
}
