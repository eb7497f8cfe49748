package xlsform

import (
	"cmp"
	"encoding/xml"
	"errors"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// mark is what a cell is besides its text.
type mark struct {
	kind    string // "s", "str", "inlineStr", "b", "e", "d"; "" or "n" for a number
	style   int
	formula string // "" for none, "=" for one that is written elsewhere
}

// scan is what one reading of a sheet finds out about its cells before their texts are taken: which rows
// have any, which of them hold formulas, which are merged.
type scan struct {
	cells  map[[2]int]mark // by row and column
	row    int             // where the reading is
	col    int
	last   int // last row with content
	filled int
	merged []string
	texts  int
	shared map[string]string // formulas that several cells share
}

var (
	errLarge   = errors.New("too many rows or cells")
	errDamaged = errors.New("cells out of order")
)

// scanSheet reads a sheet's part as a stream. Cells without content do not count: spreadsheets write them by
// the million.
func (p *parts) scanSheet(part string) (*scan, error) {
	s := &scan{cells: map[[2]int]mark{}, shared: map[string]string{}, texts: p.texts}
	err := p.each(part, func(d *xml.Decoder, e xml.StartElement) (bool, error) {
		switch e.Name.Local {
		case "row":
			return false, s.nextRow(attr(e, "r"))
		case "c":
			return true, s.cell(d, e)
		case "mergeCell":
			if s.merged = append(s.merged, attr(e, "ref")); len(s.merged) > maxFilled {
				return false, errLarge
			}
		}
		return false, nil
	})
	return s, err
}

// nextRow begins a row. Without a number it is the next one.
func (s *scan) nextRow(number string) error {
	n := s.row + 1
	if number != "" {
		var err error
		if n, err = strconv.Atoi(number); err != nil {
			return errDamaged
		}
	}
	if n <= s.row || n > excelize.TotalRows {
		return errDamaged
	}
	s.row, s.col = n, 0
	return nil
}

// nextCell finds the column of a cell. Without a reference it is the next one.
func (s *scan) nextCell(ref string) error {
	n := s.col + 1
	if ref != "" {
		c, r, err := excelize.CellNameToCoordinates(ref)
		if err != nil || r != s.row {
			return errDamaged
		}
		n = c
	}
	if n <= s.col {
		return errDamaged
	}
	s.col = n
	return nil
}

// content is the part of a cell that says whether there is something in it.
type content struct {
	Value   *string  `xml:"v"`
	Inline  *inline  `xml:"is"`
	Formula *formula `xml:"f"`
}

type inline struct{}

type formula struct {
	Text   string `xml:",chardata"`
	Shared string `xml:"si,attr"`
}

func (s *scan) cell(d *xml.Decoder, e xml.StartElement) error {
	if err := s.nextCell(attr(e, "r")); err != nil {
		return err
	}
	var c content
	if err := d.DecodeElement(&c, &e); err != nil {
		return err
	}
	if c.Value == nil && c.Inline == nil && c.Formula == nil {
		return nil
	}
	if s.last != s.row {
		s.last = s.row
		s.filled++
	}
	if len(s.cells) >= maxCells || s.filled > maxFilled || s.col > maxColumns {
		return errLarge
	}
	m := mark{kind: attr(e, "t")}
	if m.kind == "s" && c.Value != nil && !s.isText(*c.Value) {
		return errDamaged
	}
	m.style, _ = strconv.Atoi(attr(e, "s"))
	if c.Formula != nil {
		m.formula = s.formula(c.Formula)
	}
	s.cells[[2]int{s.row, s.col}] = m
	return nil
}

// isText reports whether a number is that of a text that the sheets share.
func (s *scan) isText(number string) bool {
	n, err := strconv.Atoi(strings.TrimSpace(number))
	return err == nil && n >= 0 && n < s.texts
}

// formula is what a cell computes. Cells that share one name it by number; only the first has its text.
func (s *scan) formula(f *formula) string {
	text := strings.TrimSpace(f.Text)
	if f.Shared != "" && text != "" {
		s.shared[f.Shared] = text
	}
	return cmp.Or(text, s.shared[f.Shared], "=")
}

// fixed reports whether the formula is a constant that spreadsheets write for true and false.
func (m mark) fixed() bool {
	f := strings.ToUpper(strings.TrimPrefix(m.formula, "="))
	return f == "TRUE()" || f == "FALSE()" || f == "TRUE" || f == "FALSE"
}
