package letter

import (
	"io"
	"strconv"
	"time"
)

// Account is a paper that tells what is known of a matter, in titled parts of lines: the notes and the journal of
// a case, a transfer note, the register of certified copies, or why something is enclosed instead of printed.
type Account struct {
	Lang      string
	Authority string
	Title     string
	Subject   string // beneath the title, such as number and service
	Made      time.Time
	Parts     []AccountPart
}

// AccountPart is a titled part of an account.
type AccountPart struct {
	Title string
	Rows  []AccountRow
}

// AccountRow is a line: what stands on the left, and what belongs to it. Without Label it runs over the width.
type AccountRow struct {
	Label string
	Text  string
}

// WriteAccount writes the paper as PDF on DIN A4.
func WriteAccount(w io.Writer, a Account) error {
	t, err := textsFor(a.Lang)
	if err != nil {
		return err
	}
	s, err := newSheet(paper{title: a.Title + " " + a.Subject, author: a.Authority, made: a.Made}, t)
	if err != nil {
		return err
	}
	s.account(a)
	s.footed(func(page, pages string) string {
		return a.Subject + "  ·  " + t.say("page", "page", page, "pages", pages)
	})
	return s.write(w)
}

func (s *sheet) account(a Account) {
	s.pdf.SetY(20)
	s.style(9.5, "", second)
	y := s.lines(left, s.pdf.GetY(), s.wrap(a.Authority, width))
	s.style(18, "B", ink)
	y = s.lines(left, y+1, s.wrap(a.Title, width))
	if a.Subject != "" {
		s.style(10.5, "", second)
		y = s.lines(left, y, s.wrap(a.Subject, width))
	}
	s.pdf.SetY(y + 5)
	for _, p := range a.Parts {
		s.room(22)
		s.groupTitle(p.Title, "")
		s.again = func() { s.groupTitle(p.Title+" "+s.t.say("continued"), "") }
		for _, r := range p.Rows {
			s.accountRow(r)
		}
		s.again = nil
		s.pdf.SetY(s.pdf.GetY() + 4)
	}
}

func (s *sheet) accountRow(r AccountRow) {
	s.style(10, "", ink)
	lead := s.leading()
	if r.Label == "" {
		s.side(lead, s.column(left, width, part{r.Text, 10, ink}))
		return
	}
	s.side(lead, s.column(left, labelWidth-4, part{r.Label, 9.5, second}), s.column(left+labelWidth, width-labelWidth, part{r.Text, 10, ink}))
}

// footed writes a line at the foot of every page, once their number is known.
func (s *sheet) footed(text func(page, pages string) string) {
	pages := s.pdf.PageCount()
	for p := 1; p <= pages; p++ {
		s.pdf.SetPage(p)
		s.rule(left, pageHeight-18, width, 0.2, line)
		s.style(8.5, "", second)
		lines := s.wrap(text(strconv.Itoa(p), strconv.Itoa(pages)), width)
		s.lines(left, pageHeight-16, lines[:min(2, len(lines))])
	}
}
