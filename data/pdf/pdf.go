// Package pdf writes page images into a PDF that every viewer and archive reads.
//
// It promises PDF/A-2b (ISO 19005-2: XMP, output intent, no encryption, no outside references), PDF/A-3b as soon
// as something is attached; pages in the order they were added; a JPEG's bytes untouched; black-and-white
// pictures as fax group 4 without loss; other lossless pictures without loss too, unless a page says [Page.Shrink];
// how a page lies (Skew, Crop, Turns) as geometry only; recognized words as invisible text that follows the
// picture; equal bytes for equal input; and memory for the pages that are being prepared, not for the file.
// The originals of a scan are its caller's to keep; what a page is shown with instead of lossless pixels, and the
// figures behind it, stand in shrink.go.
//
// It never re-compresses a JPEG, never uses JBIG2, never reads a picture before its size is known to be bearable,
// and never changes an existing PDF.
package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"time"

	"schalter/data/page"
	"schalter/data/record"
)

// Page is one picture. DPI 0 takes the picture's own density, and where it has none the page becomes as wide as
// A4. Skew, Crop and Turns lay the picture straight, in this order, and mean what they mean in [record.Sheet]: the
// picture is turned about its middle on a canvas of its own size, the crop is a part of that canvas. A
// picture that says how it was held (EXIF) is turned by that in addition.
type Page struct {
	Image     []byte
	MediaType string      // image/jpeg, image/png or image/tiff
	Hash      record.Hash // of Image, where the caller knows it; empty: it is computed
	Index     int         // which page of a TIFF, from 0
	DPI       int
	Skew      float64     // degrees clockwise by which the picture is turned; its corners become white
	Crop      *record.Box // the part of the straightened picture that is shown; nil: all
	Turns     int         // quarter turns clockwise
	Text      page.Text   // laid invisibly over the picture, in its pixels; Width and Height 0: of the picture itself
	Shrink    bool        // a lossless gray or coloured picture may become a JPEG, once; the caller keeps the original
	Over      *Source     // its first page is drawn over a page that is copied; as large as Source.Size says
	Bookmarks []Bookmark  // that lead to this page
	Label     *Label      // page numbers begin here; nil: they go on
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

// Writer builds one file. Use New, AddPage for each page, Close. It is for one goroutine.
type Writer struct {
	w        io.Writer
	n        int64   // bytes written
	offs     []int64 // offset of object i+1
	part     int     // of ISO 19005; 0: a page came from elsewhere and nothing can be promised
	pages    []int
	next     int
	meta     Meta
	sum      hash.Hash
	err      error
	pictures map[[32]byte]int // objects of pictures and profiles that are in the file
	fontObj  int              // 0: no text yet
	script   script
	attached []attached

	bookmarks []bookmark
	labelled  map[int]Label
	layers    layers
	copiers   map[*Source]*copier
}

// New begins a file on w.
func New(w io.Writer, m Meta) *Writer { return begin(w, m, 2) }

func begin(w io.Writer, m Meta, part int) *Writer {
	p := &Writer{w: w, meta: m, next: objFirstFree, sum: sha256.New(), part: part, pictures: map[[32]byte]int{}, labelled: map[int]Label{}}
	version := "1.7"
	if part == 1 {
		version = "1.4"
	}
	p.write([]byte("%PDF-" + version + "\n%\xe2\xe3\xcf\xd3\n"))
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
	_, _ = p.sum.Write(b) // a hash does not fail
	p.copy(b)
}

// copy writes bytes that the file's ID does not depend on, because what they were made of is in it already.
func (p *Writer) copy(b []byte) {
	if p.err != nil {
		return
	}
	n, err := p.w.Write(b)
	p.n += int64(n)
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
	_, _ = p.sum.Write(data)
	p.streamOf(obj, dict, data)
}

func (p *Writer) streamOf(obj int, dict string, data []byte) {
	p.begin(obj)
	p.write(fmt.Appendf(nil, "%d 0 obj\n<<%s /Length %d>>\nstream\n", obj, dict, len(data)))
	p.copy(data)
	p.write([]byte("\nendstream\nendobj\n"))
}

func (p *Writer) take() int {
	n := p.next
	p.next++
	return n
}

// AddPage appends a page. An image that cannot be read is one of the record.CodePicture… errors; the file goes on
// without the page.
func (p *Writer) AddPage(pg Page) error {
	ready, err := Prepare(pg)
	if err != nil {
		return err
	}
	return p.Add(ready)
}

// Prepared is a page whose picture was read, ready to be written.
type Prepared struct {
	page Page
	pic  *picture
	key  [32]byte
}

// Prepare does a page's part of the work that takes time, so that several goroutines can share it.
func Prepare(pg Page) (*Prepared, error) {
	pic, err := read(pg)
	if err != nil {
		return nil, err
	}
	key := sum(pg)
	key = sha256.Sum256(fmt.Appendf(key[:], "%s %d %v", pg.MediaType, pg.Index, pg.Shrink))
	pg.Image = nil
	return &Prepared{page: pg, pic: pic, key: key}, nil
}

// sum is the hash of the picture's bytes, as bytes.
func sum(pg Page) (out [sha256.Size]byte) {
	if !pg.Hash.Valid() {
		return sha256.Sum256(pg.Image)
	}
	_, _ = hex.Decode(out[:], []byte(pg.Hash)) // valid
	return out
}

// Add appends a prepared page. A picture that is in the file already, such as the other half of a double page,
// is not written again.
func (p *Writer) Add(r *Prepared) error {
	pg, pic := r.page, r.pic
	img, ok := p.pictures[r.key]
	if !ok {
		img = p.take()
		p.pictures[r.key] = img
		_, _ = p.sum.Write(r.key[:])
		p.streamOf(img, fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent %d /ColorSpace %s /Filter /%s%s",
			pic.width, pic.height, pic.bits, p.space(pic), pic.filter, pic.parms), pic.data)
	}
	at := newPlace(float64(pic.width)*72/pic.dpiX, float64(pic.height)*72/pic.dpiY, pg.Skew, pg.Crop, pg.Turns+pic.turns)
	at.mirror = pic.mirror
	wide, high := pg.Text.Width, pg.Text.Height
	if wide <= 0 || high <= 0 {
		wide, high = float64(pic.width), float64(pic.height)
	}
	words := p.script.content(pg.Text, at, at.width/wide, at.height/high)
	body := at.begin(at.picture()) + " /Im0 Do Q\n" + words
	font := ""
	if words != "" {
		font = p.fontResource()
	}
	content := p.take()
	p.stream(content, "/Filter /FlateDecode", deflate([]byte(body)))
	p.leaf(p.take(), pg, fmt.Sprintf("%s /Resources <</XObject <</Im0 %d 0 R>>%s>> /Contents %d 0 R", at.box(), img, font, content))
	return p.err
}

