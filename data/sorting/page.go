package sorting

import (
	"errors"
	"time"

	"schalter/data/record"
)

// Stack is what was scanned in one go without a case.
type Stack struct {
	ID       record.ID `json:"id"`
	User     string    `json:"user"`
	Made     time.Time `json:"made"`
	Device   string    `json:"device,omitempty"`   // the scanner, as it names itself
	Settings string    `json:"settings,omitempty"` // such as "feeder gray 300 dpi"
	// Anomalies are what was noticed while it was scanned, as in [record.Transfer].
	Anomalies []string `json:"anomalies,omitempty"`
	Duplex    bool     `json:"duplex,omitempty"` // both sides of each sheet, one behind the other
	Done      bool     `json:"done,omitempty"`   // nothing more will come
	Cut       bool     `json:"cut,omitempty"`    // it ended before the paper was through: of the last document there may be more
	// Goes is where pages belong that no sheet says anything of: the stack was begun in a case. nil: nowhere.
	Goes  *Goes  `json:"goes,omitempty"`
	Pages []Page `json:"-"` // in the order in which they came
}

// Goes is the case that a stack was scanned for.
type Goes struct {
	Number string `json:"number"`
	Proof  string `json:"proof,omitempty"`
}

// Page is one side of paper in the tray.
type Page struct {
	ID       record.ID       `json:"id"`
	N        int             `json:"n"` // in its stack, from 0; the store gives it
	Original record.Original `json:"original"`
	DPI      int             `json:"dpi,omitempty"`
	Turns    int             `json:"turns,omitempty"` // quarter turns clockwise, by which it is shown
	Skew     float64         `json:"skew,omitempty"`  // as in [record.Sheet]
	Crop     *record.Box     `json:"crop,omitempty"`  // likewise
	Blank    bool            `json:"blank,omitempty"`
	Read     bool            `json:"read,omitempty"`    // it was looked at for codes
	Codes    []string        `json:"codes,omitempty"`   // the ones that are ours; nothing is kept of others
	Damaged  bool            `json:"damaged,omitempty"` // it is a sheet of ours, but its code cannot be read
	Given    *Given          `json:"given,omitempty"`   // what a clerk has decided about it
	Match    bool            `json:"match,omitempty"`   // the clerk has compared it with the paper: they agree
	Dropped  *Dropped        `json:"dropped,omitempty"` // it was thrown away; it can be taken back for a while
	Filed    record.ID       `json:"filed,omitempty"`   // the document that it is a page of; the row stays until all of the stack are
}

// Sheet is the page as it is shown of the original with that place in its document.
func (p Page) Sheet(original int, out bool) record.Sheet {
	return record.Sheet{Original: original, DPI: p.DPI, Turns: p.Turns, Skew: p.Skew, Crop: p.Crop, Blank: p.Blank, Out: out}
}

// Dropped tells who has thrown a page away, and when.
type Dropped struct {
	Time time.Time `json:"time"`
	User string    `json:"user"`
}

// Given is what a clerk has decided about a page. Pages with the same Group lie together; Group may also be the
// key of a group that the sheets have made.
type Given struct {
	Group  record.ID `json:"group"`
	Number string    `json:"number,omitempty"` // of the case; "": the group's
	Proof  string    `json:"proof,omitempty"`
	Aside  bool      `json:"aside,omitempty"` // put aside, into no case
	Out    *bool     `json:"out,omitempty"`   // kept but not shown; nil: as the page is
	Place  int       `json:"place,omitempty"` // among the pages of its group, from 1; 0: behind those, as it came
}

// Ours keeps of the codes on a page those that are ours, also the damaged ones, each once.
func Ours(texts []string) (out []string) {
	seen := map[string]bool{}
	for _, t := range texts {
		if _, err := ParseCode(t); !errors.Is(err, ErrForeign) && !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	return out
}

// Reason says why a group is in no case.
type Reason string

// The reasons.
const (
	ReasonUnread  Reason = "unread"  // not looked at yet: it may be a sheet
	ReasonNoCover Reason = "nocover" // no sheet before it says where it belongs
	ReasonForm    Reason = "form"    // the same, and it is an empty form that was filled by hand
	ReasonDamaged Reason = "damaged" // the sheet before it cannot be read, or its check is wrong
	ReasonOther   Reason = "other"   // the sheet is another authority's
	ReasonTwo     Reason = "two"     // the sheet has two codes that say different things
	ReasonUnknown Reason = "unknown" // no such case here
	ReasonClosed  Reason = "closed"  // the case is done or was withdrawn
	ReasonDeleted Reason = "deleted"
	ReasonMoved   Reason = "moved" // the sheet that these pages lay behind was given to another case by hand
	ReasonGone    Reason = "gone"  // the group a clerk had put it into is not there any more
	ReasonEmpty   Reason = "empty" // sheets with nothing behind them
	ReasonAside   Reason = "aside"
)

// Doubt is why a group that has a case is not filed together with the sure ones, but only by itself.
type Doubt string

// The doubts.
const (
	DoubtBack   Doubt = "back"   // on the back of a sheet is something
	DoubtNumber Doubt = "number" // a page bears another case's number
	DoubtProof  Doubt = "proof"  // the case asks for no such proof
	DoubtClosed Doubt = "closed" // it was given by hand to a case that is done or was withdrawn
	DoubtUnread Doubt = "unread" // a page was given by hand before it was looked at for codes
	DoubtCut    Doubt = "cut"    // the scan broke off here: pages of it may be missing
	DoubtAway   Doubt = "away"   // the stack was scanned for another case than its sheet says
	DoubtSheet  Doubt = "sheet"  // it has a page that is or may be a sheet for something else
)

// Role says why a page is not shown.
type Role string

// The roles of pages that are not shown.
const (
	RolePage      Role = ""
	RoleCover     Role = "cover"
	RoleSeparator Role = "separator"
	RoleBack      Role = "back" // the empty side of a sheet
	RoleOut       Role = "out"  // the clerk took it out
)

// Leaf is a page in its group.
type Leaf struct {
	Page Page
	Role Role
}

// Out reports whether the page is kept but not shown.
func (l Leaf) Out() bool { return l.Role != RolePage }

// Group is pages that become one document, or that lie together because they are in no case for the same reason.
type Group struct {
	Key    record.ID // of its first page, or as a clerk's decision names it
	Known  Known     // the case; zero where it has none
	Number string    // as the sheet or the clerk says, also where there is no such case
	Proof  string
	Leaves []Leaf
	Reason Reason // "": it has a case
	Doubts []Doubt
	ByHand bool
}

// Sorted reports whether the group has a case.
func (g Group) Sorted() bool { return g.Reason == "" }

// Sure reports whether the group may be filed without being looked at one by one.
func (g Group) Sure() bool { return g.Sorted() && len(g.Doubts) == 0 && g.Shown() > 0 }

// Shown counts the pages that are shown.
func (g Group) Shown() (n int) {
	for _, l := range g.Leaves {
		if !l.Out() {
			n++
		}
	}
	return n
}

// Known is what is to be known of a case in order to sort.
type Known struct {
	ID      record.ID
	Number  string
	Closed  bool
	Deleted bool
	Proofs  []string // the proofs that it has room for; nil: not known
}

// Office is for whom is sorted.
type Office struct {
	Authority string // of [Authority]
	// Case finds a case by its number; false where there is none here.
	Case func(number string) (Known, bool)
}
