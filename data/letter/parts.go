package letter

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// head draws who writes, the address for the window of an envelope, and the fold marks.
func (s *letter) head() {
	s.style(15, "B", ink)
	y := s.lines(left, 13, s.wrap(s.c.Authority, 105))
	if s.c.Office != "" {
		s.style(10, "", second)
		y = s.lines(left, y, s.wrap(s.c.Office, 105))
	}
	s.style(8, "", second)
	cy := 13.8
	for _, l := range s.c.Contact {
		cy = s.rightLine(left+width, cy, l)
	}
	y = max(y, cy, 27) + 3
	s.rule(left, y, width, 0.6, accent)
	s.pdf.SetY(y + 8)
	if len(s.c.Recipient) == 0 {
		return
	}
	s.style(6.5, "", second)
	from := append([]string{s.c.Authority}, s.c.Contact[:min(2, len(s.c.Contact))]...)
	back := s.fitting(s.clean(strings.Join(from, " · ")), 80)
	s.lines(left, 57, []string{back})
	s.rule(left, 61, 80, 0.15, line)
	s.style(10.5, "", ink)
	ay := 63.0
	for _, l := range s.c.Recipient[:min(6, len(s.c.Recipient))] {
		ay = s.lines(left, ay, s.wrap(l, 80)[:1])
	}
	for _, fold := range []float64{105, 210} {
		s.rule(4, fold, 4, 0.15, second)
	}
	s.rule(4, pageHeight/2, 6, 0.15, second) // for the punch
	s.pdf.SetY(98)
}

// title draws what this paper is and what it is about.
func (s *letter) title() {
	s.style(19, "B", ink)
	y := s.lines(left, s.pdf.GetY(), []string{s.t.say("title")})
	if also := s.t.second("title"); also != "" {
		s.style(11.5, "B", second)
		y = s.lines(left, y, s.wrap(also, width))
	}
	s.style(11.5, "", second)
	y = s.lines(left, y+0.8, s.wrap(s.c.Service, width))
	if s.c.ServiceAlso != "" {
		s.style(9.5, "", second)
		y = s.lines(left, y, s.wrap(s.c.ServiceAlso, width))
	}
	s.pdf.SetY(y + 4)
}

// laterHead is the head of the pages after the first.
func (s *letter) laterHead() {
	s.style(8.5, "", second)
	s.lines(left, 13, s.wrap(s.c.Authority, 100)[:1])
	s.rightLine(left+width, 13, s.t.say("case_number")+" "+s.c.Number)
	s.rule(left, 19, width, 0.2, line)
	s.pdf.SetY(topLater)
}

const qrSide = 34.0 // with the quiet zone

// caseBox draws the number, when it was received, and the code.
func (s *letter) caseBox() error {
	y := s.pdf.GetY()
	const pad = 6.0
	textWidth := width - 2*pad
	h := 38.0
	if s.c.QR != "" {
		textWidth -= qrSide + 4
		h = qrSide + 2*3
	}
	facts := s.facts(textWidth)
	h = max(h, 2*pad+15+float64(len(facts))*4.65)
	s.box(left, y, width, h, 2.5, tint, line)
	s.style(8.5, "", second)
	ty := s.lines(left+pad, y+pad+0.5, []string{s.withSecond("case_number")})
	size := 26.0
	for s.style(size, "B", ink); size > 12 && s.pdf.GetStringWidth(s.clean(s.c.Number)) > textWidth; s.style(size, "B", ink) {
		size--
	}
	ty = s.lines(left+pad, ty-0.5, []string{s.clean(s.c.Number)})
	s.style(9.5, "", ink)
	ty++
	for _, f := range facts {
		c := ink
		if f.also {
			c = second
		}
		s.style(9.5, "", c)
		ty = s.lines(left+pad, ty, []string{f.text})
	}
	if s.c.QR != "" {
		x := left + width - qrSide - 3
		s.box(x, y+3, qrSide, qrSide, 1.5, white, white)
		if err := s.code(s.c.QR, x, y+3, qrSide); err != nil {
			return err
		}
	}
	s.pdf.SetY(y + h)
	if s.c.Provisional {
		s.provisional()
	}
	s.pdf.SetY(s.pdf.GetY() + 6)
	return nil
}

