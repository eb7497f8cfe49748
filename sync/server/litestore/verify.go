package litestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"schalter/data/record"
	"schalter/sync/protocol"
	"schalter/sync/server"
)

// Report says what was checked and what is wrong.
type Report struct {
	Authorities, Desks, Changes, Rejected int
	Problems                              []string
}

// Verify checks the file's structure, every change against its hash, every device's chain, and every
// authority's running hash. The journal may be in use.
func (s *Store) Verify(ctx context.Context) (r Report, err error) {
	tx, err := s.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return r, fault(err)
	}
	defer func() { err = errors.Join(err, rollback(tx)) }()
	v := verifier{ctx: ctx, tx: tx, Report: &r, desks: map[int64]*deskState{}}
	return r, fault(errors.Join(v.structure(), v.readDesks(), v.readRejected(), v.histories(), v.heads()))
}

type verifier struct {
	*Report
	ctx   context.Context
	tx    *sql.Tx
	desks map[int64]*deskState
}

type deskState struct {
	name     string
	device   record.ID
	n        uint64 // head, as the desk's row says
	hash     record.Hash
	at       uint64 // how far the chain was followed
	last     record.Hash
	rejected map[uint64]record.Change
}

func (v *verifier) problemf(format string, args ...any) {
	v.Problems = append(v.Problems, fmt.Sprintf(format, args...))
}

func (v *verifier) each(query string, row func(scan func(...any) error) error, args ...any) (err error) {
	rows, err := v.tx.QueryContext(v.ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (v *verifier) structure() error {
	return v.each(`PRAGMA integrity_check`, func(scan func(...any) error) error {
		var s string
		if err := scan(&s); err != nil {
			return err
		}
		if s != "ok" {
			v.problemf("database file: %s", s)
		}
		return nil
	})
}

func (v *verifier) readDesks() error {
	return v.each(`SELECT d.no, a.office || ' desk ' || d.number, d.device, d.n, d.hash FROM desk d JOIN authority a ON a.no = d.authority`, func(scan func(...any) error) error {
		var no int64
		var hash []byte
		d := &deskState{rejected: map[uint64]record.Change{}}
		if err := scan(&no, &d.name, &d.device, &d.n, &hash); err != nil {
			return err
		}
		d.hash = hashOf(hash)
		v.desks[no] = d
		v.Desks++
		return nil
	})
}

func (v *verifier) readRejected() error {
	return v.each(`SELECT desk, hash, line FROM rejected`, func(scan func(...any) error) error {
		var no int64
		var hash, line []byte
		if err := scan(&no, &hash, &line); err != nil {
			return err
		}
		v.Rejected++
		d := v.desks[no]
		l, err := protocol.ParseLine(line)
		if err != nil || d == nil || l.Change.Hash() != hashOf(hash) {
			v.problemf("a rejected change (n=%d, row of desk %d) does not have its hash", l.Change.N, no)
			return nil //nolint:nilerr // damage is what verifying reports; it reads on
		}
		d.rejected[l.Change.N] = l.Change
		return nil
	})
}

func (v *verifier) histories() error {
	type head struct {
		no     int64
		office string
		seq    uint64
		hash   []byte
	}
	var heads []head
	err := v.each(`SELECT no, office, seq, hash FROM authority ORDER BY no`, func(scan func(...any) error) error {
		var h head
		err := scan(&h.no, &h.office, &h.seq, &h.hash)
		heads = append(heads, h)
		return err
	})
	for _, h := range heads {
		if err == nil {
			err = v.history(h.no, h.office, h.seq, hashOf(h.hash))
		}
	}
	v.Authorities = len(heads)
	return err
}

func (v *verifier) history(no int64, office string, seq uint64, hash record.Hash) error {
	var at uint64
	var running record.Hash
	ends, form := true, false
	err := v.each(`SELECT place & 0xffffffffff, desk, hash, log_hash, ends, form, line FROM change WHERE place > ? AND place < ? ORDER BY place`, func(scan func(...any) error) error {
		var place uint64
		var desk int64
		var own, log, line []byte
		if err := scan(&place, &desk, &own, &log, &ends, &form, &line); err != nil {
			return err
		}
		v.Changes++
		if at++; place != at {
			v.problemf("%s: place %d follows %d", office, place, at-1)
			at = place
		}
		l, err := protocol.ParseLine(line)
		if err != nil || l.Change.Hash() != hashOf(own) || l.Change.Check() != nil {
			v.problemf("%s: the change at place %d is damaged", office, place)
			running = hashOf(log)
			return nil //nolint:nilerr // damage is what verifying reports; it reads on
		}
		if running = record.NextLogHash(running, l.Change); running != hashOf(log) {
			v.problemf("%s: the running hash at place %d does not fit", office, place)
			running = hashOf(log)
		}
		if form != (l.Change.Kind == record.KindForm) {
			v.problemf("%s: the change at place %d is wrongly marked as one about a form", office, place)
		}
		v.follow(desk, l.Change)
		return nil
	}, no<<seqBits, (no+1)<<seqBits)
	if err == nil && (at != seq || running != hash || !ends) {
		v.problemf("%s: the history ends at place %d, its head says %d", office, at, seq)
	}
	return err
}

// follow goes along a device's chain, over the rejected changes between the placed ones.
func (v *verifier) follow(no int64, c record.Change) {
	d := v.desks[no]
	if d == nil || d.device != c.Device {
		v.problemf("change %s belongs to no desk or to another device", c.ID)
		return
	}
	d.skip()
	if c.N != d.at+1 || c.Prev != d.last {
		v.problemf("%s: the chain is broken between n=%d and n=%d", d.name, d.at, c.N)
	}
	d.at, d.last = c.N, c.Hash()
}

func (d *deskState) skip() {
	for c, ok := d.rejected[d.at+1]; ok && c.Prev == d.last; c, ok = d.rejected[d.at+1] {
		d.at, d.last = c.N, c.Hash()
	}
}

func (v *verifier) heads() error {
	for _, d := range v.desks {
		if d.skip(); d.at != d.n || d.last != d.hash {
			v.problemf("%s: the chain ends at n=%d, its head says %d", d.name, d.at, d.n)
		}
	}
	return nil
}

var _ server.Journal = (*Store)(nil)
