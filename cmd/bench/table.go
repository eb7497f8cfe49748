package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
)

// figure is one line of the table.
type figure struct {
	name   string
	value  float64
	unit   string
	beside string  // what stands beside it, with its value; "" for nothing
	ratio  float64 // of value to what stands beside; 0 for none
	limit  limit
	note   string // how it was taken, or why it was not
	absent bool
}

// limit is what a figure should stay at or below; the zero limit is none.
type limit struct {
	most float64
	unit string // "x" is about the ratio, everything else about the value
}

func atMost(most float64, unit string) limit { return limit{most, unit} }

func (l limit) String() string {
	if l.most == 0 {
		return ""
	}
	return number(l.most) + " " + l.unit
}

// missed reports whether a figure is over its limit.
func (f figure) missed() bool {
	switch {
	case f.limit.most == 0, f.absent:
		return false
	case f.limit.unit == "x":
		return f.ratio > f.limit.most
	}
	return f.value > f.limit.most
}

func (f figure) verdict() string {
	switch {
	case f.absent:
		return "not taken"
	case f.limit.most == 0:
		return ""
	case f.missed():
		return "MISSED"
	}
	return "ok"
}

func (f figure) cells() []string {
	value, ratio := number(f.value), ""
	if f.absent {
		value = ""
	}
	if f.ratio > 0 {
		ratio = strconv.FormatFloat(f.ratio, 'f', 2, 64)
	}
	return []string{f.name, value, f.unit, f.beside, ratio, f.limit.String()}
}

// number writes three digits that count.
func number(v float64) string {
	switch {
	case v >= 100 || v == float64(int64(v)):
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

var (
	columns      = []string{"name", "value", "unit", "beside", "ratio", "limit"}
	plainColumns = []string{"name", "ours", "peer", "ratio", "limit"}
)

// table is all figures of a run.
type table struct {
	figures []figure
	plain   bool // the file has one column for ours and one for the peer
}

func (t *table) add(f figure) { t.figures = append(t.figures, f) }

// missing notes that a group of figures, or the rest of it, could not be taken.
func (t *table) missing(name string, err error) {
	t.add(figure{name: name, absent: true, beside: "not taken: " + strings.Join(strings.Fields(err.Error()), " ")})
}

// write makes the file with one line per figure and tabs between the columns.
func (t *table) write(path string) error {
	var s strings.Builder
	head := columns
	if t.plain {
		head = plainColumns
	}
	s.WriteString(strings.Join(head, "\t") + "\n")
	for _, f := range t.figures {
		c := f.cells()
		if t.plain {
			c = []string{c[0], strings.TrimSpace(c[1] + " " + c[2]), c[3], c[4], c[5]}
		}
		s.WriteString(strings.Join(c, "\t") + "\n")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(s.String()), 0o644)
}

// print shows the figures to a person.
func (t *table) print(w io.Writer) {
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tab, "\n"+strings.Join(columns, "\t")+"\t")
	misses, absent := 0, 0
	for _, f := range t.figures {
		switch {
		case f.absent:
			absent++
		case f.missed():
			misses++
		}
		fmt.Fprintln(tab, strings.Join(append(f.cells(), f.verdict()), "\t"))
	}
	_ = tab.Flush() // words for a person, as the lines below
	fmt.Fprintln(w)
	for _, f := range t.figures {
		if f.note != "" {
			fmt.Fprintf(w, "  %s: %s\n", f.name, f.note)
		}
	}
	fmt.Fprintf(w, "%d lines, %d over their limit, %d not taken\n", len(t.figures), misses, absent)
}
