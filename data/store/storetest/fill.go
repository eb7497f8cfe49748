// Package storetest fills stores with invented cases, for tests, benchmarks and measurements.
//
// It promises the same cases for the same numbers, made of changes that a centre could have sent and that
// went through the store's own way, so that the store afterwards is as it would be in a town hall; the
// cases are those of another desk and all placed. It never belongs into a program that clerks use.
package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"schalter/data/record"
	"schalter/data/store"
)

// Begin is when the oldest invented case was opened; they spread over [Span] from there.
var Begin = time.Date(2024, 1, 8, 7, 30, 0, 0, time.UTC)

// Span is the time that the invented cases cover.
const Span = 1000 * 24 * time.Hour

// casesPerBatch is how many cases go into one transaction.
const casesPerBatch = 1000

// PagesPerDocument is how many pages an invented document has at most.
const PagesPerDocument = 20

// Fill adds cases to a store, and so many pages of text spread over documents of the newest ones.
func Fill(ctx context.Context, s *store.Store, cases, pagesOfText int) error {
	cursor, err := s.Cursor(ctx)
	if err != nil {
		return err
	}
	f := filler{
		r: rand.New(rand.NewPCG(1, cursor.Seq)), device: record.NewID(), cursor: cursor, step: Span / time.Duration(max(cases, 1)),
		pages: pagesOfText, from: cases - (pagesOfText+PagesPerDocument-1)/PagesPerDocument,
	}
	for done := 0; done < cases; done += casesPerBatch {
		var batch []record.Sequenced
		var papers []paper
		for i := done; i < min(done+casesPerBatch, cases); i++ {
			changes, p, err := f.one(i)
			if err != nil {
				return err
			}
			batch, papers = append(batch, changes...), append(papers, p...)
		}
		if _, err := s.Receive(ctx, batch, f.cursor); err != nil {
			return err
		}
		if err := index(ctx, s, papers); err != nil {
			return err
		}
	}
	return nil
}

func index(ctx context.Context, s *store.Store, papers []paper) error {
	for _, p := range papers {
		if err := s.FileFetched(ctx, p.text); err != nil {
			return err
		}
		if err := s.IndexText(ctx, p.id, "", p.pages); err != nil {
			return err
		}
	}
	return nil
}

// filler invents one case after the other.
type filler struct {
	r      *rand.Rand
	device record.ID
	prev   record.Change
	cursor record.Cursor
	step   time.Duration
	pages  int // of text still to be invented
	from   int // the first case with a document
}

type paper struct {
	id    record.ID
	text  record.Hash
	pages []string
}

func (f *filler) pick(from []string) string { return from[f.r.IntN(len(from))] }

// one invents the i-th case: how it was opened, filled, submitted and mostly done.
func (f *filler) one(i int) (out []record.Sequenced, papers []paper, err error) {
	at := Begin.Add(time.Duration(i) * f.step)
	id := record.NewID()
	user := f.pick(users)
	service := services[f.r.IntN(len(services))]
	add := func(kind record.Kind, payload any) {
		if err != nil {
			return
		}
		at = at.Add(time.Duration(f.r.IntN(90)+1) * time.Second)
		var ch record.Change
		if ch, err = record.Seal(record.Edit{Case: id, Kind: kind, User: user, Payload: payload}, f.device, f.prev, at); err != nil {
			return
		}
		f.prev = ch
		f.cursor.Seq++
		f.cursor.Hash = record.NextLogHash(f.cursor.Hash, ch)
		out = append(out, record.Sequenced{Seq: f.cursor.Seq, Change: ch})
	}
	add(record.KindOpen, record.Opened{
		Service: service.id, Title: service.title, Office: "Steueramt", Channel: "counter", Roles: roles,
		Form: record.FormRef{ID: service.id, Version: "1", Hash: record.HashOf([]byte(service.id))},
	})
	add(record.KindFields, record.Fields{Groups: f.groups()})
	number := record.Number{Office: "MS", Desk: 7, Year: at.Year() % 100, Seq: i + 1}
	add(record.KindState, record.StateStep{To: record.StateSubmitted, Number: number.String()})
	if i >= f.from && f.pages > 0 {
		d, p := f.document(i, at, user)
		add(record.KindDocument, record.DocumentAdded{Document: d})
		papers = append(papers, p)
	}
	if f.r.IntN(10) > 0 {
		add(record.KindState, record.StateStep{To: record.StateDone})
	}
	return out, papers, err
}

func (f *filler) groups() []record.GroupEdit {
	name, given := f.pick(families), f.pick(givens)
	digits := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteByte(byte('0' + f.r.IntN(10)))
		}
		return b.String()
	}
	group := func(name string, pairs ...string) record.GroupEdit {
		v := record.Values{}
		for i := 0; i < len(pairs); i += 2 {
			v[name+"/"+pairs[i]] = pairs[i+1]
		}
		return record.GroupEdit{Group: name, Values: v}
	}
	town := f.r.IntN(len(towns))
	return []record.GroupEdit{
		group("halter", "familienname", name, "vorname", given, "geburtsdatum", fmt.Sprintf("19%02d-%02d-%02d", 40+f.r.IntN(60), 1+f.r.IntN(12), 1+f.r.IntN(28)),
			"telefon", "+49 6421 "+digits(6), "email", strings.ToLower(given)+"."+digits(3)+"@example.org"),
		group("anschrift", "strasse", f.pick(streets), "hausnummer", digits(2), "plz", "35"+digits(3), "ort", towns[town]),
		group("hund", "rufname", f.pick(dogs), "rasse", f.pick(breeds), "chip", "2760"+digits(11), "farbe", f.pick(colours),
			"geboren", fmt.Sprintf("20%02d-%02d-01", 10+f.r.IntN(16), 1+f.r.IntN(12)), "haltung_seit", "2025-03-01", "gefaehrlich", "false"),
		group("zahlung", "iban", "DE"+digits(20), "inhaber", given+" "+name, "lastschrift", "true"),
	}
}

func (f *filler) document(i int, at time.Time, user string) (record.Document, paper) {
	n := min(f.pages, PagesPerDocument)
	f.pages -= n
	p := paper{id: record.NewID(), text: record.HashOf(fmt.Appendf(nil, "text %d", i))}
	for range n {
		p.pages = append(p.pages, f.page())
	}
	return record.Document{
		ID: p.id, Title: "Nachweis Haftpflicht", Source: record.SourceScan, MediaType: "application/pdf", Pages: n,
		Shown: record.BlobRef{Hash: record.HashOf(fmt.Appendf(nil, "shown %d", i)), Size: 300_000},
		Text:  record.BlobRef{Hash: p.text, Size: 2000}, Made: at, User: user,
	}, p
}

// Page is a page of text as [Fill] invents them, the same for the same number.
func Page(n uint64) string { return (&filler{r: rand.New(rand.NewPCG(2, n))}).page() }

// page invents about 300 words: mostly common ones, some built of two parts, some numbers.
func (f *filler) page() string {
	var b strings.Builder
	for i := range 300 {
		switch {
		case i%17 == 16:
			fmt.Fprintf(&b, "%d ", f.r.IntN(100_000))
		case i%5 == 4:
			b.WriteString(f.pick(firsts) + f.pick(lasts) + " ")
		case i%40 == 39:
			b.WriteString("\n")
		default:
			x := f.r.Float64()
			b.WriteString(common[int(x*x*float64(len(common)))] + " ")
		}
	}
	return b.String()
}
