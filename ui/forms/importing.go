package forms

import (
	"context"
	"errors"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"schalter/data/form/imported"
	"schalter/data/form/incoming"
	"schalter/data/form/trial"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/look"
)

// bring asks for files: by a typed path, or by the dialog.
func (s *Screen) bring() {
	if s.Keys.Layered() || s.cancel != nil {
		return
	}
	t := s.Texts
	path := control.NewEntry()
	path.Label = t.T("forms.import.path")
	message := control.NewParagraph("", control.Trouble)
	message.Hide()
	var layer *control.Layer
	path.OnSubmitted = func(typed string) {
		s.Run(func(context.Context) func() {
			files, err := s.Files.Path(typed)
			return func() {
				if err != nil {
					text, hint := t.Error(err)
					message.SetText(text + " " + hint)
					message.Show()
					layer.Relay()
					return
				}
				layer.Close()
				s.take(files)
			}
		})
	}
	browse := control.NewButton(t.T("forms.import.browse"), "", control.Plain, func() {
		layer.Close()
		s.Files.Open(func(files []incoming.File, err error) {
			if err != nil {
				s.fail(err)
				return
			}
			s.take(files)
		})
	})
	body := control.PadAll(24, control.Column(12,
		control.NewLabel(t.T("forms.import.title"), control.H1), control.NewParagraph(t.T("forms.import.lead"), control.Muted),
		control.Column(5, control.NewLabel(t.T("forms.import.path"), control.Caption), path), message, control.Row(control.GapButtons, browse, control.Spacer(),
			control.NewButton(t.T("button.cancel"), t.T("key.Escape"), control.Plain, func() { layer.Close() }),
			control.NewButton(t.T("forms.import.read"), t.T("key.Return"), control.Primary, func() { path.OnSubmitted(path.Text) }))))
	layer = control.ShowLayer(s.Canvas, s.Keys, "forms.import.title", 620, body, nil, nil)
	layer.Focus(path)
}

// importPage shows what becomes of files: on the left the files, on the right the report on one of them.
type importPage struct {
	s        *Screen
	files    []incoming.File
	options  Options
	entries  []Brought
	working  bool
	object   fyne.CanvasObject
	list     *control.List
	subtitle *control.Label
	banner   *control.Banner
	report   *control.Reader
	text     *fyne.Container
	free     *control.Tick
	land     *control.Button
	buttons  *fyne.Container
}

func newImportPage(s *Screen, files []incoming.File, o Options) *importPage {
	t := s.Texts
	p := &importPage{s: s, files: files, options: o, working: true, subtitle: control.NewShort("", control.Muted), banner: control.NewBanner(), text: control.Column(14), buttons: control.Row(control.GapButtons)}
	p.list = control.NewList(func() fyne.CanvasObject { return newEntryRow() }, func(i int, x fyne.CanvasObject) {
		if i < len(p.entries) {
			x.(*entryRow).show(s, p.entries[i])
		}
	})
	p.list.RowHeight = 60
	p.list.Name = t.T("forms.import.title")
	p.list.OnSelect = func(int) { p.draw() }
	p.list.OnOpen = func(int) { p.do(s.try)() }
	p.report = control.NewReader(control.Pad(0, 14, 0, 2, p.text))
	p.free = control.NewTick(t.T("forms.import.free"), func(on bool) { s.again(Options{FreeText: on, Land: o.Land}) })
	p.free.Set(t.T("forms.import.free"), o.FreeText)
	p.land = control.NewButton(p.landWords(), keyLand.Label(t), control.Quiet, p.chooseLand)
	head := control.Row(10, control.NewLabel(t.T("forms.import.title"), control.H1), control.Grow(p.subtitle))
	left := control.NewCard(0, control.Column(0,
		control.Pad(13, 14, 13, 14, head), control.Pad(0, 14, 12, 14, p.banner), control.NewDivider(),
		control.Grow(control.Pad(0, 1, 12, 1, p.list))))
	right := control.NewCard(16, control.Column(12, control.Grow(p.report), p.free, control.Row(0, p.land, control.Spacer()), p.buttons))
	p.object = control.PadAll(look.Gap, container.New(shares{0.44}, left, right))
	p.draw()
	p.progress()
	return p
}

// Object is the page.
func (p *importPage) Object() fyne.CanvasObject { return p.object }

// Shown gives the keys to the list of files.
func (p *importPage) Shown() { control.Focus(p.list) }

