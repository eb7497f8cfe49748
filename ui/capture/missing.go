package capture

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/standing"
)

// reminder offers the letters that ask for missing proofs, below the confirmation: printed, or copied into
// an e-mail; in the office's language, and in the citizen's where one is chosen.
type reminder struct {
	c     *confirmation
	words *control.Label
	also  *control.Picks
	box   *fyne.Container
}

var missingKey = command.CtrlShift(fyne.KeyP)

func newReminder(c *confirmation) *reminder {
	x := c.s.texts
	r := &reminder{c: c, words: control.NewParagraph("", control.Body), also: control.NewPicks(0)}
	r.words.Align = fyne.TextAlignCenter
	row := control.Row(8, control.NewButton(x.T("capture.missing.print"), missingKey.Label(x), control.Plain, r.print),
		control.NewButton(x.T("capture.missing.copy"), "", control.Quiet, r.copy), r.also.Object())
	r.box = control.Column(8, control.NewDivider(), control.Pad(6, 0, 0, 0, r.words), control.Middle(row))
	r.box.Hide()
	return r
}

// update shows what the cases in front lack.
func (r *reminder) update(t *Tab) {
	var lacking []string
	for _, some := range t.Lacking() {
		for _, name := range some {
			if !slices.Contains(lacking, name) { // one paper may be for several cases
				lacking = append(lacking, name)
			}
		}
	}
	p := r.c.s.d.Printer
	r.box.Hidden = len(lacking) == 0 || p == nil
	if r.box.Hidden {
		return
	}
	r.words.SetText(r.c.s.texts.N("capture.missing", len(lacking), "names", strings.Join(lacking, ", ")))
	r.also.Offer(standing.Languages(r.c.s.texts, p.Languages()[1:], t.Form().Languages))
	r.also.Clear()
}

// ready reports whether there is something to ask for.
func (r *reminder) ready() bool { return r.c.ready() && !r.box.Hidden }

// wish are the languages of the letter.
func (r *reminder) wish() []string {
	return append([]string{r.c.s.d.Printer.Languages()[0]}, r.also.Picked()...)
}

// those are the cases in front that lack something.
func (r *reminder) those() (out []record.Case) {
	t := r.c.s.m.Active()
	for i, some := range t.Lacking() {
		if len(some) > 0 {
			out = append(out, t.Cases()[i])
		}
	}
	return out
}

func (r *reminder) print() {
	if !r.ready() {
		return
	}
	langs, those := r.wish(), r.those()
	r.c.run("capture.printing", func([]record.Case, string) (string, error) {
		way, err := r.c.s.d.Printer.PrintMissing(context.Background(), those, langs)
		return "capture.missing." + string(way), err
	})
}

// copy puts the letters' text where it can be pasted into an e-mail.
func (r *reminder) copy() {
	if !r.ready() {
		return
	}
	langs, those, text := r.wish(), r.those(), ""
	r.c.runThen("capture.missing.writing", func([]record.Case, string) (string, error) {
		var err error
		text, err = r.c.s.d.Printer.MissingText(context.Background(), those, langs)
		return "capture.missing.copied", err
	}, func() { fyne.CurrentApp().Clipboard().SetContent(text) })
}
