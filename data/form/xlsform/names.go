package xlsform

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const maxName = 64

var nativeName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$`)

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "ß", "ss", "ẞ", "SS")

// native makes a name of the native format: the same where it is one already, else spelled with plain
// letters, and shortened with a piece of the whole name's hash so that two long names stay different.
func native(name string) string {
	if nativeName.MatchString(name) {
		return name
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(umlauts.Replace(norm.NFC.String(name))) {
		switch {
		case r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '.' || r == '-'):
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		case unicode.IsSpace(r):
			b.WriteByte('-')
		default:
			b.WriteByte('_')
		}
	}
	s := strings.TrimLeft(b.String(), ".-")
	plain := strings.Trim(s, "_") != ""
	if len(s) > maxName || !plain {
		sum := sha256.Sum256([]byte(name))
		s = s[:min(len(s), maxName-9)] + "_" + hex.EncodeToString(sum[:4])
	}
	return s
}

// namer gives names of which each is taken once.
type namer struct {
	taken map[string]bool
	next  map[string]int // where to go on counting
}

func newNamer() *namer { return &namer{map[string]bool{}, map[string]int{}} }

// unique is the name, with a number where it is taken already.
func (n *namer) unique(name string) string {
	free := name
	for n.taken[free] {
		n.next[name]++
		suffix := "_" + strconv.Itoa(n.next[name]+1)
		free = name[:min(len(name), maxName-len(suffix))] + suffix
	}
	n.taken[free] = true
	return free
}

// xmlName is what XLSForm allows as the name of a question.
func xmlName(s string) bool {
	for i, r := range s {
		if i == 0 && !nameStart(r) || !nameRune(r) {
			return false
		}
	}
	return s != ""
}
