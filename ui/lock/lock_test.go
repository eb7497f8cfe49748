package lock

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
	"schalter/ui/sample"
)

func TestProblemsAreFoundBeforeTheDoorIsTried(t *testing.T) {
	for _, c := range []struct {
		step              Step
		user, pass, again string
		want              string
	}{
		{StepUnlock, " ", "x", "", "lock.need_user"},
		{StepUnlock, "w", "", "", "lock.need_passphrase"},
		{StepUnlock, "w", "x", "", ""},
		{StepCreate, "w", "x", "y", "lock.not_the_same"},
		{StepCreate, "w", "x", "x", ""},
		{StepEnrol, "", "", "", ""},
	} {
		if got := Problem(c.step, c.user, c.pass, c.again); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
	if Next([]string{"a", "b"}, "b", 1) != "a" || Next([]string{"a", "b"}, "a", -1) != "b" || Next(nil, "x", 1) != "x" || Next([]string{"a"}, "?", 1) != "a" {
		t.Error("Next does not go round")
	}
}

type fixture struct {
	*Screen
	win      fyne.Window
	opened   int
	created  []string
	enrolled []string
	known    bool
}

func show(t *testing.T, fresh bool, w Waiting) *fixture {
	t.Helper()
	app := test.NewApp()
	look.Apply(app, look.Light, 100)
	x, err := i18n.Load(assets.Files, "de")
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{}
	users := []string{"M. Weber", "S. Braun"}
	if fresh {
		users = nil
	}
	f.Screen = New(Needs{
		Texts: x, Clock: sample.Clock, Run: control.Inline, Users: users, Fresh: fresh, Waiting: w,
		Create: func(_ context.Context, user, pass string) error {
			if len(pass) < 12 {
				return record.E(record.CodeWeakPassphrase, nil, "min", 12)
			}
			f.created = append(f.created, user+":"+pass)
			return nil
		},
		Unlock: func(_ context.Context, user, pass string) error {
			if user == "S. Braun" && pass == "richtig" {
				return nil
			}
			return record.E(record.CodeWrongPassphrase, nil)
		},
		Enrol: func(_ context.Context, code string) error {
			f.enrolled = append(f.enrolled, code)
			if code != "gut" {
				return record.E(record.CodeEnrolCode, nil)
			}
			return nil
		},
		Enrolled: func(context.Context) bool { return f.known },
		Opened:   func() { f.opened++ },
	})
	f.win = test.NewWindow(f.Object())
	f.win.Resize(fyne.NewSize(900, 700))
	keys := command.NewList()
	keys.Bind(f.win.Canvas())
	keys.Enter("x", f.Commands())
	t.Cleanup(func() { keys.Release(); f.win.Close() })
	f.Shown()
	return f
}

func (f *fixture) typed(s string)     { test.Type(f.win.Canvas().Focused(), s) }
func (f *fixture) key(k fyne.KeyName) { f.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: k}) }

func TestWrongPassphraseIsSaidAndTriedAgain(t *testing.T) {
	f := show(t, false, Waiting{})
	if f.win.Canvas().Focused() != f.pass {
		t.Fatal("the cursor is not in the passphrase")
	}
	f.typed("falsch")
	f.key(fyne.KeyReturn)
	if want, _ := f.Texts.Error(record.E(record.CodeWrongPassphrase, nil)); f.Message() != want || f.pass.Text != "" || f.opened != 0 {
		t.Errorf("message %q, field %q, opened %d", f.Message(), f.pass.Text, f.opened)
	}
	if f.win.Canvas().Focused() != f.pass {
		t.Error("the cursor left the passphrase")
	}
	f.win.Canvas().Focus(f.user)
	f.key(fyne.KeyDown)
	f.key(fyne.KeyReturn)
	f.typed("richtig")
	if f.Message() != "" {
		t.Error("the message stays while one types")
	}
	f.key(fyne.KeyReturn)
	if f.opened != 1 || f.pass.Text != "" {
		t.Errorf("opened %d, the passphrase is still in the field: %v", f.opened, f.pass.Text != "")
	}
}

func TestFirstStartToTheEnrolment(t *testing.T) {
	f := show(t, true, Waiting{})
	if f.win.Canvas().Focused() != f.user {
		t.Fatal("the cursor is not in the name")
	}
	f.typed("M. Weber")
	f.key(fyne.KeyReturn)
	f.typed("kurz")
	f.key(fyne.KeyReturn)
	f.typed("kurz")
	f.key(fyne.KeyReturn)
	if len(f.created) != 0 || f.Message() == "" {
		t.Fatal("a weak passphrase went through or was not said")
	}
	f.typed("ein langer Satz")
	f.key(fyne.KeyReturn)
	f.typed("ein anderer Satz")
	f.key(fyne.KeyReturn)
	if f.Message() != f.Texts.T("lock.not_the_same") {
		t.Fatalf("message %q", f.Message())
	}
	f.again.SetText("ein langer Satz")
	f.key(fyne.KeyReturn)
	if len(f.created) != 1 || f.created[0] != "M. Weber:ein langer Satz" || f.Step() != StepEnrol || f.win.Canvas().Focused() != f.code {
		t.Fatalf("created %v, step %v", f.created, f.Step())
	}
	f.typed("schlecht")
	f.Go()
	if f.opened != 0 || f.Message() == "" {
		t.Fatal("a bad code went through or was not said")
	}
	f.code.SetText("gut")
	f.Go()
	if f.opened != 1 || len(f.enrolled) != 2 {
		t.Errorf("opened %d, enrolled %v", f.opened, f.enrolled)
	}
}

func TestEnrolmentCanWaitOrIsNotAsked(t *testing.T) {
	for _, known := range []bool{false, true} {
		f := show(t, true, Waiting{})
		f.known = known
		f.user.SetText("w")
		f.pass.SetText("ein langer Satz")
		f.again.SetText("ein langer Satz")
		f.Go()
		if known {
			if f.opened != 1 {
				t.Error("a desk that is enrolled was asked again")
			}
			continue
		}
		f.key(fyne.KeyEscape)
		if f.opened != 1 || len(f.enrolled) != 0 {
			t.Errorf("opened %d, enrolled %v", f.opened, f.enrolled)
		}
	}
}

func TestLockSaysHowOldTheOutboxIs(t *testing.T) {
	f := show(t, false, Waiting{Known: true, Counts: record.Counts{Outbox: 3, Files: 1, Oldest: sample.Now.Add(-2 * time.Hour)}})
	if got := f.waiting(); got != "Auf diesem Platz warten 4 Änderungen auf die Leitung (älteste: 2 Std.)." {
		t.Error(got)
	}
	if got := show(t, false, Waiting{Known: true}).waiting(); got != "Alles von diesem Platz ist in der Zentrale." {
		t.Error(got)
	}
	if got := show(t, false, Waiting{}).waiting(); got != "" {
		t.Error(got)
	}
}
