package store

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"schalter/data/party"
	"schalter/data/record"
)

// register is the persons and things of all cases at one moment: what table party holds, with the few cases
// it does not know the latest of yet looked into.
type register struct {
	*tx
	stale  []person
	hidden map[int64]bool // what the table says of these cases does not count
}

func (t *tx) register(ctx context.Context) (register, error) {
	cases, err := t.staleCases(ctx, allStale)
	r := register{tx: t, hidden: map[int64]bool{}}
	for _, c := range cases {
		r.hidden[c.key] = true
		if p := personOf(c.key, c.Case); !p.Empty() {
			r.stale = append(r.stale, p)
		}
	}
	return r, err
}

// Parties finds persons and organisations by what was typed so far of name, address and date of birth, each
// once with its newest data: names that are spelled so first, then what was found by its address, then names
// that sound so; within each the newest first. The same name born on another day is somebody else.
func (s *Store) Parties(ctx context.Context, typed string, limit int) ([]record.PartyHit, error) {
	q := party.Parse(typed)
	if q.Empty() || limit <= 0 {
		return nil, nil
	}
	f := partyFinder{q: q, limit: limit, seen: map[int64]bool{}}
	err := s.read(ctx, func(ctx context.Context, t *tx) (err error) {
		if f.register, err = t.register(ctx); err != nil {
			return err
		}
		for _, depth := range []party.Depth{party.InName, party.AsTyped, party.ByEar} {
			if len(f.hits) >= limit || depth == party.ByEar && !q.Sounds() {
				break
			}
			if err := f.stage(ctx, depth); err != nil {
				return err
			}
		}
		return nil
	})
	return f.hits, err
}

// partyFinder gathers the hits of one query.
type partyFinder struct {
	register
	q     party.Query
	limit int
	seen  map[int64]bool // persons
	hits  []record.PartyHit
}

var errEnough = errors.New("store: enough hits")

// stage adds whoever is found at a depth and was not before.
func (f *partyFinder) stage(ctx context.Context, depth party.Depth) error {
	var found []int64
	take := func(who int64) error {
		if who == 0 || f.seen[who] {
			return nil
		}
		f.seen[who] = true
		if found = append(found, who); len(f.hits)+len(found) >= f.limit {
			return errEnough
		}
		return nil
	}
	if err := f.search(ctx, depth, take); err != nil && !errors.Is(err, errEnough) {
		return err
	}
	from := len(f.hits)
	for _, who := range found {
		h, err := f.hit(ctx, who)
		if err != nil {
			return err
		}
		f.hits = append(f.hits, h)
	}
	slices.SortStableFunc(f.hits[from:], func(a, b record.PartyHit) int { return b.Since.Compare(a.Since) })
	return nil
}

// search hands over the persons of the cases that are found, those of the newest cases first.
func (f *partyFinder) search(ctx context.Context, depth party.Depth, take func(who int64) error) error {
	for _, p := range f.stale {
		if f.q.Finds(p.Words(), depth) {
			if err := take(p.who); err != nil {
				return err
			}
		}
	}
	return f.each(ctx, `SELECT f.rowid, p.person FROM find_party f CROSS JOIN party p ON p.key = f.rowid
		WHERE find_party MATCH ? ORDER BY f.rowid DESC`, args(f.q.Match(depth)), func(scan func(...any) error) error {
		var key, who int64
		if err := scan(&key, &who); err != nil || f.hidden[key] {
			return err
		}
		return take(who)
	})
}

// hit reads the newest data of a person and counts the cases.
func (f *partyFinder) hit(ctx context.Context, who int64) (h record.PartyHit, err error) {
	if _, err = f.one(ctx, `SELECT count(*) FROM party WHERE person = ?`, args(who), &h.Cases); err != nil {
		return h, err
	}
	var newest person
	take := func(p person) {
		if newest.key == 0 || cmp.Or(cmp.Compare(p.since, newest.since), cmp.Compare(p.key, newest.key)) > 0 {
			newest = p
		}
	}
	err = f.each(ctx, `SELECT `+personColumns+` FROM party p WHERE p.person = ? ORDER BY p.since DESC, p.key DESC`, args(who),
		func(scan func(...any) error) error {
			p, err := scanPerson(scan)
			if err != nil || f.hidden[p.key] {
				return err
			}
			take(p)
			return errEnough
		})
	if err != nil && !errors.Is(err, errEnough) {
		return h, err
	}
	gone, err := f.gone(ctx, who)
	if err != nil {
		return h, err
	}
	h.Cases -= gone
	for _, p := range f.stale {
		if p.who == who {
			h.Cases++
			take(p)
		}
	}
	h.Party, h.Since = newest.Party, time.UnixMilli(newest.since).UTC()
	var title string
	if _, err := f.one(ctx, `SELECT id, number, service, title FROM cases WHERE key = ?`, args(newest.key),
		idOf{&h.Case}, &h.Number, &h.Service, &title); err != nil {
		return h, err
	}
	return h, unmarshalTitle(title, &h.Title)
}

