package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"schalter/data/record"
	"schalter/sync/merge"
)

// Published forms belong to no case. Their changes name the form by topic, go through the same journal and
// outbox as all others, and are folded into table form.

// How a published version stands.
const (
	formCounts  = 0
	formClashes = 1 // its version was published before with another content
	formRefused = 2 // by the centre
)

// formRow is a row of table form; key is the journal's of the change that said the latest.
type formRow struct {
	record.FormPublished
	standing int
	key      int64
}

// project folds the changes about a form. What the centre refused says nothing about the others, but the
// cases that were filled with it need it, and whoever said it has to see it, until the same was taken.
func (t *tx) project(ctx context.Context, topic record.ID) (rows []formRow, err error) {
	counting, refused, keys, err := t.said(ctx, topic)
	if err != nil {
		return nil, err
	}
	for _, p := range merge.Forms(counting) {
		r := formRow{FormPublished: p.FormPublished, standing: formCounts, key: keys[p.Last]}
		if p.Clash {
			r.standing = formClashes
		}
		rows = append(rows, r)
	}
	for _, p := range merge.Forms(refused) {
		if !slices.ContainsFunc(rows, func(r formRow) bool { return r.Form == p.Form && r.File == p.File && r.Retired == p.Retired }) {
			rows = append(rows, formRow{FormPublished: p.FormPublished, standing: formRefused, key: keys[p.Last]})
		}
	}
	return rows, nil
}

// said are the changes about a form, in their order, those that the centre refused apart. Left out is what
// nobody can read, and what a restored centre has lost and was said again since.
func (t *tx) said(ctx context.Context, topic record.ID) (counting, refused []record.Change, keys map[record.ID]int64, err error) {
	rejected, err := t.about(ctx, topic, `SELECT j.key FROM rejected r JOIN journal j ON j.key = r.journal WHERE j.topic = ?`)
	if err != nil {
		return nil, nil, nil, err
	}
	waiting, err := t.about(ctx, topic, `SELECT j.key FROM outbox o JOIN journal j ON j.key = o.journal WHERE j.topic = ?`)
	if err != nil {
		return nil, nil, nil, err
	}
	keys = map[record.ID]int64{}
	placed := map[record.FormRef]time.Time{} // when the centre's history has it last
	err = t.entries(ctx, ` WHERE j.topic = ? ORDER BY j.seq IS NULL, j.seq, j.key`, args(packID(topic)), func(e entry) error {
		keys[e.ID] = e.key
		p, _ := record.Decode[record.FormPublished](e.Change) // what cannot be read is passed over by folding
		if e.seq > 0 && e.fault != faultDamaged && e.Time.After(placed[p.Form]) {
			placed[p.Form] = e.Time
		}
		switch {
		case e.fault == faultDamaged:
		case rejected[e.key]:
			refused = append(refused, e.Change)
		case e.seq > 0 || waiting[e.key] || !placed[p.Form].After(e.Time):
			counting = append(counting, e.Change)
		}
		return nil
	})
	return counting, refused, keys, err
}

// about are the changes about a form that a query names.
func (t *tx) about(ctx context.Context, topic record.ID, query string) (map[int64]bool, error) {
	out := map[int64]bool{}
	err := t.each(ctx, query, args(packID(topic)), func(scan func(...any) error) error {
		var key int64
		err := scan(&key)
		out[key] = true
		return err
	})
	return out, err
}

// publish brings table form to what the changes about a form say.
func (t *tx) publish(ctx context.Context, topic record.ID) error {
	rows, err := t.project(ctx, topic)
	if err != nil {
		return err
	}
	if err := t.exec(ctx, `DELETE FROM form WHERE topic = ?`, packID(topic)); err != nil {
		return err
	}
	for rank, r := range rows {
		title, err := json.Marshal(r.Title)
		if err != nil {
			return err
		}
		if err := t.exec(ctx, `INSERT INTO form (topic, id, version, hash, rank, title, file, retired, standing, journal)
			SELECT ?, ?, ?, ?, ?, ?, key, ?, ?, ? FROM file WHERE hash = ?`,
			packID(topic), r.Form.ID, r.Form.Version, packHash(r.Form.Hash), rank, string(title),
			r.Retired, r.standing, r.key, packHash(r.File.Hash)); err != nil {
			return err
		}
	}
	return nil
}

