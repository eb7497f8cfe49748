package recognize

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"schalter/data/page"
	"schalter/data/record"
)

// quiet is a store in which nothing lies but settings.
type quiet struct {
	Store
	settings map[string]string
}

func (q quiet) Setting(_ context.Context, key string) (string, error) { return q.settings[key], nil }

func (q quiet) SetSetting(_ context.Context, key, value string) error {
	q.settings[key] = value
	return nil
}

func (quiet) Drafts(context.Context) ([]record.Draft, error) { return nil, nil }

func (quiet) Unheard(context.Context, int) ([]record.Paper, error) { return nil, nil }

func (quiet) Watch() (<-chan struct{}, func())                                     { return make(chan struct{}), func() {} }
func (quiet) LatestReading(context.Context, record.Hash) (r page.Reading, _ error) { return r, nil }

func TestTheGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var battery atomic.Bool
		q := New(Config{Store: quiet{settings: map[string]string{}}, Battery: battery.Load})
		passed := make(chan error, 1)
		try := func() { go func() { passed <- q.gate(t.Context()) }() }
		waits := func(why record.Pause) {
			t.Helper()
			synctest.Wait()
			select {
			case err := <-passed:
				t.Fatalf("it read though %s (%v)", why, err)
			default:
			}
			if got := q.State().Pause; got != why {
				t.Errorf("pause %q, want %q", got, why)
			}
		}
		goesOn := func() {
			t.Helper()
			synctest.Wait()
			select {
			case err := <-passed:
				check(t, err)
			default:
				t.Fatalf("it waits: %q", q.State().Pause)
			}
		}
		try()
		goesOn()

		one, two := q.Hold(), q.Hold()
		try()
		waits(record.PauseScan)
		one()
		one() // twice does no harm
		waits(record.PauseScan)
		check(t, q.Pause(t.Context(), true))
		waits(record.PauseClerk)
		two()
		waits(record.PauseClerk)
		check(t, q.Pause(t.Context(), false))
		goesOn()

		battery.Store(true)
		try()
		waits(record.PauseBattery)
		battery.Store(false)
		time.Sleep(powerLook)
		goesOn()
	})
}

func TestRunEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		q := New(Config{Store: quiet{settings: map[string]string{settingPaused: "1"}}, Engine: &program{missing: true}})
		ended := make(chan struct{})
		changed, off := q.Changed()
		defer off()
		go func() {
			q.Run(ctx)
			close(ended)
		}()
		<-changed
		if s := q.State(); s.Pause != record.PauseMissing {
			t.Errorf("%+v", s)
		}
		stop()
		<-ended
	})
}
