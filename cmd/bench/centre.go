package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"schalter/data/record"
	"schalter/sync/engine"
	"schalter/sync/protocol"
	"schalter/sync/transport"
)

// centre is a running schalterd, the program beside the one under test.
type centre struct {
	program, dir string
	serving      *exec.Cmd
	said         *bytes.Buffer
}

// newCentre starts the centre of one town hall on an address; in names what runs it, such as another
// network namespace.
func (b *bench) newCentre(dir, listen string, in ...string) (*centre, error) {
	c := &centre{program: filepath.Join(filepath.Dir(b.desk), "schalterd"), dir: dir, said: &bytes.Buffer{}}
	if _, err := os.Stat(c.program); err != nil {
		return nil, fmt.Errorf("%w; `make build` makes it", err)
	}
	if _, err := c.ask("authority", "add", "Musterstadt", "--office", "MS"); err != nil {
		return nil, err
	}
	run := append(append([]string{}, in...), c.program, "serve", "--data", dir, "--listen", listen, "--log", "error")
	c.serving = exec.CommandContext(b.ctx, run[0], run[1:]...) //nolint:gosec // our own program
	c.serving.Cancel = func() error { return c.serving.Process.Signal(syscall.SIGTERM) }
	c.serving.Stderr = c.said
	out, err := c.serving.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.serving.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "listening ") {
		return nil, errors.Join(fmt.Errorf("the centre said %q: %s", line, c.said), err, c.close())
	}
	return c, nil
}

func (c *centre) ask(args ...string) (string, error) {
	out, err := exec.Command(c.program, append(args, "--data", c.dir)...).Output() //nolint:gosec // our own program
	if failed := new(exec.ExitError); errors.As(err, &failed) {
		err = fmt.Errorf("schalterd %s: %w: %s", strings.Join(args, " "), err, failed.Stderr)
	}
	return strings.TrimSpace(string(out)), err
}

func (c *centre) close() error {
	err := c.serving.Process.Signal(syscall.SIGTERM)
	return errors.Join(err, c.serving.Wait())
}

// dial opens connections, nil as a desk does.
type dial func(ctx context.Context, network, address string) (net.Conn, error)

// linked is a desk that is enrolled at a centre.
type linked struct {
	*ground
	client *transport.Client
	asked  *asked
	engine *engine.Engine
}

// newDesk sets up a data folder and enrols it.
func (b *bench) newDesk(c *centre, dir string, number int, d dial) (*linked, error) {
	g, err := found(b.ctx, dir)
	if err != nil {
		return nil, err
	}
	l, err := b.link(g, c, number, transport.Options{Dial: d})
	if err != nil {
		return nil, errors.Join(err, g.close())
	}
	return l, nil
}

func (b *bench) link(g *ground, c *centre, number int, o transport.Options) (*linked, error) {
	code, err := c.ask("desk", "enrol", "--authority", "MS", "--desk", strconv.Itoa(number))
	if err != nil {
		return nil, err
	}
	id, err := g.store.Identity(b.ctx)
	if err != nil {
		return nil, err
	}
	e, err := transport.Enrol(b.ctx, code, id.Device, ed25519.NewKeyFromSeed(id.Key), o)
	if err != nil {
		return nil, err
	}
	id.Authority, id.Tenant, id.Office, id.Desk, id.Centre, id.CA = e.Authority, e.Tenant, e.Office, e.Desk, e.Centre, e.CA
	if err := g.store.SetIdentity(b.ctx, id); err != nil {
		return nil, err
	}
	client, err := transport.New(id, o)
	if err != nil {
		return nil, err
	}
	l := &linked{ground: g, client: client, asked: &asked{Centre: client}}
	l.engine = engine.New(engine.Config{Store: g.store, Blobs: engine.Files(g.blobs), Centre: l.asked, Clock: record.SystemClock})
	return l, nil
}

func (l *linked) close() error {
	l.client.Close()
	return l.ground.close()
}

// traffic is what went over the line so far, both ways, TLS included, and in how many requests.
func (l *linked) traffic() (bytes int64, requests int) {
	up, down := l.client.Traffic()
	l.asked.mu.Lock()
	defer l.asked.mu.Unlock()
	return up + down, l.asked.requests
}

// asked counts requests.
type asked struct {
	engine.Centre
	mu       sync.Mutex
	requests int
}

func (a *asked) count() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.requests++
}

func (a *asked) Push(ctx context.Context, changes []record.Change) (protocol.PushAnswer, error) {
	a.count()
	return a.Centre.Push(ctx, changes)
}

func (a *asked) Pull(ctx context.Context, q protocol.PullRequest) (protocol.Pulled, error) {
	a.count()
	return a.Centre.Pull(ctx, q)
}

func (a *asked) Offset(ctx context.Context, ref record.BlobRef) (have int64, complete bool, err error) {
	a.count()
	return a.Centre.Offset(ctx, ref)
}

func (a *asked) Send(ctx context.Context, ref record.BlobRef, offset int64, from io.Reader, n int64) (have int64, complete bool, err error) {
	a.count()
	return a.Centre.Send(ctx, ref, offset, from, n)
}

func (a *asked) Fetch(ctx context.Context, ref record.BlobRef, offset int64, w io.Writer) (int64, error) {
	a.count()
	return a.Centre.Fetch(ctx, ref, offset, w)
}
