package store

import (
	"context"
	"errors"
	"fmt"
	"sort"
)

// slot is one row of table tally.
type slot struct {
	list   string
	level  int
	bucket int64
}

// How far a time is shifted for the buckets of a level; level 0 has one bucket.
var levelShift = [...]uint{63, 31, 21}

// The lists that are counted.
const (
	listOpen     = "open"
	listDone     = "done"
	listConflict = "conflict"
	listUser     = "user/"
)

// lists tells which lists a row is in.
func (r row) lists() (out []string) {
	switch r.shelf {
	case shelfOpen:
		out = append(out, listOpen, listUser+r.user)
	case shelfDone:
		out = append(out, listDone)
	default:
		return nil
	}
	if r.conflicts > 0 {
		out = append(out, listConflict)
	}
	return out
}

func bucketOf(level int, updated int64) int64 {
	if level == 0 {
		return 0
	}
	return updated >> levelShift[level]
}

func (b *batch) count(r row, by int) {
	for _, list := range r.lists() {
		for level := range levelShift {
			b.tally[slot{list, level, bucketOf(level, r.updated)}] += by
		}
	}
}

func (b *batch) saveTally(ctx context.Context) error {
	slots := make([]slot, 0, len(b.tally))
	for k, n := range b.tally {
		if n != 0 {
			slots = append(slots, k)
		}
	}
	sort.Slice(slots, func(i, j int) bool {
		a, c := slots[i], slots[j]
		return a.list < c.list || a.list == c.list && (a.level < c.level || a.level == c.level && a.bucket < c.bucket)
	})
	for _, k := range slots {
		var left int
		if _, err := b.one(ctx, `INSERT INTO tally (list, level, bucket, n) VALUES (?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET n = n + excluded.n RETURNING n`, args(k.list, k.level, k.bucket, b.tally[k]), &left); err != nil {
			return err
		}
		if left > 0 {
			continue
		}
		if err := b.exec(ctx, `DELETE FROM tally WHERE list = ? AND level = ? AND bucket = ?`, k.list, k.level, k.bucket); err != nil {
			return err
		}
	}
	return nil
}

// total is how many cases a list holds.
func (t *tx) total(ctx context.Context, list string) (n int, err error) {
	_, err = t.one(ctx, `SELECT n FROM tally WHERE list = ? AND level = 0 AND bucket = 0`, args(list), &n)
	return n, err
}

// since is how many cases of a list were changed at or after a time.
func (t *tx) since(ctx context.Context, list string, from int64) (n int, err error) {
	top, low := from>>levelShift[1], from>>levelShift[2]
	if _, err = t.one(ctx, `SELECT coalesce(sum(n), 0) FROM tally WHERE list = ? AND level = 1 AND bucket > ?`,
		args(list, top), &n); err != nil {
		return 0, err
	}
	var within, inside int
	if _, err = t.one(ctx, `SELECT coalesce(sum(n), 0) FROM tally WHERE list = ? AND level = 2 AND bucket > ? AND bucket < ?`,
		args(list, low, (top+1)<<(levelShift[1]-levelShift[2])), &within); err != nil {
		return 0, err
	}
	where, arg := listWhere(list)
	_, err = t.one(ctx, `SELECT count(*) FROM cases WHERE `+where+` AND updated >= ? AND updated < ?`,
		append(arg, from, (low+1)<<levelShift[2]), &inside)
	return n + within + inside, err
}

// listWhere is the condition of a list, as its index has it.
func listWhere(list string) (string, []any) {
	switch list {
	case listOpen:
		return "shelf = 1", nil
	case listDone:
		return "shelf = 2", nil
	case listConflict:
		return "conflicts > 0 AND shelf > 0", nil
	}
	return "shelf = 1 AND user = ?", args(list[len(listUser):])
}

// jump finds where the row number offset of a list stands, counted from the last changed: the rows before
// the time below are left out, skip of those left come before it.
func (t *tx) jump(ctx context.Context, list string, offset int) (below int64, skip int, err error) {
	below, skip = 1<<62, offset
	for level := 1; level < len(levelShift); level++ {
		floor := int64(-1 << 62)
		if level > 1 { // stay inside the bucket found on the level above
			floor = (below>>levelShift[level-1] - 1) << levelShift[level-1]
		}
		if below, skip, err = t.descend(ctx, list, level, floor, below, skip); err != nil {
			return 0, 0, fmt.Errorf("list %s: %w", list, err)
		}
	}
	return below, skip, nil
}

// descend walks the buckets of one level between floor and below and leaves out those that come whole
// before the wanted row.
func (t *tx) descend(ctx context.Context, list string, level int, floor, below int64, skip int) (_ int64, _ int, err error) {
	shift := levelShift[level]
	rows, err := t.query(ctx, `SELECT bucket, n FROM tally WHERE list = ? AND level = ? AND bucket < ? AND bucket >= ?
		ORDER BY bucket DESC`, list, level, ceil(below, shift), floor>>shift)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var bucket int64
		var n int
		if err := rows.Scan(&bucket, &n); err != nil {
			return 0, 0, err
		}
		below = (bucket + 1) << shift
		if skip < n {
			break
		}
		skip -= n
		below = bucket << shift
	}
	return below, skip, rows.Err()
}

func ceil(v int64, shift uint) int64 { return (v + 1<<shift - 1) >> shift }
