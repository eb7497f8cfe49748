package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"schalter/data/record"
)

// Submit makes a case of a draft: it records the edits, of which the first opens the case, gives the case
// its number and removes the draft, all in one transaction. A desk without a desk number cannot
// ([record.CodeNotEnrolled]). Repeating it for a case that was submitted already returns that case with its
// number; what the edits say beyond it is recorded too, as if another desk had said it at the same time.
func (s *Store) Submit(ctx context.Context, draft record.ID, edits []record.Edit) (record.Case, error) {
	each, err := byCase(edits)
	if err != nil {
		return record.Case{}, err
	}
	if len(each) != 1 {
		return record.Case{}, fmt.Errorf("store: submit is for one case, here are edits of %d", len(each))
	}
	all, err := s.submit(ctx, draft, each)
	if err != nil {
		return record.Case{}, err
	}
	return all[0], nil
}

// SubmitAll makes several cases of one draft as Submit makes one: all of them or none. The edits of a case
// stand together, the one that opens it first; the cases come back in that order.
func (s *Store) SubmitAll(ctx context.Context, draft record.ID, edits []record.Edit) ([]record.Case, error) {
	each, err := byCase(edits)
	if err != nil {
		return nil, err
	}
	return s.submit(ctx, draft, each)
}

func (s *Store) submit(ctx context.Context, draft record.ID, each [][]record.Edit) (all []record.Case, err error) {
	err = s.write(ctx, func(ctx context.Context, t *tx) error {
		all, err = t.submit(ctx, each)
		if err != nil {
			return err
		}
		return t.discard(ctx, draft)
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// byCase parts the edits of several cases.
func byCase(edits []record.Edit) ([][]record.Edit, error) {
	var out [][]record.Edit
	seen := map[record.ID]bool{}
	for i, e := range edits {
		switch {
		case i > 0 && e.Case == edits[i-1].Case:
			out[len(out)-1] = append(out[len(out)-1], e)
			continue
		case e.Kind != record.KindOpen:
			return nil, errors.New("store: submit needs the edit that opens the case first")
		case seen[e.Case]:
			return nil, fmt.Errorf("store: the edits of case %s do not stand together", e.Case)
		}
		seen[e.Case] = true
		out = append(out, []record.Edit{e})
	}
	if len(out) == 0 {
		return nil, errors.New("store: nothing to submit")
	}
	return out, nil
}

func (t *tx) submit(ctx context.Context, each [][]record.Edit) ([]record.Case, error) {
	// What is given away may be altered by whoever gets it, so nothing here may share it.
	t.s.recent = recent{}
	defer func() { t.s.recent = recent{} }()
	b := t.batch()
	b.later = true
	out := make([]record.Case, len(each))
	var made []int
	for i, edits := range each {
		edits = t.signed(edits)
		w, err := b.find(ctx, edits[0].Case)
		if err != nil {
			return nil, err
		}
		if w != nil && w.before.number != "" {
			c, err := w.state(&b.s.recent)
			if err != nil {
				return nil, err
			}
			out[i] = *c
			more, err := b.beyond(ctx, w, edits)
			if err != nil {
				return nil, err
			}
			if len(more) == 0 {
				continue
			}
			if _, err := b.apply(ctx, more); err != nil {
				return nil, err
			}
			made = append(made, i)
			continue
		}
		number, err := t.nextNumber(ctx)
		if err != nil {
			return nil, err
		}
		step := record.Edit{
			Case: edits[0].Case, Kind: record.KindState, User: edits[0].User,
			Payload: record.StateStep{To: record.StateSubmitted, Number: number},
		}
		if _, err := b.apply(ctx, append(slices.Clip(edits), step)); err != nil {
			return nil, err
		}
		made = append(made, i)
	}
	if len(made) == 0 {
		return out, nil
	}
	if err := b.save(ctx); err != nil {
		return nil, err
	}
	for _, i := range made {
		out[i] = b.works[each[i][0].Case].c
	}
	return out, nil
}

// beyond are the edits that the case's journal does not hold. A draft can come back after its case was made:
// its store was set back to an older state, or the answer of the disk was lost; and then be typed on.
func (b *batch) beyond(ctx context.Context, w *work, edits []record.Edit) (more []record.Edit, err error) {
	for _, e := range edits {
		if e.Kind == record.KindOpen {
			continue
		}
		payload, err := json.Marshal(e.Payload)
		if err != nil {
			return nil, err
		}
		var said bool
		if _, err := b.one(ctx, `SELECT EXISTS (SELECT 1 FROM journal WHERE matter = ? AND kind = ? AND payload_hash = ?)`,
			args(w.key, string(e.Kind), packHash(record.HashOf(payload))), &said); err != nil {
			return nil, err
		}
		if !said {
			more = append(more, e)
		}
	}
	return more, nil
}

// nextNumber gives the desk's next case number of this year. A number that some case has already, because
// this desk was set up anew, is passed over.
func (t *tx) nextNumber(ctx context.Context) (string, error) {
	id := t.identity()
	n := record.Number{Office: id.Office, Desk: id.Desk, Year: t.now.Year() % 100, Seq: 1}
	if _, err := record.ParseNumber(n.String()); id.Desk == 0 || err != nil {
		return "", record.E(record.CodeNotEnrolled, err)
	}
	series := fmt.Sprintf("%s-%d-%02d", n.Office, n.Desk, n.Year)
	for {
		if _, err := t.one(ctx, `INSERT INTO number (series, last) VALUES (?, 1)
			ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last`, args(series), &n.Seq); err != nil {
			return "", err
		}
		var taken int
		if _, err := t.one(ctx, `SELECT count(*) FROM cases WHERE number <> '' AND number = ?`, args(n.String()), &taken); err != nil {
			return "", err
		}
		if taken == 0 {
			return n.String(), nil
		}
	}
}
