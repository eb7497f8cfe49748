package command

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Key is a key with its modifiers. [fyne.KeyEnter] (number pad) counts as [fyne.KeyReturn].
type Key struct {
	Name fyne.KeyName
	Mod  fyne.KeyModifier
}

// Ctrl is the key with the Control key held.
func Ctrl(k fyne.KeyName) Key { return Key{k, fyne.KeyModifierControl} }

// Alt is the key with the Alt key held.
func Alt(k fyne.KeyName) Key { return Key{k, fyne.KeyModifierAlt} }

// CtrlShift is the key with Control and Shift held.
func CtrlShift(k fyne.KeyName) Key { return Key{k, fyne.KeyModifierControl | fyne.KeyModifierShift} }

// Plain is the key alone.
func Plain(k fyne.KeyName) Key { return Key{Name: k} }

// Translator gives the text of a key; *i18n.Texts is one.
type Translator interface {
	T(key string, pairs ...any) string
}

// Label is what stands on the key caps: "Strg K".
func (k Key) Label(t Translator) string {
	var parts []string
	for _, m := range []struct {
		mod fyne.KeyModifier
		key string
	}{{fyne.KeyModifierControl, "key.ctrl"}, {fyne.KeyModifierAlt, "key.alt"}, {fyne.KeyModifierShift, "key.shift"}} {
		if k.Mod&m.mod != 0 {
			parts = append(parts, t.T(m.key))
		}
	}
	name := "key." + string(k.Name)
	if s := t.T(name); s != name {
		return strings.Join(append(parts, s), " ")
	}
	return strings.Join(append(parts, string(k.Name)), " ")
}

func (k Key) normal() Key {
	if k.Name == fyne.KeyEnter {
		k.Name = fyne.KeyReturn
	}
	return k
}

// KeyOf reads the key out of a shortcut that Fyne reports; ok is false for one that has no key.
func KeyOf(s fyne.Shortcut) (k Key, ok bool) {
	ks, ok := s.(fyne.KeyboardShortcut)
	if !ok {
		return Key{}, false
	}
	return Key{ks.Key(), ks.Mod()}.normal(), true
}

// shortcut is the form in which Fyne will report the key. The combinations that Fyne turns into shortcuts
// of its own must be registered as those.
func (k Key) shortcut() fyne.Shortcut {
	if k.Mod == fyne.KeyModifierShortcutDefault {
		switch k.Name {
		case fyne.KeyZ:
			return &fyne.ShortcutUndo{}
		case fyne.KeyY:
			return &fyne.ShortcutRedo{}
		case fyne.KeyA:
			return &fyne.ShortcutSelectAll{}
		}
	}
	return &desktop.CustomShortcut{KeyName: k.Name, Modifier: k.Mod}
}

// combination reports whether Fyne reports the key as a shortcut and not as a typed key.
func (k Key) combination() bool {
	return k.Mod&^fyne.KeyModifierShift != 0
}
