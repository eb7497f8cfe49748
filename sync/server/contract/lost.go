package contract

import (
	"slices"
	"testing"
	"time"

	"schalter/data/record"
	"schalter/sync/server"
)

// loser asks a journal about lost files and fails the test when it errs.
type loser struct {
	*testing.T
	j server.Journal
}

func (l loser) keep(files ...record.Hash) {
	l.Helper()
	if err := l.j.KeepFiles(l.Context(), "ms", files...); err != nil {
		l.Fatal(err)
	}
}

func (l loser) lose(want int, now time.Time, files ...record.Hash) {
	l.Helper()
	if n, err := l.j.LoseFiles(l.Context(), "ms", now, files...); err != nil || n != want {
		l.Fatalf("%d news, want %d, %v", n, want, err)
	}
}

// lost wants these files and returns the mark.
func (l loser) lost(tenant string, after record.Hash, limit int, want ...record.Hash) uint64 {
	l.Helper()
	mark, files, err := l.j.LostFiles(l.Context(), tenant, after, limit)
	if err != nil || !slices.Equal(files, want) {
		l.Errorf("%s: %v are lost, want %v, %v", tenant, files, want, err)
	}
	return mark
}

// lostFiles: what was complete once is missed when it is gone, and everybody of that authority can learn it.
func lostFiles(t *testing.T, j server.Journal) {
	AddAuthority(t, j, "Musterstadt", "MS", "ms")
	AddAuthority(t, j, "Nebenstadt", "NS", "ns")
	var all []record.Hash
	for _, s := range []string{"a", "b", "c", "d"} {
		all = append(all, record.HashOf([]byte(s)))
	}
	slices.Sort(all)
	l := loser{t, j}
	l.lose(0, Now, all...)
	if l.lost("ms", "", 9) != 0 {
		t.Error("nothing was here, and something was lost")
	}
	l.keep(all[:3]...)
	l.keep(all[:3]...)
	l.lose(2, Now, all[1:]...)
	first := l.lost("ms", "", 9, all[1:3]...)
	l.lose(0, Now, all[1:]...)
	if first == 0 || l.lost("ms", "", 0) != first || l.lost("ms", "", 1, all[1]) != first || l.lost("ms", all[1], 9, all[2]) != first {
		t.Error("the mark is not the same as long as nothing more is lost")
	}
	if l.lost("ns", "", 9) != 0 {
		t.Error("another authority learns of it")
	}
	l.keep(all[1])
	l.lose(1, Now.Add(-time.Hour), all[0]) // the clock was set back
	if l.lost("ms", "", 9, all[0], all[2]) <= first {
		t.Error("the mark is not higher after another loss")
	}
	l.known(map[record.Hash]bool{all[0]: true, all[1]: false, all[2]: true})
}

// known wants every file that was ever complete, in order, and whether it is lost.
func (l loser) known(want map[record.Hash]bool) {
	l.Helper()
	var last record.Hash
	err := l.j.KnownFiles(l.Context(), "ms", func(h record.Hash, gone bool) error {
		lost, there := want[h]
		if !there || lost != gone || h <= last {
			l.Errorf("%s: lost %v", h, gone)
		}
		delete(want, h)
		last = h
		return nil
	})
	if err != nil || len(want) > 0 {
		l.Errorf("%v are not known, %v", want, err)
	}
}
