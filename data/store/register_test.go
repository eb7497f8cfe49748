package store

import (
	"fmt"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"schalter/data/record"
	"schalter/data/store/cryptvfs"
)

func TestTheRegisterHasNoGaps(t *testing.T) {
	ctx := t.Context()
	s, two, c := desk(t, 1), desk(t, 2), newCentre()
	scan, doc := paper(record.NewID(), "Zeugnis")
	_, err := s.Submit(ctx, "", append(dog(scan.Case, "Weber", "Ina", "Rex"), scan))
	check(t, err)
	entry := func(number string) record.DocumentCertified {
		return record.DocumentCertified{Document: doc.ID, Number: number, Of: doc.Shown.Hash, Copy: blob("copy"+number, 900), Pages: 3, Purpose: "Finanzamt"}
	}
	next := func(s *Store) string {
		t.Helper()
		n, err := s.NextCopy(ctx)
		check(t, err)
		return n
	}
	if n := next(s); n != "B-MS-1-26/00001" || next(s) != n {
		t.Fatalf("the first number is %q", n)
	}
	// What is not made is not entered, and gives no number away.
	wantCode(t, s.Certify(ctx, scan.Case, "weber", entry("B-MS-1-26/00002")), record.CodeCopyNumber)
	wantCode(t, s.Certify(ctx, record.NewID(), "weber", entry("B-MS-1-26/00001")), record.CodeNotFound)
	bad := entry("B-MS-1-26/00001")
	bad.Copy = record.BlobRef{}
	wantCode(t, s.Certify(ctx, scan.Case, "weber", bad), record.CodeRejected)
	check(t, s.Certify(ctx, scan.Case, "weber", entry(next(s))))
	wantCode(t, s.Certify(ctx, scan.Case, "weber", entry("B-MS-1-26/00001")), record.CodeCopyNumber)

	// Many at once: each asks again until its number is the next.
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for done := 0; done < 5; {
				n, err := s.NextCopy(ctx)
				if err == nil {
					err = s.Certify(ctx, scan.Case, "weber", entry(n))
				}
				switch record.CodeOf(err) {
				case "":
					done++
				case record.CodeCopyNumber:
				default:
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	all, err := s.Register(ctx, time.Time{}, time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC))
	check(t, err)
	for i, r := range all {
		if r.Number != fmt.Sprintf("B-MS-1-26/%05d", i+1) || r.Title != "Zeugnis" || r.CaseNumber == "" || r.Party != "Weber, Ina" || r.User != "weber" || r.Purpose != "Finanzamt" || r.Sides != 2 {
			t.Errorf("line %d: %+v", i+1, r)
		}
	}
	if len(all) != 21 {
		t.Errorf("%d lines", len(all))
	}
	if some, _ := s.Register(ctx, all[5].Time, all[7].Time); len(some) != 2 || some[0].Number != all[5].Number {
		t.Errorf("a part of the register: %+v", some)
	}
	// Pages that are put in order later do not change what was copied.
	v := version(scan.Case, doc, record.WhyPages, "fewer", false)
	p, _ := v.Payload.(record.DocumentVersion)
	p.Pages = 1
	v.Payload = p
	_, err = s.Apply(ctx, v)
	check(t, err)
	if some, _ := s.Register(ctx, all[5].Time, all[7].Time); len(some) != 2 || some[0].Sides != 2 {
		t.Errorf("after another version: %+v", some)
	}
	// Another desk has a register of its own, and one that was set up anew goes on.
	for c.push(t, s, 100) > 0 {
	}
	for c.pull(t, two, 100) > 0 {
	}
	if n := next(two); n != "B-MS-2-26/00001" {
		t.Errorf("another desk begins with %q", n)
	}
	if theirs, _ := two.Register(ctx, time.Time{}, time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)); len(theirs) > 0 {
		t.Errorf("another desk's register: %+v", theirs)
	}
	again := desk(t, 1)
	for c.pull(t, again, 100) > 0 {
	}
	if n := next(again); n != "B-MS-1-26/00022" {
		t.Errorf("a desk that was set up anew goes on with %q", n)
	}
	files, err := two.FilesToFetch(ctx, 100)
	check(t, err)
	if len(files) != 3+21+1 {
		t.Errorf("%d files to fetch", len(files))
	}
	sound(t, s)
	sound(t, two)
	fresh, err := Create(ctx, t.TempDir(), testOptions())
	check(t, err)
	defer fresh.Close()
	_, err = fresh.NextCopy(ctx)
	wantCode(t, err, record.CodeNotEnrolled)
}

// Whatever fails while a copy is entered: it stands in the register with its number, or neither is given away.
func TestTheRegisterOnABadDisk(t *testing.T) {
	ctx := t.Context()
	s := desk(t, 1)
	scan, doc := paper(record.NewID(), "Zeugnis")
	_, err := s.Submit(ctx, "", append(dog(scan.Case, "Weber", "Ina", "Rex"), scan))
	check(t, err)
	for n := 1; ; n++ {
		number, err := s.NextCopy(ctx)
		check(t, err)
		at := 0
		s.vfs.Intercept(func(op cryptvfs.Op) error {
			if filepath.Ext(op.Path) == ".db-shm" {
				return nil
			}
			if at++; at == n {
				return syscall.EIO
			}
			return nil
		})
		err = s.Certify(ctx, scan.Case, "weber", record.DocumentCertified{Document: doc.ID, Number: number, Of: doc.Shown.Hash, Copy: blob("copy"+number, 900)})
		s.vfs.Intercept(nil)
		after, e := s.NextCopy(ctx)
		check(t, e)
		all, e := s.Register(ctx, time.Time{}, time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC))
		check(t, e)
		if entered := len(all) > 0 && all[len(all)-1].Number == number; entered != (err == nil) || (after != number) != entered {
			t.Fatalf("operation %d: %v, entered %v, the next is %s after %s", n, err, entered, after, number)
		}
		if at < n {
			break
		}
	}
	sound(t, s)
}
