package tray

import (
	"context"
	"slices"

	"schalter/data/sorting"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/stack"
)

// Commands are the keys of the screen and of the paper on it.
func (s *Screen) Commands() []command.Command {
	is := func(f func(i Item) bool) func() bool {
		return func() bool {
			i, ok := s.m.selected()
			return ok && f(i)
		}
	}
	any := is(func(Item) bool { return true })
	sorted := is(func(i Item) bool { return i.Sorted() })
	c := func(id string, k command.Key, enabled func() bool, run func()) command.Command {
		return command.Command{ID: "tray." + id, Keys: []command.Key{k}, Enabled: enabled, Run: run}
	}
	scanner := func() bool { return s.scans() && s.m.scan == nil }
	out := []command.Command{
		c("scan", scanKey, scanner, s.startScan),
		c("profile", profileKey, scanner, s.nextProfile),
		c("stop", stopKey, func() bool { return s.m.scan != nil }, s.m.stopScan),
		c("file", fileKey, is(Item.Ready), s.fileOne),
		c("file.all", allKey, func() bool { return len(s.m.sure()) > 0 }, s.fileAll),
		c("assign", assignKey, any, s.askCase),
		c("prove", proveKey, is(func(i Item) bool { return i.Sorted() && len(i.Case.Slots) > 0 }), s.askProof),
		c("join", joinKey, func() bool { _, ok := s.m.before(); return ok }, s.m.join),
		c("split", splitKey, func() bool { return sorted() && s.m.page > 0 }, s.m.split),
		c("rotate", rotateKey, any, s.m.rotate),
		c("hide", hideKey, sorted, s.m.out),
		c("pages", pagesKey, any, func() { control.Focus(s.pages) }),
		c("groups", groupsKey, any, func() { control.Focus(s.groups) }),
		c("mark", markKey, any, s.m.mark),
		c("aside", asideKey, any, s.m.aside),
		c("drop", dropKey, any, s.askDrop),
		c("dropped", droppedKey, func() bool { return true }, s.askDropped),
		c("vouch", vouchKey, sorted, s.m.vouch),
		c("undo", undoKey, func() bool { return len(s.m.undone) > 0 }, s.m.undo),
		c("case", caseKey, func() bool { return s.OpenCase != nil && sorted() }, func() {
			i, _ := s.m.selected()
			s.OpenCase(i.Known.ID)
		}),
		c("sheets", sheetsKey, func() bool { return s.PrintSeparators != nil }, s.printSheets),
	}
	if s.Paper != nil {
		out = append(out, s.Paper.Commands()...)
	}
	return out
}

func isAside(i Item) bool { return i.Reason == sorting.ReasonAside }

func (s *Screen) fileOne() {
	if i, ok := s.m.selected(); ok {
		if !i.Ready() {
			s.askCase()
			return
		}
		s.m.file([]Item{i})
	}
}

func (s *Screen) fileAll() { s.m.file(s.m.sure()) }

// scans reports whether there is a scanner.
func (s *Screen) scans() bool { return s.Room.Scanner != nil }

// profileNow is the way that the next stack is scanned: so many behind the preferred one.
func (s *Screen) profileNow() (stack.Profile, bool) {
	all := s.Room.Profiles(s.Texts.Lang())
	if len(all) == 0 {
		return stack.Profile{}, false
	}
	return all[(preferred(all)+s.profile)%len(all)], true
}

// preferred is the way that stacks are scanned unless another one is chosen: one that is meant for them, else one
// that takes more than a sheet.
func preferred(all []stack.Profile) int {
	if i := slices.IndexFunc(all, func(p stack.Profile) bool { return p.Sorts }); i >= 0 {
		return i
	}
	return max(0, slices.IndexFunc(all, func(p stack.Profile) bool { return !p.Single }))
}

func (s *Screen) nextProfile() {
	s.profile++
	s.show()
}

// ScanWith scans a stack with a profile, as its key does.
func (s *Screen) ScanWith(profile string) bool {
	all := s.Room.Profiles(s.Texts.Lang())
	i := slices.IndexFunc(all, func(p stack.Profile) bool { return p.ID == profile })
	if i < 0 {
		return false
	}
	s.profile = i - preferred(all) + len(all)
	s.startScan()
	s.show()
	return true
}

func (s *Screen) startScan() {
	p, _ := s.profileNow()
	s.banner.Clear() // what was said before has nothing to do with this stack
	s.m.startScan(p)
}

func (s *Screen) printSheets() {
	s.Run(func(ctx context.Context) func() {
		way, err := s.PrintSeparators(ctx, s.Texts.Lang())
		return func() {
			if err != nil {
				s.say(message{err: err})
				return
			}
			s.say(message{key: "tray.sheets." + string(way)})
		}
	})
}

// askDrop throws pages away, after asking.
func (s *Screen) askDrop() {
	pages := s.m.these()
	if len(pages) == 0 || s.Keys.Layered() {
		return
	}
	t := s.Texts
	var layer *control.Layer
	do := func() {
		layer.Close()
		s.m.drop(pages)
	}
	keep := control.NewButton(t.T("tray.drop.keep"), stopKey.Label(t), control.Plain, func() { layer.Close() })
	body := control.PadAll(22, control.Column(10,
		control.NewParagraph(t.N("tray.drop.title", len(pages)), control.H2), control.NewParagraph(t.T("tray.drop.words"), control.Body),
		control.Pad(8, 0, 0, 0, control.Row(control.GapButtons, control.Spacer(), keep,
			control.NewButton(t.T("tray.drop.do"), allKey.Label(t), control.Danger, do)))))
	layer = control.ShowLayer(s.Canvas, s.Keys, "tray.drop.name", 480, body, []command.Command{{ID: "tray.drop.do", Keys: []command.Key{allKey}, Run: do}}, nil)
	layer.Focus(keep)
}
