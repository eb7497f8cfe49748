package capture

import (
	"context"
	"errors"
	"time"

	"schalter/data/record"
)

// jobPatience is how long the end waits for papers that are still coming in. What has not come by then is
// let go: the pages that came before are in the draft, a file is still where the clerk took it from.
const jobPatience = 3 * time.Second

// PutAway stores everything typed, parks it and closes all tabs; done is called on the model's goroutine,
// with nil once all of it is durable. It does not block: the clerk may type on, and what she types is stored
// as well. Scanning ends, and the pages that have come are kept. After a nil the model is at its end; after
// an error all tabs are still there.
func (m *Model) PutAway(ctx context.Context, done func(error)) {
	p := &puttingAway{m: m, ctx: ctx, done: done, seen: map[*Tab]bool{}, late: make(chan struct{})}
	p.stop = m.w.Run.After(jobPatience, func() { close(p.late) })
	p.step()
}

// Close is [Model.PutAway] for whoever can wait, as at the end when nobody runs the window any more: the
// caller's goroutine is the model's meanwhile.
func (m *Model) Close(ctx context.Context) error {
	var err error
	ended := false
	m.PutAway(ctx, func(e error) { err, ended = e, true })
	for m.lane.work(); !ended; m.lane.work() {
		<-m.lane.bell
	}
	return err
}

// puttingAway goes round until nothing comes in any more and nothing typed is unsaved.
type puttingAway struct {
	m    *Model
	ctx  context.Context //nolint:containedctx // it lives exactly as long as the putting away
	done func(error)
	seen map[*Tab]bool
	late chan struct{} // closed when jobs are not waited for any longer
	stop func()
}

func (p *puttingAway) step() {
	jobs, submits := p.m.underWay()
	if p.over() {
		jobs = nil
	}
	if len(jobs)+len(submits) > 0 {
		p.away(func() error { return p.wait(jobs, submits) })
		return
	}
	savers := p.unsaved()
	if len(savers) == 0 {
		p.stop()
		p.m.end()
		p.done(nil)
		return
	}
	p.away(func() error {
		var errs []error
		for _, s := range savers {
			errs = append(errs, s.Flush(p.ctx))
		}
		return errors.Join(errs...)
	})
}

// away runs work beside the window and goes round once more when it went well.
func (p *puttingAway) away(work func() error) {
	p.m.w.Run.Go(func() {
		err := work()
		p.m.w.Run.Do(func() {
			if err == nil {
				p.step()
				return
			}
			p.stop()
			p.m.again()
			if errors.Is(err, context.DeadlineExceeded) {
				err = record.E(record.CodeStoreSlow, err)
			}
			p.done(err)
		})
	})
}

func (p *puttingAway) over() bool {
	select {
	case <-p.late:
		return true
	case <-p.ctx.Done():
		return true
	default:
		return false
	}
}

// wait waits for papers as long as there is patience, and for the store's answer to a submit as long as
// there is time at all: until it came, what was typed is in no other place.
func (p *puttingAway) wait(jobs, submits []<-chan struct{}) error {
	for _, j := range jobs {
		select {
		case <-j:
		case <-p.late:
		case <-p.ctx.Done():
		}
	}
	for _, s := range submits {
		select {
		case <-s:
		case <-p.ctx.Done():
			return p.ctx.Err()
		}
	}
	return nil
}

// unsaved parks the drafts that are not stored as they are now and returns what stores them.
func (p *puttingAway) unsaved() []*saver {
	var out []*saver
	for _, t := range p.m.tabs {
		if !t.begun || t.phase != Filling || p.seen[t] && !t.draft.Live && !t.saver.State().Dirty {
			continue
		}
		p.seen[t] = true
		t.draft.Live = false
		t.saver.Now(t.snapshot())
		out = append(out, t.saver)
	}
	return out
}

// underWay ends scanning and lists what is still coming in and what the store has not answered yet.
func (m *Model) underWay() (jobs, submits []<-chan struct{}) {
	for _, t := range m.tabs {
		for _, j := range t.jobs {
			if j.kind == JobScan {
				j.cancel()
			}
			jobs = append(jobs, j.ended)
		}
		if t.phase == Submitting {
			submits = append(submits, t.answered)
		}
	}
	return jobs, submits
}

// again lets the drafts count as being typed: they could not be put away.
func (m *Model) again() {
	for _, t := range m.tabs {
		if t.begun && t.phase == Filling && !t.draft.Live {
			t.draft.Live = true
			t.saver.Typed(t.snapshot())
		}
	}
}

// end closes the tabs and lets go of whatever is still running for them.
func (m *Model) end() {
	m.stop()
	for _, t := range m.tabs {
		t.closed = true
		_ = t.saver.Stop(m.ctx) // nothing is being written
	}
	m.tabs, m.active = nil, nil
	m.w.Changed(nil, PartTabs|PartFields|PartSave|PartPapers|PartChecks|PartPhase, nil)
}
