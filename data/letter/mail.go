package letter

import (
	"io"
	"strconv"

	"schalter/data/mail"
)

// WriteMail writes an e-mail as a paper: who wrote to whom and when, the text, and what was attached. What it
// says is what the message says of itself.
func WriteMail(w io.Writer, m *mail.Message, lang string) error {
	t, err := textsFor(lang)
	if err != nil {
		return err
	}
	subject := m.Subject
	if subject == "" {
		subject = t.say("mail.no_subject")
	}
	s, err := newSheet(paper{title: subject, author: m.From, subject: t.say("mail.title"), made: m.Date}, t)
	if err != nil {
		return err
	}
	s.pdf.SetY(topLater)
	s.style(9.5, "", second)
	s.pdf.SetY(s.lines(left, s.pdf.GetY(), []string{t.say("mail.title")}) + 1)
	s.flow(subject, 15, "B", 2)
	date := ""
	if !m.Date.IsZero() {
		date = t.date(m.Date) + ", " + m.Date.Format("15:04 -0700")
	}
	for _, f := range []struct{ key, value string }{{"mail.from", m.From}, {"mail.to", m.To}, {"mail.cc", m.Cc}, {"mail.date", date}} {
		if f.value != "" {
			s.mailFact(t.say(f.key), f.value)
		}
	}
	s.pdf.SetY(s.pdf.GetY() + 2)
	s.rule(left, s.pdf.GetY(), width, 0.2, line)
	s.pdf.SetY(s.pdf.GetY() + 4)
	text := m.Text
	if text == "" {
		text = t.say("mail.no_text")
	}
	s.flow(text, 10, "", 4)
	if len(m.Parts) > 0 {
		s.room(16)
		s.rule(left, s.pdf.GetY(), width, 0.2, line)
		s.pdf.SetY(s.pdf.GetY() + 3)
		s.flow(t.say("mail.attached"), 10, "B", 1)
		for i, p := range m.Parts {
			name := p.Name
			if name == "" {
				name = t.say("mail.unnamed")
			}
			s.flow(strconv.Itoa(i+1)+". "+name, 10, "", 0)
		}
	}
	s.pages()
	return s.write(w)
}

const mailLabel = 20.0 // width of what stands before a fact

func (s *sheet) mailFact(label, value string) {
	s.style(9.5, "", ink)
	lines := s.wrap(value, width-mailLabel)
	s.room(float64(len(lines)) * s.leading())
	y := s.pdf.GetY()
	s.style(9.5, "", second)
	s.lines(left, y, []string{label})
	s.style(9.5, "", ink)
	s.pdf.SetY(s.lines(left+mailLabel, y, lines))
}

// flow writes a text over as many pages as it takes.
func (s *sheet) flow(text string, size float64, weight string, after float64) {
	s.style(size, weight, ink)
	for _, l := range s.wrap(text, width) {
		if s.room(s.leading()) {
			s.style(size, weight, ink)
		}
		s.pdf.SetY(s.lines(left, s.pdf.GetY(), []string{l}))
	}
	s.pdf.SetY(s.pdf.GetY() + after)
}

// pages numbers the pages at their foot.
func (s *sheet) pages() {
	n := s.pdf.PageCount()
	for i := range n {
		s.pdf.SetPage(i + 1)
		s.style(8.5, "", second)
		s.rightLine(left+width, pageHeight-bottom+8, s.t.say("page", "page", strconv.Itoa(i+1), "pages", strconv.Itoa(n)))
	}
	s.pdf.SetPage(n)
}
