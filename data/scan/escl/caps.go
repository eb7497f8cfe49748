package escl

import (
	"errors"
	"slices"
	"strings"

	"schalter/data/scan"
)

// perInch is the unit of every length in the protocol.
const perInch = 300

// What the protocol calls our modes and formats.
const (
	formatJPEG = "image/jpeg"
	formatPNG  = "image/png"
	formatPDF  = "application/pdf"
	formatTIFF = "image/tiff"
)

var modeNames = map[scan.Mode]string{scan.Lineart: "BlackAndWhite1", scan.Gray: "Grayscale8", scan.Color: "RGB24"}

// capabilities is what a device says of itself.
type capabilities struct {
	uuid, model, vendor, serial string
	inputs                      map[scan.Source]input
}

// input is what one source can do; lengths in 1/300 inch.
type input struct {
	minWidth, maxWidth, minHeight, maxHeight int
	center, right                            bool // where the paper lies across the feeder
	profiles                                 []profile
}

// profile is a set of abilities that go together.
type profile struct {
	modes   []string
	formats []string
	ext     bool // formats are asked for in the newer element too
	dpi     []resolutions
}

// resolutions are those of one mode, or of all where mode is empty.
type resolutions struct {
	mode           string
	list           []int
	min, max, step int
}

func parseCapabilities(b []byte) (*capabilities, error) {
	root, err := parseXML(b, "ScannerCapabilities")
	if err != nil {
		return nil, err
	}
	c := &capabilities{
		uuid: cleanUUID(root.value("UUID")), model: root.value("MakeAndModel"), vendor: root.value("Manufacturer"),
		serial: root.value("SerialNumber"), inputs: map[scan.Source]input{},
	}
	adf := root.kid("Adf")
	for source, n := range map[scan.Source]*node{
		scan.Flatbed: root.kid("Platen").kid("PlatenInputCaps"),
		scan.Feeder:  adf.kid("AdfSimplexInputCaps"),
		scan.Duplex:  adf.kid("AdfDuplexInputCaps"),
	} {
		if n == nil {
			continue
		}
		in := parseInput(n)
		if source != scan.Flatbed {
			at := adf.kid("Justification").value("XImagePosition")
			in.center, in.right = at == "Center", at == "Right"
		}
		c.inputs[source] = in
	}
	if _, both := c.inputs[scan.Duplex]; !both && saysDuplex(adf) {
		if simplex, ok := c.inputs[scan.Feeder]; ok {
			c.inputs[scan.Duplex] = simplex
		}
	}
	if _, one := c.inputs[scan.Feeder]; !one {
		if duplex, ok := c.inputs[scan.Duplex]; ok {
			c.inputs[scan.Feeder] = duplex // a feeder that reads both sides reads one
		}
	}
	if len(c.inputs) == 0 {
		return nil, &placeError{1, 1, errors.New("no source of paper")}
	}
	return c, nil
}

func saysDuplex(adf *node) bool {
	for _, o := range adf.all("AdfOptions", "AdfOption") {
		if o.text == "Duplex" {
			return true
		}
	}
	return false
}

func parseInput(n *node) input {
	in := input{minWidth: n.number("MinWidth"), maxWidth: n.number("MaxWidth"), minHeight: n.number("MinHeight"), maxHeight: n.number("MaxHeight")}
	for _, p := range n.all("SettingProfiles", "SettingProfile") {
		in.profiles = append(in.profiles, parseProfile(p))
	}
	return in
}

func parseProfile(p *node) profile {
	var out profile
	for _, m := range p.all("ColorModes", "ColorMode") {
		out.modes = append(out.modes, m.text)
	}
	for _, name := range []string{"DocumentFormat", "DocumentFormatExt"} {
		for _, f := range p.all("DocumentFormats", name) {
			out.formats = append(out.formats, strings.ToLower(f.text))
			out.ext = out.ext || name == "DocumentFormatExt"
		}
	}
	for _, s := range p.all("SupportedResolutions") {
		out.dpi = append(out.dpi, parseResolutions(s))
	}
	return out
}

// parseResolutions takes those that are the same in both directions; others would bend the picture.
func parseResolutions(n *node) resolutions {
	r := resolutions{mode: n.value("ColorMode")}
	for _, d := range n.all("DiscreteResolutions", "DiscreteResolution") {
		if x := d.number("XResolution"); x > 0 && x == d.number("YResolution") {
			r.list = append(r.list, x)
		}
	}
	slices.Sort(r.list)
	r.list = slices.Compact(r.list)
	if span := n.kid("ResolutionRange"); span != nil && len(r.list) == 0 {
		x, y := firstKid(span, "XResolutionRange", "XResolution"), firstKid(span, "YResolutionRange", "YResolution")
		r.min, r.max, r.step = max(x.number("Min"), y.number("Min")), min(x.number("Max"), y.number("Max")), max(x.number("Step"), 1)
	}
	return r
}

