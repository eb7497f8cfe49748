package rendition

import (
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// names gives files names that no system stumbles over, each once whatever the letters' case.
type names struct{ taken map[string]bool }

func newNames() *names { return &names{taken: map[string]bool{}} }

// of makes a name from a title, with the ending that the content has and not the one the title claims.
func (n *names) of(title, ending string) string {
	base := safe(title)
	if ending != "" {
		base = strings.TrimSuffix(base, ending)
		base = strings.TrimRight(base, ". ")
	}
	name := base + ending
	for i := 2; n.taken[folded(name)]; i++ {
		name = fmt.Sprintf("%s (%d)%s", base, i, ending)
	}
	n.taken[folded(name)] = true
	return name
}

func folded(name string) string { return strings.ToLower(norm.NFC.String(name)) }

// maxName keeps names, with number and ending, below what file systems and archives bear.
const maxName = 120

// reserved tells the names that a device has on Windows, with any ending.
func reserved(stem string) bool {
	switch stem {
	case "con", "prn", "aux", "nul", "conin$", "conout$":
		return true
	}
	device, number := stem, ""
	if len(stem) > 3 {
		device, number = stem[:3], stem[3:]
	}
	return (device == "com" || device == "lpt") && len([]rune(number)) == 1 && strings.ContainsAny(number, "0123456789¹²³")
}

// safe takes out of a title what leads elsewhere or hides something: separators, control characters, marks of
// direction, dots and blanks at the ends.
func safe(title string) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(strings.ToValidUTF8(title, "")) {
		switch {
		case strings.ContainsRune(`/\:*?"<>|`, r), r == unicode.ReplacementChar:
			b.WriteByte('_')
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
		default:
			b.WriteRune(r)
		}
	}
	s := strings.Trim(strings.Join(strings.Fields(b.String()), " "), ". ")
	for len(s) > maxName {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	s = strings.TrimRight(s, ". ")
	stem, _, _ := strings.Cut(strings.ToLower(s), ".")
	if s == "" || reserved(strings.TrimSpace(stem)) {
		s = "_" + s
	}
	return s
}

// ext is the ending of a file with a media type.
func ext(mediaType string) string {
	switch mediaType {
	case "application/pdf":
		return ".pdf"
	case "image/jpeg":
		return ".jpg"
	case "image/png":
		return ".png"
	case "image/tiff":
		return ".tif"
	case "message/rfc822":
		return ".eml"
	case "text/plain":
		return ".txt"
	case "application/json":
		return ".json"
	}
	return ""
}

// harmless are endings that a name may keep where the media type does not tell one: of office files and mails.
// Programs and what starts one are not among them.
var harmless = map[string]bool{
	".pdf": true, ".jpg": true, ".jpeg": true, ".png": true, ".tif": true, ".tiff": true, ".txt": true, ".csv": true, ".eml": true, ".msg": true,
	".doc": true, ".docx": true, ".xls": true, ".xlsx": true, ".ppt": true, ".pptx": true, ".odt": true, ".ods": true, ".odp": true, ".rtf": true,
	".zip": true, ".heic": true, ".webp": true, ".gif": true, ".bmp": true, ".xml": true, ".json": true,
}

// ending is what an original's name ends with: what its media type says, else its own if it is a harmless one.
func ending(mediaType, name string) string {
	if e := ext(mediaType); e != "" {
		return e
	}
	if e := strings.ToLower(path.Ext(name)); harmless[e] {
		return e
	}
	return ".bin"
}
