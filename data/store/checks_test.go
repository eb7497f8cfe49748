package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"schalter/data/record"
	"schalter/data/transfer"
)

// noted is a scan with a note that is filed in a case.
func noted(id record.ID, user, title string, at time.Time) (record.Edit, record.Document) {
	e, d := paper(id, title)
	d.Transfer = &record.Transfer{Time: at, User: user, Device: "fujitsu fi-7160", Settings: "feeder gray 300 dpi", Pages: 2, Match: true}
	e.User, e.Payload = user, record.DocumentAdded{Document: d}
	return e, d
}

func listed(t testing.TB, s *Store, v record.CheckView) (titles []string, rows []record.CheckRow) {
	t.Helper()
	rows, total, err := s.Checks(t.Context(), v, 0, 100)
	check(t, err)
	if total != len(rows) {
		t.Errorf("%s: %d rows of %d", v, len(rows), total)
	}
	for _, r := range rows {
		titles = append(titles, r.Document.Title)
	}
	return titles, rows
}

func wantList(t testing.TB, s *Store, v record.CheckView, want ...string) []record.CheckRow {
	t.Helper()
	got, rows := listed(t, s, v)
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: %v, want %v", v, got, want)
	}
	return rows
}

func toCheck(t testing.TB, s *Store, user string) int {
	t.Helper()
	c, err := s.Counts(t.Context(), user)
	check(t, err)
	return c.Checks
}

func TestScansWaitForASecondPerson(t *testing.T) {
	ctx := t.Context()
	one, two, c := desk(t, 1), desk(t, 2), newCentre()
	for _, s := range []*Store{one, two} {
		check(t, s.SetSampleShare(ctx, 100))
	}
	wantCode(t, one.SetSampleShare(ctx, 101), record.CodeCheckShare)
	id := record.NewID()
	at := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	late, _ := noted(id, "weber", "Spät", at.Add(time.Hour))
	early, doc := noted(id, "weber", "Früh", at)
	mine, _ := noted(id, "yildiz", "Meins", at.Add(2*time.Hour))
	plain, _ := paper(id, "Beleg")
	filed, err := one.Submit(ctx, "", append(dog(id, "Weber", "Ina", "Rex"), late, early, mine, plain))
	check(t, err)
	meet := func() {
		t.Helper()
		for range 2 {
			for _, s := range []*Store{one, two} {
				for c.push(t, s, 100) > 0 {
				}
				for c.pull(t, s, 100) > 0 {
				}
				sound(t, s)
			}
		}
	}
	meet()
	rows := wantList(t, two, record.CheckSample, "Früh", "Spät", "Meins")
	if r := rows[0]; r.Case != id || r.Number != filed.Number || r.Party != "Weber, Ina" || r.Document.ID != doc.ID || r.Name["de"] == "" || r.Subject != "Rex" {
		t.Errorf("%+v", r)
	}
	if toCheck(t, two, "yildiz") != 2 || toCheck(t, one, " Weber") != 1 || toCheck(t, two, "klein") != 3 {
		t.Errorf("to check: %d, %d, %d", toCheck(t, two, "yildiz"), toCheck(t, one, "weber"), toCheck(t, two, "klein"))
	}
	if part, total, err := two.Checks(ctx, record.CheckOpen, 1, 1); err != nil || total != 3 || len(part) != 1 || part[0].Document.Title != "Spät" {
		t.Errorf("%+v %d %v", part, total, err)
	}
	_, _, err = two.Checks(ctx, "other", 0, 1)
	wantCode(t, err, record.CodeNotFound)

	// Nobody passes her own scan, and nobody one that became another meanwhile.
	good, bad := record.DocumentChecked{OK: true}, record.DocumentChecked{Remark: "Seite 2 fehlt", Points: []record.Point{record.PointWhole}}
	wantCode(t, one.CheckScan(ctx, id, "weber", rows[0].Document, good), record.CodeCheckOwn)
	wantCode(t, one.CheckScan(ctx, record.NewID(), "klein", rows[0].Document, good), record.CodeNotFound)
	check(t, two.CheckScan(ctx, id, "yildiz", rows[0].Document, good))
	wantCode(t, two.CheckScan(ctx, id, "klein", rows[0].Document, good), record.CodeCheckAgain)
	wantList(t, two, record.CheckFree, "Früh")
	wantList(t, two, record.CheckSample, "Spät", "Meins")

	// Two desks at once, and neither knows of the other: the objection counts at both.
	check(t, one.CheckScan(ctx, id, "klein", rows[1].Document, bad))
	check(t, two.CheckScan(ctx, id, "yildiz", rows[1].Document, good))
	wantList(t, two, record.CheckFree, "Früh", "Spät")
	meet()
	for _, s := range []*Store{one, two} {
		wantList(t, s, record.CheckFree, "Früh")
		rows := wantList(t, s, record.CheckBlocked, "Spät")
		if o := transfer.Objections(rows[0].Document); len(o) != 1 || o[0].Remark != bad.Remark || o[0].Points[0] != record.PointWhole {
			t.Errorf("%+v", o)
		}
	}
	// Whoever knows of it and finds it good after all lifts it.
	rows = wantList(t, one, record.CheckBlocked, "Spät")
	check(t, one.CheckScan(ctx, id, "klein", rows[0].Document, good))
	meet()
	wantList(t, two, record.CheckFree, "Früh", "Spät")

	// Pages that are put in order later are asked about again; words are not.
	_, err = one.Apply(ctx, version(id, rows[0].Document, record.WhyText, "w1", true))
	check(t, err)
	wantList(t, one, record.CheckFree, "Früh", "Spät")
	free := wantList(t, one, record.CheckFree, "Früh", "Spät")
	_, err = one.Apply(ctx, version(id, free[0].Document, record.WhyPages, "v1", false))
	check(t, err)
	wantCode(t, one.CheckScan(ctx, id, "klein", free[0].Document, good), record.CodeCheckAgain)
	wantList(t, one, record.CheckFree, "Spät")
	wantList(t, one, record.CheckSample, "Früh", "Meins")

	// What lies in the trash, and what a deleted case holds, is in no list.
	_, err = one.Apply(ctx, record.Edit{Case: id, Kind: record.KindTrash, User: "weber", Payload: record.DocumentTrashed{Document: free[1].Document.ID}})
	check(t, err)
	wantList(t, one, record.CheckFree)
	meet()
	now, err := one.Case(ctx, id)
	check(t, err)
	_, err = one.Apply(ctx, record.Edit{Case: id, Kind: record.KindDelete, User: "weber", Payload: record.Deleted{Base: now.Last, Reason: "doppelt"}})
	check(t, err)
	wantCode(t, one.CheckScan(ctx, id, "klein", free[0].Document, bad), record.CodeCheckAgain)
	for _, v := range []record.CheckView{record.CheckSample, record.CheckOpen, record.CheckBlocked, record.CheckFree} {
		wantList(t, one, v)
	}
	if n := toCheck(t, one, "klein"); n != 0 {
		t.Errorf("%d to check in a deleted case", n)
	}
	meet()
	_, err = two.Apply(ctx, record.Edit{Case: id, Kind: record.KindNote, User: "yildiz", Payload: record.Note{Text: "doch nicht"}})
	check(t, err)
	meet()
	wantList(t, one, record.CheckSample, "Früh", "Meins")
	check(t, one.Rewind(ctx, "h2")) // after the centre was restored from a backup
	sound(t, one)
}

