package scanners

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"

	"schalter/data/form"
	"schalter/data/scan"
	"schalter/data/scan/profile"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/formview"
	"schalter/ui/look"
	"schalter/ui/tryout"
)

//go:embed profile.json
var profileFile []byte

// twoPass is the source of a stack whose backs come in a second pass.
const twoPass = "two_pass"

// anyDevice is the choice of no device in particular.
const anyDevice = "any"

// profilePage is a profile being changed. It is filled like a form.
type profilePage struct {
	s      *Screen
	was    profile.Profile
	ids    map[string]string // of devices, by their code in the form
	model  *tryout.Model
	view   *formview.View
	state  *control.Label
	object fyne.CanvasObject
	walk   int
	saving bool
}

// edit shows a profile to be changed, or a new one to be filled.
func (s *Screen) edit(p profile.Profile) {
	page, err := newProfilePage(s, p)
	if err != nil {
		s.fail(err)
		return
	}
	s.show(page)
}

func newProfilePage(s *Screen, was profile.Profile) (*profilePage, error) {
	t := s.Texts
	p := &profilePage{s: s, was: was, ids: map[string]string{anyDevice: ""}, state: control.NewShort("", control.Trouble)}
	f, err := p.form()
	if err != nil {
		return nil, err
	}
	p.model = tryout.New(f, t.Lang(), s.Clock())
	p.fill()
	p.view = formview.New(t, p.model)
	p.model.Changed = func(paths []string) { p.view.Update(paths) }
	title := t.T("scanners.new")
	if was.Name != "" || p.kept() {
		title = ProfileName(t, was)
	}
	foot := control.Row(control.GapButtons, control.Grow(p.state),
		control.NewButton(t.T("button.cancel"), keyBack.Label(t), control.Plain, s.back),
		control.NewButton(t.T("command.scanners.save"), keySave.Label(t), control.Primary, p.save))
	p.object = control.PadAll(look.Gap, control.AtMost(900, control.NewCard(0, control.Column(0,
		control.Pad(13, 16, 12, 16, control.NewShort(title, control.H1)), control.NewDivider(),
		control.Grow(control.Pad(10, 8, 1, 16, p.view.Object())), control.NewDivider(), control.Pad(10, 16, 10, 16, foot)))))
	return p, nil
}

// kept reports whether the profile is in the book already.
func (p *profilePage) kept() bool {
	for _, x := range p.s.home.book.Profiles {
		if x.ID == p.was.ID {
			return true
		}
	}
	return false
}

// form is the form with the devices of this desk to choose from. One that is chosen and was not found stays.
func (p *profilePage) form() (*form.Form, error) {
	var file map[string]any
	if err := json.Unmarshal(profileFile, &file); err != nil {
		return nil, err
	}
	items := file["groups"].([]any)[0].(map[string]any)["items"].([]any)
	field := items[1].(map[string]any)
	choices := field["choices"].([]any)
	devices := p.s.home.devices
	if p.was.Device != "" && DeviceName(p.was.Device, devices) != "" {
		found := false
		for _, d := range devices {
			found = found || d.ID == p.was.Device
		}
		if !found {
			devices = append(slices.Clip(devices), Device{Device: scan.Device{ID: p.was.Device, Model: CalledIn(p.was, nil)}})
		}
	}
	for i, d := range devices {
		code := fmt.Sprintf("d%d", i)
		p.ids[code] = d.ID
		name := d.Name()
		if d.Address != "" && d.Address != name {
			name += " (" + d.Address + ")"
		}
		choices = append(choices, map[string]any{"code": code, "label": map[string]any{"de": name, "en": name}})
	}
	field["choices"] = choices
	b, err := json.Marshal(file)
	if err != nil {
		return nil, err
	}
	return form.Parse(b)
}

// fill types the profile as it is.
func (p *profilePage) fill() {
	s := p.was.Settings
	source, paper, goes := string(s.Source), string(s.Paper), string(p.was.Goes)
	if p.was.TwoPass {
		source = twoPass
	}
	if paper == "" {
		paper = string(scan.A4)
	}
	if goes == "" {
		goes = "here"
	}
	device := anyDevice
	for code, id := range p.ids {
		if id == p.was.Device {
			device = code
		}
	}
	name := ""
	if p.was.Name != "" || p.kept() {
		name = ProfileName(p.s.Texts, p.was)
	}
	for path, text := range map[string]string{
		"profile/name": name, "profile/device": device, "scan/source": source, "scan/mode": string(s.Mode), "scan/dpi": strconv.Itoa(s.DPI),
		"scan/paper": paper, "scan/double_feed": yes(s.DoubleFeed), "then/wait": yes(p.was.Wait), "then/blank": yes(!p.was.NoBlank), "then/goes": goes,
	} {
		p.model.Type(path, text)
		p.model.Enter(path)
		p.model.Leave(path)
	}
}

func yes(on bool) string {
	if on {
		return "ja"
	}
	return "nein"
}

// read is the profile as it was typed.
func (p *profilePage) read() profile.Profile {
	value := func(path string) string { return p.model.Field(path).Value }
	on := func(path string) bool { f := p.model.Field(path); return f.Visible && f.Value == "true" }
	x := p.was
	x.Name, x.Device = value("profile/name"), p.ids[value("profile/device")]
	x.Called = ""
	if x.Device != "" {
		x.Called = DeviceName(x.Device, p.s.home.devices)
		if x.Device == p.was.Device && p.was.Called != "" {
			x.Called = p.was.Called
		}
	}
	if x.Name == p.s.Texts.T("scan.profile."+x.ID) {
		x.Name = "" // it still speaks every language
	}
	x.Settings.Source, x.TwoPass = scan.Source(value("scan/source")), false
	if x.Settings.Source == twoPass {
		x.Settings.Source, x.TwoPass = scan.Feeder, true
	}
	x.Settings.Mode, x.Settings.Paper, x.Settings.DoubleFeed = scan.Mode(value("scan/mode")), scan.Paper(value("scan/paper")), on("scan/double_feed")
	x.Settings.DPI, _ = strconv.Atoi(value("scan/dpi")) // 0 is refused
	x.Wait, x.NoBlank, x.Goes = on("then/wait"), !on("then/blank"), profile.Goes(value("then/goes"))
	if x.Goes == "here" {
		x.Goes = profile.GoesHere
	}
	return x
}

// save keeps the profile, or goes to what is not in order.
func (p *profilePage) save() {
	t := p.s.Texts
	if open := p.model.Check(); len(open) > 0 {
		p.say(t.N("forms.try.open", len(open)))
		p.view.Focus(open[p.walk%len(open)].Path)
		p.walk++
		return
	}
	if p.saving {
		return
	}
	x := p.read()
	if err := x.Check(); err != nil {
		text, hint := t.Error(err)
		p.say(text + " " + hint)
		return
	}
	p.s.home.wanted, p.s.home.inBooks = x.ID, true
	p.s.keep(x, p)
}

func (p *profilePage) say(text string) {
	p.state.SetText(text)
	p.object.Refresh()
}

// Object is the page.
func (p *profilePage) Object() fyne.CanvasObject { return p.object }

// Shown puts the cursor into the name.
func (p *profilePage) Shown() { p.view.Focus("profile/name") }

// Commands are the keys of the page.
func (p *profilePage) Commands() []command.Command {
	return []command.Command{
		{ID: "scanners.back", Keys: []command.Key{keyBack}, Run: p.s.back},
		{ID: "scanners.save", Keys: []command.Key{keySave}, Run: p.save},
	}
}
