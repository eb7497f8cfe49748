package store

import (
	"context"
	"encoding/json"

	"schalter/data/record"
)

// The settings of a desk that gets another identity.
const (
	// nextSetting holds the device id and key of an enrolment whose answer has not come yet.
	nextSetting = "store.next_identity"
	// holdSetting is there while the present device has sent nothing, because what a former identity left
	// over has to go first.
	holdSetting = "store.hold"
	// sortedSetting is there when the present device's chain is in another order than its journal.
	sortedSetting = "store.sorted"
)

// NextIdentity gives the device id and key under which this desk can be enrolled anew. They are the same
// until [Store.SetIdentity] makes them the desk's, so that an enrolment can be repeated whose answer was
// lost.
func (s *Store) NextIdentity(ctx context.Context) (id record.Identity, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		var kept string
		found, err := t.one(ctx, `SELECT value FROM setting WHERE name = ?`, args(nextSetting), &kept)
		if err != nil {
			return err
		}
		if found {
			return json.Unmarshal([]byte(kept), &id)
		}
		if id, err = newIdentity(); err != nil {
			return err
		}
		b, err := json.Marshal(id)
		if err != nil {
			return err
		}
		return t.exec(ctx, `INSERT INTO setting (name, value) VALUES (?, ?)`, nextSetting, string(b))
	})
	return id, err
}

// succeed notes that another device takes over. What waits was made by the former one and cannot be sent
// by the new one as it is: nothing goes out until [Store.Adopt].
func (t *tx) succeed(ctx context.Context) error {
	if err := t.exec(ctx, `DELETE FROM setting WHERE name = ?`, nextSetting); err != nil {
		return err
	}
	return t.exec(ctx, `INSERT INTO setting (name, value) SELECT ?, '1' WHERE EXISTS (SELECT 1 FROM outbox)
		ON CONFLICT DO NOTHING`, holdSetting)
}

// handover tells whether everything waits for [Store.Adopt], and whether it once added to a chain.
func (t *tx) handover(ctx context.Context) (held, sorted bool, err error) {
	_, err = t.one(ctx, `SELECT EXISTS (SELECT 1 FROM setting WHERE name = ?), EXISTS (SELECT 1 FROM setting WHERE name = ?)`,
		args(holdSetting, sortedSetting), &held, &sorted)
	return held, sorted, err
}

// Adopt gives what former identities of this desk have left unsent to the present one: every change keeps its
// id, its content and its place among the others, and gets the present device, its next numbers and its
// chain. at is how far the centre's history has been read, to its end; Adopt does nothing if it has been
// begun anew since. What lies in the history by then was placed and is not touched; whatever the centre gets
// later by another way bears the same id, which it takes only once.
func (s *Store) Adopt(ctx context.Context, at record.Cursor) error {
	var left bool
	err := s.read(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.one(ctx, `SELECT (SELECT count(*) FROM device WHERE own = 1) > 1 AND EXISTS (
			SELECT 1 FROM outbox o JOIN journal j ON j.key = o.journal JOIN device d ON d.key = j.device WHERE d.id <> ?1)
			OR EXISTS (SELECT 1 FROM setting WHERE name = ?2)`, args(packID(t.identity().Device), holdSetting), &left)
		return err
	})
	if err != nil || !left {
		return err
	}
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		if now, err := t.cursor(ctx); err != nil || now != at {
			return err
		}
		return t.batch().adopt(ctx)
	})
}

// adopt seals anew. Where the present device has sent nothing yet, its chain begins with what is left over
// and its own changes follow, in the order in which all of them were made; else its own stand as they are.
func (b *batch) adopt(ctx context.Context) error {
	self := b.identity().Device
	held, _, err := b.handover(ctx)
	if err != nil {
		return err
	}
	var prev record.Change
	keep := packID(self)
	if held {
		keep = ""
	} else if prev, err = b.head(ctx, self); err != nil {
		return err
	}
	var left []entry
	if err := b.entries(ctx, `WHERE j.key IN (SELECT journal FROM outbox) AND d.id <> ? ORDER BY j.key`, args(keep), func(e entry) error {
		left = append(left, e)
		return nil
	}); err != nil {
		return err
	}
	device, err := b.device(ctx, self, true)
	if err != nil {
		return err
	}
	for _, e := range left {
		if prev, err = b.seal(ctx, e, self, device, prev); err != nil {
			return err
		}
	}
	if held {
		err = b.exec(ctx, `DELETE FROM setting WHERE name = ?`, holdSetting)
	} else {
		err = b.exec(ctx, `INSERT INTO setting (name, value) VALUES (?, '1') ON CONFLICT DO NOTHING`, sortedSetting)
	}
	if err != nil {
		return err
	}
	return b.save(ctx)
}

// seal gives a change its place behind prev in the chain of the device.
func (b *batch) seal(ctx context.Context, e entry, self record.ID, device int64, prev record.Change) (record.Change, error) {
	c := e.Change
	c.Device, c.N, c.Prev = self, prev.N+1, ""
	if prev.N > 0 {
		c.Prev = prev.Hash()
	}
	if err := b.exec(ctx, `UPDATE journal SET device = ?, n = ?, prev = ? WHERE key = ?`, device, int64(c.N), packHash(c.Prev), e.key); err != nil {
		return c, err
	}
	if e.matter == 0 {
		return c, nil
	}
	w, err := b.load(ctx, e.Case)
	if err != nil {
		return c, err
	}
	w.replay = true // on which device it was made is part of what a case says
	return c, nil
}
