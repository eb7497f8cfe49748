// Package page looks at scanned pages: how far they are turned, where the content lies, whether anything is
// on them, which codes they carry, and where their words stand.
//
// It is for the rooms that take paper in. It promises to give the same answer for the same picture, to look at
// the pixels only after checking how many there are, and to say what it is unsure of, so that a person decides:
// an empty page is flagged, a cut is suggested.
//
// It never changes a picture, never drops a page, and never writes a file.
package page

// Word is a word and where it stands. The unit of the box is the caller's: pixels of the picture after text
// recognition, points of the page (1/72 inch) in a PDF; always from the top left corner.
type Word struct {
	Text           string
	X0, Y0, X1, Y1 float64
	Line           int // words of one line share it; it only grows down the page
}

// Text is what stands on one page.
type Text struct {
	Words         []Word // in reading order
	Width, Height float64
	Turns         int  // quarter turns clockwise, 0 to 3, after which the words stand upright
	Sure          bool `json:",omitempty"` // there were words enough to tell how they stand
}
