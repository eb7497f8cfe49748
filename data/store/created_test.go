package store

import (
	"context"
	"strings"
	"testing"
)

// An older store learns when its cases were begun.
func TestMigrationFillsWhenCasesWereBegun(t *testing.T) {
	s := desk(t, 1)
	for range 3 {
		submit(t, s, "Weber", "Ina", "Rex")
	}
	begun := func() (out []int64) {
		check(t, s.read(t.Context(), func(ctx context.Context, x *tx) error {
			return x.each(ctx, `SELECT created FROM cases ORDER BY key`, nil, collect(&out))
		}))
		return out
	}
	want := begun()
	steps, err := migrations(migrationFiles)
	check(t, err)
	_, fill, found := strings.Cut(steps[7].script, ";")
	fill, _, _ = strings.Cut(fill, "CREATE INDEX")
	if !found || !strings.Contains(fill, "UPDATE cases") {
		t.Fatalf("not the migration: %s", fill)
	}
	check(t, s.write(t.Context(), func(ctx context.Context, x *tx) error {
		if err := x.exec(ctx, `UPDATE cases SET created = 0`); err != nil {
			return err
		}
		return x.exec(ctx, fill)
	}))
	got := begun()
	if len(want) != 3 || want[0] == 0 {
		t.Fatal(want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("case %d: %d, want %d", i, got[i], want[i])
		}
	}
}
