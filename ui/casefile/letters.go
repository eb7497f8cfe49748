package casefile

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/standing"
)

// Letters are the papers about a case: its confirmation, printed or saved, and the letter that asks for missing
// proofs. lang is a language, or two joined by "+", the second beneath the first. What became of it is said by
// whoever does it.
type Letters interface {
	Print(id record.ID, lang string)
	Save(id record.ID, lang string)
	Missing(id record.ID, langs []string)
	// CanSave tells whether papers can be saved at all.
	CanSave() bool
	// Languages are those that letters are written in, the office's first.
	Languages() []string
}

// The keys of the papers.
var (
	printKey   = command.Ctrl(fyne.KeyP)
	saveKey    = command.Ctrl(fyne.KeyS)
	missingKey = command.CtrlShift(fyne.KeyP)
)

// letters offers the papers, if wanted in a second language as well.
type letters struct {
	s       *Screen
	also    *control.Picks
	ask     *control.Button
	lacking *control.Label // what is missing, in words
	open    bool           // something is missing
}

func newLetters(s *Screen) *letters {
	t := s.Texts
	l := &letters{s: s, also: control.NewPicks(1), lacking: control.NewParagraph("", control.Waiting)}
	l.ask = control.NewButton(t.T("casefile.missing"), missingKey.Label(t), control.Plain, l.missing)
	l.ask.Hide()
	l.lacking.Hide()
	return l
}

// buttons stand below the data.
func (l *letters) buttons() []fyne.CanvasObject {
	t := l.s.Texts
	if l.s.Letters == nil {
		return nil
	}
	out := []fyne.CanvasObject{control.NewButton(t.T("command.case.print"), printKey.Label(t), control.Plain, l.print)}
	if l.s.Letters.CanSave() {
		out = append(out, control.NewButton(t.T("casefile.save"), saveKey.Label(t), control.Plain, l.save))
	}
	out = append(out, l.coverButtons()...)
	return append(out, l.ask, l.also.Object())
}

func (l *letters) commands() []command.Command {
	if l.s.Letters == nil {
		return nil
	}
	here := func() bool { return l.s.loaded }
	out := []command.Command{
		{ID: "case.print", Menu: "file", Keys: []command.Key{printKey}, Enabled: here, Run: l.print},
		{ID: "casefile.missing", Menu: "file", Keys: []command.Key{missingKey}, Enabled: func() bool { return l.open }, Run: l.missing},
	}
	out = append(out, l.coverCommands()...)
	if l.s.Letters.CanSave() {
		out = append(out, command.Command{ID: "casefile.save", Menu: "file", Keys: []command.Key{saveKey}, Enabled: here, Run: l.save})
	}
	return out
}

// update says what is missing and offers the languages that the case's form speaks.
func (l *letters) update() {
	t, f := l.s.Texts, l.s.file
	lacking := f.Lacking(t.Lang(), l.s.Clock())
	l.open = len(lacking) > 0 && l.s.Letters != nil
	l.lacking.Hidden, l.ask.Hidden = len(lacking) == 0, !l.open
	l.lacking.SetText(t.T("casefile.lacking", "names", strings.Join(lacking, ", ")))
	if l.s.Letters != nil && f.Form != nil {
		others := slices.DeleteFunc(l.s.Letters.Languages(), func(lang string) bool { return lang == t.Lang() })
		l.also.Offer(standing.Languages(t, others, f.Form.Languages))
	}
}

// lang is the clerk's language, with the one that was chosen beneath it.
func (l *letters) lang() string {
	return strings.Join(append([]string{l.s.Texts.Lang()}, l.also.Picked()...), "+")
}

func (l *letters) print() { l.s.Letters.Print(l.s.id, l.lang()) }

func (l *letters) save() { l.s.Letters.Save(l.s.id, l.lang()) }

// missing asks in the office's language, which counts, and in the one that was chosen.
func (l *letters) missing() {
	langs := append(l.s.Letters.Languages()[:1:1], l.also.Picked()...)
	l.s.Letters.Missing(l.s.id, slices.Compact(langs))
}
