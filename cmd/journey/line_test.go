package journey

import (
	"context"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// line is a bad network line between desks and centre: a TCP proxy with a rate and a delay in each
// direction, which can be cut and which cuts every connection after a while.
type line struct {
	ln     net.Listener
	target string
	rate   int           // bytes per second, each way
	delay  time.Duration // one way
	life   time.Duration // a connection's; 0: for ever

	up       atomic.Bool
	sent     atomic.Int64 // bytes towards the centre
	received atomic.Int64

	mu    sync.Mutex
	conns map[net.Conn]bool
}

func newLine(t *testing.T, target string, rate int, delay, life time.Duration) *line {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &line{ln: ln, target: target, rate: rate, delay: delay, life: life, conns: map[net.Conn]bool{}}
	go l.accept()
	t.Cleanup(func() { l.ln.Close(); l.cut() })
	return l
}

func (l *line) addr() string { return l.ln.Addr().String() }

// cut takes the line down: open connections die, new ones are refused without a word.
func (l *line) cut() {
	l.up.Store(false)
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.conns {
		c.Close()
	}
	clear(l.conns)
}

func (l *line) restore() { l.up.Store(true) }

func (l *line) accept() {
	for {
		c, err := l.ln.Accept()
		if err != nil {
			return
		}
		if !l.up.Load() {
			c.Close()
			continue
		}
		go l.carry(c)
	}
}

func (l *line) carry(c net.Conn) {
	ctx, cancel := context.WithCancel(context.Background())
	if l.life > 0 {
		ctx, cancel = context.WithTimeout(context.Background(), l.life)
	}
	defer cancel()
	s, err := net.Dial("tcp", l.target)
	if err != nil {
		c.Close()
		return
	}
	l.mu.Lock()
	l.conns[c], l.conns[s] = true, true
	l.mu.Unlock()
	var both sync.WaitGroup
	both.Add(2)
	go func() { defer both.Done(); defer cancel(); l.pump(ctx, s, c, &l.sent) }()
	go func() { defer both.Done(); defer cancel(); l.pump(ctx, c, s, &l.received) }()
	<-ctx.Done()
	c.Close()
	s.Close()
	both.Wait()
	l.mu.Lock()
	delete(l.conns, c)
	delete(l.conns, s)
	l.mu.Unlock()
}

// pump moves bytes at the line's rate and delivers each piece after the line's delay.
func (l *line) pump(ctx context.Context, dst io.Writer, src io.Reader, count *atomic.Int64) {
	type piece struct {
		b  []byte
		at time.Time
	}
	pieces := make(chan piece, 4096)
	go func() {
		defer close(pieces)
		free := time.Now() // when the line has carried everything before
		for {
			b := make([]byte, 1400)
			n, err := src.Read(b)
			if n > 0 {
				now := time.Now()
				if free.Before(now) {
					free = now
				}
				free = free.Add(time.Duration(n) * time.Second / time.Duration(l.rate))
				select {
				case pieces <- piece{b[:n], free.Add(l.delay)}:
				case <-ctx.Done():
					return
				}
				count.Add(int64(n))
				if ahead := time.Until(free); ahead > 100*time.Millisecond { // the modem's buffer is full
					wait(ctx, ahead-100*time.Millisecond)
				}
			}
			if err != nil {
				return
			}
		}
	}()
	for p := range pieces {
		if !wait(ctx, time.Until(p.at)) {
			return
		}
		if _, err := dst.Write(p.b); err != nil {
			return
		}
	}
}

func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

func TestLineDelaysCutsAndCounts(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(c, c); c.Close() }()
		}
	}()
	l := newLine(t, ln.Addr().String(), 64_000, 20*time.Millisecond, 0)
	c, err := net.Dial("tcp", l.addr())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Read(make([]byte, 1)); err == nil {
		t.Error("a line that is down answered")
	}
	l.restore()
	c, err = net.Dial("tcp", l.addr())
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	if _, err := c.Write(make([]byte, 6400)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(c, make([]byte, 6400)); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begin); took < 140*time.Millisecond {
		t.Errorf("6,400 bytes there and back took %v; the line is too good", took)
	}
	if l.sent.Load() != 6400 || l.received.Load() != 6400 {
		t.Errorf("counted %d and %d bytes", l.sent.Load(), l.received.Load())
	}
	l.cut()
	if _, err := io.ReadFull(c, make([]byte, 1)); err == nil {
		t.Error("a cut line still carries")
	}
}
