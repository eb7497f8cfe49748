package escl

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/escl/escltest"
)

// whim is a device that answers as it likes.
type whim struct {
	answers []reply
	made    int
	deleted int
	asked   int
}

type reply struct {
	status int
	body   []byte
	where  string
	cut    bool // the line breaks
}

func (w *whim) RoundTrip(r *http.Request) (*http.Response, error) {
	w.asked++
	if r.Method == http.MethodDelete {
		w.deleted++
	}
	a := reply{status: http.StatusNotFound}
	if len(w.answers) > 0 {
		a, w.answers = w.answers[0], w.answers[1:]
	}
	if a.status == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	body := io.Reader(bytes.NewReader(a.body))
	if a.cut {
		body = io.MultiReader(body, broken{})
	}
	h := http.Header{}
	h.Set("Location", a.where)
	return &http.Response{StatusCode: a.status, Header: h, Body: io.NopCloser(body), ContentLength: -1, Request: r}, nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// Whatever a device answers in whatever order: the scan ends, with an error that has a name or with pages that
// are whole, in order, and as they were sent; and a job that was made is taken back.
func TestWhateverADeviceAnswers(t *testing.T) {
	pages := escltest.Sheets(3, 30)
	st := func(state, adf, job string) []byte {
		return []byte("<ScannerStatus><State>" + state + "</State><AdfState>" + adf + "</AdfState><Jobs><JobInfo><JobUri>/j/1</JobUri><JobState>" + job + "</JobState></JobInfo></Jobs></ScannerStatus>")
	}
	bodies := [][]byte{
		pages[0], pages[1], pages[2], pages[0], pages[1], pages[0][:len(pages[0])/2], nil, []byte("%PDF-1.4"), []byte("<html>"),
		st("Idle", "ScannerAdfLoaded", "Aborted"), st("Idle", "ScannerAdfJam", "Aborted"), st("Processing", "ScannerAdfEmpty", "Processing"), st("Idle", "ScannerAdfHatchOpen", ""),
	}
	can, err := parseCapabilities([]byte(strings.Replace(minimal, "</Platen>", "</Platen><Adf><AdfSimplexInputCaps/><AdfDuplexInputCaps/></Adf>", 1)))
	if err != nil {
		t.Fatal(err)
	}
	answer := rapid.Custom(func(t *rapid.T) reply {
		return reply{
			status: rapid.SampledFrom([]int{200, 200, 200, 200, 200, 503, 404, 409, 410, 500, 403, 400, 302, 204, 0}).Draw(t, "status"),
			body:   rapid.SampledFrom(bodies).Draw(t, "body"),
			cut:    rapid.IntRange(0, 9).Draw(t, "cut") == 0,
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		w := &whim{answers: rapid.SliceOfN(answer, 0, 40).Draw(t, "answers")}
		first := reply{status: rapid.SampledFrom([]int{201, 201, 201, 503, 409}).Draw(t, "first"), where: "/j/1"}
		w.answers = append([]reply{first}, w.answers...)
		if first.status == 201 {
			w.made = 1
		}
		opt := New(Options{Browse: silence, Timer: newClock(retryAfter).timer}).opt
		c := newClient(&opt, baseURL("http", "scanner", ""), "")
		c.http.Transport = w
		s := &Session{client: c, can: can, gate: &scan.Gate{}}
		set := gray(rapid.SampledFrom([]scan.Source{scan.Flatbed, scan.Feeder, scan.Duplex}).Draw(t, "source"))
		set.Pages = rapid.IntRange(0, 4).Draw(t, "pages")
		n := 0
		err := s.Scan(t.Context(), set, func(e scan.Event) error {
			if e.Page == nil {
				return nil
			}
			if n++; e.Page.N != n || !slices.ContainsFunc(pages, func(p []byte) bool { return bytes.Equal(p, e.Page.Data) }) {
				t.Errorf("page %d (%d bytes) came as number %d", n, len(e.Page.Data), e.Page.N)
			}
			return nil
		})
		if code := record.CodeOf(err); code == record.CodeInternal || err == nil && n == 0 || set.Pages > 0 && n > set.Pages || set.Source == scan.Flatbed && n > 1 {
			t.Errorf("%d pages, %v", n, err)
		}
		if w.made > 0 && w.deleted != 1 || w.deleted > 1 {
			t.Errorf("taken back %d times", w.deleted)
		}
	})
}

// Every request lies within what a device offers, whatever that is.
func TestRequestsLieWithinTheOffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low, span := rapid.IntRange(0, 3000), rapid.IntRange(1, 6000)
		in := input{minWidth: low.Draw(t, "min width"), minHeight: low.Draw(t, "min height"), center: rapid.Bool().Draw(t, "center"), right: rapid.Bool().Draw(t, "right")}
		in.maxWidth, in.maxHeight = in.minWidth+span.Draw(t, "width"), in.minHeight+span.Draw(t, "height")
		r := resolutions{min: rapid.IntRange(1, 600).Draw(t, "min dpi"), step: rapid.IntRange(1, 50).Draw(t, "step")}
		r.max = r.min + rapid.IntRange(0, 1200).Draw(t, "dpi")
		in.profiles = []profile{{modes: []string{modeNames[scan.Gray]}, dpi: []resolutions{r}}}
		s := &Session{client: newClient(&Options{}, baseURL("http", "scanner", ""), ""), can: &capabilities{inputs: map[scan.Source]input{scan.Feeder: in}}}
		want := rapid.IntRange(1, 2400).Draw(t, "want")
		paper := rapid.SampledFrom(scan.Papers()).Draw(t, "paper")
		p, err := s.plan(scan.Settings{Source: scan.Feeder, Mode: scan.Gray, DPI: want, Paper: paper})
		if err != nil {
			t.Fatal(err)
		}
		if p.width < in.minWidth || p.offset < 0 || p.offset+p.width > in.maxWidth || p.height < in.minHeight || p.height > in.maxHeight {
			t.Errorf("%+v", p)
		}
		if p.dpi < r.min || p.dpi > r.max || (p.dpi-r.min)%r.step != 0 || want >= r.min && want <= r.max && want-p.dpi >= r.step {
			t.Errorf("%d dpi for %d in %+v", p.dpi, want, r)
		}
	})
}

