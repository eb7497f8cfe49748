package main

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"schalter/data/pdf/preview"
)

// keysPressed is how often the paper is paged down before the memory is read; most pages need two.
const keysPressed = 75

// memory measures what the real window holds in memory: unlocked with all its cases, and with a paper of
// 1,000 pages open beside a case. The helper that draws pages is another process and counted by itself.
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
	for _, s := range []session{
		{name: "text", family: thickText},
		{name: "scan", family: thickScans},
		{name: "text.cache_5s", family: thickText, env: "FYNE_CACHE=5s"},
		{name: "scan.cache_5s", family: thickScans, env: "FYNE_CACHE=5s"},
	} {
		if err := b.sitting(d, dir, s); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// session is one clerk looking at one paper.
type session struct {
	name, family, env string
}

// usage is a process's memory in MB of 1,000,000 bytes.
type usage struct {
	now, most, anon float64
}

func (b *bench) sitting(d *display, data string, s session) (err error) {
	c, err := d.start(strings.Fields(s.env), b.desk, "--data", data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.quit(d, c)) }()
	if _, err := d.drawn(b.ctx, make(picture, len(d.picture(nil))), enough, windowTime); err != nil {
		return err
	}
	if _, err := b.unlock(d); err != nil {
		return err
	}
	list, err := memoryOf(c.Process.Pid)
	if err != nil {
		return err
	}
	if err := b.lookAt(d, s.family); err != nil {
		return err
	}
	if err := d.keep(filepath.Join(b.work, "memory-"+s.name+".png")); err != nil {
		return err
	}
	desk, err := memoryOf(c.Process.Pid)
	if err != nil {
		return err
	}
	helper, err := memoryOfHelper(c.Process.Pid)
	if err != nil {
		return err
	}
	note := fmt.Sprintf("real window, %d cases, paper of %d pages open, paged down %d times", b.cases, thickPages, keysPressed)
	if s.env != "" {
		note += ", " + s.env
	}
	b.table.add(figure{name: "memory.list." + s.name, value: list.now, unit: "MB", note: "real window, unlocked, work list"})
	b.table.add(figure{
		name: "memory.paper." + s.name, value: desk.now, unit: "MB", limit: atMost(250, "MB"),
		note: fmt.Sprintf("%s; of it %s MB are its own (not mapped files), at most it was %s MB", note, number(desk.anon), number(desk.most)),
	})
	b.table.add(figure{name: "memory.helper." + s.name, value: helper.now, unit: "MB", limit: atMost(400, "MB"), note: "the sandboxed helper of the same window; at most " + number(helper.most) + " MB"})
	return nil
}

// lookAt finds the case of a family, opens it and turns the pages of its paper.
func (b *bench) lookAt(d *display, family string) error {
	for _, step := range [][]string{{"key", "ctrl+k"}, {"type", "--delay", "40", family}, {"key", "Return"}} {
		before := d.picture(nil)
		if err := d.press(step...); err != nil {
			return err
		}
		if _, err := d.drawn(b.ctx, before, enough, windowTime); err != nil {
			failed := filepath.Join(b.work, "failed.png")
			return errors.Join(fmt.Errorf("%v: %w; see %s", step, err, failed), d.keep(failed))
		}
	}
	for range keysPressed {
		if err := d.press("key", "Next"); err != nil {
			return err
		}
		if err := pause(b.ctx, 150*time.Millisecond); err != nil {
			return err
		}
	}
	return pause(b.ctx, time.Second)
}

// memoryOf reads what a process holds.
func memoryOf(pid int) (usage, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return usage{}, err
	}
	field := func(name string) float64 {
		_, after, _ := strings.Cut(string(text), "\n"+name+":")
		kib, err := strconv.ParseFloat(strings.Fields(after + " 0")[0], 64)
		if err != nil {
			return 0
		}
		return kib * 1024 / 1e6
	}
	return usage{now: field("VmRSS"), most: field("VmHWM"), anon: field("RssAnon")}, nil
}

// memoryOfHelper finds the preview's process among the children of the desk.
func memoryOfHelper(desk int) (usage, error) {
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", desk))
	if err != nil {
		return usage{}, err
	}
	for _, t := range tasks {
		children, err := os.ReadFile(t)
		if err != nil {
			return usage{}, err
		}
		for child := range strings.FieldsSeq(string(children)) {
			line, err := os.ReadFile("/proc/" + child + "/cmdline")
			if err != nil || !strings.Contains(string(line), preview.WorkerArg) {
				continue
			}
			pid, err := strconv.Atoi(child)
			if err != nil {
				return usage{}, err
			}
			return memoryOf(pid)
		}
	}
	return usage{}, errors.New("the desk has no helper for pages")
}

// keep leaves a picture of the screen, so that a person can see what was measured.
func (d *display) keep(path string) error {
	img := image.NewRGBA(image.Rect(0, 0, screenWidth, screenHeight))
	for y := range screenHeight {
		row, out := d.memory[y*d.stride:], img.Pix[y*img.Stride:]
		for x := range screenWidth { // blue, green, red, unused
			out[4*x], out[4*x+1], out[4*x+2], out[4*x+3] = row[4*x+2], row[4*x+1], row[4*x], 255
		}
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(png.Encode(f, img), f.Close())
}
