package escltest

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
)

// What it offers, lengths in 1/300 inch.
const (
	minSide   = 16
	maxWidth  = 2551
	maxHeight = 4205
)

var (
	dpis  = []int{75, 100, 150, 200, 300, 600}
	modes = []string{"BlackAndWhite1", "Grayscale8", "RGB24"}
)

const (
	prologue = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
	spaces   = ` xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"`
)

func (s *Simulator) model() string {
	if s.opt.Model != "" {
		return s.opt.Model
	}
	return "Schalter Simulator"
}

func (s *Simulator) formats() []string {
	if s.opt.Formats != nil {
		return s.opt.Formats
	}
	return []string{"image/jpeg", "application/pdf"}
}

// elements writes one element for each value.
func elements[T any](b *strings.Builder, name string, values []T) {
	for _, v := range values {
		fmt.Fprintf(b, "<%s>%v</%s>", name, v, name)
	}
}

func escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // memory
	return b.String()
}

func (s *Simulator) capabilities() []byte {
	if s.opt.Describe != nil {
		return s.opt.Describe
	}
	var input strings.Builder
	fmt.Fprintf(&input, `<scan:MinWidth>%d</scan:MinWidth><scan:MaxWidth>%d</scan:MaxWidth><scan:MinHeight>%d</scan:MinHeight><scan:MaxHeight>%d</scan:MaxHeight>`+
		`<scan:MaxScanRegions>1</scan:MaxScanRegions><scan:SettingProfiles><scan:SettingProfile><scan:ColorModes>`, minSide, maxWidth, minSide, maxHeight)
	elements(&input, "scan:ColorMode", modes)
	input.WriteString(`</scan:ColorModes><scan:DocumentFormats>`)
	elements(&input, "pwg:DocumentFormat", s.formats())
	elements(&input, "scan:DocumentFormatExt", s.formats())
	input.WriteString(`</scan:DocumentFormats><scan:SupportedResolutions><scan:DiscreteResolutions>`)
	for _, d := range dpis {
		fmt.Fprintf(&input, `<scan:DiscreteResolution><scan:XResolution>%d</scan:XResolution><scan:YResolution>%d</scan:YResolution></scan:DiscreteResolution>`, d, d)
	}
	input.WriteString(`</scan:DiscreteResolutions></scan:SupportedResolutions></scan:SettingProfile></scan:SettingProfiles>`)

	var b strings.Builder
	fmt.Fprintf(&b, prologue+`<scan:ScannerCapabilities`+spaces+`><pwg:Version>2.62</pwg:Version><pwg:MakeAndModel>%s</pwg:MakeAndModel>`+
		`<pwg:SerialNumber>1</pwg:SerialNumber><scan:UUID>%s</scan:UUID>`, escape(s.model()), escape(s.uuid()))
	if !s.opt.NoPlaten {
		fmt.Fprintf(&b, `<scan:Platen><scan:PlatenInputCaps>%s</scan:PlatenInputCaps></scan:Platen>`, input.String())
	}
	if !s.opt.NoFeeder {
		fmt.Fprintf(&b, `<scan:Adf><scan:AdfSimplexInputCaps>%s</scan:AdfSimplexInputCaps><scan:AdfDuplexInputCaps>%[1]s</scan:AdfDuplexInputCaps>`+
			`<scan:FeederCapacity>50</scan:FeederCapacity><scan:AdfOptions><scan:AdfOption>DetectPaperLoaded</scan:AdfOption><scan:AdfOption>Duplex</scan:AdfOption></scan:AdfOptions></scan:Adf>`, input.String())
	}
	b.WriteString(`</scan:ScannerCapabilities>`)
	return []byte(b.String())
}

func (s *Simulator) status() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := "Idle"
	if slices.ContainsFunc(s.jobs, func(j *job) bool { return j.state == "Processing" }) {
		state = "Processing"
	}
	var b strings.Builder
	fmt.Fprintf(&b, prologue+`<scan:ScannerStatus`+spaces+`><pwg:Version>2.62</pwg:Version><pwg:State>%s</pwg:State>`, state)
	if !s.opt.NoFeeder {
		fmt.Fprintf(&b, `<scan:AdfState>%s</scan:AdfState>`, escape(s.adfState()))
	}
	b.WriteString(`<scan:Jobs>`)
	for _, j := range slices.Backward(s.jobs) {
		fmt.Fprintf(&b, `<scan:JobInfo><pwg:JobUri>%s</pwg:JobUri><pwg:JobUuid>%s</pwg:JobUuid><scan:Age>1</scan:Age><pwg:ImagesCompleted>%d</pwg:ImagesCompleted>`+
			`<pwg:JobState>%s</pwg:JobState></scan:JobInfo>`, j.path, strings.TrimPrefix(j.path, "/eSCL/ScanJobs/"), j.sent, j.state)
	}
	b.WriteString(`</scan:Jobs></scan:ScannerStatus>`)
	return []byte(b.String())
}
