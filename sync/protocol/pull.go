package protocol

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"schalter/data/record"
)

// PullRequest is the query of GET /v1/pull.
type PullRequest struct {
	Cursor  record.Cursor // zero: from the beginning
	Wait    time.Duration // how long the centre may wait for something new, at most MaxWait
	OwnFull bool          // the asking device's own changes in full instead of as stubs
	Max     int           // plain bytes to gather, a hint; 0: MaxPullBytes
}

// Query writes the request as a URL query.
func (p PullRequest) Query() string {
	q := url.Values{}
	if p.Cursor != (record.Cursor{}) {
		q.Set("cursor", fmt.Sprintf("%s.%d.%s", p.Cursor.History, p.Cursor.Seq, p.Cursor.Hash))
	}
	if p.Wait > 0 {
		q.Set("wait", strconv.Itoa(int((p.Wait+time.Second-1)/time.Second)))
	}
	if p.OwnFull {
		q.Set("own", "full")
	}
	if p.Max > 0 {
		q.Set("max", strconv.Itoa(p.Max))
	}
	return q.Encode()
}

// ParsePull reads the query. Unknown parameters are ignored; numbers beyond the limits are cut to them.
func ParsePull(q url.Values) (PullRequest, error) {
	p := PullRequest{OwnFull: q.Get("own") == "full", Max: MaxPullBytes}
	if s := q.Get("cursor"); s != "" {
		c, err := parseCursor(s)
		if err != nil {
			return PullRequest{}, record.E(record.CodeRejected, err, "reason", "cursor")
		}
		p.Cursor = c
	}
	if s := q.Get("wait"); s != "" {
		n, err := strconv.ParseUint(s, 10, 31)
		if err != nil {
			return PullRequest{}, record.E(record.CodeRejected, err, "reason", "wait")
		}
		p.Wait = min(time.Duration(n)*time.Second, MaxWait)
	}
	if s := q.Get("max"); s != "" {
		n, err := strconv.ParseUint(s, 10, 31)
		if err != nil || n == 0 {
			return PullRequest{}, record.E(record.CodeRejected, errOr(err), "reason", "max")
		}
		p.Max = min(int(n), MaxPullBytes)
	}
	return p, nil
}

func parseCursor(s string) (record.Cursor, error) {
	f := strings.Split(s, ".")
	if len(f) != 3 {
		return record.Cursor{}, errors.New("cursor: not three parts")
	}
	h, err := record.ParseID(f[0])
	if err != nil {
		return record.Cursor{}, fmt.Errorf("cursor: %w", err)
	}
	seq, err := strconv.ParseUint(f[1], 10, 63)
	if err != nil {
		return record.Cursor{}, fmt.Errorf("cursor: %w", err)
	}
	c := record.Cursor{History: h, Seq: seq, Hash: record.Hash(f[2])}
	if (c.Hash == "") != (seq == 0) || (c.Hash != "" && !c.Hash.Valid()) {
		return record.Cursor{}, errors.New("cursor: hash")
	}
	return c, nil
}

// Pulled is what a pull brought: whole transactions of the centre after the asked cursor. Changes of the
// asking device are stubs, with nothing but ID, Device and N, unless they were asked for in full.
type Pulled struct {
	Changes []record.Sequenced
	Next    record.Cursor
	More    bool // there is more right now; do not wait
	// Lost changes whenever the centre found files missing that it had; 0: never. See [Lost].
	Lost uint64
}

// Lost is the body of the answer to GET /v1/lost: files that the centre had and has no more, in the order of
// their hashes. With More the next ones come with ?after= the last one.
type Lost struct {
	Mark  uint64        `json:"mark"` // as in [Pulled]
	Files []record.Hash `json:"files"`
	More  bool          `json:"more,omitempty"`
}

// IsStub tells whether a pulled change is only the news that an own change was placed.
func IsStub(c record.Change) bool { return c.Kind == "" }

type pullLine struct {
	Seq    uint64          `json:"seq,omitempty"`
	Change json.RawMessage `json:"change,omitempty"`
	Own    *stub           `json:"own,omitempty"`
	Next   *record.Cursor  `json:"next,omitempty"`
	More   bool            `json:"more,omitempty"`
	Lost   uint64          `json:"lost,omitempty"`
}

type stub struct {
	ID     record.ID `json:"id"`
	Device record.ID `json:"device"`
	N      uint64    `json:"n"`
}

// PullWriter writes the answer to a pull. Without [PullWriter.End] the answer counts as cut off.
type PullWriter struct {
	z    *packer
	line []byte
	lost uint64
}

// NewPullWriter begins an answer.
func NewPullWriter(w io.Writer) *PullWriter { return &PullWriter{z: newPacker(w)} }

