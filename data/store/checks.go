package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"schalter/data/record"
	"schalter/data/transfer"
)

// scanRow is what table document holds of where a scan stands on the way to the destruction of its paper.
type scanRow struct {
	place   transfer.Place
	draw    int
	scanned int64 // milliseconds
	scanner string
}

// scanOf is the row that belongs to a document of a case as it is now.
func scanOf(c *record.Case, d record.Document) scanRow {
	place := transfer.PlaceOf(d)
	if c.Deleted || place == transfer.PlaceNone {
		return scanRow{}
	}
	return scanRow{place, max(transfer.Draw(d), 0), d.Transfer.Time.UnixMilli(), transfer.Folded(d.Transfer.User)}
}

// The lists of scans that are counted, by what each has drawn.
func listPlace(p transfer.Place) string { return "scan/" + strconv.Itoa(int(p)) }

func listScanner(user string) string { return listPlace(transfer.PlaceWaiting) + "/" + user }

// scansCheck counts the slots of the scans' lists that differ from the rows.
const scansCheck = `WITH
	rows AS (SELECT 'scan/' || need l, draw b FROM document WHERE need > 0 UNION ALL SELECT 'scan/1/' || scanner, draw FROM document WHERE need = 1),
	real AS (SELECT l, b, count(*) n FROM rows GROUP BY l, b),
	kept AS (SELECT list, bucket, n FROM tally WHERE list GLOB 'scan/*')
	SELECT (SELECT count(*) FROM (SELECT * FROM real EXCEPT SELECT * FROM kept)) + (SELECT count(*) FROM (SELECT * FROM kept EXCEPT SELECT * FROM real))`

func (b *batch) countScan(r scanRow, by int) {
	if r.place == transfer.PlaceNone {
		return
	}
	b.tally[slot{listPlace(r.place), 0, int64(r.draw)}] += by
	if r.place == transfer.PlaceWaiting {
		b.tally[slot{listScanner(r.scanner), 0, int64(r.draw)}] += by
	}
}

// saveScans brings the rows of a case's scans to where they stand now.
func (b *batch) saveScans(ctx context.Context, w *work) error {
	if !w.scans || !slices.ContainsFunc(w.c.Documents, func(d record.Document) bool { return d.Transfer != nil }) {
		return nil
	}
	return b.placeScans(ctx, w.key, &w.c)
}

func (b *batch) placeScans(ctx context.Context, key int64, c *record.Case) error {
	rows, err := b.paperRows(ctx, key)
	if err != nil {
		return err
	}
	for _, r := range rows {
		i := slices.IndexFunc(c.Documents, func(d record.Document) bool { return d.ID == r.id })
		if i < 0 {
			continue
		}
		now := scanOf(c, c.Documents[i])
		if now == r.scan {
			continue
		}
		b.countScan(r.scan, -1)
		b.countScan(now, +1)
		if err := b.exec(ctx, `UPDATE document SET need = ?, draw = ?, scanned = ?, scanner = ? WHERE key = ?`,
			int(now.place), now.draw, now.scanned, now.scanner, r.key); err != nil {
			return err
		}
	}
	return nil
}

// fillsChecks is the migration that brings the lists of scans.
const fillsChecks = "migrations/0009-checks.sql"

// fillChecks puts all scans of an older store into the lists.
func (t *tx) fillChecks(ctx context.Context) error {
	b := t.batch()
	if err := t.eachCase(ctx, func(key int64, body []byte) error {
		var c record.Case
		if len(body) > 0 {
			if err := json.Unmarshal(body, &c); err != nil {
				return err
			}
		}
		if !slices.ContainsFunc(c.Documents, func(d record.Document) bool { return d.Transfer != nil }) {
			return nil
		}
		return b.placeScans(ctx, key, &c)
	}); err != nil {
		return err
	}
	return b.saveTally(ctx)
}

// settingShare is how many per cent of the scans are drawn for a second person's check.
const settingShare = "checks.share"

// SampleShare is how many per cent of the scans are drawn for a second person's check.
func (s *Store) SampleShare(ctx context.Context) (percent int, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		percent, err = t.share(ctx)
		return err
	})
	return percent, err
}

// SetSampleShare changes it.
func (s *Store) SetSampleShare(ctx context.Context, percent int) error {
	if percent < 0 || percent > 100 {
		return record.E(record.CodeCheckShare, nil, "percent", percent)
	}
	return s.SetSetting(ctx, settingShare, strconv.Itoa(percent))
}

func (t *tx) share(ctx context.Context) (int, error) {
	var value string
	if _, err := t.one(ctx, `SELECT value FROM setting WHERE name = ?`, args(settingShare), &value); err != nil {
		return 0, err
	}
	if n, err := strconv.Atoi(value); err == nil && n >= 0 && n <= 100 {
		return n, nil
	}
	return transfer.Share, nil // never set
}

// counted is how many scans of a list have drawn less than a number.
func (t *tx) counted(ctx context.Context, list string, below int) (n int, err error) {
	_, err = t.one(ctx, `SELECT coalesce(sum(n), 0) FROM tally WHERE list = ? AND level = 0 AND bucket < ?`, args(list, below), &n)
	return n, err
}

// toCheck is how many scans of others are drawn and wait for a check by the user.
func (t *tx) toCheck(ctx context.Context, user string) (int, error) {
	share, err := t.share(ctx)
	if err != nil {
		return 0, err
	}
	all, err := t.counted(ctx, listPlace(transfer.PlaceWaiting), share)
	if err != nil {
		return 0, err
	}
	own, err := t.counted(ctx, listScanner(transfer.Folded(user)), share)
	return all - own, err
}

