package capture

import "context"

// latest asks one question at a time and shows the answer to the newest only: while an answer is on its way,
// newer questions take each other's place, and an answer to an older one is dropped. Its methods belong to the
// window's goroutine.
type latest[Q comparable, A any] struct {
	rt   Runtime
	ctx  context.Context //nolint:containedctx // of the model: what runs for it ends with it
	ask  func(ctx context.Context, q Q) (A, error)
	show func(a A, err error)

	want, shown Q
	known       bool // shown is what show was called for last
	running     bool
}

// Want asks for the answer to q, unless that is what is shown.
func (l *latest[Q, A]) Want(q Q) {
	l.want = q
	if !l.running && (!l.known || q != l.shown) {
		l.start()
	}
}

func (l *latest[Q, A]) start() {
	l.running = true
	q := l.want
	l.rt.Go(func() {
		a, err := l.ask(l.ctx, q)
		l.rt.Do(func() {
			if q != l.want {
				l.start()
				return
			}
			l.running = false
			l.shown, l.known = q, true
			l.show(a, err)
		})
	})
}

// Waiting reports whether an answer is on its way.
func (l *latest[Q, A]) Waiting() bool { return l.running }
