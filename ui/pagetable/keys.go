package pagetable

import (
	"strconv"

	"fyne.io/fyne/v2"

	"schalter/data/record"
	"schalter/ui/command"
	"schalter/ui/control"
)

// action is one thing that can be done, with its keys and, unless it is obvious, its button.
type action struct {
	id      string
	keys    []command.Key
	enabled func() bool
	run     func()
	hidden  bool // not in the help
}

// keepKey keeps what was done.
var keepKey = command.Ctrl(fyne.KeyReturn)

func shift(k fyne.KeyName) command.Key { return command.Key{Name: k, Mod: fyne.KeyModifierShift} }

// list is everything that can be done on the table.
func (v *View) list() []action {
	any := func() bool { return v.table.Len() > 0 }
	do := func(f func() Done) func() { return func() { v.did(f()) } }
	plain := func(id string, k fyne.KeyName, f func() Done) action {
		return action{id: id, keys: []command.Key{command.Plain(k)}, enabled: any, run: do(f)}
	}
	out := []action{
		plain("turn", fyne.KeyR, func() Done { return v.table.Turn(1) }),
		{id: "turn_back", keys: []command.Key{shift(fyne.KeyR)}, enabled: any, run: do(func() Done { return v.table.Turn(-1) })},
		{id: "straighten", keys: []command.Key{command.Plain(fyne.KeyG)}, enabled: any, run: v.straighten},
		{id: "nudge", keys: []command.Key{command.Plain(fyne.KeyPlus), shift(fyne.KeyPlus), command.Plain(fyne.KeyEqual)}, enabled: any, run: do(func() Done { return v.table.Nudge(0.1) })},
		{id: "nudge_back", keys: []command.Key{command.Plain(fyne.KeyMinus)}, enabled: any, run: do(func() Done { return v.table.Nudge(-0.1) })},
		{id: "crop", keys: []command.Key{command.Plain(fyne.KeyC)}, enabled: any, run: v.crop},
		{id: "frame", keys: []command.Key{shift(fyne.KeyC)}, enabled: any, run: v.frame},
		plain("out", fyne.KeyDelete, func() Done { return v.table.Out() }),
		{id: "out_blank", keys: []command.Key{command.Plain(fyne.KeyL)}, enabled: func() bool { return v.table.Blank() > 0 }, run: do(func() Done { return v.table.OutBlank() })},
		{id: "unmark", keys: []command.Key{shift(fyne.KeyL)}, enabled: any, run: do(func() Done { return v.table.Unmark() })},
		plain("split", fyne.KeyT, func() Done { return v.table.Split() }),
		plain("merge", fyne.KeyV, func() Done { return v.table.Merge() }),
		{id: "interleave", keys: []command.Key{command.Plain(fyne.KeyI)}, enabled: func() bool { return len(v.table.Selection()) > 1 }, run: do(func() Done { return v.table.Interleave() })},
		{id: "compare", keys: []command.Key{command.Plain(fyne.KeyO)}, enabled: any, run: v.compare},
		{id: "open", keys: []command.Key{command.Plain(fyne.KeyReturn)}, enabled: func() bool { return any() && !v.large.Visible() }, run: v.open},
		{id: "vouch", keys: []command.Key{command.Plain(fyne.KeyU)}, enabled: v.vouchable, run: v.vouch},
		{id: "undo", keys: []command.Key{command.Ctrl(fyne.KeyZ)}, enabled: func() bool { b, _ := v.table.Steps(); return b > 0 }, run: func() { v.stepped(v.table.Undo()) }},
		{id: "redo", keys: []command.Key{command.Ctrl(fyne.KeyY), command.CtrlShift(fyne.KeyZ)}, enabled: func() bool { _, f := v.table.Steps(); return f > 0 }, run: func() { v.stepped(v.table.Redo()) }},
		{id: "before", keys: []command.Key{command.Ctrl(fyne.KeyLeft), command.Ctrl(fyne.KeyUp)}, enabled: any, run: do(func() Done { return v.table.Move(-1) })},
		{id: "after", keys: []command.Key{command.Ctrl(fyne.KeyRight), command.Ctrl(fyne.KeyDown)}, enabled: any, run: do(func() Done { return v.table.Move(1) })},
		{id: "toggle", keys: []command.Key{command.Plain(fyne.KeySpace)}, enabled: any, run: func() { v.table.Toggle(v.table.Cursor()); v.moved() }},
		{id: "all", keys: []command.Key{command.Ctrl(fyne.KeyA)}, enabled: any, run: func() { v.table.SelectAll(); v.moved() }},
		{id: "document", keys: []command.Key{command.Plain(fyne.KeyA)}, enabled: any, run: func() { v.table.SelectGroup(); v.moved() }},
	}
	if v.o.Scan != nil {
		out = append(out,
			action{id: "scan", keys: []command.Key{command.Plain(fyne.KeyS)}, enabled: any, run: func() { v.scan(false) }},
			action{id: "rescan", keys: []command.Key{command.Plain(fyne.KeyN)}, enabled: any, run: func() { v.scan(true) }},
		)
	}
	if v.o.File != nil {
		out = append(out, action{id: "file", keys: []command.Key{command.Plain(fyne.KeyD)}, enabled: any, run: v.file})
	}
	if v.o.Keep != nil {
		out = append(out, action{id: "keep", keys: []command.Key{keepKey}, enabled: any, run: v.o.Keep})
	}
	out = append(out, v.slots()...)
	return append(out, v.ways()...)
}

