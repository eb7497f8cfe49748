package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"schalter/data/record"
	"schalter/sync/merge"
)

// batch gathers what one transaction does to cases, so that each is loaded, folded and written once.
type batch struct {
	*tx
	works map[record.ID]*work
	order []*work
	tally map[slot]int
	later bool // the search index may follow later (index.go)
}

// work is one case while a transaction changes it.
type work struct {
	id      record.ID
	key     int64
	fresh   bool // the row was made by this transaction
	before  row
	now     row
	body    []byte // record.Case as JSON until it is needed
	c       record.Case
	decoded bool
	folded  bool // c changed
	replay  bool // the order of its changes is another than the one c was folded in
	wordy   bool // what can be searched for may have changed
	papers  bool // what became of its documents may have changed
	scans   bool // where its scans stand may have changed
}

// row is what table cases holds about a case, apart from files, which file.go counts.
type row struct {
	shelf                                            int
	updated, created                                 int64
	conflicts, waiting, rejected, loose, stale       int
	seq                                              uint64
	hlc                                              record.HLC
	user, number, state, service, subject, party, ti string
}

// The shelves.
const (
	shelfNone = 0
	shelfOpen = 1
	shelfDone = 2
)

func (t *tx) batch() *batch {
	return &batch{tx: t, works: map[record.ID]*work{}, tally: map[slot]int{}}
}

// find returns the case's work, nil if there is no such case.
func (b *batch) find(ctx context.Context, id record.ID) (*work, error) {
	if w, ok := b.works[id]; ok {
		return w, nil
	}
	w := &work{id: id}
	var seq, hlc int64
	r := &w.before
	found, err := b.one(ctx, `SELECT c.key, shelf, updated, created, conflicts, waiting, rejected, loose, stale, seq, hlc,
			user, number, state, service, subject, party, title, coalesce(body, x'')
		FROM cases c LEFT JOIN case_body b ON b.key = c.key WHERE c.id = ?`, args(packID(id)),
		&w.key, &r.shelf, &r.updated, &r.created, &r.conflicts, &r.waiting, &r.rejected, &r.loose, &r.stale, &seq, &hlc,
		&r.user, &r.number, &r.state, &r.service, &r.subject, &r.party, &r.ti, &w.body)
	if err != nil || !found {
		return nil, err
	}
	r.seq, r.hlc = uint64(seq), record.HLC(hlc)
	b.keep(w)
	return w, nil
}

// load returns the case's work and begins the case if there is none.
func (b *batch) load(ctx context.Context, id record.ID) (*work, error) {
	w, err := b.find(ctx, id)
	if w != nil || err != nil {
		return w, err
	}
	w = &work{id: id, fresh: true, decoded: true}
	r, err := b.execResult(ctx, `INSERT INTO cases (id) VALUES (?)`, packID(id))
	if err != nil {
		return nil, err
	}
	if w.key, err = r.LastInsertId(); err != nil {
		return nil, err
	}
	b.keep(w)
	return w, nil
}

func (b *batch) keep(w *work) {
	w.now = w.before
	b.works[w.id] = w
	b.order = append(b.order, w)
}

// recent is the case written last, with the bytes it was written as: mostly the next change is one of it
// again. Only the writing connection's user touches it.
type recent struct {
	body []byte
	c    record.Case
}

// state decodes the case as it stood before the transaction.
func (w *work) state(last *recent) (*record.Case, error) {
	switch {
	case w.decoded:
	case len(w.body) > 0 && bytes.Equal(w.body, last.body):
		w.c = last.c // folding leaves alone what a copy shares
	case len(w.body) > 0:
		if err := json.Unmarshal(w.body, &w.c); err != nil {
			return nil, fmt.Errorf("case %s: %w", w.id, err)
		}
	}
	w.decoded = true
	return &w.c, nil
}

// fold applies a change that comes after all others of the case.
func (b *batch) fold(w *work, e entry) error {
	w.now.hlc = max(w.now.hlc, e.HLC)
	if w.replay || !believed(e) {
		return nil
	}
	c, err := w.state(&b.s.recent)
	if err != nil {
		return err
	}
	w.folded = true
	gone := c.Deleted
	w.papers = w.papers || ofPaper(e.Kind) || len(c.Early) > 0
	err = merge.Fold(c, e.Change)
	w.scans = w.scans || w.papers || e.Kind == record.KindDocument || c.Deleted != gone
	w.wordy = w.wordy || wordy(e.Change) || c.Deleted != gone // any edit brings a deleted case back
	return err
}

