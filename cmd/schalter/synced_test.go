package main

import (
	"path/filepath"
	"testing"
	"time"
)

// A desk that starts without a line still knows when it was last in step with the centre.
func TestARestartOfflineKnowsTheLastExchange(t *testing.T) {
	ctx, top := t.Context(), t.TempDir()
	p, end, err := openCentre(ctx, t.TempDir())
	must(t, err)
	const passphrase = "lange geheime Worte"
	dir := filepath.Join(top, "desk")
	h, err := create(ctx, dir, "weber", passphrase)
	must(t, err)
	code, err := p.code(ctx, 1)
	must(t, err)
	l := newLine(ctx, h)
	changed, stop := l.Changed()
	defer stop()
	must(t, l.enrol(ctx, code))
	for l.current().Link().LastSync.IsZero() {
		<-changed
	}
	last := l.Link().LastSync
	l.close()
	must(t, h.close())
	end()

	h, err = unlock(ctx, dir, "", passphrase)
	must(t, err)
	t.Cleanup(func() { must(t, h.close()) })
	l = newLine(ctx, h)
	t.Cleanup(l.close)
	must(t, l.connect(ctx))
	if got := l.Link(); got.Online || got.LastSync.Before(last.Truncate(time.Second)) {
		t.Errorf("in step at %v, after the restart it says %v, online %v", last, got.LastSync, got.Online)
	}
}
