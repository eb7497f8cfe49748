package preview

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"schalter/data/page"
)

// The helper reads requests from standard input and writes responses to standard output: a header of
// fixed size in little endian, then Size bytes. It handles one request after the other; only opAbort
// overtakes. Both ends are the same program, so there is no version; but what the helper answers is
// checked like any bytes from outside, because a hostile file may have taken it over.

type op uint8

const (
	opOpen     op = iota + 1 // pages, and the first page's size; body: password, file
	opSize                   // one page's size
	opRender                 // pixels
	opText                   // plain text
	opAbort                  // give up job Job, if it is still being done
	opWords                  // words with their boxes
	opPiece                  // a piece of a file that was needed; empty when it cannot be read
	opGray                   // pixels without colours
	opContents               // what the file says about itself
	opLinks                  // a page's links
)

type request struct {
	Op     op
	Kind   kind
	Turns  uint8
	Far    uint8 // of opOpen: the body has no file, it is asked for piece by piece
	Job    uint32
	Page   uint32
	Secret uint32 // bytes of the body that are the password
	DPI    float64
	Sum    [32]byte
	Length uint64 // of a far file
	Size   uint64 // bytes of the body
}

type status uint8

const (
	statusOK     status = iota
	statusAbsent        // the helper does not have this file (any more): open it again
	statusPassword
	statusNoPages
	statusTooLarge
	statusRefused // body: the library's reason
	statusMemory
	statusAborted
	statusNeed // in mid-job: a piece of the file, from Off on, Want bytes
	statusEnd  // first unused
)

// Where the pixels of a picture are.
const (
	pixelsNone   = iota
	pixelsShared // in the shared memory, from its beginning
	pixelsInline // in the body
)

type response struct {
	Status        status
	Pixels        uint8
	Depth         uint8 // bytes of a pixel
	_             uint8
	Job           uint32
	Pages         uint32
	Width, Height uint32
	WPt, HPt      float64
	Off           uint64
	Want          uint32
	Size          uint64
}

// Bytes of a pixel.
const (
	depthGray   = 1
	depthColour = 4
)

const (
	maxText     = 8 << 20 // text of one page
	maxPassword = 4096
	maxPages    = 10_000_000
	maxPiece    = 1 << 20
)

var (
	errProtocol = errors.New("helper answered nonsense")
	errRefused  = errors.New("refused")
)

// writeRequest writes a request and the beginning of its body; more bytes have to follow.
func writeRequest(w io.Writer, q request, more uint64, body ...byte) error {
	q.Size = uint64(len(body)) + more
	head, err := binary.Append(nil, binary.LittleEndian, q)
	if err != nil {
		return fmt.Errorf("encode request: %w", err)
	}
	_, err = w.Write(append(head, body...))
	return err
}

func readRequest(r io.Reader) (q request, err error) {
	if err := binary.Read(r, binary.LittleEndian, &q); err != nil {
		return q, err
	}
	if uint64(q.Secret) > q.Size || q.Secret > maxPassword {
		return q, errProtocol
	}
	switch q.Op {
	case opOpen:
	case opPiece:
		if q.Size > maxPiece {
			return q, errProtocol
		}
	default:
		if q.Size != 0 {
			return q, errProtocol
		}
	}
	return q, nil
}

func writeResponse(w io.Writer, s response, body []byte) error {
	s.Size = uint64(len(body))
	head, err := binary.Append(make([]byte, 0, 64+min(len(body), 4096)), binary.LittleEndian, s)
	if err != nil {
		return fmt.Errorf("encode response: %w", err)
	}
	if _, err := w.Write(head); err != nil || len(body) == 0 {
		return err
	}
	_, err = w.Write(body)
	return err
}

// readResponse reads a header and checks it; the body is left to the caller.
func readResponse(r io.Reader, maxPixels int) (s response, err error) {
	if err := binary.Read(r, binary.LittleEndian, &s); err != nil {
		return s, err
	}
	return s, s.check(maxPixels)
}

func (s response) check(maxPixels int) error {
	pixels := uint64(s.Width) * uint64(s.Height)
	body := uint64(maxText)
	if s.Pixels == pixelsInline {
		body = pixels * uint64(s.Depth)
	}
	switch {
	case s.Status >= statusEnd, s.Pixels > pixelsInline,
		s.Want > maxPiece, s.Status == statusNeed && (s.Want == 0 || s.Size != 0),
		s.Pages > maxPages, pixels > uint64(maxPixels), s.Size > body,
		s.Pixels == pixelsInline && s.Size != body,
		s.Pixels != pixelsNone && (pixels == 0 || s.Depth != depthColour && s.Depth != depthGray),
		!believable(s.WPt), !believable(s.HPt):
		return errProtocol
	}
	return nil
}

// wordHead is what stands before the letters of a word: its box, its line and how many bytes follow.
type wordHead struct {
	Box       [4]float32
	Line, Len uint32
}

// wordsOf reads the answer to opWords.
func wordsOf(body []byte) ([]page.Word, error) {
	const head = 4*4 + 2*4
	var out []page.Word
	text := string(body) // one for all words
	for line := uint32(0); len(text) > 0; {
		var h wordHead
		if _, err := binary.Decode(body[len(body)-len(text):], binary.LittleEndian, &h); err != nil {
			return nil, errProtocol
		}
		if text = text[head:]; h.Len == 0 || uint64(h.Len) > uint64(len(text)) || h.Line < line {
			return nil, errProtocol
		}
		line = h.Line
		w := page.Word{
			Text: strings.ToValidUTF8(text[:h.Len], "\uFFFD"), Line: int(line),
			X0: float64(h.Box[0]), Y0: float64(h.Box[1]), X1: float64(h.Box[2]), Y1: float64(h.Box[3]),
		}
		text = text[h.Len:]
		if inReach(w.X0, w.Y0, w.X1, w.Y1) && w.X0 <= w.X1 && w.Y0 <= w.Y1 {
			out = append(out, w) // a word at no place is no use
		}
	}
	return out, nil
}

func inReach(coordinates ...float64) bool {
	return !slices.ContainsFunc(coordinates, func(c float64) bool { return math.IsNaN(c) || math.Abs(c) >= 1e9 })
}

func believable(points float64) bool {
	return !math.IsNaN(points) && points >= 0 && points < 1e9
}
