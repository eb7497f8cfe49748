package checks

import (
	"context"
	"slices"
	"strings"
	"time"

	"schalter/data/record"
	"schalter/ui/control"
)

// objecting tells whether anything was found wrong, or is being written about.
func (s *Screen) objecting() bool { return s.i != nil && (len(s.i.wrong) > 0 || s.side.asked) }

// act is the great key: what is not found good is objected to.
func (s *Screen) act() {
	if s.objecting() {
		s.objectTo()
		return
	}
	s.pass()
}

// mark notes that a point is wrong, or takes that back.
func (s *Screen) mark(p record.Point) {
	if s.i == nil {
		return
	}
	if s.i.wrong[p] {
		delete(s.i.wrong, p)
	} else {
		s.i.wrong[p] = true
	}
	s.side.fill()
}

// held is the longest time in which a key that is held down comes again.
const held = 700 * time.Millisecond

// pass finds the scan good. A page that was not in sight yet is shown first. A key that is held down passes nothing
// after the first.
func (s *Screen) pass() {
	now := s.Clock()
	repeated := now.Sub(s.pressed) < held
	s.pressed = now
	if !s.mayPass() {
		return
	}
	_, of := s.paper.Page()
	unseen := s.i.unseen(of)
	switch {
	case of == 0:
		s.say(control.KindWaiting, s.Texts.T("checks.unseen.all"), "")
	case len(unseen) > 0:
		s.paper.Go(unseen[0])
		s.turned()
	case repeated:
	default:
		s.record(record.DocumentChecked{OK: true, Points: record.Points()})
	}
}

// objectTo says what is wrong; what that is is asked for where nothing was said yet.
func (s *Screen) objectTo() {
	if s.i == nil {
		return
	}
	points, remark := s.i.points(), strings.TrimSpace(s.side.reason.Text)
	if len(points) == 0 && remark == "" {
		s.side.ask()
		return
	}
	s.record(record.DocumentChecked{Points: points, Remark: remark})
}

// record stores what was found; the next scan is there at once.
func (s *Screen) record(found record.DocumentChecked) {
	row := s.i.row
	id := row.Document.ID
	s.l.answered[id] = true
	s.l.rows = slices.DeleteFunc(s.l.rows, func(r record.CheckRow) bool { return r.Document.ID == id })
	s.open(s.at)
	s.summary.SetText("")
	if s.banner.Visible() {
		s.banner.Clear()
	}
	s.show()
	if s.side.typed {
		s.side.typed = false
		control.Focus(s.list)
	}
	s.Run(func(ctx context.Context) func() {
		err := s.Office.Check(ctx, row, found)
		return func() { s.recorded(row, found, err) }
	})
}

func (s *Screen) recorded(row record.CheckRow, found record.DocumentChecked, err error) {
	delete(s.l.answered, row.Document.ID)
	key := "checks.said.bad"
	if found.OK {
		key = "checks.said.good"
	}
	if err != nil {
		text, hint := s.Texts.Error(err)
		s.say(control.KindTrouble, text, hint)
	} else { // in a line that is there anyway, so that nothing moves from one scan to the next
		s.summary.SetText(control.SignDone + " " + s.Texts.T(key, "title", row.Document.Title))
	}
	s.load()
	if len(s.l.answered) == 0 {
		s.finish(err)
	}
}

func (s *Screen) printFree() {
	s.Run(func(ctx context.Context) func() {
		way, err := s.Office.PrintFree(ctx)
		return func() {
			if err != nil {
				text, hint := s.Texts.Error(err)
				s.say(control.KindTrouble, text, hint)
				return
			}
			s.say(control.KindGood, s.Texts.T("paper.said."+string(way), "title", s.Texts.T("checks.free.title")), "")
		}
	})
}
