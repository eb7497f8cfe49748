package store

import (
	"context"
	"encoding/json"
	"fmt"

	"schalter/data/record"
	"schalter/sync/merge"
)

// overhead is about what a change's header takes on the line.
const overhead = 400

// Apply records edits in their order: journal, cases and outbox in one transaction. An edit of a case
// that does not exist is [record.CodeNotFound], unless it opens it. An edit that publishes a form is for
// record.FormCase of it, and makes no case; a version that is not newer, or has another content already, is
// refused. The transfer notes of scans are signed with the device's key.
func (s *Store) Apply(ctx context.Context, edits ...record.Edit) (changes []record.Change, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		b := t.batch()
		b.later = true
		if changes, err = b.apply(ctx, t.signed(edits)); err != nil {
			return err
		}
		return b.save(ctx)
	})
	if err != nil {
		return nil, err
	}
	return changes, nil
}

func (b *batch) apply(ctx context.Context, edits []record.Edit) ([]record.Change, error) {
	id := b.identity()
	prev, err := b.head(ctx, id.Device)
	if err != nil {
		return nil, err
	}
	changes := make([]record.Change, 0, len(edits))
	for _, e := range edits {
		if e.Kind == record.KindForm {
			ch, err := b.queueForm(ctx, e, prev)
			if err != nil {
				return nil, err
			}
			changes, prev = append(changes, ch), ch
			continue
		}
		w, err := b.editable(ctx, e)
		if err != nil {
			return nil, err
		}
		if e, err = b.aboutPaper(w, e); err != nil {
			return nil, err
		}
		ch, err := record.Seal(e, id.Device, prev, b.now)
		if err != nil {
			return nil, err
		}
		// Later than everything the clerk can have seen of the case, whatever the clocks say.
		ch.HLC = max(ch.HLC, w.now.hlc.Next(b.now))
		if err := b.queue(ctx, w, ch); err != nil {
			return nil, err
		}
		changes, prev = append(changes, ch), ch
	}
	return changes, nil
}

// editable checks an edit against the case it is for.
func (b *batch) editable(ctx context.Context, e record.Edit) (*work, error) {
	if e.Case == "" {
		return nil, record.E(record.CodeBadID, nil, "id", "")
	}
	if !fits(e.Kind, e.Payload) {
		return nil, fmt.Errorf("store: a %s change cannot carry a %T", e.Kind, e.Payload)
	}
	if f, ok := e.Payload.(record.Fields); ok {
		if err := merge.CheckFields(f); err != nil {
			return nil, err
		}
	}
	w, err := b.find(ctx, e.Case)
	switch {
	case err != nil:
		return nil, err
	case e.Kind == record.KindOpen && w != nil:
		return nil, fmt.Errorf("store: case %s is open already", e.Case)
	case e.Kind == record.KindOpen:
		return b.load(ctx, e.Case)
	case w == nil:
		return nil, record.E(record.CodeNotFound, nil, "id", e.Case)
	}
	return w, nil
}

// queue puts an own change into the journal and the outbox and folds it into its case.
func (b *batch) queue(ctx context.Context, w *work, ch record.Change) error {
	e := entry{Change: ch, matter: w.key}
	if err := b.add(ctx, &e); err != nil {
		return err
	}
	if err := b.exec(ctx, `INSERT INTO outbox (journal, matter, bytes) VALUES (?, ?, ?)`, e.key, w.key, len(ch.Payload)+overhead); err != nil {
		return err
	}
	w.now.waiting++
	w.now.loose++
	if err := b.file(ctx, w, e, true); err != nil {
		return err
	}
	return b.fold(w, e)
}

// fits tells whether a payload is of the type its kind names.
func fits(kind record.Kind, payload any) bool {
	var ok bool
	switch kind {
	case record.KindOpen:
		_, ok = payload.(record.Opened)
	case record.KindFields:
		_, ok = payload.(record.Fields)
	case record.KindState:
		_, ok = payload.(record.StateStep)
	case record.KindDocument:
		_, ok = payload.(record.DocumentAdded)
	case record.KindNote:
		_, ok = payload.(record.Note)
	case record.KindEvent:
		_, ok = payload.(record.Event)
	case record.KindResolve:
		_, ok = payload.(record.Resolved)
	case record.KindDelete:
		_, ok = payload.(record.Deleted)
	default:
		ok = fitsPaper(kind, payload)
	}
	return ok
}

// Case returns a case as it is now.
func (s *Store) Case(ctx context.Context, id record.ID) (c record.Case, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		var body []byte
		found, err := t.one(ctx, `SELECT body FROM case_body WHERE key = (SELECT key FROM cases WHERE id = ?)`, args(packID(id)), &body)
		if err != nil {
			return err
		}
		if !found {
			return record.E(record.CodeNotFound, nil, "id", id)
		}
		return json.Unmarshal(body, &c)
	})
	return c, err
}