func firstKid(n *node, names ...string) *node {
	for _, name := range names {
		if k := n.kid(name); k != nil {
			return k
		}
	}
	return nil
}

// profileFor is the set of abilities for a mode; the first one where none names it.
func (in input) profileFor(mode string) profile {
	for _, p := range in.profiles {
		if slices.Contains(p.modes, mode) {
			return p
		}
	}
	if len(in.profiles) > 0 {
		return in.profiles[0]
	}
	return profile{}
}

func (in input) has(mode string) bool {
	for _, p := range in.profiles {
		if slices.Contains(p.modes, mode) {
			return true
		}
	}
	return false
}

// silent tells that the device names no modes at all; it is believed to know the usual ones.
func (in input) silent() bool {
	for _, p := range in.profiles {
		if len(p.modes) > 0 {
			return false
		}
	}
	return true
}

// nearest picks the resolution for a mode that is nearest to what was asked.
func (p profile) nearest(mode string, want int) int {
	for _, exact := range []bool{true, false} {
		for _, r := range p.dpi {
			if exact && r.mode != mode || !exact && r.mode != "" {
				continue
			}
			if len(r.list) > 0 {
				return scan.Caps{Resolutions: r.list}.Resolution(want)
			}
			if r.max > 0 && r.max >= r.min {
				n := min(max(want, r.min), r.max)
				return n - (n-r.min)%r.step
			}
		}
	}
	return want
}

// caps says it in the house's words: everything that any of the sources can do.
func (c *capabilities) caps() scan.Caps {
	vendor, model := splitName(c.vendor, c.model)
	out := scan.Caps{Name: scan.Device{Vendor: vendor, Model: model}.Name(), RawSource: map[scan.Source]string{}, RawMode: map[scan.Mode]string{}}
	for _, s := range []scan.Source{scan.Flatbed, scan.Feeder, scan.Duplex} {
		in, ok := c.inputs[s]
		if !ok {
			continue
		}
		out.Sources = append(out.Sources, s)
		out.RawSource[s] = map[scan.Source]string{scan.Flatbed: "Platen", scan.Feeder: "Feeder", scan.Duplex: "Feeder, Duplex"}[s]
		out.Width = max(out.Width, millimetres(in.maxWidth))
		out.Height = max(out.Height, millimetres(in.maxHeight))
		for _, m := range []scan.Mode{scan.Lineart, scan.Gray, scan.Color} {
			if name := modeNames[m]; (in.has(name) || in.silent() && m != scan.Lineart) && out.RawMode[m] == "" {
				out.RawMode[m] = name
				out.Modes = append(out.Modes, m)
			}
		}
		in.collect(&out)
	}
	slices.Sort(out.Resolutions)
	out.Resolutions = slices.Compact(out.Resolutions)
	return out
}

func (in input) collect(out *scan.Caps) {
	for _, p := range in.profiles {
		for _, r := range p.dpi {
			out.Resolutions = append(out.Resolutions, r.list...)
			if r.max > 0 {
				if out.MinDPI == 0 || r.min < out.MinDPI {
					out.MinDPI = r.min
				}
				out.MaxDPI = max(out.MaxDPI, r.max)
			}
		}
	}
}

// device is what a person sees of it.
func (c *capabilities) device(id string) scan.Device {
	vendor, model := splitName(c.vendor, c.model)
	return scan.Device{ID: id, Vendor: vendor, Model: model, Kind: "eSCL"}
}

// splitName takes the maker off the front of the model where it stands there twice.
func splitName(vendor, model string) (string, string) {
	if vendor != "" && len(model) > len(vendor) && strings.EqualFold(model[:len(vendor)], vendor) {
		if rest := strings.TrimLeft(model[len(vendor):], "(R)® "); rest != "" {
			return vendor, rest
		}
	}
	return vendor, model
}

func cleanUUID(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	s = strings.TrimPrefix(s, "urn:uuid:")
	for _, r := range s {
		if r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') {
			return ""
		}
	}
	if len(s) > 64 {
		return ""
	}
	return s
}

func millimetres(n int) float64 { return float64(n) / perInch * 25.4 }
func units(mm float64) int      { return int(mm/25.4*perInch + 0.5) }
