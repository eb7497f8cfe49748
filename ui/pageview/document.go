package pageview

import (
	"context"
	"image"

	"schalter/data/page"
)

// Document is an opened paper. Its methods may be called from several goroutines at once.
type Document interface {
	Pages() int
	// Size is the page's width and height in points as it stands after 0 turns; page counts from 0.
	Size(ctx context.Context, page int) (w, h float64, err error)
	// Render draws a page turned clockwise by quarters.
	Render(ctx context.Context, page int, dpi float64, quarterTurns int) (*image.RGBA, error)
	Close()
}

// Worded is a [Document] that knows its words: they can be selected, copied, found and marked.
type Worded interface {
	// Words are a page's words in points as the page stands after 0 turns, from the top left corner, in
	// reading order.
	Words(ctx context.Context, page int) ([]page.Word, error)
}

// Outlined is a [Document] that knows what its file says about itself.
type Outlined interface {
	Contents(ctx context.Context) (page.Contents, error)
}

// Linked is a [Document] that knows the links of its pages.
type Linked interface {
	Links(ctx context.Context, page int) ([]page.Link, error)
}

// Open opens a paper; password is "" at first. [record.CodePDFPassword] asks for (another) one.
type Open func(ctx context.Context, password string) (Document, error)

// Status is what the view shows.
type Status int

// The states of the view.
const (
	Empty Status = iota
	Loading
	Showing
	Locked  // a password is asked for
	Trouble // it, or the page on the screen, cannot be shown
)
