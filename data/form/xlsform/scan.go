package xlsform

import (
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
	last   int             // last row with content
	filled int
	merged []string
	shared map[string]string // formulas that several cells share
}

var (
	errLarge   = errors.New("too many rows or cells")
	errDamaged = errors.New("cells out of order")
)

// scanSheet reads a sheet's part as a stream. Cells without content do not count: spreadsheets write them by
// the million.
func (p *parts) scanSheet(part string) (*scan, error) {
	s := &scan{cells: map[[2]int]mark{}, shared: map[string]string{}}
	row := 0
	err := p.each(part, func(d *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "row":
			n := row + 1
			if r := attr(e, "r"); r != "" {
				var err error
				if n, err = strconv.Atoi(r); err != nil {
					return errDamaged
				}
			}
			if n <= row || n > excelize.TotalRows {
				return errDamaged
			}
			row = n
			return s.row(d, row)
		case "mergeCell":
			if s.merged = append(s.merged, attr(e, "ref")); len(s.merged) > maxFilled {
				return errLarge
			}
		}
		return nil
	})
	return s, err
}

// row reads the cells up to the end of a row.
func (s *scan) row(d *xml.Decoder, row int) error {
	col, any := 0, false
	for {
		t, err := d.Token()
		if err != nil {
			return err
		}
		switch e := t.(type) {
		case xml.StartElement:
			if e.Name.Local != "c" {
				if err := d.Skip(); err != nil {
					return err
				}
				continue
			}
			n := col + 1
			if ref := attr(e, "r"); ref != "" {
				c, r, err := excelize.CellNameToCoordinates(ref)
				if err != nil || r != row {
					return errDamaged
				}
				n = c
			}
			if n <= col {
				return errDamaged
			}
			col = n
			full, err := s.cell(d, e, row, col)
			if err != nil {
				return err
			}
			any = any || full
		case xml.EndElement:
			if !any {
				return nil
			}
			s.last = row
			if s.filled++; s.filled > maxFilled {
				return errLarge
			}
			return nil
		}
	}
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

func (s *scan) cell(d *xml.Decoder, e xml.StartElement, row, col int) (full bool, err error) {
	var c content
	if err := d.DecodeElement(&c, &e); err != nil {
		return false, err
	}
	if c.Value == nil && c.Inline == nil && c.Formula == nil {
		return false, nil
	}
	if len(s.cells) >= maxCells || col > maxColumns {
		return false, errLarge
	}
	m := mark{kind: attr(e, "t")}
	m.style, _ = strconv.Atoi(attr(e, "s"))
	if f := c.Formula; f != nil {
		m.formula = strings.TrimSpace(f.Text)
		if f.Shared != "" && m.formula != "" {
			s.shared[f.Shared] = m.formula
		}
		if m.formula == "" {
			m.formula = s.shared[f.Shared]
		}
		if m.formula == "" {
			m.formula = "="
		}
	}
	s.cells[[2]int{row, col}] = m
	return true, nil
}

// fixed reports whether the formula is a constant that spreadsheets write for true and false.
func (m mark) fixed() bool {
	f := strings.ToUpper(strings.TrimPrefix(m.formula, "="))
	return f == "TRUE()" || f == "FALSE()" || f == "TRUE" || f == "FALSE"
}
