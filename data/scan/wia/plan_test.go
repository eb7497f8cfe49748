package wia

import (
	"os"
	"os/exec"
	"slices"
	"testing"

	"schalter/data/record"
	"schalter/data/scan"
)

func TestWhatADeviceCan(t *testing.T) {
	values := map[int]int{propHandlingCaps: feeder | flatbed | duplex, propBedWidth: 8500, propBedHeight: 11700, propFeedWidth: 8500, propFeedHeight: 14000}
	c := capsOf(func(id int) int { return values[id] }, "Muster S 1")
	if !slices.Equal(c.Sources, []scan.Source{scan.Flatbed, scan.Feeder, scan.Duplex}) || c.Name != "Muster S 1" {
		t.Errorf("%+v", c)
	}
	if c.Width < 215.8 || c.Width > 216 || c.Height < 355.5 || c.Height > 355.7 {
		t.Errorf("%.1f x %.1f mm", c.Width, c.Height)
	}
	if plain := capsOf(func(int) int { return 0 }, ""); !slices.Equal(plain.Sources, []scan.Source{scan.Flatbed}) {
		t.Errorf("%+v", plain)
	}
}

func TestWhatIsAskedFor(t *testing.T) {
	caps := scan.Caps{Width: 215.9, Height: 297}
	item := ofItem(scan.Settings{Source: scan.Duplex, Mode: scan.Lineart, DPI: 300}, caps)
	want := map[int]int{propIntent: 4, propXRes: 300, propYRes: 300, propXExtent: 2480, propYExtent: 3508}
	for _, p := range item {
		if v, ok := want[p.id]; ok && v != p.value {
			t.Errorf("property %d is %d, want %d", p.id, p.value, v)
		}
	}
	for source, handling := range map[scan.Source]int{scan.Flatbed: flatbed, scan.Feeder: feeder, scan.Duplex: feeder | duplex} {
		if p := ofDevice(scan.Settings{Source: source}); p[0].value != handling || p[0].must != (source != scan.Flatbed) {
			t.Errorf("%s: %+v", source, p)
		}
	}
}

func TestErrorNumbers(t *testing.T) {
	for number, want := range map[uint32]record.Code{
		0x80210002: record.CodeScanJam, 0x80210003: record.CodeScanNoPaper, 0x80210016: record.CodeScanCoverOpen, 0x80210006: record.CodeScanBusy,
		0x80210005: record.CodeScanOffline, 0x80070005: record.CodeScanDenied, 0x80210020: record.CodeScanDoubleFeed, 0x80210064: record.CodeScanCancelled,
		0xdeadbeef: record.CodeScanBadData,
	} {
		if got := codeOf(number); got != want {
			t.Errorf("%#x is %s, want %s", number, got, want)
		}
	}
}

// The code that no machine here can run is at least whole: every scan driver compiles for Windows without cgo.
func TestItCompilesForWindows(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("there is no compiler here")
	}
	c := exec.Command("go", "vet", "schalter/data/scan/...")
	c.Env = append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
