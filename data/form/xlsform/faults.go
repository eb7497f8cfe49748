package xlsform

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"schalter/data/form/imported"
	"schalter/data/record"
)

// place is a cell, or a whole sheet where row is 0, or the workbook where sheet is "".
type place struct {
	sheet    string
	row, col int
}

func (p place) column() string {
	s, err := excelize.ColumnNumberToName(p.col)
	if err != nil {
		return ""
	}
	return s
}

// String writes the place as Excel does: survey!F12.
func (p place) String() string {
	if p.row == 0 {
		return p.sheet
	}
	return fmt.Sprintf("%s!%s%d", p.sheet, p.column(), p.row)
}

// maxFaults is how many errors are listed; a workbook with more of them is no XLSForm.
const maxFaults = 200

type fault struct {
	at  place
	err *record.Error
}

// report collects what is wrong with a workbook and what is worth a look.
type report struct {
	file          string
	faults, notes []fault
	seen          map[string]bool
}

func newReport(file string) *report { return &report{file: file, seen: map[string]bool{}} }

func (r *report) error(at place, code record.Code, pairs ...any) *record.Error {
	where := at.String()
	if where == "" {
		where = r.file
	}
	all := []any{"file", r.file, "sheet", at.sheet, "row", at.row, "column", at.column(), "place", where}
	return record.E(code, nil, append(all, pairs...)...)
}

func (r *report) add(to *[]fault, at place, code record.Code, pairs []any) {
	e := r.error(at, code, pairs...)
	if key := e.Error(); !r.seen[key] {
		r.seen[key] = true
		*to = append(*to, fault{at, e})
	}
}

// fail notes an error.
func (r *report) fail(at place, code record.Code, pairs ...any) { r.add(&r.faults, at, code, pairs) }

// note notes what is worth a look, though nothing is lost.
func (r *report) note(at place, code record.Code, pairs ...any) { r.add(&r.notes, at, code, pairs) }

// known puts a workbook's sheets into the order in which a person reads them.
var known = []string{sheetSettings, sheetSurvey, sheetChoices}

func ordered(list []fault) []*record.Error {
	slices.SortStableFunc(list, func(a, b fault) int {
		i, j := slices.Index(known, strings.ToLower(a.at.sheet)), slices.Index(known, strings.ToLower(b.at.sheet))
		return cmp.Or(cmp.Compare(i, j), cmp.Compare(a.at.row, b.at.row), cmp.Compare(a.at.col, b.at.col))
	})
	out := make([]*record.Error, len(list))
	for i, f := range list {
		out[i] = f.err
	}
	return out
}

// err is nil where nothing is wrong.
func (r *report) err() error {
	if len(r.faults) == 0 {
		return nil
	}
	all := ordered(r.faults)
	if more := len(all) - maxFaults; more > 0 {
		all = append(all[:maxFaults], r.error(place{}, record.CodeXLSMore, "n", more))
	}
	return imported.Faults(all)
}

// shorten keeps a message readable where a cell holds a long text.
func shorten(s string) string {
	if r := []rune(s); len(r) > 120 {
		return string(r[:119]) + "…"
	}
	return s
}
