package engine

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
	"schalter/sync/server"
	"schalter/sync/server/memory"
)

// world is a centre with its real rules (sync/server's judge and journal, in memory) and a network that
// misbehaves as its random source says.
type world struct {
	mu      sync.Mutex
	journal *memory.Journal
	files   *memory.Files
	news    chan struct{} // closed when something was placed
}

const tenant = "ms"

func newWorld(t testing.TB) *world {
	w := &world{files: memory.NewFiles(), news: make(chan struct{})}
	w.journal = freshJournal(t)
	return w
}

func freshJournal(t testing.TB) *memory.Journal {
	j := memory.NewJournal()
	if err := j.AddAuthority(t.Context(), server.Authority{Tenant: tenant, Name: "Musterstadt", Office: "MS", History: record.NewID()}); err != nil {
		t.Fatal(err)
	}
	return j
}

func (w *world) enrol(t testing.TB, s *memStore, number int) {
	secret := record.HashOf([]byte(s.device))
	if err := w.journal.Invite(t.Context(), server.Invitation{Tenant: tenant, Number: number, Secret: secret, Expires: time.Now().AddDate(100, 0, 0)}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.journal.Enrol(t.Context(), tenant, secret, s.device, s.key.Public().(ed25519.PublicKey), "test", time.Now()); err != nil {
		t.Fatal(err)
	}
}

// restore puts an older backup in: here one from before everything, with a new history.
func (w *world) restore(t testing.TB, desks ...*memStore) {
	w.mu.Lock()
	w.journal, w.files = freshJournal(t), memory.NewFiles()
	w.mu.Unlock()
	for i, d := range desks {
		w.enrol(t, d, i+1)
	}
}

func (w *world) now() (*memory.Journal, *memory.Files, chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.journal, w.files, w.news
}

var errCut = record.E(record.CodeOffline, errors.New("cut"))

// weather is how a network behaves.
type weather struct {
	cut   func(what string) bool // asked at every point where a line may break; nil: never
	part  func(n int64) int64    // how many of n bytes come through before a break
	hang  bool                   // half-open: nothing comes back, no error either
	slow  int64                  // bytes per second of file transfers; 0: no limit
	ahead time.Duration
}

// network is one desk's way to the world. It hands over lines as they are; the wire's compression is in the
// tests with a real centre (its pooled coders cannot move between bubbles of time).
type network struct {
	w      *world
	device record.ID
	last   []protocol.Line // a push that may arrive a second time, late

	mu       sync.Mutex
	is       weather
	requests []string
}

// becomes changes the weather.
func (n *network) becomes(w weather) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.is = w
}

func (n *network) weather() weather {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.is
}

func (n *network) begin(ctx context.Context, what string) error {
	n.mu.Lock()
	n.requests = append(n.requests, what)
	n.mu.Unlock()
	if n.weather().hang {
		// The transport's watchdog ends it.
		if !wait(ctx, 40*time.Second) {
			return ctx.Err()
		}
		return errCut
	}
	return n.breaks(what + " asked")
}

func (n *network) breaks(what string) error {
	if w := n.weather(); w.cut != nil && w.cut(what) {
		return errCut
	}
	return nil
}

// through returns how many of size bytes come through, and what happens then.
func (n *network) through(size int64) (int64, error) {
	if w := n.weather(); w.part != nil {
		if p := w.part(size); p < size {
			return p, errCut
		}
	}
	return size, nil
}

func (n *network) Push(ctx context.Context, changes []record.Change) (protocol.PushAnswer, error) {
	if err := n.begin(ctx, "push"); err != nil {
		return protocol.PushAnswer{}, err
	}
	var lines []protocol.Line
	for _, c := range changes {
		b, err := protocol.AppendChange(nil, c)
		if err != nil {
			return protocol.PushAnswer{}, err
		}
		l, err := protocol.ParseLine(b)
		if err != nil {
			return protocol.PushAnswer{}, err
		}
		lines = append(lines, l)
	}
	j, _, _ := n.w.now()
	if n.last != nil && n.breaks("late repeat") != nil {
		_, _ = j.Push(ctx, n.device, n.last) // whatever it says: nobody is there to hear it
	}
	n.last = lines
	a, err := j.Push(ctx, n.device, lines)
	if err != nil {
		return a, err
	}
	n.w.mu.Lock()
	close(n.w.news)
	n.w.news = make(chan struct{})
	n.w.mu.Unlock()
	return a, n.breaks("push answered")
}

