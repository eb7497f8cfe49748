package preview

import (
	"testing"
	"time"

	"schalter/data/record"
)

// TestTheEndOfAJobsTimeIsNeverTakenForADamagedFile gives jobs about as much time as they need: each is done or out of
// time, and the helper that is ended for one is never met by the next.
func TestTheEndOfAJobsTimeIsNeverTakenForADamagedFile(t *testing.T) {
	data := asJPEG(t, halves(900, 700))
	for limit := time.Millisecond; limit < 60*time.Millisecond; limit += limit/4 + time.Millisecond {
		r := New(Options{JobTime: limit})
		for range 12 {
			if _, err := showFirst(r, data, ""); err != nil && record.CodeOf(err) != record.CodePDFTimeout {
				t.Fatalf("%v: %v", limit, err)
			}
		}
		r.Close()
	}
}
