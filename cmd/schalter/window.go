package main

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"fyne.io/fyne/v2/app"

	"schalter/assets"
	"schalter/data/record"
	"schalter/ui/desk"
	"schalter/ui/i18n"
	"schalter/ui/look"
)

// windowCmd opens the window.
type windowCmd struct {
	Data  string `help:"Data folder of the desk." default:"${data}" type:"path"`
	Enrol string `help:"One-time code of the centre, used at the first start."`
}

func (c windowCmd) Run(ctx context.Context, std streams, texts *i18n.Texts, flags *cli) error {
	debug.SetGCPercent(400) // nothing is worth collecting before the first picture; prepare makes it small again
	a := app.NewWithID("de.schalter.desk")
	look.Apply(a, look.Light, 100)
	warm := make(chan struct{})
	go func() { look.Warm(); close(warm) }()
	d := newDoor(ctx, c.Data, c.Enrol)
	win, err := desk.New(a, desk.Options{Files: assets.Files, Clock: record.SystemClock, Door: d, Version: version, Lang: flags.Lang})
	if err != nil {
		return errors.Join(err, d.close(ctx))
	}
	// What the locked door does not need is made behind its picture, while the passphrase is typed.
	a.Lifecycle().SetOnStarted(func() {
		go func() {
			_ = d.prepare() // told to whoever enters
			d.show(win.Adorn)
		}()
	})
	<-warm
	win.Start(ctx)
	win.Window().ShowAndRun()
	d.gone.Store(true)
	// The window may have gone without asking, as when the session ends: what is typed is stored first.
	closing, stop := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer stop()
	return errors.Join(win.Close(closing), d.close(closing))
}

// patience bounds how long the end of the program waits for a disk.
const patience = 10 * time.Second
