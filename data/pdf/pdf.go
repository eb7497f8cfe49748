// Package pdf writes page images into a PDF that every viewer and archive reads.
//
// It promises PDF/A-2b structure (ISO 19005-2: XMP, output intent, no encryption, no outside references),
// pages in the order they were added, JPEG bytes and plain PNG bytes passed through as they came, and
// memory for one page at a time.
//
// It never re-compresses a picture with loss, never uses JBIG2, and never changes an existing PDF.
package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"io"
	"time"

	"schalter/data/page"
	"schalter/data/record"
)

// Page is one picture. Image is a JPEG or PNG file. DPI 0 takes the picture's own density, and where it
// has none the page becomes as wide as A4. Skew, Crop and Turns lay the picture straight, in this order; they
// are those of [record.Sheet].
type Page struct {
	Image     []byte
	MediaType string // image/jpeg or image/png
	DPI       int
	Skew      float64     // degrees clockwise by which the picture is turned; its corners become white
	Crop      *record.Box // the part of the straightened picture that is shown; nil: all
	Turns     int         // quarter turns clockwise
	Text      page.Text   // laid invisibly over the picture, in its pixels; Width and Height 0: of the picture itself
}

// Meta is what the file says about itself. Lang is a language tag such as "de-DE".
type Meta struct {
	Title    string
	Producer string
	Lang     string
	Created  time.Time
}

// Fixed objects; pages follow.
const (
	objCatalog = 1 + iota
	objPages
	objMetadata
	objProfile
	objFirstFree
)

// Writer builds one file. Use New, AddPage for each page, Close.
type Writer struct {
	w     io.Writer
	n     int64   // bytes written
	offs  []int64 // offset of object i+1
	pages []int
	next  int
	meta  Meta
	sum   interface {
		io.Writer
		Sum([]byte) []byte
	}
	err error
}

// New begins a file on w.
func New(w io.Writer, m Meta) *Writer {
	p := &Writer{w: w, meta: m, next: objFirstFree, sum: sha256.New()}
	p.write([]byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"))
	return p
}

// Write makes a whole file of pages.
func Write(w io.Writer, pages []Page, m Meta) error {
	p := New(w, m)
	for _, pg := range pages {
		if err := p.AddPage(pg); err != nil {
			return err
		}
	}
	return p.Close()
}

func (p *Writer) write(b []byte) {
	if p.err != nil {
		return
	}
	n, err := p.w.Write(b)
	p.n += int64(n)
	_, _ = p.sum.Write(b[:n])
	p.err = err
}

func (p *Writer) begin(obj int) {
	for len(p.offs) < obj {
		p.offs = append(p.offs, 0)
	}
	p.offs[obj-1] = p.n
}

func (p *Writer) object(obj int, body string) {
	p.begin(obj)
	p.write(fmt.Appendf(nil, "%d 0 obj\n%s\nendobj\n", obj, body))
}

func (p *Writer) stream(obj int, dict string, data []byte) {
	p.begin(obj)
	p.write(fmt.Appendf(nil, "%d 0 obj\n<<%s /Length %d>>\nstream\n", obj, dict, len(data)))
	p.write(data)
	p.write([]byte("\nendstream\nendobj\n"))
}

func (p *Writer) take() int {
	n := p.next
	p.next++
	return n
}

// AddPage appends a page. An image that cannot be read is an error and leaves the file unusable.
func (p *Writer) AddPage(pg Page) error {
	pic, err := read(pg)
	if err != nil {
		return err
	}
	palette := "/" + pic.space
	if len(pic.palette) > 0 {
		palette = fmt.Sprintf("[/Indexed /DeviceRGB %d <%X>]", len(pic.palette)/3-1, pic.palette)
	}
	img, content, page := p.take(), p.take(), p.take()
	p.stream(img, fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent %d /ColorSpace %s /Filter /%s%s",
		pic.width, pic.height, pic.bits, palette, pic.filter, pic.parms), pic.data)
	w, h := float64(pic.width)*72/pic.dpiX, float64(pic.height)*72/pic.dpiY
	p.stream(content, "/Filter /FlateDecode", deflate(fmt.Appendf(nil, "q %.3f 0 0 %.3f 0 0 cm /Im0 Do Q", w, h)))
	rotate := ""
	if pic.rotate != 0 {
		rotate = fmt.Sprintf(" /Rotate %d", pic.rotate)
	}
	p.object(page, fmt.Sprintf("<</Type /Page /Parent %d 0 R /MediaBox [0 0 %.3f %.3f]%s /Resources <</XObject <</Im0 %d 0 R>>>> /Contents %d 0 R>>",
		objPages, w, h, rotate, img, content))
	p.pages = append(p.pages, page)
	return p.err
}

// Close writes what ties the pages together. A file without pages is an error.
func (p *Writer) Close() error {
	if p.err != nil {
		return p.err
	}
	if len(p.pages) == 0 {
		return fmt.Errorf("pdf: no pages")
	}
	lang := p.meta.Lang
	if lang == "" {
		lang = "de-DE"
	}
	p.object(objCatalog, fmt.Sprintf("<</Type /Catalog /Pages %d 0 R /Metadata %d 0 R /Lang (%s) /OutputIntents [<</Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB IEC61966-2.1) /DestOutputProfile %d 0 R>>]>>",
		objPages, objMetadata, lang, objProfile))
	var kids bytes.Buffer
	for _, k := range p.pages {
		fmt.Fprintf(&kids, "%d 0 R ", k)
	}
	p.object(objPages, fmt.Sprintf("<</Type /Pages /Kids [%s] /Count %d>>", bytes.TrimSpace(kids.Bytes()), len(p.pages)))
	p.stream(objMetadata, "/Type /Metadata /Subtype /XML", xmp(p.meta))
	p.stream(objProfile, "/N 3 /Filter /FlateDecode", deflate(sRGB()))
	return p.trailer()
}

func (p *Writer) trailer() error {
	start := p.n
	var b bytes.Buffer
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(p.offs)+1)
	for _, o := range p.offs {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	id := p.sum.Sum(nil)[:16]
	fmt.Fprintf(&b, "trailer\n<</Size %d /Root %d 0 R /ID [<%X><%X>]>>\nstartxref\n%d\n%%%%EOF\n", len(p.offs)+1, objCatalog, id, id, start)
	p.write(b.Bytes())
	return p.err
}

func deflate(b []byte) []byte {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	_, _ = z.Write(b) // a bytes.Buffer does not fail
	_ = z.Close()
	return out.Bytes()
}

func escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

func xmp(m Meta) []byte {
	at := m.Created.UTC().Format("2006-01-02T15:04:05+00:00")
	return fmt.Appendf(nil, "<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"+
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>application/pdf</dc:format><dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>%s</pdf:Producer></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:CreateDate>%s</xmp:CreateDate><xmp:ModifyDate>%s</xmp:ModifyDate></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`, escape(m.Title), escape(m.Producer), at, at)
}
