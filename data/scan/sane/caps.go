package sane

import (
	"regexp"
	"slices"
	"strconv"

	"schalter/data/scan"
)

// capsOf maps a device's options to our words.
func capsOf(all options) scan.Caps {
	c := scan.Caps{RawSource: map[scan.Source]string{}, RawMode: map[scan.Mode]string{}}
	c.Width, c.Height = all["x"].high, all["y"].high
	// Some feeders tell a smaller area until they are told how large the sheet is.
	c.Width, c.Height = max(c.Width, all["page-width"].high), max(c.Height, all["page-height"].high)
	if o, ok := all.settable("source"); ok {
		addSources(&c, o.choices)
	}
	if _, feeder := c.RawSource[scan.Feeder]; feeder && c.RawSource[scan.Duplex] == "" && bothSides(all) != nil {
		c.Sources = append(c.Sources, scan.Duplex)
		c.RawSource[scan.Duplex] = c.RawSource[scan.Feeder]
	}
	if o, ok := all.settable("mode"); ok {
		addModes(&c, o.choices)
	}
	if c.RawMode[scan.Lineart] == "" && c.RawMode[scan.Gray] != "" && all.offers("depth", "1") {
		c.Modes = append(c.Modes, scan.Lineart)
		c.RawMode[scan.Lineart] = c.RawMode[scan.Gray]
	}
	addResolutions(&c, all["resolution"])
	c.DoubleFeed = len(doubleFeed(all)) > 0
	c.Buttons = buttonsOf(all)
	return c
}

func addResolutions(c *scan.Caps, o option) {
	if o.high > 0 {
		c.MinDPI, c.MaxDPI, c.StepDPI = int(o.low), int(o.high), int(o.step)
		return
	}
	for _, s := range o.choices {
		if n, err := strconv.Atoi(s); err == nil && n > 0 {
			c.Resolutions = append(c.Resolutions, n)
		}
	}
	slices.Sort(c.Resolutions)
}

// What makers call their sources, in the order in which it is asked. Those of the first pattern are none of
// ours: slides, cards, and the backs alone.
var (
	wordsCard    = regexp.MustCompile(`(?i)card|karte`)
	wordsOther   = regexp.MustCompile(`(?i)transparen|negativ|slide|film|tpu|\bdias?\b|\bback\b|\brear\b|rückseite`)
	wordsDuplex  = regexp.MustCompile(`(?i)duplex|both|double|two.?sided|2.?sided|beid|doppel|zweiseit`)
	wordsFeeder  = regexp.MustCompile(`(?i)adf|feeder|sheet.?fed|einzug|stapel|zuführ`)
	wordsFlatbed = regexp.MustCompile(`(?i)flatbed|flach|platen|table|glas|auflage|^normal$|^fb$`)
	wordsLineart = regexp.MustCompile(`(?i)lineart|line art|binary|black|b&w|mono|halftone|text|schwarz|strich|1.?bit`)
	wordsGray    = regexp.MustCompile(`(?i)gr[ae]y|grau`)
	wordsColor   = regexp.MustCompile(`(?i)colou?r|farb|24.?bit|rgb`)
	wordsBetter  = regexp.MustCompile(`(?i)^(lineart|(true )?gr[ae]y|colou?r)$|24.?bit`)
)

func addSources(c *scan.Caps, names []string) {
	for _, raw := range names {
		var s scan.Source
		both := wordsDuplex.MatchString(raw)
		switch {
		case wordsCard.MatchString(raw), wordsOther.MatchString(raw) && !both:
		case both:
			s = scan.Duplex
		case wordsFeeder.MatchString(raw):
			s = scan.Feeder
		case wordsFlatbed.MatchString(raw):
			s = scan.Flatbed
		}
		if s == "" {
			c.Unknown = append(c.Unknown, raw)
			continue
		}
		if _, ok := c.RawSource[s]; !ok {
			c.RawSource[s] = raw
			c.Sources = append(c.Sources, s)
		}
	}
}