// Change writes a change by the line it came in.
func (p *PullWriter) Change(seq uint64, line []byte) error {
	p.line = append(p.line[:0], `{"seq":`...)
	p.line = strconv.AppendUint(p.line, seq, 10)
	p.line = append(p.line, `,"change":`...)
	p.line = append(p.line, line...)
	p.line = append(p.line, '}', '\n')
	_, err := p.z.Write(p.line)
	return err
}

// Own writes a stub.
func (p *PullWriter) Own(seq uint64, id, device record.ID, n uint64) error {
	return p.put(pullLine{Seq: seq, Own: &stub{id, device, n}})
}

// Lost sets the mark that [PullWriter.End] tells.
func (p *PullWriter) Lost(mark uint64) { p.lost = mark }

// End writes the cursor and ends the answer.
func (p *PullWriter) End(next record.Cursor, more bool) error {
	err := p.put(pullLine{Next: &next, More: more, Lost: p.lost})
	return errors.Join(err, p.Close())
}

// Close gives the encoder back; it may follow End.
func (p *PullWriter) Close() error {
	if p.z == nil {
		return nil
	}
	err := p.z.Close()
	p.z = nil
	return err
}

func (p *PullWriter) put(l pullLine) error {
	b, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("pull line: %w", err)
	}
	_, err = p.z.Write(append(b, '\n'))
	return err
}

// DecodePull reads the answer to a pull from the given cursor. It checks that the answer is complete and
// that the sequence rises without a gap from the cursor to the next one; the running hash is checked too
// unless own changes came as stubs, whose hash only the desk's store knows.
func DecodePull(body io.Reader, from record.Cursor) (Pulled, error) {
	p, err := decodePull(body, from)
	if err != nil {
		return Pulled{}, record.E(record.CodeCentreTrouble, err, "status", 200)
	}
	return p, nil
}

func decodePull(body io.Reader, from record.Cursor) (Pulled, error) {
	u, err := newUnpacker(body, MaxPullPlain)
	if err != nil {
		return Pulled{}, err
	}
	defer u.close()
	in := lines{bufio.NewReader(u)}
	d := pullDecoder{seq: from.Seq, hash: from.Hash}
	for !d.done {
		b, err := in.next()
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF // the line with the next cursor never came
		}
		if err == nil {
			err = d.line(b)
		}
		if err != nil {
			return Pulled{}, fmt.Errorf("pull after %d: %w", d.seq, err)
		}
	}
	if _, err := in.next(); !errors.Is(err, io.EOF) {
		return Pulled{}, fmt.Errorf("pull: more after the end: %w", errOr(err))
	}
	return d.out, nil
}

type pullDecoder struct {
	out   Pulled
	seq   uint64
	hash  record.Hash
	stubs bool
	done  bool
}

func (d *pullDecoder) line(b []byte) error {
	var l pullLine
	if err := json.Unmarshal(b, &l); err != nil {
		return err
	}
	if l.Next != nil {
		return d.end(l)
	}
	if l.Seq != d.seq+1 {
		return fmt.Errorf("place %d where %d was expected", l.Seq, d.seq+1)
	}
	if len(d.out.Changes) == MaxPullChanges {
		return ErrTooLarge
	}
	s := record.Sequenced{Seq: l.Seq}
	switch {
	case l.Own != nil:
		s.Change = record.Change{ID: l.Own.ID, Device: l.Own.Device, N: l.Own.N}
		if s.Change.ID == "" || s.Change.Device == "" || s.Change.N == 0 {
			return errors.New("incomplete stub")
		}
		d.stubs = true
	case l.Change != nil:
		if err := json.Unmarshal(l.Change, &s.Change); err != nil {
			return err
		}
		if err := s.Change.Check(); err != nil {
			return err
		}
		if !d.stubs {
			d.hash = record.NextLogHash(d.hash, s.Change)
		}
	default:
		return errors.New("line with neither change nor cursor")
	}
	d.seq = l.Seq
	d.out.Changes = append(d.out.Changes, s)
	return nil
}

func (d *pullDecoder) end(l pullLine) error {
	n := *l.Next
	switch {
	case n.Seq != d.seq:
		return fmt.Errorf("next cursor at %d, changes end at %d", n.Seq, d.seq)
	case n.History == "", (n.Seq == 0) != (n.Hash == ""), n.Hash != "" && !n.Hash.Valid():
		return errors.New("bad next cursor")
	case !d.stubs && n.Hash != d.hash:
		return errors.New("running hash does not fit the changes")
	}
	d.out.Next, d.out.More, d.out.Lost, d.done = n, l.More, l.Lost, true
	return nil
}
