package desk

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"schalter/ui/control"
)

// scanned notes what is scanned into the draft in front.
type scanned struct {
	*capturing
	filling bool
	with    []string
}

func (s *scanned) ScanWith(profile string) bool {
	if s.filling {
		s.with = append(s.with, profile)
	}
	return s.filling
}

// A press scans where the clerk is: into the draft in front, else into the tray; what is to be sorted always goes
// there. A question that is open is answered first.
func TestAButtonOfAScannerScansWhereTheClerkIs(t *testing.T) {
	f := town(t)
	draft := &scanned{capturing: &capturing{entry: control.NewEntry()}, filling: true}
	tray := &sorter{entry: control.NewEntry()}
	f.door.svc.Capture = func(Host) Capture { return draft }
	f.door.svc.Tray = func(Host) Tray { return tray }
	f.unlock()
	sees := func(place string, drafts, stacks int) {
		t.Helper()
		n := 0
		for _, s := range tray.said {
			if s == "scan stack" {
				n++
			}
		}
		if f.place != place || len(draft.with) != drafts || n != stacks {
			t.Errorf("at %q: %v, %v", f.place, draft.with, tray.said)
		}
	}
	f.ctrl(fyne.Key3)
	f.pressed(Press{Profile: "stack"})
	sees(placeTray, 0, 1)
	f.pressed(Press{Profile: "stack"})
	sees(placeTray, 0, 2)
	f.begin("hund")
	f.pressed(Press{Profile: "stack"})
	sees(placeDrafts, 1, 2)
	f.pressed(Press{Profile: "stack", Sorts: true})
	sees(placeTray, 1, 3)
	f.toCapture()
	draft.filling = false // it was handed in
	f.pressed(Press{Profile: "stack"})
	sees(placeTray, 1, 4)

	f.ctrl(fyne.KeyK)
	if !f.overlay() {
		t.Fatal("nothing is open")
	}
	f.pressed(Press{Profile: "stack"})
	sees(placeTray, 1, 4)
	if f.shell.notice.Text() != f.texts.T("desk.button") {
		t.Errorf("said %q", f.shell.notice.Text())
	}
	f.key(fyne.KeyEscape)
	f.Lock()
	f.pressed(Press{Profile: "stack"})
	if len(draft.with) != 1 || !slices.Equal(tray.said[len(tray.said)-1:], []string{"put away"}) {
		t.Errorf("behind the lock: %v, %v", draft.with, tray.said)
	}
}

func TestAPressWithoutATray(t *testing.T) {
	f := town(t).unlock()
	f.ctrl(fyne.Key1)
	f.pressed(Press{Profile: "stack"})
	if f.place != placeToday {
		t.Errorf("at %q", f.place)
	}
}
