package capture

import (
	"context"
	"slices"
	"strings"

	"schalter/data/form"
	"schalter/data/record"
	"schalter/ui/formview"
)

// Bookings is the calendar of what the authority lends: for when a thing is lent on the days from and to and
// between them.
type Bookings interface {
	Bookings(ctx context.Context, resource, from, to string) ([]record.Booking, error)
}

// spot is where a form asks for something that is lent: the paths of its fields. from and to may be "".
type spot struct {
	part                    string // of a bundle
	resource, day, from, to string
	anchor                  string // the last of them that can be typed into: what is to be said stands beneath it
}

func (s spot) paths() []string { return []string{s.resource, s.day, s.from, s.to} }

// spotOf reads the roles of a form; here leads from its paths to those of the page.
func spotOf(f *form.Form, part string, here func(string) string) (spot, bool) {
	at := func(r record.Role) string {
		if p := f.Roles[r]; p != "" {
			return here(p)
		}
		return ""
	}
	s := spot{part: part, resource: at(record.RoleResource), day: at(record.RoleDay), from: at(record.RoleFrom), to: at(record.RoleTo)}
	return s, s.resource != "" && s.day != ""
}

// findSpots finds what the form lends; of a bundle, what its parts lend.
func (t *Tab) findSpots() []spot {
	var out []spot
	if !t.IsBundle() {
		if s, ok := spotOf(t.form, "", func(p string) string { return p }); ok {
			out = append(out, s)
		}
	}
	for _, p := range t.form.Parts {
		f, err := t.m.w.Forms.Get(p.Form)
		if err != nil {
			continue // submitting says so
		}
		if s, ok := spotOf(f, p.Name, p.Here); ok {
			out = append(out, s)
		}
	}
	for i := range out {
		out[i].anchor = out[i].day
		for _, x := range t.form.Fields() {
			if !x.Calculated() && slices.Contains(out[i].paths(), x.Path) {
				out[i].anchor = x.Path
			}
		}
	}
	return out
}

// wish is what a draft wants to lend, as far as it is answered.
type wish struct {
	spot
	thing string // code of the choice
	on    day
	stretch
	timed bool // its hours are known
}

// wish reads a spot; false while the thing or the day is not answered, or not asked for now.
func (t *Tab) wish(s spot) (wish, bool) {
	of := func(path string) string {
		if st := t.session.State(path); st.Visible {
			return st.Value
		}
		return ""
	}
	w := wish{spot: s, thing: of(s.resource), stretch: stretchOf(of(s.from), of(s.to))}
	w.timed = (s.from == "" || of(s.from) != "") && (s.to == "" || of(s.to) != "")
	on, ok := dayOf(of(s.day))
	w.on = on
	return w, ok && w.thing != "" && t.wanted(s.part)
}

// wanted tells whether a part of a bundle is to become a case.
func (t *Tab) wanted(part string) bool {
	for _, p := range t.form.Parts {
		if p.Name == part && p.When != "" {
			return t.session.State(p.When).Value == "true"
		}
	}
	return true
}

// clash is a booking that a wish meets.
type clash struct {
	wish
	record.Booking
}

// bookingRule stands before a part's name, "/" and the booking, where the reason for a clash is kept. Another
// day is another clash.
const bookingRule = "booking:"

func (c clash) rule() string { return bookingRule + c.part + "/" + string(c.Case) + "@" + c.Day }

// clashes are the bookings that a wish meets.
func (w wish) clashes(all []record.Booking) []clash {
	if !w.timed {
		return nil
	}
	var out []clash
	for _, s := range clashing(w.on, w.stretch, all) {
		out = append(out, clash{w, s.Booking})
	}
	return out
}

// question asks the calendar for the days around one. round tells questions apart that are asked again.
type question struct {
	thing, from, to string
	round           int
}

func (w wish) question(round int) question {
	return question{w.thing, w.on.plus(-14).String(), w.on.plus(14).String(), round}
}

// page is what the calendar says about one spot of a draft.
type page struct {
	latest[question, []record.Booking]
	spot  spot
	found []record.Booking
	about question // what found answers
	stale bool     // the calendar could not be read
}

// covers tells whether the page says something about a wish.
func (p *page) covers(w wish) bool {
	return p.known && !p.stale && p.about == w.question(p.about.round)
}

// diary looks into the calendar for the drafts and never writes into it.
type diary struct {
	m        *Model
	bookings Bookings
	round    int
	by       map[*Tab][]*page
}

func newDiary(m *Model, b Bookings) *diary { return &diary{m: m, bookings: b, by: map[*Tab][]*page{}} }

