package pdf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/filter"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
	"golang.org/x/image/ccitt"
)

const kindPDF = "PDF"

// Scanned checks a document as scanners send it, PDF or TIFF, and counts its pages: it has an end, each page shows a
// picture, and every picture is there to its last line. Damage is record.CodePictureDamaged; a picture in a way that
// cannot be checked here, such as JPEG 2000, is record.CodePictureKind; one that is too large is
// record.CodePictureLarge. Nothing is drawn: the check reads what the pages are made of.
func Scanned(ctx context.Context, data []byte) (pages int, err error) {
	kind, check := kindPDF, scannedPDF
	if bytes.HasPrefix(data, []byte("II*\x00")) || bytes.HasPrefix(data, []byte("MM\x00*")) {
		kind, check = kindTIFF, scannedTIFF
	}
	defer func() { // the readers below index tables that a hostile file lies about
		if r := recover(); r != nil {
			pages, err = 0, damaged(kind, fmt.Errorf("reader: %v", r))
		}
	}()
	return check(ctx, data)
}

func scannedTIFF(ctx context.Context, data []byte) (int, error) {
	dirs, err := directories(data)
	if err != nil {
		return 0, err
	}
	for i, at := range dirs {
		t := directory(data, at)
		if err := bearable(kindTIFF, t.value[tagWidth], t.value[tagHeight]); err != nil {
			return 0, err
		}
		if t.fax(data) == nil {
			if _, err := t.decode(data); err != nil {
				return 0, fmt.Errorf("page %d: %w", i+1, err)
			}
		}
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
	}
	return len(dirs), nil
}

// tail is where a PDF's end is looked for.
const tail = 2048

func scannedPDF(ctx context.Context, data []byte) (int, error) {
	if end := data[max(0, len(data)-tail):]; !bytes.HasPrefix(data, []byte("%PDF-")) || !bytes.Contains(end, []byte("%%EOF")) {
		return 0, damaged(kindPDF, io.ErrUnexpectedEOF)
	}
	s, err := open(ctx, data, "")
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	if err != nil {
		return 0, damaged(kindPDF, err)
	}
	root, err := s.table.Catalog()
	if err != nil {
		return 0, damaged(kindPDF, err)
	}
	if n, ok := s.number(s.dict(root["Pages"])["Count"]); !ok || int(n) != s.Pages() {
		return 0, damaged(kindPDF, fmt.Errorf("%d pages of %v", s.Pages(), n))
	}
	c := checker{source: s, seen: map[int]error{}}
	for i, l := range s.leafs {
		n, err := c.pictures(l.from["Resources"], 0)
		if err == nil && n == 0 {
			err = damaged(kindPDF, errors.New("it shows no picture"))
		}
		if err != nil {
			return 0, fmt.Errorf("page %d: %w", i+1, err)
		}
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
	}
	return s.Pages(), nil
}

// checker looks at each picture of a file once.
type checker struct {
	source *Source
	seen   map[int]error // by object number
}

// pictures checks what resources name, and what those forms name that are drawn in turn.
func (c *checker) pictures(resources types.Object, depth int) (n int, err error) {
	if depth > 8 {
		return 0, damaged(kindPDF, errors.New("forms within forms"))
	}
	all := c.source.dict(c.source.dict(resources)["XObject"])
	for name, o := range all {
		sd, _, err := c.source.table.DereferenceStreamDict(o)
		if err != nil || sd == nil {
			return 0, damaged(kindPDF, fmt.Errorf("%s is not there: %w", name, err))
		}
		kind, _ := c.source.object(sd.Dict["Subtype"]).(types.Name)
		switch kind {
		case "Form":
			within, err := c.pictures(sd.Dict["Resources"], depth+1)
			if err != nil {
				return 0, err
			}
			n += within
		case "Image":
			if err := c.once(o, sd); err != nil {
				return 0, err
			}
			n++
		}
	}
	return n, nil
}

func (c *checker) once(o types.Object, sd *types.StreamDict) error {
	ref, ok := o.(types.IndirectRef)
	if !ok {
		return c.picture(sd)
	}
	number := ref.ObjectNumber.Value()
	if err, known := c.seen[number]; known {
		return err
	}
	c.seen[number] = nil // a mask that is its own picture
	err := c.picture(sd)
	c.seen[number] = err
	return err
}