func (n *network) Pull(ctx context.Context, q protocol.PullRequest) (protocol.Pulled, error) {
	if err := n.begin(ctx, "pull"); err != nil {
		return protocol.Pulled{}, err
	}
	deadline := time.Now().Add(q.Wait)
	for {
		j, _, news := n.w.now()
		var p protocol.Pulled
		var err error
		p.Next, p.More, err = j.Pull(ctx, tenant, q.Cursor, max(q.Max, 1), func(e server.Entry) error {
			c := record.Change{ID: e.ID, Device: e.Device, N: e.N}
			if e.Device != n.device || q.OwnFull {
				l, err := protocol.ParseLine(bytes.Clone(e.Line))
				if err != nil {
					return err
				}
				c = l.Change
			}
			p.Changes = append(p.Changes, record.Sequenced{Seq: e.Seq, Change: c})
			return nil
		})
		if err != nil {
			return protocol.Pulled{}, err
		}
		if p.Lost, _, err = j.LostFiles(ctx, tenant, "", 0); err != nil {
			return protocol.Pulled{}, err
		}
		if len(p.Changes) == 0 && time.Now().Before(deadline) {
			if !wait(ctx, time.Until(deadline), news) {
				return protocol.Pulled{}, ctx.Err()
			}
			continue
		}
		return p, n.breaks("pull answered")
	}
}

func (n *network) Lost(ctx context.Context, after record.Hash) (l protocol.Lost, err error) {
	if err := n.begin(ctx, "lost"); err != nil {
		return l, err
	}
	const most = 2
	j, _, _ := n.w.now()
	l.Mark, l.Files, err = j.LostFiles(ctx, tenant, after, most)
	l.More = len(l.Files) == most
	return l, errors.Join(err, n.breaks("lost answered"))
}

func (n *network) Offset(ctx context.Context, ref record.BlobRef) (int64, bool, error) {
	if err := n.begin(ctx, "head"); err != nil {
		return 0, false, err
	}
	_, f, _ := n.w.now()
	st, err := f.State(ctx, tenant, ref.Hash)
	return st.Offset, st.Complete, errors.Join(err, n.kept(ctx, ref, st))
}

// kept does what the centre does about a complete file.
func (n *network) kept(ctx context.Context, ref record.BlobRef, st server.FileState) error {
	if !st.Complete {
		return nil
	}
	j, _, _ := n.w.now()
	return j.KeepFiles(ctx, tenant, ref.Hash)
}

func (n *network) Send(ctx context.Context, ref record.BlobRef, offset int64, from io.Reader, size int64) (int64, bool, error) {
	if err := n.begin(ctx, "patch"); err != nil {
		return 0, false, err
	}
	_, f, _ := n.w.now()
	part, broken := n.through(size)
	got, err := io.ReadAll(n.line(ctx, io.LimitReader(from, part)))
	if err != nil {
		return 0, false, err
	}
	st, err := f.Append(ctx, tenant, ref.Hash, offset, ref.Size, bytes.NewReader(got))
	if errors.Is(err, server.ErrOffset) {
		err = nil
	}
	return st.Offset, st.Complete, errors.Join(err, broken, n.kept(ctx, ref, st))
}

func (n *network) Fetch(ctx context.Context, ref record.BlobRef, offset int64, w io.Writer) (int64, error) {
	if err := n.begin(ctx, "get"); err != nil {
		return 0, err
	}
	_, f, _ := n.w.now()
	r, _, err := f.Open(ctx, tenant, ref.Hash)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	if _, err := r.Seek(offset, io.SeekStart); err != nil {
		return 0, err
	}
	left, broken := n.through(ref.Size - offset)
	got, err := io.Copy(w, n.line(ctx, io.LimitReader(r, left)))
	return got, errors.Join(err, broken)
}

// line lets bytes through at the network's speed.
func (n *network) line(ctx context.Context, r io.Reader) io.Reader {
	if w := n.weather(); w.slow > 0 {
		return thin{ctx, w.slow, r}
	}
	return r
}

type thin struct {
	ctx   context.Context
	speed int64
	r     io.Reader
}

func (l thin) Read(p []byte) (int, error) {
	n, err := l.r.Read(p[:min(len(p), 4<<10)])
	if !wait(l.ctx, time.Duration(n)*time.Second/time.Duration(l.speed)) {
		return 0, l.ctx.Err()
	}
	return n, err
}

func (n *network) Ahead() time.Duration { return n.weather().ahead }
func (n *network) Close()               {}

// count returns how many requests of a kind were made.
func (n *network) count(what string) (c int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, r := range n.requests {
		if r == what {
			c++
		}
	}
	return c
}

// bad is weather in which lines break with probability p everywhere.
func bad(r *rand.Rand, p float64) weather {
	return weather{
		cut: func(string) bool { return r.Float64() < p },
		part: func(size int64) int64 {
			if r.Float64() < p && size > 0 {
				return r.Int64N(size)
			}
			return size
		},
	}
}

// never is a line on which nothing gets through.
var never = weather{cut: func(string) bool { return true }}
