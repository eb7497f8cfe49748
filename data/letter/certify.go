package letter

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// Certificate is what the certification of a copy says (§ 33 VwVfG and the equal law of the states, such as
// § 33 HVwVfG). The sentences are the house's own; an authority's lawyer should read them once before they are
// used: the hint for papers that no authority has issued (paragraph 3, number 3), what is said of qualified
// signatures (paragraph 5, number 1), and that a copy must not be certified where its original looks altered
// (paragraph 2), which is [Certificate.Check]'s to stop. Signature and seal are put on the paper by hand.
type Certificate struct {
	Authority string
	Office    string
	Place     string
	Day       time.Time
	Official  string // who signs
	Number    string // of the register
	Case      string // case number, "" for none
	Original  string // exactly which document it is, in the clerk's words
	File      bool   // the original is an electronic document; else a paper that was presented
	Signature *Signature
	Issued    bool   // by an authority
	For       string // to whom it may be shown, where no authority has issued the original
	Pages     int    // of the copy, without this page
	Percent   int    // how large the pages are reproduced; 0 and 100: as they are
	Remarks   []Remark
	Remark    string // a further one, in the clerk's words
	Doubts    []Doubt
}

// Signature is what the verification of a qualified electronic signature has shown.
type Signature struct {
	Holder       string
	Time         time.Time
	Certificates string
}

// Remark is something that a reader of the copy has to know.
type Remark string

// The remarks that are there to be ticked.
const (
	RemarkNoSeal   Remark = "no_seal"
	RemarkBacks    Remark = "backs"    // empty backs are left out
	RemarkExcerpt  Remark = "excerpt"  // not the whole document
	RemarkGray     Remark = "gray"     // a coloured original
	RemarkLanguage Remark = "language" // a foreign one
)

// Remarks lists them.
func Remarks() []Remark {
	return []Remark{RemarkNoSeal, RemarkBacks, RemarkExcerpt, RemarkGray, RemarkLanguage}
}

// Doubt is a sign that the original was altered. With any of them a copy must not be certified.
type Doubt string

// The doubts, in the words of the law.
const (
	DoubtGaps      Doubt = "gaps"
	DoubtStruck    Doubt = "struck"
	DoubtInserted  Doubt = "inserted"
	DoubtChanged   Doubt = "changed"
	DoubtIllegible Doubt = "illegible"
	DoubtErased    Doubt = "erased"
	DoubtLoose     Doubt = "loose" // sheets that belonged together are apart
)

// Doubts lists them.
func Doubts() []Doubt {
	return []Doubt{DoubtGaps, DoubtStruck, DoubtInserted, DoubtChanged, DoubtIllegible, DoubtErased, DoubtLoose}
}

// Lack is what a certification must not be without.
type Lack string

// The lacks.
const (
	LackOriginal  Lack = "original" // which document it is
	LackFor       Lack = "for"      // to whom it may be shown
	LackPlace     Lack = "place"
	LackDay       Lack = "day"
	LackOffice    Lack = "office"
	LackOfficial  Lack = "official"
	LackPages     Lack = "pages"
	LackSignature Lack = "signature" // what its verification has shown
	LackTrust     Lack = "trust"     // the original looks altered: it must not be certified
)

// Check lists what speaks against the certification, the weightiest first; nothing: it can be made. The number
// is given when it is.
func (c Certificate) Check() []Lack {
	var out []Lack
	sig := c.Signature
	for _, x := range []struct {
		lack Lack
		is   bool
	}{
		{LackTrust, len(c.Doubts) > 0},
		{LackOriginal, len([]rune(strings.TrimSpace(c.Original))) < 5},
		{LackFor, !c.Issued && strings.TrimSpace(c.For) == ""},
		{LackSignature, sig != nil && (!c.File || strings.TrimSpace(sig.Holder) == "" || sig.Time.IsZero() || strings.TrimSpace(sig.Certificates) == "")},
		{LackPages, c.Pages < 1},
		{LackOffice, strings.TrimSpace(c.Authority) == ""},
		{LackPlace, strings.TrimSpace(c.Place) == ""},
		{LackDay, c.Day.IsZero()},
		{LackOfficial, strings.TrimSpace(c.Official) == ""},
	} {
		if x.is {
			out = append(out, x.lack)
		}
	}
	return out
}

// ErrNotCertified is returned for a certification that must not be made; see [Certificate.Check].
var ErrNotCertified = errors.New("letter: this copy cannot be certified")

func (c Certificate) ready() error {
	if len(c.Check()) > 0 || c.Number == "" {
		return ErrNotCertified
	}
	return nil
}

// WriteCertificate writes the sheet that is bound behind the pages of the copy, as PDF on DIN A4.
func WriteCertificate(w io.Writer, c Certificate) error {
	if err := c.ready(); err != nil {
		return err
	}
	t, err := textsFor("de") // the language of the office
	if err != nil {
		return err
	}
	s, err := newSheet(paper{title: t.say("certify.title") + " " + c.Number, author: c.Authority, made: c.Day}, t)
	if err != nil {
		return err
	}
	s.certificate(c)
	s.footed(func(page, pages string) string {
		n, _ := strconv.Atoi(page)
		m, _ := strconv.Atoi(pages)
		return c.foot(t, n+c.Pages, m+c.Pages)
	})
	return s.write(w)
}

