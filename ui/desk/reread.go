package desk

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
)

// chooser reads single documents in languages of their own. *recognize.Queue is one.
type chooser interface {
	ReadIn(ctx context.Context, document record.ID, language string) error
}

// rereading has the paper that lies on the screen read in languages of its own.
type rereading struct {
	d        *Desk
	reader   chooser
	doc      record.Document
	language string // chosen
	said     *control.Label
	ticks    []*control.Tick
}

// againKey has it read.
var againKey = command.Ctrl(fyne.KeyR)

// newRereading is without a paper where none lies there, or one that needs no reading.
func newRereading(d *Desk, r Recognizer) *rereading {
	a := &rereading{d: d}
	screen, ok := d.screen.(interface {
		Reading() (record.Document, bool)
	})
	reader, can := r.(chooser)
	if !ok || !can {
		return a
	}
	doc, ok := screen.Reading()
	own := doc.Text.Hash != "" && doc.Language == "" // the file says its words itself
	if !ok || own || doc.Shown.Hash == "" || doc.Source != record.SourceScan && doc.Source != record.SourceImport {
		return a
	}
	s := r.State()
	a.reader, a.doc, a.language = reader, doc, doc.Language
	if a.language == "" {
		a.language = s.Language
	}
	a.ticks = d.languageTicks(s.Languages, a.language, func(language string) { a.language = language })
	return a
}

func (a *rereading) there() bool { return len(a.ticks) > 0 }

func (a *rereading) object() fyne.CanvasObject {
	out := control.Column(8)
	if !a.there() {
		return out
	}
	t := a.d.texts
	said := t.T("reading.paper.waits")
	if a.doc.Language != "" {
		said = t.T("reading.paper.read", "languages", a.names(a.doc.Language))
	}
	a.said = control.NewParagraph(said, control.Muted)
	out.Add(control.Pad(8, 0, 4, 0, control.NewShort(t.T("reading.paper", "title", a.doc.Title), control.H2)))
	out.Add(a.said)
	out.Add(beside(a.ticks))
	out.Add(control.Row(0, control.NewButton(t.T("reading.again"), againKey.Label(t), control.Plain, a.run), control.Spacer()))
	return out
}

func (a *rereading) commands() []command.Command {
	return []command.Command{{ID: "reading.again", Keys: []command.Key{againKey}, Enabled: a.there, Run: a.run}}
}

// run has the paper read. What is shown of it stays meanwhile.
func (a *rereading) run() {
	if !a.there() {
		return
	}
	language := a.language
	a.d.change(func(ctx context.Context) error { return a.reader.ReadIn(ctx, a.doc.ID, language) })
	a.said.SetText(a.d.texts.T("reading.paper.again", "languages", a.names(language)))
}

// names are the languages in words: "Deutsch + Englisch".
func (a *rereading) names(language string) string {
	all := strings.Split(language, "+")
	for i, l := range all {
		all[i] = a.d.spoken(l)
	}
	return strings.Join(all, " + ")
}
