package edit

import (
	"regexp"
	"strconv"
	"strings"

	"schalter/data/record"
)

var versionForm = regexp.MustCompile(`^[0-9]{1,9}(\.[0-9]{1,9}){0,3}$`)

// NextVersion is the next minor version: 1.2.0 becomes 1.3.0, and 1 becomes 1.1.
func NextVersion(v string) string {
	parts := strings.Split(v, ".")
	if len(parts) < 2 {
		return v + ".1"
	}
	n, _ := strconv.Atoi(parts[1])
	parts[1] = strconv.Itoa(n + 1)
	for i := 2; i < len(parts); i++ {
		parts[i] = "0"
	}
	return strings.Join(parts, ".")
}

// SetVersion gives the form another version: numbers and dots, newer than the one given, which is the newest
// there is ("" for none).
func (d *Doc) SetVersion(v, newest string) error {
	v = strings.TrimSpace(v)
	if !versionForm.MatchString(v) || newest != "" && record.CompareVersions(v, newest) <= 0 {
		return record.E(record.CodeEditVersion, nil, "version", v, "newest", newest)
	}
	return d.do("", "\x00version", func(w *work) error {
		w.set(w.root, "version", v)
		return nil
	})
}
