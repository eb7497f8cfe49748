package preview

import "bytes"

// kind is what a file is by its first bytes.
type kind uint8

const (
	kindUnknown kind = iota
	kindPDF
	kindJPEG
	kindPNG
	kindTIFF
)

// headerWindow is how far into a file readers look for the PDF header (ISO 32000-2, note in 7.5.2).
const headerWindow = 1024

// sniff tells a file's kind. What it does not know never reaches the library, which would otherwise open
// HTML, EPUB, SVG and more whatever the file's name says.
func sniff(b []byte) kind {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return kindJPEG
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return kindPNG
	case bytes.HasPrefix(b, []byte("II*\x00")), bytes.HasPrefix(b, []byte("MM\x00*")):
		return kindTIFF
	case bytes.Contains(b[:min(len(b), headerWindow)], []byte("%PDF-")):
		return kindPDF
	}
	return kindUnknown
}
