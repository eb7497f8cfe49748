package main

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// What the desk may hold, whatever is open in it, in MB of 1,000,000 bytes.
var deskLimit = atMost(250, "MB")

// memory measures what the real window holds in memory where a clerk's day leads: with all the cases in the store,
// with papers of 1,000 pages open, with and without words being recognized meanwhile, and after hours of the
// same. The helper that draws pages is another process and counted by itself.
func (b *bench) memory() error {
	dir, err := b.large()
	if err != nil {
		return err
	}
	d, err := newDisplay()
	if err != nil {
		return err
	}
	defer d.close()
	for _, s := range []sitting{
		{name: "text", what: "words recognized meanwhile", acts: papers(thickText)},
		{name: "scan", what: "words recognized meanwhile", acts: papers(thickScans)},
		{name: "text.alone", what: "no recognition", env: noWords, acts: papers(thickText)},
		{name: "scan.alone", what: "no recognition", env: noWords, acts: papers(thickScans)},
		{name: "day", what: "no recognition", env: noWords, acts: day()},
		{name: "hours", what: "no recognition", env: noWords, acts: hours()},
	} {
		if err := b.sit(d, dir, s); err != nil {
			b.table.missing("memory."+s.name, errors.Join(err, d.keep(b.pictureOf("failed-"+s.name))))
		}
	}
	return b.ctx.Err()
}

// noWords hides the program that recognizes words.
var noWords = []string{"PATH="}

// sitting is one clerk at one window.
type sitting struct {
	name, what string
	env        []string
	acts       []act
}

// act is something done, after which the memory is read.
type act struct {
	name, what string
	do         func(b *bench, d *display) error
	helper     bool // its memory too
	grown      bool // the figure is by how much more it is than after the act before
}

func (b *bench) sit(d *display, data string, s sitting) (err error) {
	c, err := d.start(s.env, b.desk, "--data", data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.quit(d, c)) }()
	if _, err := d.drawn(b.ctx, make(picture, len(d.picture(nil))), enough, windowTime); err != nil {
		return err
	}
	before := usage{}
	for _, a := range append([]act{{name: "door", what: "before the passphrase"}, {name: "list", what: "unlocked, work list", do: enterDesk}}, s.acts...) {
		if a.do != nil {
			if err := a.do(b, d); err != nil {
				return fmt.Errorf("%s: %w", a.name, err)
			}
		}
		if err := pause(b.ctx, 2*time.Second); err != nil {
			return err
		}
		if before, err = b.noteMemory(c, s, a, before); err != nil {
			return err
		}
		if err := d.keep(b.pictureOf(s.name + "-" + a.name)); err != nil {
			return err
		}
	}
	return nil
}

// noteMemory writes down what the desk holds after an act.
func (b *bench) noteMemory(c *exec.Cmd, s sitting, a act, before usage) (usage, error) {
	now, err := memoryOf(c.Process.Pid)
	if err != nil {
		return now, err
	}
	name, note := "memory."+a.name+"."+s.name, fmt.Sprintf("real window, %d cases, %s; %s; %s", b.cases, s.what, a.what, now)
	if a.grown {
		b.table.add(figure{name: name, value: now.now - before.now, unit: "MB", limit: atMost(12, "MB"), note: "more than before; " + note})
		return now, nil
	}
	b.table.add(figure{name: name, value: now.now, unit: "MB", limit: deskLimit, note: note})
	if !a.helper {
		return now, nil
	}
	helper, err := memoryOfHelper(c.Process.Pid)
	if err == nil {
		b.table.add(figure{
			name: "memory.helper." + s.name, value: helper.now, unit: "MB", limit: atMost(400, "MB"),
			note: "the sandboxed helper of the same window; at most " + number(helper.most) + " MB",
		})
	}
	return now, err
}

func enterDesk(b *bench, d *display) error {
	_, err := b.unlock(d)
	return err
}

// keysPressed is how often the paper is paged down before the memory is read; most pages need two.
const keysPressed = 75

func papers(family string) []act {
	return []act{
		{name: "case", what: fmt.Sprintf("paper of %d pages opened", thickPages), do: func(b *bench, d *display) error { return b.lookFor(d, family) }},
		{name: "paper", what: fmt.Sprintf("paged down %d times", keysPressed), do: func(b *bench, d *display) error { return b.turn(d, "Next", keysPressed) }, helper: true},
	}
}

