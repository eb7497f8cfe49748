package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/form/formtest"
	"schalter/data/record"
	"schalter/ui/capture"
	"schalter/ui/i18n"
	"schalter/ui/look"
)

// frame is the budget of one key stroke: the time between two pictures of a screen.
var frame = atMost(16, "ms")

// key measures a key stroke in the capture screen with a form of 120 fields: from the key to the changed
// widgets, and a repaint of the field by the software painter. (The real window paints on the graphics
// card; the software painter has no notion of what changed and would paint the whole window.)
func (b *bench) key() error {
	dir, err := os.MkdirTemp(b.work, "key-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	g, err := found(b.ctx, filepath.Join(dir, "desk"))
	if err != nil {
		return err
	}
	texts, err := i18n.Load(assets.Files, i18n.Default)
	if err != nil {
		return errors.Join(err, g.close())
	}
	look.Apply(test.NewApp(), look.Light, 100)
	c := &counter{forms: &form.Library{}}
	if err := c.forms.Add(formtest.Sample120()); err != nil {
		return errors.Join(err, g.close())
	}
	c.screen = capture.New(capture.Deps{
		Texts: texts, Store: g.store, Forms: c.forms, Blobs: g.blobs, User: func() string { return user },
		Run: capture.Runtime{
			Clock: record.SystemClock,
			After: c.later,
			Go:    c.away,
			Do:    func(f func()) { f() },
		},
	})
	c.window = test.NewWindow(c.screen.Object())
	c.window.SetPadded(false)
	c.window.Resize(fyne.NewSize(1366, 700)) // what the desk's bars leave of a small screen
	err = c.fill(b)
	c.closing = true
	c.settle() // what was put aside would never end, and closing waits for it
	c.window.Close()
	return errors.Join(err, c.screen.Close(context.Background()), g.close())
}

// counter is a capture screen at which somebody types. What the program does between the keys (saving) is
// done between the measurements, as the window does it on another goroutine.
type counter struct {
	forms   *form.Library
	screen  *capture.Screen
	window  fyne.Window
	queue   []func() // work for other goroutines
	timers  []func()
	closing bool // nothing is measured any more
	strokes,
	paints []time.Duration
	worst string // the field of the slowest stroke
	most  time.Duration
}

func (c *counter) later(_ time.Duration, f func()) func() {
	stopped := false
	c.timers = append(c.timers, func() {
		if !stopped {
			f()
		}
	})
	return func() { stopped = true }
}

func (c *counter) away(f func()) {
	if c.closing {
		go f()
		return
	}
	c.queue = append(c.queue, f)
}

// settle lets all time pass that somebody waits for, once, and does the work that is due.
func (c *counter) settle() {
	due := c.timers
	c.timers = nil
	for _, f := range due {
		f()
	}
	for len(c.queue) > 0 {
		f := c.queue[0]
		c.queue = c.queue[1:]
		f()
	}
}

// fill types the whole form, field by field, with Return from one to the next.
func (c *counter) fill(b *bench) error {
	f := c.forms.All()[0]
	c.screen.Start(f.ID)
	c.screen.Shown()
	c.settle()
	paths, texts := formtest.Typed(f)
	seen := map[string]bool{}
	for range paths {
		path := c.screen.Model().Active().Focus()
		at := slices.Index(paths, path)
		if at < 0 || seen[path] {
			break
		}
		seen[path] = true
		for _, r := range texts[at] {
			if err := c.stroke(path, func(w fyne.Focusable) { w.TypedRune(r) }); err != nil {
				return err
			}
		}
		if err := c.stroke(path+" leaving", func(w fyne.Focusable) { w.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) }); err != nil {
			return err
		}
	}
	if len(seen) < len(paths)/2 {
		return fmt.Errorf("only %d of %d fields could be typed into", len(seen), len(paths))
	}
	b.table.add(figure{
		name: "key.work.p95", value: ms(quantile(c.strokes, 0.95)), unit: "ms", limit: frame,
		note: fmt.Sprintf("%d strokes in %d fields of the capture screen (form of 120 fields); half took at most %s ms; the slowest, %s ms, in %s", len(c.strokes), len(seen), number(ms(median(c.strokes))), number(ms(c.most)), c.worst),
	})
	both := make([]time.Duration, len(c.strokes))
	for i := range both {
		both[i] = c.strokes[i] + c.paints[i]
	}
	b.table.add(figure{
		name: "key.drawn.p50", value: ms(median(both)), unit: "ms", limit: frame,
		note: "the same with a repaint of the field by the software painter",
	})
	b.table.add(figure{name: "key.drawn.p95", value: ms(quantile(both, 0.95)), unit: "ms", limit: frame})
	return nil
}

func (c *counter) stroke(path string, press func(fyne.Focusable)) error {
	w := c.window.Canvas().Focused()
	if w == nil {
		return fmt.Errorf("nothing has the keys after %s", path)
	}
	began := time.Now()
	press(w)
	took := time.Since(began)
	c.strokes, c.paints = append(c.strokes, took), append(c.paints, paint(w))
	if took > c.most {
		c.worst, c.most = path, took
	}
	c.settle()
	return nil
}

// paint draws a widget as it stands, by itself, and puts it back.
func paint(w fyne.Focusable) time.Duration {
	o, ok := w.(fyne.CanvasObject)
	if !ok {
		return 0
	}
	at := o.Position()
	small := software.NewTransparentCanvas()
	small.SetPadded(false)
	small.Resize(o.Size())
	small.SetContent(o)
	began := time.Now()
	small.Capture()
	took := time.Since(began)
	o.Move(at)
	return took
}