// picture checks one, and its mask.
func (c *checker) picture(sd *types.StreamDict) error {
	width, _ := c.source.number(sd.Dict["Width"])
	height, _ := c.source.number(sd.Dict["Height"])
	if err := bearable(kindPDF, int64(width), int64(height)); err != nil {
		return err
	}
	if err := c.pixels(sd, int(width), int(height)); err != nil {
		return err
	}
	for _, k := range []string{"SMask", "Mask"} {
		if ref, ok := sd.Dict[k].(types.IndirectRef); ok {
			mask, _, err := c.source.table.DereferenceStreamDict(ref)
			if err != nil || mask == nil {
				return damaged(kindPDF, fmt.Errorf("the mask is not there: %w", err))
			}
			if err := c.once(ref, mask); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *checker) pixels(sd *types.StreamDict, width, height int) error {
	packed, by, err := unpacked(sd)
	if err != nil {
		return err
	}
	switch by.Name {
	case filter.DCT:
		return wholeJPEG(packed, width, height)
	case filter.CCITTFax:
		return c.wholeFax(packed, by.DecodeParms, width, height)
	}
	row := (width*c.bits(sd) + 7) / 8
	if len(packed) < row*height {
		return damaged(kindPDF, fmt.Errorf("%d bytes of %d", len(packed), row*height))
	}
	return nil
}

// unpacked takes off the packings that are not a picture's own; by is the one that is, without a name where there is
// none.
func unpacked(sd *types.StreamDict) (packed []byte, by types.PDFFilter, err error) {
	own := []string{filter.DCT, filter.CCITTFax, filter.JPX, filter.JBIG2}
	rest := *sd
	rest.Content = nil
	if n := len(sd.FilterPipeline); n > 0 && slices.Contains(own, sd.FilterPipeline[n-1].Name) {
		by, rest.FilterPipeline = sd.FilterPipeline[n-1], sd.FilterPipeline[:n-1]
	}
	switch by.Name {
	case filter.JPX:
		return nil, by, unfit(kindPDF+" (JPEG 2000)", "JPXDecode")
	case filter.JBIG2:
		return nil, by, unfit(kindPDF+" (JBIG2)", "JBIG2Decode")
	}
	if len(rest.FilterPipeline) == 0 {
		return sd.Raw, by, nil
	}
	if err := rest.DecodeWithLimit(3 * MaxPixels); err != nil {
		return nil, by, damaged(kindPDF, err)
	}
	return rest.Content, by, nil
}

func wholeJPEG(b []byte, width, height int) error {
	size, err := jpeg.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return damaged(kindPDF, err)
	}
	if size.Width != width || size.Height != height {
		return damaged(kindPDF, fmt.Errorf("%v in a frame of %v", image.Pt(size.Width, size.Height), image.Pt(width, height)))
	}
	if _, err := jpeg.Decode(bytes.NewReader(b)); err != nil {
		return damaged(kindPDF, err)
	}
	return nil
}

func (c *checker) wholeFax(b []byte, how types.Dict, width, height int) error {
	k, _ := c.source.number(how["K"])
	columns, ok := c.source.number(how["Columns"])
	if !ok {
		columns = 1728
	}
	if k > 0 || int(columns) != width {
		return unfit(kindPDF+" (Fax)", fmt.Sprintf("K %v, %v columns for %d pixels", k, columns, width))
	}
	group := ccitt.Group4
	if k == 0 {
		group = ccitt.Group3
	}
	aligned, _ := c.source.object(how["EncodedByteAlign"]).(types.Boolean)
	rows := ccitt.NewReader(bytes.NewReader(b), ccitt.MSB, group, width, height, &ccitt.Options{Align: bool(aligned)})
	got, err := io.Copy(io.Discard, rows)
	if want := int64((width + 7) / 8 * height); err != nil || got < want {
		return damaged(kindPDF, fmt.Errorf("%d bytes of %d: %w", got, want, err))
	}
	return nil
}

// bits are the least that a pixel has.
func (c *checker) bits(sd *types.StreamDict) int {
	if mask, _ := c.source.object(sd.Dict["ImageMask"]).(types.Boolean); bool(mask) {
		return 1
	}
	depth, ok := c.source.number(sd.Dict["BitsPerComponent"])
	if !ok || depth < 1 || depth > 16 {
		depth = 1
	}
	return int(depth) * c.colors(sd.Dict["ColorSpace"])
}

func (c *checker) colors(space types.Object) int {
	name, list := c.source.object(space), c.source.array(space)
	if len(list) > 0 {
		name = c.source.object(list[0])
	}
	switch name {
	case types.Name("DeviceRGB"), types.Name("CalRGB"), types.Name("Lab"):
		return 3
	case types.Name("DeviceCMYK"):
		return 4
	case types.Name("ICCBased"):
		if len(list) < 2 {
			return 1
		}
		if profile, _, err := c.source.table.DereferenceStreamDict(list[1]); err == nil && profile != nil {
			if n, ok := c.source.number(profile.Dict["N"]); ok && n >= 1 && n <= 4 {
				return int(n)
			}
		}
	}
	return 1
}