// day is a bit of everything, and a paper at its end.
func day() []act {
	return append([]act{
		{name: "finds", what: "12 searches", do: (*bench).searches},
		{name: "screens", what: "every place of the rail visited", do: (*bench).places},
		{name: "jumps", what: "up and down the list of all cases", do: (*bench).jumps},
	}, append(papers(thickScans), act{name: "locked", what: "locked again", do: func(b *bench, d *display) error {
		return b.strike(d, time.Second, "Escape", "ctrl+l")
	}})...)
}

// hours does the same again and again: the first time fills what is kept, after that nothing may grow.
func hours() []act {
	var acts []act
	for _, a := range []act{
		{name: "cases", what: "50 cases opened and closed", do: func(b *bench, d *display) error { return b.cycle(d, 50, "Return", "Escape", "Down") }},
		{name: "papers", what: "a paper opened and closed 20 times", do: (*bench).openings},
		{name: "turns", what: "250 pages turned", do: func(b *bench, d *display) error {
			return errors.Join(b.lookFor(d, thickText), b.turn(d, "Next", 250), b.strike(d, time.Second, "Escape"))
		}},
		{name: "locks", what: "locked and unlocked 10 times", do: (*bench).locks},
	} {
		first, again := a, a
		first.name, again.name, again.grown = "first."+a.name, "again."+a.name, true
		acts = append(acts, first, again)
	}
	return append([]act{{name: "office", what: "the list of the office", do: func(b *bench, d *display) error { return b.strike(d, time.Second, "ctrl+4") }}}, acts...)
}

// strike presses keys and waits after each.
func (b *bench) strike(d *display, wait time.Duration, keys ...string) error {
	for _, k := range keys {
		if err := d.press("key", k); err != nil {
			return err
		}
		if err := pause(b.ctx, wait); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) cycle(d *display, times int, keys ...string) error {
	for range times {
		if err := b.strike(d, 200*time.Millisecond, keys...); err != nil {
			return err
		}
	}
	return nil
}

// turn turns pages.
func (b *bench) turn(d *display, key string, times int) error {
	for range times {
		if err := b.strike(d, 150*time.Millisecond, key); err != nil {
			return err
		}
	}
	return nil
}

// lookFor finds the case of a family and opens it.
func (b *bench) lookFor(d *display, family string) error {
	for _, step := range [][]string{{"key", "ctrl+k"}, {"type", "--delay", "40", family}, {"key", "Return"}} {
		before := d.picture(nil)
		if err := d.press(step...); err != nil {
			return err
		}
		if _, err := d.drawn(b.ctx, before, enough, windowTime); err != nil {
			return fmt.Errorf("%v: %w", step, err)
		}
	}
	return nil
}

func (b *bench) openings(d *display) error {
	for range 20 {
		if err := errors.Join(b.lookFor(d, thickText), b.turn(d, "Next", 2), b.strike(d, 300*time.Millisecond, "Escape")); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) searches(d *display) error {
	for word := range strings.FieldsSeq("meyer schmidt hund steuer anna weber platz 2025 becker wagner antrag bescheid") {
		err := errors.Join(b.strike(d, 300*time.Millisecond, "ctrl+k"), d.press("type", "--delay", "40", word), b.strike(d, 500*time.Millisecond, "Escape"))
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) places(d *display) error {
	for n := range 9 {
		if err := b.strike(d, 1200*time.Millisecond, fmt.Sprintf("ctrl+%d", n+1)); err != nil {
			return err
		}
	}
	return b.strike(d, 1200*time.Millisecond, "ctrl+shift+k")
}

func (b *bench) jumps(d *display) error {
	if err := b.strike(d, time.Second, "ctrl+4"); err != nil {
		return err
	}
	return b.cycle(d, 6, "End", "Home", "Next", "Next", "Next", "Next", "Next", "Next", "Next", "Next")
}

func (b *bench) locks(d *display) error {
	for range 10 {
		before := d.picture(nil)
		if err := d.press("key", "ctrl+l"); err != nil {
			return err
		}
		if _, err := d.drawn(b.ctx, before, 20*enough, windowTime); err != nil {
			return err
		}
		if _, err := b.unlock(d); err != nil {
			return err
		}
	}
	return nil
}
