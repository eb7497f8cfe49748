package store

import (
	"context"
	"slices"
	"testing"
	"time"

	"schalter/data/record"
)

// ref is a stored file that nobody looks into.
func ref(name string) record.BlobRef {
	return record.BlobRef{Hash: record.HashOf([]byte(name)), Size: int64(len(name))}
}

func TestWordsOnTheScansOfADraft(t *testing.T) {
	ctx := t.Context()
	s, now := counter(t)
	doc := func(title, text string) record.Document {
		return record.Document{ID: record.NewID(), Title: title, Source: record.SourceScan, Pages: 2, Text: ref(text), Language: "deu"}
	}
	contract, leaflet := doc("Vertrag", "a"), doc("Merkblatt", "b")
	d := record.Draft{
		ID: record.NewID(), Service: "hundesteuer-anmelden", Title: "Müller, Ina", User: "weber", Created: *now, Updated: *now,
		Values: record.Values{"wer/name": "Müller"}, Documents: []record.Document{contract},
	}
	find := func(user, typed string) []record.Hit {
		hits, err := s.FindAs(ctx, user, typed, 9)
		check(t, err)
		return hits
	}
	index := func(want ...record.Document) {
		t.Helper()
		list, err := s.TextToIndex(ctx, 9)
		check(t, err)
		var got, ids []record.ID
		for _, d := range list {
			got = append(got, d.ID)
		}
		for _, d := range want {
			ids = append(ids, d.ID)
		}
		if !slices.Equal(got, ids) {
			t.Fatalf("to be indexed: %v, want %v", got, ids)
		}
	}
	check(t, s.SaveDraft(ctx, d))
	index(contract)
	check(t, s.IndexText(ctx, contract.ID, contract.Text.Hash, []string{"Schutzvertrag zwischen", "Die Haftpflicht besteht seit 1.2.2020"}))
	index()
	hits := find("weber", "haftpfl")
	if len(hits) != 1 || hits[0].Draft != d.ID || hits[0].Doc != contract.ID || hits[0].Page != 2 || hits[0].Field != hitText ||
		!slices.Equal(hits[0].Words, []string{"haftpfl"}) || hits[0].Snippet != "Die \x02Haftpflicht\x03 besteht seit 1.2.2020" {
		t.Fatalf("%+v", hits)
	}
	for typed, want := range map[string]int{
		"haftpflicht seite:2": 1, "haftpflicht seite:1": 0, "entwurf haftpflicht": 1, `"haftpflicht besteht"`: 1, `"besteht haftpflicht"`: 0,
		"1.2.2020": 1, "1.2.2021": 0, "haftpflicht erledigt": 0, "haftpflicht im postausgang": 0, "schutzvertrag zwischen": 1, "müller": 1,
	} {
		if got := find("weber", typed); len(got) != want {
			t.Errorf("%q: %+v", typed, got)
		}
	}
	// Nobody else's, neither the words on its papers nor what was typed.
	for _, typed := range []string{"haftpflicht", "müller", "entwurf", "schutzvertrag seite:1"} {
		if got := find("kaya", typed); len(got) != 0 {
			t.Errorf("%q: somebody else sees %+v", typed, got)
		}
		if got := find("", typed); len(got) != 0 {
			t.Errorf("%q: nobody in particular sees %+v", typed, got)
		}
	}
	// Typing on costs nothing of it; another paper comes, another version of the first is shown.
	d.Note, d.Documents = "x", []record.Document{contract, leaflet}
	check(t, s.SaveDraft(ctx, d))
	index(leaflet)
	check(t, s.IndexText(ctx, leaflet.ID, leaflet.Text.Hash, []string{"Hundehaltung in der Stadt"}))
	if len(find("weber", "haftpflicht")) != 1 || len(find("weber", "hundehaltung")) != 1 {
		t.Error("not both")
	}
	d.Documents = slices.Clone(d.Documents)
	d.Documents[0].Text, d.Documents[0].Language = record.BlobRef{}, ""
	check(t, s.SaveDraft(ctx, d))
	if len(find("weber", "haftpflicht")) != 0 || len(find("weber", "hundehaltung")) != 1 {
		t.Error("what is not shown any more is found")
	}
	check(t, s.IndexText(ctx, contract.ID, contract.Text.Hash, []string{"Haftpflicht"})) // came too late
	if len(find("weber", "haftpflicht")) != 0 {
		t.Error("what came too late is found")
	}
	check(t, s.DiscardDraft(ctx, d.ID))
	if got := find("weber", "hundehaltung"); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	rows := 0
	check(t, s.read(ctx, func(ctx context.Context, x *tx) error {
		_, err := x.one(ctx, `SELECT (SELECT count(*) FROM draft_page) + (SELECT count(*) FROM find_draft WHERE find_draft MATCH '"hundehaltung"')`, nil, &rows)
		return err
	}))
	if rows != 0 {
		t.Error("words of a discarded draft are kept")
	}
	wantCode(t, s.IndexText(ctx, contract.ID, contract.Text.Hash, nil), record.CodeNotFound)
}

