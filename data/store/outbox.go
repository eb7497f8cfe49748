package store

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"schalter/data/record"
)

// wire remembers which changes are on the line at this moment. It is only for show and dies with the
// program.
type wire struct {
	mu    sync.Mutex
	cases map[int64]bool
}

func (w *wire) has(matter int64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.cases[matter]
}

// Sending tells which changes are on the wire now, so that lists can say so; nil: none.
func (s *Store) Sending(ids []record.ID) {
	cases := map[int64]bool{}
	// Only a display depends on this: what cannot be looked up is shown as waiting.
	_ = s.read(context.Background(), func(ctx context.Context, t *tx) error {
		for _, id := range ids {
			var matter int64
			if _, err := t.one(ctx, `SELECT coalesce(matter, 0) FROM journal WHERE id = ?`, args(packID(id)), &matter); err != nil {
				return err
			}
			cases[matter] = true
		}
		return nil
	})
	s.wire.mu.Lock()
	changed := len(cases) != len(s.wire.cases)
	for k := range cases {
		changed = changed || !s.wire.cases[k]
	}
	s.wire.cases = cases
	s.wire.mu.Unlock()
	if changed {
		s.signal()
	}
}

// Pending returns own changes the centre has not answered for, in the order of their chain: at most limit
// and about maxBytes of them, but always one if there is one. What a former identity left waits for
// [Store.Adopt].
func (s *Store) Pending(ctx context.Context, limit, maxBytes int) (out []record.Change, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		held, sorted, err := t.handover(ctx)
		if err != nil || held {
			return err
		}
		order := `o.journal`
		if sorted {
			order = `j.n`
		}
		bytes := 0
		return t.each(ctx, `SELECT o.bytes, `+entryColumns+` FROM outbox o CROSS JOIN journal j ON j.key = o.journal
				JOIN device d ON d.key = j.device LEFT JOIN cases c ON c.key = j.matter
				WHERE d.id = ? ORDER BY `+order+` LIMIT ?`,
			args(packID(t.identity().Device), limit), func(scan func(...any) error) error {
				var size int
				e, err := scanEntry(func(dest ...any) error { return scan(append([]any{&size}, dest...)...) })
				if err != nil {
					return err
				}
				if bytes += size; bytes <= maxBytes || len(out) == 0 {
					out = append(out, e.Change)
				}
				return nil
			})
	})
	return out, err
}

// Accepted notes where the centre has placed changes. Repeats and unknown ids do no harm.
func (s *Store) Accepted(ctx context.Context, placed []record.Placed) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		b := t.batch()
		for _, p := range placed {
			if _, err := b.place(ctx, p.ID, p.Seq); err != nil {
				return err
			}
		}
		return b.save(ctx)
	})
}

// place gives a change that lies in the journal its sequence number. It returns the change's case, nil if
// the change is not here or had that number.
func (b *batch) place(ctx context.Context, id record.ID, seq uint64) (*work, error) {
	var key, matter, old int64
	var of record.ID
	found, err := b.one(ctx, `SELECT j.key, coalesce(j.matter, 0), coalesce(j.seq, 0), coalesce(c.id, j.topic, '')
		FROM journal j LEFT JOIN cases c ON c.key = j.matter WHERE j.id = ?`, args(packID(id)), &key, &matter, &old, idOf{&of})
	if err != nil || !found || seq == 0 || uint64(old) == seq {
		return nil, err
	}
	if matter == 0 {
		return nil, b.placeForm(ctx, key, seq, of)
	}
	w, err := b.load(ctx, of)
	if err != nil {
		return nil, err
	}
	var first int64
	if _, err := b.one(ctx, `SELECT coalesce(min(key), 0) FROM journal WHERE matter = ? AND seq IS NULL`, args(matter), &first); err != nil {
		return nil, err
	}
	if first != key || seq < w.now.seq {
		w.replay = true // it is not where it was folded
	}
	if err := b.exec(ctx, `UPDATE journal SET seq = ? WHERE key = ?`, int64(seq), key); err != nil {
		return nil, err
	}
	if err := b.answered(ctx, w, key); err != nil {
		return nil, err
	}
	if old == 0 {
		w.now.loose--
	}
	w.now.seq = max(w.now.seq, seq)
	return w, nil
}

