// Package scan brings paper into the house: what a scanning device is, what it can be asked, and what it
// sends while it works.
//
// It promises that a page is handed over as soon as it is whole, one by one and in order, so that a page
// received survives every later error; and that trouble comes as one of the record.CodeScan… errors, with
// the same meaning for every kind of device. The contract suite in package scantest holds every driver to
// that.
//
// It never keeps a page, never writes one to a disk that outlives the scan, and never talks to a device
// inside this process: vendor code runs in a child (package scan/sane).
package scan

import (
	"context"
	"fmt"
	"math"

	"schalter/data/record"
)

// Source is where the paper lies.
type Source string

// The sources. A device's own names are mapped to these by their wording.
const (
	Flatbed Source = "flatbed"
	Feeder  Source = "feeder"
	Duplex  Source = "duplex" // feeder, both sides
)

// Mode is how much of the paper's colour is kept.
type Mode string

// The modes.
const (
	Lineart Mode = "lineart" // black and white, 1 bit
	Gray    Mode = "gray"
	Color   Mode = "color"
)

// Device is a scanner that answered.
type Device struct {
	ID      string `json:"id"` // as its driver opens it
	Vendor  string `json:"vendor,omitempty"`
	Model   string `json:"model,omitempty"`
	Kind    string `json:"kind,omitempty"`
	Address string `json:"address,omitempty"` // host, port or folder, for people; empty where there is none
}

// KindFolder is the kind of a device that is a watched folder. It is used only by profiles that name it: whoever
// presses a key for the feeder does not mean a folder.
const KindFolder = "folder"

// Name is what a person calls the device.
func (d Device) Name() string {
	if d.Vendor == "" || d.Vendor == "Noname" {
		return d.Model
	}
	return d.Vendor + " " + d.Model
}

// Caps is what a device can do. Raw maps our word to the device's own for sources and modes.
type Caps struct {
	Name        string // maker and model as the device names itself; empty where only discovery knows
	Sources     []Source
	Modes       []Mode
	Resolutions []int   // dpi, ascending; empty where only a range is known
	MinDPI      int     // of the range
	MaxDPI      int     // of the range
	StepDPI     int     // of the range; 0: every one
	Width       float64 // of the largest page, mm
	Height      float64 // mm
	RawSource   map[Source]string
	RawMode     map[Mode]string
	Unknown     []string // the device's own names of sources that fit none of our words
	DoubleFeed  bool     // it can tell two sheets that were drawn in at once
	Buttons     []string // of the device that can be asked for, as it calls them, sorted
}

// Settings is what one scan is asked for.
type Settings struct {
	Source     Source  `json:"source"`
	Mode       Mode    `json:"mode"`
	DPI        int     `json:"dpi"`
	Paper      Paper   `json:"paper,omitempty"`       // empty: A4
	Width      float64 `json:"width,omitempty"`       // mm; with Height, instead of Paper
	Height     float64 `json:"height,omitempty"`      // mm
	Pages      int     `json:"pages,omitempty"`       // at most; 0: one from the flat-bed, all from the feeder
	DoubleFeed bool    `json:"double_feed,omitempty"` // stop at two sheets drawn in at once, where the device can tell
	Pictures   bool    `json:"-"`                     // only pages as pictures are of use: a device that has none draws in no paper
}

// Size is the area to be scanned in millimetres.
func (s Settings) Size() (width, height float64) {
	if s.Width > 0 && s.Height > 0 {
		return s.Width, s.Height
	}
	return s.Paper.Size()
}

// String are the settings in words that stay the same in every language, for the note about a scan:
// "feeder gray 300 dpi A4".
func (s Settings) String() string {
	paper := string(s.Paper)
	switch {
	case s.Width > 0 && s.Height > 0:
		paper = fmt.Sprintf("%.0fx%.0f mm", s.Width, s.Height)
	case paper == "":
		paper = string(A4)
	}
	return fmt.Sprintf("%s %s %d dpi %s", s.Source, s.Mode, s.DPI, paper)
}

// Paper is a size of paper.
type Paper string

// The sizes of paper that an office meets.
const (
	A3     Paper = "A3"
	A4     Paper = "A4"
	A5     Paper = "A5"
	Letter Paper = "letter"
)

// Papers are the sizes in the order they are offered.
func Papers() []Paper { return []Paper{A4, A5, A3, Letter} }

// Size is the paper's width and height in millimetres; that of A4 for what is unknown.
func (p Paper) Size() (width, height float64) {
	switch p {
	case A3:
		return 297, 420
	case A5:
		return 148, 210
	case Letter:
		return 215.9, 279.4
	case A4:
	}
	return A4Width, A4Height
}

// A4 in millimetres.
const (
	A4Width  = 210.0
	A4Height = 297.0
)

