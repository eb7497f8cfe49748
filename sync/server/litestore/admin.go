package litestore

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"schalter/data/record"
	"schalter/sync/server"
)

// AddAuthority implements [server.Journal].
func (s *Store) AddAuthority(ctx context.Context, a server.Authority) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `INSERT INTO authority (tenant, name, office, history, created) VALUES (?,?,?,?,?) ON CONFLICT DO NOTHING`,
			a.Tenant, a.Name, a.Office, string(a.History), a.Created.UnixMilli())
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, server.ErrExists)
		}
		return nil
	})
}

const authorityColumns = `tenant, name, office, history, created`

func scanAuthority(scan func(...any) error) (a server.Authority, err error) {
	var created int64
	err = scan(&a.Tenant, &a.Name, &a.Office, &a.History, &created)
	a.Created = moment(created)
	return a, err
}

// Authority implements [server.Journal].
func (s *Store) Authority(ctx context.Context, tenant string) (server.Authority, error) {
	a, err := scanAuthority(s.reader.QueryRowContext(ctx, `SELECT `+authorityColumns+` FROM authority WHERE tenant = ?`, tenant).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return a, record.E(record.CodeNotFound, fmt.Errorf("authority %q", tenant))
	}
	return a, fault(err)
}

// Authorities implements [server.Journal].
func (s *Store) Authorities(ctx context.Context) (out []server.Authority, err error) {
	return collect(ctx, s.reader, scanAuthority, `SELECT `+authorityColumns+` FROM authority ORDER BY tenant`)
}

func collect[T any](ctx context.Context, db *sql.DB, scan func(func(...any) error) (T, error), query string, args ...any) (out []T, err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fault(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		v, err := scan(rows.Scan)
		if err != nil {
			return nil, fault(err)
		}
		out = append(out, v)
	}
	return out, fault(rows.Err())
}

func authorityNo(ctx context.Context, tx *sql.Tx, tenant string) (no int64, err error) {
	err = tx.QueryRowContext(ctx, `SELECT no FROM authority WHERE tenant = ?`, tenant).Scan(&no)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, record.E(record.CodeNotFound, fmt.Errorf("authority %q", tenant))
	}
	return no, err
}

