package record

import (
	"slices"
	"time"
)

// Sheet is one page of a document as it is shown: which page of which original, and how it is laid straight.
// What a sheet says is geometry only; the original's bytes stay as they came.
type Sheet struct {
	Original int     `json:"original"`        // index into Document.Originals
	Page     int     `json:"page,omitempty"`  // of that original, from 0; a page image has only page 0
	DPI      int     `json:"dpi,omitempty"`   // of a page image; 0: what it says of itself
	Turns    int     `json:"turns,omitempty"` // quarter turns clockwise, 0 to 3, after Skew and Crop
	Skew     float64 `json:"skew,omitempty"`  // degrees clockwise by which the picture is turned to be straight
	Crop     *Box    `json:"crop,omitempty"`  // the part that is shown, of the straightened picture; nil: all
	Blank    bool    `json:"blank,omitempty"` // probably empty: flagged, never dropped by itself
	Out      bool    `json:"out,omitempty"`   // the clerk took it out: kept, but not shown and not counted
	// Aspect and Held say how the page is as it came, for whoever has to find a place of it elsewhere: its width by
	// its height before any turning, and by how many quarter turns clockwise it asks to be shown besides Turns.
	// Aspect 0: neither is known.
	Aspect float64 `json:"aspect,omitempty"`
	Held   int     `json:"held,omitempty"`
	// Due is what is still to be found out about a page that has come, also where the program ends before.
	Due Due `json:"due,omitempty"`
}

// Due is what somebody wants to know of a page.
type Due uint8

// What there is to find out; together by addition.
const (
	DueAngle Due = 1 << iota
	DueBlank
)

// Box is a rectangle on a page in fractions of its width and height, 0 to 1, from the top left corner.
type Box struct {
	X0 float64 `json:"x0"`
	Y0 float64 `json:"y0"`
	X1 float64 `json:"x1"`
	Y1 float64 `json:"y1"`
}

// Why says what a version of a document was made for.
type Why string

// The reasons for a version.
const (
	WhyPages Why = "pages" // pages were moved, turned, taken out or added
	WhyText  Why = "text"  // the words of a scan were recognized; nothing else changed
)

// DocumentVersion replaces what is shown of a document. The versions before it stay.
type DocumentVersion struct {
	Document  ID         `json:"document"`
	Of        Hash       `json:"of"` // Shown.Hash it was made from
	Why       Why        `json:"why"`
	Shown     BlobRef    `json:"shown"`
	MediaType string     `json:"media_type"`
	Pages     int        `json:"pages"`
	Sheets    []Sheet    `json:"sheets,omitempty"`
	Originals []Original `json:"originals,omitempty"` // all of them, those before included; nil: as before
	Text      BlobRef    `json:"text,omitzero"`
	Language  string     `json:"language,omitempty"` // of WhyText: what was recognized for, such as "deu"
	Unread    []int      `json:"unread,omitempty"`   // of WhyText: pages that could not be read, from 1
	Lying     []Lying    `json:"lying,omitempty"`    // of WhyText: pages that were read, but do not stand upright as they are shown
}

// Lying is a page of which the recognition of words has found that it is not upright as it is shown. A suggestion:
// nothing is turned by it.
type Lying struct {
	Page  int `json:"page"`  // from 1
	Turns int `json:"turns"` // quarter turns clockwise, 1 to 3, after which it would be
}

// Version is a rendition that a document had before the present one, or one that came too late to be shown.
type Version struct {
	Change    ID        `json:"change,omitempty"` // that made it; empty: the document was filed with it
	Of        Hash      `json:"of,omitempty"`     // what was shown when it was made
	Why       Why       `json:"why,omitempty"`
	Shown     BlobRef   `json:"shown"`
	MediaType string    `json:"media_type,omitempty"`
	Pages     int       `json:"pages"`
	Sheets    []Sheet   `json:"sheets,omitempty"` // over Document.Originals
	Text      BlobRef   `json:"text,omitzero"`
	Language  string    `json:"language,omitempty"`
	Time      time.Time `json:"time"`
	User      string    `json:"user"`
}

