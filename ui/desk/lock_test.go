package desk

import (
	"context"
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/sample"
)

// late keeps the answers of work back until they are let through.
type late struct{ answers []func() }

func (l *late) run(work func(context.Context) func()) {
	if show := work(context.Background()); show != nil {
		l.answers = append(l.answers, show)
	}
}

// What was being read when the desk was locked arrives when there is no store any more.
func TestAnswersThatComeAfterLockingDoNoHarm(t *testing.T) {
	f := town(t).unlock()
	var l late
	f.ctrl(fyne.Key2)
	f.Run = l.run
	f.screen.(*drafts).Changed()
	rows, _, _ := f.store.Cases(t.Context(), record.ViewToday, f.svc.User, 0, 1)
	f.openCase(rows[0].ID)
	if len(l.answers) < 2 {
		t.Fatalf("%d answers are on their way", len(l.answers))
	}
	f.Run = control.Inline
	f.Lock()
	for _, show := range l.answers {
		show()
	}
	f.openCase(rows[0].ID)
	if f.svc != nil || f.locked == nil {
		t.Error("the desk is not locked")
	}
	f.unlock()
}

// slowDoor looks at the window while the store closes.
type slowDoor struct {
	*townDoor
	look func()
}

func (d slowDoor) Lock(ctx context.Context) error {
	d.look()
	return d.townDoor.Lock(ctx)
}

func TestNothingIsToBeReadWhileTheStoreCloses(t *testing.T) {
	f := town(t).unlock()
	looked := false
	shell := f.shell.object
	f.Door = slowDoor{f.door, func() {
		looked = true
		if f.win.Canvas().Content() == shell || f.win.Canvas().Focused() != nil {
			t.Error("the work is still in sight")
		}
		f.keys.Do("go.rail")
	}}
	f.ctrl(fyne.KeyL)
	if !looked || f.locked == nil {
		t.Error("not locked")
	}
}

// A slow disk does not freeze the window: until the drafts are stored the desk goes on, and it hears the
// wish to leave only once.
func TestLockingWaitsWithoutHoldingTheWindow(t *testing.T) {
	f := town(t).unlock()
	f.capt.slow = true
	f.ctrl(fyne.KeyL)
	if f.svc == nil || f.door.locked != 0 {
		t.Fatal("locked before the drafts were stored")
	}
	f.ctrl(fyne.Key6)
	if f.place != placeOutbox {
		t.Errorf("the window shows %q while the disk works", f.place)
	}
	f.ctrl(fyne.KeyL)
	f.Quit()
	f.Do("language.en")
	if n := len(f.capt.said); n != 1 || f.finished {
		t.Errorf("capture was told %v", f.capt.said)
	}
	f.capt.answer(nil)
	if f.svc != nil || f.door.locked != 1 || f.finished {
		t.Error("not locked after the drafts were stored")
	}
	f.unlock()
	f.capt.slow = true
	f.Quit()
	f.capt.answer(record.E(record.CodeDiskFull, nil))
	if f.finished || f.shell.notice.Text() == "" {
		t.Error("ended although a draft could not be stored, or nothing was said")
	}
}

// The notice that something could not be stored goes when it was stored after all, and is not said twice.
func TestTheNoticeOfAFullDiskIsTakenBack(t *testing.T) {
	f := town(t).unlock()
	f.capt.closing = record.E(record.CodeDiskFull, nil)
	f.Quit()
	if f.shell.notice.Text() == "" {
		t.Fatal("nothing is said")
	}
	f.capt.stored()
	if f.shell.notice.Visible() {
		t.Errorf("the notice stays: %q", f.shell.notice.Text())
	}
	f.Quit()
	f.say(control.KindInfo, "etwas anderes", "")
	f.capt.stored()
	if f.shell.notice.Text() != "etwas anderes" {
		t.Error("another notice was taken back")
	}
	f.hush()
	f.begin("fundsache")
	f.capt.alarm = true
	f.Quit()
	if f.shell.notice.Visible() {
		t.Error("said twice in one window")
	}
}

// Whoever comes to a desk whose keys are damaged learns it before typing anything.
func TestDamagedKeysAreSaidAtOnce(t *testing.T) {
	f := town(t).unlock()
	f.door.broken = record.E(record.CodeVaultDamaged, nil, "dir", "x")
	f.ctrl(fyne.KeyL)
	if want, _ := f.texts.Error(f.door.broken); f.locked == nil || f.locked.Message() != want {
		t.Errorf("the door says %q", f.locked.Message())
	}
	f.door.broken = nil
	f.Do("language.en")
	if f.locked.Message() != "" {
		t.Errorf("the door still says %q", f.locked.Message())
	}
}

// However many drafts wait, the last one is reached and opened.
func TestEveryWaitingDraftIsReached(t *testing.T) {
	f := town(t).unlock()
	var all []record.Draft
	for i := range 300 {
		all = append(all, record.Draft{ID: record.ID(fmt.Sprint(i)), Service: "fundsache", User: sample.User})
	}
	s := newDrafts(f.Desk, false, all)
	f.show(s)
	s.all = all
	s.fill()
	f.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	f.key(fyne.KeyReturn)
	if said := f.capt.said; len(said) != 1 || said[0] != "open 299" {
		t.Errorf("capture was told %v", said)
	}
}

// A desk without a centre does not claim that everything is there.
func TestTheDoorOfADeskWithoutACentreClaimsNothing(t *testing.T) {
	for _, centre := range []bool{true, false} {
		f := town(t, func(f *fixture) { f.line.State.Configured = centre }).unlock()
		f.ctrl(fyne.KeyL)
		said := false
		for _, o := range test.LaidOutObjects(f.locked.Object()) {
			if l, ok := o.(*control.Label); ok && (l.Text() == f.texts.T("lock.outbox.empty") || l.Text() == f.texts.T("lock.outbox", "count", 8, "age", f.texts.Age(f.Clock().Sub(f.facts.Counts.Oldest)))) {
				said = true
			}
		}
		if said != centre {
			t.Errorf("centre %v, said %v", centre, said)
		}
	}
}