// save writes all cases of the batch, their words and the counts.
func (b *batch) save(ctx context.Context) error {
	for _, w := range b.order {
		if err := b.saveOne(ctx, w); err != nil {
			return fmt.Errorf("case %s: %w", w.id, err)
		}
	}
	return b.saveTally(ctx)
}

func (b *batch) saveOne(ctx context.Context, w *work) error {
	if w.replay {
		if err := b.replay(ctx, w); err != nil {
			return err
		}
	}
	if !w.folded {
		if w.now == w.before && !w.fresh {
			return nil
		}
		return b.exec(ctx, `UPDATE cases SET waiting = ?, rejected = ?, loose = ?, seq = ?, hlc = ? WHERE key = ?`,
			w.now.waiting, w.now.rejected, w.now.loose, int64(w.now.seq), int64(w.now.hlc), w.key)
	}
	if err := w.describe(); err != nil {
		return err
	}
	if w.wordy {
		w.now.stale = 0
		if b.later {
			w.now.stale = 1
		}
		b.stale += w.now.stale - w.before.stale
	}
	body, err := json.Marshal(w.c)
	if err != nil {
		return err
	}
	r := w.now
	if err := b.exec(ctx, `UPDATE cases SET shelf = ?, updated = ?, created = ?, conflicts = ?, waiting = ?, rejected = ?, loose = ?,
			stale = ?, seq = ?, hlc = ?, user = ?, number = ?, state = ?, service = ?, subject = ?, party = ?, title = ? WHERE key = ?`,
		r.shelf, r.updated, r.created, r.conflicts, r.waiting, r.rejected, r.loose, r.stale, int64(r.seq), int64(r.hlc),
		r.user, r.number, r.state, r.service, r.subject, r.party, r.ti, w.key); err != nil {
		return err
	}
	if err := b.exec(ctx, `INSERT INTO case_body (key, body) VALUES (?, ?)
		ON CONFLICT (key) DO UPDATE SET body = excluded.body`, w.key, body); err != nil {
		return err
	}
	if err := b.savePapers(ctx, w); err != nil {
		return err
	}
	b.s.recent = recent{body: body, c: w.c}
	b.count(w.before, -1)
	b.count(w.now, +1)
	if !w.wordy || b.later {
		return nil
	}
	return b.saveWords(ctx, w.key, w.c, w.fresh)
}

// replay folds all changes of the case anew.
func (b *batch) replay(ctx context.Context, w *work) error {
	changes, err := b.believed(ctx, w.key)
	if err != nil {
		return err
	}
	w.c, err = merge.Replay(changes)
	w.decoded, w.folded, w.wordy, w.papers, w.scans = true, true, true, true, true
	return err
}

// believed reads the changes that make a case, in their order.
func (t *tx) believed(ctx context.Context, key int64) (changes []record.Change, err error) {
	err = t.entries(ctx, byOrder, args(key), func(e entry) error {
		if believed(e) {
			changes = append(changes, e.Change)
		}
		return nil
	})
	return changes, err
}

// describe fills the row from the case.
func (w *work) describe() error {
	c, r := &w.c, &w.now
	title, err := json.Marshal(c.Title)
	if err != nil {
		return err
	}
	r.shelf = shelfOf(c)
	r.updated, r.created = c.Updated.UnixMilli(), c.Created.UnixMilli()
	r.conflicts = len(c.Conflicts)
	r.user, r.number, r.state, r.service, r.ti = c.User, c.Number, string(c.State), c.Service, string(title)
	r.subject, r.party = c.Role(record.RoleSubject), c.Party().Name()
	return nil
}

// shelfOf puts everything that is not known to be done on the open shelf, also a case whose beginning is
// missing: a clerk has to see it. What nothing is known of but changes of kinds this program does not know is
// in no list.
func shelfOf(c *record.Case) int {
	switch {
	case c.Deleted || c.Edited == "":
		return shelfNone
	case c.State == record.StateDone, c.State == record.StateWithdrawn:
		return shelfDone
	}
	return shelfOpen
}
