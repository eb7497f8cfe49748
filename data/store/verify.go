package store

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"slices"

	"schalter/data/record"
	"schalter/sync/merge"
)

// Report says what a check of the store looked at and what it found.
type Report struct {
	Pages    int64    // pages of the database whose seal was checked
	Changes  int64    // changes of the journal that were hashed
	Devices  int64    // chains that were followed
	Cases    int64    // cases that were folded anew and compared
	Signed   int64    // transfer notes of scans whose signature stands
	Problems []string // empty: all is well
	Notes    []string // known oddities that were kept on purpose, such as faulty changes of others
}

// maxProblems bounds the report; a broken disk has no interest in listing every page.
const maxProblems = 100

func (r *Report) problemf(format string, a ...any) {
	if len(r.Problems) < maxProblems {
		r.Problems = append(r.Problems, fmt.Sprintf(format, a...))
	}
}

func (r *Report) notef(format string, a ...any) {
	if len(r.Notes) < maxProblems {
		r.Notes = append(r.Notes, fmt.Sprintf(format, a...))
	}
}

// Verify reads the whole store: the seal of every page, SQLite's own check, the hash and the chain of
// every change, and every case against its journal. Problems are in the report; the error is for what
// kept it from looking. Work goes on meanwhile.
func (s *Store) Verify(ctx context.Context, progress func(done, total int64)) (r Report, err error) {
	if progress == nil {
		progress = func(int64, int64) {}
	}
	pages, bad, err := s.vfs.CheckPages(ctx, s.path())
	if err != nil {
		return r, s.explain(err)
	}
	r.Pages = pages
	for _, p := range bad {
		r.problemf("page %d is damaged", p)
	}
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		var changes, cases int64
		if _, err := t.one(ctx, `SELECT (SELECT count(*) FROM journal), (SELECT count(*) FROM cases)`, nil, &changes, &cases); err != nil {
			return err
		}
		v := verifier{tx: t, Report: &r, total: changes + cases, progress: progress, signers: map[record.ID][]byte{}}
		if id := t.identity(); len(id.Key) == ed25519.SeedSize {
			v.signers[id.Device], _ = ed25519.NewKeyFromSeed(id.Key).Public().(ed25519.PublicKey)
		}
		for _, step := range []func(context.Context) error{v.integrity, v.chains, v.cases, v.numbers, v.forms, v.register, v.counts, v.tray} {
			if err := step(ctx); err != nil {
				if codeOf(err) != record.CodeStoreDamaged {
					return err
				}
				r.problemf("%v", err)
			}
		}
		return nil
	})
	return r, err
}

type verifier struct {
	*tx
	*Report
	done, total int64
	keys        int64 // of the register of persons, that belong to cases
	signers     map[record.ID][]byte
	progress    func(done, total int64)
}

func (v *verifier) step() {
	if v.done++; v.done%500 == 0 || v.done == v.total {
		v.progress(v.done, v.total)
	}
}

