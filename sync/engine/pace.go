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

// measure begins a transfer; the returned function ends it and learns from its n bytes.
func (p *pace) measure() func(n int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	begun, stood := time.Now(), p.stood
	return func(n int64) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.learn(n, time.Since(begun)-(p.stood-stood)-p.rtt)
	}
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
func (p *pace) writer(ctx context.Context, w io.Writer) io.Writer { return pacedWriter{ctx, p, w} }

type pacedWriter struct {
	ctx context.Context
	p   *pace
	w   io.Writer
}

func (w pacedWriter) Write(b []byte) (int, error) {
	done := 0
	for done < len(b) {
		part := b[done:min(done+bucket, len(b))]
		if err := w.p.pass(w.ctx, len(part)); err != nil {
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
