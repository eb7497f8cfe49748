package edit

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"schalter/data/form/fim"
	"schalter/data/form/formtest"
)

// Rules of official forms are read out whole: every operator has its words, and no key of the format is left.
func TestOfficialFormsAreReadOutAndTakenBack(t *testing.T) {
	formtest.Schemata(t, func(name string, file io.Reader) {
		r, err := fim.Import(file, name, fim.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		d, err := Open(r.JSON)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		for _, rule := range d.Form().Rules {
			s := d.Sentence(rule.ID, "de")
			if s == "" || strings.ContainsAny(s, "{}") {
				t.Errorf("%s: rule %s says %q", name, rule.ID, s)
			}
		}
		if open := d.Form().Unresolved(); len(open) > 0 {
			if err := d.Decide(open[0].ID, "", "entfällt"); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		f := d.Form().Fields()[0]
		if err := d.SetText(f.Path, KeyLabel, map[string]string{"de": "Anders"}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for d.CanUndo() {
			d.Undo()
		}
		if !bytes.Equal(d.Bytes(), r.JSON) {
			t.Errorf("%s: not back to the first byte", name)
		}
	})
}
