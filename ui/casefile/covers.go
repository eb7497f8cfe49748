package casefile

import (
	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/ui/command"
)

// Covers are [Letters] that print cover sheets too: sheets that are laid before the papers of a case, so that
// these can be scanned in one stack with others.
type Covers interface {
	CanCover() bool
	// Cover prints the sheet of the case, or one for each proof that it lacks.
	Cover(id record.ID, lang string, each bool)
}

var (
	coverKey  = command.Alt(fyne.KeyD)
	coversKey = command.Key{Name: fyne.KeyD, Mod: fyne.KeyModifierAlt | fyne.KeyModifierShift}
)

// covers gives who prints cover sheets, nil where nobody does.
func (l *letters) covers() Covers {
	c, ok := l.s.Letters.(Covers)
	if !ok || !c.CanCover() {
		return nil
	}
	return c
}

func (l *letters) cover(each bool) func() {
	return func() { l.covers().Cover(l.s.id, l.s.Texts.Lang(), each) }
}

func (l *letters) coverCommands() []command.Command {
	if l.covers() == nil {
		return nil
	}
	return []command.Command{
		{ID: "casefile.cover", Menu: "file", Keys: []command.Key{coverKey}, Enabled: func() bool { return l.s.loaded }, Run: l.cover(false)},
		{ID: "casefile.covers", Menu: "file", Keys: []command.Key{coversKey}, Enabled: func() bool { return l.open }, Run: l.cover(true)},
	}
}
