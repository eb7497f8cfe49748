package protocol

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"schalter/data/record"
)

// AppendChange appends a change as one line of JSON without the line feed. The payload goes through byte
// for byte, because its hash is part of the chain.
func AppendChange(b []byte, c record.Change) ([]byte, error) {
	payload := c.Payload
	if len(payload) == 0 {
		payload = json.RawMessage("null")
	}
	if bytes.ContainsAny(payload, "\r\n") || !json.Valid(payload) {
		return nil, fmt.Errorf("change %s: payload is not JSON in one line", c.ID)
	}
	// encoding/json would compact and escape a RawMessage; a stand-in keeps our bytes ours.
	c.Payload = nil
	head, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("change %s: %w", c.ID, err)
	}
	before, after, ok := bytes.Cut(head, []byte(`"payload":null`))
	if !ok || bytes.Contains(after, []byte(`"payload":null`)) {
		return nil, fmt.Errorf("change %s: header holds the payload's mark", c.ID)
	}
	b = append(b, before...)
	b = append(b, `"payload":`...)
	b = append(b, payload...)
	return append(b, after...), nil
}

// Line is a change as it came over the wire: decoded, and the bytes it came in, which the centre keeps
// and passes on so that fields of a newer program are not lost.
type Line struct {
	Change record.Change
	Bytes  []byte
}

// TooLarge tells that the change is well formed but larger than a centre takes.
func (l Line) TooLarge() bool { return len(l.Bytes) > MaxChange }

// ParseLine decodes one line.
func ParseLine(b []byte) (Line, error) {
	l := Line{Bytes: b}
	if err := json.Unmarshal(b, &l.Change); err != nil {
		return Line{}, fmt.Errorf("change line: %w", err)
	}
	return l, nil
}

// lines reads a stream line by line, each at most MaxLine bytes.
type lines struct {
	r *bufio.Reader
}

// next returns the bytes of the next line, valid for good, without the line feed; io.EOF at the end. A last line
// without a line feed was cut off.
func (l lines) next() ([]byte, error) {
	var out []byte
	for {
		part, err := l.r.ReadSlice('\n')
		if len(out)+len(part) > MaxLine {
			return nil, ErrTooLarge
		}
		out = append(out, part...)
		switch {
		case err == nil:
			return out[:len(out)-1], nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(out) == 0:
			return nil, io.EOF
		case errors.Is(err, io.EOF):
			return nil, io.ErrUnexpectedEOF
		default:
			return nil, err
		}
	}
}
