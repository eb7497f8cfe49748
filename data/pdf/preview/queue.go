package preview

import (
	"context"
	"image"
	"slices"

	"schalter/data/page"
)

// task is one question to the helper, however many callers wait for its answer.
type task struct {
	k       key
	ctx     context.Context //nolint:containedctx // ends when nobody waits any more
	cancel  context.CancelFunc
	waiters int
	ahead   bool // asked for by prefetching only
	done    chan struct{}
	res     result
	err     error
}

// result is what the helper answered.
type result struct {
	pages    int
	wPt, hPt float64
	img      *image.RGBA
	gray     *image.Gray
	text     string
	words    []page.Word
	entries  []contentEntry
}

// do asks the helper, or joins whoever asks the same already, and waits.
func (r *Renderer) do(ctx context.Context, k key) (result, error) {
	if err := ctx.Err(); err != nil {
		return result{}, err
	}
	t, err := r.enlist(k)
	if err != nil {
		return result{}, err
	}
	select {
	case <-t.done:
		return t.res, t.err
	case <-ctx.Done():
		r.leave(t)
		return result{}, ctx.Err()
	}
}

// enlist finds or makes the task for k and counts the caller in.
func (r *Renderer) enlist(k key) (*task, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, errClosed
	}
	if t := r.flights[k]; t != nil && t.ctx.Err() == nil {
		t.waiters++
		if t.ahead {
			t.ahead = false
			if i := slices.Index(r.ahead, t); i >= 0 {
				r.ahead = slices.Delete(r.ahead, i, i+1)
				r.wanted = append(r.wanted, t)
				r.yieldRunning()
			}
		}
		return t, nil
	}
	t := r.newTask(k)
	t.waiters = 1
	r.wanted = append(r.wanted, t)
	r.yieldRunning()
	r.wake.Broadcast()
	return t, nil
}

// yieldRunning gives up a prefetched page that is being drawn, because somebody waits for something else.
func (r *Renderer) yieldRunning() {
	if r.running != nil && r.running.ahead {
		r.running.cancel()
	}
}

func (r *Renderer) newTask(k key) *task {
	t := &task{k: k, done: make(chan struct{})}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	r.flights[k] = t
	return t
}

// leave counts a caller out; the last one ends the job.
func (r *Renderer) leave(t *task) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if t.waiters--; t.waiters == 0 {
		t.cancel()
	}
}

// goAhead replaces what is to be prefetched.
func (r *Renderer) goAhead(keys []key) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	var kept []*task
	for _, t := range r.ahead {
		if slices.Contains(keys, t.k) && t.ctx.Err() == nil {
			kept = append(kept, t)
			continue
		}
		r.settle(t, result{}, context.Canceled)
	}
	r.ahead = kept
	for _, k := range keys {
		if t := r.flights[k]; t != nil && t.ctx.Err() == nil {
			continue
		}
		t := r.newTask(k)
		t.ahead = true
		r.ahead = append(r.ahead, t)
	}
	r.wake.Broadcast()
}

// drop ends what is prefetched for a document that is closed, and forgets its pictures.
func (r *Renderer) drop(src *source) {
	r.mu.Lock()
	for _, t := range r.flights {
		if t.k.src == src && t.ahead {
			t.cancel()
		}
	}
	r.mu.Unlock()
	r.cache.drop(src)
}

// next waits for a task; nil when the renderer was closed. fresh asks for a new helper first.
func (r *Renderer) next() (t *task, fresh bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		switch {
		case r.closed:
			return nil, false
		case r.forget:
			r.forget = false
			return nil, true
		case len(r.wanted) > 0:
			t, r.wanted = r.wanted[0], r.wanted[1:]
		case len(r.ahead) > 0:
			t, r.ahead = r.ahead[0], r.ahead[1:]
		default:
			r.wake.Wait()
			continue
		}
		if err := t.ctx.Err(); err != nil {
			r.settle(t, result{}, err)
			continue
		}
		r.running = t
		return t, false
	}
}

// settle gives a task its answer.
func (r *Renderer) settle(t *task, res result, err error) {
	t.cancel()
	if r.flights[t.k] == t {
		delete(r.flights, t.k)
	}
	t.res, t.err = res, err
	close(t.done)
}

// serve is the one goroutine that talks to the helper.
func (r *Renderer) serve() {
	defer close(r.ended)
	var h *helper
	if r.err == nil {
		h, _ = startHelper(r.o) // a failure is met again, and told, with the first job
	}
	for {
		t, fresh := r.next()
		if fresh {
			h.stop()
			h, _ = startHelper(r.o)
			continue
		}
		if t == nil {
			break
		}
		var res result
		var err error
		h, res, err = r.perform(h, t)
		r.finish(t, res, err)
		if h == nil {
			h, _ = startHelper(r.o) // warm again before the next job
		}
	}
	h.stop()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range append(r.wanted, r.ahead...) {
		r.settle(t, result{}, errClosed)
	}
	r.wanted, r.ahead = nil, nil
}

// finish keeps what is worth keeping and answers.
func (r *Renderer) finish(t *task, res result, err error) {
	if t.k.op == opRender {
		switch {
		case err == nil:
			r.cache.put(t.k, entry{img: res.img})
		case keepsFailing(err):
			r.cache.put(t.k, entry{err: err})
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running = nil
	if err != nil && r.closed {
		err = errClosed
	}
	r.settle(t, res, err)
}
