package escl

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/brutella/dnssd"
	"github.com/brutella/dnssd/log"

	"schalter/data/record"
	"schalter/data/scan"
)

// The kinds of service by which scanners announce themselves.
const (
	plainService   = "_uscan._tcp.local."
	securedService = "_uscans._tcp.local."
)

// maxFound bounds what a flood of announcements can make of the list.
const maxFound = 64

// Announcement is one scanner's word about itself.
type Announcement struct {
	Name    string
	Host    string
	IPs     []net.IP
	Port    int
	Iface   string
	Secured bool
	Text    map[string]string
}

// Browse hears announcements until ctx ends. It calls heard from any goroutine.
type Browse func(ctx context.Context, heard func(Announcement)) error

// quiet silences the library, which would write to standard output.
var quiet = sync.OnceFunc(log.Info.Disable)

// Announced hears scanners by multicast DNS. It asks twice: a wireless network loses questions.
func Announced(ctx context.Context, heard func(Announcement)) error {
	quiet()
	var all sync.WaitGroup
	errs := make([]error, 2)
	for i, service := range []string{plainService, securedService} {
		all.Go(func() {
			for ctx.Err() == nil && errs[i] == nil {
				errs[i] = lookup(ctx, service, func(e dnssd.BrowseEntry) {
					heard(Announcement{Name: e.Name, Host: e.Host, IPs: e.IPs, Port: e.Port, Iface: e.IfaceName, Secured: service == securedService, Text: e.Text})
				})
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// askAgain is the time after which the question is asked anew.
const askAgain = 1200 * time.Millisecond

// lookup asks once. The library's readers end only with a context that was cancelled: one that ran out of
// time leaves them spinning on a closed connection.
func lookup(ctx context.Context, service string, heard dnssd.AddFunc) error {
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()
	again := time.AfterFunc(askAgain, cancel)
	defer again.Stop()
	err := dnssd.LookupType(own, service, heard, func(dnssd.BrowseEntry) {})
	if own.Err() != nil {
		return nil
	}
	return err
}

// found is a scanner that announced itself, by one or both kinds of service.
type found struct {
	uuid, name, vendor, model string
	ways                      []way
}

// way is one address of a scanner.
type way struct {
	base *url.URL
	rank int // the smaller the better
}

func (f *found) bases() []*url.URL {
	var out []*url.URL
	for _, w := range f.ways {
		out = append(out, w.base)
	}
	return out
}

func (f *found) id() string { return deviceID(f.ways[0].base, f.uuid) }

func (f *found) device() scan.Device {
	vendor, model := splitName(f.vendor, f.model)
	return scan.Device{ID: f.id(), Vendor: vendor, Model: model, Kind: "eSCL", Address: f.ways[0].base.Host}
}

// announced hears who is there, each scanner once, its encrypted door first.
func (d *Driver) announced(ctx context.Context) []*found {
	ctx, stop := d.opt.limit(ctx, d.opt.Listen, context.Canceled)
	defer stop()
	var mu sync.Mutex
	var out []*found
	_ = d.opt.Browse(ctx, func(a Announcement) { // a network without multicast has no announcements
		mu.Lock()
		defer mu.Unlock()
		hear(&out, a)
	})
	mu.Lock()
	defer mu.Unlock()
	for _, f := range out {
		if f.model == "" {
			f.model = short(f.name)
		}
		slices.SortStableFunc(f.ways, func(a, b way) int {
			if a.rank != b.rank {
				return a.rank - b.rank
			}
			return strings.Compare(a.base.String(), b.base.String())
		})
	}
	slices.SortFunc(out, func(a, b *found) int { return strings.Compare(a.model+a.id(), b.model+b.id()) })
	return out
}

// hear adds an announcement to the list.
func hear(list *[]*found, a Announcement) {
	ways := a.ways()
	if len(ways) == 0 {
		return
	}
	f := match(list, a.Name, cleanUUID(a.text("UUID")))
	if f == nil {
		return
	}
	if f.vendor == "" {
		f.vendor = short(a.text("mfg"))
	}
	if f.model == "" {
		f.model = short(a.text("ty"))
	}
	for _, w := range ways {
		if len(f.ways) < 16 && !slices.ContainsFunc(f.ways, func(o way) bool { return o.base.String() == w.base.String() }) {
			f.ways = append(f.ways, w)
		}
	}
}

// match finds the scanner that is meant: by its UUID, and where one of two announcements has none, by the
// name, which is the scanner's alone in its network.
func match(list *[]*found, name, uuid string) *found {
	for _, f := range *list {
		if uuid != "" && f.uuid == uuid || f.name == name && (uuid == "" || f.uuid == "") {
			if f.uuid == "" {
				f.uuid = uuid
			}
			return f
		}
	}
	if len(*list) >= maxFound {
		return nil
	}
	f := &found{uuid: uuid, name: name}
	*list = append(*list, f)
	return f
}

// text reads a key of the announcement; makers disagree about upper and lower case.
func (a Announcement) text(key string) string {
	if v, ok := a.Text[key]; ok {
		return v
	}
	for k, v := range a.Text {
		if strings.EqualFold(k, key) {
			return v
		}
	}
	return ""
}

// short takes what can be shown of a name.
func short(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == '\u007f' || r == '\ufffd' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if r := []rune(s); len(r) > 80 {
		s = string(r[:80])
	}
	return strings.TrimSpace(s)
}

// ways are the addresses that the announcement itself names; where its packet came from is not believed.
// An announcement cannot point at this machine, unless it was made on it.
func (a Announcement) ways() []way {
	if a.Port < 1 || a.Port > 65535 {
		return nil
	}
	scheme, rank := "http", 8
	if a.Secured {
		scheme, rank = "https", 0
	}
	where := strings.Trim(a.text("rs"), "/")
	if strings.ContainsAny(where, "?#%\\\x00") || len(where) > 128 {
		where = ""
	}
	var out []way
	for _, raw := range a.IPs {
		ip, ok := netip.AddrFromSlice(raw)
		if ip = ip.Unmap(); !ok || ip.IsUnspecified() || ip.IsMulticast() || ip.IsLoopback() && !loopback(a.Iface) {
			continue
		}
		w := way{rank: rank}
		switch {
		case ip.IsLinkLocalUnicast() && ip.Is6():
			ip, w.rank = ip.WithZone(a.Iface), rank+2
		case ip.Is6():
			w.rank = rank + 1
		}
		w.base = baseURL(scheme, net.JoinHostPort(ip.String(), strconv.Itoa(a.Port)), where)
		out = append(out, w)
	}
	return out
}

func loopback(name string) bool {
	i, err := net.InterfaceByName(name)
	return err == nil && i.Flags&net.FlagLoopback != 0
}

// Discover lists scanners that announce themselves and those whose address was typed, each once. One that
// was typed and waits for its certificate to be confirmed is listed by its address; one that does not answer
// is not.
func (d *Driver) Discover(ctx context.Context) ([]scan.Device, error) {
	typed := d.opt.Typed()
	asked := make([]*scan.Device, len(typed))
	var all sync.WaitGroup
	for i, t := range typed {
		all.Go(func() { asked[i] = d.typed(ctx, t) })
	}
	var out []scan.Device
	seen := map[string]bool{}
	for _, f := range d.announced(ctx) {
		out = append(out, f.device())
		seen[f.uuid] = true
	}
	all.Wait()
	for _, dev := range asked {
		if dev == nil {
			continue
		}
		_, uuid, _ := strings.Cut(dev.ID, "#")
		if uuid == "" || !seen[uuid] {
			out = append(out, *dev)
			seen[uuid] = true
		}
	}
	return out, nil // what was heard until ctx ended
}

func (d *Driver) typed(ctx context.Context, address string) *scan.Device {
	ctx, stop := d.opt.limit(ctx, typedLimit, record.E(record.CodeScanNoDevice, nil, "device", address))
	defer stop()
	dev, err := d.Identify(ctx, address)
	if err == nil {
		return &dev
	}
	if c, ok := CertificateOf(err); ok {
		return &scan.Device{ID: address, Model: c.Host, Kind: "eSCL", Address: c.Host}
	}
	return nil
}
