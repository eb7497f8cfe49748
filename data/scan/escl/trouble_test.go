package escl

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/escl/escltest"
)

func gray(source scan.Source) scan.Settings {
	return scan.Settings{Source: source, Mode: scan.Gray, DPI: 75}
}

// scanAll scans and says what came.
func scanAll(t *testing.T, d scan.Driver, id string, set scan.Settings) (pages []*scan.Page, warned []record.Code, err error) {
	t.Helper()
	s, err := d.Open(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.Scan(t.Context(), set, func(e scan.Event) error {
		if e.Page != nil {
			pages = append(pages, e.Page)
		}
		if e.Kind == scan.Warning {
			warned = append(warned, e.Code)
		}
		return nil
	})
	return pages, warned, err
}

func TestTroubleAtAPage(t *testing.T) {
	stack := escltest.Sheets(6, 30)
	for _, c := range []struct {
		fault escltest.Fault
		code  record.Code
	}{
		{escltest.Jam, record.CodeScanJam},
		{escltest.Silent, record.CodeScanJam},
		{escltest.DoubleFeed, record.CodeScanDoubleFeed},
		{escltest.CoverOpen, record.CodeScanCoverOpen},
		{escltest.Unplug, record.CodeScanOffline},
		{escltest.Drop, record.CodeScanOffline},
		{escltest.Lose, record.CodeScanOffline},
		{escltest.Cut, record.CodeScanBadData},
		{escltest.PDF, record.CodeScanFormat},
		{escltest.Stopped, record.CodeScanCancelled},
		{escltest.Broken, record.CodeScanBadAnswer},
		{escltest.Huge, record.CodeScanBadAnswer},
	} {
		for _, at := range []int{1, 4} {
			t.Run(string(c.fault), func(t *testing.T) {
				sim := escltest.Start(t, escltest.Options{Feeder: stack})
				sim.Break(at, c.fault)
				pages, _, err := scanAll(t, driverFor(sim), sim.ID(), gray(scan.Feeder))
				if record.CodeOf(err) != c.code || len(pages) != at-1 {
					t.Fatalf("%d pages, %v; want %d and %s", len(pages), err, at-1, c.code)
				}
				for i, p := range pages {
					if !slices.Equal(p.Data, stack[i]) {
						t.Errorf("page %d is another", i+1)
					}
				}
				if e, _ := errors.AsType[*record.Error](err); c.code == record.CodeScanBadData && e.Args["page"] != at {
					t.Errorf("page %v is named, not %d", e.Args["page"], at)
				}
				if _, left := sim.Jobs(); left != 0 && c.fault != escltest.Unplug {
					t.Error("the job was not taken back")
				}
			})
		}
	}
}

func TestFlatbedDoesNotCareForTheFeeder(t *testing.T) {
	sim := escltest.Start(t, escltest.Options{Platen: escltest.Sheet(1, 75)})
	if pages, _, err := scanAll(t, driverFor(sim), sim.ID(), gray(scan.Flatbed)); err != nil || len(pages) != 1 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	sim.Break(1, escltest.Silent) // a glass cannot jam
	if _, _, err := scanAll(t, driverFor(sim), sim.ID(), gray(scan.Flatbed)); record.CodeOf(err) != record.CodeScanBadData {
		t.Error(err)
	}
}

func TestEmptyFeeder(t *testing.T) {
	sim := escltest.Start(t, escltest.Options{})
	d := driverFor(sim)
	if _, _, err := scanAll(t, d, sim.ID(), gray(scan.Feeder)); record.CodeOf(err) != record.CodeScanNoPaper {
		t.Error(err)
	}
	sim.Feeder("ScannerAdfProcessing") // Kyocera's word for it
	if _, _, err := scanAll(t, d, sim.ID(), gray(scan.Feeder)); record.CodeOf(err) != record.CodeScanNoPaper {
		t.Error(err)
	}
	sim.Mend()
	s, err := d.Open(t.Context(), sim.ID())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	sense := func(want scan.Readiness) {
		t.Helper()
		if st, err := s.(scan.Sensor).Sense(t.Context()); err != nil || st.Paper != want {
			t.Errorf("%v, %v; want %v", st, err, want)
		}
	}
	sense(scan.PaperNone)
	sim.Load(escltest.Sheet(1, 75))
	sense(scan.PaperReady)
	sim.Feeder("ScannerAdfProcessing")
	sense(scan.PaperUnknown)
	sim.Close()
	if _, err := s.(scan.Sensor).Sense(t.Context()); record.CodeOf(err) != record.CodeScanOffline {
		t.Error(err)
	}
}

func TestDeviceWithoutFeederSensesNothing(t *testing.T) {
	sim := escltest.Start(t, escltest.Options{NoFeeder: true})
	s, err := driverFor(sim).Open(t.Context(), sim.ID())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if st, err := s.(scan.Sensor).Sense(t.Context()); err != nil || st.Paper != scan.PaperUnknown {
		t.Errorf("%v, %v", st, err)
	}
}

func TestBusyDevicesAreAskedAgainEachSecond(t *testing.T) {
	for _, c := range []struct {
		jobs, pages, waits int
		code               record.Code
	}{
		{0, 0, 0, ""},
		{3, 0, 3, ""},
		{0, 5, 5, ""},
		{30, 30, 60, ""},
		{31, 0, 30, record.CodeScanBusy},
		{0, 31, 30, record.CodeScanBusy},
	} {
		sim := escltest.Start(t, escltest.Options{Platen: escltest.Sheet(1, 30)})
		sim.Busy(c.jobs, c.pages)
		passing := newClock(retryAfter)
		d := New(Options{Browse: silence, Timer: passing.timer})
		pages, _, err := scanAll(t, d, sim.URL(), gray(scan.Flatbed))
		if record.CodeOf(err) != c.code || (err == nil) != (len(pages) == 1) || passing.count(retryAfter) != c.waits {
			t.Errorf("%+v: %d pages after %d waits, %v", c, len(pages), passing.count(retryAfter), err)
		}
	}
}

func TestBusyWithATroubleThatWaitingDoesNotEnd(t *testing.T) {
	sim := escltest.Start(t, escltest.Options{Feeder: escltest.Sheets(1, 75)})
	sim.Busy(31, 0)
	sim.Feeder("ScannerAdfJam")
	passing := newClock(retryAfter)
	_, _, err := scanAll(t, New(Options{Browse: silence, Timer: passing.timer}), sim.URL(), gray(scan.Feeder))
	if record.CodeOf(err) != record.CodeScanJam || passing.count(retryAfter) != 0 {
		t.Errorf("%v after %d waits", err, passing.count(retryAfter))
	}
}

// A device that says nothing any more is left after the longest silence, not before.
func TestSilence(t *testing.T) {
	gate := make(chan struct{})
	sim := escltest.Start(t, escltest.Options{Feeder: escltest.Sheets(3, 75), Middle: func(page int) {
		if page == 2 {
			<-gate
		}
	}})
	defer close(gate)
	others := newClock(retryAfter)
	idle := make(chan func(), 64)
	timer := func(span time.Duration) (<-chan time.Time, func()) {
		if span != idleLimit {
			return others.timer(span)
		}
		ch := make(chan time.Time, 1)
		idle <- func() { ch <- time.Time{} }
		return ch, func() {}
	}
	s, err := New(Options{Browse: silence, Timer: timer}).Open(t.Context(), sim.URL())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	err = s.Scan(t.Context(), gray(scan.Feeder), func(e scan.Event) error {
		if e.Page != nil {
			n++
		}
		if e.Kind == scan.Started && e.N == 2 { // the half is here, no more comes
			go func() {
				for {
					select {
					case over := <-idle:
						over()
					case <-gate:
						return
					}
				}
			}()
		}
		return nil
	})
	if record.CodeOf(err) != record.CodeScanTimeout || n != 1 {
		t.Fatalf("%d pages, %v", n, err)
	}
	if _, left := sim.Jobs(); left != 0 {
		t.Error("the job was not taken back")
	}
}

// Cancelled at whatever event, a scan ends as cancelled, what came before is whole, and the job is taken back.
func TestCancelAtAnyMoment(t *testing.T) {
	stack := escltest.Sheets(3, 30)
	for after := range 12 {
		sim := escltest.Start(t, escltest.Options{Feeder: stack})
		s, err := driverFor(sim).Open(t.Context(), sim.ID())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		seen, pages := 0, 0
		err = s.Scan(ctx, gray(scan.Feeder), func(e scan.Event) error {
			if e.Page != nil {
				pages++
			}
			if seen++; seen == after {
				cancel()
			}
			return nil
		})
		ended := ctx.Err() != nil
		cancel()
		if ended != (record.CodeOf(err) == record.CodeScanCancelled) || !ended && pages != 3 {
			t.Errorf("after %d events: %d pages, %v", after, pages, err)
		}
		if _, left := sim.Jobs(); left != 0 {
			t.Errorf("after %d events: the job was not taken back", after)
		}
	}
}

// A cancel while the job is being made still takes back the job that the device then has.
func TestCancelWhileTheJobIsMade(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	deleted := make(chan string, 1)
	page := escltest.Sheet(1, 75)
	sim := escltest.Start(t, escltest.Options{Platen: page})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodPost:
			cancel()
			w.Header().Set("Location", "/eSCL/ScanJobs/7")
			w.WriteHeader(http.StatusCreated)
		case http.MethodDelete:
			deleted <- r.URL.Path
		default:
			http.Redirect(w, r, sim.URL(), http.StatusFound)
		}
	}))
	defer server.Close()
	can, err := parseCapabilities([]byte(minimal))
	if err != nil {
		t.Fatal(err)
	}
	opt := &New(Options{Browse: silence, Timer: newClock().timer}).opt
	a, err := parseAddress(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	s := &Session{client: newClient(opt, a.bases[0], ""), can: can, gate: &scan.Gate{}}
	if err := s.Scan(ctx, gray(scan.Flatbed), func(scan.Event) error { return nil }); record.CodeOf(err) != record.CodeScanCancelled {
		t.Error(err)
	}
	select {
	case path := <-deleted:
		if path != "/eSCL/ScanJobs/7" {
			t.Error(path)
		}
	default:
		t.Error("the job was not taken back")
	}
}

