package store_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"schalter/data/record"
	"schalter/data/store"
)

const hastyDir, hastyHeld = "SCHALTER_STORE_HASTY", "SCHALTER_STORE_HELD"

// hasty submits as many cases as make the index follow, says so, and is dead: with the index held back
// between the two transactions for sure, without somewhere in the second.
func hasty(dir string) {
	ctx := context.Background()
	must := func(err error) {
		if err != nil {
			fmt.Println("FAILED", err)
			os.Exit(1)
		}
	}
	s, err := store.Open(ctx, dir, options())
	must(err)
	if os.Getenv(hastyHeld) != "" {
		s.StopIndexer()
	}
	for i := range store.StaleCases {
		c, err := s.Submit(ctx, "", named(fmt.Sprintf("Eilig%02dx", i)))
		must(err)
		fmt.Println("ACK", c.Number)
	}
	self, err := os.FindProcess(os.Getpid())
	must(err)
	must(self.Kill())
	select {} // it may take a moment
}

// named is a case that is found by one word.
func named(word string) []record.Edit {
	e := opening(record.NewID())
	return append(e, record.Edit{Case: e[0].Case, Kind: record.KindNote, User: "weber", Payload: record.Note{Text: word}})
}

// enrolled makes a store that gives numbers.
func enrolled(t testing.TB, dir string) *store.Store {
	t.Helper()
	s, err := store.Create(t.Context(), dir, options())
	check(t, err)
	id, err := s.Identity(t.Context())
	check(t, err)
	id.Office, id.Desk = "MS", 1
	check(t, s.SetIdentity(t.Context(), id))
	return s
}

// finds fails unless a word is found in exactly one case, that of the number.
func finds(t testing.TB, s *store.Store, word, number string) {
	t.Helper()
	hits, err := s.Find(t.Context(), word, 5)
	check(t, err)
	if len(hits) != 1 || hits[0].Case.Number != number {
		t.Errorf("%q finds %d cases, want only %s", word, len(hits), number)
	}
}

func unindexed(t testing.TB, s *store.Store, want int) {
	t.Helper()
	n, err := s.Unindexed(t.Context())
	check(t, err)
	if n != want {
		t.Errorf("the index does not know %d cases, want %d", n, want)
	}
}

func TestFindRightAfterSubmit(t *testing.T) {
	dir := t.TempDir()
	s := enrolled(t, dir)
	var numbers []string
	for i := range store.StaleCases + 3 { // beyond where the index follows
		word := fmt.Sprintf("Wort%02dx", i)
		c, err := s.Submit(t.Context(), "", named(word))
		check(t, err)
		finds(t, s, word, c.Number)
		numbers = append(numbers, c.Number)
	}
	_, err := s.Apply(t.Context(), record.Edit{Case: caseOf(t, s, numbers[0]), Kind: record.KindNote, User: "weber", Payload: record.Note{Text: "Nachtrag"}})
	check(t, err)
	finds(t, s, "nachtrag", numbers[0])
	check(t, s.Close())

	s, err = store.Open(t.Context(), dir, options())
	check(t, err)
	defer s.Close()
	if n, err := s.Unindexed(t.Context()); err != nil || n >= store.StaleCases {
		t.Errorf("%d cases were left to the next start, %v", n, err)
	}
	for i, number := range numbers {
		finds(t, s, fmt.Sprintf("wort%02dx", i), number)
	}
	finds(t, s, "nachtrag", numbers[0])
	report, err := s.Verify(t.Context(), nil)
	check(t, err)
	for _, p := range report.Problems {
		t.Error(p)
	}
}

func caseOf(t testing.TB, s *store.Store, number string) record.ID {
	t.Helper()
	hits, err := s.Find(t.Context(), number, 1)
	check(t, err)
	if len(hits) != 1 {
		t.Fatalf("%s is not found", number)
	}
	return hits[0].Case.ID
}

// TestKillBetweenSaveAndIndex kills a program that was quicker than its index: what was acknowledged is found
// at once after the next start, and the next start brings the index up.
func TestKillBetweenSaveAndIndex(t *testing.T) {
	for _, held := range []string{"", "1"} {
		t.Run("held="+held, func(t *testing.T) {
			dir := t.TempDir()
			check(t, enrolled(t, dir).Close())
			cmd := exec.CommandContext(t.Context(), os.Args[0])
			cmd.Env = append(os.Environ(), hastyDir+"="+dir, hastyHeld+"="+held)
			out, err := cmd.Output()
			numbers := strings.Fields(strings.ReplaceAll(string(out), "ACK", ""))
			if err == nil || len(numbers) != store.StaleCases {
				t.Fatalf("%v: %s", err, out)
			}
			s, err := store.Open(t.Context(), dir, options())
			check(t, err)
			for i, number := range numbers {
				finds(t, s, fmt.Sprintf("eilig%02dx", i), number)
			}
			check(t, s.Close())

			s, err = store.Open(t.Context(), dir, options())
			check(t, err)
			defer s.Close()
			unindexed(t, s, 0)
			for i, number := range numbers {
				finds(t, s, fmt.Sprintf("eilig%02dx", i), number)
			}
		})
	}
}

// However many cases the index is behind, no save waits for more than a portion of them.
func TestTheIndexIsBroughtUpInPortions(t *testing.T) {
	dir := t.TempDir()
	s := enrolled(t, dir)
	s.StopIndexer()
	first := ""
	for i := range 2*store.IndexPortion + 1 {
		c, err := s.Submit(t.Context(), "", named(fmt.Sprintf("Wort%03dx", i)))
		check(t, err)
		if i == 0 {
			first = c.Number
		}
	}
	check(t, s.IndexOnce(t.Context()))
	unindexed(t, s, store.IndexPortion+1)
	check(t, s.Close())

	s, err := store.Open(t.Context(), dir, options())
	check(t, err)
	check(t, s.Close()) // what was begun at the start is brought to its end
	s, err = store.Open(t.Context(), dir, options())
	check(t, err)
	defer s.Close()
	unindexed(t, s, 0)
	finds(t, s, "wort000x", first)
	report, err := s.Verify(t.Context(), nil)
	check(t, err)
	for _, p := range report.Problems {
		t.Error(p)
	}
}