// A note that does not stand blocks the paper, is shown among what is to be cleared up, and nobody can pass it.
func TestANoteThatDoesNotStandBlocks(t *testing.T) {
	ctx := t.Context()
	s, away := desk(t, 1), newClock()
	check(t, s.SetSampleShare(ctx, 100))
	other, err := record.Seal(record.Edit{Case: record.NewID(), Kind: record.KindOpen, User: "fern", Payload: dog("x", "a", "b", "c")[0].Payload}, record.NewID(), record.Change{}, away.now())
	check(t, err)
	e, d := noted(other.Case, "fern", "Gefälscht", away.now())
	d = transfer.Sign(d, record.Identity{Device: other.Device, Key: make([]byte, 32)}, "Schalter 1")
	d.Transfer.Sig[3] ^= 1
	e.Payload = record.DocumentAdded{Document: d}
	filed, err := record.Seal(e, other.Device, other, away.now())
	check(t, err)
	_, err = s.Receive(ctx, []record.Sequenced{{Seq: 1, Change: other}, {Seq: 2, Change: filed}}, record.Cursor{History: "h", Seq: 2})
	check(t, err)
	rows := wantList(t, s, record.CheckBlocked, "Gefälscht")
	wantList(t, s, record.CheckSample)
	wantList(t, s, record.CheckFree)
	wantCode(t, s.CheckScan(ctx, other.Case, "klein", rows[0].Document, record.DocumentChecked{OK: true}), record.CodeCheckNote)
	check(t, s.CheckScan(ctx, other.Case, "klein", rows[0].Document, record.DocumentChecked{Remark: "gefälscht"}))
	wantList(t, s, record.CheckBlocked, "Gefälscht")
}

// Who scanned without vouching does so later; a second person is needed besides.
func TestVouchingLater(t *testing.T) {
	ctx := t.Context()
	s := desk(t, 1)
	check(t, s.SetSampleShare(ctx, 100))
	id := record.NewID()
	e, d := noted(id, "weber", "Stapel", time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC))
	d.Transfer.Match = false
	e.Payload = record.DocumentAdded{Document: d}
	_, err := s.Submit(ctx, "", append(dog(id, "Weber", "Ina", "Rex"), e))
	check(t, err)
	rows := wantList(t, s, record.CheckSample, "Stapel")
	check(t, s.CheckScan(ctx, id, "klein", rows[0].Document, record.DocumentChecked{OK: true}))
	wantList(t, s, record.CheckSample)
	wantList(t, s, record.CheckFree)
	rows = wantList(t, s, record.CheckOpen, "Stapel")
	check(t, s.CheckScan(ctx, id, "weber", rows[0].Document, record.DocumentChecked{OK: true}))
	wantList(t, s, record.CheckFree, "Stapel")
	sound(t, s)
}