// answered takes a change out of what waits, and out of what was refused.
func (b *batch) answered(ctx context.Context, w *work, key int64) error {
	for _, from := range []struct {
		query string
		count *int
	}{{`DELETE FROM outbox WHERE journal = ?`, &w.now.waiting}, {`DELETE FROM rejected WHERE journal = ?`, &w.now.rejected}} {
		if *from.count == 0 {
			continue
		}
		r, err := b.execResult(ctx, from.query, key)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if err != nil {
			return err
		}
		*from.count -= int(n)
	}
	return nil
}

// Rejected moves a change out of the way because the centre refused it. It stays part of its case here and
// is shown in the outbox with the reason.
func (s *Store) Rejected(ctx context.Context, id record.ID, code record.Code, detail string) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		var of record.ID
		found, err := t.one(ctx, `INSERT INTO rejected (journal, matter, bytes, code, detail)
			SELECT o.journal, o.matter, o.bytes, ?, ? FROM outbox o JOIN journal j ON j.key = o.journal WHERE j.id = ?
			RETURNING (SELECT id FROM cases WHERE key = rejected.matter)`, args(string(code), detail, packID(id)), idOf{&of})
		if err != nil || !found {
			return err
		}
		if err := t.exec(ctx, `DELETE FROM outbox WHERE journal = (SELECT key FROM journal WHERE id = ?)`, packID(id)); err != nil {
			return err
		}
		if of == "" {
			return t.rejectForm(ctx, id)
		}
		b := t.batch()
		w, err := b.load(ctx, of)
		if err != nil {
			return err
		}
		w.now.waiting--
		w.now.rejected++
		return b.save(ctx)
	})
}

// Rewind begins anew with a centre that was restored from a backup and has another history: the cursor and
// all places are forgotten and everything this desk made is queued again, its files too.
func (s *Store) Rewind(ctx context.Context, history record.ID) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		if err := t.setCursor(ctx, record.Cursor{History: history}); err != nil {
			return err
		}
		// Without their places the changes stand in the order in which they came here.
		var other []record.ID
		if err := t.each(ctx, `SELECT id FROM cases WHERE key IN (SELECT matter FROM (
				SELECT matter, key, lag(key) OVER (PARTITION BY matter ORDER BY seq IS NULL, seq, key) AS before FROM journal WHERE matter IS NOT NULL)
				WHERE before > key)`, nil, func(scan func(...any) error) error {
			other = append(other, "")
			return scan(idOf{&other[len(other)-1]})
		}); err != nil {
			return err
		}
		const own = `SELECT j.key FROM journal j JOIN device d ON d.key = j.device WHERE d.own = 1`
		for _, q := range []string{
			`UPDATE journal SET seq = NULL WHERE seq IS NOT NULL`,
			// What was refused goes again too: the centre takes a device's changes without a gap, and its
			// older backup may not know of the refusal.
			`DELETE FROM rejected WHERE journal IN (` + own + `)`,
			`INSERT INTO outbox (journal, matter, bytes)
				SELECT key, matter, coalesce(length(payload), 0) + 400 FROM journal
				WHERE key IN (` + own + `) AND key NOT IN (SELECT journal FROM outbox)`,
			`UPDATE file SET sent = 0 WHERE here = 1 AND key IN (
				SELECT file FROM document_file WHERE journal IN (` + own + `)
				UNION ALL SELECT file FROM form WHERE journal IN (` + own + `))`,
			`UPDATE cases SET seq = 0, loose = (SELECT count(*) FROM journal WHERE matter = cases.key),
				waiting = 0, rejected = 0`,
			`UPDATE cases SET waiting = o.n FROM (SELECT matter, count(*) n FROM outbox GROUP BY matter) o WHERE o.matter = cases.key`,
			recount,
		} {
			if err := t.exec(ctx, q); err != nil {
				return err
			}
		}
		if err := t.refold(ctx, other); err != nil {
			return err
		}
		return t.publishAll(ctx)
	})
}

