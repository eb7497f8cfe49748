package casefile

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/data/transfer"
	"schalter/sync/merge"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/standing"
)

// tell says beside the document where it stands: first whether the scan is as good as the paper, which decides what
// may become of that, then the rest.
func (p *papers) tell(d record.Document) {
	t := p.s.Texts
	words, style := matchOf(t, d)
	p.match.SetStyle(style)
	p.match.SetText(words)
	p.match.Hidden = words == ""
	p.state.SetText(standingOf(t, d))
	p.head.Refresh()
}

// matchOf says in a line whether the paper of a scan may be destroyed or what is missing; nothing of others.
func matchOf(t *i18n.Texts, d record.Document) (string, control.Style) {
	switch need := transfer.ToDestroy(d); {
	case d.Trashed != nil:
		return t.T("paper.standing.trash"), control.Waiting
	case len(merge.Beside(d)) > 0:
		return t.T("paper.beside.short"), control.Waiting
	case d.Transfer == nil:
		return "", control.Small
	case need == transfer.NeedNothing:
		return t.T("paper.match.nothing"), control.Strong
	default:
		key := "paper.match." + string(need)
		if !t.Has(key) {
			key = "paper.need." + string(need)
		}
		return t.T(key), control.Waiting
	}
}

// standingOf says in a line what there is of a document: pages, versions, marks.
func standingOf(t *i18n.Texts, d record.Document) string {
	var out []string
	if d.Pages > 0 {
		out = append(out, t.N("pages", d.Pages))
	}
	if len(d.Unread) > 0 {
		out = append(out, standing.Unread(t, d.Unread))
	}
	if len(d.Lying) > 0 {
		out = append(out, standing.Lying(t, d.Lying))
	}
	if n := len(older(d)); n > 0 {
		out = append(out, t.N("paper.standing.versions", n+1))
	}
	if n := len(d.Marks); n > 0 {
		out = append(out, t.N("paper.standing.marks", n))
	}
	if n := len(d.Certified); n > 0 {
		out = append(out, t.N("paper.standing.certified", n))
	}
	return strings.Join(out, " · ")
}

func needKey(n transfer.Need) string {
	if n == transfer.NeedNothing {
		return "nothing"
	}
	return string(n)
}

// Note writes a transfer note in words, line by line: what, and what it says.
func Note(t *i18n.Texts, n record.Transfer) [][2]string {
	var blank []string
	for _, b := range n.Blank {
		blank = append(blank, strconv.Itoa(b))
	}
	odd := make([]string, len(n.Anomalies))
	for i, a := range n.Anomalies {
		code, page, found := strings.Cut(a, ":")
		odd[i], _ = t.Code(record.Code(code), nil)
		if found {
			odd[i] = t.T("paper.transfer.page", "page", page) + ": " + odd[i]
		}
	}
	match := "paper.transfer.match.no"
	if n.Match {
		match = "paper.transfer.match.yes"
	}
	sides := t.N("paper.transfer.sides", n.Pages)
	if n.Out > 0 {
		sides += ", " + t.N("paper.transfer.out", n.Out)
	}
	var out [][2]string
	for _, l := range [][2]string{
		{"when", t.DateTime(n.Time)},
		{"who", n.User},
		{"device", n.Device},
		{"settings", n.Settings},
		{"software", n.Software},
		{"pages", sides},
		{"blank", strings.Join(blank, ", ")},
		{"odd", strings.Join(odd, "\n")},
		{"match", t.T(match)},
	} {
		if l[1] != "" {
			out = append(out, [2]string{t.T("paper.transfer." + l[0]), l[1]})
		}
	}
	return out
}

