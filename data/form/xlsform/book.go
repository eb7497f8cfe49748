package xlsform

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"schalter/data/record"
)

const (
	sheetSurvey   = "survey"
	sheetChoices  = "choices"
	sheetSettings = "settings"
)

// cell is one filled cell of a sheet that belongs to the form.
type cell struct {
	text string // without spaces at the ends
	at   place
}

// grid is a sheet: its filled rows, each with its filled cells from left to right.
type grid struct {
	name string
	rows [][]cell
}

// book is a workbook as far as it is a form.
type book struct {
	sheets map[string]*grid // by lower-case name
}

// reading is what is needed while a workbook is open.
type reading struct {
	rep   *report
	parts *parts
	file  *excelize.File
	dates map[int]dateStyle
	since bool // days are counted from 1904
}

// read takes the texts out of a workbook.
func read(r io.ReaderAt, size int64, rep *report) (b *book, err error) {
	p, err := unzip(r, size, rep)
	if err != nil {
		return nil, err
	}
	b = &book{sheets: map[string]*grid{}}
	rd := &reading{rep: rep, parts: p, dates: map[int]dateStyle{}}
	if err := p.checkStrings(); err != nil {
		return nil, rd.refuse(place{}, partStrings, err)
	}
	scans, err := rd.scans(b)
	if err != nil {
		return nil, err
	}
	if b.sheets[sheetSurvey] == nil {
		return nil, rep.error(place{}, record.CodeXLSNoSurvey)
	}
	defer func() {
		// The library has been shown to panic on files made to hurt it; they are damaged, the program is not.
		if recover() != nil {
			b, err = nil, rep.error(place{}, record.CodeXLSDamaged, "part", "xl/workbook.xml")
		}
	}()
	rd.file, err = excelize.OpenReader(io.NewSectionReader(r, 0, size), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked,
	})
	if err != nil {
		return nil, rep.error(place{}, record.CodeXLSDamaged, "part", "xl/workbook.xml")
	}
	defer func() { _ = rd.file.Close() }() // nothing was written
	if props, err := rd.file.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		rd.since = *props.Date1904
	}
	for _, name := range known {
		if g := b.sheets[name]; g != nil {
			if err := rd.fill(g, scans[name]); err != nil {
				return nil, rep.error(place{sheet: g.name}, record.CodeXLSDamaged, "part", p.names[g.name])
			}
		}
	}
	return b, nil
}

// kept are sheets that other programs read and that hold a part of the form.
var kept = map[string]bool{"external_choices": true, "entities": true, "osm": true}

// scans looks at the sheets that belong to the form and names the others.
func (rd *reading) scans(b *book) (map[string]*scan, error) {
	scans := map[string]*scan{}
	for _, name := range rd.parts.order {
		key := strings.ToLower(strings.TrimSpace(name))
		at := place{sheet: name}
		switch key {
		case sheetSurvey, sheetChoices, sheetSettings:
		default:
			if kept[key] {
				rd.rep.fail(at, record.CodeXLSSheetUnknown)
			} else {
				rd.rep.note(at, record.CodeXLSNoteSheet)
			}
			continue
		}
		s, err := rd.parts.scanSheet(rd.parts.names[name])
		if err == nil && b.sheets[key] != nil {
			err = errDamaged
		}
		if err != nil {
			return nil, rd.refuse(at, rd.parts.names[name], err)
		}
		scans[key], b.sheets[key] = s, &grid{name: name}
		rd.merged(name, s)
	}
	return scans, nil
}

// refuse is why a part was not read.
func (rd *reading) refuse(at place, part string, err error) error {
	if errors.Is(err, errLarge) {
		return rd.rep.error(at, record.CodeXLSTooLarge, "limit", fmt.Sprintf("%d × %d", maxFilled, maxColumns))
	}
	return rd.rep.error(at, record.CodeXLSDamaged, "part", part)
}

// merged complains about merged cells: only their first one has a content.
func (rd *reading) merged(name string, s *scan) {
	for _, ref := range s.merged {
		first, _, _ := strings.Cut(ref, ":")
		at := place{sheet: name}
		if col, row, err := excelize.CellNameToCoordinates(first); err == nil {
			at.col, at.row = col, row
		}
		rd.rep.fail(at, record.CodeXLSMerged, "range", ref)
	}
}

