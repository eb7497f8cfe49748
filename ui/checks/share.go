package checks

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
)

// askShare asks for the share that is drawn, and for the administrator's PIN where there is one.
func (s *Screen) askShare() {
	if s.Keys.Layered() {
		return
	}
	s.Run(func(ctx context.Context) func() {
		percent, locked, err := s.Office.Share(ctx)
		return func() {
			if err != nil {
				text, hint := s.Texts.Error(err)
				s.say(control.KindTrouble, text, hint)
				return
			}
			s.showShare(percent, locked)
		}
	})
}

func (s *Screen) showShare(percent int, locked bool) {
	t := s.Texts
	field := control.NewEntry()
	field.Label = t.T("checks.share.field")
	field.SetText(strconv.Itoa(percent))
	pin := control.NewPassword()
	pin.Label = t.T("checks.share.pin")
	said := control.NewParagraph("", control.Trouble)
	said.Hide()
	var layer *control.Layer
	keep := func() {
		n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(field.Text), "%"))
		tell := func(err error) {
			text, hint := t.Error(err)
			said.SetText(text + " " + hint)
			said.Show()
			layer.Relay()
		}
		if err != nil || n < 0 || n > 100 {
			tell(record.E(record.CodeCheckShare, nil, "percent", "„"+field.Text+"“"))
			control.Focus(field)
			return
		}
		typed := pin.Text
		s.Run(func(ctx context.Context) func() {
			err := s.Office.SetShare(ctx, typed, n)
			return func() {
				if err != nil {
					tell(err)
					return
				}
				layer.Close()
				s.load()
			}
		})
	}
	field.OnSubmitted = func(string) { keep() }
	pin.OnSubmitted = func(string) { keep() }
	labelled := func(e *control.Entry) fyne.CanvasObject {
		return control.Column(4, control.NewLabel(e.Label, control.Caption), control.UpTo(160, e))
	}
	rows := control.Column(14, control.NewLabel(t.T("checks.share.title"), control.H2), control.NewParagraph(t.T("checks.share.how"), control.Muted), labelled(field))
	if locked {
		rows.Add(labelled(pin))
	}
	rows.Add(said)
	rows.Add(control.Row(control.GapButtons, control.Spacer(),
		control.NewButton(t.T("checks.share.leave"), command.Plain(fyne.KeyEscape).Label(t), control.Plain, func() { layer.Close() }),
		control.NewButton(t.T("checks.share.keep"), t.T("key.Return"), control.Primary, keep)))
	layer = control.ShowLayer(s.Canvas, s.Keys, "command.checks.share", 520, control.PadAll(20, rows), nil, nil)
	layer.Focus(field)
	field.TypedShortcut(&fyne.ShortcutSelectAll{})
}
