package sample

import (
	"encoding/json"
	"fmt"
	"time"

	"schalter/data/form"
	"schalter/data/record"
	"schalter/data/transfer"
	"schalter/sync/merge"
)

// spec is one case of the town hall, written short.
type spec struct {
	desk, seq  int
	service    string
	title      [2]string // German, English
	party      record.Party
	subject    string
	state      record.State
	delivery   record.Delivery
	ago        time.Duration
	due        string
	user       string
	values     record.Values
	documents  []record.Document
	conflicted bool
}

func (s *Store) fill(lib *form.Library) {
	for i, sp := range specs() {
		s.cases = append(s.cases, build(lib, i+1, sp, s.identity.Device))
	}
	s.drafts = drafts(lib)
}

func ref(lib *form.Library, service string) record.FormRef {
	if lib != nil {
		if f, err := lib.Latest(service); err == nil {
			return f.Ref()
		}
	}
	return record.FormRef{ID: service, Version: "1.0.0"}
}

func build(lib *form.Library, n int, sp spec, device record.ID) *file {
	at := Now.Add(-sp.ago)
	number := record.Number{Office: "MS", Desk: sp.desk, Year: 26, Seq: sp.seq}.String()
	title := map[string]string{"de": sp.title[0], "en": sp.title[1]}
	f := &file{}
	f.c = record.Case{
		ID: id(n), Number: number, Service: sp.service, Title: title, Form: ref(lib, sp.service), State: sp.state,
		Roles: map[record.Role]string{}, Groups: map[string]record.Group{}, Documents: sp.documents,
		Created: at.Add(-7 * time.Minute), Updated: at, User: sp.user, Device: device, Channel: "counter",
	}
	if lib != nil {
		if fm, err := lib.Get(f.c.Form); err == nil {
			f.c.Roles = fm.Roles
		}
	}
	for p, v := range sp.values {
		g := record.GroupOf(p)
		grp, ok := f.c.Groups[g]
		if !ok {
			grp = record.Group{Version: id(5000 + n), Values: record.Values{}, Time: at, User: sp.user, Device: device}
		}
		grp.Values[p] = v
		f.c.Groups[g] = grp
	}
	f.row = record.CaseRow{
		ID: f.c.ID, Number: number, Service: sp.service, Title: title, Subject: sp.subject, Party: sp.party.Name(),
		State: sp.state, Delivery: sp.delivery, Updated: at, Due: sp.due,
	}
	if sp.delivery == record.DeliveryWaiting {
		f.row.Waiting = 2
	}
	f.journal = history(sp, at, device)
	if sp.conflicted {
		addConflict(f, device)
	}
	return f
}

func history(sp spec, at time.Time, device record.ID) []record.JournalEntry {
	seq := uint64(0)
	if sp.delivery == record.DeliveryCentre {
		seq = 40
	}
	out := []record.JournalEntry{{Kind: record.KindOpen, Time: at.Add(-7 * time.Minute), User: sp.user, Device: device, Seq: seq}}
	for i, d := range sp.documents {
		out = append(out, record.JournalEntry{Kind: record.KindDocument, Text: d.Title, Time: at.Add(time.Duration(i-3) * time.Minute), User: sp.user, Device: device, Seq: seq})
	}
	return append(out,
		record.JournalEntry{Kind: record.KindFields, Group: "halter, hund", Time: at.Add(-time.Minute), User: sp.user, Device: device, Seq: seq},
		record.JournalEntry{Kind: record.KindState, State: sp.state, Time: at, User: sp.user, Device: device, Seq: seq})
}

func addConflict(f *file, device record.ID) {
	kept := f.c.Groups["halter"]
	other, base := kept, kept
	other.Values, base.Values = kept.Values.Clone(), kept.Values.Clone()
	other.Device, other.User, other.Time = id(2), "S. Braun", Now.Add(-121*time.Minute)
	other.Values["halter/strasse"], other.Values["halter/hausnummer"] = "Mühlgrabenweg", "4"
	base.Values["halter/strasse"], base.Values["halter/hausnummer"], base.Time = "Feldstraße", "18", Now.AddDate(0, 0, -9)
	kept.Time, kept.Device = Now.Add(-118*time.Minute), device
	f.c.Conflicts = []record.Conflict{{ID: id(9001), Group: "halter", Base: base, Kept: kept, Other: other}}
	f.row.Conflicts = 1
}

