// Package tray is the screen "Unsortiert": stacks that were scanned without a case, sorted by their cover sheets,
// and what a clerk does with them until every page lies in a case.
//
// It promises that nothing is filed whose party she cannot see
// before, that what is not sure is filed only one by one, and that filing can be taken back. Pages whose codes
// were not looked at yet are looked at whenever the screen is there, so a crash costs nothing but time.
//
// It never decides itself where a page belongs (package sorting and the clerk do), never scans or files itself
// (package stack does), never changes a page's bytes,
// and never opens a store, a scanner or a file: whatever it needs comes through [Needs].
package tray

import (
	"context"
	"image"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/data/sorting"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/pageview"
	"schalter/ui/stack"
)

// Store keeps the tray.
type Store interface {
	ChangeTray(ctx context.Context, pages []record.ID, f func(*sorting.Page)) error
	DropTray(ctx context.Context, user string, pages []record.ID) error
	UndropTray(ctx context.Context, pages []record.ID) error
	DroppedTray(ctx context.Context) ([]sorting.Page, error)
	Numbered(ctx context.Context, number string) (record.Case, bool, error)
	Find(ctx context.Context, query string, limit int) ([]record.Hit, error)
}

// Pictures draws stored pages small: the longest side is size pixels.
type Pictures interface {
	Draw(ctx context.Context, o record.Original, page, size int) (*image.RGBA, error)
}

// Paper shows one paper at a time. *pageview.View is one.
type Paper interface {
	Object() fyne.CanvasObject
	Commands() []command.Command
	Show(open pageview.Open)
	Close()
}

// Needs is what the screen is given. Pictures, Paper and Open may be nil: what they do is not offered.
type Needs struct {
	Texts    *i18n.Texts
	Clock    record.Clock
	Run      control.Runner
	Canvas   fyne.Canvas
	Keys     *command.List
	User     string
	Store    Store
	Room     *stack.Room
	Do       func(func()) // runs something on the window's goroutine; called on others
	Pictures Pictures
	Paper    Paper
	Open     func(o record.Original) pageview.Open // opens a stored page to be looked at
	OpenCase func(id record.ID)                    // nil: not offered
	// PrintSeparators prints separator sheets; nil: not offered.
	PrintSeparators func(ctx context.Context, lang string) (record.Way, error)
}
