// Package checks is the screen "Prüfen": scans that wait for a second person's eyes, the check itself, and which
// papers may be destroyed (it supports the guideline BSI TR-03138 on replacing scans; it claims no conformity).
//
// It promises that nobody finds a scan good whose pages were not all in sight, that nobody finds her own scan good,
// that a check counts only for what the clerk had before her eyes, and that the next scan is there at once while the
// check before is still being stored; what could not be stored comes back and is said.
//
// It never changes a scan, never decides what may be destroyed (package transfer does), and never opens a store or a
// file: whatever it needs comes through [Needs].
package checks

import (
	"context"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/pageview"
)

// Office knows the scans and records what is found. Its methods run off the UI goroutine.
type Office interface {
	// Checks returns a part of a list, the oldest first, and how long the list is.
	Checks(ctx context.Context, v record.CheckView, offset, limit int) ([]record.CheckRow, int, error)
	// Check records what was found on a scan as it was seen.
	Check(ctx context.Context, seen record.CheckRow, found record.DocumentChecked) error
	// Share is how many per cent of the scans are drawn, and whether changing that needs the administrator's PIN.
	Share(ctx context.Context) (percent int, locked bool, err error)
	SetShare(ctx context.Context, pin string, percent int) error
	// PrintFree prints which papers may be destroyed.
	PrintFree(ctx context.Context) (record.Way, error)
}

// Paper shows one paper at a time. *pageview.View is one.
type Paper interface {
	Object() fyne.CanvasObject
	Commands() []command.Command
	ShowAt(open pageview.Open, page int)
	Page() (page, of int)
	Go(page int)
	Status() pageview.Status
	SetMarks(marks []record.Mark)
	Focus()
	Close()
}

// Needs is what the screen is given.
type Needs struct {
	Texts  *i18n.Texts
	Clock  record.Clock
	Run    control.Runner
	Do     func(func()) // runs something on the window's goroutine; called on others
	Canvas fyne.Canvas
	Keys   *command.List
	User   string
	Office Office
	// Paper makes a view; turned is called on the UI goroutine whenever another page is looked at, or it is shown in
	// another way.
	Paper    func(turned func()) Paper
	Open     func(d record.Document) pageview.Open // opens what is shown of a document
	Original func(o record.Original) pageview.Open // opens an original
	OpenCase func(id record.ID)                    // nil: not offered
}