// queueForm records an own publication.
func (b *batch) queueForm(ctx context.Context, e record.Edit, prev record.Change) (record.Change, error) {
	p, ok := e.Payload.(record.FormPublished)
	if !ok || e.Case != record.FormCase(p.Form.ID) {
		return record.Change{}, fmt.Errorf("store: a form change cannot carry a %T for %s", e.Payload, e.Case)
	}
	rows, err := b.project(ctx, e.Case)
	if err != nil {
		return record.Change{}, err
	}
	var published []merge.Published
	for _, r := range rows {
		if r.standing != formRefused {
			published = append(published, merge.Published{FormPublished: r.FormPublished, Clash: r.standing == formClashes})
		}
	}
	if err := merge.Publishable(published, p); err != nil {
		return record.Change{}, err
	}
	ch, err := record.Seal(e, b.identity().Device, prev, b.now)
	if err != nil {
		return ch, err
	}
	if err := merge.Check(ch); err != nil {
		return ch, err
	}
	x := entry{Change: ch}
	if err := b.add(ctx, &x); err != nil {
		return ch, err
	}
	if err := b.exec(ctx, `INSERT INTO outbox (journal, bytes) VALUES (?, ?)`, x.key, len(ch.Payload)+overhead); err != nil {
		return ch, err
	}
	return ch, b.takeForm(ctx, x, true)
}

// takePublication takes in what another desk or the centre has published.
func (r receiver) takePublication(ctx context.Context, e entry) error {
	if err := r.add(ctx, &e); err != nil {
		return err
	}
	r.tails[e.Device] = e.Change
	if e.Case == "" {
		return nil
	}
	return r.takeForm(ctx, e, false)
}

// takeForm notes the file of a publication that lies in the journal, and what the publication says.
func (t *tx) takeForm(ctx context.Context, e entry, own bool) error {
	p, err := record.Decode[record.FormPublished](e.Change)
	if err == nil && e.fault != faultDamaged && merge.Check(e.Change) == nil {
		if _, err := t.addFile(ctx, p.File, turnForm, own); err != nil {
			return err
		}
	}
	return t.publish(ctx, e.Case)
}

// placeForm gives a publication its place in the centre's history.
func (t *tx) placeForm(ctx context.Context, key int64, seq uint64, topic record.ID) error {
	for _, q := range []string{`DELETE FROM outbox WHERE journal = ?`, `DELETE FROM rejected WHERE journal = ?`} {
		if err := t.exec(ctx, q, key); err != nil {
			return err
		}
	}
	if err := t.exec(ctx, `UPDATE journal SET seq = ? WHERE key = ?`, int64(seq), key); err != nil {
		return err
	}
	if topic == "" { // a faulty change of another desk that names nothing
		return nil
	}
	return t.publish(ctx, topic)
}

// rejectForm is the rest of [Store.Rejected] for a publication; its file has nowhere to go.
func (t *tx) rejectForm(ctx context.Context, change record.ID) error {
	var topic record.ID
	found, err := t.one(ctx, `SELECT topic FROM journal WHERE id = ? AND topic IS NOT NULL`, args(packID(change)), idOf{&topic})
	if err != nil || !found {
		return err
	}
	if err := t.publish(ctx, topic); err != nil {
		return err
	}
	return t.exec(ctx, `UPDATE file SET sent = 1 WHERE key IN (SELECT file FROM form WHERE topic = ?1 AND standing = 2)
		AND key NOT IN (SELECT file FROM form WHERE standing <> 2)
		AND NOT EXISTS (SELECT 1 FROM document_file l WHERE l.file = file.key)`, packID(topic))
}

// publishAll folds the changes about every form anew.
func (t *tx) publishAll(ctx context.Context) error {
	topics, err := t.topics(ctx)
	for _, topic := range topics {
		if err == nil {
			err = t.publish(ctx, topic)
		}
	}
	return err
}

func (t *tx) topics(ctx context.Context) (out []record.ID, err error) {
	err = t.each(ctx, `SELECT DISTINCT topic FROM journal WHERE topic IS NOT NULL AND kind = 'form' ORDER BY topic`, nil, func(scan func(...any) error) error {
		var id record.ID
		err := scan(idOf{&id})
		out = append(out, id)
		return err
	})
	return out, err
}

