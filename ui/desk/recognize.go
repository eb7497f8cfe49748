package desk

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
)

// Recognizer finds the words on scans, behind the work. *recognize.Queue is one.
type Recognizer interface {
	State() record.Recognition
	Changed() (changed <-chan struct{}, stop func())
	Pause(ctx context.Context, on bool) error
	SetLanguage(ctx context.Context, language string) error
}

// ReadingItem says how far the words on scans are found; nothing when there is nothing to do.
func ReadingItem(t *i18n.Texts, r record.Recognition) StatusItem {
	if r.Total == 0 {
		return StatusItem{}
	}
	text := t.T("status.reading", "done", r.Done, "count", r.Total)
	if r.Pause == "" {
		return StatusItem{Text: text}
	}
	it := StatusItem{Text: t.T("status.reading.pause", "progress", text, "why", t.T("reading.pause."+string(r.Pause)))}
	if r.Pause == record.PauseTrouble {
		it.Kind = control.KindTrouble
	}
	return it
}

// readingText is the same in a sentence, and what to do where nothing can be read.
func readingText(t *i18n.Texts, r record.Recognition) (text, hint string) {
	switch {
	case r.Trouble != nil:
		return t.Error(r.Trouble)
	case r.Engine == "":
		return t.T("reading.wait"), ""
	case r.Total == 0 && r.Pause == record.PauseClerk:
		return t.T("reading.stopped"), ""
	case r.Total == 0:
		return t.T("reading.idle"), ""
	}
	return ReadingItem(t, r).Text + ".", ""
}

// follow shows each page that was read, until ctx ends.
func (d *Desk) follow(ctx context.Context) {
	if d.svc.Reader == nil {
		return
	}
	changed, stop := d.svc.Reader.Changed()
	reader := d.svc.Reader
	go func() {
		defer stop()
		for {
			select {
			case <-changed:
				fyne.Do(func() { d.heard(reader) })
			case <-ctx.Done():
				return
			}
		}
	}()
}

// heard shows how far the recognition has come.
func (d *Desk) heard(reader Recognizer) {
	if d.svc == nil || d.svc.Reader != reader || d.shell == nil {
		return
	}
	d.facts.Reading = reader.State()
	d.showFacts()
	if d.onHeard != nil {
		d.onHeard()
	}
}

// languageTicks bounds the languages that are offered; nobody installs more to read them all.
const languageTicks = 10

// reader shows how the recognition stands, stops it or lets it go on, and chooses the languages.
func (d *Desk) reader() {
	if d.svc == nil || d.svc.Reader == nil || d.keys.Layered() {
		return
	}
	t, r := d.texts, d.svc.Reader
	var layer *control.Layer
	status, hint := control.NewParagraph("", control.Body), control.NewParagraph("", control.Muted)
	var toggle *control.Button
	flip := func() {
		on := r.State().Pause == "" || r.State().Pause == record.PauseScan || r.State().Pause == record.PauseBattery
		d.change(func(ctx context.Context) error { return r.Pause(ctx, on) })
	}
	toggle = control.NewButton(t.T("reading.stop"), command.Ctrl(fyne.KeyReturn).Label(t), control.Primary, flip)
	show := func() {
		s := r.State()
		text, more := readingText(t, s)
		status.SetText(text)
		hint.SetText(more)
		hint.Hidden = more == ""
		label := t.T("reading.stop")
		if s.Pause == record.PauseClerk || s.Pause == record.PauseTrouble {
			label = t.T("reading.go")
		}
		toggle.SetText(label)
		toggle.Hidden = s.Pause == record.PauseMissing
		if layer != nil {
			layer.Relay()
		}
	}
	languages := control.Column(8)
	if ticks := d.languageChoice(r); len(ticks) > 0 {
		languages.Add(control.Pad(8, 0, 4, 0, control.NewLabel(t.T("reading.languages"), control.H2)))
		languages.Add(beside(ticks))
	}
	again := newRereading(d, r)
	closing := control.NewButton(t.T("button.close"), t.T("key.Escape"), control.Plain, func() { layer.Close() })
	body := control.PadAll(24, control.Column(12,
		control.NewLabel(t.T("command.app.reading"), control.H1), control.NewParagraph(t.T("reading.lead"), control.Muted),
		status, hint, languages, again.object(),
		control.Pad(10, 0, 0, 0, control.Row(control.GapButtons, control.Spacer(), closing, toggle))))
	show()
	layer = control.ShowLayer(d.win.Canvas(), d.keys, "command.app.reading", 560, body, append([]command.Command{
		{ID: "reading.toggle", Keys: []command.Key{command.Ctrl(fyne.KeyReturn)}, Run: flip},
	}, again.commands()...), func() { d.onHeard = nil })
	d.onHeard = show
	d.layer = layer.Focus(closing)
}

// languageChoice are the languages of the desk to be ticked. The last one stays ticked.
func (d *Desk) languageChoice(r Recognizer) []*control.Tick {
	s := r.State()
	return d.languageTicks(s.Languages, s.Language, func(language string) {
		d.change(func(ctx context.Context) error { return r.SetLanguage(ctx, language) })
	})
}

// languageTicks are languages to be ticked, of which some are chosen, joined by "+". The last one stays ticked.
func (d *Desk) languageTicks(all []string, chosen string, changed func(language string)) (out []*control.Tick) {
	now := slices.DeleteFunc(strings.Split(chosen, "+"), func(c string) bool { return c == "" })
	for _, l := range all[:min(len(all), languageTicks)] {
		name := d.spoken(l)
		tick := control.NewTick(name, nil)
		tick.Set(name, slices.Contains(now, l))
		tick.OnChanged = func(on bool) {
			next := slices.DeleteFunc(slices.Clone(now), func(c string) bool { return c == l })
			if on {
				next = append(next, l)
			}
			if len(next) == 0 {
				tick.Set(name, true)
				return
			}
			now = next
			changed(strings.Join(now, "+"))
		}
		out = append(out, tick)
	}
	return out
}

// beside lays ticks in rows of three.
func beside(ticks []*control.Tick) fyne.CanvasObject {
	all := make([]fyne.CanvasObject, len(ticks))
	for i, t := range ticks {
		all[i] = t
	}
	return container.NewGridWithColumns(3, all...)
}

// spoken is what a language is called, as the program names it where there is no word for it.
func (d *Desk) spoken(language string) string {
	if name := d.texts.T("reading.language." + language); !strings.HasPrefix(name, "reading.language.") {
		return name
	}
	return language
}

// change does something with the recognition and shows what became of it.
func (d *Desk) change(f func(ctx context.Context) error) {
	reader := d.svc.Reader
	d.Run(func(ctx context.Context) func() {
		err := f(ctx)
		return func() {
			if err != nil {
				d.trouble(err)
			}
			d.heard(reader)
		}
	})
}
