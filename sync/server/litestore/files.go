package litestore

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"schalter/data/record"
)

// KeepFiles implements [server.Journal].
func (s *Store) KeepFiles(ctx context.Context, tenant string, files ...record.Hash) error {
	files, err := s.differing(ctx, tenant, files, func(known, lost bool) bool { return !known || lost })
	if err != nil || len(files) == 0 {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		no, err := authorityNo(ctx, tx, tenant)
		if err != nil {
			return err
		}
		for _, h := range files {
			if _, err := tx.ExecContext(ctx, `INSERT INTO file (authority, hash) VALUES (?,?) ON CONFLICT DO UPDATE SET lost = 0`, no, raw(h)); err != nil {
				return err
			}
		}
		return nil
	})
}

// LoseFiles implements [server.Journal].
func (s *Store) LoseFiles(ctx context.Context, tenant string, now time.Time, files ...record.Hash) (news int, err error) {
	files, err = s.differing(ctx, tenant, files, func(known, lost bool) bool { return known && !lost })
	if err != nil || len(files) == 0 {
		return 0, err
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		no, err := authorityNo(ctx, tx, tenant)
		if err != nil {
			return err
		}
		for _, h := range files {
			r, err := tx.ExecContext(ctx, `UPDATE file SET lost = 1 WHERE authority = ? AND hash = ? AND lost = 0`, no, raw(h))
			if err != nil {
				return err
			}
			n, err := r.RowsAffected()
			if err != nil {
				return err
			}
			news += int(n)
		}
		if news == 0 {
			return nil
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO loss (authority, mark) VALUES (?1,?2) ON CONFLICT DO UPDATE SET mark = max(mark + 1, ?2)`, no, now.UnixMilli())
		return err
	})
	return news, err
}

// differing picks the files that there is something to write about, without troubling the writer for the
// others.
func (s *Store) differing(ctx context.Context, tenant string, files []record.Hash, pick func(known, lost bool) bool) (out []record.Hash, err error) {
	for _, h := range files {
		var lost bool
		err := s.reader.QueryRowContext(ctx, `SELECT f.lost FROM file f JOIN authority a ON a.no = f.authority WHERE a.tenant = ? AND f.hash = ?`, tenant, raw(h)).Scan(&lost)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, fault(err)
		}
		if pick(err == nil, lost) {
			out = append(out, h)
		}
	}
	return out, nil
}

// KnownFiles implements [server.Journal].
func (s *Store) KnownFiles(ctx context.Context, tenant string, each func(h record.Hash, lost bool) error) (err error) {
	rows, err := s.reader.QueryContext(ctx, `SELECT f.hash, f.lost FROM file f JOIN authority a ON a.no = f.authority WHERE a.tenant = ? ORDER BY f.hash`, tenant)
	if err != nil {
		return fault(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var hash []byte
		var lost bool
		if err := rows.Scan(&hash, &lost); err != nil {
			return fault(err)
		}
		if err := each(hashOf(hash), lost); err != nil {
			return err
		}
	}
	return fault(rows.Err())
}

// LostFiles implements [server.Journal].
func (s *Store) LostFiles(ctx context.Context, tenant string, after record.Hash, limit int) (mark uint64, files []record.Hash, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT l.mark FROM loss l JOIN authority a ON a.no = l.authority WHERE a.tenant = ?`, tenant).Scan(&mark)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil, nil
	}
	if err != nil || limit == 0 {
		return mark, nil, fault(err)
	}
	files, err = collect(ctx, s.reader, func(scan func(...any) error) (record.Hash, error) {
		var hash []byte
		err := scan(&hash)
		return hashOf(hash), err
	}, `SELECT f.hash FROM file f JOIN authority a ON a.no = f.authority WHERE a.tenant = ? AND f.lost = 1 AND f.hash > ? ORDER BY f.hash LIMIT ?`, tenant, raw(after), limit)
	return mark, files, err
}