// fill writes all that is known of a document.
func (p *papers) fill(d record.Document) {
	t, now := p.s.Texts, p.s.Clock()
	p.facts.Objects = nil
	add := func(title string, rows ...fyne.CanvasObject) {
		if len(rows) > 0 {
			p.facts.Add(section(title, control.Column(8, rows...)))
		}
	}
	p.facts.Add(control.Column(4, control.NewParagraph(d.Title, control.H2),
		control.NewParagraph(t.T("paper.filed."+string(d.Source), "when", t.WhenLong(d.Made, now), "user", d.User), control.Small), p.actions(d)))
	if n := len(d.Unread); n > 0 {
		pages := make([]string, n)
		for i, p := range d.Unread {
			pages[i] = strconv.Itoa(p)
		}
		p.facts.Add(control.NewParagraph(t.N("document.unread", n, "pages", strings.Join(pages, ", ")), control.Waiting))
	}
	if len(d.Lying) > 0 {
		p.facts.Add(control.NewParagraph(standing.Lying(t, d.Lying), control.Waiting))
	}
	if d.Trashed != nil {
		add(t.T("paper.trash"), line(t.T("paper.trash.since", "when", t.WhenLong(d.Trashed.Time, now), "user", d.Trashed.User), d.Trashed.Reason))
	}
	add(t.T("paper.checks"), p.checks(d)...)
	add(t.T("paper.transfer"), p.note(d)...)
	add(t.T("paper.marks"), p.marks(d)...)
	add(t.T("paper.versions"), p.versions(d)...)
	var copies []fyne.CanvasObject
	for _, c := range d.Certified {
		before := ""
		if d.PagesOf(c.Of) != d.PagesOf(d.Shown.Hash) {
			before = t.T("paper.certified.before")
		}
		said := line(c.Number+" · "+t.N("pages", c.Pages), t.WhenLong(c.Time, now)+", "+c.User, c.Purpose, before)
		if p.s.Renditions != nil {
			said = beside(said, control.NewButton(t.T("paper.copy.again"), "", control.Quiet, func() { p.s.Renditions.PrintCopy(p.s.file.Case, c) }))
		}
		copies = append(copies, said)
	}
	add(t.T("paper.certified"), copies...)
	p.facts.Refresh()
}

// line is a fact with what belongs to it beneath.
func line(text string, more ...string) fyne.CanvasObject {
	out := control.Column(1, control.NewParagraph(text, control.Body))
	for _, m := range more {
		if m != "" {
			out.Add(control.NewParagraph(m, control.Small))
		}
	}
	return out
}

// beside is a fact with a button.
func beside(o fyne.CanvasObject, b *control.Button) fyne.CanvasObject {
	return control.Row(10, control.Grow(o), control.Middle(b))
}

// actions are the buttons of what is done most with the document; the rest stands under "more".
func (p *papers) actions(d record.Document) fyne.CanvasObject {
	t := p.s.Texts
	row := newFlow()
	button := func(key string, k command.Key, f func()) {
		row.Add(control.NewButton(t.T(key), k.Label(t), control.Plain, f))
	}
	if p.order.can() {
		button("paper.pages", pagesKey, p.order.open)
	}
	if p.s.Renditions != nil && d.Trashed == nil {
		button("paper.certify", certifyKey, p.certify)
	}
	if d.Trashed != nil {
		button("paper.trash.back", trashKey, p.trash)
	}
	return control.Pad(8, 0, 0, 0, row)
}

func (p *papers) checks(d record.Document) (out []fyne.CanvasObject) {
	if d.Transfer == nil {
		return nil
	}
	t, now := p.s.Texts, p.s.Clock()
	need := transfer.ToDestroy(d)
	style := control.Waiting
	if need == transfer.NeedNothing {
		style = control.Body
	}
	out = append(out, control.NewParagraph(t.T("paper.need."+needKey(need)+".long"), style))
	for _, c := range d.Checks {
		key := "paper.check.bad"
		if c.OK {
			key = "paper.check.ok"
		}
		if d.PagesOf(c.Of) != d.PagesOf(d.Shown.Hash) {
			key += ".before"
		}
		out = append(out, line(t.T(key), t.WhenLong(c.Time, now)+", "+c.User, wrong(t, c), c.Remark))
	}
	if p.checkable() {
		row := newFlow(control.NewButton(t.T("paper.check"), checkKey.Label(t), control.Plain, func() { p.check(true, "") }),
			control.NewButton(t.T("paper.object"), objectKey.Label(t), control.Plain, p.objectTo))
		out = append(out, row)
	}
	return out
}

// wrong names the points that were objected to.
func wrong(t *i18n.Texts, c record.Check) string {
	var out []string
	for _, point := range c.Points {
		if key := "checks.wrong." + string(point); !c.OK && t.Has(key) {
			out = append(out, t.T(key))
		}
	}
	return strings.Join(out, ", ")
}

func (p *papers) note(d record.Document) (out []fyne.CanvasObject) {
	if d.Transfer == nil {
		return nil
	}
	cells := newGrid()
	for _, l := range Note(p.s.Texts, *d.Transfer) {
		cells.Add(control.Column(2, control.NewParagraph(l[0], control.Caption), control.NewParagraph(l[1], control.Body)))
	}
	sealed := "paper.transfer.sealed"
	if transfer.Verify(d) != nil {
		sealed = "paper.transfer.unsealed"
	}
	return []fyne.CanvasObject{cells, control.NewParagraph(p.s.Texts.T(sealed), control.Small)}
}

