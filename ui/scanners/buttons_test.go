package scanners_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"schalter/data/scan/profile"
)

// A button of the device is bound with a few keys, to a profile that can scan with this device.
func TestAButtonIsBoundToAProfile(t *testing.T) {
	const device = "sane:fujitsu:fi-7160:1234"
	f := open(t, "de")
	f.sees("Tasten am Gerät", "Scannen („scan“): nicht belegt", "Taste 4 („button-4“): nicht belegt", "Tasten belegen")
	f.key(fyne.KeyF4, 0)
	f.sees("Welche Taste von FUJITSU fi-7160?")
	f.typed("scannen")
	f.key(fyne.KeyReturn, 0)
	f.sees("Was soll die Taste Scannen („scan“) beginnen?", "Nichts")
	if n := strings.Count(f.words(), "Posteingang nach Deckblättern"); n != 1 { // in the list behind it
		t.Errorf("a profile for another device is offered %d times", n-1)
	}
	f.typed("Akten")
	f.key(fyne.KeyReturn, 0)
	want := []profile.Button{{Device: device, Called: "FUJITSU fi-7160", Name: "scan", Profile: "p6"}}
	if got := f.book().Buttons; !slices.Equal(got, want) {
		t.Fatalf("%+v", got)
	}
	f.sees("Scannen („scan“): Akten, beidseitig")

	f.key(fyne.KeyF4, 0)
	f.typed("button-4")
	f.key(fyne.KeyReturn, 0)
	f.key(fyne.KeyReturn, 0) // the first profile
	if p, ok := f.book().Bound(device, "button-4"); !ok || p.ID != "flatbed" {
		t.Errorf("%+v", f.book().Buttons)
	}
	f.key(fyne.KeyF4, 0)
	f.typed("scan")
	f.key(fyne.KeyReturn, 0)
	f.key(fyne.KeyEscape, 0) // it stays
	f.key(fyne.KeyF4, 0)
	f.typed("button-4")
	f.key(fyne.KeyReturn, 0)
	f.typed("Nichts")
	f.key(fyne.KeyReturn, 0)
	if got := f.book().Buttons; !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestButtonsAreLockedToo(t *testing.T) {
	f := open(t, "en")
	f.sees("Scan (“scan”): starts nothing")
	f.key(fyne.KeyL, ctrl|shift)
	f.typed("4711")
	f.key(fyne.KeyReturn, 0)
	f.key(fyne.KeyF4, 0)
	f.sees("The settings are locked")
	f.typed("4711")
	f.key(fyne.KeyReturn, 0)
	f.sees("Which button of FUJITSU fi-7160?")
}

// Devices of the network have no buttons that could be asked for.
func TestNoButtonsNoQuestion(t *testing.T) {
	f := open(t, "de")
	f.key(fyne.KeyDown, 0)
	f.misses("Tasten am Gerät")
	f.key(fyne.KeyF4, 0)
	f.misses("Welche Taste")
}
