package capture

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
)

// Lacking lists the proofs that are asked for and were not brought, with a reason or without.
func (t *Tab) Lacking() []string {
	var out []string
	for _, s := range t.Slots() {
		if s.Missing() {
			out = append(out, s.Proof.Label.In(t.m.w.Lang()))
		}
	}
	return out
}

// reminder offers the letter that asks for missing proofs, below the confirmation: printed, or copied into
// an e-mail; in the office's language, and in the citizen's where one is chosen.
type reminder struct {
	c     *confirmation
	words *control.Label
	row   *fyne.Container
	also  map[string]*control.Button
	langs []string // besides the office's
	box   *fyne.Container
}

var missingKey = command.CtrlShift(fyne.KeyP)

func newReminder(c *confirmation) *reminder {
	r := &reminder{c: c, words: control.NewParagraph("", control.Body), also: map[string]*control.Button{}}
	r.words.Align = fyne.TextAlignCenter
	r.row = control.Row(8)
	r.box = control.Column(8, control.NewDivider(), control.Pad(6, 0, 0, 0, r.words), control.Middle(r.row))
	r.box.Hide()
	return r
}

// update shows what the case in front lacks.
func (r *reminder) update(t *Tab) {
	lacking := t.Lacking()
	p := r.c.s.d.Printer
	r.box.Hidden = len(lacking) == 0 || p == nil
	if r.box.Hidden {
		return
	}
	x := r.c.s.texts
	r.words.SetText(x.N("capture.missing", len(lacking), "names", strings.Join(lacking, ", ")))
	r.langs = nil
	r.row.Objects = []fyne.CanvasObject{
		control.NewButton(x.T("capture.missing.print"), missingKey.Label(x), control.Plain, r.print),
		control.NewButton(x.T("capture.missing.copy"), "", control.Quiet, r.copy),
	}
	clear(r.also)
	for _, lang := range p.Languages()[1:] {
		if !slices.Contains(t.Form().Languages, lang) {
			continue
		}
		b := control.NewButton(x.T("capture.missing.also", "language", x.T("capture.language."+lang)), "", control.Quiet, func() { r.choose(lang) })
		r.also[lang] = b
		r.row.Objects = append(r.row.Objects, b)
	}
	r.row.Refresh()
}

// choose takes a language in besides the office's, or leaves it out again.
func (r *reminder) choose(lang string) {
	if i := slices.Index(r.langs, lang); i >= 0 {
		r.langs = slices.Delete(r.langs, i, i+1)
	} else {
		r.langs = append(r.langs, lang)
	}
	for l, b := range r.also {
		b.SetChosen(slices.Contains(r.langs, l))
	}
}

// ready reports whether there is something to ask for.
func (r *reminder) ready() bool { return r.c.ready() && !r.box.Hidden }

// wish are the languages of the letter.
func (r *reminder) wish() []string {
	return append([]string{r.c.s.d.Printer.Languages()[0]}, r.langs...)
}

func (r *reminder) print() {
	langs := r.wish()
	r.c.run("capture.printing", func(k record.Case, _ string) (string, error) {
		way, err := r.c.s.d.Printer.PrintMissing(context.Background(), k, langs)
		return "capture.missing." + string(way), err
	})
}

// copy puts the letter's text where it can be pasted into an e-mail.
func (r *reminder) copy() {
	langs, text := r.wish(), ""
	r.c.runThen("capture.missing.writing", func(k record.Case, _ string) (string, error) {
		var err error
		text, err = r.c.s.d.Printer.MissingText(context.Background(), k, langs)
		return "capture.missing.copied", err
	}, func() { fyne.CurrentApp().Clipboard().SetContent(text) })
}
