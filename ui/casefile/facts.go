package casefile

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/data/transfer"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"
	"schalter/ui/standing"
)

// standingOf says in a line where a document stands: in the trash, how many marks and versions it has, and what
// is to be done before its paper may be destroyed.
func standingOf(t *i18n.Texts, d record.Document) string {
	var out []string
	if d.Trashed != nil {
		out = append(out, t.T("paper.standing.trash"))
	}
	if d.Pages > 0 {
		out = append(out, t.N("pages", d.Pages))
	}
	if len(d.Unread) > 0 {
		out = append(out, standing.Unread(t, d.Unread))
	}
	if n := len(d.Versions); n > 0 {
		out = append(out, t.N("paper.standing.versions", n+1))
	}
	if n := len(d.Marks); n > 0 {
		out = append(out, t.N("paper.standing.marks", n))
	}
	if n := len(d.Certified); n > 0 {
		out = append(out, t.N("paper.standing.certified", n))
	}
	if d.Transfer != nil {
		out = append(out, t.T("paper.need."+needKey(transfer.ToDestroy(d))))
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
	if d.Trashed != nil {
		add(t.T("paper.trash"), line(t.T("paper.trash.since", "when", t.WhenLong(d.Trashed.Time, now), "user", d.Trashed.User), d.Trashed.Reason))
	}
	add(t.T("paper.checks"), p.checks(d)...)
	add(t.T("paper.transfer"), p.note(d)...)
	add(t.T("paper.marks"), p.marks(d)...)
	add(t.T("paper.versions"), p.versions(d)...)
	var copies []fyne.CanvasObject
	for _, c := range d.Certified {
		said := line(c.Number+" · "+t.N("pages", c.Pages), t.WhenLong(c.Time, now)+", "+c.User, c.Purpose)
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

// actions are the buttons of what can be done with the document.
func (p *papers) actions(d record.Document) fyne.CanvasObject {
	t := p.s.Texts
	row := newFlow()
	button := func(key string, k command.Key, f func()) {
		row.Add(control.NewButton(t.T(key), k.Label(t), control.Plain, f))
	}
	if p.markable() {
		button("paper.stamp", stampKey, p.stamp)
		button("paper.note", noteMarkKey, func() { p.tool(record.MarkNote) })
		button("paper.highlight", highlightKey, func() { p.tool(record.MarkHighlight) })
		button("paper.black", blackKey, func() { p.tool(record.MarkBlack) })
	}
	if p.s.Renditions != nil {
		button("paper.save", saveDocKey, func() { p.withDocument(p.s.Renditions.SaveDocument) })
		button("paper.certify", certifyKey, p.certify)
	}
	key := "paper.trash.do"
	if d.Trashed != nil {
		key = "paper.trash.back"
	}
	button(key, trashKey, p.trash)
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
		if c.Of != d.Shown.Hash {
			key += ".before"
		}
		out = append(out, line(t.T(key), t.WhenLong(c.Time, now)+", "+c.User, c.Remark))
	}
	if p.checkable() {
		row := newFlow(control.NewButton(t.T("paper.check"), checkKey.Label(t), control.Plain, func() { p.check(true, "") }),
			control.NewButton(t.T("paper.object"), objectKey.Label(t), control.Plain, p.objectTo))
		out = append(out, row)
	}
	return out
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

// versions lists what was shown before, the newest first.
func (p *papers) versions(d record.Document) (out []fyne.CanvasObject) {
	if len(d.Versions) == 0 {
		return nil
	}
	t, now := p.s.Texts, p.s.Clock()
	for _, v := range slices.Backward(d.Versions) {
		key := "paper.version." + string(v.Why)
		if v.Change == "" {
			key = "paper.version.filed"
		} else if !t.Has(key) {
			key = "paper.version.other"
		}
		out = append(out, line(t.T(key)+" · "+t.N("pages", v.Pages), t.WhenLong(v.Time, now)+", "+v.User), newFlow(
			control.NewButton(t.T("paper.version.see"), "", control.Quiet, func() { p.see(d, v) }),
			control.NewButton(t.T("paper.version.restore"), "", control.Quiet, func() { p.restore(d, v) })))
	}
	return out
}

// see opens an older version; the next look at the case brings the present one back.
func (p *papers) see(d record.Document, v record.Version) {
	old := d
	old.Shown, old.MediaType, old.Pages, old.Text = v.Shown, v.MediaType, v.Pages, v.Text
	p.open = false
	p.s.openPaper(old, 0)
	p.state.SetText(p.s.Texts.T("paper.version.old", "when", p.s.Texts.WhenLong(v.Time, p.s.Clock())))
}

// restore makes an older version the one that is shown again, as a version of its own.
func (p *papers) restore(d record.Document, v record.Version) {
	p.record(record.KindVersion, record.DocumentVersion{
		Document: d.ID, Of: d.Shown.Hash, Why: record.WhyPages, Shown: v.Shown, MediaType: v.MediaType, Pages: v.Pages,
		Sheets: v.Sheets, Text: v.Text, Language: v.Language,
	})
}