// Commands are the keys of the page.
func (p *importPage) Commands() []command.Command {
	s := p.s
	ready := func() bool { _, ok := p.line(); return ok && !p.working }
	return []command.Command{
		{ID: "forms.back", Keys: []command.Key{keyBack}, Run: p.leave},
		{ID: "forms.import", Menu: "file", Keys: []command.Key{keyImport}, Enabled: func() bool { return !p.working }, Run: s.bring},
		{ID: "forms.land", Keys: []command.Key{keyLand}, Enabled: func() bool { return !p.working && !p.land.Hidden }, Run: p.chooseLand},
		{ID: "forms.try", Keys: []command.Key{keyTry}, Enabled: ready, Run: p.do(s.try)},
		{ID: "forms.check", Keys: []command.Key{keyCheck}, Enabled: ready, Run: p.do(s.check)},
		{ID: "forms.publish", Keys: []command.Key{keyPublish}, Enabled: ready, Run: p.do(s.publish)},
	}
}

// leave ends the reading, or goes back to the list.
func (p *importPage) leave() {
	if p.working && p.s.cancel != nil {
		p.s.cancel()
		return
	}
	p.s.back()
}

// join puts files to those that were read already; one of the same name takes its place.
func (p *importPage) join(more []incoming.File) []incoming.File {
	names := map[string]bool{}
	for _, f := range more {
		names[f.Name] = true
	}
	var out []incoming.File
	for _, f := range p.files {
		if !names[f.Name] {
			out = append(out, f)
		}
	}
	return append(out, more...)
}

// again reads the same files with other options.
func (s *Screen) again(o Options) {
	if s.taking != nil && s.cancel == nil {
		s.read(s.taking.files, o)
	}
}

// took puts in what became of the next file.
func (p *importPage) took(e Brought) {
	p.entries = append(p.entries, e)
	first := p.list.Selected() < 0
	p.list.SetLength(len(p.entries))
	if first {
		p.list.Select(0)
	}
	p.progress()
}

// progress says how far the reading is.
func (p *importPage) progress() {
	if !p.working {
		return
	}
	t := p.s.Texts
	p.banner.Say(control.KindInfo, t.T("forms.import.working", "done", len(p.entries), "total", len(p.files)), "",
		control.NewButton(t.T("button.cancel"), t.T("key.Escape"), control.Plain, p.leave))
	p.object.Refresh()
}

// done sums up.
func (p *importPage) done(stopped bool) {
	t := p.s.Texts
	p.working = false
	good, open, bad := 0, 0, 0
	for _, e := range p.entries {
		switch {
		case e.Err != nil:
			bad++
		case e.Form != nil:
			good++
			if e.Report.Rules.Unresolved > 0 {
				open++
			}
		}
	}
	p.subtitle.SetText(t.N("forms.import.good", good))
	switch {
	case stopped:
		p.banner.Say(control.KindWaiting, t.T("forms.import.stopped"), t.T("forms.import.stopped.hint"))
	case bad > 0:
		p.banner.Say(control.KindTrouble, t.N("forms.import.bad", bad), t.T("forms.import.bad.hint"))
	case open > 0:
		p.banner.Say(control.KindWaiting, t.N("forms.import.open", open), t.T("forms.import.open.hint"))
	case good > 0:
		p.banner.Say(control.KindGood, t.T("forms.import.ready"), t.T("forms.import.ready.hint"))
	default:
		p.banner.Clear()
	}
	p.draw()
	p.s.Rebind()
}

// line is the selected form as it stands in the list of forms now.
func (p *importPage) line() (Line, bool) {
	i := p.list.Selected()
	if i < 0 || i >= len(p.entries) || p.entries[i].Form == nil {
		return Line{}, false
	}
	e := p.entries[i]
	return trialLine(p.s.Texts, trial.Of(e.Form.Ref(), e.Form.Title, e.Report, "", p.s.Clock())), true
}

func (p *importPage) do(f func(Line)) func() {
	return func() {
		if l, ok := p.line(); ok && !p.working {
			f(l)
		}
	}
}

