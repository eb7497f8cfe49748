package server

import (
	"fmt"

	"schalter/data/record"
	"schalter/sync/protocol"
)

// Known is what a journal remembers of one change of a device.
type Known struct {
	Hash   record.Hash
	Seq    uint64 // 0: rejected
	Code   record.Code
	Detail string
}

// Chain is one device's changes as a journal sees them inside the transaction of a push.
type Chain interface {
	// Last is the device's last n and the hash of that change; 0 and "" at the beginning.
	Last() (n uint64, hash record.Hash)
	// Known finds a change by its n, which is at most Last's.
	Known(n uint64) (Known, error)
	// Admin tells whether the device may publish forms.
	Admin() bool
	// HasID tells whether a change of the authority bears the id.
	HasID(id record.ID) (bool, error)
	// Place gives the change the next place in the authority's history and moves Last on.
	Place(l protocol.Line) (seq uint64, err error)
	// Reject keeps the change outside the history and moves Last on.
	Reject(l protocol.Line, code record.Code, detail string) error
}

// Judge decides on a push by the rules of protocol.md. When it returns an error, the transaction must be
// rolled back: nothing of the push is taken.
func Judge(c Chain, device record.ID, lines []protocol.Line) (protocol.PushAnswer, error) {
	a := protocol.PushAnswer{Results: make([]protocol.Result, 0, len(lines))}
	for _, l := range lines {
		if l.Change.Device != device {
			return protocol.PushAnswer{}, record.E(record.CodeRejected, fmt.Errorf("change n=%d of device %.40q", l.Change.N, l.Change.Device), "reason", "device")
		}
		last, hash := c.Last()
		if l.Change.N > last+1 {
			break
		}
		r, err := judgeOne(c, l, last, hash)
		if err != nil {
			return protocol.PushAnswer{}, err
		}
		a.Results = append(a.Results, r)
	}
	last, _ := c.Last()
	a.Expect = last + 1
	return a, nil
}

func judgeOne(c Chain, l protocol.Line, last uint64, hash record.Hash) (protocol.Result, error) {
	n := l.Change.N
	forked := func() (protocol.Result, error) {
		return protocol.Result{}, record.E(record.CodeForked, fmt.Errorf("n=%d differs from what is known", n), "n", n)
	}
	if n == 0 {
		return protocol.Result{}, record.E(record.CodeRejected, fmt.Errorf("n=0"), "reason", "n")
	}
	if n <= last {
		k, err := c.Known(n)
		if err != nil {
			return protocol.Result{}, err
		}
		if k.Hash != l.Change.Hash() {
			return forked()
		}
		return protocol.Result{N: n, Seq: k.Seq, Had: true, Code: k.Code, Detail: k.Detail}, nil
	}
	if l.Change.Prev != hash {
		return forked()
	}
	detail, err := flaw(c, l)
	if err != nil {
		return protocol.Result{}, err
	}
	code := record.CodeRejected
	if detail == "" && l.Change.Kind == record.KindForm && !c.Admin() {
		code, detail = record.CodeNoRight, "the desk may not publish forms"
	}
	if detail != "" {
		err := c.Reject(l, code, detail)
		return protocol.Result{N: n, Code: code, Detail: detail}, err
	}
	seq, err := c.Place(l)
	return protocol.Result{N: n, Seq: seq}, err
}

// flaw tells why a change cannot enter the history, or "".
func flaw(c Chain, l protocol.Line) (string, error) {
	switch ch := l.Change; {
	case l.TooLarge():
		return "too large", nil
	case !canonical(ch.ID) || !canonical(ch.Case):
		return "id is not a UUID in canonical form", nil
	case len(ch.Kind) > 64 || len(ch.User) > 256:
		return "kind or user too long", nil
	default:
		if err := ch.Check(); err != nil {
			return "payload does not match its hash or header incomplete", nil //nolint:nilerr // the flaw is the result
		}
	}
	has, err := c.HasID(l.Change.ID)
	if err != nil || !has {
		return "", err
	}
	return "id was used before", nil
}

func canonical(id record.ID) bool {
	p, err := record.ParseID(string(id))
	return err == nil && p == id
}
