package standing

import (
	"strings"
	"testing"
	"time"

	"schalter/assets"
	"schalter/data/record"
	"schalter/ui/control"
	"schalter/ui/i18n"
)

func texts(t *testing.T) *i18n.Texts {
	t.Helper()
	x, err := i18n.Load(assets.Files, "de")
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestEveryStandingHasWords(t *testing.T) {
	x := texts(t)
	for _, d := range []record.Delivery{record.DeliveryHere, record.DeliveryWaiting, record.DeliverySending, record.DeliveryCentre, record.DeliveryRejected, record.DeliveryConflict} {
		if !x.Has("delivery." + string(d) + ".long") {
			t.Errorf("%s has no long text", d)
		}
		for _, s := range []record.State{record.StateOpen, record.StateSubmitted, record.StateWorking, record.StateDone, record.StateWithdrawn} {
			if text, _ := Of(x, d, s); text == "" || strings.Contains(text, ".") {
				t.Errorf("%s, %s: %q", d, s, text)
			}
		}
	}
	for _, c := range []struct {
		d    record.Delivery
		s    record.State
		want string
		kind control.Kind
	}{
		{record.DeliveryConflict, record.StateDone, "Klärfall", control.KindTrouble},
		{record.DeliveryWaiting, record.StateDone, "Wartet", control.KindWaiting},
		{record.DeliveryCentre, record.StateSubmitted, "In der Zentrale", control.KindGood},
		{record.DeliveryCentre, record.StateWorking, "In Bearbeitung", control.KindInfo},
		{record.DeliveryHere, record.StateSubmitted, "Hier gespeichert", control.KindNone},
		{record.DeliveryHere, record.StateDone, "Erledigt", control.KindGood},
	} {
		if text, kind := Of(x, c.d, c.s); text != c.want || kind != c.kind {
			t.Errorf("%s, %s: %q (%d), want %q", c.d, c.s, text, kind, c.want)
		}
	}
}

func TestJournalIsWrittenInWords(t *testing.T) {
	x := texts(t)
	now := time.Date(2026, 11, 23, 10, 50, 0, 0, time.UTC)
	label := func(g string) string { return strings.ToUpper(g) }
	for _, c := range []struct {
		e    record.JournalEntry
		want string
	}{
		{record.JournalEntry{Kind: record.KindState, State: record.StateSubmitted, Time: now, User: "M. Weber"}, "10:50 angenommen, M. Weber"},
		{record.JournalEntry{Kind: record.KindFields, Group: "halter, hund", Time: now}, "10:50 geändert: HALTER, HUND"},
		{record.JournalEntry{Kind: record.KindDocument, Text: "Schutzvertrag", Time: now}, "10:50 abgelegt: Schutzvertrag"},
		{record.JournalEntry{Kind: record.KindEvent, Text: "printed", Time: now}, "10:50 gedruckt"},
		{record.JournalEntry{Kind: record.KindEvent, Text: "beglaubigt", Time: now}, "10:50 beglaubigt"},
		{record.JournalEntry{Kind: record.KindVersion, What: "pages", Text: "Ausweis", Time: now}, "10:50 Seiten geändert: Ausweis"},
		{record.JournalEntry{Kind: record.KindVersion, What: "from.the.future", Text: "Ausweis", Time: now}, "10:50 neue Fassung: Ausweis"},
		{record.JournalEntry{Kind: record.KindVersion, What: "text", Text: "Ausweis", User: "M. Weber", Time: now}, "10:50 Text erkannt: Ausweis"},
		{record.JournalEntry{Kind: record.KindMark, What: "black", Text: "Ausweis", Time: now}, "10:50 Stelle geschwärzt: Ausweis"},
		{record.JournalEntry{Kind: record.KindCheck, What: "bad", Text: "Ausweis", Time: now}, "10:50 geprüft und beanstandet: Ausweis"},
		{record.JournalEntry{Kind: record.KindCertify, What: "B-MS-1-26/00012", Text: "Ausweis", Time: now}, "10:50 beglaubigte Kopie B-MS-1-26/00012 von: Ausweis"},
		{record.JournalEntry{Kind: record.KindTrash, Text: "Ausweis", Time: now}, "10:50 in den Papierkorb gelegt: Ausweis"},
		{record.JournalEntry{Kind: record.KindTrash, What: "back", Text: "Ausweis", Time: now}, "10:50 aus dem Papierkorb geholt: Ausweis"},
		{record.JournalEntry{Kind: "from.the.future", Time: now}, "10:50 geändert von einer neueren Programmfassung"},
	} {
		if got := Line(x, c.e, now, label); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	if got := Event(x, record.JournalEntry{Kind: record.KindFields, Group: "halter"}, nil); got != "Angaben geändert" {
		t.Error(got)
	}
}

func TestPartyAndTitle(t *testing.T) {
	x := texts(t)
	p := record.Party{Given: "Emre", Family: "Yıldız", Birth: "1988-05-02", Street: "Bahnhofstraße", House: "12", Postcode: "65428", Town: "Musterstadt"}
	if got := Party(x, p); got != "Emre Yıldız, geb. 02.05.1988\nBahnhofstraße 12, 65428 Musterstadt" {
		t.Errorf("%q", got)
	}
	if got := Party(x, record.Party{Organisation: "TSV 1898 e. V."}); got != "TSV 1898 e. V." {
		t.Errorf("%q", got)
	}
	if got := Title(x, nil, "fundsache", "Schlüssel"); got != "fundsache: Schlüssel" {
		t.Error(got)
	}
	if got := Documents(x, []record.Document{{Title: "A", Pages: 2}, {Title: "B"}}); got != "✓ A (2 Seiten)\n✓ B" {
		t.Errorf("%q", got)
	}
}

func TestHowItCameIsSaidOnlyWhereItIsWorthAWord(t *testing.T) {
	x := texts(t)
	for _, c := range []struct {
		channel string
		m       record.Meeting
		want    string
	}{
		{"", record.Meeting{}, ""},
		{"counter", record.Meeting{Bundle: "b"}, ""},
		{"phone", record.Meeting{}, "telefonisch"},
		{"pigeon", record.Meeting{}, "pigeon"},
		{"letter", record.Meeting{Present: "Tochter", Paper: "2026-11-21"}, "per Brief · anwesend: Tochter · auf Papier ausgefüllt am 21.11.2026"},
	} {
		if got := Came(x, c.channel, c.m); got != c.want {
			t.Errorf("%+v: %q, want %q", c, got, c.want)
		}
	}
}