// What is filed is found in the case, and the draft's words are gone with it.
func TestWordsOfADraftThatIsFiled(t *testing.T) {
	ctx := t.Context()
	s, now := counter(t)
	add, doc := paper(record.NewID(), "Vertrag")
	d := record.Draft{ID: record.NewID(), User: "weber", Created: *now, Documents: []record.Document{doc}}
	check(t, s.SaveDraft(ctx, d))
	check(t, s.IndexText(ctx, doc.ID, doc.Text.Hash, []string{"Haftpflicht"}))
	c, err := s.Submit(ctx, d.ID, append(matter(add.Case, "weber", "hundesteuer-anmelden", "Hundesteuer", "Müller", "1980-02-01"), add))
	check(t, err)
	if hits, err := s.FindAs(ctx, "weber", "haftpflicht", 9); err != nil || len(hits) != 0 {
		t.Errorf("%+v, %v", hits, err)
	}
	list, err := s.TextToIndex(ctx, 9)
	check(t, err)
	if len(list) != 1 || list[0].ID != doc.ID {
		t.Fatalf("%+v", list)
	}
	check(t, s.IndexText(ctx, doc.ID, doc.Text.Hash, []string{"Haftpflicht"}))
	hits, err := s.FindAs(ctx, "kaya", "haftpflicht", 9)
	check(t, err)
	if len(hits) != 1 || hits[0].Case.ID != c.ID || hits[0].Draft != "" {
		t.Errorf("%+v", hits)
	}
}

