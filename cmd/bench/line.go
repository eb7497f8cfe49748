package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"schalter/data/record"
)

// The line of the budget. The emulator joins two network namespaces, in which its script has these names.
const (
	lineRate   = "256000"
	lineDelay  = 150 * time.Millisecond // one way
	lineLoss   = "0.02"
	deskSpace  = "pa"
	otherSpace = "pb"
	otherEnd   = "10.77.0.2:0"
	lineEdits  = 40
)

// line measures what one edit takes and costs from a desk to a centre and on to another desk over a slow
// line that loses packets, with the real centre and the exchange as it runs in a desk.
func (b *bench) line() (err error) {
	down, err := b.emulate()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, down()) }()
	dir, err := os.MkdirTemp(b.work, "line-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	c, err := b.newCentre(filepath.Join(dir, "centre"), otherEnd, "ip", "netns", "exec", otherSpace)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	here, err := b.newDesk(c, filepath.Join(dir, "here"), 1, from(deskSpace))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, here.close()) }()
	there, err := b.newDesk(c, filepath.Join(dir, "there"), 2, from(deskSpace))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, there.close()) }()
	ctx, stop := context.WithCancel(b.ctx)
	var running sync.WaitGroup
	running.Go(func() { here.engine.Run(ctx) })
	running.Go(func() { there.engine.Run(ctx) })
	err = b.edits(here, there)
	stop()
	running.Wait()
	return err
}

// emulate puts the line up and tells how to take it down.
func (b *bench) emulate() (down func() error, err error) {
	shared, err := filepath.Abs(filepath.Join("..", "shared", "bench", "pouchdb"))
	if err != nil {
		return nil, err
	}
	script := filepath.Join(shared, "netup.sh")
	if _, err := os.Stat(script); err != nil {
		return nil, fmt.Errorf("the emulated line needs ../shared: %w", err)
	}
	if os.Getuid() != 0 {
		return nil, errors.New("the emulated line needs root, for network namespaces")
	}
	if _, err := os.Stat("/dev/net/tun"); err != nil {
		return nil, fmt.Errorf("the emulated line needs TUN devices: %w", err)
	}
	if _, err := exec.LookPath("ip"); err != nil {
		return nil, fmt.Errorf("the emulated line needs iproute2: %w", err)
	}
	emulator := filepath.Join(b.work, "linkem")
	build := exec.CommandContext(b.ctx, "go", "build", "-o", emulator, ".")
	build.Dir = filepath.Join(shared, "linkem")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the emulator: %w\n%s", err, out)
	}
	run := func(args ...string) error {
		// Its output would be the emulator's, which stays behind: a pipe would be waited for.
		cmd := exec.Command(script, args...) //nolint:gosec // of the repository beside this one
		cmd.Env = append(os.Environ(), "LINKEM="+emulator, "BENCH_WORK="+b.work)
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%s %s: %w", script, args[0], err)
		}
		return nil
	}
	if err := run("up", "-rate", lineRate, "-delay", lineDelay.String(), "-loss", lineLoss, "-seed", "1"); err != nil {
		return nil, errors.Join(err, run("down"))
	}
	return func() error { return run("down") }, nil
}

// from dials out of a network namespace.
func from(space string) dial {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		type answer struct {
			conn net.Conn
			err  error
		}
		done := make(chan answer, 1)
		go func() {
			runtime.LockOSThread() // and never let go: the thread ends with the goroutine
			f, err := os.Open(filepath.Join("/run/netns", space))
			if err == nil {
				err = errors.Join(unix.Setns(int(f.Fd()), unix.CLONE_NEWNET), f.Close())
			}
			var a answer
			if a.err = err; err == nil {
				a.conn, a.err = new(net.Dialer).DialContext(ctx, network, address)
			}
			done <- a
		}()
		a := <-done
		return a.conn, a.err
	}
}