func addModes(c *scan.Caps, names []string) {
	for _, raw := range names {
		var m scan.Mode
		switch {
		case wordsColor.MatchString(raw):
			m = scan.Color
		case wordsGray.MatchString(raw):
			m = scan.Gray
		case wordsLineart.MatchString(raw):
			m = scan.Lineart
		default:
			continue
		}
		before, ok := c.RawMode[m]
		if !ok {
			c.Modes = append(c.Modes, m)
		}
		if !ok || wordsBetter.MatchString(raw) && !wordsBetter.MatchString(before) { // "Gray[Error Diffusion]" is dots, and 48 bits are more than a JPEG has
			c.RawMode[m] = raw
		}
	}
}

// bothSides are the arguments with which a feeder reads both sides where that is not a source of its own.
func bothSides(all options) []string {
	if all.offers("adf-mode", "Duplex") {
		return []string{"--adf-mode=Duplex"}
	}
	if o, ok := all.settable("duplex"); ok && o.yesno {
		return []string{"--duplex=yes"}
	}
	return nil
}

// doubleFeed are the arguments with which a device stops at two sheets drawn in at once.
func doubleFeed(all options) []string {
	var args []string
	if all.offers("df-action", "Stop") {
		args = append(args, "--df-action=Stop")
	}
	for _, name := range []string{"df-thickness", "df-length"} {
		if o, ok := all.settable(name); ok && o.yesno {
			args = append(args, "--"+name+"=yes")
			break // one way to tell is enough, and lengths differ in a stack of letters
		}
	}
	return args
}

// Sensors by what makers call them.
var (
	sensorPaper  = regexp.MustCompile(`^(page-loaded|adf-loaded|paper-loaded|hopper|adf-status|paper)$`)
	sensorDouble = regexp.MustCompile(`^(omr-df|double-feed)$`)
	sensorButton = regexp.MustCompile(`^(scan|start|copy|email|file|ocr|fax|send|pdf|extra|function|button(-[0-9]+)?|.*-sw)$`)
)

// Some backends tell by one word which of all buttons is pressed, and some read their buttons only when they are
// told to.
const (
	wordButton   = "button-pressed"
	noButton     = "none"
	updateButton = "button-update"
)

// stateOf reads what a device tells while it rests.
func stateOf(all options) scan.State {
	var s scan.State
	for name, o := range all {
		if !o.hardware || o.inactive || o.value == "" {
			continue
		}
		switch {
		case sensorPaper.MatchString(name):
			if on(o) {
				s.Paper = scan.PaperReady
			} else if s.Paper == scan.PaperUnknown {
				s.Paper = scan.PaperNone
			}
		case sensorButton.MatchString(name) && on(o):
			s.Buttons = append(s.Buttons, name)
		case name == wordButton && o.value != noButton:
			s.Buttons = append(s.Buttons, o.value)
		}
	}
	slices.Sort(s.Buttons)
	return s
}

// buttonsOf are the names of a device's buttons.
func buttonsOf(all options) []string {
	var out []string
	for name, o := range all {
		switch {
		case !o.hardware || o.inactive:
		case sensorButton.MatchString(name):
			out = append(out, name)
		case name == wordButton:
			out = append(out, slices.DeleteFunc(slices.Clone(o.choices), func(s string) bool { return s == noButton })...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// on reports whether a sensor that is a yes or a number is set.
func on(o option) bool {
	switch o.value {
	case "yes", "Documents", "Loaded", "loaded", "true":
		return true
	}
	n, err := strconv.Atoi(o.value)
	return err == nil && n != 0
}

// drewTwo reports whether the device says that it drew in two sheets at once.
func drewTwo(all options) bool {
	for name, o := range all {
		if o.hardware && sensorDouble.MatchString(name) && on(o) {
			return true
		}
	}
	return false
}
