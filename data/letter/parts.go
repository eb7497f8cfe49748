package letter

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// head draws who writes, the address for the window of an envelope, and the fold marks.
func (s *sheet) head() {
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
func (s *sheet) title() {
	s.style(19, "B", ink)
	y := s.lines(left, s.pdf.GetY(), []string{s.t.say("title")})
	s.style(11.5, "", second)
	s.pdf.SetY(s.lines(left, y+0.8, s.wrap(s.c.Service, width)) + 4)
}

const qrSide = 34.0 // with the quiet zone

// caseBox draws the number, when it was received, and the code.
func (s *sheet) caseBox() error {
	y := s.pdf.GetY()
	const pad = 6.0
	textWidth := width - 2*pad
	h := 38.0
	if s.c.QR != "" {
		textWidth -= qrSide + 4
		h = qrSide + 2*3
	}
	s.box(left, y, width, h, 2.5, tint, line)
	s.style(8.5, "", second)
	ty := s.lines(left+pad, y+pad+0.5, []string{s.t.say("case_number")})
	size := 26.0
	for s.style(size, "B", ink); size > 12 && s.pdf.GetStringWidth(s.clean(s.c.Number)) > textWidth; s.style(size, "B", ink) {
		size--
	}
	ty = s.lines(left+pad, ty-0.5, []string{s.clean(s.c.Number)})
	s.style(9.5, "", ink)
	ty++
	for _, l := range s.received() {
		ty = s.lines(left+pad, ty, s.wrap(l, textWidth))
	}
	if s.c.QR != "" {
		x := left + width - qrSide - 3
		s.box(x, y+3, qrSide, qrSide, 1.5, white, white)
		if err := s.code(x, y+3, qrSide); err != nil {
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

func (s *sheet) received() []string {
	out := []string{s.t.say("received", "date", s.t.date(s.c.Received), "time", s.c.Received.Format("15:04"))}
	if !s.c.Paper.IsZero() {
		out[0] = s.t.say("received_paper", "date", s.t.date(s.c.Paper))
	}
	if s.c.Clerk != "" {
		out = append(out, s.t.say("clerk", "name", s.c.Clerk))
	}
	return out
}

// provisional says in a band of its own that the centre does not have the case yet, and what that means.
func (s *sheet) provisional() {
	y := s.pdf.GetY() + 3
	s.style(9.5, "B", waiting)
	label := strings.ToUpper(s.t.say("provisional"))
	labelWidth := s.pdf.GetStringWidth(label) + 8
	s.style(9.5, "", ink)
	text := s.wrap(s.t.say("provisional_note"), width-labelWidth-12)
	h := float64(len(text))*s.leading() + 5
	s.box(left, y, width, h, 2.5, waitingBg, waiting)
	s.lines(left+labelWidth+7, y+2.5, text)
	s.style(9.5, "B", waiting)
	s.lines(left+6, y+h/2-s.leading()/2, []string{label})
	s.rule(left+labelWidth+2, y+3, 0, 0.25, waiting)
	s.pdf.Line(left+labelWidth+2, y+3, left+labelWidth+2, y+h-3)
	s.pdf.SetY(y + h)
}

// code draws the QR code as filled rectangles, so that it is crisp at every size.
func (s *sheet) code(x, y, side float64) error {
	c, err := qr.Encode(s.c.QR, qr.M, qr.Auto)
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

const labelWidth = 56.0

// answers draws the groups with their rows.
func (s *sheet) answers() {
	begun := false
	for _, g := range s.c.Groups {
		if len(g.Rows) == 0 {
			continue
		}
		if !begun {
			s.heading(s.t.say("answers"), 20)
			begun = true
		}
		s.room(18)
		s.groupTitle(g.Title)
		s.group = g.Title
		for _, r := range g.Rows {
			s.row(r)
		}
		s.group = ""
		s.pdf.SetY(s.pdf.GetY() + 3.5)
	}
}

func (s *sheet) groupTitle(title string) {
	if title != "" {
		s.style(9.5, "B", accent)
		wrapped := s.wrap(title, width)
		s.pdf.SetY(s.lines(left, s.pdf.GetY()+1, wrapped[:min(3, len(wrapped))]) + 0.8) // an answer must still fit below
	}
	s.rule(left, s.pdf.GetY(), width, 0.2, line)
}

// row draws one answer; one that is longer than a page goes on over the next.
func (s *sheet) row(r Row) {
	const pad = 1.1
	s.style(9.5, "", second)
	label := s.wrap(r.Label, labelWidth-4)
	s.style(9.5, "", ink)
	value := s.wrap(r.Value, width-labelWidth)
	lead := s.leading()
	for len(label)+len(value) > 0 {
		n := max(len(label), len(value))
		if h := float64(n)*lead + 2*pad; h < 60 {
			s.room(h)
		} else {
			s.room(60)
		}
		y := s.pdf.GetY()
		n = min(n, int((pageHeight-bottom-y-2*pad)/lead))
		s.style(9.5, "", second)
		s.lines(left, y+pad, label[:min(n, len(label))])
		s.style(9.5, "", ink)
		s.lines(left+labelWidth, y+pad, value[:min(n, len(value))])
		label, value = label[min(n, len(label)):], value[min(n, len(value)):]
		s.pdf.SetY(y + float64(n)*lead + 2*pad)
	}
	s.rule(left, s.pdf.GetY(), width, 0.12, line)
}

// proofs draws the checklist.
func (s *sheet) proofs() {
	if len(s.c.Proofs) == 0 {
		return
	}
	s.heading(s.t.say("proofs"), 12)
	for _, p := range s.c.Proofs {
		state, c := s.t.say("proof_present"), good
		switch p.State {
		case ProofMissing:
			state, c = s.t.say("proof_missing"), waiting
		case ProofWaived:
			state, c = s.t.say("proof_waived"), second
		case ProofPresent:
		}
		s.style(9.5, "", ink)
		text := s.wrap(p.Label, width-labelWidth-9)
		s.style(8.5, "", second)
		var note []string
		if p.Note != "" {
			note = s.wrap(p.Note, width-labelWidth-9)
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
		s.rightLine(left+width, y+1.2, state)
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

// next draws what happens now, step by step.
func (s *sheet) next() {
	steps := append([]string{}, s.c.Next...)
	for _, p := range s.c.Proofs {
		if p.State == ProofMissing {
			steps = append(steps, s.t.say("next_proofs"))
			break
		}
	}
	if s.c.Provisional {
		steps = append(steps, s.t.say("next_provisional"))
	}
	steps = append(steps, s.t.say("next_questions", "number", s.c.Number))
	s.heading(s.t.say("next"), 10)
	for i, text := range steps {
		s.style(9.5, "", ink)
		wrapped := s.wrap(text, width-7)
		s.room(float64(len(wrapped)) * s.leading())
		y := s.pdf.GetY()
		s.style(9.5, "B", accent)
		s.lines(left, y, []string{strconv.Itoa(i+1) + "."})
		s.style(9.5, "", ink)
		s.pdf.SetY(s.lines(left+7, y, wrapped) + 1)
	}
	s.room(8)
	s.style(8, "", second)
	s.pdf.SetY(s.lines(left, s.pdf.GetY()+2, s.wrap(s.t.say("made"), width)))
}

// foot draws the foot of every page, now that their number is known.
func (s *sheet) foot() {
	total := s.pdf.PageCount()
	for page := 1; page <= total; page++ {
		s.pdf.SetPage(page)
		y := pageHeight - 16.0
		s.rule(left, y, width, 0.2, line)
		s.style(8, "", second)
		parts := []string{s.c.Authority}
		if s.c.Office != "" {
			parts = append(parts, s.c.Office)
		}
		parts = append(parts, s.c.Number)
		if s.c.Provisional {
			parts = append(parts, s.t.say("provisional"))
		}
		s.lines(left, y+1.5, s.wrap(strings.Join(parts, " · "), width-30)[:1])
		s.rightLine(left+width, y+1.5, s.t.say("page", "page", strconv.Itoa(page), "pages", strconv.Itoa(total)))
	}
}
