package escl

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	_ "image/jpeg"
	_ "image/png"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"schalter/data/scan/escl/escltest"
)

// airscan scans with Debian's client, which was written by others, into dir.
func airscan(t *testing.T, s *escltest.Simulator, args ...string) (pages []string, out string, err error) {
	t.Helper()
	if _, err := exec.LookPath("scanimage"); err != nil {
		t.Skip("scanimage is not installed (sane-utils)")
	}
	if found, _ := filepath.Glob("/usr/lib/*/sane/libsane-airscan.so*"); len(found) == 0 {
		t.Skip("the backend airscan is not installed (sane-airscan)")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"dll.conf": "airscan\n", "airscan.conf": "[devices]\nsim = " + s.URL() + "\n[options]\ndiscovery = disable\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.CommandContext(t.Context(), "scanimage", append([]string{"-d", "airscan:e0:sim", "--mode", "Gray", "--resolution", "75", "-x", "210", "-y", "297", "--format=png"}, args...)...)
	c.Env = append(c.Environ(), "SANE_CONFIG_DIR="+dir, "LC_ALL=C")
	c.Dir = dir
	b, err := c.CombinedOutput()
	pages, _ = filepath.Glob(filepath.Join(dir, "*.png"))
	return pages, string(b), err
}

// samePicture compares pixels; two decoders of JPEG may round differently.
func samePicture(t *testing.T, path string, sent []byte) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := image.Decode(bytes.NewReader(b))
	want, _, err2 := image.Decode(bytes.NewReader(sent))
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	g, w := got.Bounds(), want.Bounds()
	if d := g.Dx() - w.Dx(); d < -2 || d > 2 {
		t.Fatalf("%s is %v, sent %v", filepath.Base(path), g, w)
	}
	both := image.Rect(0, 0, min(g.Dx(), w.Dx()), min(g.Dy(), w.Dy()))
	shown, sentAs := image.NewGray(both), image.NewGray(both)
	draw.Draw(shown, both, got, g.Min, draw.Src)
	draw.Draw(sentAs, both, want, w.Min, draw.Src)
	far := 0
	for i, v := range shown.Pix {
		if d := int(v) - int(sentAs.Pix[i]); d < -2 || d > 2 {
			far++
		}
	}
	if far > 0 {
		t.Errorf("%s: %d pixels differ", filepath.Base(path), far)
	}
}

// The simulator is held to the protocol by a client that we did not write.
func TestForeignClientScansFromTheSimulator(t *testing.T) {
	for _, opt := range []escltest.Options{{}, {TLS: true, Absolute: true, End: 409, Chunked: true}} {
		t.Run(fmt.Sprintf("tls %t", opt.TLS), func(t *testing.T) {
			opt.Platen, opt.Feeder = escltest.Sheet(77, 75), escltest.Sheets(10, 75)
			s := escltest.Start(t, opt)
			pages, out, err := airscan(t, s, "--source", "Flatbed", "-o", "flat.png")
			if err != nil || len(pages) != 1 {
				t.Fatalf("%d pages, %v: %s\n%v", len(pages), err, out, s.Requests())
			}
			samePicture(t, pages[0], opt.Platen)
			pages, out, err = airscan(t, s, "--source", "ADF", "--batch=p%03d.png")
			if len(pages) != 10 {
				t.Fatalf("%d pages, %v: %s\n%v", len(pages), err, out, s.Requests())
			}
			for i, p := range pages {
				samePicture(t, p, opt.Feeder[i])
			}
			if s.Left() != 0 {
				t.Errorf("%d sides left", s.Left())
			}
		})
	}
}

func TestForeignClientUnderstandsTheSimulatorsTroubles(t *testing.T) {
	for fault, exit := range map[escltest.Fault]int{escltest.Jam: 6, "": 7} { // SANE_STATUS_JAMMED, SANE_STATUS_NO_DOCS
		s := escltest.Start(t, escltest.Options{Platen: escltest.Sheet(1, 75)})
		if fault == escltest.Jam {
			s.Load(escltest.Sheet(1, 75))
			s.Feeder("ScannerAdfJam")
		}
		_, out, err := airscan(t, s, "--source", "ADF", "-o", "p.png")
		if e, ok := errors.AsType[*exec.ExitError](err); !ok || e.ExitCode() != exit {
			t.Errorf("%q: %v, want exit %d: %s", fault, err, exit, out)
		}
	}
}
