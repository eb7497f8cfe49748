// Package transfer holds the rules about the note that says how a paper became a file (it supports the
// guideline BSI TR-03138 on replacing scans; it claims no conformity with it), and about when the paper may be
// destroyed.
//
// It is for the store, which signs a note when the scan is filed and checks every note when it verifies
// itself, and for screens and exports, which show notes and ask what is still to be done.
//
// It promises that a note, once signed, speaks for exactly the originals it names in exactly the words it
// was signed with: any other byte of either is found by [Verify] and [VerifyFiles]. The signature is made with
// the key of the desk's device (ed25519) and carries the public half, which is the one the centre knows the
// device by. A paper may be destroyed only after somebody else than the person who scanned has checked what
// is shown now and found it good, and nobody has objected since.
//
// It never opens a file by itself and holds no key. What the law demands beyond this (retention, dedicated
// rooms, staff) is the authority's to rule; the rules here want a look by somebody who answers for that.
package transfer

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"schalter/data/record"
)

// What is wrong with a note.
var (
	// ErrUnsigned: the note was filed without a signature.
	ErrUnsigned = errors.New("transfer: the note bears no signature")
	// ErrAltered: the note does not say what was signed.
	ErrAltered = errors.New("transfer: the note is not what was signed")
	// ErrOriginals: the document's originals are not those of the note.
	ErrOriginals = errors.New("transfer: the note speaks of other originals")
	// ErrFile: the bytes of an original are not those that were scanned.
	ErrFile = errors.New("transfer: an original is not what was scanned")
)

// Sign completes the note of a scan that is about to be filed: the originals it speaks for, the desk, the
// software, and the signature by the key of the desk's device. A document without a note stays as it is. A note
// that was signed before is signed anew only if it does not stand any more.
func Sign(d record.Document, id record.Identity, software string) record.Document {
	if d.Transfer == nil || len(id.Key) != ed25519.SeedSize || Verify(d) == nil {
		return d
	}
	key := ed25519.NewKeyFromSeed(id.Key)
	n := *d.Transfer
	n.Originals = make([]record.Hash, 0, len(d.Originals))
	for _, o := range d.Originals {
		n.Originals = append(n.Originals, o.Blob.Hash)
	}
	n.Desk = id.Device
	if n.Software == "" {
		n.Software = software
	}
	n.Key = slices.Clone([]byte(key.Public().(ed25519.PublicKey))) //nolint:forcetypeassert // an ed25519 key has no other
	n.Sig = ed25519.Sign(key, content(n))
	d.Transfer = &n
	return d
}

// Verify tells whether a document's note is what was signed and speaks for the document's originals. Originals
// that came later stand behind those of the note. A document without a note has nothing to verify.
func Verify(d record.Document) error {
	n := d.Transfer
	switch {
	case n == nil:
		return nil
	case len(n.Sig) == 0:
		return ErrUnsigned
	case len(n.Key) != ed25519.PublicKeySize || !ed25519.Verify(n.Key, content(*n), n.Sig):
		return ErrAltered
	case len(n.Originals) == 0 || len(n.Originals) > len(d.Originals):
		return ErrOriginals
	}
	for i, h := range n.Originals {
		if d.Originals[i].Blob.Hash != h {
			return fmt.Errorf("%w: number %d", ErrOriginals, i+1)
		}
	}
	return nil
}

// VerifyFiles is Verify with a look at every byte of the originals.
func VerifyFiles(d record.Document, open func(record.Hash) (io.ReadCloser, error)) error {
	if err := Verify(d); err != nil || d.Transfer == nil {
		return err
	}
	for i, h := range d.Transfer.Originals {
		if err := verifyFile(h, open); err != nil {
			return fmt.Errorf("original %d: %w", i+1, err)
		}
	}
	return nil
}

