package capture

import (
	"maps"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"schalter/data/form"
	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/look"
)

// Newer returns the form that is offered now where the draft was begun with an older version, and what would
// become of the draft under it; nil where there is none or nothing was typed yet.
func (t *Tab) Newer() (*form.Form, form.Migration) {
	f := t.offered()
	if f == nil {
		return nil, form.Migration{}
	}
	return f, form.Changes(t.form, f, t.session.Draft(), t.m.w.Run.Clock())
}

// offered is the newer form alone; what would become of a long draft takes longer than a key stroke may.
func (t *Tab) offered() *form.Form {
	if t.phase != Filling || !t.begun {
		return nil
	}
	f, err := t.m.w.Forms.Latest(t.form.ID)
	if err != nil || record.CompareVersions(f.Version, t.form.Version) <= 0 {
		return nil // withdrawn, or nothing newer
	}
	return f
}

// Adopt goes on with the draft under another version of its form. note says what of it has no place there
// and is added to the clerk's note. The returned function takes all of it back, as long as the draft was not
// changed since: it would take that back too.
func (t *Tab) Adopt(f *form.Form, m form.Migration, note string) (undo func() error, err error) {
	before, old := t.snapshot(), t.form
	d := t.snapshot()
	d.Form, d.Values = f.Ref(), m.Values
	d.Reasons = reasonsFor(f, d.Reasons)
	for i, p := range d.Documents {
		if p.Proof != "" && f.Proof(p.Proof) == nil {
			d.Documents[i].Proof = "" // the paper stays, among the others
		}
	}
	if note != "" {
		d.Note = strings.TrimSpace(d.Note + "\n" + note)
	}
	err = t.become(f, d)
	same := t.unchanged()
	return func() error {
		if !same() {
			return nil
		}
		return t.become(old, before)
	}, err
}

// become makes the tab show a draft under a form, as if it had been opened so.
func (t *Tab) become(f *form.Form, d record.Draft) error {
	if t.closed || t.phase != Filling {
		return nil
	}
	visit := t.visit
	before, old := t.draft, t.form
	t.form, t.draft = f, d
	var err error
	if t.visit, err = newVisit(t); err != nil {
		t.form, t.draft, t.visit = old, before, visit
		return err
	}
	t.session = f.Begin(d.Values, t.m.w.Run.Clock())
	t.session.SetReasons(d.Reasons)
	t.draft.Documents = slices.Clone(d.Documents)
	t.hist, t.takings, t.checked, t.in, t.draft.Focus = history{}, nil, false, "", ""
	t.left, t.loud = map[string]bool{}, map[string]bool{}
	t.readTexts()
	t.bringAll()
	for p := range t.texts {
		t.left[p] = true
	}
	t.slot, t.other = t.Slots()[0].ID, false
	t.selectSlot()
	t.touch(true)
	t.m.w.Changed(t, PartTabs|PartFields|PartSave|PartPapers|PartChecks|PartPhase|PartVisit, nil)
	return nil
}

// reasonsFor keeps the reasons whose rule or proof another version still has.
func reasonsFor(f *form.Form, reasons map[string]string) map[string]string {
	rules := map[string]bool{}
	for _, r := range f.Rules {
		rules[r.ID] = true
	}
	out := maps.Clone(reasons)
	maps.DeleteFunc(out, func(key, _ string) bool {
		if proof, ok := strings.CutPrefix(key, proofRule); ok {
			return f.Proof(proof) == nil
		}
		rule, _, _ := strings.Cut(key, "@")
		return !rules[rule] && !strings.HasPrefix(key, bookingRule)
	})
	return out
}

// The keys of the choice.
var (
	versionTakeKey = command.Alt(fyne.KeyU)
	versionKeepKey = command.Alt(fyne.KeyW)
)

// versionStrip stands above the form where a newer version of it is offered: what would change, and the two
// ways to go on. Nothing changes before the clerk has chosen.
type versionStrip struct {
	s     *Screen
	kept  map[*Tab]record.FormRef // the version that the clerk does not want for this draft
	of    *Tab                    // the draft it stands above now
	newer *form.Form              // the one that is shown now
	shown []string
	head  *control.Banner
	lines *fyne.Container
	take  *control.Button
	keep  *control.Button
	box   *fyne.Container
}

func newVersionStrip(s *Screen) *versionStrip {
	v := &versionStrip{s: s, kept: map[*Tab]record.FormRef{}, head: control.NewBanner(), lines: control.Column(6)}
	t := s.texts
	v.take = control.NewButton(t.T("capture.version.take"), versionTakeKey.Label(t), control.Plain, s.with(v.adopt))
	v.keep = control.NewButton(t.T("capture.version.keep"), versionKeepKey.Label(t), control.Plain, s.with(v.refuse))
	v.box = control.Column(0, control.Pad(0, 20, 0, 20, v.head),
		control.Pad(10, 20, 0, 20, &fyne.Container{Layout: versionHigh{v}, Objects: []fyne.CanvasObject{control.Scroll(control.Pad(0, 14, 0, 0, v.lines))}}),
		control.Pad(10, 20, 12, 20, control.Row(control.GapButtons, v.take, v.keep, control.Spacer())), control.NewDivider())
	v.box.Hide()
	return v
}

