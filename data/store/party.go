package store

import (
	"context"
	"encoding/json"

	"schalter/data/party"
	"schalter/data/record"
)

// person is a row of table party: what a case says about who and what it is about.
type person struct {
	party.Subject
	key   int64 // of the case
	who   int64 // party.Subject.Person
	since int64
}

// personOf is the row that belongs to a case as it is now. One without keys and words has none.
func personOf(key int64, c record.Case) person {
	p := person{Subject: party.Of(c), key: key}
	if p.Empty() {
		return person{key: key}
	}
	p.who = p.Person()
	for _, r := range []record.Role{record.RoleFamily, record.RoleOrg, record.RoleGiven, record.RoleIdentity} {
		if path := c.Roles[r]; path != "" && c.Role(r) != "" {
			p.since = c.Groups[record.GroupOf(path)].Time.UnixMilli()
			break
		}
	}
	return p
}

const personColumns = `p.key, p.person, p.since, p.family, p.given, p.organisation, p.birth, p.street, p.house, p.postcode, p.town,
	p.phone, p.email, p.iban, p.identity`

func scanPerson(scan func(...any) error) (p person, err error) {
	err = scan(&p.key, &p.who, &p.since, &p.Family, &p.Given, &p.Organisation, &p.Birth, &p.Street, &p.House, &p.Postcode, &p.Town,
		&p.Phone, &p.Email, &p.IBAN, &p.Identity)
	return p, err
}

// person reads the row of a case; found is false where it has none.
func (t *tx) person(ctx context.Context, key int64) (p person, found bool, err error) {
	err = t.each(ctx, `SELECT `+personColumns+` FROM party p WHERE p.key = ?`, args(key), func(scan func(...any) error) error {
		found = true
		p, err = scanPerson(scan)
		return err
	})
	return p, found, err
}

// saveParty brings the register to what a case says now. Most changes of a case leave its party alone and
// cost one look.
func (t *tx) saveParty(ctx context.Context, key int64, c record.Case) error {
	now := personOf(key, c)
	was, found, err := t.person(ctx, key)
	if err != nil || found && was == now || !found && now.Empty() {
		return err
	}
	if found {
		if err := t.forgetParty(ctx, was); err != nil {
			return err
		}
	}
	if now.Empty() {
		return nil
	}
	if err := t.exec(ctx, `INSERT INTO party (key, person, since, family, given, organisation, birth, street, house, postcode, town,
			phone, email, iban, identity) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		now.key, now.who, now.since, now.Family, now.Given, now.Organisation, now.Birth, now.Street, now.House, now.Postcode, now.Town,
		now.Phone, now.Email, now.IBAN, now.Identity); err != nil {
		return err
	}
	for _, hash := range now.Keys() {
		if err := t.exec(ctx, `INSERT INTO party_key (hash, party) VALUES (?, ?)`, hash, key); err != nil {
			return err
		}
	}
	w := now.Words()
	if w == (party.Words{}) {
		return nil
	}
	return t.exec(ctx, `INSERT INTO find_party (rowid, name, place, sound) VALUES (?, ?, ?, ?)`, key, w.Name, w.Place, w.Sound)
}

// forgetParty takes a row and all that belongs to it out of the register.
func (t *tx) forgetParty(ctx context.Context, p person) error {
	for _, hash := range p.Keys() {
		if err := t.exec(ctx, `DELETE FROM party_key WHERE hash = ? AND party = ?`, hash, p.key); err != nil {
			return err
		}
	}
	if err := t.exec(ctx, `DELETE FROM find_party WHERE rowid = ?`, p.key); err != nil {
		return err
	}
	return t.exec(ctx, `DELETE FROM party WHERE key = ?`, p.key)
}

// fillsParties is the migration that brings the register.
const fillsParties = "migrations/0002-party.sql"

// fillParties puts all cases of an older store into the register.
func (t *tx) fillParties(ctx context.Context) error {
	return t.eachCase(ctx, func(key int64, body []byte) error {
		var c record.Case
		if len(body) > 0 {
			if err := json.Unmarshal(body, &c); err != nil {
				return err
			}
		}
		return t.saveParty(ctx, key, c)
	})
}

// eachCase reads all cases in the order they came here. Between portions nothing is being read, so that the
// callback may write.
func (t *tx) eachCase(ctx context.Context, f func(key int64, body []byte) error) error {
	type one struct {
		key  int64
		body []byte
	}
	for after := int64(0); ; {
		var some []one
		err := t.each(ctx, `SELECT c.key, coalesce(b.body, x'') FROM cases c LEFT JOIN case_body b ON b.key = c.key
			WHERE c.key > ? ORDER BY c.key LIMIT 200`, args(after), func(scan func(...any) error) error {
			var c one
			err := scan(&c.key, &c.body)
			some = append(some, c)
			return err
		})
		if err != nil || len(some) == 0 {
			return err
		}
		for _, c := range some {
			after = c.key
			if err := f(c.key, c.body); err != nil {
				return err
			}
		}
	}
}