func TestWordsThatAnotherDeskOwes(t *testing.T) {
	ctx := t.Context()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	desks := [2]*Store{}
	for i := range desks {
		o := testOptions()
		o.Clock = clock
		var err error
		desks[i], err = Create(ctx, t.TempDir(), o)
		check(t, err)
		t.Cleanup(func() { check(t, desks[i].Close()) })
		enrol(t, desks[i], i+1)
	}
	a, b := desks[0], desks[1]
	matterID := record.NewID()
	scan := record.Document{ID: record.NewID(), Title: "Vertrag", Source: record.SourceScan, MediaType: "application/pdf", Pages: 1, Shown: ref("scan")}
	file := scan
	file.ID, file.Source, file.Shown, file.Text = record.NewID(), record.SourceImport, ref("file"), ref("text")
	spoken := file
	spoken.ID, spoken.Text = record.NewID(), ref("whole text")
	edits := matter(matterID, "weber", "hundesteuer-anmelden", "Hundesteuer", "Müller", "1980-02-01")
	for _, d := range []record.Document{scan, file, spoken} {
		edits = append(edits, record.Edit{Case: matterID, Kind: record.KindDocument, User: "weber", Payload: record.DocumentAdded{Document: d}})
	}
	made, err := a.Apply(ctx, edits...)
	check(t, err)
	history, seq := record.NewID(), uint64(0)
	give := func(to *Store, changes ...record.Change) {
		t.Helper()
		var list []record.Sequenced
		for _, ch := range changes {
			seq++
			list = append(list, record.Sequenced{Seq: seq, Change: ch})
		}
		_, err := to.Receive(ctx, list, record.Cursor{History: history, Seq: seq})
		check(t, err)
	}
	give(b, made...)
	owed := func(s *Store, at time.Time) (ids []record.ID) {
		list, err := s.Owed(ctx, at, 9)
		check(t, err)
		for _, p := range list {
			if !p.Gone {
				ids = append(ids, p.Document.ID)
			}
		}
		return ids
	}
	if got := owed(b, now.Add(time.Hour)); len(got) != 0 {
		t.Errorf("files that have not come yet are to be read: %v", got)
	}
	for _, f := range []string{"scan", "file", "text", "whole text"} {
		check(t, b.FileFetched(ctx, ref(f).Hash))
	}
	if got := owed(b, now); len(got) != 0 {
		t.Errorf("owed at once: %v", got)
	}
	if got := owed(b, now.Add(time.Minute)); !slices.Equal(got, []record.ID{scan.ID, file.ID, spoken.ID}) {
		t.Errorf("%v", got)
	}
	if got := owed(a, now.Add(time.Hour)); len(got) != 0 {
		t.Errorf("the desk that scanned owes nothing to itself: %v", got)
	}
	list, err := a.Unheard(ctx, 9)
	if check(t, err); len(list) != 3 {
		t.Errorf("%+v", list)
	}
	// A file that says all its words itself needs nobody; one with a silent page does.
	for _, s := range desks {
		check(t, s.IndexText(ctx, spoken.ID, spoken.Text.Hash, []string{"eins", "zwei"}))
		check(t, s.IndexText(ctx, file.ID, file.Text.Hash, []string{"eins", " "}))
	}
	if got := owed(b, now.Add(time.Minute)); !slices.Equal(got, []record.ID{scan.ID, file.ID}) {
		t.Errorf("%v", got)
	}
	if list, err := a.Unheard(ctx, 9); err != nil || len(list) != 2 {
		t.Errorf("%+v", list)
	}
	version := func(s *Store, d record.Document) []record.Change {
		made, err := s.Apply(ctx, record.Edit{Case: matterID, Kind: record.KindVersion, User: "kaya", Payload: record.DocumentVersion{
			Document: d.ID, Of: d.Shown.Hash, Why: record.WhyText, Shown: d.Shown, MediaType: d.MediaType, Pages: d.Pages, Text: d.Text, Language: "deu",
		}})
		check(t, err)
		return made
	}
	mine := version(b, scan)
	if got := owed(b, now.Add(time.Minute)); !slices.Equal(got, []record.ID{file.ID}) {
		t.Errorf("%v", got)
	}
	// Both did it, neither knew: one state.
	theirs := version(a, scan)
	seq = uint64(len(made))
	give(b, append(theirs, mine...)...)
	seq = 0
	give(a, slices.Concat(made, theirs, mine)...)
	one, err := a.Case(ctx, matterID)
	check(t, err)
	two, err := b.Case(ctx, matterID)
	check(t, err)
	if one.Documents[0].Latest.Change != two.Documents[0].Latest.Change || len(one.Documents[0].Versions) != 2 || len(two.Documents[0].Versions) != 2 {
		t.Errorf("%+v\n%+v", one.Documents[0], two.Documents[0])
	}
	if list, err := a.Unheard(ctx, 9); err != nil || len(list) != 1 || list[0].Document.ID != file.ID {
		t.Errorf("%+v, %v", list, err)
	}
	for _, s := range desks {
		r, err := s.Verify(ctx, nil)
		check(t, err)
		if len(r.Problems) > 0 {
			t.Error(r.Problems)
		}
	}
}