// draw shows the report on the selected file.
func (p *importPage) draw() {
	t, s := p.s.Texts, p.s
	p.text.Objects, p.buttons.Objects = nil, nil
	p.free.Hidden, p.land.Hidden = true, true
	if i := p.list.Selected(); i >= 0 && i < len(p.entries) {
		e := p.entries[i]
		p.text.Objects = reportOf(s, e)
		p.free.Hidden = p.working || e.Kind != incoming.KindSchema || !p.options.FreeText && !misses(e)
		p.land.Hidden = p.working || e.Kind != incoming.KindSchema || p.options.Land == "" && e.Report.Rules.Unresolved == 0
		if e.Form != nil && !p.working {
			l, _ := p.line()
			publish, try := ranks(l)
			p.buttons.Add(control.NewButton(t.T("command.forms.try"), keyTry.Label(t), try, p.do(s.try)))
			p.buttons.Add(control.NewButton(t.T("command.forms.publish"), keyPublish.Label(t), publish, p.do(s.publish)))
		}
	}
	p.buttons.Add(control.Spacer())
	p.buttons.Add(control.NewButton(t.T("forms.back"), t.T("key.Escape"), control.Plain, p.leave))
	p.text.Refresh()
	p.report.ScrollBy(-p.report.Offset())
	p.object.Refresh()
}

// misses tells that the form has questions whose code list was not given.
func misses(e Brought) bool {
	return slices.ContainsFunc(e.Report.Open, func(o imported.Open) bool { return strings.HasPrefix(o.Rule, "list-") })
}

// reportOf is all there is to say about a file.
func reportOf(s *Screen, e Brought) []fyne.CanvasObject {
	t := s.Texts
	head := control.NewParagraph(e.File, control.H2)
	switch {
	case errors.Is(e.Err, context.Canceled):
		return []fyne.CanvasObject{head, control.NewParagraph(t.T("forms.import.skipped"), control.Muted)}
	case e.Err != nil:
		out := []fyne.CanvasObject{head}
		for _, x := range imported.Split(e.Err) {
			text, hint := t.Error(x)
			out = append(out, control.Column(3, control.NewParagraph(text, control.Trouble), control.NewParagraph(hint, control.Muted)))
		}
		return out
	case e.Form == nil:
		return []fyne.CanvasObject{head, control.NewParagraph(t.T("forms.import.list"), control.Body)}
	}
	return account(s, e.Form, e.Report, e.Report.Notes)
}

// entryRow is one file of the import.
type entryRow struct {
	widget.BaseWidget
	body        *fyne.Container
	title, what *control.Label
	pill        *control.Pill
}

func newEntryRow() *entryRow {
	r := &entryRow{title: control.NewShort("", control.Strong), what: control.NewShort("", control.Small), pill: control.NewPill("", "", control.KindNone)}
	r.body = control.Pad(0, 18, 0, 14, control.Upright(control.Column(3, control.Row(8, control.Grow(r.title), r.pill), r.what)))
	r.ExtendBaseWidget(r)
	return r
}

// CreateRenderer belongs to Fyne.
func (r *entryRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.body) }

func (r *entryRow) show(s *Screen, e Brought) {
	t := s.Texts
	r.title.SetText(e.File)
	r.what.SetText("")
	switch {
	case errors.Is(e.Err, context.Canceled):
		r.pill.Set("", t.T("forms.import.pill.skipped"), control.KindNone)
	case e.Err != nil:
		text, _ := t.Error(imported.Split(e.Err)[0])
		r.what.SetText(text)
		r.pill.Set(control.SignWarn, t.T("forms.import.pill.bad"), control.KindTrouble)
	case e.Form == nil:
		r.pill.Set(control.SignDone, t.T("forms.import.pill.list"), control.KindGood)
	default:
		p := e.Report
		r.title.SetText(p.Title)
		r.what.SetText(t.T("forms.id", "id", p.ID, "version", p.Version) + " · " + e.File)
		if n := p.Rules.Unresolved; n > 0 {
			r.pill.Set(control.SignWarn, t.T("forms.open.pill", "count", n), control.KindWaiting)
		} else {
			r.pill.Set(control.SignDone, t.T("forms.import.pill.good"), control.KindGood)
		}
	}
	r.body.Refresh()
}

// shares sets two things side by side, the left one with its share of the width.
type shares struct{ left float32 }

func (shares) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(look.Px(520), max(o[0].MinSize().Height, look.Px(200)))
}

func (h shares) Layout(o []fyne.CanvasObject, s fyne.Size) {
	w := float32(int((s.Width - look.Gap) * h.left))
	o[0].Move(fyne.Position{})
	o[0].Resize(fyne.NewSize(w, s.Height))
	o[1].Move(fyne.NewPos(w+look.Gap, 0))
	o[1].Resize(fyne.NewSize(s.Width-w-look.Gap, s.Height))
}