// Kind says what an [Event] is.
type Kind int

// The kinds of event, in the order they come for each page; Warning may come at any time.
const (
	Started  Kind = iota // page N begins
	Progress             // Percent of page N
	Received             // Page is whole
	Warning              // Code says what
)

// Event is what a device tells while it scans.
type Event struct {
	Kind    Kind
	N       int // page, from 1
	Percent int
	Page    *Page
	Code    record.Code
	Args    record.Args // fill the sentence of Code; nil where it has no gaps
}

// Warnings that do not end a scan.
const (
	WarnMode       record.Code = "scan.mode"       // the device has no such mode; gray was taken
	WarnSamePage   record.Code = "scan.same_page"  // byte for byte the page before: a feeder that did not feed
	WarnResolution record.Code = "scan.resolution" // the device offers another resolution
	WarnShort      record.Code = "scan.short_page" // the page is shorter than asked for
)

// Page is one side of paper as the device sent it. Some devices send whole documents instead: application/pdf or
// image/tiff, whose Width and Height are 0. Those that come from a scanner were checked page by page, and N is the
// number of their first page; of those that a device put into a folder nobody has counted the pages yet.
type Page struct {
	N         int
	Pages     int    // of a document that was checked; else 0
	Data      []byte // image/jpeg or image/png, untouched
	MediaType string
	Name      string // of the file, where the device gave it one
	DPI       int
	Width     int // pixels
	Height    int
	Hash      record.Hash
}

// Sides counts the sides of paper that a page stands for.
func (p *Page) Sides() int { return max(p.Pages, 1) }

// Driver knows one way to reach scanners.
type Driver interface {
	// Discover lists the devices that answer. No device is an empty list, not an error.
	Discover(ctx context.Context) ([]Device, error)
	// Open takes a device. [record.CodeScanNoDevice] where it does not answer.
	Open(ctx context.Context, id string) (Session, error)
}

// Session is an opened device.
type Session interface {
	Caps() Caps
	// Scan calls emit from one goroutine, in order, until the stack is empty, ctx ends or something goes
	// wrong. An error from emit ends the scan and is returned. Pages emitted before an error stay valid.
	Scan(ctx context.Context, s Settings, emit func(Event) error) error
	Close() error
}

// State is what a device tells while it rests.
type State struct {
	Paper   Readiness
	Buttons []string // that are pressed, or were since it was asked last, as the device calls them, sorted
}

// Readiness tells whether paper lies in the feeder.
type Readiness int

// The kinds of readiness.
const (
	PaperUnknown Readiness = iota // the device cannot tell
	PaperNone
	PaperReady
)

// Sensor is a [Session] whose device can be asked while it rests. A session without it, and one that answers
// with [PaperUnknown], learns of missing paper by trying.
type Sensor interface {
	Sense(ctx context.Context) (State, error)
}

// MaxPixels is the largest page that is taken: A3 at 600 dpi in a square, far above any desk scanner's.
const MaxPixels = 120_000_000

// Check decodes a page's bytes fully and fills in its size and hash. A page that is cut off or not an
// image is [record.CodeScanBadData]: scanimage ends without an error when a full disk cut its file.
func Check(data []byte, n, dpi int) (*Page, error) {
	cfg, format, err := Config(data)
	if err != nil {
		return nil, record.E(record.CodeScanBadData, err, "page", n)
	}
	if cfg.Width < 1 || cfg.Height < 1 || cfg.Width > math.MaxInt32 || int64(cfg.Width)*int64(cfg.Height) > MaxPixels {
		return nil, record.E(record.CodeScanBadData, fmt.Errorf("%d x %d pixels", cfg.Width, cfg.Height), "page", n)
	}
	if _, err := Decode(data); err != nil {
		return nil, record.E(record.CodeScanBadData, err, "page", n)
	}
	return &Page{
		N: n, Data: data, MediaType: "image/" + format, DPI: dpi, Width: cfg.Width, Height: cfg.Height, Hash: record.HashOf(data),
	}, nil
}

// Resolution picks the device's resolution nearest to what was asked, preferring the finer of two.
func (c Caps) Resolution(want int) int {
	if len(c.Resolutions) == 0 {
		if c.MaxDPI == 0 {
			return want
		}
		r := min(max(want, c.MinDPI), c.MaxDPI)
		if c.StepDPI > 1 {
			r = min(c.MinDPI+(r-c.MinDPI+c.StepDPI/2)/c.StepDPI*c.StepDPI, c.MinDPI+(c.MaxDPI-c.MinDPI)/c.StepDPI*c.StepDPI)
		}
		return r
	}
	best := c.Resolutions[0]
	for _, r := range c.Resolutions[1:] {
		if d, b := abs(r-want), abs(best-want); d < b || d == b && r > best {
			best = r
		}
	}
	return best
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