func document(n int, title, proof string, pages int) record.Document {
	d := record.Document{
		ID: id(7000 + n), Title: title, Proof: proof, Source: record.SourceScan, MediaType: "application/pdf", Pages: pages,
		Shown: record.BlobRef{Hash: record.HashOf([]byte(fmt.Sprint(n))), Size: int64(310_000 * pages)}, Made: Now.Add(-3 * time.Minute), User: User,
		Transfer: &record.Transfer{Time: Now.Add(-3 * time.Minute), User: User, Device: "Fujitsu fi-7160", Settings: "feeder gray 300 dpi", Pages: pages, Match: true},
	}
	for p := range pages {
		d.Originals = append(d.Originals, record.Original{Name: fmt.Sprint(p+1, ".jpg"), MediaType: "image/jpeg", Blob: record.BlobRef{Hash: record.HashOf(fmt.Append(nil, n, p)), Size: 300_000}})
	}
	return transfer.Sign(d, record.Identity{Device: id(1), Key: make([]byte, 32)}, "Schalter 0.1.0")
}

// paper records what becomes of a document.
func (f *file) paper(entry *record.JournalEntry, e record.Edit) error {
	if p, ok := e.Payload.(record.DocumentChecked); ok { // as the store does
		for _, d := range f.c.Documents {
			if d.ID == p.Document {
				e.Payload = transfer.Knowing(d, p)
			}
		}
	}
	payload, err := json.Marshal(e.Payload)
	if err != nil {
		return err
	}
	ch := record.Change{ID: entry.Change, Device: entry.Device, N: 1, Case: e.Case, Kind: e.Kind, Time: Now, User: e.User, Payload: payload}
	if err := merge.Check(ch); err != nil {
		return err
	}
	switch p := e.Payload.(type) {
	case record.DocumentMarked:
		entry.Doc, entry.What = p.Document, string(p.Mark.Kind)
		if p.Gone {
			entry.What = "gone"
		}
	case record.DocumentChecked:
		entry.Doc, entry.What = p.Document, "bad"
		if p.OK {
			entry.What = "ok"
		}
	case record.DocumentVersion:
		entry.Doc, entry.What = p.Document, string(p.Why)
	case record.DocumentTrashed:
		entry.Doc = p.Document
		if p.Back {
			entry.What = "back"
		}
	default:
		return fmt.Errorf("the sample store does not record a %T", p)
	}
	for _, d := range f.c.Documents {
		if d.ID == entry.Doc {
			entry.Text = d.Title
		}
	}
	return merge.Fold(&f.c, ch)
}

func holder(family, given, birth, street, house string) (record.Party, record.Values) {
	p := record.Party{Family: family, Given: given, Birth: birth, Street: street, House: house, Postcode: "65428", Town: "Musterstadt"}
	return p, record.Values{
		"halter/nachname": family, "halter/vorname": given, "halter/geburtsdatum": birth, "halter/strasse": street,
		"halter/hausnummer": house, "halter/plz": "65428", "halter/ort": "Musterstadt",
	}
}

func with(v record.Values, pairs ...string) record.Values {
	for i := 0; i+1 < len(pairs); i += 2 {
		v[pairs[i]] = pairs[i+1]
	}
	return v
}