// WriteCopyFoot writes the line that every page of the copy bears at its foot, as a clear page of the given size
// in points. more is how many sheets the certification itself takes.
func WriteCopyFoot(w io.Writer, width, height float64, c Certificate, page, more int) error {
	if err := c.ready(); err != nil {
		return err
	}
	t, err := textsFor("de")
	if err != nil {
		return err
	}
	s, err := newSheetOf(paper{made: c.Day}, t, fpdf.SizeType{Wd: width / millimetre, Ht: height / millimetre})
	if err != nil {
		return err
	}
	wide, high := width/millimetre, height/millimetre
	s.rule(12, high-CopyFoot+3, wide-24, 0.2, ink)
	text := c.foot(t, page, c.Pages+more)
	size := 8.5
	for s.style(size, "", ink); size > 5 && s.pdf.GetStringWidth(s.clean(text)) > wide-24; s.style(size, "", ink) {
		size -= 0.25
	}
	s.lines(12, high-CopyFoot+4.2, []string{s.clean(text)})
	return s.write(w)
}

// CopyFoot is how much of a page, in millimetres, the line at its foot needs.
const CopyFoot = 13.0

func (c Certificate) foot(t texts, page, pages int) string {
	return t.say("certify.foot", "number", c.Number, "page", strconv.Itoa(page), "pages", strconv.Itoa(pages))
}

func (s *sheet) certificate(c Certificate) {
	t := s.t
	s.pdf.SetY(22)
	s.style(9.5, "", second)
	y := s.lines(left, s.pdf.GetY(), s.wrap(strings.TrimSpace(c.Authority+"\n"+c.Office), width))
	s.style(20, "B", ink)
	y = s.lines(left, y+3, s.wrap(t.say("certify.title"), width))
	s.style(10, "", second)
	under := t.say("certify.number", "number", c.Number)
	if c.Case != "" {
		under += "  ·  " + t.say("certify.case", "number", c.Case)
	}
	s.pdf.SetY(s.lines(left, y, s.wrap(under, width)) + 7)

	agrees := "certify.paper"
	if c.File {
		agrees = "certify.file"
	}
	s.paragraph(t.say(agrees, "pages", pagesNote(c.Pages, t.lang)), 11, "", ink)
	s.paragraph(c.Original, 12, "B", ink)
	if sig := c.Signature; sig != nil {
		s.paragraph(t.say("certify.signed"), 11, "", ink)
		for _, r := range []AccountRow{
			{t.say("certify.holder"), sig.Holder},
			{t.say("certify.signed_at"), t.date(sig.Time) + sig.Time.Format(", 15:04:05 MST")},
			{t.say("certify.chain"), sig.Certificates},
		} {
			s.accountRow(r)
		}
		s.pdf.SetY(s.pdf.GetY() + 3)
	}
	if !c.Issued {
		s.paragraph(t.say("certify.for", "for", c.For), 11, "", ink)
	}
	s.remarks(c)
	s.signed(c)
}

func (s *sheet) remarks(c Certificate) {
	var all []string
	for _, r := range Remarks() {
		if slices.Contains(c.Remarks, r) {
			all = append(all, s.t.say("certify.remark."+string(r)))
		}
	}
	if c.Percent > 0 && c.Percent != 100 {
		all = append(all, s.t.say("certify.reduced", "percent", strconv.Itoa(c.Percent)))
	}
	if r := strings.TrimSpace(c.Remark); r != "" {
		all = append(all, r)
	}
	if len(all) == 0 {
		return
	}
	s.paragraph(s.t.say("certify.remarks"), 10, "B", second)
	for _, r := range all {
		s.paragraph("–  "+r, 10.5, "", ink)
	}
}

// signed draws the field for signature and seal, which stays together with what makes it valid.
func (s *sheet) signed(c Certificate) {
	const sealed = 46.0
	s.room(sealed + 46)
	y := s.pdf.GetY() + 4
	s.style(11, "", ink)
	s.lines(left, y, s.wrap(s.t.say("certify.place", "place", c.Place, "date", s.t.date(c.Day)), width-sealed-10))
	s.rule(left, y+32, width-sealed-14, 0.3, ink)
	s.style(9, "", second)
	s.lines(left, y+33, s.wrap(s.t.say("certify.signature")+": "+c.Official, width-sealed-14))
	x := left + width - sealed
	s.pdf.SetDrawColor(second[0], second[1], second[2])
	s.pdf.SetLineWidth(0.25)
	s.pdf.SetDashPattern([]float64{1.2, 1.2}, 0)
	s.pdf.Circle(x+sealed/2, y+sealed/2-4, sealed/2-3, "D")
	s.pdf.SetDashPattern(nil, 0)
	s.style(8.5, "", second)
	seal := s.t.say("certify.seal")
	s.lines(x+(sealed-s.pdf.GetStringWidth(seal))/2, y+sealed/2-6, []string{seal})
	s.pdf.SetY(y + sealed)
	s.paragraph(s.t.say("certify.valid", "number", c.Number), 10, "", ink)
}

// paragraph writes text over the width and goes on over the end of the page.
func (s *sheet) paragraph(text string, size float64, weight string, c colour) {
	s.style(size, weight, c)
	for _, l := range s.wrap(text, width) {
		s.room(s.leading())
		s.style(size, weight, c)
		s.pdf.SetY(s.lines(left, s.pdf.GetY(), []string{l}))
	}
	s.pdf.SetY(s.pdf.GetY() + 3)
}
