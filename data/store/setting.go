package store

import (
	"context"
	"encoding/json"
	"slices"

	"schalter/data/record"
)

// Identity tells who this desk is.
func (s *Store) Identity(ctx context.Context) (id record.Identity, err error) {
	err = s.read(ctx, func(_ context.Context, t *tx) error {
		id = t.identity()
		return nil
	})
	id.CA, id.Key = slices.Clone(id.CA), slices.Clone(id.Key)
	return id, err
}

// SetIdentity replaces who this desk is. Another device begins a new chain of changes; what the former one
// made stays this desk's own, and what it has not sent goes out under the new one after [Store.Adopt].
func (s *Store) SetIdentity(ctx context.Context, id record.Identity) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		b, err := json.Marshal(id)
		if err != nil {
			return err
		}
		if err := t.exec(ctx, `UPDATE desk SET identity = ?`, string(b)); err != nil {
			return err
		}
		if id.Device != t.identity().Device {
			if err := t.succeed(ctx); err != nil {
				return err
			}
		}
		id.CA, id.Key = slices.Clone(id.CA), slices.Clone(id.Key)
		t.who = &id
		_, err = t.device(ctx, id.Device, true)
		return err
	})
}

// identity is asked for with every row of a list, so it is kept in memory; nobody else writes to the store.
func (t *tx) identity() record.Identity { return *t.s.who.Load() }

// recall reads who this desk is when the store is opened.
func (t *tx) recall(ctx context.Context) error {
	var b string
	var id record.Identity
	if _, err := t.one(ctx, `SELECT identity FROM desk`, nil, &b); err != nil {
		return err
	}
	err := json.Unmarshal([]byte(b), &id)
	t.s.who.Store(&id)
	return err
}

// device gives the key of a device and notes that it is ours.
func (t *tx) device(ctx context.Context, id record.ID, own bool) (key int64, err error) {
	found, err := t.one(ctx, `SELECT key FROM device WHERE id = ?`, args(packID(id)), &key)
	if err != nil || found && !own {
		return key, err
	}
	_, err = t.one(ctx, `INSERT INTO device (id, own) VALUES (?1, ?2)
		ON CONFLICT (id) DO UPDATE SET own = max(own, ?2) RETURNING key`, args(packID(id), own), &key)
	return key, err
}

// Setting returns a small remembered thing, "" if it was never set.
func (s *Store) Setting(ctx context.Context, key string) (value string, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.one(ctx, `SELECT value FROM setting WHERE name = ?`, args(key), &value)
		return err
	})
	return value, err
}

// SetSetting remembers a small thing; "" forgets it.
func (s *Store) SetSetting(ctx context.Context, key, value string) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		if value == "" {
			return t.exec(ctx, `DELETE FROM setting WHERE name = ?`, key)
		}
		return t.exec(ctx, `INSERT INTO setting (name, value) VALUES (?, ?)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`, key, value)
	})
}

// Cursor tells how far the centre's history has been read.
func (s *Store) Cursor(ctx context.Context) (c record.Cursor, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		c, err = t.cursor(ctx)
		return err
	})
	return c, err
}

func (t *tx) cursor(ctx context.Context) (c record.Cursor, err error) {
	var seq int64
	_, err = t.one(ctx, `SELECT history, seq, hash FROM desk`, nil, &c.History, &seq, &c.Hash)
	c.Seq = uint64(seq)
	return c, err
}

func (t *tx) setCursor(ctx context.Context, c record.Cursor) error {
	return t.exec(ctx, `UPDATE desk SET history = ?, seq = ?, hash = ?`, string(c.History), int64(c.Seq), string(c.Hash))
}
