// Package file takes documents that are files already: chosen, dropped on the window or found in a
// folder.
//
// It promises that a file is taken whole or not at all, is known by its bytes and not by its name, and
// that pictures come out as pages in their order (a TIFF with several pages gives each of them).
//
// It never trusts a file name, never follows a path inside a file, and never parses a PDF: that happens
// in the sandbox of data/pdf/preview.
package file

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"path"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/gabriel-vasile/mimetype"
	"github.com/hhrutter/tiff"

	"schalter/data/mail"
	"schalter/data/office"
	"schalter/data/record"
	"schalter/data/scan"
)

// MaxSize is the largest file that is taken, in bytes.
const MaxSize = 300 << 20

// File is a file that was taken.
type File struct {
	Name      string // for people, without any path
	MediaType string // application/pdf, image/jpeg, image/png or image/tiff; of ReadAny e-mails and office files too
	Data      []byte
}

// Read takes a file that is paper: PDF or picture. size is what the file system says, -1 where unknown; progress
// may be nil.
func Read(name string, size int64, r io.Reader, progress func(done, total int64)) (*File, error) {
	return take(name, size, r, progress, kindOf)
}

// ReadAny takes e-mails and office files as well.
func ReadAny(name string, size int64, r io.Reader, progress func(done, total int64)) (*File, error) {
	return take(name, size, r, progress, anyKind)
}

func take(name string, size int64, r io.Reader, progress func(done, total int64), kind func([]byte) (string, error)) (*File, error) {
	name = Name(name)
	tooLarge := func() error {
		return record.E(record.CodeImportTooLarge, nil, "name", name, "limit", MaxSize>>20)
	}
	if size > MaxSize {
		return nil, tooLarge()
	}
	var b bytes.Buffer
	if size > 0 {
		b.Grow(int(size) + bytes.MinRead) // a large file is not moved again and again
	}
	buf := make([]byte, 1<<20)
	for {
		n, err := r.Read(buf)
		b.Write(buf[:n])
		if b.Len() > MaxSize {
			return nil, tooLarge()
		}
		if progress != nil && n > 0 {
			progress(int64(b.Len()), size)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, record.E(record.CodeImportUnread, err, "name", name)
		}
	}
	if b.Len() == 0 {
		return nil, record.E(record.CodeImportEmpty, nil, "name", name)
	}
	is, err := kind(b.Bytes())
	if err != nil {
		return nil, record.E(record.CodeImportUnknown, err, "name", name)
	}
	return &File{Name: name, MediaType: is, Data: b.Bytes()}, nil
}

// anyKind is kindOf with e-mails and office files.
func anyKind(b []byte) (string, error) {
	is, err := kindOf(b)
	if err == nil {
		return is, nil
	}
	if mail.Sniff(b) {
		return mail.Internet, nil
	}
	for m := mimetype.Detect(b); m != nil; m = m.Parent() {
		is, _, _ := strings.Cut(m.String(), ";")
		if is == mail.Outlook || office.Is(is) && is != "text/plain" {
			return is, nil
		}
	}
	if is := mimetype.Detect(b); strings.HasPrefix(is.String(), "text/plain") {
		return "text/plain", nil
	}
	return "", err
}

// kindOf tells the media type by the bytes alone.
func kindOf(b []byte) (string, error) {
	m := mimetype.Detect(b)
	for _, want := range []string{"application/pdf", "image/jpeg", "image/png", "image/tiff"} {
		if m.Is(want) {
			return want, nil
		}
	}
	return "", fmt.Errorf("content is %s", m)
}

// maxName is how many letters a name has at most, maxEnding how many its ending.
const maxName, maxEnding = 120, 10

