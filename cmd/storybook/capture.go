package main

import (
	"context"

	"schalter/data/form"
	"schalter/data/record"
	capture "schalter/ui/capture/sample"
	"schalter/ui/desk"
)

// captureScreen is the real capture screen with what its own sample has typed; going to it begins nothing.
type captureScreen struct{ *capture.Desk }

func newCapture(h desk.Host, lib *form.Library, state capture.State) captureScreen {
	if state == "" {
		state = capture.Filling
	}
	return captureScreen{capture.New(h.Texts, lib, state)}
}

// Start leaves the screen as it is.
func (captureScreen) Start(string) {}

// Open leaves the screen as it is.
func (captureScreen) Open(record.ID) {}

// PutAway stores nothing: the picture is taken.
func (captureScreen) PutAway(_ context.Context, done func(error)) { done(nil) }

// Close stores nothing: the picture is taken.
func (captureScreen) Close(context.Context) error { return nil }
