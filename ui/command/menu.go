package command

import (
	"slices"

	"fyne.io/fyne/v2"
)

// Menus are the menus in their order; the text of one is "menu.<name>".
var Menus = []string{"file", "view", "help"}

// MainMenu makes the window's menu out of the desk's own commands and those of the screen. It is made anew
// when the screen, the language or a choice changes.
//
// Keys are written behind the words and not given to Fyne as shortcuts: the list answers them itself, and
// a menu shortcut would fire past a layer.
func (l *List) MainMenu(t Translator) *fyne.MainMenu {
	m := fyne.NewMainMenu()
	for _, name := range Menus {
		menu := fyne.NewMenu(t.T("menu." + name))
		subs := map[string]*fyne.MenuItem{}
		for _, c := range append(append([]Command{}, l.base...), l.screen.commands...) {
			if c.Menu != name {
				continue
			}
			item := l.item(c, t)
			if c.Sub == "" {
				menu.Items = append(menu.Items, item)
				continue
			}
			sub, ok := subs[c.Sub]
			if !ok {
				sub = fyne.NewMenuItem(t.T(c.Sub), nil)
				sub.ChildMenu = fyne.NewMenu("")
				subs[c.Sub] = sub
				menu.Items = append(menu.Items, sub)
			}
			sub.ChildMenu.Items = append(sub.ChildMenu.Items, item)
		}
		if len(menu.Items) > 0 {
			m.Items = append(m.Items, menu)
		}
	}
	return m
}

func (l *List) item(c Command, t Translator) *fyne.MenuItem {
	label := c.Text(t)
	if k := c.Cap(t); k != "" {
		label += "   (" + k + ")"
	}
	item := fyne.NewMenuItem(label, func() { l.Do(c.ID) })
	item.IsQuit = c.ID == "app.quit"
	item.Disabled = !c.enabled()
	item.Checked = c.Checked != nil && c.Checked()
	return item
}

// Line is one command in the help: its keys and its name.
type Line struct {
	Caps []string
	Text string
}

// Section is what the help shows under one heading.
type Section struct {
	Title string
	Lines []Line
}

// Help lists the commands that have a key: those of the uppermost layer that have a name first, then those of
// the screen.
func (l *List) Help(t Translator) []Section {
	scopes := []scope{l.screen, {"help.everywhere", l.base}}
	if n := len(l.layers); n > 0 {
		scopes = slices.Insert(scopes, 0, l.layers[n-1])
	}
	var out []Section
	for i, s := range scopes {
		layer := i < len(scopes)-2
		sec := Section{Title: t.T(s.name)}
		for _, c := range s.commands {
			if len(c.Keys) == 0 || c.Hidden || layer && c.Text(t) == "command."+c.ID {
				continue
			}
			line := Line{Text: c.Text(t)}
			line.Caps = append(line.Caps, c.Cap(t))
			sec.Lines = append(sec.Lines, line)
		}
		if len(sec.Lines) > 0 {
			out = append(out, sec)
		}
	}
	return out
}
