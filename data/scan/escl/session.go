package escl

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"schalter/data/record"
	"schalter/data/scan"
)

// Session is an opened device. It is a [scan.Session] and a [scan.Sensor].
type Session struct {
	client *client
	can    *capabilities
	caps   scan.Caps
	gate   *scan.Gate
}

// Caps is what the device can do.
func (s *Session) Caps() scan.Caps { return s.caps }

// Close ends the talk.
func (s *Session) Close() error {
	s.client.close()
	return nil
}

// Device is what a person sees of it; its ID opens it again, at another address of the network too.
func (s *Session) Device() scan.Device {
	uuid := s.client.uuid
	if uuid == "" {
		uuid = s.can.uuid
	}
	d := s.can.device(deviceID(s.client.base, uuid))
	d.Address = s.client.hostPort()
	return d
}

// Sense tells whether paper lies in the feeder.
func (s *Session) Sense(ctx context.Context) (scan.State, error) {
	if _, ok := s.can.inputs[scan.Feeder]; !ok {
		return scan.State{}, nil
	}
	st, err := s.client.status(ctx)
	if err != nil {
		return scan.State{}, err
	}
	switch st.adf {
	case "ScannerAdfLoaded":
		return scan.State{Paper: scan.PaperReady}, nil
	case "ScannerAdfEmpty":
		return scan.State{Paper: scan.PaperNone}, nil
	}
	return scan.State{}, nil
}

// plan is one scan in the device's words.
type plan struct {
	in            input
	source        scan.Source
	mode, format  string
	ext           bool
	dpi           int
	width, height int // 1/300 inch
	offset        int
	gray          bool // instead of black and white
}

func (s *Session) plan(set scan.Settings) (plan, error) {
	in, ok := s.can.inputs[set.Source]
	if !ok {
		return plan{}, record.E(record.CodeScanUnsupported, fmt.Errorf("no source %q", set.Source), "device", s.client.hostPort())
	}
	p := plan{in: in, source: set.Source, mode: modeNames[set.Mode]}
	if set.Mode == scan.Lineart && !in.has(p.mode) {
		p.mode, p.gray = modeNames[scan.Gray], true
	}
	if p.mode == "" || !in.silent() && !in.has(p.mode) {
		return plan{}, record.E(record.CodeScanUnsupported, fmt.Errorf("no mode %q", set.Mode), "device", s.client.hostPort())
	}
	able := in.profileFor(p.mode)
	if p.format = able.format(p.mode, s.client.opt.takes(set)); p.format == "" {
		return plan{}, record.E(record.CodeScanFormat, nil, "host", s.client.hostPort(), "format", formatName(able.formats[0]))
	}
	p.ext, p.dpi = able.ext, able.nearest(p.mode, set.DPI)
	w, h := set.Size()
	p.width, p.height = within(units(w), in.minWidth, in.maxWidth), within(units(h), in.minHeight, in.maxHeight)
	if spare := in.maxWidth - p.width; spare > 0 && in.center {
		p.offset = spare / 2
	} else if spare > 0 && in.right {
		p.offset = spare
	}
	return p, nil
}

func within(n, low, high int) int {
	if high > 0 {
		n = min(n, high)
	}
	return max(n, low, 1)
}

// takes reports whether a whole document is of use.
func (o *Options) takes(set scan.Settings) bool { return o.Document != nil && !set.Pictures }

// format picks how pages come: as pictures where the device has them, else in a document. Black and white is spoilt
// by JPEG, and packed in PDFs in ways that cannot be checked; everything else is a third of the size.
func (p profile) format(mode string, documents bool) string {
	wish, whole := []string{formatJPEG, formatPNG}, []string{formatPDF, formatTIFF}
	if mode == modeNames[scan.Lineart] {
		wish, whole = []string{formatPNG, formatJPEG}, []string{formatTIFF, formatPDF}
	}
	if documents {
		wish = append(wish, whole...)
	}
	for _, w := range wish {
		if slices.Contains(p.formats, w) {
			return w
		}
	}
	if len(p.formats) == 0 {
		return formatJPEG // every device of the protocol knows it
	}
	return ""
}

