package recognize

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"time"

	"schalter/data/record"
)

// Words that another desk owes: it made what is shown, and is lost, or has nothing to read with. After a while
// any other desk may read the document instead, and says so by the same change. There may be a thousand of them
// that know nothing of each other and all begin at eight in the morning. So each waits for a time of its own,
// which follows from what it is and what the document is: most wait long, and about one in a thousand hardly at
// all, so that of many desks few are early, of few one is late, and the others have its words before it is their
// turn. Should two read the same, one of the versions is shown everywhere.
const (
	patience = 4 * time.Hour    // that the desk which made it has; a thick stack before it takes less
	settling = 10 * time.Minute // after the start, until what others have done is here
	rounds   = 10               // of waiting; in each there may be twice as many desks as in the one before
	round    = 10 * time.Minute // longer than a document takes to be read and known everywhere
)

// turn is how long this desk waits for others to take a document over.
func turn(desk, document record.ID, shown record.Hash) time.Duration {
	h := sha256.Sum256([]byte("schalter/turn/1 " + string(desk) + " " + string(document) + " " + string(shown)))
	part := func(b []byte) float64 { return float64(binary.BigEndian.Uint64(b)>>11) / (1 << 53) }
	k := math.Floor(math.Log2(1 + part(h[:8])*(1<<rounds-1)))
	return time.Duration((k + part(h[8:16])) * float64(round))
}

// owed lists the documents of other desks whose turn it is to be read here.
func (q *Queue) owed(ctx context.Context) (list []paper, err error) {
	now := q.Clock()
	if now.Before(q.begun.Add(settling)) || q.Fresh != nil && !q.Fresh() {
		return nil, nil
	}
	waiting, err := q.Store.Owed(ctx, now.Add(-patience), mostPapers)
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	id, err := q.Store.Identity(ctx)
	if err != nil {
		return nil, err
	}
	for _, w := range waiting {
		if w.Gone {
			if err := q.Store.Heard(ctx, w.Document.ID, w.Document.Shown.Hash); err != nil {
				return nil, err
			}
			continue
		}
		from := w.Owed.Add(patience)
		if begun := q.begun.Add(settling); from.Before(begun) {
			from = begun
		}
		if !now.Before(from.Add(turn(id.Device, w.Document.ID, w.Document.Shown.Hash))) {
			list = append(list, paper{matter: w.Case, doc: w.Document})
		}
	}
	return list, nil
}
