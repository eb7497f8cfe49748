package sane

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// option is one line of `scanimage -A`: "    --source Flatbed|ADF [Flatbed]" and the like.
type option struct {
	name     string   // without dashes
	choices  []string // of a list of words or numbers
	low      float64  // of a range
	high     float64
	step     float64
	value    string // at present; empty where inactive
	yesno    bool
	inactive bool
	hardware bool // a sensor or button of the device: it is only read
}

// options are a device's options by their names.
type options map[string]option

var (
	optionLine = regexp.MustCompile(`^ {4}(?:--([a-zA-Z][a-zA-Z0-9_-]*)|-([ltxy]))(.*)$`)
	lastBracks = regexp.MustCompile(` \[([^\[\]]*)\]\s*$`)
	steps      = regexp.MustCompile(` \(in steps of ([0-9.]+)\)\s*$`)
	rangeText  = regexp.MustCompile(`^(-?[0-9.]+)\.\.(-?[0-9.]+)(dpi|mm|us|pel|bit|%|)$`)
	unit       = regexp.MustCompile(`^(-?[0-9.]+)(dpi|mm|us|pel|bit|%)$`)
)

// parseOptions reads `scanimage -A`. What it does not understand it leaves out: a device with unknown words
// still scans with its defaults.
func parseOptions(help string) options {
	all := options{}
	for line := range strings.Lines(help) {
		m := optionLine.FindStringSubmatch(strings.TrimRight(line, "\r\n"))
		if m == nil {
			continue
		}
		o := option{name: m[1] + m[2]}
		rest := o.flags(m[3])
		o.values(rest)
		if _, twice := all[o.name]; !twice {
			all[o.name] = o
		}
	}
	return all
}

// flags takes the groups in brackets off the end: the present value and what is said about the option.
func (o *option) flags(rest string) string {
	for {
		m := lastBracks.FindStringSubmatchIndex(rest)
		if m == nil {
			return rest
		}
		switch word := rest[m[2]:m[3]]; word {
		case "inactive":
			o.inactive = true
		case "hardware", "read-only":
			o.hardware = true
		case "advanced", "emulated":
		default:
			o.value = word
		}
		rest = rest[:m[0]]
	}
}

// values reads what the option may be.
func (o *option) values(rest string) {
	if strings.HasPrefix(rest, "[=(") {
		o.yesno = strings.Contains(rest, "yes|no")
		return
	}
	if m := steps.FindStringSubmatchIndex(rest); m != nil {
		o.step, _ = strconv.ParseFloat(rest[m[2]:m[3]], 64)
		rest = rest[:m[0]]
	}
	rest = strings.TrimSpace(rest)
	if m := rangeText.FindStringSubmatch(rest); m != nil {
		o.low, _ = strconv.ParseFloat(m[1], 64)
		o.high, _ = strconv.ParseFloat(m[2], 64)
		return
	}
	if rest == "" || strings.HasPrefix(rest, "<") {
		return
	}
	o.choices = strings.Split(rest, "|")
	last := len(o.choices) - 1
	if m := unit.FindStringSubmatch(o.choices[last]); m != nil { // only the last of a list has the unit
		o.choices[last] = m[1]
	}
}

// settable reports whether the device has the option and lets us set it.
func (all options) settable(name string) (option, bool) {
	o, ok := all[name]
	return o, ok && !o.hardware
}

// offers reports whether an option can be set to a word.
func (all options) offers(name, word string) bool {
	o, ok := all.settable(name)
	return ok && slices.Contains(o.choices, word)
}