// placesOf are where the scans of a view stand.
func placesOf(v record.CheckView) []transfer.Place {
	switch v {
	case record.CheckSample:
		return []transfer.Place{transfer.PlaceWaiting}
	case record.CheckOpen:
		return []transfer.Place{transfer.PlaceWaiting, transfer.PlaceVouch}
	case record.CheckBlocked:
		return []transfer.Place{transfer.PlaceBlocked}
	case record.CheckFree:
		return []transfer.Place{transfer.PlaceFree}
	}
	return nil
}

// Checks returns a part of a list of scans, the oldest first, and how long the list is.
func (s *Store) Checks(ctx context.Context, v record.CheckView, offset, limit int) (rows []record.CheckRow, total int, err error) {
	places := placesOf(v)
	if len(places) == 0 {
		return nil, 0, record.E(record.CodeNotFound, nil, "id", v)
	}
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		below := 100
		if v == record.CheckSample {
			if below, err = t.share(ctx); err != nil {
				return err
			}
		}
		for _, p := range places {
			n, err := t.counted(ctx, listPlace(p), below)
			if err != nil {
				return err
			}
			total += n
		}
		offset = max(offset, 0)
		if offset >= total {
			return nil
		}
		rows, err = t.checkRows(ctx, places, below, offset, limit)
		return err
	})
	return rows, total, err
}

func (t *tx) checkRows(ctx context.Context, places []transfer.Place, below, offset, limit int) ([]record.CheckRow, error) {
	first, last := int(places[0]), int(places[len(places)-1])
	// The index has each place in this order; two of them are merged as they are read.
	const of = `SELECT matter, id, scanned, draw, key FROM document WHERE need > 0 AND need = ? AND draw < ?`
	query, a := of, args(first, below)
	if first != last {
		query, a = of+` UNION ALL `+of, append(a, last, below)
	}
	type found struct {
		matter int64
		id     record.ID
	}
	var list []found
	if err := t.each(ctx, query+` ORDER BY scanned, draw, key LIMIT ? OFFSET ?`, append(a, limit, offset), func(scan func(...any) error) error {
		var f found
		var skipped int64
		err := scan(&f.matter, idOf{&f.id}, &skipped, &skipped, &skipped)
		list = append(list, f)
		return err
	}); err != nil {
		return nil, err
	}
	cases := map[int64]record.Case{}
	out := make([]record.CheckRow, 0, len(list))
	for _, f := range list {
		c, known := cases[f.matter]
		if !known {
			var err error
			if c, err = t.caseAt(ctx, f.matter); err != nil {
				return nil, err
			}
			cases[f.matter] = c
		}
		i := slices.IndexFunc(c.Documents, func(d record.Document) bool { return d.ID == f.id })
		if i < 0 {
			return nil, fmt.Errorf("store: document %s is listed and not in case %s", f.id, c.ID)
		}
		out = append(out, record.CheckRow{
			Case: c.ID, Number: c.Number, Party: c.Party().Name(), Service: c.Service, Subject: c.Role(record.RoleSubject), Name: c.Title, Document: c.Documents[i],
		})
	}
	return out, nil
}

// CheckScan records what a person found when she compared a scan with its paper; seen is the document as it was
// before her. Where something became of it meanwhile, nothing is recorded and she is to look again
// ([record.CodeCheckAgain]). Nobody finds her own scan good ([record.CodeCheckOwn]), and none is good whose note does
// not stand ([record.CodeCheckNote]).
func (s *Store) CheckScan(ctx context.Context, matter record.ID, user string, seen record.Document, found record.DocumentChecked) error {
	found.Document, found.Of = seen.ID, seen.Shown.Hash
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		b := t.batch()
		b.later = true
		w, err := b.find(ctx, matter)
		if err != nil {
			return err
		}
		if w == nil {
			return record.E(record.CodeNotFound, nil, "id", matter)
		}
		c, err := w.state(&b.s.recent)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(c.Documents, func(d record.Document) bool { return d.ID == seen.ID })
		if i < 0 {
			return record.E(record.CodeNotFound, nil, "id", seen.ID)
		}
		if c.Deleted {
			return record.E(record.CodeCheckAgain, nil, "title", seen.Title)
		}
		if err := mayCheck(c.Documents[i], seen, user, found.OK); err != nil {
			return err
		}
		if _, err := b.apply(ctx, []record.Edit{{Case: matter, Kind: record.KindCheck, User: user, Payload: found}}); err != nil {
			return err
		}
		return b.save(ctx)
	})
}

func mayCheck(now, seen record.Document, user string, ok bool) error {
	switch {
	case now.Trashed != nil, !transfer.Shows(now, seen.Shown.Hash), len(now.Checks) != len(seen.Checks), len(now.Originals) != len(seen.Originals):
		return record.E(record.CodeCheckAgain, nil, "title", now.Title)
	case !ok:
		return nil
	case now.Transfer == nil, transfer.Verify(now) != nil, transfer.Folded(now.Transfer.User) == "":
		return record.E(record.CodeCheckNote, transfer.Verify(now), "title", now.Title)
	case !transfer.MayPass(now, user):
		return record.E(record.CodeCheckOwn, nil, "title", now.Title)
	}
	return nil
}

// scan compares where a scan is listed with where it stands.
func (v *verifier) scan(c record.Case, d record.Document, r paperRow) {
	if r.scan != scanOf(&c, d) {
		v.problemf("document %s of case %s is in another list of scans than the case says", d.ID, c.ID)
	}
}
