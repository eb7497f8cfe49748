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
// device by. A paper may be destroyed only after the person who scanned has vouched for what is shown now and somebody
// else has checked it and found it good, and every objection to it was known to a check that passed.
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