// minimal is the least that a device can say of itself.
const minimal = `<ScannerCapabilities><MakeAndModel>M</MakeAndModel><Platen><PlatenInputCaps><MaxWidth>2550</MaxWidth><MaxHeight>3508</MaxHeight></PlatenInputCaps></Platen></ScannerCapabilities>`

func TestDevicesThatSendOnlyOtherFormatsAreRefusedByName(t *testing.T) {
	sim := escltest.Start(t, escltest.Options{Platen: escltest.Sheet(1, 75), Formats: []string{"application/pdf"}})
	_, _, err := scanAll(t, driverFor(sim), sim.ID(), gray(scan.Flatbed))
	if e, ok := errors.AsType[*record.Error](err); !ok || e.Code != record.CodeScanFormat || e.Args["format"] != "PDF" {
		t.Fatal(err)
	}
	if made, _ := sim.Jobs(); made != 0 {
		t.Error("it was asked to scan")
	}
}

func TestWarnings(t *testing.T) {
	same := escltest.Sheet(1, 75)
	sim := escltest.Start(t, escltest.Options{Feeder: [][]byte{same, same, escltest.Sheet(2, 75)}})
	_, warned, err := scanAll(t, driverFor(sim), sim.ID(), scan.Settings{Source: scan.Feeder, Mode: scan.Gray, DPI: 80})
	if err != nil || !slices.Equal(warned, []record.Code{scan.WarnResolution, scan.WarnSamePage}) {
		t.Errorf("%v, %v", warned, err)
	}
	sim.Reset(escltest.Sheet(3, 75))
	if _, warned, err = scanAll(t, driverFor(sim), sim.ID(), scan.Settings{Source: scan.Feeder, Mode: scan.Gray, DPI: 100}); err != nil || !slices.Equal(warned, []record.Code{scan.WarnShort}) {
		t.Errorf("%v, %v", warned, err)
	}
}