// The lists follow the cases, whatever happens in whatever order at two desks.
func TestTheListsOfScansFollowTheCases(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		ctx := context.Background()
		one, two, c := desk(t, 1), desk(t, 2), newCentre()
		both := []*Store{one, two}
		users := rapid.SampledFrom([]string{"weber", "WEBER ", "yildiz", ""})
		var cases []record.ID
		for range rapid.IntRange(1, 14).Draw(r, "steps") {
			s := both[rapid.IntRange(0, 1).Draw(r, "desk")]
			switch rapid.IntRange(0, 4).Draw(r, "do") {
			case 0:
				id := record.NewID()
				e, d := noted(id, users.Draw(r, "scanner"), fmt.Sprint("Scan ", len(cases)), time.UnixMilli(int64(rapid.IntRange(0, 9).Draw(r, "at"))))
				d.Transfer.Match = rapid.Bool().Draw(r, "match")
				e.Payload = record.DocumentAdded{Document: d}
				_, err := s.Submit(ctx, "", append(dog(id, "Weber", "Ina", "Rex"), e))
				check(t, err)
				cases = append(cases, id)
			case 1:
				v := rapid.SampledFrom([]record.CheckView{record.CheckOpen, record.CheckBlocked, record.CheckFree}).Draw(r, "view")
				rows, _, err := s.Checks(ctx, v, 0, 3)
				check(t, err)
				for _, x := range rows {
					found := record.DocumentChecked{OK: rapid.Bool().Draw(r, "ok")}
					switch err := s.CheckScan(ctx, x.Case, users.Draw(r, "user"), x.Document, found); record.CodeOf(err) {
					case "", record.CodeCheckOwn, record.CodeCheckNote:
					default:
						t.Fatal(err)
					}
				}
			case 2:
				for _, id := range cases {
					if k, err := s.Case(ctx, id); err == nil && len(k.Documents) > 0 {
						check(t, applyOne(ctx, s, drawPaper(r, id, k.Documents[0])))
					}
				}
			case 3:
				for c.push(t, s, 2) > 0 {
				}
			default:
				c.pull(t, s, rapid.IntRange(1, 5).Draw(r, "pull"))
			}
		}
		for _, s := range both {
			sound(t, s)
			open, _, err := s.Checks(ctx, record.CheckOpen, 0, 100)
			check(t, err)
			for i, x := range open {
				if i > 0 && x.Document.Transfer.Time.Before(open[i-1].Document.Transfer.Time) {
					t.Fatal("the oldest is not the first")
				}
			}
		}
	})
}

// A store of the version before gets its lists.
func TestOlderStoresGetTheirListsOfScans(t *testing.T) {
	ctx := t.Context()
	s := desk(t, 1)
	id := record.NewID()
	e, _ := noted(id, "weber", "Alt", time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC))
	_, err := s.Submit(ctx, "", append(dog(id, "Weber", "Ina", "Rex"), e))
	check(t, err)
	check(t, s.write(ctx, func(ctx context.Context, t *tx) error {
		for _, q := range []string{`UPDATE document SET need = 0, draw = 0, scanned = 0, scanner = ''`, `DELETE FROM tally WHERE list GLOB 'scan/*'`} {
			if err := t.exec(ctx, q); err != nil {
				return err
			}
		}
		return t.fillChecks(ctx)
	}))
	wantList(t, s, record.CheckOpen, "Alt")
	sound(t, s)
}

// The store's own check finds lists that do not follow the cases.
func TestVerifyLooksIntoTheListsOfScans(t *testing.T) {
	ctx := t.Context()
	for _, q := range []string{`UPDATE document SET need = 3`, `UPDATE document SET draw = draw + 1`, `UPDATE tally SET n = n + 1 WHERE list = 'scan/1'`, `DELETE FROM tally WHERE list = 'scan/1/weber'`} {
		s := desk(t, 1)
		id := record.NewID()
		e, _ := noted(id, "weber", "Alt", time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC))
		_, err := s.Submit(ctx, "", append(dog(id, "Weber", "Ina", "Rex"), e))
		check(t, err)
		check(t, s.write(ctx, func(ctx context.Context, t *tx) error { return t.exec(ctx, q) }))
		if r, err := s.Verify(ctx, nil); err != nil || len(r.Problems) == 0 {
			t.Errorf("%s: not found, %v", q, err)
		}
	}
}
