// Package profile holds the ways to scan that lie on keys: what each is called, which device and settings it
// takes, and who may change them.
//
// It promises that what cannot be read or makes no sense is never taken for a profile, that there is always
// at least one, that the locked list is changed only with the administrator's PIN, and that the backs of a
// stack which was scanned in two passes come between their fronts only where both counts agree.
//
// It never talks to a device and never keeps the PIN itself.
package profile

import (
	"slices"
	"strings"

	"schalter/data/record"
	"schalter/data/scan"
)

// Profile is one way to scan.
type Profile struct {
	ID       string        `json:"id"`
	Name     string        `json:"name,omitempty"`   // in words; empty for those that came with the program
	Device   string        `json:"device,omitempty"` // empty: the one used last, else the first that answers
	Called   string        `json:"called,omitempty"` // what Device is called by people
	Settings scan.Settings `json:"settings"`
	TwoPass  bool          `json:"two_pass,omitempty"` // both sides by a feeder that reads one: fronts, then the turned stack
	Wait     bool          `json:"wait,omitempty"`     // begins by itself once paper lies in the feeder
	NoBlank  bool          `json:"no_blank,omitempty"` // sides that look empty are not flagged
	Goes     Goes          `json:"goes,omitempty"`
}

// Goes says where the pages go.
type Goes string

// The places.
const (
	GoesHere Goes = ""     // to the proof at which the clerk is
	GoesSort Goes = "sort" // to the cases that the cover sheets among them name; the others to the unsorted tray
)

// The bounds of what may be asked for.
const (
	MinDPI  = 75
	MaxDPI  = 1200
	MaxName = 60 // letters
	maxList = 24
)

// Defaults are the profiles of a desk that has none of its own.
func Defaults() []Profile {
	return []Profile{
		{ID: "flatbed", Settings: scan.Settings{Source: scan.Flatbed, Mode: scan.Gray, DPI: 300}},
		{ID: "feeder", Settings: scan.Settings{Source: scan.Feeder, Mode: scan.Gray, DPI: 300}},
		{ID: "color", Settings: scan.Settings{Source: scan.Flatbed, Mode: scan.Color, DPI: 300}},
		{ID: "duplex", Settings: scan.Settings{Source: scan.Duplex, Mode: scan.Lineart, DPI: 300}},
	}
}

// Check says what is wrong with a profile, nil if nothing.
func (p Profile) Check() error {
	wrong := func(field string) error { return record.E(record.CodeProfileBad, nil, "field", field) }
	s := p.Settings
	switch {
	case p.ID == "" || len(p.ID) > 64:
		return wrong("id")
	case strings.TrimSpace(p.Name) == "" && !builtin(p.ID), len([]rune(p.Name)) > MaxName:
		return wrong("name")
	case !slices.Contains([]scan.Source{scan.Flatbed, scan.Feeder, scan.Duplex}, s.Source):
		return wrong("source")
	case !slices.Contains([]scan.Mode{scan.Lineart, scan.Gray, scan.Color}, s.Mode):
		return wrong("mode")
	case s.DPI < MinDPI || s.DPI > MaxDPI:
		return wrong("dpi")
	case s.Paper != "" && !slices.Contains(scan.Papers(), s.Paper):
		return wrong("paper")
	case p.TwoPass && s.Source != scan.Feeder:
		return wrong("two_pass")
	case p.Goes != GoesHere && p.Goes != GoesSort:
		return wrong("goes")
	}
	return nil
}

func builtin(id string) bool {
	return slices.ContainsFunc(Defaults(), func(p Profile) bool { return p.ID == id })
}
