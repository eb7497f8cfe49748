package recognize

import (
	"context"

	"schalter/data/page"
	"schalter/data/page/code"
	"schalter/data/record"
	"schalter/data/sorting"
)

// Tray is the tray "Unsortiert" (data/store).
type Tray interface {
	Tray(ctx context.Context) ([]sorting.Stack, error)
	ChangeTray(ctx context.Context, pages []record.ID, f func(*sorting.Page)) error
}

// lookIntoTray looks at a page of the tray that nobody has looked at for codes, emptiness and its angle: the
// screen does it while paper comes in, and the program may have ended before. More tells that there may be others.
func (q *Queue) lookIntoTray(ctx context.Context) (more bool) {
	if q.Tray == nil || q.scans() {
		return false
	}
	stacks, err := q.Tray.Tray(ctx)
	if err != nil {
		return false // with the next change, or after a while
	}
	for _, st := range stacks {
		for _, p := range st.Pages {
			if p.Read || p.Filed != "" || q.cannot[p.ID] {
				continue
			}
			if err := q.lookAt(ctx, p); err != nil {
				q.cannot[p.ID] = ctx.Err() == nil // it is shown as it came; the screen says what is wrong with it
			}
			return ctx.Err() == nil
		}
	}
	return false
}

func (q *Queue) scans() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.holds > 0
}

func (q *Queue) lookAt(ctx context.Context, p sorting.Page) error {
	found, look, err := q.seen(ctx, p)
	if err != nil {
		return err
	}
	return q.Tray.ChangeTray(ctx, []record.ID{p.ID}, func(p *sorting.Page) {
		if p.Read {
			return
		}
		p.Read, p.Codes, p.Damaged, p.Blank = true, sorting.Ours(found.Texts()), found.Lost(), look.Blank
		if p.Skew == 0 { // how a clerk has laid it straight stays
			p.Skew = look.Skew
		}
	})
}

func (q *Queue) seen(ctx context.Context, p sorting.Page) (found code.Result, look page.Findings, err error) {
	q.picture.Lock()
	defer q.freed()
	defer q.picture.Unlock()
	b, err := q.Blobs.ReadAll(p.Original.Blob.Hash, maxPicture)
	if err != nil {
		return found, look, err
	}
	m, err := page.Decode(b)
	if err != nil {
		return found, look, err
	}
	if found, err = code.Read(ctx, m, code.Options{DPI: p.DPI}); err != nil {
		return found, look, err
	}
	return found, page.Look(m, p.DPI), nil
}

func (q *Queue) freed() {
	if q.Freed != nil {
		q.Freed()
	}
}
