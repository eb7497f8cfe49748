package litestore

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"schalter/data/record"
	"schalter/sync/protocol"
	"schalter/sync/server"
)

// Grant implements [server.Journal].
func (s *Store) Grant(ctx context.Context, tenant string, number int, admin bool) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE desk SET admin = ? WHERE number = ? AND number > 0 AND authority = (SELECT no FROM authority WHERE tenant = ?)`,
			admin, number, tenant)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, record.E(record.CodeNotFound, fmt.Errorf("desk %d of %q", number, tenant)))
		}
		return nil
	})
}

// Own implements [server.Journal].
func (s *Store) Own(ctx context.Context, tenant string, device record.ID, key ed25519.PublicKey, now time.Time) (d server.Desk, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		no, err := authorityNo(ctx, tx, tenant)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO desk (authority, number, device, key, program, enrolled, seen, admin) VALUES (?,0,?,?,'',?,?,1)
			ON CONFLICT (authority, number) DO NOTHING`, no, string(device), []byte(key), now.UnixMilli(), now.UnixMilli()); err != nil {
			return err
		}
		d, err = deskBy(ctx, tx, `d.authority = ? AND d.number = 0`, no)
		return err
	})
	return d, err
}

// Last implements [server.Journal].
func (s *Store) Last(ctx context.Context, device record.ID) (record.Change, error) {
	var line []byte
	err := s.reader.QueryRowContext(ctx, `SELECT line FROM (
			SELECT c.n, c.line FROM desk d JOIN change c ON c.desk = d.no AND c.n = d.n WHERE d.device = ?1
			UNION ALL SELECT r.n, r.line FROM desk d JOIN rejected r ON r.desk = d.no AND r.n = d.n WHERE d.device = ?1)`, string(device)).Scan(&line)
	if errors.Is(err, sql.ErrNoRows) {
		return record.Change{}, nil
	}
	if err != nil {
		return record.Change{}, fault(err)
	}
	l, err := protocol.ParseLine(line)
	return l.Change, err
}

// Forms implements [server.Journal].
func (s *Store) Forms(ctx context.Context, tenant string, each func(server.Entry) error) (err error) {
	rows, err := s.reader.QueryContext(ctx, `SELECT c.place & 0xffffffffff, c.n, c.id, d.device, c.line FROM authority a
		JOIN change c ON c.form = 1 AND c.place > a.no << 40 AND c.place < (a.no + 1) << 40 JOIN desk d ON d.no = c.desk
		WHERE a.tenant = ? ORDER BY c.place`, tenant)
	if err != nil {
		return fault(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var e server.Entry
		var id uuid.UUID
		var raw sql.RawBytes
		var line sql.RawBytes
		if err := rows.Scan(&e.Seq, &e.N, &raw, &e.Device, &line); err != nil {
			return fault(err)
		}
		copy(id[:], raw)
		e.ID, e.Line = record.ID(id.String()), line
		if err := each(e); err != nil {
			return err
		}
	}
	return fault(rows.Err())
}

// OwnKeys are the keys of the centre's own devices, by tenant.
func (s *Store) OwnKeys(ctx context.Context) (map[string]ed25519.PublicKey, error) {
	own, err := collect(ctx, s.reader, scanDesk, deskQuery+`d.number = 0`)
	out := make(map[string]ed25519.PublicKey, len(own))
	for _, d := range own {
		out[d.Tenant] = d.Key
	}
	return out, err
}

// Head implements [server.Journal].
func (s *Store) Head(ctx context.Context, tenant string) (seq uint64, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT seq FROM authority WHERE tenant = ?`, tenant).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, record.E(record.CodeNotFound, fmt.Errorf("authority %q", tenant))
	}
	return seq, fault(err)
}