// Invite implements [server.Journal].
func (s *Store) Invite(ctx context.Context, i server.Invitation) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		no, err := authorityNo(ctx, tx, i.Tenant)
		if err != nil {
			return err
		}
		var taken bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM desk WHERE authority = ? AND number = ?)`, no, i.Number).Scan(&taken); err != nil {
			return err
		}
		if taken {
			return server.ErrExists
		}
		_, err = tx.ExecContext(ctx, `INSERT OR REPLACE INTO invitation (authority, number, secret, centre, created, expires, admin) VALUES (?,?,?,?,?,?,?)`,
			no, i.Number, raw(i.Secret), i.Centre, i.Created.UnixMilli(), i.Expires.UnixMilli(), i.Admin)
		return err
	})
}

// Enrol implements [server.Journal].
func (s *Store) Enrol(ctx context.Context, tenant string, secret record.Hash, device record.ID, key ed25519.PublicKey, program string, now time.Time) (d server.Desk, i server.Invitation, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		d, i, err = enrol(ctx, tx, tenant, secret, device, key, program, now)
		return err
	})
	return d, i, err
}

func enrol(ctx context.Context, tx *sql.Tx, tenant string, secret record.Hash, device record.ID, key ed25519.PublicKey, program string, now time.Time) (server.Desk, server.Invitation, error) {
	refuse := func(why string) (server.Desk, server.Invitation, error) {
		return server.Desk{}, server.Invitation{}, record.E(record.CodeEnrolCode, errors.New(why))
	}
	i := server.Invitation{Tenant: tenant, Secret: secret}
	var no, created, expires int64
	var used sql.NullString
	err := tx.QueryRowContext(ctx, `SELECT i.authority, i.number, i.centre, i.created, i.expires, i.device, i.admin
		FROM invitation i JOIN authority a ON a.no = i.authority WHERE a.tenant = ? AND i.secret = ?`, tenant, raw(secret)).
		Scan(&no, &i.Number, &i.Centre, &created, &expires, &used, &i.Admin)
	if errors.Is(err, sql.ErrNoRows) {
		return refuse("no such code")
	}
	if err != nil {
		return server.Desk{}, i, err
	}
	i.Created, i.Expires = moment(created), moment(expires)
	if used.Valid {
		d, err := deskBy(ctx, tx, `d.device = ?`, used.String)
		if err == nil && (d.Device != device || !d.Key.Equal(key)) {
			return refuse("the code was used by another device")
		}
		return d, i, err
	}
	if !now.Before(i.Expires) {
		return refuse("the code has expired")
	}
	r, err := tx.ExecContext(ctx, `INSERT INTO desk (authority, number, device, key, program, enrolled, seen, admin) VALUES (?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING`,
		no, i.Number, string(device), []byte(key), program, now.UnixMilli(), now.UnixMilli(), i.Admin)
	if err != nil {
		return server.Desk{}, i, err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return refuse("the device or the desk number is enrolled already")
	}
	if _, err := tx.ExecContext(ctx, `UPDATE invitation SET device = ? WHERE authority = ? AND number = ?`, string(device), no, i.Number); err != nil {
		return server.Desk{}, i, err
	}
	d, err := deskBy(ctx, tx, `d.device = ?`, string(device))
	return d, i, err
}

const deskQuery = `SELECT a.tenant, d.number, d.device, d.key, d.program, d.enrolled, d.seen, d.revoked, d.n, d.admin FROM desk d JOIN authority a ON a.no = d.authority WHERE `

func scanDesk(scan func(...any) error) (d server.Desk, err error) {
	var enrolled, seen int64
	var revoked sql.NullInt64
	var key []byte
	err = scan(&d.Tenant, &d.Number, &d.Device, &key, &d.Program, &enrolled, &seen, &revoked, &d.N, &d.Admin)
	d.Key, d.Enrolled, d.Seen = key, moment(enrolled), moment(seen)
	if revoked.Valid {
		d.Revoked = moment(revoked.Int64)
	}
	return d, err
}

type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func deskBy(ctx context.Context, q querier, where string, args ...any) (server.Desk, error) {
	d, err := scanDesk(q.QueryRowContext(ctx, deskQuery+where, args...).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return d, record.E(record.CodeDeskUnknown, fmt.Errorf("no desk with %s %v", where, args))
	}
	return d, fault(err)
}

// Desk implements [server.Journal].
func (s *Store) Desk(ctx context.Context, device record.ID) (server.Desk, error) {
	d, err := scanDesk(s.byID.QueryRowContext(ctx, string(device)).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return d, record.E(record.CodeDeskUnknown, fmt.Errorf("no desk with device %s", device))
	}
	return d, fault(err)
}

// Desks implements [server.Journal].
func (s *Store) Desks(ctx context.Context, tenant string) ([]server.Desk, error) {
	return collect(ctx, s.reader, scanDesk, deskQuery+`a.tenant = ? AND d.number > 0 ORDER BY d.number`, tenant)
}

// Revoke implements [server.Journal].
func (s *Store) Revoke(ctx context.Context, tenant string, number int, now time.Time) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `UPDATE desk SET revoked = coalesce(revoked, ?) WHERE number = ? AND number > 0 AND authority = (SELECT no FROM authority WHERE tenant = ?)`,
			now.UnixMilli(), number, tenant)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, record.E(record.CodeNotFound, fmt.Errorf("desk %d of %q", number, tenant)))
		}
		return nil
	})
}

// Seen implements [server.Journal].
func (s *Store) Seen(ctx context.Context, when map[record.ID]time.Time) error {
	if len(when) == 0 {
		return nil
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		for device, t := range when {
			if _, err := tx.ExecContext(ctx, `UPDATE desk SET seen = max(seen, ?) WHERE device = ?`, t.UnixMilli(), string(device)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Setting reads a fact about the centre; "" if it was never set.
func (s *Store) Setting(ctx context.Context, name string) (v string, err error) {
	err = s.reader.QueryRowContext(ctx, `SELECT value FROM setting WHERE name = ?`, name).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return v, fault(err)
}

// SetSetting keeps a fact about the centre.
func (s *Store) SetSetting(ctx context.Context, name, value string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO setting (name, value) VALUES (?,?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
		return err
	})
}

func moment(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// raw is a hash as the tables keep it: 32 bytes, or none.
func raw(h record.Hash) []byte {
	b, err := hex.DecodeString(string(h))
	if err != nil {
		return []byte{}
	}
	return b
}

func hashOf(b []byte) record.Hash { return record.Hash(hex.EncodeToString(b)) }
