package desk

import (
	"context"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/ui/casefile"
	"schalter/ui/command"
	"schalter/ui/control"
)

// sorter stands in for the tray and notes what it was told.
type sorter struct {
	host  Host
	entry *control.Entry
	said  []string
}

func (s *sorter) Object() fyne.CanvasObject   { return s.entry }
func (s *sorter) Commands() []command.Command { return nil }
func (s *sorter) Shown()                      { control.Focus(s.entry) }
func (s *sorter) ScanWith(profile string) bool {
	s.said = append(s.said, "scan "+profile)
	return true
}
func (s *sorter) Changed()                    { s.said = append(s.said, "changed") }
func (s *sorter) Close(context.Context) error { s.said = append(s.said, "close"); return nil }
func (s *sorter) PutAway(_ context.Context, done func(error)) {
	s.said = append(s.said, "put away")
	done(nil)
}

func TestTheTray(t *testing.T) {
	f := town(t)
	var made []*sorter
	f.door.svc.Tray = func(h Host) Tray {
		made = append(made, &sorter{host: h, entry: control.NewEntry()})
		return made[len(made)-1]
	}
	f.unlock()
	if _, ok := f.shell.rail.Item(placeTray); !ok {
		t.Error("the rail has no place for it")
	}
	f.ctrl(fyne.Key8)
	if f.place != placeTray || len(made) != 1 || f.screen != Screen(made[0]) {
		t.Fatalf("at %q, made %d", f.place, len(made))
	}
	f.ctrl(fyne.Key1)
	f.ctrl(fyne.Key8)
	f.Refresh()
	if len(made) != 1 || !slices.Contains(made[0].said, "changed") {
		t.Errorf("made %d times, told %q", len(made), made[0].said)
	}
	rows, _, err := f.store.Cases(t.Context(), record.ViewToday, "", 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	made[0].host.OpenCase(rows[0].ID)
	if _, ok := f.screen.(*casefile.Screen); !ok {
		t.Fatalf("shown is %T", f.screen)
	}
	f.key(fyne.KeyEscape)
	if f.screen != Screen(made[0]) {
		t.Errorf("from the case one comes to %T", f.screen)
	}
	f.Lock()
	if f.svc != nil || made[0].said[len(made[0].said)-1] != "put away" {
		t.Errorf("locked without asking it: %q", made[0].said)
	}
	f.unlock()
	f.ctrl(fyne.Key8)
	if len(made) != 2 {
		t.Error("what was there before the lock is shown again")
	}
	if err := f.Close(context.Background()); err != nil || made[1].said[len(made[1].said)-1] != "close" {
		t.Errorf("%v, told %q", err, made[1].said)
	}
}

func TestNoTray(t *testing.T) {
	f := town(t).unlock()
	if _, ok := f.shell.rail.Item(placeTray); ok {
		t.Error("there is a place for what is not there")
	}
	f.ctrl(fyne.Key8)
	if f.place == placeTray {
		t.Error("one gets there")
	}
}
