package capture

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
)

// covering offers the cover sheets that are laid before the papers of a case, so that these can be scanned in one
// stack with others: by themselves, or always with the confirmation.
type covering struct {
	c    *confirmation
	tick *control.Tick
	one  *control.Button
	box  *fyne.Container
}

// coverSetting remembers whether the sheet is printed with every confirmation.
const coverSetting = "print.cover"

var coverKey = command.Alt(fyne.KeyD)

func newCovering(c *confirmation) *covering {
	t, d := c.s.texts, c.s.d
	v := &covering{c: c}
	v.one = control.NewButton(t.T("capture.cover"), coverKey.Label(t), control.Plain, v.print)
	v.tick = control.NewTick(t.T("capture.cover.with"), v.remember)
	v.box = control.Row(12, v.one, v.tick)
	v.box.Hidden = d.Cover == nil
	if d.Cover != nil {
		d.Run.Go(func() {
			s, err := d.Store.Setting(context.Background(), coverSetting)
			d.Run.Do(func() { v.tick.Set(t.T("capture.cover.with"), err == nil && s != "") })
		})
	}
	return v
}

func (v *covering) remember(on bool) {
	d := v.c.s.d
	value := ""
	if on {
		value = "1"
	}
	d.Run.Go(func() {
		if err := d.Store.SetSetting(context.Background(), coverSetting, value); err != nil {
			d.Run.Do(func() { v.c.fail(err) })
		}
	})
}

// ready reports whether there is a case whose cover sheet can be printed.
func (v *covering) ready() bool { return v.c.s.d.Cover != nil && v.c.ready() }

func (v *covering) print() {
	if !v.ready() {
		return
	}
	v.c.run("capture.cover.printing", func(k []record.Case, lang string) (string, error) {
		way, err := v.sheets(k, lang)
		return "capture.cover." + string(way), err
	})
}

// also prints the sheets behind the confirmations, where that is wanted. The answer is what to do then, off the
// window's goroutine.
func (v *covering) also() func(k []record.Case, lang string) error {
	if v.c.s.d.Cover == nil || !v.tick.On() {
		return func([]record.Case, string) error { return nil }
	}
	return func(k []record.Case, lang string) error {
		_, err := v.sheets(k, lang)
		return err
	}
}

// sheets are in the office's language: citizens do not get them.
func (v *covering) sheets(k []record.Case, lang string) (record.Way, error) {
	first, _, _ := strings.Cut(lang, "+")
	return v.c.s.d.Cover(context.Background(), k, first)
}
