package sample

import (
	"context"
	"time"

	"schalter/data/party"
	"schalter/data/record"
)

// known is a case that was captured earlier.
type known struct {
	party.Subject
	row   record.CaseRow
	cases int
}

// register knows a few people and compares as the store does.
type register []known

func earlier(seq int, service, title, subject string, s record.State, days int, p record.Party, identity string, cases int) known {
	return known{
		Subject: party.Subject{Party: p, Identity: identity}, cases: cases,
		row: record.CaseRow{
			ID: record.NewID(), Number: record.Number{Office: "MS", Desk: 1, Year: 26, Seq: seq}.String(), Service: service,
			Title: map[string]string{"de": title, "en": title}, Subject: subject, Party: p.Name(), State: s, Delivery: record.DeliveryCentre,
			Updated: now.AddDate(0, 0, -days),
		},
	}
}

// people are those that the pictures find again.
func people() register {
	emre := record.Party{
		Family: "Yıldız", Given: "Emre", Birth: "1988-05-02", Street: "Bahnhofstraße", House: "12", Postcode: "65428", Town: "Musterstadt",
		Phone: "06142 83100", Email: "e.yildiz@beispiel.de", IBAN: "DE02120300000000202051",
	}
	ela, older := emre, emre
	ela.Given, ela.Birth, ela.IBAN, ela.Phone = "Elâ", "1991-11-30", "", ""
	older.Family, older.Given, older.Birth, older.Street, older.House, older.IBAN = "Yildis", "Emre", "1962-01-17", "Ludwigstraße", "3", ""
	return register{
		earlier(131, "hundesteuer-anmelden", "Hund anmelden", "Balu", record.StateDone, 40, emre, "276098104123344", 3),
		earlier(88, "plakatierung", "Plakate aufhängen", "Sommerfest", record.StateDone, 160, ela, "", 1),
		earlier(12, "fundsache", "Fundsache anzeigen", "Schlüsselbund", record.StateWithdrawn, 300, older, "", 1),
	}
}

// Parties finds people by name, date of birth or address.
func (r register) Parties(_ context.Context, typed string, limit int) (out []record.PartyHit, _ error) {
	q := party.Parse(typed)
	for _, k := range r {
		if len(out) < limit && !q.Empty() && q.Finds(k.Words(), party.ByEar) {
			out = append(out, record.PartyHit{
				Party: k.Party, Case: k.row.ID, Number: k.row.Number, Service: k.row.Service, Title: k.row.Title, Cases: k.cases, Since: k.row.Updated.Add(-time.Hour),
			})
		}
	}
	return out, nil
}

// Alike compares with everybody.
func (r register) Alike(_ context.Context, p record.Party, identity string, except record.ID, limit int) (out []record.Likeness, _ error) {
	for _, k := range r {
		level, why := party.Compare(party.Subject{Party: p, Identity: identity}, k.Subject)
		if level > record.LevelNone && k.row.ID != except && len(out) < limit {
			out = append(out, record.Likeness{Case: k.row, Party: k.Party, Level: level, Reasons: why})
		}
	}
	return out, nil
}