func (v *verifier) integrity(ctx context.Context) error {
	for _, q := range []string{`PRAGMA integrity_check(100)`, `SELECT "table" || ': ' || rowid || ' refers to nothing' FROM pragma_foreign_key_check LIMIT 100`} {
		err := v.each(ctx, q, nil, func(scan func(...any) error) error {
			var line string
			if err := scan(&line); err != nil {
				return err
			}
			if line != "ok" {
				v.problemf("database: %s", line)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// chains follows every device's changes. Those of this desk must be without gap; of others, and of what this
// desk was before, only those are here that this desk may see.
func (v *verifier) chains(ctx context.Context) error {
	own, err := v.own(ctx)
	if err != nil {
		return err
	}
	self, forked := v.identity().Device, false
	var last []entry // with the latest number; more than one where a device went on from an older state
	return v.entries(ctx, ` ORDER BY j.device, j.n, j.key`, nil, func(e entry) error {
		v.Changes++
		v.step()
		if len(last) == 0 || e.Device != last[0].Device {
			v.Devices++
			last = []entry{{}}
		}
		twice := e.N == last[0].N
		switch {
		case e.fault != "":
			v.notef("change %s of device %s is kept with the fault %q", e.ID, e.Device, e.fault)
		case e.Check() != nil:
			v.problemf("%v", e.Check())
		case twice && own[e.Device]:
			if !forked {
				v.notef("number %d of this desk is here twice: the desk or a copy of it went on from an older state and has to be enrolled anew", e.N)
			}
			forked = true
		case !twice && e.Device == self && e.N != last[0].N+1:
			v.problemf("own change %s is number %d after %d", e.ID, e.N, last[0].N)
		case breaks(e, last):
			v.problemf("change %s does not follow %s", e.ID, last[0].ID)
		}
		if twice {
			last = append(last, e)
		} else {
			last = []entry{e}
		}
		return nil
	})
}

// breaks tells that a change comes right behind others of its device and follows none of them.
func breaks(e entry, last []entry) bool {
	return last[0].N > 0 && e.N == last[0].N+1 && !slices.ContainsFunc(last, func(b entry) bool { return e.Prev == b.Hash() })
}

// own are the devices that this desk is or was.
func (v *verifier) own(ctx context.Context) (map[record.ID]bool, error) {
	own := map[record.ID]bool{}
	err := v.each(ctx, `SELECT id FROM device WHERE own = 1`, nil, func(scan func(...any) error) error {
		var id record.ID
		err := scan(idOf{&id})
		own[id] = true
		return err
	})
	return own, err
}

// cases folds every case anew.
func (v *verifier) cases(ctx context.Context) error {
	return v.eachCase(ctx, func(key int64, body []byte) error {
		v.Cases++
		v.step()
		return v.compare(ctx, key, body)
	})
}

func (v *verifier) compare(ctx context.Context, key int64, body []byte) error {
	changes, err := v.believed(ctx, key)
	if err != nil {
		return err
	}
	c, err := merge.Replay(changes)
	if err != nil {
		v.problemf("case %d: %v", key, err)
		return nil
	}
	var kept record.Case
	if len(body) > 0 {
		if err := json.Unmarshal(body, &kept); err != nil {
			v.problemf("case %d: %v", key, err)
			return nil
		}
	}
	a, err := json.Marshal(c)
	if err != nil {
		return err
	}
	b, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	if !bytes.Equal(a, b) {
		v.problemf("case %s is not what its journal makes of it", c.ID)
	}
	if err := v.party(ctx, key, c); err != nil {
		return err
	}
	if err := v.papers(ctx, key, c); err != nil {
		return err
	}
	return v.lending(ctx, key, c)
}

// numbers finds case numbers that two desks have given because one was a copy of the other. They stand on paper
// by now, so nothing can be done but to know of it.
func (v *verifier) numbers(ctx context.Context) error {
	return v.each(ctx, `SELECT number, count(*) FROM cases WHERE number <> '' GROUP BY number HAVING count(*) > 1`, nil, func(scan func(...any) error) error {
		var number string
		var n int
		err := scan(&number, &n)
		v.notef("the number %s stands on %d cases: one desk was a copy of another", number, n)
		return err
	})
}

// counts compares every kept number with the rows it counts.
func (v *verifier) counts(ctx context.Context) error {
	for what, query := range map[string]string{
		"waiting changes":   perCase("waiting", "outbox", "true"),
		"refused changes":   perCase("rejected", "rejected", "true"),
		"unplaced changes":  perCase("loose", "journal", "seq IS NULL AND matter IS NOT NULL"),
		"the outbox":        `SELECT count(*) FROM outbox o JOIN journal j ON j.key = o.journal WHERE j.seq IS NOT NULL`,
		"files of cases":    `SELECT count(*) FROM cases WHERE files <> (SELECT count(DISTINCT f.key) FROM document d JOIN document_file l ON l.document = d.key JOIN file f ON f.key = l.file WHERE d.matter = cases.key AND f.sent = 0)`,
		"the search index":  `SELECT count(*) FROM cases c LEFT JOIN find_case_docsize d ON d.id = c.key WHERE c.shelf > 0 AND c.stale = 0 AND d.id IS NULL`,
		"the list of open":  tallyCheck(`'open'`, `shelf = 1`),
		"the list of done":  tallyCheck(`'done'`, `shelf = 2`),
		"the conflict list": tallyCheck(`'conflict'`, `shelf > 0 AND conflicts > 0`),
		"the scans' lists":  scansCheck,
		"the users' lists":  tallyCheck(`'user/' || user`, `shelf = 1`),
	} {
		var wrong int
		if _, err := v.one(ctx, query, nil, &wrong); err != nil {
			return err
		}
		if wrong > 0 {
			v.problemf("%s: %d counts are wrong", what, wrong)
		}
	}
	return nil
}

// perCase counts the cases that do not know how many rows of a table are theirs.
func perCase(column, table, where string) string {
	return `SELECT count(*) FROM cases LEFT JOIN (SELECT matter, count(*) n FROM ` + table + ` WHERE ` + where +
		` GROUP BY matter) x ON x.matter = cases.key WHERE ` + column + ` <> coalesce(x.n, 0)`
}

// tallyCheck counts the slots of a list that differ from the rows, in either direction.
func tallyCheck(list, where string) string {
	rows := `SELECT ` + list + ` l, 0 v, 0 b FROM cases WHERE ` + where +
		` UNION ALL SELECT ` + list + `, 1, updated >> 31 FROM cases WHERE ` + where +
		` UNION ALL SELECT ` + list + `, 2, updated >> 21 FROM cases WHERE ` + where
	kept := `SELECT list, level, bucket, n FROM tally WHERE list ` + map[bool]string{true: `LIKE 'user/%'`, false: `= ` + list}[list[1] == 'u']
	real := `SELECT l, v, b, count(*) FROM (` + rows + `) GROUP BY l, v, b`
	return `SELECT (SELECT count(*) FROM (` + real + ` EXCEPT ` + kept + `)) + (SELECT count(*) FROM (` + kept + ` EXCEPT ` + real + `))`
}