// Made says which change made what is shown of a document, what for, when and by whom.
type Made struct {
	Change ID        `json:"change"`
	Of     Hash      `json:"of"` // what was shown when it was made
	Why    Why       `json:"why"`
	Time   time.Time `json:"time"`
	User   string    `json:"user"`
}

// Mark is something a clerk put on a page: data, drawn over the page on the screen and into what is printed
// or exported. The document itself stays as it is.
type Mark struct {
	ID    ID        `json:"id"`
	Kind  MarkKind  `json:"kind"`
	Page  int       `json:"page"` // from 0
	Boxes []Box     `json:"boxes"`
	Text  string    `json:"text,omitempty"`
	Time  time.Time `json:"time"`
	User  string    `json:"user"`
}

// MarkKind is what a mark looks like.
type MarkKind string

// The kinds of mark.
const (
	MarkStamp     MarkKind = "stamp" // Text in a frame, such as "Eingegangen am 23.11.2026"
	MarkNote      MarkKind = "note"
	MarkHighlight MarkKind = "highlight"
	MarkBlack     MarkKind = "black" // covered; in an export the content beneath is gone
)

// DocumentMarked sets a mark of a document or takes it away.
type DocumentMarked struct {
	Document ID   `json:"document"`
	Of       Hash `json:"of,omitempty"` // Shown.Hash that it was put on; empty: what is shown when it comes
	Mark     Mark `json:"mark"`
	Gone     bool `json:"gone,omitempty"` // the mark with this id is taken away
}

// Anchor is a mark as it was put on a page. Where it is shown follows from how that page lies now.
type Anchor struct {
	Mark  Mark   `json:"mark"`
	Of    Hash   `json:"of,omitempty"`    // what was shown
	Sheet *Sheet `json:"sheet,omitempty"` // the page as it lay; nil: not known
}

// Transfer is the note about how a paper became a file (supports BSI TR-03138): who scanned what with which
// device and settings, what was noticed, and what the clerk vouches for. Sig binds it to the files.
type Transfer struct {
	Time      time.Time `json:"time"`
	User      string    `json:"user"`
	Desk      ID        `json:"desk"`
	Device    string    `json:"device"`   // maker and model, as it names itself
	Software  string    `json:"software"` // name and version
	Settings  string    `json:"settings"` // such as "feeder gray 300 dpi"
	Pages     int       `json:"pages"`    // sides received
	Out       int       `json:"out,omitempty"`
	Blank     []int     `json:"blank,omitempty"`     // sides that look empty, from 1
	Anomalies []string  `json:"anomalies,omitempty"` // codes such as "scan.same_page", with the page behind a colon
	Originals []Hash    `json:"originals"`
	Match     bool      `json:"match"`         // the clerk saw that scan and paper agree
	Key       []byte    `json:"key,omitempty"` // public key of the desk's device, ed25519
	Sig       []byte    `json:"sig,omitempty"` // of package transfer
}

// DocumentChecked is a second person's look at a scan. Only after a check that passed, by another person than
// the one who scanned, may the paper be destroyed.
type DocumentChecked struct {
	Document ID     `json:"document"`
	Of       Hash   `json:"of"` // Shown.Hash that was looked at
	OK       bool   `json:"ok"`
	Remark   string `json:"remark,omitempty"`
	// Points are what a check looks at: all of them where it found nothing, else those that are wrong. Empty: as a
	// whole.
	Points []Point `json:"points,omitempty"`
	// Lifts are the objections (changes) that a check which passed knew of. One it did not know of stands.
	Lifts []ID `json:"lifts,omitempty"`
}

// Point is one thing that a second person compares.
type Point string

// The points of a check, in the order in which they are asked.
const (
	PointWhole     Point = "whole"     // every page is there, also backs, and none too many
	PointLegible   Point = "legible"   // everything on the paper can be read
	PointOrder     Point = "order"     // order and direction of the pages
	PointColour    Point = "colour"    // colours where they say something
	PointBelonging Point = "belonging" // it belongs to this case and is called what it is
)

// Points are all points of a check.
func Points() []Point {
	return []Point{PointWhole, PointLegible, PointOrder, PointColour, PointBelonging}
}

// CheckView is one of the lists of scans for the second person's check.
type CheckView string

