package letter

import (
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/record"
)

// Missing is a letter that asks a citizen for proofs that were not there. Its first part is in the office's
// language and counts; further parts say the same in the citizen's.
type Missing struct {
	Authority string
	Office    string
	Contact   []string
	Recipient []string
	Number    string
	Received  time.Time
	Paper     time.Time // the day it was written on paper, where it was keyed in later
	Date      time.Time // of the letter
	Clerk     string
	Parts     []MissingPart
}

// MissingPart is what the letter says in one language.
type MissingPart struct {
	Lang    string
	Service string
	Proofs  []MissingProof
}

// MissingProof is one proof that is asked for.
type MissingProof struct {
	Label string
	Help  string // what would do, and where to get it
}

// Languages lists the languages that letters to citizens are written in, German first.
func Languages() []string {
	out := []string{"de"}
	found, err := fs.Glob(assets.Files, "translations/*/letter.json")
	if err != nil {
		return out
	}
	for _, f := range found {
		if lang := strings.Split(f, "/")[1]; lang != "de" {
			out = append(out, lang)
		}
	}
	return out
}

// MissingOf gathers the letter from a case and its form; it has no proofs where none is missing. Languages
// in which no letters are written are left out; without any it is German.
func MissingOf(c record.Case, f *form.Form, id record.Identity, now time.Time, langs ...string) Missing {
	of := Of(c, nil, id, now, "de")
	m := Missing{
		Authority: of.Authority, Office: of.Office, Contact: of.Contact, Recipient: of.Recipient, Number: of.Number,
		Received: of.Received, Paper: of.Paper, Date: now, Clerk: of.Clerk,
	}
	have := map[string]bool{}
	for _, d := range c.Kept() {
		have[d.Proof] = true
	}
	s := f.Begin(c.Values(), now)
	for _, lang := range written(langs) {
		p := MissingPart{Lang: lang, Service: title(c.Title, lang)}
		for _, x := range s.Proofs() {
			if x.Visible && x.Required && !have[x.Proof.ID] {
				p.Proofs = append(p.Proofs, MissingProof{Label: x.Proof.Label.In(lang), Help: x.Proof.Help.In(lang)})
			}
		}
		m.Parts = append(m.Parts, p)
	}
	return m
}

// written are the wished languages in which letters are written, each once.
func written(langs []string) []string {
	var out []string
	for _, l := range langs {
		for _, have := range Languages() {
			if l == have && !slices.Contains(out, l) {
				out = append(out, l)
			}
		}
	}
	if len(out) == 0 {
		out = []string{"de"}
	}
	return out
}

// Open reports whether anything is asked for.
func (m Missing) Open() bool { return len(m.Parts) > 0 && len(m.Parts[0].Proofs) > 0 }

// received is the day that counts.
func (m Missing) received() time.Time {
	if !m.Paper.IsZero() {
		return m.Paper
	}
	return m.Received
}

// Text is the letter for an e-mail.
func (m Missing) Text() (string, error) {
	var parts []string
	for i, p := range m.Parts {
		t, err := textsFor(p.Lang)
		if err != nil {
			return "", err
		}
		var b strings.Builder
		line := func(s ...string) { b.WriteString(strings.Join(s, "") + "\n") }
		line(t.say("missing.title"), ": ", p.Service, " (", m.Number, ")")
		if i > 0 {
			line(t.say("missing.courtesy"))
		}
		line("\n", t.say("missing.greeting"), "\n")
		line(m.lead(t, p), "\n")
		for _, x := range p.Proofs {
			line("- ", x.Label)
			if x.Help != "" {
				line("  ", x.Help)
			}
		}
		line("\n", t.say("missing.how", "number", m.Number))
		line(t.say("missing.trouble"), "\n")
		line(t.say("missing.bye"))
		for _, s := range append(m.signed(), m.Contact...) {
			line(s)
		}
		parts = append(parts, b.String())
	}
	return strings.Join(parts, "\n----------------------------------------\n\n"), nil
}

func (m Missing) lead(t texts, p MissingPart) string {
	return t.say("missing.lead", "date", t.date(m.received()), "service", p.Service)
}

