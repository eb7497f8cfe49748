package form

import (
	"strconv"
	"strings"
)

// The box a signature is drawn in. Whatever the pad or screen measured, x runs from 0 to SignatureWidth and
// y from 0 (at the top) to SignatureHeight, so it can be drawn again at any size.
const (
	SignatureWidth  = 1200
	SignatureHeight = 400
)

// Limits of one signature. The longest name written with a pen stays far below.
const (
	MaxStrokes         = 300
	MaxSignaturePoints = 6000
)

// Point is a place in the box of a signature.
type Point struct{ X, Y int }

// Signature is a signature as it was written: for each time the pen was down, the points it went through.
type Signature [][]Point

// String is the canonical text of a signature: "12,34 15,36;80,10" are two strokes, the second a dot.
func (s Signature) String() string {
	var b strings.Builder
	for i, stroke := range s {
		if i > 0 {
			b.WriteByte(';')
		}
		for k, p := range stroke {
			if k > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(strconv.Itoa(p.X) + "," + strconv.Itoa(p.Y))
		}
	}
	return b.String()
}

// ParseSignature reads the canonical text of a signature. It refuses points outside the box, strokes
// without a point and more than [MaxStrokes] strokes or [MaxSignaturePoints] points.
func ParseSignature(text string) (Signature, bool) {
	var out Signature
	points := 0
	if text == "" {
		return nil, true
	}
	for part := range strings.SplitSeq(text, ";") {
		var stroke []Point
		for field := range strings.FieldsSeq(part) {
			x, y, ok := strings.Cut(field, ",")
			p := Point{coordinate(x, SignatureWidth), coordinate(y, SignatureHeight)}
			if points++; !ok || p.X < 0 || p.Y < 0 || points > MaxSignaturePoints {
				return nil, false
			}
			stroke = append(stroke, p)
		}
		if out = append(out, stroke); len(stroke) == 0 || len(out) > MaxStrokes {
			return nil, false
		}
	}
	return out, true
}

// coordinate reads a whole number from 0 to limit, -1 for anything else.
func coordinate(s string, limit int) int {
	if s == "" || len(s) > 4 || len(s) > 1 && s[0] == '0' {
		return -1
	}
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	if n > limit {
		return -1
	}
	return n
}

func readSignature(s string) (string, complaint) {
	x, ok := ParseSignature(s)
	if !ok {
		return "", wrong("signature")
	}
	return x.String(), complaint{}
}