func specs() []spec {
	yildiz, yv := holder("Yıldız", "Emre", "1988-05-02", "Bahnhofstraße", "12")
	with(yv, "halter/telefon", "+4961425551234", "hund/rufname", "Balu", "hund/rasse", "Labrador-Mischling", "hund/geworfen", "2024-03",
		"hund/chip", "276098104123344", "hund/gehalten_seit", "2026-11-10", "steuer/beginn", "2026-12-01", "steuer/satz", "90.00",
		"zahlung/iban", "DE89370400440532013000", "zahlung/kontoinhaber", "Emre Yıldız")
	schaefer, sv := holder("Schäfer", "Petra", "1971-02-17", "Am Mühlgraben", "4 a")
	with(sv, "hund/rufname", "Luna", "hund/rasse", "Dackel", "hund/gehalten_seit", "2026-10-01")
	dog, poster, found := [2]string{"Hund anmelden", "Register a dog"}, [2]string{"Plakatierung", "Posters"}, [2]string{"Fundsache", "Lost property"}
	org := func(o string) record.Party { return record.Party{Organisation: o} }
	person := func(f, g string) record.Party { return record.Party{Family: f, Given: g} }
	const h, p, fs = "hundesteuer-anmelden", "plakatierung", "fundsache"
	return []spec{
		{
			desk: 1, seq: 417, service: h, title: dog, party: yildiz, subject: "Balu", state: record.StateSubmitted, delivery: record.DeliveryWaiting, ago: 2 * time.Minute, user: User, values: yv,
			documents: []record.Document{document(1, "Schutzvertrag", "schutzvertrag", 2), document(2, "Haftpflicht", "haftpflicht", 1)},
		},
		{desk: 1, seq: 416, service: p, title: poster, party: org("TSV 1898 e. V."), subject: "Vereinsfest", state: record.StateWorking, delivery: record.DeliveryCentre, ago: 29 * time.Minute, due: "2026-11-27", user: User},
		{desk: 2, seq: 388, service: p, title: poster, party: person("Müller", "Jörg"), state: record.StateSubmitted, delivery: record.DeliveryCentre, ago: 55 * time.Minute, due: "2026-12-04", user: "S. Braun"},
		{desk: 1, seq: 415, service: fs, title: found, party: person("Hoffmann", "Ilse"), subject: "Schlüsselbund", state: record.StateSubmitted, delivery: record.DeliveryCentre, ago: 79 * time.Minute, user: User},
		{desk: 2, seq: 387, service: h, title: dog, party: schaefer, subject: "Luna", state: record.StateSubmitted, delivery: record.DeliveryConflict, ago: 105 * time.Minute, due: "2026-11-23", user: User, values: sv, conflicted: true},
		{desk: 1, seq: 414, service: fs, title: found, party: person("Nguyễn", "Thi Lan"), subject: "Fahrrad", state: record.StateSubmitted, delivery: record.DeliveryWaiting, ago: 112 * time.Minute, due: "2026-11-26", user: User},
		{desk: 1, seq: 413, service: h, title: dog, party: person("Öztürk", "Dr. Ayşe"), subject: "Pamuk", state: record.StateSubmitted, delivery: record.DeliveryRejected, ago: 130 * time.Minute, due: "2026-11-23", user: User},
		{desk: 1, seq: 412, service: p, title: poster, party: org("Landfrauenverein"), subject: "Adventsmarkt", state: record.StateSubmitted, delivery: record.DeliverySending, ago: 135 * time.Minute, user: User},
		{desk: 2, seq: 386, service: h, title: dog, party: person("Becker", "Karl-Heinz"), subject: "Rex", state: record.StateDone, delivery: record.DeliveryCentre, ago: 19 * time.Hour, user: "S. Braun"},
		{desk: 1, seq: 411, service: fs, title: found, party: person("Fischer", "Anna"), subject: "Brille", state: record.StateSubmitted, delivery: record.DeliveryCentre, ago: 20 * time.Hour, user: User},
		{desk: 1, seq: 410, service: fs, title: found, party: org("Gasthaus Zum Löwen"), subject: "Regenschirm mit Holzgriff und einem sehr langen Anhänger", state: record.StateWithdrawn, delivery: record.DeliveryCentre, ago: 26 * time.Hour, user: User},
	}
}

func drafts(lib *form.Library) []record.Draft {
	_, v := holder("Yıldız", "Emre", "02.05.1988", "Bahnhofstraße", "12")
	with(v, "hund/rufname", "Balu", "hund/chip", "276 0981 0412 334")
	return []record.Draft{
		{ID: id(8001), Service: "hundesteuer-anmelden", Form: ref(lib, "hundesteuer-anmelden"), Title: "Yıldız, Emre", Values: v, User: User, Created: Now.Add(-15 * time.Minute), Updated: Now.Add(-9 * time.Minute), Documents: []record.Document{document(1, "Schutzvertrag", "schutzvertrag", 2)}},
		{ID: id(8002), Service: "plakatierung", Form: ref(lib, "plakatierung"), Title: "Müller, Jörg", Values: record.Values{"veranstalter/organisation": "Musikverein 1921", "veranstalter/nachname": "Müller", "veranstalter/vorname": "Jörg"}, User: User, Created: Now.Add(-50 * time.Minute), Updated: Now.Add(-40 * time.Minute)},
		{ID: id(8003), Service: "fundsache", Form: ref(lib, "fundsache"), Values: record.Values{}, User: User, Created: Now.Add(-2 * time.Hour), Updated: Now.Add(-2 * time.Hour)},
	}
}
