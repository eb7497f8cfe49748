package record

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"time"
)

// Values are a form's answers: field path to canonical text. Paths are group and field names joined by
// "/", a repeated group's instance is counted from 1 in brackets: "hund/chip", "stand[2]/flaeche". Dates
// are 2006-01-02, amounts and decimals use a point, booleans are "true" and "false", several choices are
// joined by "\n". An absent or empty value means "not answered".
type Values map[string]string

// Clone returns a copy.
func (v Values) Clone() Values {
	w := make(Values, len(v))
	maps.Copy(w, v)
	return w
}

// GroupOf returns the group that a field path belongs to for merging: its first segment.
func GroupOf(path string) string {
	g, _, _ := strings.Cut(path, "/")
	return g
}

// FormRef pins the form a case was filled with.
type FormRef struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	Hash    Hash   `json:"hash"`
}

// Role says what a field of a form means to the rest of the program, so that lists and search need not
// know the form.
type Role string

// The roles.
const (
	RoleFamily   Role = "party.family"
	RoleGiven    Role = "party.given"
	RoleOrg      Role = "party.organisation"
	RoleBirth    Role = "party.birth"
	RoleStreet   Role = "party.street"
	RoleHouse    Role = "party.house"
	RolePostcode Role = "party.postcode"
	RoleTown     Role = "party.town"
	RolePhone    Role = "party.phone"
	RoleEmail    Role = "party.email"
	RoleIBAN     Role = "party.iban"
	RoleSubject  Role = "subject"    // what the case is about: the dog's name, the thing found
	RoleIdentity Role = "subject.id" // what tells it from all others: a chip, a licence plate, a parcel

	// What is lent for a time on a day, such as a hall. An end that is not after the beginning lies on the next day.
	RoleResource Role = "booking.resource" // a choice: the hall
	RoleDay      Role = "booking.day"
	RoleFrom     Role = "booking.from" // from when to when it is taken, with setting up and clearing
	RoleTo       Role = "booking.to"
)

// Opened begins a case.
type Opened struct {
	Service string            `json:"service"` // e.g. "hundesteuer-anmelden"
	Form    FormRef           `json:"form"`
	Title   map[string]string `json:"title"`           // language to the service's name
	Roles   map[Role]string   `json:"roles,omitempty"` // role to field path
	Office  string            `json:"office,omitempty"`
	Channel string            `json:"channel,omitempty"` // "counter", "phone", "letter"
	Meeting
}

// Meeting is how an application came to the desk.
type Meeting struct {
	Present string `json:"present,omitempty"` // who was there besides the party, in the clerk's words
	Paper   string `json:"paper,omitempty"`   // 2006-01-02: when a paper form was filled that was keyed in later
	Bundle  ID     `json:"bundle,omitempty"`  // the cases of one interview share it
}

// Fields sets groups of fields.
type Fields struct {
	Groups []GroupEdit `json:"groups"`
}

// GroupEdit replaces the values of one group. Base is the id of the change that last set this group as
// the clerk saw it, empty where she saw none. Values holds every answered field of the group.
type GroupEdit struct {
	Group  string `json:"group"`
	Base   ID     `json:"base,omitempty"`
	Values Values `json:"values"`
}