// edits changes a field again and again and watches it arrive.
func (b *bench) edits(here, there *linked) error {
	c, change, err := b.editable(here)
	if err != nil {
		return err
	}
	if err := until(b.ctx, there, func() (bool, error) { _, err := there.store.Case(b.ctx, c); return known(err) }); err != nil {
		return err
	}
	var acknowledged, arrived []time.Duration
	var bytes, requests []float64
	for i := range lineEdits {
		if err := pause(b.ctx, 3*time.Second); err != nil { // what the last one left on the line is gone
			return err
		}
		sent, before := here.traffic()
		began := time.Now()
		id, err := change("neu " + strconv.Itoa(i))
		if err != nil {
			return err
		}
		err = until(b.ctx, here, func() (bool, error) {
			n, err := here.store.Counts(b.ctx, user)
			return n.Outbox == 0, err
		})
		if err != nil {
			return err
		}
		acknowledged = append(acknowledged, time.Since(began))
		err = until(b.ctx, there, func() (bool, error) {
			got, err := there.store.Case(b.ctx, c)
			return got.Last == id, err
		})
		if err != nil {
			return err
		}
		arrived = append(arrived, time.Since(began))
		if err := pause(b.ctx, time.Second); err != nil { // what is still said about it counts too
			return err
		}
		now, after := here.traffic()
		bytes, requests = append(bytes, float64(now-sent)), append(requests, float64(after-before))
	}
	note := fmt.Sprintf("%s bit/s and %v each way, %s of the packets lost each way; %d edits of one field, real centre, exchange as in a desk", lineRate, lineDelay, lineLoss, lineEdits)
	for _, f := range []figure{
		{name: "line.edit.p50", value: median(acknowledged).Seconds(), unit: "s", limit: atMost(0.5, "s"), note: "until the centre's acknowledgement is stored: " + note},
		{name: "line.edit.p95", value: quantile(acknowledged, 0.95).Seconds(), unit: "s"},
		{name: "line.edit.elsewhere.p50", value: median(arrived).Seconds(), unit: "s", note: "until another desk behind the same line has it"},
		{name: "line.edit.bytes", value: median(bytes), unit: "B", limit: atMost(1500, "B"), note: "both directions, TLS included, with the new long poll"},
		{name: "line.edit.requests", value: median(requests), unit: "requests", limit: atMost(4, "requests")},
	} {
		b.table.add(f)
	}
	return nil
}

// editable submits a case and gives a way to change a field of it.
func (b *bench) editable(l *linked) (record.ID, func(text string) (record.ID, error), error) {
	const group, path = "halter", "halter/name"
	id := record.NewID()
	fields := func(base record.ID, text string) record.Edit {
		return record.Edit{Case: id, Kind: record.KindFields, User: user, Payload: record.Fields{
			Groups: []record.GroupEdit{{Group: group, Base: base, Values: record.Values{path: text, "halter/vorname": "Erika"}}},
		}}
	}
	c, err := l.store.Submit(b.ctx, "", []record.Edit{
		{Case: id, Kind: record.KindOpen, User: user, Payload: record.Opened{Service: "x", Title: map[string]string{"de": "X"}}},
		fields("", "Muster"),
	})
	base := c.Groups[group].Version
	return id, func(text string) (record.ID, error) {
		changes, err := l.store.Apply(b.ctx, fields(base, text))
		if err != nil {
			return "", err
		}
		base = changes[0].ID
		return base, nil
	}, err
}

// known takes a case that has not come yet for no error.
func known(err error) (bool, error) {
	if record.CodeOf(err) == record.CodeNotFound {
		return false, nil
	}
	return err == nil, err
}

// until waits for something that a commit of the desk's store brings.
func until(ctx context.Context, l *linked, done func() (bool, error)) error {
	changed, stop := l.store.Watch()
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for {
		ok, err := done()
		if ok || err != nil {
			return err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for the line: %w", ctx.Err())
		}
	}
}