// fill takes the texts of a sheet, row by row.
func (rd *reading) fill(g *grid, s *scan) error {
	rows, err := rd.file.Rows(g.name)
	if err != nil {
		return err
	}
	formulas := map[int][]place{} // by column
	for n := 1; n <= s.last && rows.Next(); n++ {
		texts, err := rows.Columns()
		if err != nil {
			return err
		}
		var row []cell
		for i, text := range texts {
			m, ok := s.cells[[2]int{n, i + 1}]
			if !ok {
				continue
			}
			c := cell{at: place{g.name, n, i + 1}}
			if m.formula != "" && !m.fixed() {
				formulas[i+1] = append(formulas[i+1], c.at)
			}
			if c.text = rd.text(c.at, text, m); c.text != "" {
				row = append(row, c)
			}
		}
		if len(row) > 0 {
			g.rows = append(g.rows, row)
		}
	}
	for _, at := range formulas {
		rd.rep.fail(at[0], record.CodeXLSFormula, "cells", cellNames(at))
	}
	return rows.Close()
}

// cellNames names cells: the first few, and how many there are.
func cellNames(at []place) string {
	var b strings.Builder
	for i, p := range at {
		if i == 8 {
			fmt.Fprintf(&b, " … (%d)", len(at))
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s%d", p.column(), p.row)
	}
	return b.String()
}

// text is what a cell says, in the writing of XLSForm.
func (rd *reading) text(at place, raw string, m mark) string {
	switch m.kind {
	case "e":
		rd.rep.fail(at, record.CodeXLSCellError, "value", raw)
		return ""
	case "b":
		if raw == "1" || strings.EqualFold(raw, "true") {
			return "TRUE"
		}
		return "FALSE"
	case "", "n":
		return rd.number(at, strings.TrimSpace(raw), m.style)
	}
	if utf8.RuneCountInString(raw) > maxCellText || strings.ContainsFunc(raw, unreadable) {
		rd.rep.fail(at, record.CodeXLSUnreadable)
		return ""
	}
	return strings.TrimSpace(strings.ReplaceAll(raw, "\r\n", "\n"))
}

func unreadable(r rune) bool {
	return r == utf8.RuneError || unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' || unicode.In(r, unicode.Co)
}

// number writes a number as XLSForm does, without the noise of binary fractions, and a date as ISO.
func (rd *reading) number(at place, raw string, style int) string {
	x, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
		if raw != "" {
			rd.rep.fail(at, record.CodeXLSUnreadable)
		}
		return ""
	}
	if d := rd.dateStyle(style); d.date || d.time {
		return rd.day(at, x, d)
	}
	x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', 15, 64), 64)
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// dateStyle is what a number format shows of a date.
type dateStyle struct{ date, time bool }

func (rd *reading) dateStyle(style int) dateStyle {
	if style == 0 {
		return dateStyle{}
	}
	d, ok := rd.dates[style]
	if ok {
		return d
	}
	if st, err := rd.file.GetStyle(style); err == nil && st != nil {
		if d = builtIn(st.NumFmt); st.CustomNumFmt != nil {
			d = dateFormat(*st.CustomNumFmt)
		}
	}
	rd.dates[style] = d
	return d
}

// builtIn knows the numbers of the formats that every workbook has.
func builtIn(n int) dateStyle {
	between := func(a, b int) bool { return n >= a && n <= b }
	switch {
	case n == 22:
		return dateStyle{date: true, time: true}
	case between(14, 17), between(27, 31), between(50, 58), n == 36:
		return dateStyle{date: true}
	case between(18, 21), between(32, 35), between(45, 47):
		return dateStyle{time: true}
	}
	return dateStyle{}
}

// dateFormat reads a number format such as dd.mm.yyyy;@ without its quoted and bracketed parts.
func dateFormat(f string) dateStyle {
	var quoted, bracket bool
	var d dateStyle
	var last rune
	for _, r := range strings.ToLower(f) {
		switch {
		case last == '\\':
			r = 0
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '[' || r == ']':
			bracket = r == '['
		case bracket:
		case r == 'd' || r == 'y':
			d.date = true
		case r == 'h' || r == 's':
			d.time = true
		}
		last = r
	}
	return d
}

// day writes a date that Excel holds as a number. Its first sixty days are not what they seem: Excel counts
// a 29 February 1900 that never was.
func (rd *reading) day(at place, x float64, d dateStyle) string {
	wrong := x < 0 || x > 2_958_465 || d.date && !rd.since && x < 61 || !d.date && x >= 1
	t, err := excelize.ExcelDateToTime(x, rd.since)
	if wrong || err != nil {
		rd.rep.fail(at, record.CodeXLSDate, "value", strconv.FormatFloat(x, 'f', -1, 64))
		return ""
	}
	t = t.Round(time.Second)
	switch {
	case !d.date:
		return t.Format("15:04")
	case d.time && (t.Hour() > 0 || t.Minute() > 0):
		return t.Format("2006-01-02T15:04")
	}
	return t.Format(time.DateOnly)
}
