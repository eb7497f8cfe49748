package capture

import (
	"context"
	"io"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/standing"
)

// confirmation is what one sees when a draft has become a case: its number, large enough to be read out. The
// cases of a bundle stand in a list.
type confirmation struct {
	s       *Screen
	pill    *control.Pill
	number  *number
	what    *control.Label
	cases   *fyne.Container
	words   *control.Label
	said    *control.Label
	printer *control.Button
	save    *control.Button
	also    *control.Picks
	onward  *control.Button
	missing *reminder
	cover   *covering
	box     *fyne.Container
	running bool
}

func newConfirmation(s *Screen) *confirmation {
	t := s.texts
	c := &confirmation{
		s: s, pill: control.NewPill(control.SignDone, "", control.KindGood), number: newNumber(), cases: control.Column(8),
		what: control.NewParagraph("", control.Body), words: control.NewParagraph("", control.Muted),
		said: control.NewParagraph("", control.Muted),
	}
	for _, l := range []*control.Label{c.what, c.words, c.said} {
		l.Align = fyne.TextAlignCenter
	}
	c.printer = control.NewButton("", command.Ctrl(fyne.KeyP).Label(t), control.Plain, c.print)
	c.save = control.NewButton(t.T("capture.pdf"), command.Ctrl(fyne.KeyS).Label(t), control.Plain, c.file)
	c.onward = control.NewButton(t.T("capture.next"), command.Plain(fyne.KeyReturn).Label(t), control.Primary, s.next)
	c.also = control.NewPicks(1)
	c.printer.Hidden, c.save.Hidden = s.d.Printer == nil, s.d.Printer == nil || s.d.Files == nil
	buttons := container.NewCenter(control.Row(10, c.printer, c.save, c.also.Object(), c.onward))
	c.missing, c.cover = newReminder(c), newCovering(c)
	card := control.NewCard(0, container.NewCenter(control.Width(640, control.Column(16,
		container.NewCenter(c.pill), c.number, c.what, control.Middle(c.cases), control.Middle(control.Width(480, c.words)),
		control.Pad(8, 0, 0, 0, buttons), control.Middle(c.cover.box), c.missing.box, c.said))))
	card.SetJoined(true)
	c.box = container.NewStack(card)
	c.box.Hide()
	return c
}

func (c *confirmation) update(t *Tab) {
	x, made := c.s.texts, t.Cases()
	bundle := len(made) > 1
	c.number.Hidden, c.cases.Hidden = bundle, !bundle
	c.what.SetStyle(control.Body)
	c.pill.Set(control.SignDone, x.T("capture.accepted"), control.KindGood)
	c.printer.SetText(x.T("capture.print"))
	what := x.Name(made[0].Title)
	if what == "" || bundle {
		what = t.Form().Title.In(x.Lang())
	}
	if bundle {
		c.pill.Set(control.SignDone, x.N("bundle.accepted", len(made)), control.KindGood)
		c.printer.SetText(x.N("bundle.print", len(made)))
		c.what.SetStyle(control.H1)
		c.list(made)
	} else {
		c.number.set(made[0].Number)
	}
	if name := t.Title(); name != "" {
		what += " · " + name
	}
	c.what.SetText(what)
	words := "capture.accepted.words"
	if t.Alone() {
		words = "capture.accepted.alone"
	}
	if bundle {
		words = "bundle" + strings.TrimPrefix(words, "capture")
	}
	c.words.SetText(x.T(words))
	c.also.Offer(c.languages(t))
	c.also.Clear()
	c.missing.update(t)
	c.tell("", control.Muted)
}

// list shows the cases of a bundle with their numbers.
func (c *confirmation) list(made []record.Case) {
	c.cases.Objects = nil
	for _, k := range made {
		c.cases.Add(control.Row(18, control.Width(150, control.NewLabel(k.Number, control.H2)), control.Width(270, control.NewShort(c.s.texts.Name(k.Title), control.Body))))
	}
	c.cases.Refresh()
}

// languages are those in which the confirmation can be besides the clerk's.
func (c *confirmation) languages(t *Tab) []control.Pick {
	if c.s.d.Printer == nil {
		return nil
	}
	others := slices.DeleteFunc(c.s.d.Printer.Languages(), func(lang string) bool { return lang == c.s.texts.Lang() })
	return standing.Languages(c.s.texts, others, t.Form().Languages)
}

func (c *confirmation) tell(text string, style control.Style) {
	c.said.SetStyle(style)
	c.said.SetText(text)
	c.said.Hidden = text == ""
	c.box.Refresh()
}

func (c *confirmation) focus() { control.Focus(c.onward) }

// ready reports whether there is a case whose confirmation can be printed.
func (c *confirmation) ready() bool {
	t := c.s.m.Active()
	return t != nil && t.Phase() == Done && c.s.d.Printer != nil && !c.running
}

func (c *confirmation) print() {
	also := c.cover.also()
	c.run("capture.printing", func(k []record.Case, lang string) (string, error) {
		way, err := c.s.d.Printer.PrintConfirmation(context.Background(), k, lang)
		if err == nil {
			err = also(k, lang)
		}
		return "capture." + string(way), err
	})
}

// file asks where to put the confirmation as a PDF.
func (c *confirmation) file() {
	if !c.ready() {
		return
	}
	c.s.d.Files.Save(c.s.m.Active().Cases()[0].Number+".pdf", func(w io.WriteCloser, err error) {
		switch {
		case err != nil:
			c.fail(err)
		case w != nil:
			c.run("capture.pdf.writing", func(k []record.Case, lang string) (string, error) {
				err := c.s.d.Printer.WriteConfirmation(context.Background(), w, k, lang)
				if e := w.Close(); err == nil {
					err = e
				}
				return "capture.pdf.written", err
			})
		}
	})
}

func (c *confirmation) fail(err error) {
	sentence, hint := c.s.texts.Error(err)
	c.tell(sentence+" "+hint, control.Trouble)
}

// run does something with the case away from the window and says how it went: f gives the key of what is
// said when it went well.
func (c *confirmation) run(doing string, f func(k []record.Case, lang string) (done string, err error)) {
	c.runThen(doing, f, func() {})
}

// runThen does then on the window's goroutine besides, when it went well.
func (c *confirmation) runThen(doing string, f func(k []record.Case, lang string) (done string, err error), then func()) {
	if !c.ready() {
		return
	}
	k, lang := c.s.m.Active().Cases(), strings.Join(append([]string{c.s.texts.Lang()}, c.also.Picked()...), "+")
	c.running = true
	c.tell(c.s.texts.T(doing), control.Muted)
	c.s.d.Run.Go(func() {
		done, err := f(k, lang)
		c.s.d.Run.Do(func() {
			c.running = false
			if err != nil {
				c.fail(err)
				return
			}
			then()
			c.tell(c.s.texts.T(done), control.Good)
		})
	})
}
