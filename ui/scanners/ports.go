// Package scanners is the screen on which a desk's scanners are looked after: the devices that answer, those
// added by address or as a watched folder, and the profiles that lie on keys.
//
// It promises that devices come into the list as they answer, that a device of the network gets nothing before
// somebody has compared its certificate, that a profile is saved whole or not at all, and that a locked list is
// changed only with the administrator's PIN.
//
// It never talks to a device or a store itself: whatever it needs comes through [Needs].
package scanners

import (
	"context"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/fleet"
	"schalter/data/scan/profile"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
)

// Needs is what the screen is given. Choose may be nil: folders are typed then.
type Needs struct {
	Texts  *i18n.Texts
	Clock  record.Clock
	Run    control.Runner
	Do     func(func()) // runs something on the window's goroutine; called on others
	Canvas fyne.Canvas
	Keys   *command.List
	Office Office
	// Choose asks for a folder, at once, and calls back on the window's goroutine: with "" where somebody
	// thought better of it.
	Choose func(chosen func(path string, err error))
	Rebind func() // the commands changed
}

// Office is what is known and done about the scanners of this desk. Its methods are called off the window's
// goroutine.
type Office interface {
	Book(ctx context.Context) (profile.Book, error)
	// Change changes the book; pin is needed where it is locked.
	Change(ctx context.Context, pin string, change func(b *profile.Book) error) error
	// Look asks every driver for its devices and calls heard for each answer, on the same goroutine.
	Look(ctx context.Context, heard func(fleet.Answer))
	// Caps asks a device what it can do.
	Caps(ctx context.Context, device string) (scan.Caps, error)
	// Identify asks the device of the network at a typed address who it is.
	Identify(ctx context.Context, address string) (scan.Device, error)
	// Certificate finds in an error of Caps, Identify or Try the certificate that somebody has to compare.
	Certificate(err error) (Certificate, bool)
	// Try scans one page.
	Try(ctx context.Context, device string) (*scan.Page, error)
	// Folder checks a folder that is to be watched and returns its full path.
	Folder(path string) (string, error)
}

// Certificate is what a device of the network shows of itself.
type Certificate struct {
	Device      string // under which it is remembered
	Host        string
	Fingerprint string
	Known       string // that was confirmed before; empty at first contact
}

// The names of the drivers that have entries of their own in the book.
const (
	network = "escl"
	folders = "folder"
)