// refold makes cases anew from their changes.
func (t *tx) refold(ctx context.Context, cases []record.ID) error {
	b := t.batch()
	for _, id := range cases {
		w, err := b.load(ctx, id)
		if err != nil {
			return err
		}
		w.replay = true
	}
	return b.save(ctx)
}

// Outbox lists what has not reached the centre: published forms, cases with their changes, and single
// files, the refused ones first, then the oldest.
func (s *Store) Outbox(ctx context.Context) (out []record.OutboxRow, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		id := t.identity()
		if out, err = t.formsWaiting(ctx); err != nil {
			return err
		}
		const shown = `c.key, c.id, c.number, c.party, c.title`
		for _, q := range []string{
			`SELECT ` + shown + `, j.kind, '', count(*), sum(r.bytes), j.time, r.code, min(r.journal)
				FROM rejected r JOIN cases c ON c.key = r.matter JOIN journal j ON j.key = r.journal GROUP BY r.matter ORDER BY 12`,
			`SELECT ` + shown + `, j.kind, '', o.n, o.bytes, j.time, '', o.first
				FROM (SELECT matter, count(*) n, sum(bytes) bytes, min(journal) first FROM outbox GROUP BY matter) o
				JOIN cases c ON c.key = o.matter JOIN journal j ON j.key = o.first ORDER BY 12`,
			`SELECT ` + shown + `, '', coalesce(json_extract(j.payload, '$.document.title'), ''), 0, sum(f.size), j.time, '', d.journal
				FROM file f JOIN document_file l ON l.file = f.key JOIN document d ON d.key = l.document
				JOIN cases c ON c.key = d.matter JOIN journal j ON j.key = d.journal
				WHERE f.sent = 0 GROUP BY d.key ORDER BY d.journal`,
		} {
			err := t.each(ctx, q, nil, func(scan func(...any) error) error {
				r, err := s.scanOutbox(scan, id.Centre != "")
				out = append(out, r)
				return err
			})
			if err != nil {
				return err
			}
		}
		slices.SortStableFunc(out, func(a, b record.OutboxRow) int { return outboxRank(a) - outboxRank(b) })
		return nil
	})
	return out, err
}

// outboxRank puts what was refused before changes, and those before files.
func outboxRank(r record.OutboxRow) int {
	switch {
	case r.Reason != "":
		return 0
	case r.File == "":
		return 1
	}
	return 2
}

func (s *Store) scanOutbox(scan func(...any) error, centre bool) (r record.OutboxRow, err error) {
	var matter, first int64
	var title, at string
	if err := scan(&matter, idOf{&r.Case}, &r.Number, &r.Party, &title, &r.What, &r.File, &r.Changes, &r.Bytes, &at, &r.Reason, &first); err != nil {
		return r, err
	}
	if r.Since, err = time.Parse(time.RFC3339Nano, at); err != nil {
		return r, err
	}
	switch {
	case r.Reason != "":
		r.Delivery = record.DeliveryRejected
	case !centre:
		r.Delivery = record.DeliveryHere
	case r.File == "" && s.wire.has(matter):
		r.Delivery = record.DeliverySending
	default:
		r.Delivery = record.DeliveryWaiting
	}
	return r, unmarshalTitle(title, &r.Title)
}

func unmarshalTitle(s string, to *map[string]string) error {
	if s == "" {
		return nil
	}
	return json.Unmarshal([]byte(s), to)
}