// signed is who writes, below the greeting.
func (m Missing) signed() []string {
	var out []string
	for _, s := range []string{m.Clerk, m.Authority, m.Office} {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// WriteMissing writes the letter as PDF, without anything where nothing is missing.
func WriteMissing(w io.Writer, m Missing) error {
	switch {
	case m.Number == "":
		return ErrNoNumber
	case !m.Open():
		return ErrNothingMissing
	}
	t, err := textsFor(m.Parts[0].Lang)
	if err != nil {
		return err
	}
	s, err := newLetter(Content{
		Lang: t.lang, Authority: m.Authority, Office: m.Office, Contact: m.Contact, Recipient: m.Recipient,
		Number: m.Number, Service: m.Parts[0].Service, Received: m.Received, Paper: m.Paper, Clerk: m.Clerk, QR: m.Number,
	}, t)
	if err != nil {
		return err
	}
	s.pdf.SetTitle(s.clean(t.say("missing.title")+" "+m.Number), true)
	s.pdf.SetCreationDate(m.Date)
	s.pdf.SetModificationDate(m.Date)
	s.head()
	s.style(9.5, "", second)
	s.pdf.SetY(s.rightLine(left+width, s.pdf.GetY(), t.date(m.Date)))
	for i, p := range m.Parts {
		if s.t, err = textsFor(p.Lang); err != nil {
			return err
		}
		if err := s.missing(m, p, i > 0); err != nil {
			return err
		}
	}
	s.t = t
	s.foot()
	return s.write(w)
}

// missing draws the letter in one language; a further one begins on a page of its own when it does not fit.
func (s *letter) missing(m Missing, p MissingPart, further bool) error {
	if further {
		if !s.room(90) {
			s.pdf.SetY(s.pdf.GetY() + 8)
			s.rule(left, s.pdf.GetY(), width, 0.2, line)
		}
		s.style(8.5, "", second)
		s.pdf.SetY(s.lines(left, s.pdf.GetY()+3, s.wrap(s.t.say("missing.courtesy"), width)) + 3)
	}
	s.style(16, "B", ink)
	s.pdf.SetY(s.lines(left, s.pdf.GetY(), s.wrap(s.t.say("missing.title"), width)))
	s.style(11.5, "", second)
	s.pdf.SetY(s.lines(left, s.pdf.GetY()+0.8, s.wrap(p.Service, width)) + 4)
	if !further {
		if err := s.caseBox(); err != nil {
			return err
		}
	}
	s.paragraph(s.t.say("missing.greeting"))
	s.paragraph(m.lead(s.t, p))
	for _, x := range p.Proofs {
		s.asked(x)
	}
	s.pdf.SetY(s.pdf.GetY() + 2)
	s.paragraph(s.t.say("missing.how", "number", m.Number))
	s.paragraph(s.t.say("missing.trouble"))
	s.paragraph(s.t.say("missing.bye") + "\n" + strings.Join(m.signed(), "\n"))
	return nil
}

func (s *letter) paragraph(text string) {
	s.style(10.5, "", ink)
	wrapped := s.wrap(text, width)
	s.room(float64(len(wrapped)) * s.leading())
	s.style(10.5, "", ink)
	s.pdf.SetY(s.lines(left, s.pdf.GetY(), wrapped) + 3)
}

// asked draws one proof with a box to tick at home.
func (s *letter) asked(x MissingProof) {
	s.style(10.5, "B", ink)
	label := s.wrap(x.Label, width-8)
	lead := s.leading()
	var help []string
	if x.Help != "" {
		s.style(9.5, "", second)
		help = s.wrap(x.Help, width-8)
	}
	s.room(float64(len(label)+len(help))*lead + 3)
	y := s.pdf.GetY()
	s.tick(left+1, y+lead/2-1.7, ProofMissing, second)
	s.style(10.5, "B", ink)
	y = s.lines(left+8, y, label)
	s.style(9.5, "", second)
	s.pdf.SetY(s.lines(left+8, y, help) + 2.5)
}
