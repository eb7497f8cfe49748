package store

import (
	"context"
	"encoding/json"
	"fmt"
	"sort"
	"strings"
	"time"

	"schalter/data/record"
)

// entry is a change as it lies in the journal.
type entry struct {
	record.Change
	key    int64
	matter int64 // 0: none
	seq    uint64
	fault  string
}

const entryColumns = `j.key, coalesce(j.matter, 0), coalesce(j.seq, 0), j.fault,
	j.id, d.id, j.n, j.prev, coalesce(c.id, j.topic, ''), j.kind, j.time, j.hlc, j.user, j.payload, j.payload_hash`

// headerColumns are entryColumns without the payload, which may be large.
var headerColumns = strings.Replace(entryColumns, "j.payload,", "NULL,", 1)

const entryTables = ` FROM journal j JOIN device d ON d.key = j.device LEFT JOIN cases c ON c.key = j.matter `

func scanEntry(scan func(...any) error) (e entry, err error) {
	var seq, n, hlc int64
	var at string
	var payload []byte
	err = scan(&e.key, &e.matter, &seq, &e.fault, idOf{&e.ID}, idOf{&e.Device}, &n, hashOf{&e.Prev}, idOf{&e.Case},
		&e.Kind, &at, &hlc, &e.User, &payload, hashOf{&e.PayloadHash})
	if err != nil {
		return e, err
	}
	e.seq, e.N, e.HLC, e.Payload = uint64(seq), uint64(n), record.HLC(hlc), json.RawMessage(payload)
	e.Time, err = time.Parse(time.RFC3339Nano, at)
	return e, err
}

func (t *tx) entries(ctx context.Context, where string, a []any, each func(entry) error) error {
	return t.each(ctx, `SELECT `+entryColumns+entryTables+where, a, func(scan func(...any) error) error {
		e, err := scanEntry(scan)
		if err != nil {
			return err
		}
		return each(e)
	})
}

func (t *tx) entry(ctx context.Context, where string, a ...any) (e entry, found bool, err error) {
	err = t.entries(ctx, where+` LIMIT 1`, a, func(x entry) error {
		e, found = x, true
		return nil
	})
	return e, found, err
}

// byOrder is the order in which a case's changes make it: the placed ones as the centre placed them, then
// the others as they came.
const byOrder = ` WHERE j.matter = ? ORDER BY j.seq IS NULL, j.seq, j.key`

// add puts a change into the journal and gives it its key.
func (t *tx) add(ctx context.Context, e *entry) error {
	device, err := t.device(ctx, e.Device, false)
	if err != nil {
		return err
	}
	var matter, topic, seq, payload any
	if e.matter != 0 {
		matter = e.matter
	} else if e.Case != "" {
		topic = packID(e.Case)
	}
	if e.seq != 0 {
		seq = int64(e.seq)
	}
	if e.Payload != nil {
		payload = []byte(e.Payload)
	}
	r, err := t.execResult(ctx, `INSERT INTO journal
		(id, matter, device, n, seq, kind, time, hlc, user, prev, payload_hash, payload, fault, topic)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		packID(e.ID), matter, device, int64(e.N), seq, string(e.Kind), e.Time.UTC().Format(time.RFC3339Nano), int64(e.HLC),
		e.User, packHash(e.Prev), packHash(e.PayloadHash), payload, e.fault, topic)
	if err != nil {
		return err
	}
	e.key, err = r.LastInsertId()
	return err
}

// head is the last change a device made, without its payload; the zero Change if none.
func (t *tx) head(ctx context.Context, device record.ID) (c record.Change, err error) {
	err = t.each(ctx, `SELECT `+headerColumns+entryTables+` WHERE j.device = (SELECT key FROM device WHERE id = ?) ORDER BY j.n DESC LIMIT 1`,
		args(packID(device)), func(scan func(...any) error) error {
			e, err := scanEntry(scan)
			c = e.Change
			return err
		})
	return c, err
}

// Journal returns the history of a case, in the order in which the changes make it.
func (s *Store) Journal(ctx context.Context, id record.ID) (out []record.JournalEntry, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		key, err := t.caseKey(ctx, id)
		if err != nil {
			return err
		}
		titles := map[record.ID]string{}
		if err := t.entries(ctx, byOrder, args(key), func(e entry) error {
			out = append(out, line(e))
			told(e.Change, func(p record.DocumentAdded) {
				if e.Kind == record.KindDocument && p.Document.ID != "" {
					titles[p.Document.ID] = p.Document.Title
				}
			})
			return nil
		}); err != nil {
			return err
		}
		for i := range out {
			if out[i].Doc != "" {
				out[i].Text = titles[out[i].Doc]
			}
		}
		return nil
	})
	return out, err
}

// line says in short what a change did. A payload that cannot be read says nothing.
func line(e entry) record.JournalEntry {
	l := record.JournalEntry{Change: e.ID, Kind: e.Kind, Time: e.Time, User: e.User, Device: e.Device, Seq: e.seq}
	c := e.Change
	switch e.Kind {
	case record.KindState:
		told(c, func(p record.StateStep) { l.State, l.Text = p.To, strings.TrimSpace(p.Number+" "+p.Reason) })
	case record.KindFields:
		told(c, func(p record.Fields) { l.Group = groupNames(p) })
	case record.KindResolve:
		told(c, func(p record.Resolved) { l.Group = p.Group })
	case record.KindNote:
		told(c, func(p record.Note) { l.Text = p.Text })
	case record.KindEvent:
		told(c, func(p record.Event) { l.Text = p.What })
	case record.KindDelete:
		told(c, func(p record.Deleted) { l.Text = p.Reason })
	case record.KindDocument:
		told(c, func(p record.DocumentAdded) { l.Text = p.Document.Title })
	default:
		paperLine(&l, c)
	}
	return l
}

// paperLine says what became of a document; its title comes from the change that filed it.
func paperLine(l *record.JournalEntry, c record.Change) {
	choose := func(yes bool, a, b string) string {
		if yes {
			return a
		}
		return b
	}
	switch c.Kind {
	case record.KindVersion:
		told(c, func(p record.DocumentVersion) { l.Doc, l.What = p.Document, string(p.Why) })
	case record.KindMark:
		told(c, func(p record.DocumentMarked) { l.Doc, l.What = p.Document, choose(p.Gone, "gone", string(p.Mark.Kind)) })
	case record.KindCheck:
		told(c, func(p record.DocumentChecked) { l.Doc, l.What = p.Document, choose(p.OK, "ok", "bad") })
	case record.KindCertify:
		told(c, func(p record.DocumentCertified) { l.Doc, l.What = p.Document, p.Number })
	case record.KindTrash:
		told(c, func(p record.DocumentTrashed) { l.Doc, l.What = p.Document, choose(p.Back, "back", "") })
	}
}

// told hands over the payload of a change if it can be read.
func told[P any](c record.Change, say func(P)) {
	if p, err := record.Decode[P](c); err == nil {
		say(p)
	}
}

func groupNames(p record.Fields) string {
	names := make([]string, 0, len(p.Groups))
	for _, g := range p.Groups {
		names = append(names, g.Group)
	}
	sort.Strings(names)
	return strings.Join(names, ", ")
}

func (t *tx) caseKey(ctx context.Context, id record.ID) (key int64, err error) {
	found, err := t.one(ctx, `SELECT key FROM cases WHERE id = ?`, args(packID(id)), &key)
	if err == nil && !found {
		err = record.E(record.CodeNotFound, fmt.Errorf("case %s", id), "id", id)
	}
	return key, err
}