func (v *versionStrip) open() bool { return v.box.Visible() }

func (v *versionStrip) commands() []command.Command {
	return []command.Command{
		{ID: "capture.version.take", Keys: []command.Key{versionTakeKey}, Enabled: v.open, Run: v.s.with(v.adopt)},
		{ID: "capture.version.keep", Keys: []command.Key{versionKeepKey}, Enabled: v.open, Run: v.s.with(v.refuse)},
	}
}

// follow shows what would change for the draft in front. While the clerk types it stands as it is; adopt
// looks once more.
func (v *versionStrip) follow(t *Tab) {
	if f := t.offered(); f != nil && v.open() && v.of == t && v.newer.Ref() == f.Ref() && t.in != "" {
		return
	}
	v.update(t)
}

func (v *versionStrip) update(t *Tab) {
	maps.DeleteFunc(v.kept, func(t *Tab, _ record.FormRef) bool { return t.closed })
	f := t.offered()
	if f == nil || v.kept[t] == f.Ref() {
		v.of, v.newer = nil, nil
		v.box.Hide()
		return
	}
	f, m := t.Newer()
	v.of, v.newer, v.shown = t, f, v.words(m)
	v.head.Say(control.KindWaiting, v.s.texts.T("capture.version.newer", "new", f.Version, "old", t.form.Version), "")
	v.lines.Objects = nil
	for _, line := range v.shown {
		v.lines.Objects = append(v.lines.Objects, control.NewParagraph(line, control.Body))
	}
	v.box.Show()
}

// words say what a change of version means, one thing a line.
func (v *versionStrip) words(m form.Migration) []string {
	t := v.s.texts
	lang := t.Lang()
	var lost, proofs, asked []string
	for _, l := range m.Lost {
		if l.Why == form.LossProof {
			proofs = append(proofs, l.Label.In(lang))
			continue
		}
		lost = append(lost, t.T("capture.version.answer", "field", l.Label.In(lang), "value", oneLine(l.Text.In(lang))))
	}
	for _, a := range m.Asked {
		word := a.Label.In(lang)
		if a.Required {
			word = t.T("capture.version.must", "field", word)
		}
		asked = append(asked, word)
	}
	lines := []string{t.N("capture.version.kept", m.Carried)}
	for _, x := range []struct {
		key  string
		list []string
	}{{"capture.version.lost", lost}, {"capture.version.proofs", proofs}, {"capture.version.asked", asked}} {
		if len(x.list) > 0 {
			lines = append(lines, t.T(x.key, "list", strings.Join(x.list, " · ")))
		}
	}
	if m.Same() {
		lines = append(lines, t.T("capture.version.same"))
	}
	return lines
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// adopt puts the draft under the new version. Where something else would be lost than what the clerk has
// read, because she typed on, it shows that first.
func (v *versionStrip) adopt(t *Tab) {
	f, m := t.Newer()
	if f == nil || v.newer == nil || f.Ref() != v.newer.Ref() || !slices.Equal(v.words(m), v.shown) {
		v.update(t)
		v.s.root.Refresh()
		return
	}
	note := ""
	if lost := v.note(m); lost != "" {
		note = v.s.texts.T("capture.version.note", "old", t.form.Version, "new", f.Version, "list", lost)
	}
	v.drop(t)
	undo, err := t.Adopt(f, m, note)
	if err != nil {
		v.s.say(Message{Err: err})
		return
	}
	v.s.say(Message{Key: "capture.version.taken", Args: []any{"new", f.Version}, While: t.unchanged(), Undo: func() {
		v.drop(t)
		if err := undo(); err != nil {
			v.s.say(Message{Err: err})
		}
	}})
}

// drop takes away the views of a tab whose form becomes another one.
func (v *versionStrip) drop(t *Tab) {
	delete(v.s.forms, t)
	delete(v.s.visit.views, t)
}

// note lists the answers that have no place in the new version.
func (v *versionStrip) note(m form.Migration) string {
	var lines []string
	lang := v.s.texts.Lang()
	for _, l := range m.Lost {
		if l.Why != form.LossProof {
			lines = append(lines, l.Label.In(lang)+": "+l.Text.In(lang))
		}
	}
	return strings.Join(lines, "\n")
}

// refuse goes on with the version the draft was begun with.
func (v *versionStrip) refuse(t *Tab) {
	if v.newer != nil {
		v.kept[t] = v.newer.Ref()
	}
	v.update(t)
	v.s.root.Refresh()
	v.s.Shown()
}

// versionHigh is as high as the lines, up to a limit behind which they are scrolled.
type versionHigh struct{ v *versionStrip }

func (h versionHigh) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(200), min(h.v.lines.MinSize().Height, look.Px(132)))
}

func (versionHigh) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }
