package letter

import (
	"io"
	"slices"
	"time"

	"schalter/data/form"
	"schalter/data/record"
	"schalter/data/sorting"
)

// Cover is a sheet that is laid before the papers of a case, so that they are scanned in one stack with those of
// others. It lies about open on desks and scanners, so it says no more than is needed to lay it before the right
// papers.
type Cover struct {
	Lang      string
	Authority string // "Stadt Musterstadt"
	Office    string // the authority in the code, of [sorting.Authority]
	Number    string // case number
	Party     string // whose papers these are
	Service   string
	Proof     string // the id of the proof that these papers are, "" for any
	Label     string // the proof's name
	Made      time.Time
}

// CoverOf gathers the cover sheet of a case, or of one of its proofs. f may be nil where this desk does not have
// the form's version.
func CoverOf(c record.Case, f *form.Form, proof string, id record.Identity, now time.Time, lang string) Cover {
	out := Cover{
		Lang: lang, Authority: id.Authority, Office: sorting.Authority(id), Number: c.Number, Party: c.Party().Name(),
		Service: title(c.Title, lang), Proof: proof, Label: proof, Made: now,
	}
	if f == nil {
		return out
	}
	if p := f.Proof(proof); p != nil {
		out.Label = p.Label.In(lang)
	}
	return out
}

// Lacking are the ids of the proofs that a case asks for and does not have.
func Lacking(c record.Case, f *form.Form, now time.Time) (out []string) {
	if f == nil {
		return nil
	}
	for _, p := range f.Begin(c.Values(), now).Proofs() {
		has := slices.ContainsFunc(c.Documents, func(d record.Document) bool { return d.Proof == p.Proof.ID && d.Trashed == nil })
		if p.Visible && p.Required && !has {
			out = append(out, p.Proof.ID)
		}
	}
	return out
}

// Code is what the code on the sheet says.
func (c Cover) Code() sorting.Code {
	return sorting.Code{Kind: sorting.KindCover, Authority: c.Office, Number: c.Number, Proof: c.Proof}
}

// Separator is a sheet that is laid between two documents of one case. It may be used again and again.
type Separator struct {
	Lang      string
	Authority string
	Office    string // the authority in the code
	Made      time.Time
}

// Code is what the code on the sheet says.
func (s Separator) Code() sorting.Code {
	return sorting.Code{Kind: sorting.KindSeparator, Authority: s.Office}
}

// WriteCovers writes cover sheets as PDF on DIN A4, one on each page.
func WriteCovers(w io.Writer, all ...Cover) error {
	var s *sheet
	for _, c := range all {
		if c.Number == "" {
			return ErrNoNumber
		}
		t, err := textsFor(c.Lang)
		if err != nil {
			return err
		}
		if s == nil {
			about := paper{title: t.say("cover") + " " + c.Number, author: c.Authority, subject: c.Service, made: c.Made}
			if s, err = newSheet(about, t); err != nil {
				return err
			}
		} else {
			s.t = t
			s.pdf.AddPage()
		}
		if err := s.cover(c); err != nil {
			return err
		}
	}
	if s == nil {
		return ErrNoNumber
	}
	return s.write(w)
}

// WriteSeparators writes n separator sheets as PDF on DIN A4.
func WriteSeparators(w io.Writer, n int, p Separator) error {
	t, err := textsFor(p.Lang)
	if err != nil {
		return err
	}
	s, err := newSheet(paper{title: t.say("separator"), author: p.Authority, made: p.Made}, t)
	if err != nil {
		return err
	}
	for i := range max(n, 1) {
		if i > 0 {
			s.pdf.AddPage()
		}
		if err := s.coded(p.Code()); err != nil {
			return err
		}
		y := s.named(p.Authority, t.say("separator"), 78)
		s.explained(t.say("separator.how"), y+6)
	}
	return s.write(w)
}

const (
	coverSide = 56.0 // of a code on a sheet, with its quiet zone
	markInset = 10.0 // of the bars from the edge: what every printer reaches
)

// coded draws what a machine sees of a sheet: the bars along both edges and the code twice, so that one is at its
// place whichever way the sheet is fed, and one is left where a stamp, a hole or a tear has spoilt the other.
func (s *sheet) coded(c sorting.Code) error {
	h := 0.0
	for _, m := range sorting.Mark {
		h += m
	}
	s.bars(left, markInset)
	s.bars(pageWidth-left-sorting.MarkWidth, pageHeight-markInset-h)
	if err := s.code(c.String(), pageWidth-18-coverSide, 14, coverSide); err != nil {
		return err
	}
	return s.code(c.String(), 18, pageHeight-14-coverSide, coverSide)
}

func (s *sheet) bars(x, y float64) {
	s.pdf.SetFillColor(0, 0, 0)
	for i, m := range sorting.Mark {
		if i%2 == 0 {
			s.pdf.Rect(x, y, sorting.MarkWidth, m, "F")
		}
		y += m
	}
}

// named draws who this sheet is of and what it is.
func (s *sheet) named(authority, name string, y float64) float64 {
	s.style(9.5, "", second)
	y = s.lines(left, y, s.wrap(authority, width))
	s.style(24, "B", ink)
	return s.lines(left, y, s.wrap(name, width))
}

// explained draws what the sheet is for.
func (s *sheet) explained(text string, y float64) {
	s.style(10, "", second)
	s.lines(left, y, s.wrap(text, width))
}

func (s *sheet) cover(c Cover) error {
	if err := s.coded(c.Code()); err != nil {
		return err
	}
	y := s.named(c.Authority, s.t.say("cover"), 78) + 5
	const pad = 7.0
	inner := width - 2*pad
	s.style(12, "", ink)
	party, service := s.wrap(c.Party, inner), s.wrap(c.Service, inner)
	lead := s.leading()
	party, service = party[:min(2, len(party))], service[:min(2, len(service))]
	s.box(left, y, width, 2*pad+16+float64(len(party)+len(service))*lead+3, 2.5, tint, line)
	s.style(8.5, "", second)
	ty := s.lines(left+pad, y+pad-1, []string{s.t.say("case_number")})
	size := 30.0
	for s.style(size, "B", ink); size > 12 && s.pdf.GetStringWidth(s.clean(c.Number)) > inner; s.style(size, "B", ink) {
		size--
	}
	ty = s.lines(left+pad, ty-1, []string{s.clean(c.Number)}) + 1
	s.style(12, "B", ink)
	ty = s.lines(left+pad, ty, party)
	s.style(12, "", ink)
	s.lines(left+pad, ty, service)
	y += 2*pad + 16 + float64(len(party)+len(service))*lead + 3 + 5
	if c.Label != "" {
		s.style(8.5, "", second)
		y = s.lines(left, y, []string{s.t.say("cover.proof")})
		s.style(16, "B", accent)
		label := s.wrap(c.Label, width)
		y = s.lines(left, y, label[:min(2, len(label))]) + 4
	}
	s.explained(s.t.say("cover.how"), y+2)
	if !c.Made.IsZero() {
		s.style(8, "", second)
		s.rightLine(left+width, pageHeight-38, s.t.say("cover.made", "date", s.t.date(c.Made)))
	}
	return nil
}
