package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
	"schalter/sync/server"
	"schalter/sync/server/contract"
	"schalter/sync/server/memory"
)

// fixture is a running centre with two authorities: d and e are desks of one, f of the other.
type fixture struct {
	t       *testing.T
	journal *watched
	files   server.Files
	http    *httptest.Server
	clock   *clock
	log     *lockedBuffer
	d, e, f *contract.Desk
}

// watched tells when a pull looked into the journal, so that a test knows that a desk waits.
type watched struct {
	server.Journal
	pulls chan struct{}
}

func (w *watched) Pull(ctx context.Context, tenant string, from record.Cursor, limit int, each func(server.Entry) error) (record.Cursor, bool, error) {
	next, more, err := w.Journal.Pull(ctx, tenant, from, limit, each)
	select {
	case w.pulls <- struct{}{}:
	default:
	}
	return next, more, err
}

type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newFixture(t *testing.T, alter ...func(*server.Config)) *fixture {
	t.Helper()
	x := &fixture{t: t, journal: &watched{memory.NewJournal(), make(chan struct{}, 1)}, files: memory.NewFiles(), clock: &clock{t: contract.Now}, log: &lockedBuffer{}}
	cfg := server.Config{
		Journal: x.journal, Files: x.files, CA: []byte("the certificate authority"), Clock: x.clock.now,
		Log:    slog.New(slog.NewTextHandler(x.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Limits: server.Limits{FailBurst: 1000},
	}
	for _, f := range alter {
		f(&cfg)
	}
	x.http = httptest.NewServer(server.New(cfg))
	t.Cleanup(x.http.Close)
	contract.AddAuthority(t, x.journal, "Musterstadt", "MS", "ms")
	contract.AddAuthority(t, x.journal, "Nebenstadt", "NS", "ns")
	x.d, x.e, x.f = contract.NewDesk(t), contract.NewDesk(t), contract.NewDesk(t)
	contract.Enrol(t, x.journal, "ms", 1, x.d)
	contract.Enrol(t, x.journal, "ms", 2, x.e)
	contract.Enrol(t, x.journal, "ns", 1, x.f)
	return x
}

// reply is an answer, read to its end.
type reply struct {
	*http.Response
	body []byte
}

func (r reply) code() record.Code {
	var f protocol.Fault
	_ = json.Unmarshal(r.body, &f) // a body that is no fault has no code
	return f.Code
}

func (x *fixture) request(d *contract.Desk, method, path string, body []byte, header ...string) *http.Request {
	x.t.Helper()
	r, err := http.NewRequestWithContext(x.t.Context(), method, x.http.URL+path, bytes.NewReader(body))
	if err != nil {
		x.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	content := protocol.Content(body)
	if method == http.MethodPatch {
		content = protocol.Streamed
	}
	if d != nil {
		protocol.Sign(r, d.Device, d.Key, content)
	}
	return r
}

func (x *fixture) send(r *http.Request) reply {
	x.t.Helper()
	resp, err := x.http.Client().Do(r)
	if err != nil {
		x.t.Error(err)
		return reply{Response: &http.Response{}}
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		x.t.Error(err)
	}
	return reply{resp, b}
}

func (x *fixture) want(what string, r reply, status int, code record.Code) {
	x.t.Helper()
	if r.StatusCode != status || r.code() != code {
		x.t.Errorf("%s: %d %s, want %d %s: %.200s", what, r.StatusCode, r.code(), status, code, r.body)
	}
}

func (x *fixture) push(d *contract.Desk, changes ...record.Change) reply {
	x.t.Helper()
	b, err := protocol.EncodePush(changes)
	if err != nil {
		x.t.Fatal(err)
	}
	return x.send(x.request(d, "POST", protocol.PathPush, b))
}

func (x *fixture) pull(d *contract.Desk, p protocol.PullRequest) (protocol.Pulled, reply) {
	x.t.Helper()
	r := x.send(x.request(d, "GET", protocol.PathPull+"?"+p.Query(), nil))
	if r.StatusCode != http.StatusOK {
		return protocol.Pulled{}, r
	}
	got, err := protocol.DecodePull(bytes.NewReader(r.body), p.Cursor)
	if err != nil {
		x.t.Error(err)
	}
	return got, r
}
