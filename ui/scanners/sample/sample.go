// Package sample is a made-up set of scanners: one at the desk, two on the network of which one has a certificate
// that nobody has compared, a folder that can be reached and one that cannot.
//
// It is for the storybook and for tests of the screen. It promises the same content every time. It is never part
// of the desk's program.
package sample

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"strings"
	"sync"

	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/fleet"
	"schalter/data/scan/profile"
	"schalter/ui/scanners"
)

// Fingerprint is the certificate that nobody has compared.
const Fingerprint = "8F 3A 91 0C 55 7E 21 B6 4D 10 EE 93 7A 06 C2 5B 39 D8 41 F7 0E 6C A4 12 9B 83 5D 27 F0 6E 18 C9"

// settings keep the book in memory.
type settings struct {
	mu   sync.Mutex
	kept map[string]string
}

func (s *settings) Setting(_ context.Context, key string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[key], nil
}

func (s *settings) SetSetting(_ context.Context, key, value string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[key] = value
	return nil
}

// Office is the made-up set.
type Office struct {
	*profile.Shelf
	None  bool // no device answers
	Fail  error
	Tried []string
}

// New makes the set.
func New() *Office {
	o := &Office{Shelf: profile.New(&settings{kept: map[string]string{}})}
	_ = o.Change(context.Background(), "", func(b *profile.Book) error {
		b.Profiles = append(b.Profiles,
			profile.Profile{ID: "p5", Name: "Posteingang nach Deckblättern", Device: "escl:kyocera", Called: "Kyocera ECOSYS M3655idn", Wait: true, Goes: profile.GoesSort, Settings: scan.Settings{Source: scan.Duplex, Mode: scan.Lineart, DPI: 300, DoubleFeed: true}},
			profile.Profile{ID: "p6", Name: "Akten, beidseitig", TwoPass: true, Settings: scan.Settings{Source: scan.Feeder, Mode: scan.Gray, DPI: 300}})
		b.Addresses, b.Folders = []string{"192.168.1.77"}, []string{"/srv/scan/buergerbuero", "/mnt/rathaus/scan"}
		b.Last = scan.Device{ID: "sane:fujitsu:fi-7160:1234"}
		return nil
	}) // it is made for these settings
	return o
}

// Answers are what the drivers say.
func Answers() []fleet.Answer {
	return []fleet.Answer{
		{Member: "sane", Devices: []scan.Device{{ID: "sane:fujitsu:fi-7160:1234", Vendor: "FUJITSU", Model: "fi-7160", Address: "fujitsu:fi-7160:1234"}}},
		{Member: "folder", Devices: []scan.Device{{ID: "folder:/srv/scan/buergerbuero", Model: "buergerbuero", Kind: "folder", Address: "/srv/scan/buergerbuero"}}},
		{Member: "escl", Devices: []scan.Device{
			{ID: "escl:kyocera", Vendor: "Kyocera", Model: "ECOSYS M3655idn", Address: "192.168.1.40:443"},
			{ID: "escl:brother", Vendor: "Brother", Model: "MFC-L8690CDW", Address: "drucker-og1.local"},
		}},
	}
}

// Look lets every driver answer at once.
func (o *Office) Look(_ context.Context, heard func(fleet.Answer)) {
	for _, a := range Answers() {
		if o.None {
			a.Devices = nil
			if a.Member == "sane" {
				a.Err = record.E(record.CodeScanNoSoftware, nil)
			}
		}
		heard(a)
	}
}

var errUntrusted = errors.New("nobody has compared it")

// Caps is what the devices can do.
func (o *Office) Caps(ctx context.Context, device string) (scan.Caps, error) {
	b, err := o.Book(ctx)
	switch {
	case err != nil:
		return scan.Caps{}, err
	case device == "escl:brother" && b.Certificates["brother"] == "":
		return scan.Caps{}, record.E(record.CodeScanCertNew, errUntrusted, "host", "drucker-og1.local", "fingerprint", Fingerprint, "device", "brother")
	case strings.HasPrefix(device, "escl:192."):
		return scan.Caps{}, record.E(record.CodeScanNoDevice, nil, "device", device)
	}
	var buttons []string
	if strings.HasPrefix(device, "sane:") {
		buttons = []string{"button-4", "email", "scan"}
	}
	return scan.Caps{
		Buttons: buttons,
		Sources: []scan.Source{scan.Flatbed, scan.Feeder, scan.Duplex}, Modes: []scan.Mode{scan.Lineart, scan.Gray, scan.Color},
		RawSource: map[scan.Source]string{scan.Flatbed: "Flatbed", scan.Feeder: "ADF Front", scan.Duplex: "ADF Duplex"},
		RawMode:   map[scan.Mode]string{scan.Lineart: "Lineart", scan.Gray: "Gray", scan.Color: "Color"},
		MinDPI:    50, MaxDPI: 600, Width: 215.9, Height: 355.6, Unknown: []string{"ADF Back", "Card Front"}, DoubleFeed: true,
	}, nil
}

// Identify knows one address.
func (o *Office) Identify(_ context.Context, address string) (scan.Device, error) {
	if address == "192.168.1.40" {
		return scan.Device{ID: "escl:kyocera"}, nil
	}
	return scan.Device{}, record.E(record.CodeScanNoDevice, nil, "device", address)
}

// Certificate finds the certificate in an error.
func (o *Office) Certificate(err error) (scanners.Certificate, bool) {
	if !errors.Is(err, errUntrusted) {
		return scanners.Certificate{}, false
	}
	return scanners.Certificate{Device: "brother", Host: "drucker-og1.local", Fingerprint: Fingerprint}, true
}

// Try gives a page with lines on it.
func (o *Office) Try(ctx context.Context, device string) (*scan.Page, error) {
	if o.Fail != nil {
		return nil, o.Fail
	}
	if _, err := o.Caps(ctx, device); err != nil {
		return nil, err
	}
	o.Tried = append(o.Tried, device)
	m := image.NewGray(image.Rect(0, 0, 620, 877))
	for y := range 877 {
		for x := range 620 {
			v := uint8(250)
			if y > 90 && y < 780 && y%26 < 9 && x > 70 && x < 540-(y/26*37)%170 && (x/7+y/26)%6 != 0 {
				v = 60
			}
			m.SetGray(x, y, color.Gray{Y: v})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		return nil, err
	}
	return scan.Check(b.Bytes(), 1, 75)
}

// Folder takes every path but one.
func (o *Office) Folder(path string) (string, error) {
	if path == "" || strings.HasSuffix(path, "weg") {
		return "", record.E(record.CodeScanFolder, nil, "folder", path)
	}
	return path, nil
}

// Nothing takes every device away.
func (o *Office) Nothing() {
	o.None = true
	_ = o.Change(context.Background(), "", func(b *profile.Book) error { b.Addresses, b.Folders = nil, nil; return nil }) // in memory
}
