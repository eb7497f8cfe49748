package record

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// Kind says what a change does. Kinds a program does not know are kept and passed on.
type Kind string

// The kinds of change. Facts (document, note, event) are only ever added; they are cancelled by another fact.
const (
	KindOpen     Kind = "open"     // [Opened]: a case begins, with service, form and roles
	KindFields   Kind = "fields"   // [Fields]: groups of fields with new values
	KindState    Kind = "state"    // [StateStep]
	KindDocument Kind = "document" // [DocumentAdded]
	KindNote     Kind = "note"     // [Note]
	KindEvent    Kind = "event"    // [Event]: printed, shown, exported
	KindResolve  Kind = "resolve"  // [Resolved]: a clerk decided a conflict
	KindDelete   Kind = "delete"   // [Deleted]
	KindVersion  Kind = "version"  // [DocumentVersion]
	KindMark     Kind = "mark"     // [DocumentMarked]
	KindCheck    Kind = "check"    // [DocumentChecked]
	KindCertify  Kind = "certify"  // [DocumentCertified]
	KindTrash    Kind = "trash"    // [DocumentTrashed]
	KindForm     Kind = "form"     // [FormPublished]: a form for every desk of the authority; belongs to no case
)

// HLC is a hybrid logical clock: milliseconds since 1970 in the upper 48 bits, a counter in the lower 16.
// It serves display and audit; the centre's sequence decides.
type HLC uint64

// Next returns a clock reading after both h and the wall clock's now.
func (h HLC) Next(now time.Time) HLC {
	w := HLC(now.UnixMilli()) << 16
	if w > h {
		return w
	}
	return h + 1
}

// Change is one recorded act on one case by one device. It is never altered after it was made.
type Change struct {
	ID     ID        `json:"id"`
	Device ID        `json:"device"`
	N      uint64    `json:"n"`              // gap-free per device, from 1
	Prev   Hash      `json:"prev,omitempty"` // Hash of the device's change N-1; empty for N = 1
	Case   ID        `json:"case"`
	Kind   Kind      `json:"kind"`
	Time   time.Time `json:"time"` // the device's clock, UTC, milliseconds
	HLC    HLC       `json:"hlc"`
	User   string    `json:"user"`
	// Payload is the JSON of the kind's type, byte for byte as its maker wrote it. It may be null after an
	// erasure; PayloadHash then carries what the chain was built over.
	Payload     json.RawMessage `json:"payload"`
	PayloadHash Hash            `json:"payload_hash"`
}

// Hash is the link of the device's chain: SHA-256 over the header and the payload's hash, each field
// preceded by its length as a 32-bit big-endian number. It does not change when the payload is erased.
func (c Change) Hash() Hash {
	h := sha256.New()
	put := func(s string) {
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(s)))
		h.Write(n[:])
		h.Write([]byte(s))
	}
	put("schalter/change/1")
	put(string(c.ID))
	put(string(c.Device))
	put(fmt.Sprint(c.N))
	put(string(c.Prev))
	put(string(c.Case))
	put(string(c.Kind))
	put(c.Time.UTC().Format(time.RFC3339Nano))
	put(fmt.Sprint(uint64(c.HLC)))
	put(c.User)
	put(string(c.PayloadHash))
	return Hash(hex.EncodeToString(h.Sum(nil)))
}

// Erased reports whether the payload was removed by law; the chain still verifies.
func (c Change) Erased() bool { return len(c.Payload) == 0 || string(c.Payload) == "null" }

// Check tells whether the change is well formed by itself and its payload is the one it was hashed with.
func (c Change) Check() error {
	switch {
	case c.ID == "" || c.Device == "" || c.Case == "" || c.Kind == "" || c.N == 0:
		return E(CodeChainBroken, fmt.Errorf("change %s: empty header field", c.ID))
	case c.N > 1 && !c.Prev.Valid(), c.N == 1 && c.Prev != "":
		return E(CodeChainBroken, fmt.Errorf("change %s: bad link %q at n=%d", c.ID, c.Prev, c.N))
	case !c.PayloadHash.Valid():
		return E(CodeChainBroken, fmt.Errorf("change %s: bad payload hash", c.ID))
	case !c.Erased() && HashOf(c.Payload) != c.PayloadHash:
		return E(CodeChainBroken, fmt.Errorf("change %s: payload does not match its hash", c.ID))
	}
	return nil
}

// Edit is what a desk wants to record; the store makes a [Change] of it by giving it id, device, place in
// the chain and time.
type Edit struct {
	Case    ID
	Kind    Kind
	User    string
	Payload any // one of the payload types below
}

// Seal makes the change that follows prev (the zero Change for a device's first) from an edit.
func Seal(e Edit, device ID, prev Change, now time.Time) (Change, error) {
	p, err := json.Marshal(e.Payload)
	if err != nil {
		return Change{}, fmt.Errorf("seal %s: %w", e.Kind, err)
	}
	c := Change{
		ID: NewID(), Device: device, N: prev.N + 1, Case: e.Case, Kind: e.Kind,
		Time: now.UTC().Truncate(time.Millisecond), HLC: prev.HLC.Next(now), User: e.User,
		Payload: p, PayloadHash: HashOf(p),
	}
	if prev.N > 0 {
		c.Prev = prev.Hash()
	}
	return c, nil
}

// Sequenced is a change with its place in the authority's history. Seq 0 means the centre has not placed
// it yet.
type Sequenced struct {
	Seq    uint64 `json:"seq"`
	Change Change `json:"change"`
}

// Cursor is how far a desk has read the centre's history.
type Cursor struct {
	History ID     `json:"history"` // new after the centre was restored from a backup
	Seq     uint64 `json:"seq"`
	Hash    Hash   `json:"hash"` // the centre's running hash at Seq
}

// NextLogHash is the centre's running hash after a change: SHA-256 of the hash before and the change's own.
func NextLogHash(before Hash, c Change) Hash {
	return HashOf([]byte(string(before) + string(c.Hash())))
}
