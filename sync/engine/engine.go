// Package engine is the desk's side of the exchange with the centre: it sends what waits, takes in what
// others did, and carries the files both ways.
//
// It is for the program's wiring, which starts [Engine.Run] once, and for the status line, which reads
// [Engine.Link].
//
// It promises that a field edit never waits for a scan (changes go first, files have their own connection
// and give way); that a rejected change or a bad file never blocks what comes after it; that work resumes
// where a cut line left it; that after the line is back everything waiting gets through; and that it
// reports a synchronisation only when one was complete.
//
// It never decides what a change means (package merge does), never alters a change, and touches the
// store and the files only through the small interfaces declared here.
package engine

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
)

// Store is what the engine needs of the desk's store.
type Store interface {
	Pending(ctx context.Context, limit, maxBytes int) ([]record.Change, error)
	Accepted(ctx context.Context, placed []record.Placed) error
	Rejected(ctx context.Context, id record.ID, code record.Code, detail string) error
	Cursor(ctx context.Context) (record.Cursor, error)
	Receive(ctx context.Context, changes []record.Sequenced, next record.Cursor) ([]record.ID, error)
	Rewind(ctx context.Context, history record.ID) error
	Adopt(ctx context.Context, at record.Cursor) error
	FilesToSend(ctx context.Context, limit int) ([]record.BlobRef, error)
	FileSent(ctx context.Context, h record.Hash) error
	SendAgain(ctx context.Context, files []record.Hash) error
	FilesToFetch(ctx context.Context, limit int) ([]record.BlobRef, error)
	FileFetched(ctx context.Context, h record.Hash) error
	TextToIndex(ctx context.Context, limit int) ([]record.Document, error)
	IndexText(ctx context.Context, doc record.ID, text record.Hash, pages []string) error
	Sending(ids []record.ID)
	Watch() (<-chan struct{}, func())
}

// Blobs is what the engine needs of the desk's files; see [Files].
type Blobs interface {
	Has(h record.Hash) bool
	Open(h record.Hash) (io.ReadSeekCloser, error)
	ReadAll(h record.Hash, limit int64) ([]byte, error)
	Receive(ref record.BlobRef) (Partial, error)
}

// Partial is a file on its way in. Close keeps what has arrived for the next attempt.
type Partial interface {
	io.WriteCloser
	Offset() int64
	Finish() error
}

// Centre is the other side, as sync/transport reaches it.
type Centre interface {
	Push(ctx context.Context, changes []record.Change) (protocol.PushAnswer, error)
	Pull(ctx context.Context, q protocol.PullRequest) (protocol.Pulled, error)
	Lost(ctx context.Context, after record.Hash) (protocol.Lost, error)
	Offset(ctx context.Context, ref record.BlobRef) (have int64, complete bool, err error)
	Send(ctx context.Context, ref record.BlobRef, offset int64, from io.Reader, n int64) (have int64, complete bool, err error)
	Fetch(ctx context.Context, ref record.BlobRef, offset int64, w io.Writer) (int64, error)
	Ahead() time.Duration // how far the desk's clock is ahead of the centre's
	Close()               // lets go of idle connections
}

// Config is what an engine is made of.
type Config struct {
	Store  Store
	Blobs  Blobs
	Centre Centre       // nil: no centre is set up, the engine only says so
	Clock  record.Clock // default: the system's
	// Index brings texts that arrived into the search index. Default: through the store.
	Index func(ctx context.Context) error
	// Retry and RetryMax bound the waiting after failures; defaults 1 s and 1 min.
	Retry, RetryMax time.Duration
}

// Engine runs the exchange. Its methods may be called from several goroutines.
type Engine struct {
	store  Store
	blobs  Blobs
	centre Centre
	now    record.Clock
	index  func(context.Context) error
	retry  backoff
	line   *line

	pushing sync.Mutex // one batch at a time: the device's chain has an order
	pulling sync.Mutex // one cursor at a time
	booking sync.Mutex // an answer is taken in, or everything begins anew, not both
	batch   sizer      // plain bytes of a push; guarded by pushing
	page    sizer      // plain bytes of a pull; guarded by pulling
	lost    uint64     // the loss of files at the centre that was dealt with; guarded by pulling
	up      *pace
	down    *pace

	// Files that made trouble, per direction.
	unsent, unfetched *cooling

	mu    sync.Mutex
	want  []record.Hash
	leave context.CancelFunc // ends the download that runs now
	fetch record.Hash        // which one that is
	poll  context.CancelFunc // ends the long poll that runs now

	toFetch, toSend *bell
	woken           *bell
}

// New makes an engine. Nothing runs yet.
func New(c Config) *Engine {
	if c.Clock == nil {
		c.Clock = record.SystemClock
	}
	e := &Engine{
		store: c.Store, blobs: c.Blobs, centre: c.Centre, now: c.Clock, index: c.Index,
		retry: newBackoff(c.Retry, c.RetryMax), line: newLine(c.Centre != nil, c.Clock),
		batch: newSizer(64<<10, 1<<10, 4<<20), page: newSizer(256<<10, 16<<10, protocol.MaxPullBytes),
		up: newPace(inFlight), down: newPace(0),
		toFetch: newBell(), toSend: newBell(), woken: newBell(),
	}
	e.unsent, e.unfetched = newCooling(e.retry), newCooling(e.retry)
	if e.index == nil {
		e.index = e.indexTexts
	}
	return e
}

