package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"schalter/data/vault"
)

// The flags of the Makefile's release build, so that both windows are built alike.
const releaseTags = "migrated_fynedo,no_animations,no_emoji"

// windowTime is how long a window may take before the measurement gives up.
const windowTime = 60 * time.Second

// start measures how long it takes until the desk with all its cases can be used: to the locked door,
// beside the smallest window of the same toolkit, and from the passphrase to the work list.
func (b *bench) start() error {
	dir, err := b.large()
	if err != nil {
		return err
	}
	if _, err := os.Stat(b.desk); err != nil {
		return fmt.Errorf("%w; `make build` makes it", err)
	}
	hello := filepath.Join(b.work, "hello")
	build := exec.CommandContext(b.ctx, "go", "build", "-trimpath", "-tags", releaseTags, "-ldflags", "-s -w", "-o", hello, "schalter/cmd/bench/testdata/hello")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the window beside: %w\n%s", err, out)
	}
	d, err := newDisplay()
	if err != nil {
		return err
	}
	defer d.close()
	var open []time.Duration
	p, err := beside(b.rounds, 1, func() (time.Duration, error) {
		door, unlock, err := b.startDesk(d, dir)
		open = append(open, unlock)
		return door, err
	}, func() (time.Duration, error) { return b.startHello(d, hello) })
	if err != nil {
		return err
	}
	b.table.add(figure{
		name: "start.door", value: ms(p.ours), unit: "ms", beside: fmt.Sprintf("Fyne hello-world: %s ms", number(ms(p.theirs))), ratio: p.ratio, limit: atMost(1.3, "x"),
		note: fmt.Sprintf("from the start of the process to the finished picture of the locked door, %d cases in the store; %d alternating rounds on one virtual display, software OpenGL, looked at every %v", b.cases, p.rounds, lookEvery),
	})
	b.table.add(figure{
		name: "start.unlock", value: ms(median(open[1:])), unit: "ms",
		note: "from Return on the passphrase to the finished picture of the work list; the key derivation (Argon2id, 64 MiB) is part of it on purpose",
	})
	return b.derive(dir)
}

// derive measures how much of the unlocking is the key derivation.
func (b *bench) derive(dir string) error {
	v, err := vault.Open(dir)
	if err != nil {
		return err
	}
	var took []time.Duration
	for range b.rounds {
		began := time.Now()
		keys, err := v.Unlock(user, passphrase)
		if err != nil {
			return err
		}
		took = append(took, time.Since(began))
		keys.Wipe()
	}
	b.table.add(figure{name: "start.unlock.key", value: ms(median(took)), unit: "ms", note: "of that, the key derivation, by itself in this process"})
	return nil
}

// enough is how many of the pixels looked at a new picture changes at least.
const enough = 250

func (b *bench) startHello(d *display, program string) (time.Duration, error) {
	before := d.picture(nil)
	began := time.Now()
	c, err := d.start(nil, program)
	if err != nil {
		return 0, err
	}
	at, err := d.drawn(b.ctx, before, enough, windowTime)
	return at.Sub(began), errors.Join(err, b.end(c, 0))
}

// startDesk starts the desk, unlocks it and ends it.
func (b *bench) startDesk(d *display, data string) (door, unlock time.Duration, err error) {
	before := d.picture(nil)
	began := time.Now()
	c, err := d.start(nil, b.desk, "--data", data)
	if err != nil {
		return 0, 0, err
	}
	at, err := d.drawn(b.ctx, before, enough, windowTime)
	door = at.Sub(began)
	if err == nil {
		unlock, err = b.unlock(d)
	}
	return door, unlock, errors.Join(err, b.quit(d, c))
}

// unlock types the passphrase and waits for the work list.
func (b *bench) unlock(d *display) (time.Duration, error) {
	if err := d.press("search", "--sync", "--name", "^Schalter", "windowfocus", "--sync"); err != nil {
		return 0, err
	}
	before := d.picture(nil)
	if err := d.press("type", "--delay", "15", passphrase); err != nil {
		return 0, err
	}
	if _, err := d.drawn(b.ctx, before, 2*len(passphrase), windowTime); err != nil {
		return 0, fmt.Errorf("type the passphrase: %w", err)
	}
	before = d.picture(nil)
	began := time.Now()
	if err := d.press("key", "Return"); err != nil {
		return 0, err
	}
	at, err := d.drawn(b.ctx, before, 20*enough, windowTime)
	return at.Sub(began), err
}

// quit ends the desk as a clerk does, so that the store is closed.
func (b *bench) quit(d *display, c *exec.Cmd) error {
	err := d.press("key", "ctrl+q")
	return errors.Join(err, b.end(c, 3*time.Second))
}

// end waits for a program to end and ends it when that takes too long; then the screen gets a moment to
// become empty.
func (b *bench) end(c *exec.Cmd, patience time.Duration) error {
	ended := make(chan struct{})
	go func() { _ = c.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(patience):
		_ = c.Process.Kill()
		<-ended
	}
	return pause(b.ctx, 300*time.Millisecond)
}
