package store

import (
	"context"
	"time"

	"schalter/data/record"
)

// midnight is when today began at the desk.
func (t *tx) midnight() int64 {
	y, m, d := t.now.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.now.Location()).UnixMilli()
}

// Counts returns the numbers beside the lists and in the status line; those of Mine and Drafts are the
// user's, with user "" the drafts are everybody's.
func (s *Store) Counts(ctx context.Context, user string) (c record.Counts, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		for _, x := range []struct {
			list string
			to   *int
		}{{listUser + user, &c.Mine}, {listOpen, &c.Office}, {listConflict, &c.Conflicts}} {
			if *x.to, err = t.total(ctx, x.list); err != nil {
				return err
			}
		}
		if c.Today, err = t.today(ctx); err != nil {
			return err
		}
		if c.Checks, err = t.toCheck(ctx, user); err != nil {
			return err
		}
		var oldest string
		if _, err := t.one(ctx, `SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM rejected WHERE matter IS NOT NULL) + (SELECT count(*) FROM form WHERE standing = 2),
				(SELECT count(*) FROM file WHERE sent = 0), (SELECT count(*) FROM draft WHERE ?1 = '' OR user = ?1),
				(SELECT count(DISTINCT coalesce(matter, -journal)) FROM outbox)
					+ (SELECT count(DISTINCT l.document) FROM file f CROSS JOIN document_file l ON l.file = f.key WHERE f.sent = 0)
					+ (SELECT count(*) FROM file f JOIN form ON form.file = f.key WHERE f.sent = 0),
				(SELECT count(*) FROM tray_page WHERE `+inTray("")+`), coalesce((SELECT j.time FROM journal j WHERE j.key = (SELECT min(journal) FROM outbox)), '')`,
			args(user), &c.Outbox, &c.Rejected, &c.Files, &c.Drafts, &c.Waiting, &c.Tray, &oldest); err != nil {
			return err
		}
		if oldest != "" {
			c.Oldest, err = time.Parse(time.RFC3339Nano, oldest)
		}
		return err
	})
	return c, err
}

func (t *tx) today(ctx context.Context) (int, error) {
	open, err := t.since(ctx, listOpen, t.midnight())
	if err != nil {
		return 0, err
	}
	done, err := t.since(ctx, listDone, t.midnight())
	return open + done, err
}

const rowColumns = `key, id, number, service, title, subject, party, state, waiting, rejected, loose, files, missing, conflicts, updated`

// Cases returns a part of a work list, the last changed first, and how long the list is.
func (s *Store) Cases(ctx context.Context, v record.View, user string, offset, limit int) (rows []record.CaseRow, total int, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		var list string
		switch v {
		case record.ViewToday:
			if total, err = t.today(ctx); err != nil {
				return err
			}
			from := t.midnight()
			rows, err = t.rows(ctx, `SELECT `+rowColumns+` FROM (
				SELECT * FROM cases WHERE shelf = 1 AND updated >= ? UNION ALL SELECT * FROM cases WHERE shelf = 2 AND updated >= ?)
				ORDER BY updated DESC, key DESC LIMIT ? OFFSET ?`, from, from, limit, max(offset, 0))
			return err
		case record.ViewMine:
			list = listUser + user
		case record.ViewOffice:
			list = listOpen
		case record.ViewConflicts:
			list = listConflict
		case record.ViewDone:
			list = listDone
		default:
			return record.E(record.CodeNotFound, nil, "id", v)
		}
		if total, err = t.total(ctx, list); err != nil || offset >= total {
			return err
		}
		below, skip, err := t.jump(ctx, list, max(offset, 0))
		if err != nil {
			return err
		}
		where, arg := listWhere(list)
		rows, err = t.rows(ctx, `SELECT `+rowColumns+` FROM cases WHERE `+where+` AND updated < ?
			ORDER BY updated DESC, key DESC LIMIT ? OFFSET ?`, append(arg, below, limit, skip)...)
		return err
	})
	return rows, total, err
}

// Row returns the line of one case.
func (s *Store) Row(ctx context.Context, id record.ID) (row record.CaseRow, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		rows, err := t.rows(ctx, `SELECT `+rowColumns+` FROM cases WHERE id = ?`, packID(id))
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return record.E(record.CodeNotFound, nil, "id", id)
		}
		row = rows[0]
		return nil
	})
	return row, err
}

func (t *tx) rows(ctx context.Context, query string, a ...any) (out []record.CaseRow, err error) {
	id := t.identity()
	err = t.each(ctx, query, a, func(scan func(...any) error) error {
		var r record.CaseRow
		var key, updated int64
		var rejected, loose int
		var title string
		if err := scan(&key, idOf{&r.ID}, &r.Number, &r.Service, &title, &r.Subject, &r.Party, &r.State,
			&r.Waiting, &rejected, &loose, &r.Files, &r.Missing, &r.Conflicts, &updated); err != nil {
			return err
		}
		r.Updated = time.UnixMilli(updated).UTC()
		r.Delivery = t.s.delivery(r, rejected, loose, key, id.Centre != "")
		if err := unmarshalTitle(title, &r.Title); err != nil {
			return err
		}
		out = append(out, r)
		return nil
	})
	return out, err
}

// delivery puts into one word how far a case has come: what needs somebody's attention first. loose changes
// that are not this desk's are those that a restored centre has lost and their desk has not sent again yet.
func (s *Store) delivery(r record.CaseRow, rejected, loose int, key int64, centre bool) record.Delivery {
	switch {
	case rejected > 0:
		return record.DeliveryRejected
	case r.Conflicts > 0:
		return record.DeliveryConflict
	case !centre:
		return record.DeliveryHere
	case r.Waiting > 0 && s.wire.has(key):
		return record.DeliverySending
	case r.Waiting > 0 || r.Files > 0 || loose > 0:
		return record.DeliveryWaiting
	}
	return record.DeliveryCentre
}