// Where a job is, a device may name as it likes; we go nowhere but to the device.
func TestLocations(t *testing.T) {
	a, err := parseAddress("https://192.0.2.9:8443/printer/eSCL")
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(&Options{}, a.bases[0], "")
	for text, want := range map[string]string{
		"/eSCL/ScanJobs/17":                          "https://192.0.2.9:8443/eSCL/ScanJobs/17",
		"http://evil.example/eSCL/ScanJobs/17":       "https://192.0.2.9:8443/eSCL/ScanJobs/17",
		"https://user@evil.example:1/eSCL/ScanJobs/": "https://192.0.2.9:8443/eSCL/ScanJobs/",
		"//evil.example/a/b":                         "https://192.0.2.9:8443/a/b",
		"ScanJobs/17":                                "https://192.0.2.9:8443/printer/eSCL/ScanJobs/17",
		" /eSCL/ScanJobs/urn:uuid:4509a320 ":         "https://192.0.2.9:8443/eSCL/ScanJobs/urn:uuid:4509a320",
		"/eSCL/ScanJobs/17?x=1#y":                    "https://192.0.2.9:8443/eSCL/ScanJobs/17",
		"":                                           "",
		"/":                                          "",
		"urn:uuid:4509a320":                          "",
		"http://evil.example":                        "",
		"http://[":                                   "",
		"%zz":                                        "",
	} {
		u, err := c.location(text)
		switch {
		case want == "" && record.CodeOf(err) != record.CodeScanBadAnswer:
			t.Errorf("%q: %v, %v", text, u, err)
		case want != "" && (err != nil || u.String() != want):
			t.Errorf("%q: %v, %v; want %s", text, u, err, want)
		}
	}
}

func TestNoOneIsThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free := l.Addr().String()
	l.Close()
	d := New(Options{Browse: silence, Timer: newClock(retryAfter).timer})
	for _, id := range []string{free, "http://" + free, "https://" + free + "/eSCL#abc", "127.0.0.1:0"} {
		if _, err := d.Open(t.Context(), id); record.CodeOf(err) != record.CodeScanNoDevice {
			t.Errorf("%s: %v", id, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Open(ctx, free); record.CodeOf(err) != record.CodeScanCancelled {
		t.Error(err)
	}
}

// Servers that are no scanners, or hostile ones, are refused in one clear error that says where.
func TestHostileAnswers(t *testing.T) {
	deep := strings.Repeat("<a>", 5000)
	for name, c := range map[string]struct {
		body  string
		place string
	}{
		"web page":        {"<!DOCTYPE html><html><body>Printer</body></html>", "1:16"},
		"external entity": {`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>` + minimal, "1:"},
		"bomb":            {"<?xml version=\"1.0\"?>\n<!DOCTYPE l [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\n" + minimal, "2:"},
		"entity":          {"<ScannerCapabilities>\n&b;</ScannerCapabilities>", "2:"},
		"deep":            {deep, "1:76"},
		"flood":           {"<ScannerCapabilities>" + strings.Repeat("<a/>", maxElements) + "</ScannerCapabilities>", "1:"},
		"long text":       {"<ScannerCapabilities><MakeAndModel>" + strings.Repeat("x", maxText+1) + "</MakeAndModel></ScannerCapabilities>", "1:"},
		"too large":       {"<ScannerCapabilities>" + strings.Repeat(" ", maxXML) + "</ScannerCapabilities>", "bytes"},
		"cut off":         {minimal[:150], "1:"},
		"empty":           {"", "1:1"},
		"another root":    {"<ScannerStatus/>", "1:"},
		"no source":       {"<ScannerCapabilities/>", "1:1"},
		"not XML":         {"\x00\x01\x02", "1:"},
		"other charset":   {`<?xml version="1.0" encoding="utf-16"?>` + minimal, "1:"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(c.body)) }))
			defer server.Close()
			_, err := New(Options{Browse: silence, Timer: newClock(retryAfter).timer}).Open(t.Context(), server.URL)
			e, ok := errors.AsType[*record.Error](err)
			if !ok || e.Code != record.CodeScanBadAnswer {
				t.Fatal(err)
			}
			if place, _ := e.Args["place"].(string); !strings.Contains(place, c.place) {
				t.Errorf("place %q, want %q: %v", place, c.place, err)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	for status, code := range map[int]record.Code{
		401: record.CodeScanDenied, 403: record.CodeScanDenied, 404: record.CodeScanBadAnswer, 500: record.CodeScanBadAnswer,
		503: record.CodeScanBusy, 204: record.CodeScanBadAnswer, 302: record.CodeScanBadAnswer,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://192.0.2.1/elsewhere")
			w.WriteHeader(status)
		}))
		if _, err := New(Options{Browse: silence, Timer: newClock(retryAfter).timer}).Open(t.Context(), server.URL); record.CodeOf(err) != code {
			t.Errorf("%d: %v", status, err)
		}
		server.Close()
	}
}

// A cancel does not wait for a device that hangs, neither for its page nor for its word about the job.
func TestCancelDoesNotWaitForADeviceThatHangs(t *testing.T) {
	gate := make(chan struct{})
	page := escltest.Sheet(1, 30)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	asked := make(chan string, 8)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.Method
		switch r.Method {
		case http.MethodPost:
			w.Header().Set("Location", "/eSCL/ScanJobs/7")
			w.WriteHeader(http.StatusCreated)
		case http.MethodGet:
			_, _ = w.Write(page[:len(page)/2])
			_ = http.NewResponseController(w).Flush()
			<-gate
		default:
			<-gate
		}
	}))
	defer server.Close()
	defer close(gate)
	can, err := parseCapabilities([]byte(minimal))
	if err != nil {
		t.Fatal(err)
	}
	a, err := parseAddress(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	opt := &New(Options{Browse: silence, Timer: func(d time.Duration) (<-chan time.Time, func()) {
		if d != leaveLimit {
			return newClock().timer(d)
		}
		over := make(chan time.Time)
		go func() { // over once the device has been told
			for {
				select {
				case m := <-asked:
					if m == http.MethodDelete {
						close(over)
						return
					}
				case <-gate:
					return
				}
			}
		}()
		return over, func() {}
	}}).opt
	s := &Session{client: newClient(opt, a.bases[0], ""), can: can, gate: &scan.Gate{}}
	err = s.Scan(ctx, gray(scan.Flatbed), func(e scan.Event) error {
		if e.Kind == scan.Started {
			cancel()
		}
		return nil
	})
	if record.CodeOf(err) != record.CodeScanCancelled {
		t.Error(err)
	}
}
