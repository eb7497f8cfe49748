package main

import (
	"context"
	"time"

	"schalter/sync/engine"
)

// syncedSetting is when the desk was last in step with the centre, so that it can say so after a restart
// without a line.
const syncedSetting = "synced"

// syncedEvery spares the disk: an exchange a few seconds later is not worth a write of its own.
const syncedEvery = time.Minute

// recall reads when the desk was last in step.
func (l *line) recall() {
	// Only the status line shows it, and the next exchange corrects it.
	if s, err := l.house.store.Setting(l.ctx, syncedSetting); err == nil {
		l.synced, _ = time.Parse(time.RFC3339, s)
	}
}

// remember notes when the desk was last in step; last at the end of an exchange, when there is no later chance.
func (l *line) remember(e *engine.Engine, last bool) {
	at := e.Link().LastSync
	l.mu.Lock()
	due := at.After(l.synced) && (last || at.Sub(l.synced) >= syncedEvery)
	if due {
		l.synced = at
	}
	l.mu.Unlock()
	if due {
		// A disk that takes nothing any more is said by whatever the clerk saves next.
		_ = l.house.store.SetSetting(context.WithoutCancel(l.ctx), syncedSetting, at.UTC().Format(time.RFC3339))
	}
}