// fact is a line in the box of the case number.
type fact struct {
	text string
	also bool // in the second language
}

// facts say when the application came in and who was there.
func (s *letter) facts(w float64) []fact {
	s.style(9.5, "", ink)
	var out []fact
	add := func(t texts, also bool) {
		said := []string{t.say("received", "date", t.date(s.c.Received), "time", s.c.Received.Format("15:04"))}
		if !s.c.Paper.IsZero() {
			said[0] = t.say("received_paper", "date", t.date(s.c.Paper))
		}
		if s.c.Clerk != "" {
			said = append(said, t.say("clerk", "name", s.c.Clerk))
		}
		if s.c.Present != "" {
			said = append(said, t.say("present", "name", s.c.Present))
		}
		for _, x := range said {
			for _, l := range s.wrap(x, w) {
				out = append(out, fact{l, also})
			}
		}
	}
	add(s.t, false)
	if s.t.also != nil {
		add(*s.t.also, true)
	}
	return out
}

// withSecond gives a short text in both languages on one line.
func (s *sheet) withSecond(key string) string {
	if also := s.t.second(key); also != "" {
		return s.t.say(key) + " · " + also
	}
	return s.t.say(key)
}

// provisional says in a band of its own that the centre does not have the case yet, and what that means.
func (s *letter) provisional() {
	y := s.pdf.GetY() + 3
	s.style(9.5, "B", waiting)
	label := strings.ToUpper(s.t.say("provisional"))
	labelWidth := s.pdf.GetStringWidth(label) + 8
	s.style(9.5, "", ink)
	text := s.wrap(s.t.say("provisional_note"), width-labelWidth-12)
	lead := s.leading()
	if also := s.t.second("provisional_note"); also != "" {
		text = append(text, s.wrap(also, width-labelWidth-12)...)
	}
	h := float64(len(text))*lead + 5
	s.box(left, y, width, h, 2.5, waitingBg, waiting)
	s.lines(left+labelWidth+7, y+2.5, text)
	s.style(9.5, "B", waiting)
	s.lines(left+6, y+h/2-s.leading()/2, []string{label})
	s.rule(left+labelWidth+2, y+3, 0, 0.25, waiting)
	s.pdf.Line(left+labelWidth+2, y+3, left+labelWidth+2, y+h-3)
	s.pdf.SetY(y + h)
}

// code draws the QR code as filled rectangles, so that it is crisp at every size.
func (s *sheet) code(text string, x, y, side float64) error {
	c, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return fmt.Errorf("QR code: %w", err)
	}
	n := c.Bounds().Dx()
	m := side / float64(n+8) // four modules of quiet on each side (ISO/IEC 18004)
	s.pdf.SetFillColor(0, 0, 0)
	for row := range n {
		for col := 0; col < n; {
			run := 0
			for col+run < n && dark(c.At(col+run, row).RGBA()) {
				run++
			}
			if run > 0 {
				s.pdf.Rect(x+m*float64(col+4), y+m*float64(row+4), m*float64(run), m, "F")
			}
			col += run + 1
		}
	}
	return nil
}

func dark(r, _, _, _ uint32) bool { return r < 0x8000 }

// heading draws a section's title and keeps it with at least h of what follows.
func (s *sheet) heading(text string, h float64) {
	s.room(h + 13)
	s.pdf.SetY(s.pdf.GetY() + 2)
	s.style(12.5, "B", ink)
	s.pdf.SetY(s.lines(left, s.pdf.GetY(), s.wrap(text, width)) + 1.5)
}