func (p *papers) marks(d record.Document) (out []fyne.CanvasObject) {
	t, now := p.s.Texts, p.s.Clock()
	for _, m := range d.Marks {
		name := t.T("paper.mark.other")
		if key := "paper.mark." + string(m.Kind); t.Has(key) {
			name = t.T(key)
		}
		text := t.T("paper.transfer.page", "page", strconv.Itoa(m.Page+1)) + ": " + name
		if m.Text != "" {
			text += ": " + m.Text
		}
		out = append(out, beside(line(text, t.WhenLong(m.Time, now)+", "+m.User), control.NewButton(t.T("paper.unmark"), "", control.Quiet, func() { p.unmark(m.ID) })))
	}
	return out
}

// older are the ways in which the pages were shown before, in the order they came. That words were added to some
// makes no other pages of them.
func older(d record.Document) (out []record.Version) {
	now := d.PagesOf(d.Shown.Hash)
	for _, v := range d.Versions {
		of := d.PagesOf(v.Shown.Hash)
		if of != now && !slices.ContainsFunc(out, func(o record.Version) bool { return d.PagesOf(o.Shown.Hash) == of }) {
			out = append(out, v)
		}
	}
	return out
}

// versions lists what was shown before, the newest first.
func (p *papers) versions(d record.Document) (out []fyne.CanvasObject) {
	all, beside := older(d), merge.Beside(d)
	t, now := p.s.Texts, p.s.Clock()
	for _, v := range slices.Backward(all) {
		key := "paper.version." + string(v.Why)
		if v.Change == "" {
			key = "paper.version.filed"
		} else if !t.Has(key) {
			key = "paper.version.other"
		}
		at := ""
		if slices.ContainsFunc(beside, func(b record.Version) bool { return b.Change == v.Change }) {
			at = t.T("paper.beside")
		}
		out = append(out, line(t.T(key)+" · "+t.N("pages", v.Pages), t.WhenLong(v.Time, now)+", "+v.User, at), newFlow(
			control.NewButton(t.T("paper.version.see"), "", control.Quiet, func() { p.see(d, v) }),
			control.NewButton(t.T("paper.version.restore"), "", control.Quiet, func() { p.restore(d, v) })))
	}
	return out
}

// see opens an older version with the marks it had; the next look at the case brings the present one back.
func (p *papers) see(d record.Document, v record.Version) {
	old := d
	old.Shown, old.MediaType, old.Pages, old.Text = v.Shown, v.MediaType, v.Pages, v.Text
	p.open = false
	p.s.openPaper(old, 0)
	if view := p.view(); view != nil {
		view.SetMarks(merge.MarksOn(d, v))
	}
	p.state.SetText(p.s.Texts.T("paper.version.old", "when", p.s.Texts.WhenLong(v.Time, p.s.Clock())))
}

// restore makes pages that were shown before those that are shown again, as a version of its own. The words that
// were found on them are theirs.
func (p *papers) restore(d record.Document, v record.Version) {
	s := p.s
	r := restored(d, v)
	s.Run(func(ctx context.Context) func() {
		r.Sheets = s.framed(ctx, d, r.Sheets)
		_, err := s.store.Apply(ctx, record.Edit{Case: s.id, Kind: record.KindVersion, User: s.User, Payload: r})
		return func() {
			if err != nil {
				p.trouble(err)
				return
			}
			s.Changed()
		}
	})
}

// restored is the version that shows the pages of an older one again: with words, where some were found on them,
// and with its pages written out, whatever originals have come since.
func restored(d record.Document, v record.Version) record.DocumentVersion {
	of := d.PagesOf(v.Shown.Hash)
	best := v
	for _, w := range d.Versions {
		if d.PagesOf(w.Shown.Hash) == of && w.Language != "" && (w.Text.Hash != "" || best.Language == "") {
			best = w
		}
	}
	r := record.DocumentVersion{
		Document: d.ID, Of: d.Shown.Hash, Why: record.WhyPages, Shown: best.Shown, MediaType: best.MediaType, Pages: best.Pages,
		Sheets: best.Sheets, Text: best.Text, Language: best.Language,
	}
	if len(r.Sheets) == 0 {
		r.Sheets = record.Document{Originals: d.Originals, Pages: best.Pages}.AllSheets()
	}
	return r
}
