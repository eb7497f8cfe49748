package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
	"schalter/sync/transport"
)

// pushAll sends what waits, batch by batch.
func (e *Engine) pushAll(ctx context.Context) error {
	e.pushing.Lock()
	defer e.pushing.Unlock()
	rewound := false
	for {
		batch, err := e.store.Pending(ctx, protocol.MaxPushChanges, e.batch.size)
		if err != nil || len(batch) == 0 {
			return err
		}
		answer, err := e.push(ctx, batch)
		switch {
		case err == nil:
			e.line.answered(partPush)
			var again bool
			if again, err = e.taken(ctx, batch, answer); again && rewound {
				err = record.E(record.CodeHistoryChanged, fmt.Errorf("the centre keeps asking for change %d", answer.Expect))
			}
			rewound = rewound || again
		case errors.Is(err, protocol.ErrTooLarge):
			err = e.tooLarge(ctx, batch)
		case record.CodeOf(err) == record.CodeHistoryChanged && !rewound:
			rewound = true
			err = e.rewind(ctx, err)
		}
		if err != nil {
			return err
		}
	}
}

// push sends one batch while files give way.
func (e *Engine) push(ctx context.Context, batch []record.Change) (protocol.PushAnswer, error) {
	ids, size := make([]record.ID, len(batch)), 0
	for i, c := range batch {
		ids[i] = c.ID
		size += len(c.Payload) + 400
	}
	e.store.Sending(ids)
	e.line.sending(len(ids))
	defer func() {
		e.store.Sending(nil)
		e.line.sending(0)
	}()
	defer e.up.hold()()
	defer e.down.hold()()
	begun := time.Now()
	answer, err := e.centre.Push(ctx, batch)
	switch took := time.Since(begun); {
	case err == nil:
		e.batch.took(size, took)
	case transport.Timeout(err), record.CodeOf(err) == record.CodeOffline && took > goal:
		e.batch.halve() // perhaps the line is cut before a batch of this size is through
	}
	return answer, err
}

// taken books the centre's answer. again means that the store had to queue older changes anew.
func (e *Engine) taken(ctx context.Context, batch []record.Change, a protocol.PushAnswer) (again bool, err error) {
	cursor, err := e.store.Cursor(ctx)
	if err != nil {
		return false, err
	}
	if cursor.History != "" && a.History != "" && a.History != cursor.History {
		return true, e.beginAnew(ctx, a.History)
	}
	placed, rejected, err := a.Match(batch)
	if err != nil {
		return false, err
	}
	if len(placed) > 0 {
		if err := e.store.Accepted(ctx, placed); err != nil {
			return false, err
		}
	}
	for _, r := range rejected {
		if err := e.store.Rejected(ctx, r.ID, r.Code, r.Detail); err != nil {
			return false, err
		}
	}
	if len(a.Results) > 0 {
		return false, nil
	}
	if a.Expect < batch[0].N {
		// It waits for one we know to be there: the centre lost something without telling.
		return true, e.beginAnew(ctx, a.History)
	}
	return false, record.E(record.CodeCentreTrouble, fmt.Errorf("no result for change %d, expected %d", batch[0].N, a.Expect), "status", 200)
}

// tooLarge makes batches smaller. A single change that is too large goes to the tray, and up without its
// payload, so that the device's chain has no gap at which everything after it would wait.
func (e *Engine) tooLarge(ctx context.Context, batch []record.Change) error {
	if len(batch) > 1 {
		e.batch.halve()
		if e.batch.size > e.batch.least {
			return nil
		}
		batch = batch[:1] // the store gives no less: find the giant one by one
		answer, err := e.push(ctx, batch)
		if err == nil {
			_, err = e.taken(ctx, batch, answer)
		}
		if !errors.Is(err, protocol.ErrTooLarge) {
			return err
		}
	}
	// What stands in for the payload does not match its hash, so the centre keeps the change out of the
	// history: a change without any payload would pass for an erased one and be placed as such.
	hollow := batch[0]
	hollow.Payload = json.RawMessage(`"too large"`)
	answer, err := e.push(ctx, []record.Change{hollow})
	if err != nil {
		return err
	}
	if len(answer.Results) == 1 && answer.Results[0].Code != "" {
		answer.Results[0].Detail = "too large for the centre"
	}
	_, err = e.taken(ctx, batch[:1], answer)
	return err
}

