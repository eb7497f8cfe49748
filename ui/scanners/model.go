package scanners

import (
	"cmp"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"schalter/data/scan"
	"schalter/data/scan/fleet"
	"schalter/data/scan/profile"
	"schalter/ui/command"
	"schalter/ui/control"
	"schalter/ui/i18n"

	"fyne.io/fyne/v2"
)

// Device is a line of the list of devices.
type Device struct {
	scan.Device
	Member string // its driver
	Own    string // the address or folder in the book that it stands for; empty: it was found
	Silent bool   // it does not answer
	Last   bool   // the one used last
}

// Devices are those that answered and those of the book, drivers in their order.
func Devices(b profile.Book, answers []fleet.Answer) []Device {
	var all []Device
	for _, a := range answers {
		for _, d := range a.Devices {
			all = append(all, Device{Device: d, Member: a.Member, Last: d.ID == b.Last.ID})
		}
	}
	for _, address := range b.Addresses {
		i := slices.IndexFunc(all, func(d Device) bool { return d.Member == network && host(d.Address) == host(address) })
		if i >= 0 {
			all[i].Own = address
			continue
		}
		all = append(all, Device{
			Device: scan.Device{ID: fleet.ID(network, address), Model: address, Address: address},
			Member: network, Own: address, Silent: true,
		})
	}
	for _, dir := range b.Folders {
		i := slices.IndexFunc(all, func(d Device) bool { return d.ID == fleet.ID(folders, dir) })
		if i >= 0 {
			all[i].Own = dir
			continue
		}
		all = append(all, Device{
			Device: scan.Device{ID: fleet.ID(folders, dir), Model: filepath.Base(dir), Address: dir}, Member: folders, Own: dir, Silent: true,
		})
	}
	rank := func(d Device) int { return slices.Index([]string{"sane", "wia", network, folders}, d.Member) }
	slices.SortStableFunc(all, func(a, b Device) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), strings.Compare(strings.ToLower(a.Name()), strings.ToLower(b.Name())))
	})
	return all
}

// host is the host of an address as people type it or devices announce it.
func host(address string) string {
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return strings.ToLower(u.Hostname())
}

// Line is what a row shows.
type Line struct {
	Title, Where, Key, Pill string
	Kind                    control.Kind
}

// DeviceLine is a device's row.
func DeviceLine(t *i18n.Texts, d Device) Line {
	l := Line{Title: d.Name(), Where: t.T("scanners.by." + d.Member)}
	if d.Address != "" && d.Address != d.Name() {
		l.Where += " · " + d.Address
	}
	switch {
	case d.Silent && d.Member == folders:
		l.Pill, l.Kind = t.T("scanners.gone"), control.KindTrouble
	case d.Silent:
		l.Pill, l.Kind = t.T("scanners.silent"), control.KindWaiting
	case d.Last:
		l.Pill, l.Kind = t.T("scanners.last"), control.KindInfo
	}
	return l
}

// ProfileName is what a profile is called.
func ProfileName(t *i18n.Texts, p profile.Profile) string {
	if p.Name != "" {
		return p.Name
	}
	return t.T("scan.profile." + p.ID)
}

// Pairs writes a fingerprint as it is compared: eight pairs of digits a line.
func Pairs(fingerprint string) string {
	digits := strings.Map(func(r rune) rune {
		if r == ':' || r == ' ' || r == '\n' {
			return -1
		}
		return r
	}, fingerprint)
	var b strings.Builder
	for i, r := range []rune(digits) {
		switch {
		case i == 0 || i%2 != 0:
		case i%16 == 0:
			b.WriteByte('\n')
		default:
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Place is a profile's place among the keys, from 0: those for stacks that are sorted are the tray's and lie on
// none. -1: on no key.
func Place(all []profile.Profile, id string) int {
	n := 0
	for _, p := range all {
		switch {
		case p.ID == id && p.Goes == profile.GoesHere && n < 9:
			return n
		case p.Goes == profile.GoesHere:
			n++
		}
	}
	return -1
}

// ProfileLine is a profile's row. n is its place among the keys.
func ProfileLine(t *i18n.Texts, p profile.Profile, n int, devices []Device) Line {
	l := Line{Title: ProfileName(t, p), Where: strings.Join(ProfileWords(t, p), " · ")}
	if p.Device != "" {
		l.Where += " · " + CalledIn(p, devices)
	}
	switch {
	case n == 0:
		l.Key = command.Plain(fyne.KeyF2).Label(t)
	case n > 0:
		l.Key = ProfileKey(n).Label(t)
	}
	switch {
	case p.Goes == profile.GoesSort:
		l.Pill, l.Kind = t.T("scanners.tray"), control.KindSecond
	case p.Wait:
		l.Pill, l.Kind = t.T("scanners.waits"), control.KindNone
	}
	return l
}

// ProfileKey is the key on which the profile at a place lies, from 0 to 8.
func ProfileKey(n int) command.Key {
	return command.Key{Name: fyne.KeyName(rune('1' + n)), Mod: fyne.KeyModifierAlt | fyne.KeyModifierShift}
}

// ProfileWords say how a profile scans.
func ProfileWords(t *i18n.Texts, p profile.Profile) []string {
	s := p.Settings
	source := "scanners.source." + string(s.Source)
	if p.TwoPass {
		source = "scanners.source.two_pass"
	}
	paper := s.Paper
	if paper == "" {
		paper = scan.A4
	}
	return []string{t.T(source), t.T("scanners.mode." + string(s.Mode)), t.T("scanners.dpi", "dpi", s.DPI), t.T("scanners.paper." + string(paper))}
}

// CalledIn is what a profile's device is called: as it was found, else as the profile remembers it.
func CalledIn(p profile.Profile, devices []Device) string {
	if p.Called != "" && !slices.ContainsFunc(devices, func(d Device) bool { return d.ID == p.Device }) {
		return p.Called
	}
	return DeviceName(p.Device, devices)
}

// DeviceName is what a device is called, its id where it was not found.
func DeviceName(id string, devices []Device) string {
	for _, d := range devices {
		if d.ID == id {
			return d.Name()
		}
	}
	_, own := fleet.Split(id)
	return own
}
