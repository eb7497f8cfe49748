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
	// inFlight is how much of an upload the system takes off our hands before the line is felt.
	inFlight = 128 << 10
	// telling is how many bytes beyond that say something about the line.
	telling = 64 << 10
)

// pace is a token bucket for files in one direction. It stays a little below what the line was found to
// carry, so that the queues on the way are empty when a field edit comes, and it closes altogether while
// changes are on the line.
type pace struct {
	limiter *rate.Limiter
	ignore  int64 // how many first bytes of a transfer say nothing

	mu    sync.Mutex
	known bool // the line was measured
	held  int
	open  chan struct{} // closed when held gets 0
	good  int           // measurements in a row that found the line wide enough
}

func newPace(ignore int64) *pace {
	return &pace{limiter: rate.NewLimiter(rate.Inf, bucket), ignore: ignore}
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

// pass waits until n bytes (at most a bucket) may go, and tells how long it stood aside for changes.
func (p *pace) pass(ctx context.Context, n int) (stood time.Duration, err error) {
	p.mu.Lock()
	open, held := p.open, p.held > 0
	p.mu.Unlock()
	if held {
		begun := time.Now()
		if !wait(ctx, patience, open) {
			return 0, ctx.Err()
		}
		stood = time.Since(begun)
	}
	return stood, p.limiter.WaitN(ctx, n)
}

// learn: at most 85 % of what the line carried; ten percent more after each transfer that went as fast as
// the bucket let it, and more boldly when that has been so for long (on a line that is used up it cannot).
func (p *pace) learn(n int64, d time.Duration) {
	if n < telling {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known = true
	speed := float64(n) / max(d, time.Millisecond).Seconds()
	limit := float64(p.limiter.Limit())
	if speed < 0.9*limit {
		p.good = 0
		limit = max(0.85*speed, slowest)
	} else {
		limit *= 1 + 0.1*float64(int(1)<<min(max(p.good-3, 0), 3))
		p.good++
	}
	if speed >= swift || limit >= swift {
		p.limiter.SetLimit(rate.Inf)
		return
	}
	p.limiter.SetLimit(rate.Limit(limit))
}

// piece is how many bytes of a file to send in one request: about five seconds' worth.
func (p *pace) piece() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.known {
		return inFlight + 4*telling
	}
	if l := p.limiter.Limit(); l != rate.Inf {
		return max(inFlight+telling, int64(float64(l)*goal.Seconds()))
	}
	return 8 << 20
}

// meter watches one transfer: how fast the line takes or gives bytes, without the time in which this desk
// or the centre was busy with something else.
type meter struct {
	p           *pace
	total       int64
	begun, last time.Time
	early       int64         // bytes that had gone when begun was
	away        time.Duration // since begun, not the line's doing
}

func (p *pace) measure() *meter { return &meter{p: p} }

// saw counts bytes that went over the line up to now.
func (m *meter) saw(n int) {
	m.total += int64(n)
	now := time.Now()
	if !m.begun.IsZero() {
		m.last = now
	} else if m.total > m.p.ignore {
		m.begun, m.early, m.away = now, m.total, 0
	}
}

// end learns from the transfer.
func (m *meter) end() {
	if !m.last.IsZero() {
		m.p.learn(m.total-m.early, m.last.Sub(m.begun)-m.away)
	}
}

// reader lets the bytes of an upload out at the pace.
func (m *meter) reader(ctx context.Context, r io.Reader) io.Reader { return pacedReader{ctx, m, r} }

type pacedReader struct {
	ctx context.Context
	m   *meter
	r   io.Reader
}

func (r pacedReader) Read(b []byte) (int, error) {
	r.m.saw(0) // that it asks for more means that the line took what it had
	begun := time.Now()
	n, err := r.r.Read(b[:min(len(b), bucket)])
	r.m.away += time.Since(begun)
	if n > 0 {
		stood, w := r.m.p.pass(r.ctx, n)
		r.m.away += stood
		if w != nil {
			return 0, w
		}
		r.m.saw(n)
	}
	return n, err
}

// writer takes the bytes of a download in at the pace; the other side feels it by the line's own
// back-pressure.
func (m *meter) writer(ctx context.Context, w io.Writer) io.Writer { return pacedWriter{ctx, m, w} }

type pacedWriter struct {
	ctx context.Context
	m   *meter
	w   io.Writer
}

func (w pacedWriter) Write(b []byte) (int, error) {
	w.m.saw(len(b))
	done := 0
	for done < len(b) {
		part := b[done:min(done+bucket, len(b))]
		stood, err := w.m.p.pass(w.ctx, len(part))
		w.m.away += stood
		if err != nil {
			return done, err
		}
		begun := time.Now()
		n, err := w.w.Write(part)
		w.m.away += time.Since(begun)
		done += n
		if err != nil {
			return done, err
		}
	}
	return done, nil
}
