package engine

import (
	"context"
	"io"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	bucket = 16 << 10 // bytes that files may send at once
	// swift is the speed from which a line needs no bucket: what files put into its queues is gone before
	// anybody could notice.
	swift = 2 << 20
	// slowest keeps files moving on the worst line.
	slowest = 4 << 10
	// patience is how long files stand aside for changes at most, well below the line's idle time-out.
	patience = 15 * time.Second
)

// pace is a token bucket for files in one direction. It stays a little below what the line was found to
// carry, so that the queues on the way are empty when a field edit comes, and it closes altogether while
// changes are on the line.
type pace struct {
	limiter *rate.Limiter

	mu    sync.Mutex
	known bool // the line was measured
	held  int
	open  chan struct{} // closed when held gets 0
	stood time.Duration // how long transfers stood aside
	rtt   time.Duration // the shortest answer time seen
}

func newPace() *pace {
	return &pace{limiter: rate.NewLimiter(rate.Inf, bucket)}
}

// hold closes the bucket until the returned function is called.
func (p *pace) hold() (release func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held == 0 {
		p.open = make(chan struct{})
	}
	p.held++
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.held--; p.held == 0 {
			close(p.open)
		}
	}
}

// pass waits until n bytes (at most a bucket) may go.
func (p *pace) pass(ctx context.Context, n int) error {
	p.mu.Lock()
	open, held := p.open, p.held > 0
	p.mu.Unlock()
	if held {
		begun := time.Now()
		if !wait(ctx, patience, open) {
			return ctx.Err()
		}
		p.mu.Lock()
		p.stood += time.Since(begun)
		p.mu.Unlock()
	}
	return p.limiter.WaitN(ctx, n)
}

// answered learns how long the line takes for a question and its answer.
func (p *pace) answered(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rtt == 0 || d < p.rtt {
		p.rtt = d
	}
}

// meter watches one transfer.
type meter struct {
	p     *pace
	begun time.Time
	stood time.Duration
	early int64 // bytes that had come before begun
}

// measure begins a transfer.
func (p *pace) measure() *meter {
	p.mu.Lock()
	defer p.mu.Unlock()
	return &meter{p: p, begun: time.Now(), stood: p.stood}
}

// first says that a download's first n bytes are here: what was before them was waiting, not the line's speed.
func (m *meter) first(n int) {
	m.p.mu.Lock()
	defer m.p.mu.Unlock()
	m.begun, m.stood, m.early = time.Now(), m.p.stood, int64(n)
}

// end learns from a transfer of n bytes.
func (m *meter) end(n int64) {
	m.p.mu.Lock()
	defer m.p.mu.Unlock()
	m.p.learn(n-m.early, time.Since(m.begun)-(m.p.stood-m.stood)-m.p.rtt)
}

// learn: at most 85 % of what the line carried; ten percent more after each piece that went as fast as the
// bucket let it.
func (p *pace) learn(n int64, d time.Duration) {
	if n < 2*bucket {
		return
	}
	speed := float64(n) / max(d, time.Millisecond).Seconds()
	limit := float64(p.limiter.Limit())
	switch {
	case speed < 0.9*limit:
		limit = max(0.85*speed, slowest)
	default:
		limit *= 1.1
	}
	if speed >= swift || limit >= swift {
		p.limiter.SetLimit(rate.Inf)
	} else {
		p.limiter.SetLimit(rate.Limit(limit))
	}
	p.known = true
}

// piece is how many bytes of a file to send in one request: about five seconds' worth.
func (p *pace) piece() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.known {
		return 96 << 10
	}
	if l := p.limiter.Limit(); l != rate.Inf {
		return max(64<<10, int64(float64(l)*goal.Seconds()))
	}
	return 8 << 20
}

// reader lets bytes out at the pace.
func (p *pace) reader(ctx context.Context, r io.Reader) io.Reader { return pacedReader{ctx, p, r} }

type pacedReader struct {
	ctx context.Context
	p   *pace
	r   io.Reader
}

func (r pacedReader) Read(b []byte) (int, error) {
	n, err := r.r.Read(b[:min(len(b), bucket)])
	if n > 0 {
		if w := r.p.pass(r.ctx, n); w != nil {
			return 0, w
		}
	}
	return n, err
}

// writer takes bytes in at the pace; the other side feels it by the line's own back-pressure.
func (m *meter) writer(ctx context.Context, w io.Writer) io.Writer {
	return &pacedWriter{ctx: ctx, m: m, w: w}
}

type pacedWriter struct {
	ctx   context.Context
	m     *meter
	w     io.Writer
	begun bool
}

func (w *pacedWriter) Write(b []byte) (int, error) {
	if !w.begun {
		w.begun = true
		w.m.first(len(b))
	}
	done := 0
	for done < len(b) {
		part := b[done:min(done+bucket, len(b))]
		if err := w.m.p.pass(w.ctx, len(part)); err != nil {
			return done, err
		}
		n, err := w.w.Write(part)
		done += n
		if err != nil {
			return done, err
		}
	}
	return done, nil
}