// proofs draws the checklist.
func (s *letter) proofs() {
	if len(s.c.Proofs) == 0 {
		return
	}
	s.heading(s.withSecond("proofs"), 12)
	for _, p := range s.c.Proofs {
		key, c := "proof_present", good
		switch p.State {
		case ProofMissing:
			key, c = "proof_missing", waiting
		case ProofWaived:
			key, c = "proof_waived", second
		case ProofPresent:
		}
		s.style(9.5, "", ink)
		text := s.wrap(p.Label, width-labelWidth-9)
		s.style(8.5, "", second)
		var note []string
		for _, x := range []string{p.Also, p.Note} {
			if x != "" {
				note = append(note, s.wrap(x, width-labelWidth-9)...)
			}
		}
		s.style(9.5, "", ink)
		lead := s.leading()
		h := float64(len(text))*lead + float64(len(note))*lead*0.9 + 2.4
		s.room(h)
		y := s.pdf.GetY()
		s.tick(left, y+1.2+lead/2-1.7, p.State, c)
		ny := s.lines(left+7, y+1.2, text)
		s.style(8.5, "", second)
		s.lines(left+7, ny, note)
		s.style(9, "B", c)
		sy := s.rightLine(left+width, y+1.2, s.t.say(key))
		if also := s.t.second(key); also != "" {
			s.style(8, "", second)
			s.rightLine(left+width, sy, also)
			h = max(h, 2*lead+2.4)
		}
		s.pdf.SetY(y + h)
		s.rule(left, y+h, width, 0.12, line)
	}
	s.pdf.SetY(s.pdf.GetY() + 3.5)
}

// tick draws a box: ticked, empty, or struck for a proof that is not needed.
func (s *sheet) tick(x, y float64, state ProofState, c colour) {
	const a = 3.4
	s.pdf.SetDrawColor(c[0], c[1], c[2])
	s.pdf.SetLineWidth(0.35)
	s.pdf.RoundedRect(x, y, a, a, 0.6, "1234", "D")
	switch state {
	case ProofPresent:
		s.pdf.SetLineWidth(0.6)
		s.pdf.SetLineCapStyle("round")
		s.pdf.Line(x+0.75, y+1.8, x+1.45, y+2.5)
		s.pdf.Line(x+1.45, y+2.5, x+2.7, y+0.95)
		s.pdf.SetLineCapStyle("butt")
	case ProofWaived:
		s.pdf.Line(x+0.9, y+a/2, x+a-0.9, y+a/2)
	case ProofMissing:
	}
}

// whatNext draws what happens now, step by step.
func (s *letter) whatNext() {
	steps := s.steps(s.t, s.c.Next)
	var also []string
	if s.t.also != nil {
		also = s.steps(*s.t.also, s.c.NextAlso)
	}
	s.heading(s.withSecond("next"), 10)
	for i, text := range steps {
		s.style(9.5, "", ink)
		wrapped := s.wrap(text, width-7)
		var more []string
		if len(also) == len(steps) {
			more = s.wrap(also[i], width-7)
		}
		s.room(float64(len(wrapped)+len(more)) * s.leading())
		y := s.pdf.GetY()
		s.style(9.5, "B", accent)
		s.lines(left, y, []string{strconv.Itoa(i+1) + "."})
		s.style(9.5, "", ink)
		y = s.lines(left+7, y, wrapped)
		s.style(9.5, "", second)
		s.pdf.SetY(s.lines(left+7, y, more) + 1)
	}
	for _, made := range []string{s.t.say("made"), s.t.second("made")} {
		if made != "" {
			s.style(8, "", second)
			wrapped := s.wrap(made, width)
			s.room(float64(len(wrapped))*s.leading() + 2)
			s.pdf.SetY(s.lines(left, s.pdf.GetY()+2, wrapped))
		}
	}
}

// steps are what happens next, in one language.
func (s *letter) steps(t texts, own []string) []string {
	steps := append([]string{}, own...)
	for _, p := range s.c.Proofs {
		if p.State == ProofMissing {
			steps = append(steps, t.say("next_proofs"))
			break
		}
	}
	if s.c.Provisional {
		steps = append(steps, t.say("next_provisional"))
	}
	return append(steps, t.say("next_questions", "number", s.c.Number))
}

// foot draws the foot of every page, now that their number is known.
func (s *letter) foot() {
	total := s.pdf.PageCount() - s.before
	for page := 1; page <= total; page++ {
		s.pdf.SetPage(s.before + page)
		y := pageHeight - 16.0
		s.rule(left, y, width, 0.2, line)
		s.style(8, "", second)
		parts := []string{s.c.Authority, s.c.Office, s.c.Number}
		if s.c.Provisional {
			parts = append(parts, s.t.say("provisional"))
		}
		parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
		s.lines(left, y+1.5, s.wrap(strings.Join(parts, " · "), width-30)[:1])
		s.rightLine(left+width, y+1.5, s.t.say("page", "page", strconv.Itoa(page), "pages", strconv.Itoa(total)))
	}
}
