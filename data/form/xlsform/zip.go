package xlsform

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"schalter/data/record"
)

// Limits of a workbook. An XLSForm of 400 questions has 200 KB.
const (
	maxFile     = 20 << 20 // of the file
	maxUnpacked = 64 << 20 // of all parts together
	maxParts    = 2000
	maxCells    = 250_000 // filled cells of one sheet
	maxColumns  = 500
	maxFilled   = 50_000  // rows with content of one sheet
	maxCellText = 32_767  // characters; Excel's own limit
	maxPart     = 8 << 20 // of a part that is no sheet, text or picture
	maxDepth    = 64      // of elements in each other
)

// parts are the files inside a workbook.
type parts struct {
	files map[string]*zip.File
	names map[string]string // of sheets, to their part
	order []string
	texts int // how many texts the sheets share
}

var (
	magicZip = []byte("PK\x03\x04")
	magicOLE = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	// EncryptedPackage in UTF-16: what an encrypted workbook is called inside its envelope.
	encrypted = []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")
)

// unzip opens a workbook's envelope and refuses what is none before a byte of it is unpacked.
func unzip(r io.ReaderAt, size int64, rep *report) (*parts, error) {
	if size > maxFile {
		return nil, rep.error(place{}, record.CodeXLSTooLarge, "limit", "20 MB")
	}
	head := make([]byte, min(size, 8))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, record.E(record.CodeInternal, err)
	}
	switch {
	case bytes.Equal(head, magicOLE):
		all, err := io.ReadAll(io.NewSectionReader(r, 0, size))
		if err == nil && bytes.Contains(all, encrypted) {
			return nil, rep.error(place{}, record.CodeXLSEncrypted)
		}
		return nil, rep.error(place{}, record.CodeXLSOld)
	case !bytes.HasPrefix(head, magicZip):
		return nil, rep.error(place{}, record.CodeXLSNotWorkbook)
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, rep.error(place{}, record.CodeXLSDamaged, "part", "zip")
	}
	return contents(z, rep)
}

func contents(z *zip.Reader, rep *report) (*parts, error) {
	p := &parts{files: map[string]*zip.File{}, names: map[string]string{}}
	var total uint64
	for _, f := range z.File {
		name := strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"))
		if strings.HasSuffix(name, "vbaproject.bin") || strings.HasPrefix(name, "xl/macrosheets/") {
			return nil, rep.error(place{}, record.CodeXLSMacros, "part", f.Name)
		}
		large := f.UncompressedSize64 > maxPart && strings.HasSuffix(name, ".xml") &&
			!strings.HasPrefix(name, "xl/worksheets/") && !strings.EqualFold(name, partStrings)
		if total += f.UncompressedSize64; large || f.UncompressedSize64 > maxUnpacked || total > maxUnpacked || len(p.files) >= maxParts {
			return nil, rep.error(place{}, record.CodeXLSTooLarge, "limit", "64 MB")
		}
		if p.files[name] != nil {
			return nil, rep.error(place{}, record.CodeXLSDamaged, "part", f.Name)
		}
		p.files[name] = f
	}
	if p.files["xl/workbook.xml"] == nil {
		return nil, rep.error(place{}, record.CodeXLSNotWorkbook)
	}
	if part, err := p.sheets(); err != nil {
		return nil, rep.error(place{}, record.CodeXLSDamaged, "part", part)
	}
	return p, nil
}

// each gives the elements of a part one after the other; element tells whether it has read its end as well.
// The parts are UTF-8 XML without a document type; anything else is damage.
func (p *parts) each(name string, element func(d *xml.Decoder, e xml.StartElement) (whole bool, err error)) error {
	f := p.files[strings.ToLower(name)]
	if f == nil {
		return errors.New("missing part")
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }() // only read
	d := xml.NewDecoder(r)
	depth := 0
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.Directive:
			return errors.New("document type")
		case xml.EndElement:
			depth--
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return errDamaged
			}
			whole, err := element(d, t)
			if err != nil {
				return err
			}
			if whole {
				depth--
			}
		}
	}
}

// partStrings is where the texts of all sheets are.
const partStrings = "xl/sharedStrings.xml"

// checkStrings counts the texts before the library takes them into memory.
func (p *parts) checkStrings() error {
	if p.files[strings.ToLower(partStrings)] == nil {
		return nil
	}
	n := 0
	return p.each(partStrings, func(_ *xml.Decoder, e xml.StartElement) (bool, error) {
		if e.Name.Local == "si" {
			p.texts++
		}
		if n++; n > 4*maxCells {
			return false, errLarge
		}
		return false, nil
	})
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// sheets finds the part of each sheet.
func (p *parts) sheets() (part string, err error) {
	part = "xl/_rels/workbook.xml.rels"
	target := map[string]string{}
	err = p.each(part, func(_ *xml.Decoder, e xml.StartElement) (bool, error) {
		if e.Name.Local == "Relationship" {
			t := attr(e, "Target")
			if !strings.HasPrefix(t, "/") {
				t = path.Join("xl", t)
			}
			target[attr(e, "Id")] = strings.TrimPrefix(t, "/")
		}
		return false, nil
	})
	if err != nil {
		return part, err
	}
	part = "xl/workbook.xml"
	return part, p.each(part, func(_ *xml.Decoder, e xml.StartElement) (bool, error) {
		if e.Name.Local != "sheet" {
			return false, nil
		}
		for _, a := range e.Attr {
			if a.Name.Local == "id" && a.Name.Space != "" {
				p.names[attr(e, "name")] = target[a.Value]
			}
		}
		p.order = append(p.order, attr(e, "name"))
		return false, nil
	})
}