// pages are those of a draft, one for each of its spots.
func (d *diary) pages(t *Tab) []*page {
	if d.bookings == nil || t == nil {
		return nil
	}
	pages, ok := d.by[t]
	if ok && t.spotsOf == t.form {
		return pages
	}
	t.spotsOf, pages = t.form, nil
	for _, s := range t.findSpots() {
		p := &page{spot: s}
		p.rt, p.ctx = d.m.w.Run, d.m.ctx
		p.ask = func(ctx context.Context, q question) ([]record.Booking, error) {
			return d.bookings.Bookings(ctx, q.thing, q.from, q.to)
		}
		p.show = func(found []record.Booking, err error) {
			p.found, p.about, p.stale = found, p.shown, err != nil
			if !t.closed {
				d.m.w.Changed(t, PartCalendar|PartFields|PartChecks, []string{s.anchor})
			}
		}
		pages = append(pages, p)
	}
	d.by[t] = pages
	return pages
}

// look follows what a draft wants to lend.
func (d *diary) look(t *Tab) {
	for _, p := range d.pages(t) {
		if w, ok := t.wish(p.spot); ok && t.phase == Filling {
			p.Want(w.question(d.round))
		}
	}
	for old := range d.by {
		if old.closed {
			delete(d.by, old)
		}
	}
}

// again looks for what others have booked meanwhile.
func (d *diary) again() {
	d.round++
	for _, t := range d.m.tabs {
		d.look(t)
	}
}

// follow looks where fields have changed, nil: all of them, and adds those beneath which something else is to be
// said because of it.
func (d *diary) follow(t *Tab, parts Part, paths []string) (Part, []string) {
	if parts&PartFields == 0 {
		return parts, paths
	}
	d.look(t)
	for _, p := range d.pages(t) {
		switch {
		case paths == nil:
			parts |= PartCalendar
		case slices.ContainsFunc(p.spot.paths(), func(x string) bool { return slices.Contains(paths, x) }):
			parts |= PartCalendar
			paths = append(slices.Clone(paths), p.spot.anchor)
		}
	}
	return parts, paths
}

// clashes are the bookings that a draft meets, as far as the calendar is known.
func (t *Tab) clashes() []clash {
	var out []clash
	for _, p := range t.m.diary.pages(t) {
		if w, ok := t.wish(p.spot); ok && p.covers(w) {
			out = append(out, w.clashes(p.found)...)
		}
	}
	return out
}

// anchors are the fields beneath which the calendar stands.
func (t *Tab) anchors() []string {
	out := []string{}
	for _, p := range t.m.diary.pages(t) {
		out = append(out, p.spot.anchor)
	}
	return out
}

// clashFindings are they as findings that pass with a reason.
func (t *Tab) clashFindings() []Finding {
	var out []Finding
	reasons := t.session.Reasons()
	for _, c := range t.clashes() {
		f := Finding{Kind: FindingWarning, Path: c.anchor, Text: t.clashWords(c), Rule: c.rule(), Reason: reasons[c.rule()]}
		if x := t.form.Field(c.anchor); x != nil {
			f.Label = x.Label.In(t.m.w.Lang())
		}
		out = append(out, f)
	}
	return out
}

func (t *Tab) clashWords(c clash) string { return t.m.w.Clash(t.thing(c.wish), c.Booking) }

// thing is how a form calls what is lent.
func (t *Tab) thing(w wish) string {
	f := t.form.Field(w.resource)
	for _, x := range f.Choices() {
		if x.Code == w.thing {
			return x.Label.In(t.m.w.Lang())
		}
	}
	return w.thing
}

// taken looks once more, right before the cases are made, for what others have booked meanwhile; it tells
// whether there is something that nobody has given a reason for. A calendar that cannot be read keeps nobody.
func (d *diary) taken(ctx context.Context, wishes []wish, reasons map[string]string) bool {
	for _, w := range wishes {
		q := w.question(0)
		found, err := d.bookings.Bookings(ctx, q.thing, q.from, q.to)
		if err != nil {
			continue
		}
		if slices.ContainsFunc(w.clashes(found), func(c clash) bool { return strings.TrimSpace(reasons[c.rule()]) == "" }) {
			return true
		}
	}
	return false
}

// warningsAt are the clashes that are said beneath a field.
func (t *Tab) warningsAt(path string) []formview.Warning {
	if !slices.Contains(t.anchors(), path) {
		return nil
	}
	var out []formview.Warning
	for _, f := range t.clashFindings() {
		if f.Path == path {
			out = append(out, formview.Warning{Rule: f.Rule, Text: f.Text, Reason: f.Reason})
		}
	}
	return out
}

// wishes are what a draft wants to lend.
func (t *Tab) wishes() []wish {
	var out []wish
	for _, p := range t.m.diary.pages(t) {
		if w, ok := t.wish(p.spot); ok {
			out = append(out, w)
		}
	}
	return out
}