func (p *Writer) fontResource() string {
	if p.fontObj == 0 {
		p.fontObj = p.take()
	}
	return fmt.Sprintf(" /Font <</F0 %d 0 R>>", p.fontObj)
}

// leaf writes the page's own object and notes what leads to it.
func (p *Writer) leaf(obj int, pg Page, entries string) {
	p.object(obj, fmt.Sprintf("<</Type /Page /Parent %d 0 R %s>>", objPages, entries))
	for _, b := range pg.Bookmarks {
		p.bookmarks = append(p.bookmarks, bookmark{b, obj})
	}
	if pg.Label != nil {
		p.labelled[len(p.pages)] = *pg.Label
	}
	p.pages = append(p.pages, obj)
}

// space is the picture's colour space.
func (p *Writer) space(pic *picture) string {
	if len(pic.profile) == 0 {
		return pic.space
	}
	key := sha256.Sum256(pic.profile)
	obj, ok := p.pictures[key]
	if !ok {
		obj = p.take()
		p.pictures[key] = obj
		p.stream(obj, fmt.Sprintf("/N %d /Filter /FlateDecode", pic.parts), deflate(pic.profile))
	}
	return fmt.Sprintf("[/ICCBased %d 0 R]", obj)
}

// Close writes what ties the pages together. A file without pages is an error.
func (p *Writer) Close() error {
	if p.err != nil {
		return p.err
	}
	if len(p.pages) == 0 {
		return record.E(record.CodePDFNoPages, nil)
	}
	if p.fontObj != 0 {
		p.font()
	}
	lang := p.meta.Lang
	if lang == "" {
		lang = "de-DE"
	}
	more := p.outline() + p.labels() + p.files() + p.layers.entry()
	if p.part == 2 && len(p.attached) > 0 {
		p.part = 3
	}
	p.object(objCatalog, fmt.Sprintf("<</Type /Catalog /Pages %d 0 R /Metadata %d 0 R /Lang %s /ViewerPreferences <</DisplayDocTitle true>> /OutputIntents [<</Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB IEC61966-2.1) /DestOutputProfile %d 0 R>>]%s>>",
		objPages, objMetadata, text(lang), objProfile, more))
	var kids bytes.Buffer
	for _, k := range p.pages {
		fmt.Fprintf(&kids, "%d 0 R ", k)
	}
	p.object(objPages, fmt.Sprintf("<</Type /Pages /Kids [%s] /Count %d>>", bytes.TrimSpace(kids.Bytes()), len(p.pages)))
	p.stream(objMetadata, "/Type /Metadata /Subtype /XML", xmp(p.meta, p.part))
	p.stream(objProfile, "/N 3 /Filter /FlateDecode", deflate(sRGB()))
	return p.trailer()
}

func (p *Writer) trailer() error {
	start := p.n
	var b bytes.Buffer
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(p.offs)+1)
	for _, o := range p.offs {
		if o == 0 {
			b.WriteString("0000000000 00001 f \n")
			continue
		}
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