// Name brings a file name to what may be shown and stored: the last part of any path, in one line, without control
// characters and what is invisible or turns the direction of writing, at most 120 letters. It never begins or ends
// with a blank.
func Name(s string) string {
	s = path.Base(filepath.ToSlash(strings.ReplaceAll(s, `\`, "/")))
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
			return -1
		}
		return r
	}, s))
	if r := []rune(s); len(r) > maxName {
		end := []rune(path.Ext(s))
		if len(end) > maxEnding {
			end = nil
		}
		s = strings.TrimSpace(string(r[:maxName-1-len(end)])) + "…" + string(end)
	}
	if s == "" || s == "." || s == ".." || s == "/" {
		return "Datei"
	}
	return s
}

// Image is one page of a picture file: JPEG or PNG bytes. DPI 0: the file's own density, if any.
type Image struct {
	Data      []byte
	MediaType string
	DPI       int
}

// Pages gives a picture file's pages. JPEG and PNG are passed through untouched; a TIFF's pages become
// PNG without loss. A PDF has none here.
func (f *File) Pages() ([]Image, error) {
	switch f.MediaType {
	case "image/jpeg", "image/png":
		if err := f.fits(); err != nil {
			return nil, err
		}
		return []Image{{Data: f.Data, MediaType: f.MediaType}}, nil
	case "image/tiff":
		return f.tiffPages()
	}
	return nil, nil
}

func (f *File) fits() error {
	cfg, _, err := scan.Config(f.Data)
	if err != nil {
		return record.E(record.CodeImportUnread, err, "name", f.Name)
	}
	if int64(cfg.Width)*int64(cfg.Height) > scan.MaxPixels {
		return f.tooMany(cfg)
	}
	if _, err := scan.Decode(f.Data); err != nil {
		return record.E(record.CodeImportUnread, err, "name", f.Name)
	}
	return nil
}

func (f *File) tooMany(cfg image.Config) error {
	return record.E(record.CodeImportPixels, nil, "name", f.Name, "width", cfg.Width, "height", cfg.Height)
}

const maxTIFFPages = 1000

func (f *File) tiffPages() (pages []Image, err error) {
	defer func() { // the decoder indexes tables that a hostile file lies about
		if r := recover(); r != nil {
			pages, err = nil, record.E(record.CodeImportUnread, fmt.Errorf("decoder: %v", r), "name", f.Name)
		}
	}()
	offsets, err := directories(f.Data)
	if err != nil {
		return nil, record.E(record.CodeImportUnread, err, "name", f.Name)
	}
	for _, off := range offsets {
		cfg, err := tiff.DecodeConfigAt(bytes.NewReader(f.Data), off)
		if err != nil {
			return nil, record.E(record.CodeImportUnread, err, "name", f.Name)
		}
		if int64(cfg.Width)*int64(cfg.Height) > scan.MaxPixels {
			return nil, f.tooMany(cfg)
		}
		img, err := tiff.DecodeAt(bytes.NewReader(f.Data), off)
		if err != nil {
			return nil, record.E(record.CodeImportUnread, err, "name", f.Name)
		}
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			return nil, record.E(record.CodeImportUnread, err, "name", f.Name)
		}
		pages = append(pages, Image{Data: b.Bytes(), MediaType: "image/png", DPI: density(f.Data, off)})
	}
	return pages, nil
}

func order(b []byte) binary.ByteOrder {
	if b[0] == 'M' {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// directories follows the chain of image directories; a loop or a pointer outside the file is an error.
func directories(b []byte) ([]int64, error) {
	if len(b) < 8 {
		return nil, io.ErrUnexpectedEOF
	}
	o := order(b)
	var list []int64
	seen := map[int64]bool{}
	for off := int64(o.Uint32(b[4:])); off != 0; {
		if seen[off] || off+2 > int64(len(b)) || len(list) == maxTIFFPages {
			return nil, fmt.Errorf("directory %d at %d", len(list)+1, off)
		}
		seen[off] = true
		list = append(list, off)
		next := off + 2 + 12*int64(o.Uint16(b[off:]))
		if next+4 > int64(len(b)) {
			return nil, io.ErrUnexpectedEOF
		}
		off = int64(o.Uint32(b[next:]))
	}
	if len(list) == 0 {
		return nil, errors.New("no image")
	}
	return list, nil
}

// density reads a page's horizontal resolution in dpi, 0 where it has none.
func density(b []byte, off int64) int {
	o := order(b)
	var value float64
	unit := 1.0
	for i := range int64(o.Uint16(b[off:])) {
		e := off + 2 + 12*i
		switch o.Uint16(b[e:]) {
		case 282: // XResolution, a fraction elsewhere in the file
			at := int64(o.Uint32(b[e+8:]))
			if at+8 <= int64(len(b)) && o.Uint32(b[at+4:]) != 0 {
				value = float64(o.Uint32(b[at:])) / float64(o.Uint32(b[at+4:]))
			}
		case 296: // ResolutionUnit: 3 is centimetres
			if o.Uint16(b[e+8:]) == 3 {
				unit = 2.54
			}
		}
	}
	if d := value * unit; d >= 20 && d <= 5000 {
		return int(d + 0.5)
	}
	return 0
}
