package store

import (
	"context"
	"encoding/json"

	"schalter/data/record"
)

// SaveDraft keeps a draft as it is now; it is durable when nil is returned.
func (s *Store) SaveDraft(ctx context.Context, d record.Draft) error {
	body, err := json.Marshal(d)
	if err != nil {
		return s.explain(err)
	}
	if d.ID == "" {
		return record.E(record.CodeBadID, nil, "id", d.ID)
	}
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		if err := t.exec(ctx, `INSERT INTO draft (id, user, updated, body) VALUES (?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET user = excluded.user, updated = excluded.updated, body = excluded.body`,
			packID(d.ID), d.User, d.Updated.UnixMilli(), body); err != nil {
			return err
		}
		return t.rememberTexts(ctx, d)
	})
}

// Draft returns a draft or [record.CodeNotFound].
func (s *Store) Draft(ctx context.Context, id record.ID) (d record.Draft, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		var body []byte
		found, err := t.one(ctx, `SELECT body FROM draft WHERE id = ?`, args(packID(id)), &body)
		if err != nil {
			return err
		}
		if !found {
			return record.E(record.CodeNotFound, nil, "id", id)
		}
		return json.Unmarshal(body, &d)
	})
	return d, err
}

// Drafts returns all drafts, the last touched first.
func (s *Store) Drafts(ctx context.Context) (out []record.Draft, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		out, err = t.draftsWhere(ctx, "")
		return err
	})
	return out, err
}

func (t *tx) draftsWhere(ctx context.Context, where string, a ...any) (out []record.Draft, err error) {
	err = t.each(ctx, `SELECT body FROM draft `+where+` ORDER BY updated DESC, key DESC`, a, func(scan func(...any) error) error {
		var body []byte
		if err := scan(&body); err != nil {
			return err
		}
		var d record.Draft
		if err := json.Unmarshal(body, &d); err != nil {
			return err
		}
		out = append(out, d)
		return nil
	})
	return out, err
}

// DiscardDraft removes a draft; one that is not there is no error.
func (s *Store) DiscardDraft(ctx context.Context, id record.ID) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error { return t.discard(ctx, id) })
}

func (t *tx) discard(ctx context.Context, id record.ID) error {
	if err := t.forgetTexts(ctx, `WHERE draft = (SELECT key FROM draft WHERE id = ?)`, packID(id)); err != nil {
		return err
	}
	return t.exec(ctx, `DELETE FROM draft WHERE id = ?`, packID(id))
}
