package sorting

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"strings"

	"schalter/data/record"
)

// Kind says what a code is for.
type Kind string

// The kinds of code.
const (
	KindCover     Kind = "cover"     // what follows belongs to a case
	KindSeparator Kind = "separator" // what follows is another document of the same case
	KindForm      Kind = "form"      // a page of an empty form, filled by hand; belongs where the other pages do
	KindNumber    Kind = "number"    // a case number, as on a confirmation; no sheet
)

// Code is what one of our codes says.
type Code struct {
	Kind      Kind
	Authority string // of [Authority], for the sheets
	Number    string // of the case, for a cover sheet and a number
	Proof     string // the proof that follows a cover sheet, "" for none in particular
	Form      string // what the code of an empty form says behind its prefix
}

// Mark is what a sheet has besides its code, so that it is known for one when the code cannot be read: bars across,
// whose thicknesses and gaps are these, in millimetres, beginning and ending with a bar. It is printed along the
// upper and the lower edge.
var Mark = []float64{4, 2, 2, 2, 2, 2, 4}

// MarkWidth is how long the bars are, in millimetres.
const MarkWidth = 70.0

// The beginnings of our codes. The one of sheets has the version of what follows.
const (
	prefixAny   = "schalter"
	prefixSheet = "schalter1"
	prefixForm  = "schalter-form:" // package letter writes it
)

var letters = map[Kind]string{KindCover: "c", KindSeparator: "s"}

// The reasons why a code is none.
var (
	ErrForeign = errors.New("not one of our codes")
	ErrDamaged = errors.New("one of our codes, but not as it was printed")
)

// Authority names an authority in a code: short, the same for all its desks, and different for another one with
// offices of the same letters. A desk that belongs to no authority only knows its own sheets.
func Authority(id record.Identity) string {
	name := "tenant/" + id.Tenant + "/" + id.Centre
	switch {
	case id.Tenant != "":
	case id.Authority != "":
		name = "authority/" + id.Authority
	default:
		name = "device/" + string(id.Device)
	}
	sum := sha256.Sum256([]byte("schalter/sheet/" + name))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:5]))
}

// String writes the code of a sheet, or "" for what is no sheet: kind, authority, case number, proof and check,
// such as "schalter1:c:k7w2q9ha:MS-1-26-00417-K:impfpass:3f9a1c".
func (c Code) String() string {
	letter, ok := letters[c.Kind]
	if !ok {
		return ""
	}
	body := strings.Join([]string{prefixSheet, letter, c.Authority, c.Number, c.Proof}, ":")
	return body + ":" + check(body)
}

// check finds what a reader has got wrong in spite of the code's own correction. The case number has its check
// character besides.
func check(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:3])
}

// ParseCode reads what a code on a page says. [ErrForeign] is for codes that have nothing to do with us,
// [ErrDamaged] for ours where something is wrong, also a later version's.
func ParseCode(text string) (Code, error) {
	if form, ok := strings.CutPrefix(text, prefixForm); ok {
		return Code{Kind: KindForm, Form: form}, nil
	}
	if !strings.HasPrefix(strings.ToLower(text), prefixAny) {
		if n, err := record.ParseNumber(text); err == nil && n.String() == text {
			return Code{Kind: KindNumber, Number: text}, nil
		}
		return Code{}, ErrForeign
	}
	parts := strings.Split(text, ":")
	if len(parts) != 6 || parts[0] != prefixSheet {
		return Code{}, ErrDamaged
	}
	c := Code{Authority: parts[2], Number: parts[3], Proof: parts[4]}
	for kind, letter := range letters {
		if letter == parts[1] {
			c.Kind = kind
		}
	}
	if c.Kind == "" || c.Authority == "" || c.String() != text {
		return Code{}, ErrDamaged
	}
	if c.Kind == KindCover {
		if n, err := record.ParseNumber(c.Number); err != nil || n.String() != c.Number {
			return Code{}, ErrDamaged
		}
	}
	return c, nil
}
