package main

import (
	"context"
	"sync"

	"schalter/data/record"
	"schalter/sync/engine"
)

// line is the desk's connection to the centre, also before there is one: a desk works without a centre
// and may be enrolled while its window is open.
type line struct {
	house *house
	ctx   context.Context
	stop  context.CancelFunc
	done  sync.WaitGroup

	mu     sync.Mutex
	engine *engine.Engine
	wakes  map[chan struct{}]bool
}

func newLine(ctx context.Context, h *house) *line {
	l := &line{house: h, wakes: map[chan struct{}]bool{}}
	l.ctx, l.stop = context.WithCancel(ctx)
	indexer := engine.New(engine.Config{Store: h.store, Blobs: engine.Files(h.blobs), Clock: record.SystemClock})
	l.done.Go(func() { indexer.KeepIndexed(l.ctx) })
	return l
}

// connect starts the exchange with the centre; [record.CodeNotEnrolled] where the desk has none.
func (l *line) connect(ctx context.Context) error {
	e, err := l.house.engine(ctx)
	if err != nil {
		return err
	}
	l.mu.Lock()
	running := l.engine != nil
	if !running {
		l.engine = e
	}
	l.mu.Unlock()
	if running { // a code that was sent twice must not make two of them
		return nil
	}
	l.done.Go(func() { e.Run(l.ctx) })
	l.done.Go(func() { l.relay(e) })
	l.tell()
	return nil
}

// relay passes the engine's news on to those who asked before there was an engine.
func (l *line) relay(e *engine.Engine) {
	changed, stop := e.Changed()
	defer stop()
	for {
		select {
		case <-changed:
			l.tell()
		case <-l.ctx.Done():
			return
		}
	}
}

func (l *line) tell() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.wakes {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

func (l *line) current() *engine.Engine {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.engine
}

// Link is the state of the connection.
func (l *line) Link() record.Link {
	if e := l.current(); e != nil {
		return e.Link()
	}
	return record.Link{}
}

// Changed signals when Link may have changed.
func (l *line) Changed() (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	l.mu.Lock()
	l.wakes[c] = true
	l.mu.Unlock()
	return c, func() {
		l.mu.Lock()
		delete(l.wakes, c)
		l.mu.Unlock()
	}
}

// Wake tries the centre now.
func (l *line) Wake() {
	if e := l.current(); e != nil {
		e.Wake()
	}
}

// want asks for a file that somebody is waiting for.
func (l *line) want(h record.Hash) {
	if e := l.current(); e != nil {
		e.Want(h)
	}
}

func (l *line) close() {
	l.stop()
	l.done.Wait()
}
