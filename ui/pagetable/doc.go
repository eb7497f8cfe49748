// Package pagetable is the table on which the pages of a paper are put in order: moved, turned, laid straight,
// cut, taken out, parted into documents and put together again.
//
// [Table] holds the work without any widget; [View] draws it. Screens that take paper in or show a filed paper
// give it documents and get them back, and bind what has changed.
//
// It promises that nothing it does touches an original: a page taken out stays in the document, every original
// goes where its pages go, and every step can be taken back until the first state is there again. It promises
// that no page is decided about by itself: an empty one is marked, a cut is suggested.
//
// It never reads a store or a device and never draws a page itself: pictures come through [Pictures], drawn
// away from the window, and only those in sight are asked for.
package pagetable

import (
	"context"
	"image"

	"schalter/data/page"
	"schalter/data/record"
)

// Pictures draws pages of stored originals and looks at them. Both are slow and run away from the window.
type Pictures interface {
	// Draw draws a page as it came, its longer side so many pixels long. The picture is not changed afterwards.
	Draw(ctx context.Context, o record.Original, page, size int) (*image.RGBA, error)
	// Look says what is on a page as it came; dpi 0 is unknown.
	Look(ctx context.Context, o record.Original, page, dpi int) (page.Findings, error)
}

// Holder is a [Pictures] that knows how a picture was held: by how many quarter turns clockwise it is turned to
// be upright, before what its sheet says.
type Holder interface {
	Held(ctx context.Context, o record.Original) int
}
