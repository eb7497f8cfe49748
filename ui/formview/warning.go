package formview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"schalter/ui/control"
	"schalter/ui/look"
)

// warning is a banner below a row: something that is probably wrong and may be right all the same. A
// reason, typed in place, lets it pass.
type warning struct {
	spot
	v      *View
	what   Warning
	asking bool

	face   *control.Ground
	text   *control.Label
	said   *control.Label
	button *control.Button
	reason *control.Entry
}

func (v *View) warning(w Warning) *warning {
	x := v.warnings[w.Rule]
	if x == nil {
		x = &warning{v: v}
		v.warnings[w.Rule] = x
	}
	x.what = w
	return x
}

const bannerPad = 12

func (x *warning) span() int             { return 0 }
func (x *warning) above() float32        { return gapRow }
func (x *warning) label(float32) float32 { return 0 }
func (x *warning) bottom() float32       { return x.y + x.body(x.w) }

func (x *warning) body(width float32) float32 {
	h := paragraph(&x.text, x.what.Text, control.Waiting, x.textWidth(width)) + 20
	switch {
	case x.asking:
		h += look.Px(look.FieldHeight) + 8
	case x.what.Reason != "":
		h += paragraph(&x.said, x.saying(), control.Small, x.textWidth(width)) + 4
	}
	return max(h, look.Px(34)+12)
}

func (x *warning) saying() string {
	return x.v.texts.T("formview.warning.reason", "reason", x.what.Reason)
}

func (x *warning) textWidth(width float32) float32 {
	if x.asking {
		return width - 2*bannerPad
	}
	return width - 3*bannerPad - x.opener().MinSize().Width
}

// opener is the button that asks for the reason.
func (x *warning) opener() *control.Button {
	if x.button == nil {
		x.button = control.NewButton("", "", control.Plain, x.ask)
	}
	key := "formview.warning.override"
	if x.what.Reason != "" {
		key = "formview.warning.change"
	}
	if s := x.v.texts.T(key); x.button.Text() != s {
		x.button.SetText(s)
	}
	return x.button
}

func (x *warning) ask() {
	x.asking = true
	if x.reason == nil {
		x.reason = control.NewEntry()
		x.reason.Label = x.v.texts.T("formview.warning.why")
		x.reason.SetPlaceHolder(x.v.texts.T("formview.warning.why"))
		x.reason.OnSubmitted = func(string) { x.give() }
		x.reason.OnKey = func(k *fyne.KeyEvent) bool {
			if k.Name == fyne.KeyEscape {
				x.reason.SetText(x.what.Reason)
				x.stop()
				return true
			}
			return false
		}
		x.reason.OnFocus = func(on bool) {
			if !on && x.asking {
				x.give()
			}
		}
	}
	x.reason.SetText(x.what.Reason)
	x.v.layout()
	control.Focus(x.reason)
}

// give hands the reason over. Leaving the field gives it too: nothing typed is lost.
func (x *warning) give() {
	text := x.reason.Text
	x.stop()
	if text != x.what.Reason {
		x.v.m.Override(x.what.Rule, text)
	}
}

func (x *warning) stop() {
	had := x.reason.Focused()
	x.asking = false
	x.v.layout()
	if had {
		control.Focus(x.opener())
	}
}

func (x *warning) objects(out []fyne.CanvasObject) []fyne.CanvasObject {
	if x.face == nil {
		x.face = ground(func(r *canvas.Rectangle, p *look.Colors) { r.FillColor = p.WaitingSoft })
	}
	h := x.body(x.w)
	put(x.face, x.x, x.y, x.w, h)
	tw := x.textWidth(x.w)
	th := x.text.MinSize().Height
	y := x.y + 10
	if !x.asking && x.what.Reason == "" {
		y = x.y + (h-th)/2
	}
	put(x.text, x.x+bannerPad, y, tw, th)
	out = append(out, x.face, x.text)
	if x.asking {
		put(x.reason, x.x+bannerPad, y+th+8, x.w-2*bannerPad, look.Px(look.FieldHeight))
		return append(out, x.reason)
	}
	if x.what.Reason != "" {
		put(x.said, x.x+bannerPad, y+th+4, tw, x.said.MinSize().Height)
		out = append(out, x.said)
	}
	m := x.opener().MinSize()
	put(x.button, x.x+x.w-m.Width-bannerPad, x.y+(h-m.Height)/2, m.Width, m.Height)
	return append(out, x.button)
}

func (x *warning) restyle() {
	x.text, x.said, x.face = nil, nil, nil
	if x.button != nil {
		x.button.Refresh()
	}
}