// StateStep moves a case to a state. The step to [StateSubmitted] carries the case number.
type StateStep struct {
	To     State  `json:"to"`
	Number string `json:"number,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// DocumentAdded files a document in the case.
type DocumentAdded struct {
	Document Document `json:"document"`
}

// Note is a clerk's remark.
type Note struct {
	Text string `json:"text"`
}

// Event is something that was done with a case and is to be known later, such as "printed".
type Event struct {
	What string            `json:"what"` // "printed", "exported", "shown"
	Args map[string]string `json:"args,omitempty"`
}

// Way is what became of a paper that was to be printed, and the What of the [Event] about it.
type Way string

// The ways.
const (
	WayPrinted Way = "printed" // the printer has it
	WayShown   Way = "shown"   // there is no printer: it was opened in a viewer
)

// Resolved decides a conflict: these are the group's values now.
type Resolved struct {
	Conflict ID     `json:"conflict"`
	Group    string `json:"group"`
	Base     ID     `json:"base,omitempty"` // the group's version the clerk saw
	Values   Values `json:"values"`
}

// Deleted closes a case for good.
type Deleted struct {
	Reason string `json:"reason"`
	Base   ID     `json:"base,omitempty"` // the last change of the case the clerk saw
}

// FormPublished makes a form known to every desk of the authority. The file holds the form in the native
// format; its hash as a form is Form.Hash. The change's case is [FormCase] of the form's id.
type FormPublished struct {
	Form    FormRef           `json:"form"`
	Title   map[string]string `json:"title"`
	File    BlobRef           `json:"file"`
	Retired bool              `json:"retired,omitempty"` // no longer offered for new cases; old ones keep it
}

// Decode reads a change's payload into the type of its kind. A change of another kind, an erased one or
// broken JSON is an error.
func Decode[T any](c Change) (T, error) {
	var v T
	if c.Erased() {
		return v, E(CodeNotFound, fmt.Errorf("change %s: payload was erased", c.ID))
	}
	if err := json.Unmarshal(c.Payload, &v); err != nil {
		return v, E(CodeChainBroken, fmt.Errorf("change %s (%s): %w", c.ID, c.Kind, err))
	}
	return v, nil
}

// BlobRef names stored bytes by their SHA-256 and size.
type BlobRef struct {
	Hash Hash  `json:"hash"`
	Size int64 `json:"size"`
}

// Source says how a document came into the case.
type Source string

// The sources.
const (
	SourceScan         Source = "scan"
	SourceImport       Source = "import"
	SourceConfirmation Source = "confirmation"
)

// Document is a scanned, imported or made paper. Shown is what is displayed and printed (a PDF where one
// could be made, else the original itself); Originals are the untouched bytes as they came.
type Document struct {
	ID        ID         `json:"id"`
	Title     string     `json:"title"`
	Proof     string     `json:"proof,omitempty"` // the proof slot it fills, as the form names it
	Source    Source     `json:"source"`
	Shown     BlobRef    `json:"shown"`
	MediaType string     `json:"media_type"` // of Shown
	Pages     int        `json:"pages"`      // 0: unknown, cannot be shown
	Originals []Original `json:"originals,omitempty"`
	Text      BlobRef    `json:"text,omitzero"` // JSON array of page texts, for the search index
	Made      time.Time  `json:"made"`
	User      string     `json:"user"`

	Sheets   []Sheet   `json:"sheets,omitempty"`   // what is shown, in order; none: every page of every original as it is
	Language string    `json:"language,omitempty"` // what the words were recognized for, such as "deu"
	Unread   []int     `json:"unread,omitempty"`   // pages whose words could not be recognized, from 1
	Lying    []Lying   `json:"lying,omitempty"`    // pages that probably do not stand upright as they are shown
	Transfer *Transfer `json:"transfer,omitempty"` // how the paper became this file; of a scan

	// What became of it since it was filed, each by a change of its own.
	Latest    Made        `json:"latest,omitzero"`     // the version that is shown; zero: as it was filed
	Versions  []Version   `json:"versions,omitempty"`  // the others, as they came
	Marks     []Mark      `json:"marks,omitempty"`     // by when they were first set
	Unmarked  []ID        `json:"unmarked,omitempty"`  // marks that are gone and stay gone
	Anchors   []Anchor    `json:"anchors,omitempty"`   // all marks as they were put, once the pages were put in order; Marks follows
	Checks    []Check     `json:"checks,omitempty"`    // as they came
	Certified []Certified `json:"certified,omitempty"` // as they came
	Trashed   *Trashed    `json:"trashed,omitempty"`   // it lies in the case's trash
}

// Original is one file or page exactly as it was received.
type Original struct {
	Name      string  `json:"name"`
	MediaType string  `json:"media_type"`
	Blob      BlobRef `json:"blob"`
}

// Unheard reports whether nobody has looked yet for the words on what is shown of a scan or a file. A file may say
// words by itself, and have pages that are only pictures beside them.
func (d Document) Unheard() bool {
	return (d.Source == SourceScan || d.Source == SourceImport) && d.Pages > 0 && d.Shown.Hash != "" &&
		d.Language == "" && (d.Text.Hash == "" || d.Source == SourceImport)
}

// Blobs lists every stored file the document needs, small text first, each once.
func (d Document) Blobs() []BlobRef {
	all := append([]BlobRef{d.Text, d.Shown}, blobsOf(d.Originals)...)
	for _, v := range d.Versions {
		all = append(all, v.Text, v.Shown)
	}
	for _, c := range d.Certified {
		all = append(all, c.Copy)
	}
	return eachOnce(all)
}

// Blobs lists every stored file the version brings, small text first, each once.
func (v DocumentVersion) Blobs() []BlobRef {
	return eachOnce(append([]BlobRef{v.Text, v.Shown}, blobsOf(v.Originals)...))
}

func blobsOf(all []Original) []BlobRef {
	out := make([]BlobRef, 0, len(all))
	for _, o := range all {
		out = append(out, o.Blob)
	}
	return out
}

func eachOnce(all []BlobRef) []BlobRef {
	var out []BlobRef
	seen := map[Hash]bool{"": true}
	for _, b := range all {
		if !seen[b.Hash] {
			seen[b.Hash] = true
			out = append(out, b)
		}
	}
	return out
}
