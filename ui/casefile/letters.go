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
	alsoKey    = command.Alt(fyne.KeyL)
)

// letters offers the papers, if wanted in a second language as well.
type letters struct {
	s       *Screen
	also    []control.Pick // languages that letters can be written in besides
	chosen  int            // of these, from 1; 0: none
	ask     *control.Button
	printer *control.Button
	lacking *control.Label // what is missing, in words
	open    bool           // something is missing
}

func newLetters(s *Screen) *letters {
	t := s.Texts
	l := &letters{s: s, lacking: control.NewParagraph("", control.Waiting)}
	l.printer = control.NewButton(t.T("command.case.print"), printKey.Label(t), control.Plain, l.print)
	l.ask = control.NewButton(t.T("casefile.missing"), missingKey.Label(t), control.Plain, l.missing)
	l.ask.Hide()
	l.lacking.Hide()
	return l
}

// buttons stand below the data: what is done every day. The rest stands under "more".
func (l *letters) buttons() []fyne.CanvasObject {
	if l.s.Letters == nil {
		return nil
	}
	return []fyne.CanvasObject{l.ask, l.printer}
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
	out = append(out, command.Command{ID: "casefile.also", Keys: []command.Key{alsoKey}, Enabled: func() bool { return len(l.also) > 0 }, Run: l.next})
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
		l.also = standing.Languages(t, others, f.Form.Languages)
		l.chosen = min(l.chosen, len(l.also))
	}
	l.label()
}

// next chooses the next language that letters are written in besides, and none behind the last.
func (l *letters) next() {
	l.chosen = (l.chosen + 1) % (len(l.also) + 1)
	l.label()
}

// label says on the button in which languages is printed.
func (l *letters) label() {
	text := l.s.Texts.T("command.case.print")
	if l.chosen > 0 {
		text += " (" + l.also[l.chosen-1].Text + ")"
	}
	l.printer.SetText(text)
	l.s.left.Refresh()
}

// second is the language that was chosen besides, if any.
func (l *letters) second() []string {
	if l.chosen == 0 {
		return nil
	}
	return []string{l.also[l.chosen-1].ID}
}

// lang is the clerk's language, with the one that was chosen beneath it.
func (l *letters) lang() string {
	return strings.Join(append([]string{l.s.Texts.Lang()}, l.second()...), "+")
}

func (l *letters) print() { l.s.Letters.Print(l.s.id, l.lang()) }

func (l *letters) save() { l.s.Letters.Save(l.s.id, l.lang()) }

// missing asks in the office's language, which counts, and in the one that was chosen.
func (l *letters) missing() {
	langs := append(l.s.Letters.Languages()[:1:1], l.second()...)
	l.s.Letters.Missing(l.s.id, slices.Compact(langs))
}
