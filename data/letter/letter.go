// Package letter makes the paper that a citizen takes home: the confirmation of an application.
//
// It is for the screen that submits a case: [Confirmation] writes a PDF on DIN A4 from plain data, with
// the case number large and as a QR code, the answers as filled, the proofs as a checklist and what
// happens next; where [Bilingual] joined two, in a second language beneath the first. [Blank] writes the
// empty form, to be filled by hand where nothing else works.
//
// [WriteCertificate] writes what makes a copy a certified one, [WriteMarks] what clerks put on a page,
// [WriteAccount] what is known of a matter. What [Certificate] says of the law wants a lawyer's look once.
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
	"strings"
	"time"

	"schalter/data/form"
)

// Content is all that a confirmation says. Empty parts are left out.
type Content struct {
	Lang string // "de" or "en"
	Also string // the second language, "" for one alone; see [Bilingual]

	Authority string   // "Stadt Musterstadt"
	Office    string   // "Bürgerbüro"
	Contact   []string // street, town, telephone, e-mail: one line each, printed beside the authority
	Recipient []string // name and address for the window of an envelope

	Number      string // case number as it is spoken: "MS-1-26-00417-K"
	Service     string // what is applied for
	ServiceAlso string
	Received    time.Time
	Paper       time.Time // the day a paper form was filled that was keyed in later: it was received then
	Clerk       string
	Present     string // who was there besides the applicant
	Provisional bool   // the centre does not have the case yet
	QR          string // what the code says; "" leaves it out

	Groups   []Group
	Proofs   []Proof
	Next     []string // what happens next for this service; followed by what holds for every one
	NextAlso []string
}

// Group is a part of the form with what was answered in it.
type Group struct {
	Title string
	Also  string // in the second language
	Rows  []Row
	Table *Table // instead of Rows, for what repeats and is short
}

// Row is one answer.
type Row struct {
	Label, Value string
	Also         string         // the label in the second language, "" where it is the same
	ValueAlso    string         // the answer in the second language, "" where it is the same
	Note         string         // said small beneath the answer
	Signature    form.Signature // drawn beneath the answer
}

// Table has one line for each row of what repeats.
type Table struct {
	Columns, Also []string
	Lines         [][]string
	LinesAlso     [][]string // nil, or as many as Lines; "" where an answer is the same
}

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
	Also  string // the label in the second language
}

// ErrNoNumber is returned for content without a case number: such a paper would be worth nothing.
var ErrNoNumber = errors.New("confirmation without a case number")

// ErrNothingMissing is returned for a letter that would ask for nothing.
var ErrNothingMissing = errors.New("no proof is missing")

// letter is one being written.
type letter struct {
	*sheet
	c      Content
	before int // pages of other letters in the same PDF
}

func newLetter(c Content, t texts) (*letter, error) {
	p, err := newSheet(paper{title: t.say("title") + " " + c.Number, author: c.Authority, subject: c.Service, made: c.Received}, t)
	if err != nil {
		return nil, err
	}
	s := &letter{sheet: p, c: c}
	s.later = s.laterHead
	return s, nil
}

// Confirmation writes the PDF. Several confirmations follow one another in it, each with pages of its own.
func Confirmation(w io.Writer, all ...Content) error {
	var s *letter
	var title []string
	for _, c := range all {
		if c.Number == "" {
			return ErrNoNumber
		}
		t, err := textsIn(c.Lang, c.Also)
		if err != nil {
			return err
		}
		if s == nil {
			s, err = newLetter(c, t)
			title = append(title, t.say("title"))
		} else {
			s.next(c, t)
		}
		if err == nil {
			err = s.confirm()
		}
		if err != nil {
			return err
		}
		title = append(title, c.Number)
	}
	if s == nil {
		return ErrNoNumber
	}
	s.pdf.SetTitle(s.clean(strings.Join(title, " ")), true)
	return s.write(w)
}

// next begins another letter in the same PDF.
func (s *letter) next(c Content, t texts) {
	s.c, s.t, s.again, s.before = c, t, nil, s.pdf.PageCount()
	s.pdf.AddPage()
}

func (s *letter) confirm() error {
	s.head()
	s.title()
	if err := s.caseBox(); err != nil {
		return err
	}
	s.answers()
	s.proofs()
	s.whatNext()
	s.foot()
	return nil
}

// write puts the whole PDF out at once, or nothing.
func (s *sheet) write(w io.Writer) error {
	var b bytes.Buffer
	if err := s.pdf.Output(&b); err != nil {
		return fmt.Errorf("write PDF: %w", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}
