package store

import (
	"context"
	"slices"
	"time"

	"schalter/data/record"
	"schalter/data/sorting"
)

// inTray is the condition that a row of tray_page was not thrown away. What is looked for cannot stand in a text,
// where its quotation marks are written in another way.
func inTray(table string) string {
	return `instr(` + table + `body, CAST('"dropped":' AS BLOB)) = 0`
}

// DropTray throws pages away: they are in the tray no more, but can be taken back by [Store.UndropTray] until
// [Store.ReleaseTray] lets them go.
func (s *Store) DropTray(ctx context.Context, user string, pages []record.ID) error {
	return s.changeDropped(ctx, pages, func(t *tx, p *sorting.Page) error {
		if p.Dropped == nil {
			p.Dropped = &sorting.Dropped{Time: t.now, User: user}
		}
		return nil
	})
}

// UndropTray takes pages back that were thrown away, as they were.
func (s *Store) UndropTray(ctx context.Context, pages []record.ID) error {
	return s.changeDropped(ctx, pages, func(_ *tx, p *sorting.Page) error {
		p.Dropped = nil
		return nil
	})
}

func (s *Store) changeDropped(ctx context.Context, pages []record.ID, f func(*tx, *sorting.Page) error) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		for _, id := range pages {
			p, _, err := t.trayPage(ctx, id)
			if err != nil {
				return err
			}
			if err := f(t, &p); err != nil {
				return err
			}
			if err := t.saveTrayPage(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

// DroppedTray lists the pages that were thrown away and can be taken back, the latest first.
func (s *Store) DroppedTray(ctx context.Context) (out []sorting.Page, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		out, err = t.dropped(ctx)
		return err
	})
	slices.SortStableFunc(out, func(a, b sorting.Page) int { return b.Dropped.Time.Compare(a.Dropped.Time) })
	return out, err
}

func (t *tx) dropped(ctx context.Context) (out []sorting.Page, err error) {
	err = t.each(ctx, `SELECT body FROM tray_page WHERE NOT (`+inTray("")+`) ORDER BY key`, nil, func(scan func(...any) error) error {
		var p sorting.Page
		if err := scanJSON(scan, &p); err != nil {
			return err
		}
		if p.Dropped != nil {
			out = append(out, p)
		}
		return nil
	})
	return out, err
}

// ReleaseTray lets go of the pages that were thrown away before a time, for good, and has those of their files removed
// that nothing else in the store speaks of: no document of a case in any of its versions, no draft, no other page in
// the tray, thrown away or not. The files go first: whoever is interrupted finds the pages still listed, and removing
// what is gone must be no error. It may run only while nobody stores files: the same bytes may be coming in again.
func (s *Store) ReleaseTray(ctx context.Context, before time.Time, remove func(record.Hash) error) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		all, err := t.dropped(ctx)
		if err != nil {
			return err
		}
		var files []record.Hash
		for _, p := range all {
			if !p.Dropped.Time.Before(before) {
				continue
			}
			if err := t.release(ctx, p); err != nil {
				return err
			}
			if h := p.Original.Blob.Hash; !slices.Contains(files, h) {
				files = append(files, h)
			}
		}
		for _, h := range files {
			needed, err := t.needed(ctx, h)
			if err != nil {
				return err
			}
			if needed {
				continue
			}
			if err := remove(h); err != nil {
				return err
			}
		}
		return nil
	})
}

// release ends the row of a page; it counts for where the others of its stack belong as long as that is there.
func (t *tx) release(ctx context.Context, p sorting.Page) error {
	_, stack, err := t.trayPage(ctx, p.ID)
	if err != nil {
		return err
	}
	if err := t.exec(ctx, `DELETE FROM tray_page WHERE id = ?`, packID(p.ID)); err != nil {
		return err
	}
	key, st, err := t.stack(ctx, stack)
	if err != nil {
		return err
	}
	p.Filed, p.Dropped = dropped, nil
	st.Filed = append(st.Filed, p)
	if err := t.saveStack(ctx, st); err != nil {
		return err
	}
	return t.dropStack(ctx, key, st)
}

// needed tells whether anything in the store speaks of a file. Drafts and changes are searched for its name.
func (t *tx) needed(ctx context.Context, h record.Hash) (needed bool, err error) {
	_, err = t.one(ctx, `SELECT EXISTS (SELECT 1 FROM file WHERE hash = ?1) OR EXISTS (SELECT 1 FROM tray_page WHERE hash = ?1)
		OR EXISTS (SELECT 1 FROM draft WHERE instr(body, CAST(?2 AS BLOB)) > 0)
		OR EXISTS (SELECT 1 FROM setting WHERE instr(CAST(value AS BLOB), CAST(?2 AS BLOB)) > 0)`, args(packHash(h), string(h)), &needed)
	return needed, err
}