// PublishedForms lists what the authority has published: every version that counts, those of a form from
// the oldest to the newest, withdrawn ones too. The files are in the blob store as soon as they have come.
func (s *Store) PublishedForms(ctx context.Context) (out []record.FormPublished, err error) {
	rows, err := s.Forms(ctx)
	for _, r := range rows {
		if r.Delivery != record.DeliveryRejected && r.Delivery != record.DeliveryConflict {
			out = append(out, r.FormPublished)
		}
	}
	return out, err
}

// Forms lists every published version with how far it has come, also those that do not count: cases may
// have been filled with them.
func (s *Store) Forms(ctx context.Context) (out []record.FormRow, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		centre := t.identity().Centre != ""
		return t.each(ctx, `SELECT o.id, o.version, o.hash, o.title, o.retired, o.standing, f.hash, f.size, f.here, f.sent,
				j.user, j.time, j.seq IS NOT NULL, coalesce(r.code, ''),
				EXISTS (SELECT 1 FROM outbox w WHERE w.journal = o.journal) AND NOT EXISTS (SELECT 1 FROM journal p
					WHERE p.topic = o.topic AND p.seq IS NOT NULL AND json_extract(p.payload, '$.form.version') = o.version)
			FROM form o JOIN file f ON f.key = o.file JOIN journal j ON j.key = o.journal LEFT JOIN rejected r ON r.journal = o.journal
			ORDER BY o.id, o.rank`, nil, func(scan func(...any) error) error {
			var r record.FormRow
			var title, at string
			var standing int
			var sent, placed bool
			if err := scan(&r.Form.ID, &r.Form.Version, hashOf{&r.Form.Hash}, &title, &r.Retired, &standing, hashOf{&r.File.Hash}, &r.File.Size,
				&r.Here, &sent, &r.User, &at, &placed, &r.Reason, &r.Pending); err != nil {
				return err
			}
			r.Pending = r.Pending && centre && standing == formCounts
			switch {
			case standing == formRefused:
				r.Delivery = record.DeliveryRejected
			case standing == formClashes:
				r.Delivery = record.DeliveryConflict
			case !centre:
				r.Delivery = record.DeliveryHere
			case !placed || !sent:
				r.Delivery = record.DeliveryWaiting
			default:
				r.Delivery = record.DeliveryCentre
			}
			var err error
			if r.Time, err = time.Parse(time.RFC3339Nano, at); err != nil {
				return err
			}
			out = append(out, r)
			return unmarshalTitle(title, &out[len(out)-1].Title)
		})
	})
	return out, err
}

