package sane

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"schalter/data/scan"
)

var (
	optionLine = regexp.MustCompile(`^\s+(-{1,2}[a-z][a-z-]*)[ =]\[?(.*?)\]? \[[^\]]*\]\s*$`)
	shortLine  = regexp.MustCompile(`^\s+-([xy]) ([0-9.]+)\.\.([0-9.]+)mm`)
	rangeText  = regexp.MustCompile(`^([0-9]+)\.\.([0-9]+)dpi`)
)

// parseCaps reads `scanimage -A`. What it does not understand it leaves out: a device with unknown words
// still scans with its defaults.
func parseCaps(help string) scan.Caps {
	c := scan.Caps{RawSource: map[scan.Source]string{}, RawMode: map[scan.Mode]string{}}
	for line := range strings.Lines(help) {
		if m := shortLine.FindStringSubmatch(line); m != nil {
			v, _ := strconv.ParseFloat(m[3], 64)
			if m[1] == "x" {
				c.Width = v
			} else {
				c.Height = v
			}
			continue
		}
		m := optionLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		switch m[1] {
		case "--source":
			addSources(&c, strings.Split(m[2], "|"))
		case "--mode":
			addModes(&c, strings.Split(m[2], "|"))
		case "--resolution":
			addResolutions(&c, m[2])
		}
	}
	return c
}

func addResolutions(c *scan.Caps, text string) {
	if m := rangeText.FindStringSubmatch(text); m != nil {
		c.MinDPI, _ = strconv.Atoi(m[1])
		c.MaxDPI, _ = strconv.Atoi(m[2])
		return
	}
	for s := range strings.SplitSeq(strings.TrimSuffix(text, "dpi"), "|") {
		if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil {
			c.Resolutions = append(c.Resolutions, n)
		}
	}
	slices.Sort(c.Resolutions)
}

var (
	wordsDuplex  = regexp.MustCompile(`(?i)duplex|both sides|double|beid`)
	wordsFeeder  = regexp.MustCompile(`(?i)adf|feeder|automatic|einzug`)
	wordsFlatbed = regexp.MustCompile(`(?i)flatbed|platen|table|glas`)
	wordsLineart = regexp.MustCompile(`(?i)lineart|binary|black|b&w|halftone|text`)
	wordsGray    = regexp.MustCompile(`(?i)gr[ae]y|grau`)
	wordsColor   = regexp.MustCompile(`(?i)colou?r|farb|24`)
)

func addSources(c *scan.Caps, names []string) {
	for _, raw := range names {
		var s scan.Source
		switch {
		case wordsDuplex.MatchString(raw):
			s = scan.Duplex
		case wordsFeeder.MatchString(raw):
			s = scan.Feeder
		case wordsFlatbed.MatchString(raw):
			s = scan.Flatbed
		default:
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
		if _, ok := c.RawMode[m]; !ok {
			c.RawMode[m] = raw
			c.Modes = append(c.Modes, m)
		}
	}
}
