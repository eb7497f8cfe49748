package store

import (
	"context"
	"fmt"

	"schalter/data/record"
	"schalter/sync/merge"
)

// The faults that are written beside a change in the journal.
const (
	faultDamaged = "damaged" // it does not match its own hash: not folded
	faultChain   = "chain"   // it does not follow what its device made before
	faultPayload = "payload" // its payload cannot be read; folding passes over it
)

// believed tells whether a change may say anything about its case.
func believed(e entry) bool { return e.fault != faultDamaged && e.matter != 0 }

// Receive takes in what the centre has placed since the cursor, and the new cursor, in one transaction. It
// returns the cases that are different now. A change that is here already, an own one above all, only
// gets its place; taking the same in twice changes nothing. A faulty change is kept and marked and stops
// nothing. The stub of an own change that this desk does not know is [record.CodeForked]: then nothing is
// taken in, and the changes must be asked for in full.
func (s *Store) Receive(ctx context.Context, changes []record.Sequenced, next record.Cursor) (cases []record.ID, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		b := t.batch()
		r := receiver{batch: b, tails: map[record.ID]record.Change{}}
		touched := map[record.ID]bool{}
		for _, c := range changes {
			w, err := r.take(ctx, c)
			if err != nil {
				return err
			}
			if w != nil && !touched[w.id] {
				touched[w.id] = true
				cases = append(cases, w.id)
			}
		}
		if err := b.save(ctx); err != nil {
			return err
		}
		return t.setCursor(ctx, next)
	})
	if err != nil {
		return nil, err
	}
	return cases, nil
}

// receiver takes a batch in; tails are the last changes seen of each device.
type receiver struct {
	*batch
	tails map[record.ID]record.Change
}

func (r receiver) take(ctx context.Context, c record.Sequenced) (*work, error) {
	var known int
	if _, err := r.one(ctx, `SELECT count(*) FROM journal WHERE id = ?`, args(packID(c.Change.ID)), &known); err != nil {
		return nil, err
	}
	if known > 0 {
		return r.place(ctx, c.Change.ID, c.Seq)
	}
	if c.Change.Kind == "" && c.Change.Case == "" && c.Change.PayloadHash == "" {
		return nil, record.E(record.CodeForked, fmt.Errorf("change %s (n=%d) of this desk is not here", c.Change.ID, c.Change.N))
	}
	e := entry{Change: c.Change, seq: c.Seq}
	var err error
	if e.fault, err = r.fault(ctx, c.Change); err != nil {
		return nil, err
	}
	if e.Kind == record.KindForm {
		return nil, r.takePublication(ctx, e)
	}
	var w *work
	if e.Case != "" {
		if w, err = r.load(ctx, e.Case); err != nil {
			return nil, err
		}
		e.matter = w.key
	}
	if err := r.add(ctx, &e); err != nil {
		return nil, err
	}
	r.tails[e.Device] = e.Change
	if w == nil {
		return nil, nil
	}
	if err := r.file(ctx, w, e, false); err != nil {
		return nil, err
	}
	if w.now.loose > 0 || e.seq < w.now.seq {
		w.replay = true // it belongs before something that was folded already
	}
	w.now.seq = max(w.now.seq, e.seq)
	return w, r.fold(w, e)
}

// follows tells whether a change has its place behind what its device made before, as far as that is known. A
// device that went on from an older state may be here with two changes of one number.
func (r receiver) follows(ctx context.Context, c record.Change) (bool, error) {
	if c.N <= 1 {
		return true, nil
	}
	if before, ok := r.tails[c.Device]; ok && before.N+1 == c.N && before.Hash() == c.Prev {
		return true, nil
	}
	known, fits := false, false
	err := r.entries(ctx, ` WHERE j.device = (SELECT key FROM device WHERE id = ?) AND j.n = ?`, args(packID(c.Device), int64(c.N-1)), func(e entry) error {
		known, fits = true, fits || e.Hash() == c.Prev
		return nil
	})
	return fits || !known, err
}

// fault tells what is wrong with a change from outside, "" if nothing is.
func (r receiver) fault(ctx context.Context, c record.Change) (string, error) {
	if c.Check() != nil {
		return faultDamaged, nil //nolint:nilerr // a fault of the change, not of the store
	}
	follows, err := r.follows(ctx, c)
	switch {
	case err != nil:
		return "", err
	case !follows:
		return faultChain, nil
	case merge.Check(c) != nil:
		return faultPayload, nil //nolint:nilerr // a fault of the change, not of the store
	}
	return "", nil
}
