// Package letter makes the paper that a citizen takes home: the confirmation of an application.
//
// It is for the screen that submits a case: [Confirmation] writes a PDF on DIN A4 from plain data, with
// the case number large and as a QR code, the answers as filled, the proofs as a checklist and what
// happens next.
//
// It promises an embedded font with German and Latin Extended letters, the same bytes for the same
// content, a clear "provisional" mark as long as the centre does not have the case, and that nothing is
// written when something fails.
//
// It never reads a case, a clock or a setting by itself, and never decides what a citizen may see: what is
// in [Content] is printed.
package letter

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"
)

// Content is all that a confirmation says. Empty parts are left out.
type Content struct {
	Lang string // "de" or "en"

	Authority string   // "Stadt Musterstadt"
	Office    string   // "Bürgerbüro"
	Contact   []string // street, town, telephone, e-mail: one line each, printed beside the authority
	Recipient []string // name and address for the window of an envelope

	Number      string // case number as it is spoken: "MS-1-26-00417-K"
	Service     string // what is applied for
	Received    time.Time
	Paper       time.Time // the day a paper form was filled that was keyed in later: it was received then
	Clerk       string
	Provisional bool   // the centre does not have the case yet
	QR          string // what the code says; "" leaves it out

	Groups []Group
	Proofs []Proof
	Next   []string // what happens next for this service; followed by what holds for every one
}

// Group is a part of the form with what was answered in it.
type Group struct {
	Title string
	Rows  []Row
}

// Row is one answer.
type Row struct{ Label, Value string }

// ProofState is where a proof stands.
type ProofState int

// The states of a proof.
const (
	ProofPresent ProofState = iota
	ProofMissing            // to be handed in
	ProofWaived             // not needed, with a reason in Note
)

// Proof is a document that the service asks for.
type Proof struct {
	Label string
	State ProofState
	Note  string // "3 Seiten, gescannt", or why it is waived
}

// ErrNoNumber is returned for content without a case number: such a paper would be worth nothing.
var ErrNoNumber = errors.New("confirmation without a case number")

// ErrNothingMissing is returned for a letter that would ask for nothing.
var ErrNothingMissing = errors.New("no proof is missing")

// Confirmation writes the PDF.
func Confirmation(w io.Writer, c Content) error {
	if c.Number == "" {
		return ErrNoNumber
	}
	t, err := textsFor(c.Lang)
	if err != nil {
		return err
	}
	s, err := newSheet(c, t)
	if err != nil {
		return err
	}
	s.head()
	s.title()
	if err := s.caseBox(); err != nil {
		return err
	}
	s.answers()
	s.proofs()
	s.next()
	s.foot()
	var b bytes.Buffer
	if err := s.pdf.Output(&b); err != nil {
		return fmt.Errorf("write confirmation: %w", err)
	}
	_, err = w.Write(b.Bytes())
	return err
}