// gone counts the rows of a person that do not count because their cases say something newer.
func (f *partyFinder) gone(ctx context.Context, who int64) (n int, err error) {
	if len(f.hidden) == 0 {
		return 0, nil
	}
	_, err = f.one(ctx, `SELECT count(*) FROM cases c CROSS JOIN party p ON p.key = c.key WHERE c.stale = 1 AND p.person = ?`, args(who), &n)
	return n, err
}

// maxAlike bounds how many cases with one thing in common are compared, the newest first: a home with
// hundreds of inhabitants is no duplicate.
const maxAlike = 100

// Alike finds cases that may be about the same person or the same thing as what is being typed: the surest
// and then the newest first. except is the case that is meant anyway, "" for none. Nothing is merged.
func (s *Store) Alike(ctx context.Context, p record.Party, identity string, except record.ID, limit int) (out []record.Likeness, err error) {
	subject := party.Subject{Party: p, Identity: identity}
	keys := subject.Keys()
	if len(keys) == 0 || limit <= 0 {
		return nil, nil
	}
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		var not int64
		if _, err := t.one(ctx, `SELECT key FROM cases WHERE id = ?`, args(packID(except)), &not); err != nil {
			return err
		}
		candidates, err := t.candidates(ctx, keys, not)
		if err != nil {
			return err
		}
		out, err = t.likenesses(ctx, party.NewComparer(subject), candidates, limit)
		return err
	})
	return out, err
}

// candidates are the persons and things that share a key, and all that may share one by now.
func (t *tx) candidates(ctx context.Context, keys []int64, not int64) (out []person, err error) {
	r, err := t.register(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range r.stale {
		if p.key != not {
			out = append(out, p)
		}
	}
	seen := map[int64]bool{not: true}
	for _, hash := range keys {
		err := t.each(ctx, `SELECT `+personColumns+` FROM party_key k CROSS JOIN party p ON p.key = k.party
			WHERE k.hash = ? ORDER BY k.party DESC LIMIT ?`, args(hash, maxAlike), func(scan func(...any) error) error {
			p, err := scanPerson(scan)
			if err != nil || seen[p.key] || r.hidden[p.key] {
				return err
			}
			seen[p.key] = true
			out = append(out, p)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// strength orders reasons, the strongest first.
var strength = []record.Reason{record.ReasonIdentity, record.ReasonPerson, record.ReasonBirth, record.ReasonIBAN, record.ReasonAddress}

// likenesses compares and describes the cases that are alike.
func (t *tx) likenesses(ctx context.Context, c party.Comparer, candidates []person, limit int) (out []record.Likeness, err error) {
	type alike struct {
		person
		level record.Level
		why   []record.Reason
	}
	var all []alike
	for _, p := range candidates {
		if level, why := c.With(p.Subject); level > record.LevelNone {
			all = append(all, alike{p, level, why})
		}
	}
	slices.SortFunc(all, func(a, b alike) int {
		return cmp.Or(cmp.Compare(slices.Index(strength, a.why[0]), slices.Index(strength, b.why[0])), cmp.Compare(b.key, a.key))
	})
	for _, a := range all {
		if len(out) == limit {
			break
		}
		rows, err := t.rows(ctx, `SELECT `+rowColumns+` FROM cases WHERE key = ? AND shelf > 0`, a.key)
		if err != nil {
			return nil, err
		}
		if len(rows) == 1 {
			out = append(out, record.Likeness{Case: rows[0], Party: a.Party, Level: a.level, Reasons: a.why})
		}
	}
	return out, nil
}
