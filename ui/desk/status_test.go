package desk

import (
	"testing"
	"time"

	"schalter/assets"
	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/sample"
)

func TestStatusLineSaysHowThingsStand(t *testing.T) {
	x, err := i18n.Load(assets.Files, "de")
	if err != nil {
		t.Fatal(err)
	}
	now := sample.Now
	off := record.Link{Configured: true, Since: now.Add(-98 * time.Minute), LastSync: now.Add(-100 * time.Minute)}
	on := record.Link{Configured: true, Online: true, Since: now.Add(-time.Hour), LastSync: now.Add(-time.Minute)}
	sending := on
	sending.Sending = 2
	portal := off
	portal.Trouble = record.E(record.CodeCaptivePortal, nil)
	portalText, _ := x.Error(portal.Trouble)
	clock := on
	clock.Trouble = record.E(record.CodeClockWrong, nil, "difference", "2 Std.")
	clockText, _ := x.Error(clock.Trouble)
	for _, c := range []struct {
		name   string
		f      Facts
		want   [3]string
		colour control.Kind
	}{
		{"offline", Facts{Link: off, Counts: record.Counts{Outbox: 9, Files: 3, Waiting: 4, Oldest: now.Add(-130 * time.Minute)}}, [3]string{"Offline seit 09:12", "Postausgang: 4 (ältester 2 Std.)", "Zuletzt abgeglichen 09:10"}, control.KindWaiting},
		{"online", Facts{Link: on}, [3]string{"Verbunden", "Postausgang leer", "Zuletzt abgeglichen vor 1 Min."}, control.KindGood},
		{"sending", Facts{Link: sending, Counts: record.Counts{Outbox: 9, Waiting: 4, Oldest: now}}, [3]string{"Verbunden", "Postausgang: 4, wird gesendet …", "Zuletzt abgeglichen vor 1 Min."}, control.KindGood},
		{"portal", Facts{Link: portal}, [3]string{portalText, "Postausgang leer", "Zuletzt abgeglichen 09:10"}, control.KindTrouble},
		{"warning", Facts{Link: clock}, [3]string{clockText, "Postausgang leer", "Zuletzt abgeglichen vor 1 Min."}, control.KindWaiting},
		{"alone", Facts{}, [3]string{"Ohne Zentrale", "Postausgang leer", ""}, control.KindNone},
		{"refused", Facts{Link: on, Counts: record.Counts{Outbox: 2, Waiting: 1, Rejected: 1}}, [3]string{"Verbunden", "Postausgang: 1 abgelehnt", "Zuletzt abgeglichen vor 1 Min."}, control.KindGood},
		{"never", Facts{Link: record.Link{Configured: true}}, [3]string{"Offline", "Postausgang leer", "Noch nie abgeglichen"}, control.KindWaiting},
	} {
		got := StatusLeft(x, c.f, now)
		for i := range got {
			if got[i].Text != c.want[i] {
				t.Errorf("%s: %q, want %q", c.name, got[i].Text, c.want[i])
			}
		}
		if got[0].Kind != c.colour || !got[0].Dot {
			t.Errorf("%s: colour %d", c.name, got[0].Kind)
		}
	}
	if got := StatusRight(x, Facts{User: "M. Weber", Identity: record.Identity{Desk: 1, Authority: "Musterstadt"}}); got != "M. Weber · Platz 1 · Musterstadt" {
		t.Error(got)
	}
	if got := StatusRight(x, Facts{User: "M. Weber"}); got != "M. Weber · Platz nicht angemeldet" {
		t.Error(got)
	}
	items := railItems(x, Facts{Counts: record.Counts{Today: 7, Office: 123_456, Outbox: 9, Files: 3, Waiting: 4}})
	byID := map[string]string{}
	for _, it := range items {
		byID[it.ID] = it.Count
	}
	if byID[placeToday] != "7" || byID[placeOffice] != "123.456" || byID[placeOutbox] != "4" || byID[placeMine] != "" {
		t.Errorf("%v", byID)
	}
}