// formsWaiting are the rows of the outbox that are about forms: refused ones, changes, files.
func (t *tx) formsWaiting(ctx context.Context) (out []record.OutboxRow, err error) {
	centre := t.identity().Centre != ""
	const shown = `SELECT coalesce(json_extract(j.payload, '$.form.id'), ''), coalesce(json_extract(j.payload, '$.form.version'), ''),
		coalesce(json_extract(j.payload, '$.title'), ''), j.time, `
	for _, q := range []string{
		shown + `j.kind, 1, r.bytes, r.code FROM form x JOIN rejected r ON r.journal = x.journal JOIN journal j ON j.key = x.journal
			WHERE x.standing = 2 ORDER BY j.key`,
		shown + `j.kind, 1, o.bytes, '' FROM outbox o JOIN journal j ON j.key = o.journal WHERE o.matter IS NULL ORDER BY j.key`,
		shown + `'', 0, f.size, '' FROM file f JOIN form x ON x.file = f.key JOIN journal j ON j.key = x.journal
			WHERE f.sent = 0 AND x.standing <> 2 ORDER BY j.key`,
	} {
		err := t.each(ctx, q, nil, func(scan func(...any) error) error {
			var r record.OutboxRow
			var title, at string
			if err := scan(&r.Form.ID, &r.Form.Version, &title, &at, &r.What, &r.Changes, &r.Bytes, &r.Reason); err != nil {
				return err
			}
			switch {
			case r.Reason != "":
				r.Delivery = record.DeliveryRejected
			case !centre:
				r.Delivery = record.DeliveryHere
			case r.What != "" && t.s.wire.has(0):
				r.Delivery = record.DeliverySending
			default:
				r.Delivery = record.DeliveryWaiting
			}
			var err error
			if r.Since, err = time.Parse(time.RFC3339Nano, at); err != nil {
				return err
			}
			err = unmarshalTitle(title, &r.Title)
			if r.What == "" {
				r.File = r.Form.ID
			}
			out = append(out, r)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// forms folds the changes about every form anew and compares.
func (v *verifier) forms(ctx context.Context) error {
	topics, err := v.topics(ctx)
	if err != nil {
		return err
	}
	for _, topic := range topics {
		want, err := v.project(ctx, topic)
		if err != nil {
			return err
		}
		var kept []formRow
		err = v.each(ctx, `SELECT o.id, o.version, o.hash, o.title, o.retired, o.standing, o.journal, f.hash, f.size
			FROM form o JOIN file f ON f.key = o.file WHERE o.topic = ? ORDER BY o.rank`, args(packID(topic)), func(scan func(...any) error) error {
			var r formRow
			var title string
			if err := scan(&r.Form.ID, &r.Form.Version, hashOf{&r.Form.Hash}, &title, &r.Retired, &r.standing, &r.key, hashOf{&r.File.Hash}, &r.File.Size); err != nil {
				return err
			}
			err := unmarshalTitle(title, &r.Title)
			kept = append(kept, r)
			return err
		})
		if err != nil {
			return err
		}
		if !slices.EqualFunc(want, kept, func(a, b formRow) bool {
			return a.Form == b.Form && a.File == b.File && maps.Equal(a.Title, b.Title) && a.Retired == b.Retired && a.standing == b.standing && a.key == b.key
		}) {
			v.problemf("the versions of form %s are not what the journal makes of them", topic)
		}
	}
	return nil
}

// movesForms is the migration after which forms no longer lie among the cases.
const movesForms = "migrations/0003-forms.sql"

// moveForms takes the cases apart that an older program made of changes about forms.
func (t *tx) moveForms(ctx context.Context) error {
	b := t.batch()
	var cases []record.ID
	err := t.each(ctx, `SELECT DISTINCT c.id FROM journal j JOIN cases c ON c.key = j.matter WHERE j.kind = 'form'`, nil, func(scan func(...any) error) error {
		var id record.ID
		err := scan(idOf{&id})
		cases = append(cases, id)
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range cases {
		if err := b.moveForm(ctx, id); err != nil {
			return err
		}
	}
	if err := b.saveTally(ctx); err != nil {
		return err
	}
	return t.publishAll(ctx)
}

func (b *batch) moveForm(ctx context.Context, id record.ID) error {
	w, err := b.find(ctx, id)
	if err != nil || w == nil {
		return err
	}
	if err := b.exec(ctx, `UPDATE journal SET topic = ?, matter = NULL WHERE matter = ? AND kind = 'form'`, packID(id), w.key); err != nil {
		return err
	}
	var moved []entry
	err = b.entries(ctx, ` WHERE j.topic = ?`, args(packID(id)), func(e entry) error {
		moved = append(moved, e)
		return nil
	})
	for _, e := range moved {
		if p, err := record.Decode[record.FormPublished](e.Change); err == nil && merge.Check(e.Change) == nil {
			if _, err := b.addFile(ctx, p.File, turnForm, false); err != nil {
				return err
			}
		}
	}
	var left int
	if err == nil {
		_, err = b.one(ctx, `SELECT count(*) FROM journal WHERE matter = ?`, args(w.key), &left)
	}
	if err != nil || left > 0 {
		return err
	}
	b.count(w.before, -1)
	for _, q := range []string{
		`DELETE FROM find_case WHERE rowid = ?`, `DELETE FROM find_party WHERE rowid = ?`, `DELETE FROM party_key WHERE party = ?`,
		`DELETE FROM party WHERE key = ?`, `DELETE FROM case_body WHERE key = ?`, `DELETE FROM cases WHERE key = ?`,
	} {
		if err := b.exec(ctx, q, w.key); err != nil {
			return err
		}
	}
	return nil
}