// rewind starts the cursor anew after the centre was restored from a backup; own changes go up again.
func (e *Engine) rewind(ctx context.Context, told error) error {
	history := record.ID("")
	if t := trouble(told); t != nil {
		if s, ok := t.Args["history"].(string); ok {
			history = record.ID(s)
		}
	}
	if history == "" {
		p, err := e.centre.Pull(ctx, protocol.PullRequest{Max: 1})
		if err != nil {
			return err
		}
		history = p.Next.History
	}
	return e.beginAnew(ctx, history)
}

func (e *Engine) beginAnew(ctx context.Context, history record.ID) error {
	e.booking.Lock()
	defer e.booking.Unlock()
	return e.store.Rewind(ctx, history)
}

// follow is the pull loop's step: what there is at once at first, then by long poll.
func (e *Engine) follow() func(context.Context) error {
	wait := time.Duration(0)
	return func(ctx context.Context) error {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		e.setPoll(stop)
		defer e.setPoll(nil)
		more, err := e.pullOnce(ctx, wait)
		switch {
		case errors.Is(err, context.Canceled) && ctx.Err() != nil:
			wait = 0
			return nil // woken: ask anew, on a fresh connection if need be
		case err != nil || more:
			wait = 0
		default:
			wait = protocol.MaxWait
		}
		return err
	}
}

func (e *Engine) setPoll(stop context.CancelFunc) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.poll = stop
}

// pullOnce asks once and takes the answer in; more means that there is more right now.
func (e *Engine) pullOnce(ctx context.Context, wait time.Duration) (more bool, err error) {
	e.pulling.Lock()
	defer e.pulling.Unlock()
	cursor, err := e.store.Cursor(ctx)
	if err != nil {
		return false, err
	}
	p, err := e.ask(ctx, protocol.PullRequest{Cursor: cursor, Wait: wait, Max: e.page.size})
	if record.CodeOf(err) == record.CodeHistoryChanged {
		e.line.answered(partPull)
		return true, e.rewind(ctx, err)
	}
	if err != nil {
		return false, err
	}
	if moved, err := e.takeIn(ctx, cursor, p); err != nil || moved {
		return moved, err
	}
	e.line.answered(partPull)
	if p.More {
		return true, nil
	}
	// All of the history is here: what a former identity left and the history does not hold was never sent.
	if err := e.store.Adopt(ctx, p.Next); err != nil {
		return false, err
	}
	if err := e.makeGood(ctx, p.Lost); err != nil {
		return false, err
	}
	e.noteComplete(ctx)
	return false, nil
}

func (e *Engine) ask(ctx context.Context, q protocol.PullRequest) (protocol.Pulled, error) {
	if q.Wait == 0 {
		defer e.up.hold()()
		defer e.down.hold()()
	}
	begun := time.Now()
	p, err := e.centre.Pull(ctx, q)
	if err != nil {
		if record.CodeOf(err) == record.CodeOffline && time.Since(begun) > goal && q.Wait == 0 {
			e.page.halve() // perhaps the line is cut before a page of this size is through
		}
		return p, err
	}
	if q.Wait == 0 {
		size := 0
		for _, s := range p.Changes {
			size += len(s.Change.Payload) + 400
		}
		e.page.took(size, time.Since(begun))
	}
	return p, nil
}

// takeIn gives an answer to the store. The news that a change was placed which the store does not know
// means that the store is older than it was: then the own changes are asked for in full. moved means that
// a push began everything anew while the answer was awaited: it would skip what comes before it now.
func (e *Engine) takeIn(ctx context.Context, cursor record.Cursor, p protocol.Pulled) (moved bool, err error) {
	if len(p.Changes) == 0 && p.Next == cursor {
		return false, nil
	}
	moved, err = e.receive(ctx, cursor, p)
	if record.CodeOf(err) == record.CodeForked {
		if p, err = e.centre.Pull(ctx, protocol.PullRequest{Cursor: cursor, OwnFull: true, Max: e.page.size}); err != nil {
			return false, err
		}
		moved, err = e.receive(ctx, cursor, p)
	}
	if err == nil && !moved {
		e.toFetch.ring()
	}
	return moved, err
}

func (e *Engine) receive(ctx context.Context, asked record.Cursor, p protocol.Pulled) (moved bool, err error) {
	e.booking.Lock()
	defer e.booking.Unlock()
	now, err := e.store.Cursor(ctx)
	if err != nil || now != asked {
		return err == nil, err
	}
	_, err = e.store.Receive(ctx, p.Changes, p.Next)
	return false, err
}

// noteComplete is called when all of the centre's history is here.
func (e *Engine) noteComplete(ctx context.Context) {
	if left, err := e.store.Pending(ctx, 1, 1); err == nil && len(left) == 0 {
		e.line.complete()
	}
}
