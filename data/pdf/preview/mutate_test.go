package preview

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"schalter/data/record"
)

// TestMutatedFiles damages files in many ways: each is shown or refused, and the desk's process lives.
// SCHALTER_LONG=1 makes 10,000 of them from the fixtures, SCHALTER_LONG=n makes n.
func TestMutatedFiles(t *testing.T) {
	seeds := [][]byte{
		pages("eins", "zwei"), filled("Erika", true), annotated(true), asTIFF(halves(40, 30), halves(30, 40)),
		asPNG(t, halves(40, 30)), asJPEG(t, halves(40, 30)),
	}
	count := 300
	if long := os.Getenv("SCHALTER_LONG"); long != "" {
		if count, _ = strconv.Atoi(long); count < 2 {
			count = 10_000
		}
		files, _ := filepath.Glob(filepath.Join(fixtures(t), "[a-z]*__*.pdf"))
		for _, path := range files {
			if b, err := os.ReadFile(path); err == nil && len(b) < 100<<10 {
				seeds = append(seeds, b)
			}
		}
	}
	limits := Options{JobTime: time.Second}
	if longRun() {
		limits = Options{} // a desk's own
	}
	r := newRenderer(t, limits)
	random := rand.New(rand.NewPCG(1, 2))
	outcome := map[record.Code]int{}
	for i := range count {
		data := mutate(random, seeds[i%len(seeds)])
		_, took, err := showAndTime(r, data, "")
		if took > 10*time.Second {
			t.Errorf("mutation %d took %v", i, took)
		}
		var e *record.Error
		if err != nil && !errors.As(err, &e) {
			t.Fatalf("mutation %d: %v", i, err)
		}
		if _, ok := errors.AsType[*deathError](err); ok {
			if record.CodeOf(err) != record.CodePDFTimeout { // a job out of time ends it, too
				outcome["(helper died)"]++
				t.Logf("mutation %d ended the helper: %v", i, err)
			}
		}
		outcome[record.CodeOf(err)]++
	}
	t.Log(outcome)
	if outcome[""] == 0 || outcome[""] == count {
		t.Errorf("%d of %d shown: the mutations say nothing", outcome[""], count)
	}
	if err := alive(r, pages("danach")); err != nil {
		t.Error(err)
	}
}

// mutate flips, cuts, doubles and overwrites a few places.
func mutate(random *rand.Rand, seed []byte) []byte {
	b := append([]byte{}, seed...)
	for range 1 + random.IntN(8) {
		if len(b) < 32 {
			break
		}
		at := 8 + random.IntN(len(b)-16)
		switch random.IntN(5) {
		case 0:
			b[at] ^= 1 << random.IntN(8)
		case 1:
			b = b[:at]
		case 2:
			n := min(random.IntN(200), len(b)-at)
			b = append(b[:at:at], append(append([]byte{}, b[at:at+n]...), b[at:]...)...)
		case 3:
			copy(b[at:], strconv.Itoa(random.IntN(1<<31)))
		case 4:
			from := random.IntN(len(b))
			copy(b[at:], b[from:min(len(b), from+random.IntN(64))])
		}
	}
	return b
}
