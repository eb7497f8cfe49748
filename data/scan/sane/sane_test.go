package sane

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/scantest"
)

// testBackend is SANE's own test device, configured privately so that no system file is touched.
func testBackend(t *testing.T, options ...string) *Driver {
	t.Helper()
	if _, err := exec.LookPath("scanimage"); err != nil {
		t.Skip("scanimage is not installed")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"dll.conf": "test\n", "test.conf": "geometry_max 300.0\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return &Driver{Env: []string{"SANE_CONFIG_DIR=" + dir}, Options: append([]string{"--test-picture", "Grid"}, options...)}
}

// testStatus is what SANE's test device can be made to answer.
var testStatus = map[record.Code]string{
	record.CodeScanNoPaper: "SANE_STATUS_NO_DOCS", record.CodeScanJam: "SANE_STATUS_JAMMED", record.CodeScanCoverOpen: "SANE_STATUS_COVER_OPEN",
	record.CodeScanBusy: "SANE_STATUS_DEVICE_BUSY", record.CodeScanDenied: "SANE_STATUS_ACCESS_DENIED", record.CodeScanOffline: "SANE_STATUS_IO_ERROR",
	record.CodeDiskFull: "SANE_STATUS_NO_MEM",
}

// midway is how a scanimage ends that got into trouble after some pages; the test device fails at once or
// never.
var midway = map[record.Code]string{
	record.CodeScanJam: "exit 6", record.CodeScanCoverOpen: "exit 8", record.CodeScanBusy: "exit 3", record.CodeScanDenied: "exit 11",
	record.CodeScanOffline: "exit 9", record.CodeScanDoubleFeed: "exit 6", record.CodeScanTimeout: "exec sleep 60",
	record.CodeScanBadData: "half 3; exit 0", record.CodeDiskFull: "half 3; exit 0",
}

func TestContract(t *testing.T) {
	scantest.Run(t, scantest.Bench{
		Driver: testBackend(t, "--read-delay=yes", "--read-delay-duration", "1000"), Device: "test:0", Stack: 10,
		Slow: func(t *testing.T) scan.Driver {
			return testBackend(t, "--read-delay=yes", "--read-delay-duration", "20000")
		},
		Trouble: func(t *testing.T, c record.Code) scan.Driver {
			if testStatus[c] == "" {
				return nil
			}
			return testBackend(t, "--read-return-value", testStatus[c])
		},
		Midway: func(t *testing.T, c record.Code, after int) scan.Driver {
			sensor := ""
			if c == record.CodeScanDoubleFeed {
				sensor = "--omr-df[=(yes|no)] [yes] [hardware]"
			}
			d := fake(t, sensor, fmt.Sprintf("for i in $(seq %d); do page $i; done; %s", after, midway[c]))
			if c == record.CodeDiskFull {
				d.free = func(string) (uint64, bool) { return 0, true }
			}
			return d
		},
		Gone: func(t *testing.T, after int) (scan.Driver, record.Code) {
			return fake(t, "", fmt.Sprintf("for i in $(seq %d); do page $i; done; exit 9", after)), record.CodeScanOffline
		},
	})
}

// fake is a scanimage that behaves as real ones do in ways the test device cannot.
func fake(t *testing.T, sensor, script string) *Driver {
	t.Helper()
	path := filepath.Join(t.TempDir(), "scanimage")
	page := filepath.Join(t.TempDir(), "page.png")
	real := testBackend(t)
	c, err := real.command(t.Context(), "-d", "test:0", "--mode", "Gray", "--resolution", "75", "-x", "210", "-y", "297", "--test-picture", "Grid", "--format=png", "-o", page)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	head := `#!/bin/sh
for a in "$@"; do case "$a" in --batch=*) pattern=${a#--batch=};; -A)
cat <<END
    --source Flatbed|ADF [Flatbed]
    ` + sensor + `
END
exit 0;; esac; done
page() { echo "Scanning page $1" >&2; f=$(printf "$pattern" $1); cp ` + page + ` "$f"; echo "$f"; }
half() { f=$(printf "$pattern" $1); head -c 900 ` + page + ` >"$f"; echo "$f"; }
`
	if err := os.WriteFile(path, []byte(head+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return &Driver{Program: path, Idle: 2 * time.Second, Grace: 10 * time.Millisecond}
}

func TestTroubleInMidStackKeepsThePagesBefore(t *testing.T) {
	for _, c := range []struct {
		name, script string
		want         record.Code
		pages        int
	}{
		{"end of stack", "page 1; page 2; exit 7", "", 2},
		{"death", "page 1; kill -9 $$", record.CodeScanBadData, 1},
		{"nothing at all", "exit 0", record.CodeScanNoPaper, 0},
		{"hangs after it told of a jam", "page 1; echo 'scanimage: sane_start: Document feeder jammed' >&2; exec sleep 60", record.CodeScanJam, 1},
		{"hangs at the end of the stack", "page 1; page 2; echo 'scanimage: sane_start: Document feeder out of documents' >&2; exec sleep 60", "", 2},
		{"hangs when all is said", "page 1; page 2; echo 'Batch terminated, 2 pages scanned' >&2; exec sleep 60", "", 2},
		{"a word nobody knows", "page 1; echo 'scanimage: sane_read: Paper is on fire' >&2; exec sleep 60", record.CodeScanBadData, 1},
		{"a helper keeps the pipes", "sleep 60 & page 1; page 2; exit 7", "", 2},
		{"deaf to the interrupt", "trap '' INT; page 1; half 2; sleep 60; sleep 60", record.CodeScanBadData, 1},
		{"garbage instead of a page", "page 1; page 2; head -c 9000 /dev/urandom >$(printf \"$pattern\" 3); printf \"$pattern\\n\" 3; exit 0", record.CodeScanBadData, 2},
		{"an empty page", "page 1; page 2; : >$(printf \"$pattern\" 3); printf \"$pattern\\n\" 3; exit 0", record.CodeScanBadData, 2},
		{"noise without an end", "page 1; page 2; head -c 200000 /dev/zero; echo; page 3; exit 0", record.CodeScanBadData, 2},
		{"noise beside it", "page 1; head -c 200000 /dev/zero >&2; page 2; exit 0", "", 2},
		{"pulled out in the middle of a page", "page 1; page 2; half 3; kill -9 $$", record.CodeScanBadData, 2},
		{"a name that is no page", "page 1; echo /etc/hostname-that-is-not-there; exit 0", record.CodeScanBadData, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := fake(t, "", c.script).Open(t.Context(), "x")
			if err != nil {
				t.Fatal(err)
			}
			n, same := 0, 0
			err = s.Scan(t.Context(), scan.Settings{Source: scan.Feeder, Mode: scan.Gray, DPI: 75}, func(e scan.Event) error {
				if e.Page != nil {
					n++
				}
				if e.Code == scan.WarnSamePage {
					same++
				}
				return nil
			})
			if record.CodeOf(err) != c.want || n != c.pages {
				t.Fatalf("%d pages (want %d), error %v (want %q)", n, c.pages, err, c.want)
			}
			if c.pages == 2 && same != 1 {
				t.Errorf("two equal pages gave %d warnings", same)
			}
		})
	}
}

// Pages that came before the child ended are taken even where storing them takes longer than the child lives.
func TestSlowStoringLosesNothing(t *testing.T) {
	s, err := fake(t, "", "page 1; page 2; page 3; exit 0").Open(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	err = s.Scan(t.Context(), scan.Settings{Source: scan.Feeder, Mode: scan.Gray, DPI: 75}, func(e scan.Event) error {
		if e.Page == nil {
			return nil
		}
		if n++; n == 1 {
			for len(childrenOf(t)) > 0 { // the child has ended, its other pages lie in the pipe
				runtime.Gosched()
			}
		}
		return nil
	})
	if err != nil || n != 3 {
		t.Fatalf("%d pages, %v", n, err)
	}
}

func childrenOf(t *testing.T) []string {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", os.Getpid(), os.Getpid()))
	if err != nil {
		t.Skip("this system does not tell of children")
	}
	return strings.Fields(string(b))
}

// A page cut off with no error from the child is told: PNG at its end of file aborts (134), TIFF says nothing.
func TestEndOfFileWithinAPage(t *testing.T) {
	for _, m := range []scan.Mode{scan.Gray, scan.Lineart} {
		s, err := testBackend(t, "--read-return-value", "SANE_STATUS_EOF").Open(t.Context(), "test:0")
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		err = s.Scan(t.Context(), scan.Settings{Source: scan.Flatbed, Mode: m, DPI: 75}, func(e scan.Event) error {
			if e.Page != nil {
				n++
			}
			return nil
		})
		if record.CodeOf(err) != record.CodeScanBadData || n != 0 {
			t.Errorf("%s: %d pages, %v", m, n, err)
		}
	}
}

func TestBlackAndWhiteIsOneBit(t *testing.T) {
	s, err := testBackend(t).Open(t.Context(), "test:0")
	if err != nil {
		t.Fatal(err)
	}
	err = s.Scan(t.Context(), scan.Settings{Source: scan.Flatbed, Mode: scan.Lineart, DPI: 75, Paper: scan.A5}, func(e scan.Event) error {
		if e.Page != nil && (e.Page.MediaType != "image/png" || e.Page.Data[24] != 1) {
			t.Errorf("%s with %d bits", e.Page.MediaType, e.Page.Data[24])
		}
		if e.Page != nil && (e.Page.Width < 430 || e.Page.Width > 440) {
			t.Errorf("A5 is %d wide", e.Page.Width)
		}
		if e.Kind == scan.Warning {
			t.Errorf("warning %s", e.Code)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A resolution that the device rounds without a word is told, and the page carries the real one.
func TestRoundedResolutionIsTold(t *testing.T) {
	d := testBackend(t)
	for _, c := range []struct{ want, got int }{{4800, 1200}, {0, 1}} {
		s, err := d.Open(t.Context(), "test:0")
		if err != nil {
			t.Fatal(err)
		}
		told, dpi := 0, 0
		err = s.Scan(t.Context(), scan.Settings{Source: scan.Flatbed, Mode: scan.Gray, DPI: c.want, Width: 20, Height: 20}, func(e scan.Event) error {
			if e.Code == scan.WarnResolution {
				told++
			}
			if e.Page != nil {
				dpi = e.Page.DPI
			}
			return nil
		})
		if err == nil && (told != 1 || dpi != c.got) || err != nil && c.want > 0 {
			t.Errorf("asked %d, told %d times, %d dpi, %v", c.want, told, dpi, err)
		}
	}
	// What the device says of itself may be wrong too: it offers what it then rounds.
	s, err := d.Open(t.Context(), "test:0")
	if err != nil {
		t.Fatal(err)
	}
	s.(*session).caps.MaxDPI = 4800
	told, dpi := 0, 0
	err = s.Scan(t.Context(), scan.Settings{Source: scan.Flatbed, Mode: scan.Gray, DPI: 2400, Width: 20, Height: 20}, func(e scan.Event) error {
		if e.Code == scan.WarnResolution {
			told++
		}
		if e.Page != nil {
			dpi = e.Page.DPI
		}
		return nil
	})
	if err != nil || told != 1 || dpi != 1200 {
		t.Errorf("told %d times, %d dpi, %v", told, dpi, err)
	}
}

func TestNothingOfAPageStaysOnDisk(t *testing.T) {
	d := testBackend(t)
	d.Spool = t.TempDir()
	s, err := d.Open(t.Context(), "test:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Scan(t.Context(), scan.Settings{Source: scan.Feeder, Mode: scan.Color, DPI: 75}, func(scan.Event) error { return nil }); err != nil {
		t.Fatal(err)
	}
	left, _ := filepath.Glob(filepath.Join(d.Spool, "*"))
	if len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// SANE's own test device has options that are only read, but none that is a button.
func TestTheTestDeviceHasNoButtons(t *testing.T) {
	all, err := testBackend(t).ask(t.Context(), "test:0", "--enable-test-options=yes")
	if err != nil || !all["bool-hard-select"].hardware {
		t.Fatalf("%v, %v", all, err)
	}
	if got := capsOf(all).Buttons; len(got) > 0 {
		t.Errorf("%v", got)
	}
}

// A device that reads its buttons only when told to is told to.
func TestButtonsAreReadFromTheDevice(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "scanimage")
	script := `#!/bin/sh
echo "$*" >>` + dir + `/asked
case "$*" in *--button-update*) pressed=1;; *) pressed=0;; esac
cat <<END
    --source Flatbed [Flatbed]
    --button-update
    --button-1 <int> [$pressed] [read-only]
    --scan[=(yes|no)] [no] [hardware]
END
`
	if err := os.WriteFile(path, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := (&Driver{Program: path}).Open(t.Context(), "pixma:1")
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Caps().Buttons; !slices.Equal(got, []string{"button-1", "scan"}) {
		t.Fatalf("%v", got)
	}
	state, err := s.(scan.Sensor).Sense(t.Context())
	if err != nil || !slices.Equal(state.Buttons, []string{"button-1"}) {
		asked, _ := os.ReadFile(filepath.Join(dir, "asked"))
		t.Errorf("%+v, %v, asked %s", state, err, asked)
	}
}

func TestNoScanProgram(t *testing.T) {
	d := &Driver{Program: filepath.Join(t.TempDir(), "nothing")}
	if _, err := d.Discover(t.Context()); record.CodeOf(err) != record.CodeScanNoSoftware {
		t.Fatal(err)
	}
}
