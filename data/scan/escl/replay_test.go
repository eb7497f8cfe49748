package escl

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/escl/escltest"
)

func readRecording(name string) ([]byte, error) {
	return os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "fixtures", "escl", name))
}

// recording reads what a real device said.
func recording(t testing.TB, name string) []byte {
	t.Helper()
	b, err := readRecording(name)
	if os.IsNotExist(err) {
		t.Skip("the recordings of real devices are not here:", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const (
	recordedHP      = "HP-LaserJet-MFP-M426fdn-ScannerCapabilities.xml"
	recordedKyocera = "Kyocera-ECOSYS-M2040dn-ScannerCapabilities.xml"
	recordedXerox   = "Xerox-B235-ScannerCapabilities.xml"
	recordedCanon   = "Canon-MF642C-ScannerCapabilities.xml"
	recordedAirSane = "AirSane-test-backend-ScannerCapabilities.xml"
	recordedBrother = "escl-mock-server-default_scanner_caps.xml"
)

func TestRecordedDevicesAreUnderstood(t *testing.T) {
	all := []scan.Source{scan.Flatbed, scan.Feeder, scan.Duplex}
	three := []scan.Mode{scan.Lineart, scan.Gray, scan.Color}
	for _, c := range []struct {
		file, name, uuid string
		sources          []scan.Source
		modes            []scan.Mode
		dpi              []int
		width, height    int // 1/300 inch
	}{
		{recordedHP, "HP LaserJet MFP M426fdn", "", all, three[1:], []int{75, 200, 300, 600, 1200}, 2550, 4500},
		{recordedKyocera, "Kyocera ECOSYS M2040dn", "4509a320-00a0-008f-00b6-002507510eca", all, three, []int{200, 300, 400, 600}, 2551, 4205},
		{recordedXerox, "Xerox B235 MFP", "", all[:2], three, []int{75, 150, 200, 300, 400, 600}, 2550, 4200},
		{recordedCanon, "Canon MF642C/643C/644C", "d11a3092-5fc4-4487-9e35-7a35a1dd72bb", all[:2], three[1:], []int{300}, 2551, 4200},
		{recordedAirSane, "Noname frontend-tester", "8ee2d9c0-6510-588d-bbcf-4bc1fd245dda", all[:2], three[1:], []int{1, 75, 150, 300, 600, 1200}, 3543, 3543},
		{recordedBrother, "Brother MFC-L8690CDW series", "00000000-0000-1000-8000-0018d7024a10", all, three, nil, 2550, 0},
	} {
		t.Run(c.file, func(t *testing.T) {
			can, err := parseCapabilities(recording(t, c.file))
			if err != nil {
				t.Fatal(err)
			}
			caps := can.caps()
			if caps.Name != c.name || c.uuid != "" && can.uuid != c.uuid {
				t.Errorf("is %q %q", caps.Name, can.uuid)
			}
			if !slices.Equal(caps.Sources, c.sources) || !slices.Equal(caps.Modes, c.modes) || c.dpi != nil && !slices.Equal(caps.Resolutions, c.dpi) {
				t.Errorf("%v %v %v", caps.Sources, caps.Modes, caps.Resolutions)
			}
			if caps.Width != millimetres(c.width) || c.height > 0 && caps.Height != millimetres(c.height) {
				t.Errorf("%v x %v mm", caps.Width, caps.Height)
			}
		})
	}
}

// Every recorded device gets a request that lies within what it says it can do, from each of its sources, in
// every mode.
func TestRecordedDevicesAreAskedForWhatTheyCan(t *testing.T) {
	for _, file := range []string{recordedHP, recordedKyocera, recordedXerox, recordedCanon, recordedAirSane, recordedBrother} {
		t.Run(file, func(t *testing.T) {
			page := escltest.Sheet(1, 75)
			sim := escltest.Start(t, escltest.Options{Describe: recording(t, file), Platen: page})
			s, err := driverFor(sim).Open(t.Context(), sim.URL())
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			for _, source := range s.Caps().Sources {
				for _, mode := range append([]scan.Mode{scan.Lineart}, s.Caps().Modes...) {
					sim.Reset(page)
					n := 0
					err := s.Scan(t.Context(), scan.Settings{Source: source, Mode: mode, DPI: 300, Pages: 1}, func(e scan.Event) error {
						if e.Page != nil {
							n++
						}
						return nil
					})
					if err != nil || n != 1 {
						t.Fatalf("%s %s: %d pages, %v", source, mode, n, err)
					}
					within300(t, recording(t, file), source, sim.Settings()[len(sim.Settings())-1])
				}
			}
		})
	}
}

// within300 holds a request to the numbers in the recording, which it finds by itself.
func within300(t *testing.T, description []byte, source scan.Source, settings string) {
	t.Helper()
	root, err := parseXML(description, "ScannerCapabilities")
	if err != nil {
		t.Fatal(err)
	}
	at := root.kid("Platen").kid("PlatenInputCaps")
	switch source {
	case scan.Feeder:
		at = root.kid("Adf").kid("AdfSimplexInputCaps")
	case scan.Duplex:
		at = root.kid("Adf").kid("AdfDuplexInputCaps")
	case scan.Flatbed:
	}
	got, err := parseXML([]byte(settings), "ScanSettings")
	if err != nil {
		t.Fatal(err)
	}
	region := got.all("ScanRegions", "ScanRegion")[0]
	w, h := region.number("Width"), region.number("Height")
	if w < at.number("MinWidth") || h < at.number("MinHeight") || region.number("XOffset")+w > at.number("MaxWidth") || h > at.number("MaxHeight") {
		t.Errorf("%s: region %s", source, settings)
	}
	if w != min(2480, at.number("MaxWidth")) || h != min(3508, at.number("MaxHeight")) {
		t.Errorf("%s: %d x %d is not A4", source, w, h)
	}
	words := func(name string, path ...string) {
		for _, k := range at.all(append([]string{"SettingProfiles", "SettingProfile"}, path...)...) {
			if k.text == got.value(name) {
				return
			}
		}
		t.Errorf("%s: %s %q is not offered", source, name, got.value(name))
	}
	words("ColorMode", "ColorModes", "ColorMode")
	words("DocumentFormat", "DocumentFormats", "DocumentFormat")
	words("XResolution", "SupportedResolutions", "DiscreteResolutions", "DiscreteResolution", "XResolution")
	if got.value("Duplex") != map[scan.Source]string{scan.Feeder: "false", scan.Duplex: "true"}[source] {
		t.Errorf("%s: duplex %q", source, got.value("Duplex"))
	}
}

func TestRecordedStates(t *testing.T) {
	for file, want := range map[string]status{
		"HP-LaserJet-MFP-M426fdn-ScannerStatus.xml":   {state: "Idle", adf: "ScannerAdfEmpty"},
		"Kyocera-ECOSYS-M2040dn-ScannerStatus.xml":    {state: "Processing", adf: "ScannerAdfProcessing"},
		"Canon-MF642C-ScannerStatus.xml":              {state: "Idle", adf: "ScannerAdfEmpty"},
		"AirSane-test-backend-ScannerStatus-idle.xml": {state: "Idle", adf: "ScannerAdfLoaded"},
	} {
		s, err := parseStatus(recording(t, file))
		if err != nil || s.state != want.state || s.adf != want.adf {
			t.Errorf("%s: %+v, %v", file, s, err)
		}
		if strings.HasPrefix(file, "Kyocera") && s.job("/eSCL/ScanJobs/urn:uuid:4509a320-00a0-008f-00b6-00559a327d32").state != "Processing" {
			t.Errorf("jobs: %+v", s.jobs)
		}
	}
}

// Our requests are those that were recorded as accepted.
func TestRecordedSettings(t *testing.T) {
	can, err := parseCapabilities(recording(t, recordedAirSane))
	if err != nil {
		t.Fatal(err)
	}
	s := &Session{client: newClient(&Options{}, baseURL("http", "scanner", ""), ""), can: can}
	for file, source := range map[string]scan.Source{"ScanSettings-feeder-gray150.xml": scan.Feeder, "ScanSettings-platen-gray150.xml": scan.Flatbed} {
		p, err := s.plan(scan.Settings{Source: source, Mode: scan.Gray, DPI: 150})
		if err != nil {
			t.Fatal(err)
		}
		want, err := parseXML(recording(t, file), "ScanSettings")
		if err != nil {
			t.Fatal(err)
		}
		got, err := parseXML([]byte(p.settings()), "ScanSettings")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"InputSource", "ColorMode", "XResolution", "YResolution", "DocumentFormat", "Version"} {
			if got.value(name) != want.value(name) {
				t.Errorf("%s: %s is %q, want %q", file, name, got.value(name), want.value(name))
			}
		}
		a, b := got.all("ScanRegions", "ScanRegion")[0], want.all("ScanRegions", "ScanRegion")[0]
		for _, name := range []string{"Width", "Height", "XOffset", "YOffset", "ContentRegionUnits"} {
			if a.value(name) != b.value(name) {
				t.Errorf("%s: %s is %q, want %q", file, name, a.value(name), b.value(name))
			}
		}
	}
}

// transcript plays a recorded scan: the same statuses, types and sizes in the same order.
type transcript struct {
	answers []played
	status  []byte
	path    string

	mu      sync.Mutex
	next    int
	deleted int
}

type played struct {
	status int
	kind   string
	size   int
}

func readTranscript(t *testing.T, name string) *transcript {
	tr := &transcript{}
	for line := range strings.Lines(string(recording(t, name))) {
		line = strings.TrimSpace(line)
		if rest, ok := strings.CutPrefix(line, "NextDocument "); ok {
			_, rest, _ = strings.Cut(rest, ": ")
			f := strings.Split(rest, " ")
			code, err := strconv.Atoi(f[0])
			size, err2 := strconv.Atoi(f[2])
			if err != nil || err2 != nil {
				t.Fatal(line)
			}
			tr.answers = append(tr.answers, played{code, f[1], size})
		}
		if strings.HasPrefix(line, "<?xml") {
			tr.status = []byte(line)
		}
	}
	s, err := parseStatus(tr.status)
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range s.jobs { // the one that the recorded scan made is the one that scanned
		if tr.path == "" || j.state == "Completed" || j.state == "Aborted" {
			tr.path = j.uri
		}
	}
	return tr
}

// sized is a page of exactly so many bytes, filled up by a comment.
func sized(t *testing.T, size int) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 62, 87)), nil); err != nil {
		t.Fatal(err)
	}
	page := b.Bytes()
	rest := size - len(page) - 4
	if size == 0 {
		return nil
	}
	if rest < 0 || rest > 65000 {
		t.Fatalf("%d bytes for a page of %d", size, len(page))
	}
	comment := append([]byte{0xff, 0xfe, byte((rest + 2) >> 8), byte(rest + 2)}, bytes.Repeat([]byte{'.'}, rest)...)
	return slices.Concat(page[:2], comment, page[2:])
}

