package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
)

// answer is a ResponseWriter that gives every write its own deadline, so that only silence ends a call,
// and that remembers what the log line needs.
type answer struct {
	http.ResponseWriter
	control *http.ResponseController
	idle    time.Duration
	status  int
	sent    int64
	desk    Desk
	code    record.Code
	cause   error
}

// step is how much goes out under one deadline; a line of 64 kbit/s needs 8 s for it.
const step = 64 << 10

func (a *answer) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(b []byte) (int, error) {
	n := 0
	for {
		part := b[n:min(n+step, len(b))]
		_ = a.control.SetWriteDeadline(time.Now().Add(a.idle)) // not every connection can; then it has none
		k, err := a.ResponseWriter.Write(part)
		n += k
		a.sent += int64(k)
		if err != nil || n == len(b) {
			return n, err
		}
	}
}

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func (a *answer) level() slog.Level {
	switch {
	case a.status >= 500 && a.code != record.CodeCentreBusy:
		return slog.LevelError
	case a.status >= 400:
		return slog.LevelWarn
	}
	return slog.LevelDebug
}

// body gives every read its own deadline, and can be ended by somebody else. What ends it too early is the
// line's trouble, never the centre's, and is told as such.
type body struct {
	io.ReadCloser
	control *http.ResponseController
	idle    time.Duration
	mu      sync.Mutex
	ended   error
}

func (b *body) Read(p []byte) (int, error) {
	if err := b.deadline(time.Now().Add(b.idle)); err != nil {
		return 0, err
	}
	n, err := b.ReadCloser.Read(p)
	switch {
	case err == nil:
	case errors.Is(err, io.EOF):
		_ = b.deadline(time.Time{}) // from now on the desk waits for us, as long as a poll lasts
	case b.over() != nil:
		err = b.over()
	default:
		err = record.E(record.CodeRejected, fmt.Errorf("read body: %w", err), "reason", "body was cut")
	}
	return n, err
}

// over is what somebody ended the body with.
func (b *body) over() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ended
}

func (b *body) deadline(t time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended == nil {
		_ = b.control.SetReadDeadline(t) // not every connection can; then it has none
	}
	return b.ended
}

// end makes the present and every later read fail with err.
func (b *body) end(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = err
	_ = b.control.SetReadDeadline(time.Unix(1, 0)) // where it cannot, the present read ends by itself
}

func writeJSON(w http.ResponseWriter, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", protocol.TypeJSON)
	_, _ = w.Write(b) // the other side may be gone; there is nobody left to tell
}

// refuse answers with an error. What is not the house's own is not told to the desk, only logged.
func refuse(w http.ResponseWriter, err error) {
	var e *record.Error
	if !errors.As(err, &e) {
		e = record.E(record.CodeCentreTrouble, err, "status", http.StatusInternalServerError)
	}
	status := protocol.StatusOf(e.Code)
	if errors.Is(err, protocol.ErrTooLarge) {
		status = http.StatusRequestEntityTooLarge
	}
	refuseWith(w, status, e)
}

func refuseWith(w http.ResponseWriter, status int, e *record.Error) {
	if a, ok := w.(*answer); ok {
		a.code, a.cause = e.Code, e.Err
	}
	if (status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests) && w.Header().Get("Retry-After") == "" {
		w.Header().Set("Retry-After", "2")
	}
	protocol.WriteFault(w, status, e)
}
