package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"schalter/data/form/published"
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

	enrolling sync.Mutex // one code at a time

	keeper *published.Keeper // of the forms; see library.go

	mu     sync.Mutex
	engine *engine.Engine
	rest   func()    // ends the engine and waits for it; nil while none runs
	synced time.Time // when the desk was last in step, as far as it was remembered

	told  sync.Mutex
	wakes map[chan struct{}]bool
}

func newLine(ctx context.Context, h *house) *line {
	l := &line{house: h, wakes: map[chan struct{}]bool{}}
	l.ctx, l.stop = context.WithCancel(ctx)
	l.recall()
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
	defer l.mu.Unlock()
	if l.rest != nil { // a code that was sent twice must not make two of them
		return nil
	}
	running, stop := context.WithCancel(l.ctx)
	var ended sync.WaitGroup
	ended.Go(func() { e.Run(running) })
	ended.Go(func() { l.relay(running, e) })
	l.done.Go(ended.Wait)
	l.engine, l.rest = e, func() {
		stop()
		ended.Wait()
	}
	l.tell()
	return nil
}

// enrol makes the desk known at the centre, for the first time or anew. The exchange rests meanwhile: who the
// desk is must not change while something is on its way.
func (l *line) enrol(ctx context.Context, code string) error {
	l.enrolling.Lock()
	defer l.enrolling.Unlock()
	l.mu.Lock()
	rest := l.rest
	l.rest = nil
	l.mu.Unlock()
	if rest != nil {
		rest()
	}
	_, err := l.house.enrol(ctx, code, false)
	if e := l.connect(ctx); record.CodeOf(e) != record.CodeNotEnrolled {
		err = errors.Join(err, e)
	}
	return err
}

// relay passes the engine's news on to those who asked before there was an engine.
func (l *line) relay(ctx context.Context, e *engine.Engine) {
	changed, stop := e.Changed()
	defer stop()
	defer l.remember(e, true)
	for {
		select {
		case <-changed:
			l.remember(e, false)
			l.tell()
		case <-ctx.Done():
			return
		}
	}
}

func (l *line) tell() {
	l.told.Lock()
	defer l.told.Unlock()
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
	var link record.Link
	if e := l.current(); e != nil {
		link = e.Link()
	}
	if link.Configured && link.LastSync.IsZero() {
		l.mu.Lock()
		link.LastSync = l.synced
		l.mu.Unlock()
	}
	if link.Trouble == nil {
		link.Trouble = l.formTrouble()
	}
	return link
}

// Changed signals when Link may have changed.
func (l *line) Changed() (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	l.told.Lock()
	l.wakes[c] = true
	l.told.Unlock()
	return c, func() {
		l.told.Lock()
		delete(l.wakes, c)
		l.told.Unlock()
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
