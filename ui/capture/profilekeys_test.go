package capture_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"schalter/ui/capture/sample"
	"schalter/ui/command"
)

// Every way to scan has a key of its own; a key without a way does nothing.
func TestProfilesLieOnKeys(t *testing.T) {
	c := open(t, sample.Empty)
	n, all := len(c.Model().Profiles()), 0
	for _, x := range c.Commands() {
		if x.ID != "capture.scan.with" {
			continue
		}
		want := command.Key{Name: fyne.KeyName(rune('1' + all)), Mod: fyne.KeyModifierAlt | fyne.KeyModifierShift}
		if x.Keys[0] != want || x.Enabled() != (all < n) {
			t.Errorf("number %d lies on %v, enabled %v", all+1, x.Keys, x.Enabled())
		}
		all++
	}
	if all != 9 || n == 0 {
		t.Errorf("%d keys for %d profiles", all, n)
	}
}

// A button of the scanner scans into the draft in front, and nowhere where none is being filled.
func TestAButtonScansIntoTheDraftInFront(t *testing.T) {
	c := open(t, sample.Filling)
	if !c.ScanWith("feeder") || c.Model().Profile().ID != "feeder" {
		t.Error("it did not scan")
	}
	if c = open(t, sample.Done); c.ScanWith("feeder") {
		t.Error("it scanned into what was handed in")
	}
}
