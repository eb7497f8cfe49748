package desk

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/ui/command"
)

// leaf is a paper that notes what is marked on it.
type leaf struct{ words []string }

func (*leaf) Object() fyne.CanvasObject   { return nil }
func (*leaf) Commands() []command.Command { return nil }
func (*leaf) Close()                      {}
func (l *leaf) MarkWords(words []string)  { l.words = words }

func TestOnlyThePaperThatWasFoundIsMarked(t *testing.T) {
	d := &Desk{found: record.Hit{Doc: "d", Words: []string{"haft"}}}
	found, other := &leaf{}, &leaf{}
	d.marked("d", found)
	d.marked("e", other)
	if !slices.Equal(found.words, []string{"haft"}) || other.words != nil {
		t.Errorf("%q, %q", found.words, other.words)
	}
}