// formatName is how people call a format.
func formatName(mediaType string) string {
	_, name, _ := strings.Cut(mediaType, "/")
	name, _, _ = strings.Cut(name, ";")
	return strings.ToUpper(strings.TrimSpace(name))
}

// settings is the request for a scan. Its order is that of the protocol's schema: some devices insist.
func (p plan) settings() string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<scan:ScanSettings xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">` +
		`<pwg:Version>2.0</pwg:Version><pwg:ScanRegions><pwg:ScanRegion>`)
	fmt.Fprintf(&b, `<pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits><pwg:XOffset>%d</pwg:XOffset><pwg:YOffset>0</pwg:YOffset>`+
		`<pwg:Width>%d</pwg:Width><pwg:Height>%d</pwg:Height></pwg:ScanRegion></pwg:ScanRegions>`, p.offset, p.width, p.height)
	source := "Feeder"
	if p.source == scan.Flatbed {
		source = "Platen"
	}
	fmt.Fprintf(&b, `<pwg:InputSource>%s</pwg:InputSource><scan:ColorMode>%s</scan:ColorMode><pwg:DocumentFormat>%s</pwg:DocumentFormat>`, source, p.mode, p.format)
	if p.ext {
		fmt.Fprintf(&b, `<scan:DocumentFormatExt>%s</scan:DocumentFormatExt>`, p.format)
	}
	fmt.Fprintf(&b, `<scan:XResolution>%d</scan:XResolution><scan:YResolution>%d</scan:YResolution>`, p.dpi, p.dpi)
	if p.source != scan.Flatbed {
		fmt.Fprintf(&b, `<scan:Duplex>%t</scan:Duplex>`, p.source == scan.Duplex)
	}
	b.WriteString(`</scan:ScanSettings>`)
	return b.String()
}

// Scan takes the pages one by one. The device's job is taken back at the end, whatever the end is.
func (s *Session) Scan(ctx context.Context, set scan.Settings, emit func(scan.Event) error) error {
	p, err := s.plan(set)
	if err != nil {
		return err
	}
	leave, err := s.gate.Enter(s.client.hostPort())
	if err != nil {
		return err
	}
	defer leave()
	if p.gray {
		if err := emit(scan.Event{Kind: scan.Warning, Code: scan.WarnMode}); err != nil {
			return err
		}
	}
	if p.dpi != set.DPI {
		if err := emit(scan.Event{Kind: scan.Warning, Code: scan.WarnResolution}); err != nil {
			return err
		}
	}
	r := &run{client: s.client, plan: p, set: set, emit: emit}
	if err := r.begin(ctx); err != nil {
		return err
	}
	defer r.leave(ctx)
	return r.pages(ctx)
}

// location is the job's address: the path a device names, at the address we know.
func (c *client) location(text string) (*url.URL, error) {
	to, err := url.Parse(strings.TrimSpace(text))
	if err != nil || text == "" || to.Opaque != "" || to.Path == "" || to.Path == "/" {
		return nil, c.odd("Location", err)
	}
	u := c.base.JoinPath("ScanJobs").ResolveReference(&url.URL{Path: to.Path, RawPath: to.RawPath})
	return u, nil
}

// leave takes the job back, after a cancel too; a device that is gone is not waited for.
func (r *run) leave(ctx context.Context) {
	ctx, stop := r.client.opt.limit(context.WithoutCancel(ctx), leaveLimit, record.E(record.CodeScanTimeout, nil))
	defer stop()
	_, _ = r.client.ask(ctx, request{method: http.MethodDelete, url: r.job.String(), limit: maxXML, silence: leaveLimit}) // it ends by itself at the latest
}