// Run exchanges until ctx ends. Only one Run at a time.
func (e *Engine) Run(ctx context.Context) {
	if e.centre == nil {
		<-ctx.Done()
		return
	}
	changed, stop := e.store.Watch()
	defer stop()
	toPush := newBell()
	var all sync.WaitGroup
	all.Go(func() {
		for {
			select {
			case <-changed:
				toPush.ring()
				e.toSend.ring()
			case <-ctx.Done():
				return
			}
		}
	})
	all.Go(func() { e.loop(ctx, partPush, toPush, nil, e.pushAll) })
	all.Go(func() { e.loop(ctx, partPull, nil, nil, e.follow()) })
	all.Go(func() { e.loop(ctx, partSend, e.toSend, e.unsent, e.sendFiles) })
	all.Go(func() { e.loop(ctx, partFetch, e.toFetch, e.unfetched, e.fetchFiles) })
	all.Wait()
	e.centre.Close()
}

// loop repeats a step: at once after success if there is no bell, else when the bell rings, a minute has
// passed or a file may be tried again; after a failure when the backoff has passed or somebody calls
// [Engine.Wake].
func (e *Engine) loop(ctx context.Context, p part, b *bell, files *cooling, step func(context.Context) error) {
	woken := e.woken.listen()
	defer e.woken.forget(woken)
	tries := 0
	for ctx.Err() == nil {
		err := step(ctx)
		if ctx.Err() != nil {
			return
		}
		e.line.outcome(p, err)
		if err == nil {
			tries = 0
			if b != nil && !wait(ctx, files.next(time.Minute), b.hear(), woken) {
				return
			}
			continue
		}
		delay := e.retry.after(tries, err)
		tries++
		before := time.Now()
		if !wait(ctx, delay, woken) {
			return
		}
		if time.Since(before) < delay {
			tries = 0
		}
	}
}

// wait returns when the time has passed or a channel speaks; false when ctx ended.
func wait(ctx context.Context, d time.Duration, either ...<-chan struct{}) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	var a, b <-chan struct{}
	if len(either) > 0 {
		a = either[0]
	}
	if len(either) > 1 {
		b = either[1]
	}
	select {
	case <-t.C:
	case <-a:
	case <-b:
	case <-ctx.Done():
		return false
	}
	return true
}

// Once exchanges everything there is, both ways, and returns. Problems with single files do not stop the
// others; they are the error in the end.
func (e *Engine) Once(ctx context.Context) error {
	if e.centre == nil {
		return record.E(record.CodeNotEnrolled, errors.New("no centre is set up"))
	}
	if err := e.exchangeAll(ctx); err != nil {
		return err
	}
	e.unsent.forget()
	e.unfetched.forget()
	err := e.sendFiles(ctx)
	e.line.outcome(partSend, err)
	if err != nil {
		return err
	}
	err = e.fetchFiles(ctx)
	e.line.outcome(partFetch, err)
	if err != nil {
		return err
	}
	return errors.Join(e.unsent.trouble(), e.unfetched.trouble())
}

// Changes exchanges all changes there are, both ways, and no files. [record.CodeForked] and
// [record.CodeDeskRevoked] mean that this desk cannot go on as who it is.
func (e *Engine) Changes(ctx context.Context) error {
	if e.centre == nil {
		return record.E(record.CodeNotEnrolled, errors.New("no centre is set up"))
	}
	return e.exchangeAll(ctx)
}

// exchangeAll pushes and pulls until nothing is left. A restored centre makes it go round again.
func (e *Engine) exchangeAll(ctx context.Context) error {
	for range 5 {
		err := e.pushAll(ctx)
		e.line.outcome(partPush, err)
		if err != nil {
			return err
		}
		for more := true; more && err == nil; {
			more, err = e.pullOnce(ctx, 0)
		}
		e.line.outcome(partPull, err)
		if err != nil {
			return err
		}
		left, err := e.store.Pending(ctx, 1, 1)
		if err != nil || len(left) == 0 {
			return err
		}
	}
	return record.E(record.CodeCentreTrouble, errors.New("the outbox does not get empty"), "status", 200)
}

// Link tells how the line to the centre is.
func (e *Engine) Link() record.Link {
	l := e.line.link()
	for _, c := range []*cooling{e.unsent, e.unfetched} {
		if l.Trouble == nil {
			l.Trouble = trouble(c.trouble())
		}
	}
	if e.centre != nil && l.Trouble == nil && l.Online {
		l.Trouble = clockTrouble(e.centre.Ahead())
	}
	return l
}

// Changed gives a channel that speaks after Link has changed; call the function to end it.
func (e *Engine) Changed() (<-chan struct{}, func()) { return e.line.subscribe() }

// Wake tries again at once: the network came back, the computer woke up, or the clerk asks for it.
func (e *Engine) Wake() {
	e.mu.Lock()
	poll := e.poll
	e.mu.Unlock()
	if poll != nil {
		poll() // a poll on a connection that died unnoticed would wait for nothing
	}
	if e.centre != nil {
		e.centre.Close()
	}
	e.unsent.forget()
	e.unfetched.forget()
	e.woken.ring()
}

// Want asks for a file before all others: somebody looks at the case it belongs to.
func (e *Engine) Want(h record.Hash) {
	e.unfetched.done(h)
	e.mu.Lock()
	if !slices.Contains(e.want, h) {
		e.want = append(e.want, h)
	}
	if e.leave != nil && e.fetch != h {
		e.leave() // it goes on later from where it is
	}
	e.mu.Unlock()
	e.toFetch.ring()
}