// slots are the keys 1 to 9 for the proofs.
func (v *View) slots() []action {
	var out []action
	for i := range 9 {
		out = append(out, action{
			id: "slot", keys: []command.Key{command.Plain(fyne.KeyName(strconv.Itoa(i + 1)))}, hidden: i > 0,
			enabled: func() bool { return v.o.Slots != nil && i < len(v.o.Slots()) && v.table.Len() > 0 },
			run: func() {
				s := v.o.Slots()[i]
				v.did(v.table.Assign(s.ID, s.Name))
			},
		})
	}
	return out
}

// ways are the keys that go from page to page.
func (v *View) ways() []action {
	var out []action
	way := func(k fyne.KeyName, to func() int) {
		there := func() bool { return v.table.Len() > 0 && !v.large.framing }
		goal := func() int { return max(0, min(to(), v.table.Len()-1)) }
		out = append(out,
			action{id: "way", hidden: true, enabled: there, keys: []command.Key{command.Plain(k)}, run: func() { v.table.Select(goal()); v.moved() }},
			action{id: "way", hidden: true, enabled: there, keys: []command.Key{shift(k)}, run: func() { v.table.Extend(goal()); v.moved() }},
			action{id: "way", hidden: true, enabled: there, keys: []command.Key{command.Alt(k)}, run: func() { v.table.Point(goal()); v.moved() }},
		)
	}
	at := func() int { return v.table.Cursor() }
	way(fyne.KeyLeft, func() int { return at() - 1 })
	way(fyne.KeyRight, func() int { return at() + 1 })
	way(fyne.KeyUp, func() int { return v.grid.above(at(), -1) })
	way(fyne.KeyDown, func() int { return v.grid.above(at(), 1) })
	way(fyne.KeyPageUp, func() int { return v.grid.above(at(), -v.grid.screen()) })
	way(fyne.KeyPageDown, func() int { return v.grid.above(at(), v.grid.screen()) })
	way(fyne.KeyHome, func() int { return 0 })
	way(fyne.KeyEnd, func() int { return v.table.Len() - 1 })
	for _, k := range []fyne.KeyName{fyne.KeyLeft, fyne.KeyRight, fyne.KeyUp, fyne.KeyDown} {
		framing := func() bool { return v.large.framing }
		out = append(out,
			action{id: "edge", hidden: true, enabled: framing, keys: []command.Key{command.Plain(k)}, run: func() { v.large.edge(k, frameStep) }},
			action{id: "edge", hidden: true, enabled: framing, keys: []command.Key{shift(k)}, run: func() { v.large.edge(k, -frameStep) }},
		)
	}
	return append(
		out,
		action{id: "accept", hidden: true, enabled: func() bool { return v.large.framing }, keys: []command.Key{command.Plain(fyne.KeyReturn)}, run: v.accept},
		action{id: "close", hidden: true, enabled: func() bool { return v.large.Visible() }, keys: []command.Key{command.Plain(fyne.KeyReturn), command.Plain(fyne.KeyEscape)}, run: v.escape},
	)
}

// Commands are what can be done, for keys and help.
func (v *View) Commands() []command.Command {
	out := make([]command.Command, len(v.actions))
	for i, a := range v.actions {
		out[i] = command.Command{ID: "pages." + a.id, Keys: a.keys, Enabled: a.enabled, Run: a.run, Hidden: a.hidden}
	}
	return out
}

// get is an action by its id.
func (v *View) get(id string) (action, bool) {
	for _, a := range v.actions {
		if a.id == id {
			return a, true
		}
	}
	return action{}, false
}

// button runs an action.
func (v *View) button(id string, rank control.Rank) *control.Button {
	a, _ := v.get(id)
	return control.NewButton(v.o.Texts.T("pages.do."+id), a.keys[0].Label(v.o.Texts), rank, func() {
		if a.enabled() {
			a.run()
		}
	})
}

func (v *View) stepped(ok bool) {
	if ok {
		v.did(Changed)
	}
}

func (v *View) scan(instead bool) {
	if at, ok := v.place(); ok {
		v.o.Scan(at, instead)
	}
}

func (v *View) file() {
	if at, ok := v.place(); ok {
		v.o.File(at)
	}
}

// document is the current page's document.
func (v *View) document() (record.Document, bool) {
	g, _ := v.table.Of(v.table.Cursor())
	if g < 0 {
		return record.Document{}, false
	}
	return v.table.document(v.table.now[g]), true
}

func (v *View) vouchable() bool {
	d, ok := v.document()
	return ok && v.o.Vouch != nil && d.Transfer != nil
}

func (v *View) vouch() {
	if d, ok := v.document(); ok {
		v.o.Vouch(d.ID, !d.Transfer.Match)
		v.Update()
	}
}

func (v *View) open() {
	v.large.compare = false
	v.large.Show()
	v.grid.Hide()
	v.Update()
}

// compare shows the current page beside what came from the device, or without it again.
func (v *View) compare() {
	if v.large.Visible() && v.large.compare {
		v.large.compare = false
		v.Update()
		return
	}
	v.open()
	v.large.compare = true
	v.Update()
}

// frame lets the arrows move the edges of what is shown of the current page.
func (v *View) frame() {
	if v.large.framing {
		v.accept()
		return
	}
	v.open()
	v.large.begin()
	v.Update()
}

// accept keeps the part that the frame shows.
func (v *View) accept() {
	box, key := v.large.box, v.large.key
	v.large.framing = false
	if p := v.current(); p != nil && p.Key == key {
		v.table.Select(v.table.Cursor())
		v.did(v.table.Cut(func(*Page) *record.Box { return &box }))
	}
	v.Update()
}

// escape leaves the frame, and then the large page.
func (v *View) escape() {
	if v.large.framing {
		v.large.framing = false
		v.Update()
		return
	}
	v.back()
	v.Update()
}

// back shows all pages.
func (v *View) back() {
	v.large.framing, v.large.compare = false, false
	v.large.Hide()
	v.grid.Show()
}
