package tray

import (
	"context"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/data/sorting"
	"schalter/ui/command"
	"schalter/ui/control"
)

// thrown are pages that were thrown away together.
type thrown struct {
	sorting.Dropped
	pages []record.ID
}

// thrownTogether puts pages that were thrown away in one go into one.
func thrownTogether(pages []sorting.Page) (out []thrown) {
	for _, p := range pages {
		if n := len(out); n > 0 && out[n-1].User == p.Dropped.User && out[n-1].Time.Equal(p.Dropped.Time) {
			out[n-1].pages = append(out[n-1].pages, p.ID)
			continue
		}
		out = append(out, thrown{*p.Dropped, []record.ID{p.ID}})
	}
	return out
}

// askDropped lists what was thrown away and is still here; Enter takes it back.
func (s *Screen) askDropped() {
	if s.Keys.Layered() {
		return
	}
	s.Run(func(ctx context.Context) func() {
		pages, err := s.Store.DroppedTray(ctx)
		return func() {
			switch {
			case err != nil:
				s.say(message{err: err})
			case len(pages) == 0:
				s.say(message{key: "tray.dropped.none"})
			case !s.Keys.Layered():
				s.showDropped(thrownTogether(pages))
			}
		}
	})
}

func (s *Screen) showDropped(all []thrown) {
	t := s.Texts
	list := control.NewList(func() fyne.CanvasObject { return newChoice() }, func(i int, o fyne.CanvasObject) {
		if i < len(all) {
			o.(*choice).show(t.N("tray.pages", len(all[i].pages)), t.T("tray.dropped.when", "when", t.WhenLong(all[i].Time, s.Clock()), "user", all[i].User))
		}
	})
	list.RowHeight, list.Name = 54, t.T("command.tray.dropped")
	var layer *control.Layer
	list.OnOpen = func(i int) {
		if i >= 0 && i < len(all) {
			layer.Close()
			s.m.undrop(all[i].pages)
		}
	}
	close := control.NewButton(t.T("button.close"), stopKey.Label(t), control.Plain, func() { layer.Close() })
	back := control.NewButton(t.T("tray.dropped.back"), command.Plain(fyne.KeyReturn).Label(t), control.Primary, func() { list.OnOpen(list.Selected()) })
	body := control.Column(0, control.Pad(18, 18, 4, 18, control.NewParagraph(t.T("command.tray.dropped"), control.H2)),
		control.Pad(0, 18, 12, 18, control.NewParagraph(t.T("tray.dropped.how"), control.Small)), control.NewDivider(),
		control.Pad(4, 1, 8, 1, &fyne.Container{Layout: high{float32(min(len(all), 7)) * 54}, Objects: []fyne.CanvasObject{list}}), control.NewDivider(),
		control.Pad(12, 18, 12, 18, control.Row(control.GapButtons, control.Spacer(), close, back)))
	layer = control.ShowLayer(s.Canvas, s.Keys, "command.tray.dropped", 560, body, nil, nil)
	list.SetLength(len(all))
	list.Select(0)
	layer.Focus(list)
}

// undrop takes pages back that were thrown away.
func (m *model) undrop(pages []record.ID) {
	m.n.Run(func(ctx context.Context) func() {
		err := m.n.Store.UndropTray(ctx, pages)
		return func() {
			if err != nil {
				m.say(message{err: err})
			} else {
				m.say(message{key: "tray.undropped", count: len(pages)})
			}
			m.load()
		}
	})
}
