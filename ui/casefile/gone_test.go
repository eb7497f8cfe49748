package casefile

import (
	"context"
	"testing"

	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
	"schalter/ui/sample"
)

// A clerk who leaves a case before it was read: a paper opened after that would stay open for ever.
func TestACaseThatWasLeftOpensNoPaper(t *testing.T) {
	look.Apply(test.NewApp(), look.Light, 100)
	lib, err := sample.Forms()
	if err != nil {
		t.Fatal(err)
	}
	texts, err := i18n.Load(assets.Files, "de")
	if err != nil {
		t.Fatal(err)
	}
	store := sample.New(lib, 0)
	rows, _, _ := store.Cases(context.Background(), record.ViewToday, sample.User, 0, 20)
	for _, leave := range []bool{false, true} {
		var late []func()
		opened := 0
		s := New(Needs{
			Texts: texts, Clock: sample.Clock, Forms: lib, User: sample.User, Back: func() {}, Rebind: func() {},
			Run:   func(f func(context.Context) func()) { late = append(late, func() { control.Inline(f) }) },
			Paper: func(record.Document, int) Paper { opened++; return nil },
		}, store, rows[0].ID, "", 0)
		if leave {
			s.Closed()
		}
		for len(late) > 0 {
			f := late[0]
			late = late[1:]
			f()
		}
		if (opened == 0) != leave {
			t.Errorf("left %v: %d papers opened", leave, opened)
		}
	}
}