func TestRanges(t *testing.T) {
	text := strings.Replace(minimal, "<MaxWidth>", `<SettingProfiles><SettingProfile><ColorModes><ColorMode>Grayscale8</ColorMode></ColorModes><SupportedResolutions><ResolutionRange>
		<XResolutionRange><Min>75</Min><Max>1200</Max><Normal>300</Normal><Step>25</Step></XResolutionRange>
		<YResolutionRange><Min>100</Min><Max>600</Max><Normal>300</Normal><Step>25</Step></YResolutionRange>
		</ResolutionRange></SupportedResolutions></SettingProfile></SettingProfiles><MaxWidth>`, 1)
	can, err := parseCapabilities([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if c := can.caps(); c.MinDPI != 100 || c.MaxDPI != 600 || len(c.Resolutions) != 0 || c.Resolution(1000) != 600 {
		t.Errorf("%+v", c)
	}
	p := can.inputs[scan.Flatbed].profileFor("Grayscale8")
	for want, got := range map[int]int{50: 100, 130: 125, 300: 300, 900: 600} {
		if n := p.nearest("Grayscale8", want); n != got {
			t.Errorf("%d for %d", n, want)
		}
	}
}

func FuzzCapabilities(f *testing.F) {
	for _, name := range []string{recordedHP, recordedKyocera, recordedXerox, recordedCanon, recordedAirSane, recordedBrother} {
		if b, err := readRecording(name); err == nil {
			f.Add(b)
		}
	}
	f.Add([]byte(minimal))
	f.Fuzz(func(t *testing.T, b []byte) {
		can, err := parseCapabilities(b)
		if err != nil {
			if _, ok := errors.AsType[*placeError](err); !ok {
				t.Fatalf("%v has no place", err)
			}
			return
		}
		s := &Session{client: newClient(&Options{}, baseURL("http", "scanner", ""), ""), can: can}
		caps := can.caps()
		for _, source := range caps.Sources {
			for _, mode := range caps.Modes {
				p, err := s.plan(scan.Settings{Source: source, Mode: mode, DPI: 300})
				if err != nil {
					continue
				}
				if _, err := parseXML([]byte(p.settings()), "ScanSettings"); err != nil || p.dpi < 1 || p.width < 1 || p.height < 1 || p.offset < 0 {
					t.Fatalf("%+v, %v", p, err)
				}
			}
		}
		if _, err := parseAddress(deviceID(baseURL("http", "scanner", ""), can.uuid)); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzStatus(f *testing.F) {
	for _, name := range []string{"HP-LaserJet-MFP-M426fdn-ScannerStatus.xml", "Kyocera-ECOSYS-M2040dn-ScannerStatus.xml"} {
		if b, err := readRecording(name); err == nil {
			f.Add(b)
		}
	}
	f.Fuzz(func(_ *testing.T, b []byte) {
		if s, err := parseStatus(b); err == nil {
			s.feeder()
			s.job("/x")
		}
	})
}

// An address that is taken is taken again as the ID that is made of it, and means the same.
func FuzzAddress(f *testing.F) {
	for _, s := range []string{"192.168.1.20", "[fe80::1%eth0]:80", "https://Scanner:443/x#A-1", "a:b", "http://[::1]:8/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := parseAddress(s)
		if err != nil {
			return
		}
		for _, base := range a.bases {
			id := deviceID(base, a.uuid)
			again, err := parseAddress(id)
			if err != nil || len(again.bases) != 1 || again.bases[0].String() != base.String() || again.uuid != a.uuid {
				t.Fatalf("%q becomes %q: %+v, %v", s, id, again, err)
			}
		}
	})
}

func FuzzAnnouncement(f *testing.F) {
	f.Add("name", "/eSCL/", anID, []byte{192, 168, 1, 20}, 80)
	f.Fuzz(func(t *testing.T, name, where, uuid string, ip []byte, port int) {
		var list []*found
		hear(&list, Announcement{Name: name, IPs: nil, Port: port, Iface: "eth0", Text: map[string]string{"rs": where, "UUID": uuid}})
		hear(&list, Announcement{Name: name, IPs: append(ips("10.0.0.1"), ip), Port: port, Iface: "eth0", Text: map[string]string{"rs": where, "UUID": uuid}})
		for _, f := range list {
			if _, err := parseAddress(f.id()); err != nil {
				t.Fatalf("%q: %v", f.id(), err)
			}
		}
	})
}

// A device that trickles is not silent: each piece counts.
func TestEachPieceIsASignOfLife(t *testing.T) {
	clock := newClock()
	opt := New(Options{Browse: silence, Timer: clock.timer}).opt
	_, alive, stop := opt.watch(t.Context(), idleLimit, nil)
	defer stop()
	for range 3 {
		before := clock.count(idleLimit)
		alive()
		for end := time.Now().Add(5 * time.Second); clock.count(idleLimit) <= before; {
			if time.Now().After(end) {
				t.Fatal("the watch was not wound up again")
			}
		}
	}
}