// The lists.
const (
	CheckSample  CheckView = "sample"  // drawn, and nobody else has checked them
	CheckOpen    CheckView = "open"    // all of which something is missing before the paper may go
	CheckBlocked CheckView = "blocked" // objected to, or the note does not stand
	CheckFree    CheckView = "free"    // the paper may be destroyed
)

// CheckRow is a scan in such a list.
type CheckRow struct {
	Case     ID
	Number   string // of the case
	Party    string
	Service  string
	Subject  string
	Name     map[string]string // of the service
	Document Document
}

// Check is a [DocumentChecked] with who and when.
type Check struct {
	DocumentChecked
	Change ID        `json:"change"`
	Time   time.Time `json:"time"`
	User   string    `json:"user"`
	Device ID        `json:"device"`
}

// DocumentCertified enters a certified copy into the register.
type DocumentCertified struct {
	Document ID      `json:"document"`
	Number   string  `json:"number"`             // of the register, such as "B-MS-1-26/00012"
	Of       Hash    `json:"of"`                 // Shown.Hash that was copied
	Copy     BlobRef `json:"copy"`               // the page set as it was printed
	Pages    int     `json:"pages"`              // of the copy, with the page of the certification
	Original string  `json:"original,omitempty"` // what was copied, in the words of the certification
	Purpose  string  `json:"purpose,omitempty"`  // for whom or what it is to be used
}

// Certified is a [DocumentCertified] with who and when.
type Certified struct {
	DocumentCertified
	Change ID        `json:"change"`
	Time   time.Time `json:"time"`
	User   string    `json:"user"`
}

// Registered is a line of a desk's register of certified copies.
type Registered struct {
	Certified
	Case       ID
	CaseNumber string
	Party      string
	Title      string // of the document
	Sides      int    // pages of what was copied, without the certification; 0: not known
}

// DocumentTrashed puts a document into the case's trash, or takes it back out. Nothing is deleted.
type DocumentTrashed struct {
	Document ID     `json:"document"`
	Reason   string `json:"reason,omitempty"`
	Back     bool   `json:"back,omitempty"`
}

// Trashed tells why, when and by whom a document was put into the trash.
type Trashed struct {
	Reason string    `json:"reason,omitempty"`
	Time   time.Time `json:"time"`
	User   string    `json:"user"`
}

// Place is where a stored file is used already.
type Place struct {
	Case     ID     `json:"case"`
	Number   string `json:"number"`
	Title    string `json:"title"` // of the document
	Document ID     `json:"document"`
	Draft    ID     `json:"draft,omitempty"` // instead of Case
	Trashed  bool   `json:"trashed,omitempty"`
}

// AllSheets are the pages of a document: those it has, else every page of every original as it came.
func (d Document) AllSheets() []Sheet {
	if len(d.Sheets) > 0 {
		return slices.Clone(d.Sheets)
	}
	var out []Sheet
	for i := range d.Originals {
		out = append(out, Sheet{Original: i})
	}
	if len(out) == 1 { // a file may have several
		for p := 1; p < d.Pages; p++ {
			out = append(out, Sheet{Page: p})
		}
	}
	return out
}

// PagesOf names the pages that a rendition of the document shows: by the rendition itself, or, where words were
// added to it and nothing else, by the one they were added to. Two renditions with one answer show the same pages.
func (d Document) PagesOf(h Hash) Hash {
	worded := map[Hash]Hash{}
	if d.Latest.Why == WhyText {
		worded[d.Shown.Hash] = d.Latest.Of
	}
	for _, v := range d.Versions {
		if v.Why == WhyText {
			worded[v.Shown.Hash] = v.Of
		}
	}
	for seen := map[Hash]bool{}; worded[h] != "" && !seen[h]; h = worded[h] {
		seen[h] = true
	}
	return h
}

// DocumentOf is the document that a payload is about which says something of one that is filed; "" for others.
func DocumentOf(payload any) ID {
	switch p := payload.(type) {
	case DocumentVersion:
		return p.Document
	case DocumentMarked:
		return p.Document
	case DocumentChecked:
		return p.Document
	case DocumentCertified:
		return p.Document
	case DocumentTrashed:
		return p.Document
	}
	return ""
}
