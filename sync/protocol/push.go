package protocol

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"schalter/data/record"
)

// EncodePush makes the body of POST /v1/push: one line per change, in order of n, zstd.
// An empty batch and one beyond the limits is an error; see [ErrTooLarge].
func EncodePush(changes []record.Change) ([]byte, error) {
	if len(changes) == 0 {
		return nil, errors.New("push: no changes")
	}
	if len(changes) > MaxPushChanges {
		return nil, ErrTooLarge
	}
	var out bytes.Buffer
	z := newPacker(&out)
	var line []byte
	plain := 0
	for _, c := range changes {
		var err error
		if line, err = AppendChange(line[:0], c); err == nil {
			line = append(line, '\n')
			if plain += len(line); plain > MaxPushPlain || len(line) > MaxLine {
				err = ErrTooLarge
			} else {
				_, err = z.Write(line)
			}
		}
		if err != nil {
			_ = z.Close() // the frame is thrown away with out
			return nil, fmt.Errorf("push: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("push: %w", err)
	}
	if out.Len() > MaxPushBody {
		return nil, ErrTooLarge
	}
	return out.Bytes(), nil
}

// DecodePush reads the body of POST /v1/push. Nothing of it may be used when it returns an error.
func DecodePush(body io.Reader) ([]Line, error) {
	u, err := newUnpacker(body, MaxPushPlain)
	if err != nil {
		return nil, err
	}
	defer u.close()
	in := lines{bufio.NewReader(u)}
	var out []Line
	for {
		b, err := in.next()
		if errors.Is(err, io.EOF) && len(out) > 0 {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("push, line %d: %w", len(out)+1, err)
		}
		if len(out) == MaxPushChanges {
			return nil, ErrTooLarge
		}
		l, err := ParseLine(b)
		if err != nil {
			return nil, fmt.Errorf("push, line %d: %w", len(out)+1, err)
		}
		out = append(out, l)
	}
}

// PushAnswer is the body of the answer to a push. Results are in the order of the changes. There are
// fewer than changes when the batch had a gap: Expect is then the n the centre waits for, and the desk
// sends again from there.
type PushAnswer struct {
	History record.ID `json:"history"`
	Results []Result  `json:"results"`
	Expect  uint64    `json:"expect"` // the device's next n
}

// Result is the centre's word on one change, which the device counted as N.
type Result struct {
	N      uint64      `json:"n"`
	Seq    uint64      `json:"seq,omitempty"`  // its place in the history; 0 if rejected
	Had    bool        `json:"had,omitempty"`  // it was known before; the answer is the same as then
	Code   record.Code `json:"code,omitempty"` // why it was rejected
	Detail string      `json:"detail,omitempty"`
}

// Rejection is a change that the centre will never take.
type Rejection struct {
	ID     record.ID
	Code   record.Code
	Detail string
}

// Match joins an answer with the batch it answers. An answer that does not fit the batch is an error.
func (a PushAnswer) Match(sent []record.Change) (placed []record.Placed, rejected []Rejection, err error) {
	if len(a.Results) > len(sent) {
		return nil, nil, record.E(record.CodeCentreTrouble, fmt.Errorf("%d results for %d changes", len(a.Results), len(sent)), "status", 200)
	}
	for i, r := range a.Results {
		switch c := sent[i]; {
		case r.N != c.N || (r.Seq == 0) == (r.Code == ""):
			return nil, nil, record.E(record.CodeCentreTrouble, fmt.Errorf("result %+v for n=%d", r, c.N), "status", 200)
		case r.Code != "":
			rejected = append(rejected, Rejection{c.ID, r.Code, r.Detail})
		default:
			placed = append(placed, record.Placed{ID: c.ID, Seq: r.Seq})
		}
	}
	return placed, rejected, nil
}
