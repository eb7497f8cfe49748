package escl

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path"
	"strconv"
	"strings"

	"schalter/data/record"
)

// service is where the protocol lives on a device that says nothing else.
const service = "/eSCL"

// address is where a device may be reached, best way first, and who is expected there.
type address struct {
	bases []*url.URL
	uuid  string // empty: whoever answers
}

// parseAddress reads what a person typed (host, host:port, a whole address) or what [Driver.Discover] gave
// as an ID: an address with the device's UUID behind a #.
func parseAddress(s string) (address, error) {
	s = strings.TrimSpace(s)
	bad := func(err error) (address, error) {
		return address{}, record.E(record.CodeScanAddress, err, "address", s)
	}
	if s == "" || len(s) > 512 {
		return bad(nil)
	}
	if !strings.Contains(s, "://") {
		return parseHost(s, bad)
	}
	u, err := url.Parse(s)
	if err != nil {
		return bad(err)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.User != nil || !validHost(u.Hostname()) || u.RawQuery != "" || u.Opaque != "" {
		return bad(nil)
	}
	if p := u.Port(); p != "" && !validPort(p) {
		return bad(fmt.Errorf("port %s", p))
	}
	uuid := cleanUUID(u.Fragment)
	return address{bases: []*url.URL{baseURL(u.Scheme, u.Host, u.Path)}, uuid: uuid}, nil
}

func parseHost(s string, bad func(error) (address, error)) (address, error) {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		host, port = s, ""
		if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
			host = s[1 : len(s)-1]
		}
	}
	if !validHost(host) {
		return bad(nil)
	}
	if port != "" && !validPort(port) {
		return bad(fmt.Errorf("port %s", port))
	}
	join := func(port string) string {
		if port == "" && strings.Contains(host, ":") {
			return "[" + host + "]"
		}
		if port == "" {
			return host
		}
		return net.JoinHostPort(host, port)
	}
	var a address
	for _, w := range doors(port) {
		a.bases = append(a.bases, baseURL(w[0], join(w[1]), service))
	}
	return a, nil
}

// doors are the schemes and ports to be tried for a typed port.
func doors(port string) [][2]string {
	switch port {
	case "":
		return [][2]string{{"https", ""}, {"http", ""}, {"http", "8080"}}
	case "0": // nothing listens there
		return nil
	case "443":
		return [][2]string{{"https", ""}}
	case "80":
		return [][2]string{{"http", ""}}
	}
	return [][2]string{{"https", port}, {"http", port}}
}

// validHost takes names of the network and addresses, IPv6 with the interface where it needs one.
func validHost(h string) bool {
	if strings.Contains(h, ":") {
		ip, err := netip.ParseAddr(h)
		return err == nil && plain(ip.Zone())
	}
	return h != "" && plain(h)
}

func plain(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-._", r) {
			return false
		}
	}
	return true
}

func validPort(p string) bool {
	n, err := strconv.ParseUint(p, 10, 16)
	return err == nil && strconv.FormatUint(n, 10) == p
}

// baseURL is the address of the service itself, in one spelling.
func baseURL(scheme, host, where string) *url.URL {
	if name, zone, ok := strings.Cut(host, "%"); ok {
		host = strings.ToLower(name) + "%" + zone // systems tell names of interfaces by their case
	} else {
		host = strings.ToLower(host)
	}
	u := &url.URL{Scheme: scheme, Host: host, Path: path.Clean("/" + where)}
	if u.Path == "/" {
		u.Path = service
	}
	if p := u.Port(); p == "443" && scheme == "https" || p == "80" && scheme == "http" {
		u.Host = strings.TrimSuffix(u.Host, ":"+p)
	}
	return u
}

// deviceID is the ID of a device reached at base.
func deviceID(base *url.URL, uuid string) string {
	u := *base
	u.Fragment = uuid
	return u.String()
}
