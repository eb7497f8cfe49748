package store

import (
	"context"
	"slices"

	"schalter/data/party"
	"schalter/data/record"
)

// party compares the register with what it has to hold about a case.
func (v *verifier) party(ctx context.Context, key int64, c record.Case) error {
	kept, found, err := v.person(ctx, key)
	if err != nil {
		return err
	}
	want := personOf(key, c)
	var stale, words int
	if _, err := v.one(ctx, `SELECT stale, (SELECT count(*) FROM find_party_docsize WHERE id = cases.key) FROM cases WHERE key = ?`, args(key), &stale, &words); err != nil {
		return err
	}
	if stale == 0 && found == want.Empty() || stale == 0 && found && kept != want {
		v.problemf("the register of persons does not say what case %s says", c.ID)
		return nil
	}
	named := found && kept.Words() != party.Words{}
	keys, err := v.keysOf(ctx, kept)
	if err == nil && (found && !slices.Equal(keys, kept.Keys()) || named != (words == 1)) {
		v.problemf("case %s cannot be found in the register of persons", c.ID)
	}
	v.keys += int64(len(keys))
	return err
}

// keysOf reads those of a row's keys that are there.
func (v *verifier) keysOf(ctx context.Context, p person) (out []int64, err error) {
	for _, hash := range p.Keys() {
		if err := v.each(ctx, `SELECT hash FROM party_key WHERE hash = ? AND party = ?`, args(hash, p.key), collect(&out)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// register looks for what belongs to no case.
func (v *verifier) register(ctx context.Context) error {
	var keys, words int64
	if _, err := v.one(ctx, `SELECT (SELECT count(*) FROM party_key), (SELECT count(*) FROM find_party_docsize WHERE id NOT IN (SELECT key FROM party))`, nil, &keys, &words); err != nil {
		return err
	}
	if keys != v.keys || words > 0 {
		v.problemf("the register of persons holds %d keys and %d names too many", keys-v.keys, words)
	}
	return nil
}