func (tr *transcript) ServeHTTP(t *testing.T, caps []byte) http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /eSCL/ScannerCapabilities", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(caps) })
	m.HandleFunc("GET /eSCL/ScannerStatus", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(tr.status) })
	m.HandleFunc("POST /eSCL/ScanJobs", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", tr.path)
		w.WriteHeader(http.StatusCreated)
	})
	m.HandleFunc("GET "+tr.path+"/NextDocument", func(w http.ResponseWriter, _ *http.Request) {
		tr.mu.Lock()
		defer tr.mu.Unlock()
		if tr.next >= len(tr.answers) {
			t.Error("more was asked for than was recorded")
			w.WriteHeader(http.StatusNotFound)
			return
		}
		a := tr.answers[tr.next]
		tr.next++
		w.Header().Set("Content-Type", a.kind)
		w.WriteHeader(a.status)
		_, _ = w.Write(sized(t, a.size))
	})
	m.HandleFunc("DELETE "+tr.path, func(http.ResponseWriter, *http.Request) {
		tr.mu.Lock()
		defer tr.mu.Unlock()
		tr.deleted++
	})
	return m
}

func TestRecordedScans(t *testing.T) {
	for _, c := range []struct {
		file   string
		source scan.Source
		pages  int
		asked  int
		code   record.Code
	}{
		{"AirSane-transcript-flatbed.txt", scan.Flatbed, 1, 1, ""},
		{"AirSane-transcript-adf10.txt", scan.Feeder, 10, 11, ""},
		{"AirSane-transcript-jammed.txt", scan.Feeder, 0, 1, record.CodeScanJam},
	} {
		t.Run(c.file, func(t *testing.T) {
			tr := readTranscript(t, c.file)
			server := httptest.NewServer(tr.ServeHTTP(t, recording(t, recordedAirSane)))
			defer server.Close()
			s, err := New(Options{Browse: silence, Timer: newClock(retryAfter).timer}).Open(t.Context(), server.URL)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			var sizes []string
			err = s.Scan(t.Context(), scan.Settings{Source: c.source, Mode: scan.Gray, DPI: 75}, func(e scan.Event) error {
				if e.Page != nil {
					sizes = append(sizes, fmt.Sprint(len(e.Page.Data)))
				}
				return nil
			})
			if record.CodeOf(err) != c.code || len(sizes) != c.pages || tr.next != c.asked || tr.deleted != 1 {
				t.Fatalf("%d pages %v, %d asked for, %d taken back, %v", len(sizes), sizes, tr.next, tr.deleted, err)
			}
			for _, size := range sizes {
				if size != "25907" {
					t.Errorf("a page of %s bytes", size)
				}
			}
		})
	}
}
