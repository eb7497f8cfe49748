package main

import (
	"context"

	"fyne.io/fyne/v2"

	"schalter/data/form"
	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/desk"
	"schalter/ui/sample"
)

// capture stands in for the capture screen, which brings its own pictures.
type capture struct{ o fyne.CanvasObject }

func newCapture(h desk.Host, _ *form.Library, _ *sample.Store) desk.Capture {
	return &capture{control.PadAll(14, control.NewCard(20, control.NewLabel(h.Texts.T("place.drafts"), control.H1)))}
}

func (c *capture) Object() fyne.CanvasObject         { return c.o }
func (c *capture) Start(string)                      {}
func (c *capture) Open(record.ID)                    {}
func (c *capture) Dropped(fyne.Position, []fyne.URI) {}
func (c *capture) Commands() []command.Command       { return nil }
func (c *capture) Shown()                            {}
func (c *capture) Close(context.Context) error       { return nil }
