package store

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"schalter/data/record"
)

// lent is a row of table booking: what a case has lent, and for when.
type lent struct{ resource, day, start, finish string }

// lentOf is the row that belongs to a case as it is now; without a thing and a day there is none.
func lentOf(c record.Case) lent {
	l := lent{c.Role(record.RoleResource), c.Role(record.RoleDay), c.Role(record.RoleFrom), c.Role(record.RoleTo)}
	if c.Deleted || l.resource == "" || l.day == "" {
		return lent{}
	}
	return l
}

// lent reads the row of a case; the zero lent where it has none.
func (t *tx) lent(ctx context.Context, key int64) (l lent, err error) {
	_, err = t.one(ctx, `SELECT resource, day, start, finish FROM booking WHERE key = ?`, args(key), &l.resource, &l.day, &l.start, &l.finish)
	return l, err
}

// saveLent brings the calendar, and the list of the bundle's cases, to what a case says now.
func (t *tx) saveLent(ctx context.Context, key int64, c record.Case) error {
	if err := t.saveBundle(ctx, key, c.Bundle); err != nil {
		return err
	}
	now := lentOf(c)
	was, err := t.lent(ctx, key)
	switch {
	case err != nil || was == now:
		return err
	case now == lent{}:
		return t.exec(ctx, `DELETE FROM booking WHERE key = ?`, key)
	}
	return t.exec(ctx, `INSERT OR REPLACE INTO booking (key, resource, day, start, finish) VALUES (?, ?, ?, ?, ?)`,
		key, now.resource, now.day, now.start, now.finish)
}

// bundleOf reads of which bundle a case is, "" for none.
func (t *tx) bundleOf(ctx context.Context, key int64) (id record.ID, err error) {
	_, err = t.one(ctx, `SELECT bundle FROM bundle WHERE key = ?`, args(key), idOf{&id})
	return id, err
}

func (t *tx) saveBundle(ctx context.Context, key int64, now record.ID) error {
	was, err := t.bundleOf(ctx, key)
	switch {
	case err != nil || was == now:
		return err
	case now == "":
		return t.exec(ctx, `DELETE FROM bundle WHERE key = ?`, key)
	}
	return t.exec(ctx, `INSERT OR REPLACE INTO bundle (key, bundle) VALUES (?, ?)`, key, packID(now))
}

// fillsBookings is the migration that brings the calendar.
const fillsBookings = "migrations/0004-booking.sql"

// fillBookings puts all cases of an older store into the calendar.
func (t *tx) fillBookings(ctx context.Context) error {
	return t.eachCase(ctx, func(key int64, body []byte) error {
		var c record.Case
		if len(body) > 0 {
			if err := json.Unmarshal(body, &c); err != nil {
				return err
			}
		}
		return t.saveLent(ctx, key, c)
	})
}

// holds tells whether a case with this shelf and state takes anything away from others.
func holds(shelf int, s record.State) bool { return shelf != shelfNone && s != record.StateWithdrawn }

// Bookings lists for when a thing is lent on the days from and to and between them (2006-01-02), in the order
// of time. Cases that were withdrawn or deleted have lent nothing.
func (s *Store) Bookings(ctx context.Context, resource, from, to string) (out []record.Booking, err error) {
	if resource == "" {
		return nil, nil
	}
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		stale, err := t.staleCases(ctx, allStale)
		if err != nil {
			return err
		}
		newer := map[int64]bool{}
		for _, c := range stale {
			newer[c.key] = true
			l := lentOf(c.Case)
			if l.resource == resource && from <= l.day && l.day <= to && holds(shelfOf(&c.Case), c.State) {
				out = append(out, l.booking(c.Case))
			}
		}
		return t.each(ctx, `SELECT b.key, b.day, b.start, b.finish, c.shelf, c.id, c.number, c.service, c.title, c.subject, c.party, c.state
			FROM booking b JOIN cases c ON c.key = b.key WHERE b.resource = ? AND b.day BETWEEN ? AND ?`, args(resource, from, to),
			func(scan func(...any) error) error {
				var key int64
				var shelf int
				var title string
				b := record.Booking{Resource: resource}
				if err := scan(&key, &b.Day, &b.From, &b.To, &shelf, idOf{&b.Case}, &b.Number, &b.Service, &title, &b.Subject, &b.Party, &b.State); err != nil {
					return err
				}
				if newer[key] || !holds(shelf, b.State) {
					return nil
				}
				out = append(out, b)
				return unmarshalTitle(title, &out[len(out)-1].Title)
			})
	})
	slices.SortFunc(out, func(a, b record.Booking) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.From, b.From), cmp.Compare(a.Number, b.Number), cmp.Compare(a.Case, b.Case))
	})
	return out, err
}

// booking describes what a case has lent.
func (l lent) booking(c record.Case) record.Booking {
	return record.Booking{
		Case: c.ID, Number: c.Number, Service: c.Service, Title: c.Title, Subject: c.Role(record.RoleSubject), Party: c.Party().Name(),
		State: c.State, Resource: l.resource, Day: l.day, From: l.start, To: l.finish,
	}
}

// Bundle lists the cases that one interview has made, as far as they are here, in the order of their numbers.
func (s *Store) Bundle(ctx context.Context, id record.ID) (rows []record.CaseRow, err error) {
	if id == "" {
		return nil, nil
	}
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		stale, err := t.staleCases(ctx, allStale)
		if err != nil {
			return err
		}
		rows, err = t.rows(ctx, `SELECT `+rowColumns+` FROM cases WHERE key IN (SELECT key FROM bundle WHERE bundle = ?) AND shelf > 0`, packID(id))
		if err != nil {
			return err
		}
		for _, c := range stale {
			if c.Bundle != id || slices.ContainsFunc(rows, func(r record.CaseRow) bool { return r.ID == c.ID }) {
				continue
			}
			more, err := t.rows(ctx, `SELECT `+rowColumns+` FROM cases WHERE key = ? AND shelf > 0`, c.key)
			if err != nil {
				return err
			}
			rows = append(rows, more...)
		}
		return nil
	})
	slices.SortFunc(rows, func(a, b record.CaseRow) int {
		return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.ID, b.ID))
	})
	return rows, err
}

// lending compares the calendar and the bundles with what they have to hold about a case.
func (v *verifier) lending(ctx context.Context, key int64, c record.Case) error {
	var stale int
	if _, err := v.one(ctx, `SELECT stale FROM cases WHERE key = ?`, args(key), &stale); err != nil || stale > 0 {
		return err
	}
	bundle, err := v.bundleOf(ctx, key)
	if err != nil {
		return err
	}
	kept, err := v.lent(ctx, key)
	if err != nil {
		return err
	}
	if kept != lentOf(c) || bundle != c.Bundle {
		v.problemf("the calendar does not say what case %s says", c.ID)
	}
	return nil
}
