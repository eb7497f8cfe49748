package escl

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/brutella/dnssd"

	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/escl/escltest"
)

func heard(list ...Announcement) Browse {
	return func(_ context.Context, hear func(Announcement)) error {
		for _, a := range list {
			hear(a)
		}
		return nil
	}
}

func ips(list ...string) (out []net.IP) {
	for _, s := range list {
		out = append(out, net.ParseIP(s))
	}
	return out
}

func ids(t *testing.T, opt Options) (list []string) {
	t.Helper()
	if opt.Timer == nil {
		opt.Timer = newClock(retryAfter).timer
	}
	devices, err := New(opt).Discover(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range devices {
		list = append(list, d.ID)
	}
	return list
}

const anID = "4509a320-00a0-008f-00b6-002507510eca"

func TestAnnouncements(t *testing.T) {
	text := map[string]string{"UUID": anID, "ty": "Kyocera ECOSYS M2040dn", "rs": "eSCL"}
	plain := Announcement{Name: "KM7B6A91", IPs: ips("192.168.1.20"), Port: 80, Iface: "eth0", Text: text}
	secured := plain
	secured.Secured, secured.Port = true, 443
	with := func(change func(*Announcement)) Announcement {
		a := plain
		change(&a)
		return a
	}
	for name, c := range map[string]struct {
		heard []Announcement
		want  []string
	}{
		"nobody":               {nil, nil},
		"plain":                {[]Announcement{plain}, []string{"http://192.168.1.20/eSCL#" + anID}},
		"encrypted first":      {[]Announcement{plain, secured}, []string{"https://192.168.1.20/eSCL#" + anID}},
		"heard many times":     {[]Announcement{secured, plain, secured, plain}, []string{"https://192.168.1.20/eSCL#" + anID}},
		"IPv4 before IPv6":     {[]Announcement{with(func(a *Announcement) { a.IPs = ips("fe80::1", "2001:db8::1", "192.168.1.20") })}, []string{"http://192.168.1.20/eSCL#" + anID}},
		"link-local IPv6":      {[]Announcement{with(func(a *Announcement) { a.IPs = ips("fe80::1") })}, []string{"http://[fe80::1%25eth0]/eSCL#" + anID}},
		"without UUID":         {[]Announcement{with(func(a *Announcement) { a.Text = nil }), with(func(a *Announcement) { a.Text, a.Secured, a.Port = nil, true, 443 })}, []string{"https://192.168.1.20/eSCL"}},
		"UUID comes later":     {[]Announcement{with(func(a *Announcement) { a.Text = nil }), plain}, []string{"http://192.168.1.20/eSCL#" + anID}},
		"UUID in capitals":     {[]Announcement{with(func(a *Announcement) { a.Text = map[string]string{"uuid": "urn:uuid:" + strings.ToUpper(anID)} })}, []string{"http://192.168.1.20/eSCL#" + anID}},
		"this machine":         {[]Announcement{with(func(a *Announcement) { a.IPs = ips("127.0.0.1", "::1", "0.0.0.0", "224.0.0.251", "ff02::fb") })}, nil},
		"no port":              {[]Announcement{with(func(a *Announcement) { a.Port = 0 })}, nil},
		"path of its own":      {[]Announcement{with(func(a *Announcement) { a.Text = map[string]string{"rs": "/printer/eSCL/"} })}, []string{"http://192.168.1.20/printer/eSCL"}},
		"path that climbs":     {[]Announcement{with(func(a *Announcement) { a.Text = map[string]string{"rs": "../../x"} })}, []string{"http://192.168.1.20/x"}},
		"path with a question": {[]Announcement{with(func(a *Announcement) { a.Text = map[string]string{"rs": "x?y#z"} })}, []string{"http://192.168.1.20/eSCL"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ids(t, Options{Browse: heard(c.heard...)}); !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestFloodOfAnnouncements(t *testing.T) {
	var flood []Announcement
	for i := range 10_000 {
		flood = append(flood, Announcement{Name: fmt.Sprint(i), IPs: ips("192.168.1.20"), Port: 1 + i, Text: map[string]string{"ty": "\x1b[2J" + strings.Repeat("x", 200)}})
	}
	devices, err := New(Options{Browse: heard(flood...), Timer: newClock().timer}).Discover(t.Context())
	if err != nil || len(devices) != maxFound {
		t.Fatalf("%d devices, %v", len(devices), err)
	}
	if n := devices[0].Name(); n != "[2J"+strings.Repeat("x", 77) {
		t.Errorf("%q", n)
	}
}

func TestTypedAddresses(t *testing.T) {
	sim := escltest.Start(t, escltest.Options{})
	other := escltest.Start(t, escltest.Options{UUID: "bbbb", TLS: true})
	typed := func() []string { return []string{sim.Host(), other.Host(), "127.0.0.1:0", "not an address"} }
	// Typed and announced is one device; one whose certificate is to be confirmed is listed as it was typed.
	if got := ids(t, Options{Browse: announcing(sim), Typed: typed}); !slices.Equal(got, []string{sim.ID(), other.Host()}) {
		t.Errorf("%q", got)
	}
	if got := ids(t, Options{Browse: silence, Typed: typed, Trust: trusting(other)}); !slices.Equal(got, []string{sim.ID(), other.ID()}) {
		t.Errorf("%q", got)
	}
}

// The list is there when ctx ends, with what was heard until then.
func TestDiscoveryEndsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	d := New(Options{Timer: newClock().timer, Browse: func(ctx context.Context, hear func(Announcement)) error {
		hear(Announcement{Name: "a", IPs: ips("192.168.1.20"), Port: 80})
		cancel()
		<-ctx.Done()
		return nil
	}})
	if list, err := d.Discover(ctx); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
	d = New(Options{Timer: newClock(listenFor).timer, Browse: func(ctx context.Context, _ func(Announcement)) error {
		<-ctx.Done() // when the time for listening is over
		return nil
	}})
	if list, err := d.Discover(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
}

// inside marks the test that runs in a network of its own.
const inside = "SCHALTER_ESCL_NETWORK"

// Real multicast DNS between a real responder and our ears, in a network that has nothing but this test.
func TestMulticast(t *testing.T) {
	if os.Getenv(inside) != "" {
		announceAndHear(t)
		return
	}
	if _, err := exec.LookPath("unshare"); err != nil {
		t.Skip("no unshare to make a network of its own")
	}
	script := `ip link set lo up multicast on && ip route add 224.0.0.0/4 dev lo && exec "$0" -test.run '^TestMulticast$' -test.v`
	c := exec.CommandContext(t.Context(), "unshare", "--user", "--map-root-user", "--net", "sh", "-c", script, os.Args[0])
	c.Env = append(c.Environ(), inside+"=1")
	out, err := c.CombinedOutput()
	if err != nil && !strings.Contains(string(out), "TestMulticast") {
		t.Skipf("no network of its own can be made here: %v %s", err, out)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

func announceAndHear(t *testing.T) {
	sims := []*escltest.Simulator{escltest.Start(t, escltest.Options{}), escltest.Start(t, escltest.Options{TLS: true})}
	ctx, cancel := context.WithCancel(t.Context())
	responder, err := dnssd.NewResponder()
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range sims {
		name, _, text := s.Announce()
		service, err := dnssd.NewService(dnssd.Config{
			Name: name, Type: []string{"_uscan._tcp", "_uscans._tcp"}[i], Host: "scanner", Port: s.Port(), Text: text, Ifaces: []string{"lo"},
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := responder.Add(service); err != nil {
			t.Fatal(err)
		}
	}
	over := make(chan error, 1)
	go func() { over <- responder.Respond(ctx) }()
	both := func(ctx context.Context, heard func(Announcement)) error {
		ctx, enough := context.WithCancel(ctx)
		defer enough()
		var seen [2]atomic.Bool
		return Announced(ctx, func(a Announcement) {
			heard(a)
			if len(a.Text) == 0 { // a responder that asks whether its name is taken tells half
				return
			}
			kind := 0
			if a.Secured {
				kind = 1
			}
			if seen[kind].Store(true); seen[1-kind].Load() {
				enough()
			}
		})
	}
	d := New(Options{Trust: trusting(sims[1]), Browse: both, Listen: 20 * time.Second}) // the responder first asks whether its name is taken
	list, err := d.Discover(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 1 || list[0].ID != sims[1].ID() {
		t.Fatalf("%+v, want %s", list, sims[1].ID())
	}
	if _, err := d.Open(ctx, list[0].ID); err != nil {
		t.Error(err)
	}
	cancel()
	if err := <-over; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestTypedAddressIsRead(t *testing.T) {
	for text, want := range map[string]string{
		"192.168.1.20":                "https://192.168.1.20/eSCL http://192.168.1.20/eSCL http://192.168.1.20:8080/eSCL",
		" Scanner.Amt.de ":            "https://scanner.amt.de/eSCL http://scanner.amt.de/eSCL http://scanner.amt.de:8080/eSCL",
		"scanner:8090":                "https://scanner:8090/eSCL http://scanner:8090/eSCL",
		"scanner:443":                 "https://scanner/eSCL",
		"scanner:80":                  "http://scanner/eSCL",
		"scanner:0":                   "",
		"2001:db8::1":                 "https://[2001:db8::1]/eSCL http://[2001:db8::1]/eSCL http://[2001:db8::1]:8080/eSCL",
		"[2001:db8::1]":               "https://[2001:db8::1]/eSCL http://[2001:db8::1]/eSCL http://[2001:db8::1]:8080/eSCL",
		"[2001:db8::1]:8090":          "https://[2001:db8::1]:8090/eSCL http://[2001:db8::1]:8090/eSCL",
		"fe80::1%eth0":                "https://[fe80::1%25eth0]/eSCL http://[fe80::1%25eth0]/eSCL http://[fe80::1%25eth0]:8080/eSCL",
		"http://scanner":              "http://scanner/eSCL",
		"HTTPS://Scanner:443/":        "https://scanner/eSCL",
		"https://scanner:8443/a/b/":   "https://scanner:8443/a/b",
		"http://scanner/eSCL#" + anID: "http://scanner/eSCL",
	} {
		a, err := parseAddress(text)
		var got []string
		for _, b := range a.bases {
			got = append(got, b.String())
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"", " ", "a b", "ftp://scanner", "http://", "http://user@scanner/", "http://user:pw@scanner/", "scanner:port", "scanner:70000", "scanner:-1", "scanner/x",
		"http://scanner?x=1", "http://scanner:99999", "a:b:c", "[::1", "x@y", "file:///etc/passwd", "http://[::1", "a\nb", "a\\b", "https:scanner://", "scanner:+80", "scanner:080",
		strings.Repeat("a", 600),
	} {
		if a, err := parseAddress(text); err == nil {
			t.Errorf("%q was taken: %v", text, a.bases)
		}
	}
}

// A scanner in a process of its own, as a journey starts it.
func TestScannerInAProcessOfItsOwn(t *testing.T) {
	c := exec.CommandContext(t.Context(), os.Args[0], "-tls", "-model", "Second")
	c.Env = append(c.Environ(), escltest.Variable+"=1")
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	say := func(words string) string {
		if words != "" {
			fmt.Fprintln(in, words)
		}
		lines.Scan()
		return lines.Text()
	}
	url, print, ok := strings.Cut(say(""), "\t")
	if !ok {
		t.Fatal(url)
	}
	_, rest, _ := strings.Cut(url, "://")
	host, _, _ := strings.Cut(rest, "/")
	if got := say("sheets 3 75"); got != "ok" || say("break 3 jam") != "ok" || say("left") != "3" || say("dance") == "ok" {
		t.Fatal(got)
	}
	d := New(Options{Browse: silence, Timer: newClock(retryAfter).timer, Trust: pins{host: print}})
	pages, _, err := scanAll(t, d, url, gray(scan.Feeder))
	if len(pages) != 2 || record.CodeOf(err) != record.CodeScanJam {
		t.Errorf("%d pages, %v", len(pages), err)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Error(err)
	}
}