func verifyFile(h record.Hash, open func(record.Hash) (io.ReadCloser, error)) error {
	f, err := open(h)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // it was only read
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return err
	}
	if record.Hash(hex.EncodeToString(sum.Sum(nil))) != h {
		return ErrFile
	}
	return nil
}

// content is what a signature is made over: every field of the note but itself, each preceded by its length.
func content(n record.Transfer) []byte {
	var out []byte
	put := func(parts ...string) {
		for _, s := range parts {
			out = binary.BigEndian.AppendUint64(out, uint64(len(s)))
			out = append(out, s...)
		}
	}
	put("schalter/transfer/1", n.Time.UTC().Format(time.RFC3339Nano), n.User, string(n.Desk), n.Device, n.Software, n.Settings,
		fmt.Sprint(n.Pages), fmt.Sprint(n.Out), fmt.Sprint(n.Match), fmt.Sprint(len(n.Blank)))
	for _, b := range n.Blank {
		put(fmt.Sprint(b))
	}
	put(fmt.Sprint(len(n.Anomalies)))
	put(n.Anomalies...)
	put(fmt.Sprint(len(n.Originals)))
	for _, h := range n.Originals {
		put(string(h))
	}
	put(string(n.Key))
	return out
}

// JSON is the note as it is attached to a PDF.
func JSON(n record.Transfer) ([]byte, error) { return json.MarshalIndent(n, "", "  ") }

// FileName is what the attached note is called.
const FileName = "transfervermerk.json"

// Need says what is still missing before a paper may be destroyed.
type Need string

// The needs, in the order in which a clerk gets them out of the way.
const (
	NeedNothing Need = ""        // it may be destroyed
	NeedNote    Need = "note"    // it is no scan with a note
	NeedSound   Need = "sound"   // the note does not stand: altered, unsigned, or of other originals
	NeedMatch   Need = "match"   // nobody has vouched that scan and paper agree
	NeedCheck   Need = "check"   // a second person has to check what is shown now
	NeedOther   Need = "other"   // only the one who scanned has checked it
	NeedMend    Need = "mend"    // the last check found something wrong
	NeedCase    Need = "trashed" // the document lies in the trash
)

// ToDestroy tells what stands between a document and the destruction of its paper.
func ToDestroy(d record.Document) Need {
	n := d.Transfer
	switch {
	case n == nil:
		return NeedNote
	case Verify(d) != nil:
		return NeedSound
	case d.Trashed != nil:
		return NeedCase
	case !n.Match:
		return NeedMatch
	}
	return checks(d)
}

// checks looks at what was said about what is shown now; the last word about it counts.
func checks(d record.Document) Need {
	same := map[record.Hash]bool{d.Shown.Hash: true}
	if d.Latest.Why == record.WhyText { // the words behind the pages are another file, the pages are the same
		same[d.Latest.Of] = true
		for _, v := range slices.Backward(d.Versions) {
			if same[v.Shown.Hash] && v.Why == record.WhyText {
				same[v.Of] = true
			}
		}
	}
	need := NeedCheck
	for _, c := range d.Checks {
		switch {
		case !same[c.Of]:
		case !c.OK:
			need = NeedMend
		case Other(c.User, d.Transfer.User):
			need = NeedNothing
		case need == NeedCheck:
			need = NeedOther
		}
	}
	return need
}

// Other tells whether two names are surely two persons.
func Other(a, b string) bool {
	a, b = strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " ")
	return a != "" && b != "" && !strings.EqualFold(a, b)
}

// Drawn tells whether a scan is among the share (in per cent) that is drawn for a second look. Every desk draws
// the same ones, and nobody can choose.
func Drawn(d record.Document, percent int) bool {
	if d.Transfer == nil || len(d.Originals) == 0 {
		return false
	}
	sum := sha256.Sum256([]byte("schalter/sample/1" + string(d.ID) + string(d.Originals[0].Blob.Hash)))
	return int(binary.BigEndian.Uint32(sum[:])%100) < percent
}
