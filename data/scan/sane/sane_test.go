package sane

import (
	"os"
	"os/exec"
	"path/filepath"
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

func TestContract(t *testing.T) {
	status := map[record.Code]string{
		record.CodeScanNoPaper: "SANE_STATUS_NO_DOCS", record.CodeScanJam: "SANE_STATUS_JAMMED", record.CodeScanCoverOpen: "SANE_STATUS_COVER_OPEN",
		record.CodeScanBusy: "SANE_STATUS_DEVICE_BUSY", record.CodeScanDenied: "SANE_STATUS_ACCESS_DENIED", record.CodeScanOffline: "SANE_STATUS_IO_ERROR",
	}
	scantest.Run(t, scantest.Bench{
		Driver: testBackend(t, "--read-delay=yes", "--read-delay-duration", "1000"), Device: "test:0", Stack: 10,
		Trouble: func(c record.Code) scan.Driver { return testBackend(t, "--read-return-value", status[c]) },
	})
}

// fake is a scanimage that behaves as real ones do in ways the test device cannot.
func fake(t *testing.T, script string) *Driver {
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
for a in "$@"; do case "$a" in --batch=*) pattern=${a#--batch=};; -A) echo "    --source Flatbed|ADF [Flatbed]"; exit 0;; esac; done
page() { f=$(printf "$pattern" $1); cp ` + page + ` "$f"; echo "$f"; }
`
	if err := os.WriteFile(path, []byte(head+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return &Driver{Program: path, Idle: 2 * time.Second}
}

func TestTroubleInMidStackKeepsThePagesBefore(t *testing.T) {
	for _, c := range []struct {
		name, script string
		want         record.Code
		pages        int
	}{
		{"jam on page 3", "page 1; page 2; exit 6", record.CodeScanJam, 2},
		{"end of stack", "page 1; page 2; exit 7", "", 2},
		{"cut-off page with exit 0", `page 1; f=$(printf "$pattern" 2); head -c 900 "$(printf "$pattern" 1)" 2>/dev/null >"$f"; echo half >>"$f"; echo "$f"; exit 0`, record.CodeScanBadData, 1},
		{"silence", "page 1; exec sleep 60", record.CodeScanTimeout, 1},
		{"death", "page 1; kill -9 $$", record.CodeScanBadData, 1},
		{"nothing at all", "exit 0", record.CodeScanNoPaper, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := fake(t, c.script).Open(t.Context(), "x")
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

func TestNoScanProgram(t *testing.T) {
	d := &Driver{Program: filepath.Join(t.TempDir(), "nothing")}
	if _, err := d.Discover(t.Context()); record.CodeOf(err) != record.CodeScanNoSoftware {
		t.Fatal(err)
	}
}

func TestCapsOfRealDevices(t *testing.T) {
	c := parseCaps(strings.Join([]string{
		"    --mode Lineart|Gray|Color [Gray]", "    --resolution 75|150|300|600dpi [75]", "    --source Flatbed|ADF Front|ADF Duplex [Flatbed]",
		"    -x 0..215.9mm [215.9]", "    -y 0..355.6mm [297.0]", "    --brightness -100..100% (in steps of 1) [0]", "    --compression None|JPEG [None]",
	}, "\n"))
	if len(c.Modes) != 3 || c.RawSource[scan.Feeder] != "ADF Front" || c.RawSource[scan.Duplex] != "ADF Duplex" || c.Width != 215.9 || c.Height != 355.6 {
		t.Errorf("%+v", c)
	}
	if c.Resolution(200) != 150 || c.Resolution(300) != 300 || c.Resolution(225) != 300 || c.Resolution(10) != 75 {
		t.Errorf("resolutions: %v", c.Resolutions)
	}
}

func FuzzParseCaps(f *testing.F) {
	f.Add("    --source Flatbed|ADF [Flatbed]\n    -x 0..210mm [80]\n")
	f.Fuzz(func(t *testing.T, s string) { parseCaps(s) })
}
