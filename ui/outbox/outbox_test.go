package outbox

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/look"
	"schalter/ui/sample"
)

func texts(t *testing.T) *i18n.Texts {
	t.Helper()
	x, err := i18n.Load(assets.Files, "de")
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestLinesSayWhatWaitsAndWhyNot(t *testing.T) {
	x, now := texts(t), sample.Now
	rows := []record.OutboxRow{
		{Case: "a", Number: "MS-1-26-00417-4", Party: "Yıldız, Emre", Title: map[string]string{"de": "Hund anmelden"}, What: record.KindOpen, Changes: 3, Since: now.Add(-2 * time.Minute), Delivery: record.DeliveryWaiting},
		{Case: "a", Number: "MS-1-26-00417-4", File: "Schutzvertrag", Bytes: 1_250_000, Since: now.Add(-3 * time.Hour), Delivery: record.DeliverySending},
		{Case: "b", What: record.KindNote, Changes: 1, Since: now.Add(-time.Hour), Delivery: record.DeliveryRejected, Reason: record.CodeRejected},
	}
	l := Lines(x, rows, now)
	if l[0].Case != "b" || l[0].Reason == "" || l[0].Fix == "" || l[0].Kind != control.KindTrouble || l[0].Pill != "Abgelehnt" {
		t.Errorf("the refused one comes first and says why: %+v", l[0])
	}
	if l[1].Head != "MS-1-26-00417-4 · Yıldız, Emre" || l[1].What != "Hund anmelden · 3 Änderungen" || l[1].Pill != "Wartet" {
		t.Errorf("%+v", l[1])
	}
	if l[2].What != "Schriftstück „Schutzvertrag“, noch 1,2 MB" || l[2].Since != "heute 07:50 · 3 Std." {
		t.Errorf("%+v", l[2])
	}
	if got := Summary(x, rows, now); got != "4 Änderungen · 1 Schriftstück (1,2 MB) · das Älteste wartet 3 Std." {
		t.Error(got)
	}
	if got := Summary(x, nil, now); got != "Nichts wartet" {
		t.Error(got)
	}
}

func TestLinesNamePublishedForms(t *testing.T) {
	x, now := texts(t), sample.Now
	hund := record.FormRef{ID: "hund", Version: "2.0"}
	rows := []record.OutboxRow{
		{Form: hund, Title: map[string]string{"de": "Hund anmelden"}, What: record.KindForm, Changes: 1, Since: now, Delivery: record.DeliveryRejected, Reason: record.CodeNoRight},
		{Form: hund, Title: map[string]string{"de": "Hund anmelden"}, File: "hund", Bytes: 150_000, Since: now, Delivery: record.DeliveryWaiting},
		{Form: hund, What: record.KindForm, Changes: 1, Since: now, Delivery: record.DeliveryWaiting},
	}
	l := Lines(x, rows, now)
	if l[0].Head != "Formular „Hund anmelden“ 2.0" || l[0].What != "Veröffentlichung" || l[0].Reason == "" || l[0].Fix == "" || l[0].Case != "" {
		t.Errorf("%+v", l[0])
	}
	if l[1].Head != "Formular „Hund anmelden“ 2.0" || !strings.HasSuffix(l[1].What, ", noch 150 kB") {
		t.Errorf("%+v", l[1])
	}
	if l[2].Head != "Formular „hund“ 2.0" {
		t.Errorf("%+v", l[2])
	}
}

func TestScreenSaysTheTroubleOfTheLine(t *testing.T) {
	app := test.NewApp()
	look.Apply(app, look.Light, 100)
	lib, err := sample.Forms()
	if err != nil {
		t.Fatal(err)
	}
	line := sample.Offline()
	line.State.Trouble = record.E(record.CodeCaptivePortal, nil)
	var opened []record.ID
	s := New(Needs{Texts: texts(t), Clock: sample.Clock, Run: control.Inline, Open: func(id record.ID) { opened = append(opened, id) }, Wake: line.Wake, Link: line.Link}, sample.New(lib, 0))
	w := test.NewWindow(s.Object())
	defer w.Close()
	w.Resize(fyne.NewSize(1100, 600))
	s.Shown()
	if want, _ := texts(t).Error(line.State.Trouble); s.banner.Text() != want {
		t.Errorf("banner %q, want %q", s.banner.Text(), want)
	}
	rows, _ := sample.New(lib, 0).Outbox(context.Background())
	if s.list.Length() != len(rows) {
		t.Errorf("%d rows, want %d", s.list.Length(), len(rows))
	}
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(opened) != 1 || opened[0] != s.lines[0].Case {
		t.Errorf("opened %v", opened)
	}
	line.State.Trouble = nil
	s.Changed()
	if s.banner.Text() != "" {
		t.Errorf("banner %q stayed", s.banner.Text())
	}
}
