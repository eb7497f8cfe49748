package pack

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"

	"schalter/data/form"
	"schalter/data/record"
)

// magic begins every pack; the number is that of the format.
const magic = "schalter/formpack/1\n"

// maxCertificate bounds the publisher's certificate, in bytes.
const maxCertificate = 8 << 10

var (
	packer   = sync.OnceValues(func() (*zstd.Encoder, error) { return zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1)) })
	unpacker = sync.OnceValues(func() (*zstd.Decoder, error) {
		return zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(MaxPlain+1<<20), zstd.WithDecoderMaxWindow(8<<20))
	})
)

// Is tells whether bytes look like a pack, and not like a single form.
func Is(b []byte) bool { return bytes.HasPrefix(b, []byte(magic)) }

// Seal makes the file of a pack. certificate may be empty; every form is checked as [Of] does.
func Seal(p Pack, key ed25519.PrivateKey, certificate []byte) ([]byte, error) {
	for i, f := range p.Forms {
		g, err := Of(f.Bytes)
		if err != nil {
			return nil, err
		}
		p.Forms[i].Form, p.Forms[i].Title = g.Form, g.Title
	}
	content, err := plain(p)
	if err != nil {
		return nil, fmt.Errorf("form pack: %w", err)
	}
	if len(certificate) > maxCertificate {
		return nil, errors.New("form pack: the certificate is too large")
	}
	e, err := packer()
	if err != nil {
		return nil, err
	}
	out := []byte(magic)
	out = append(out, key.Public().(ed25519.PublicKey)...)
	out = binary.BigEndian.AppendUint16(out, uint16(len(certificate)))
	out = append(out, certificate...)
	out = e.EncodeAll(content, out)
	if len(out)+ed25519.SignatureSize > MaxSize {
		return nil, fmt.Errorf("form pack: %d bytes are too many for one file", len(out))
	}
	return append(out, ed25519.Sign(key, signed(out))...), nil
}

// signed is what the signature is over: a hash of all that stands before it, so that no other use of the
// key can be taken for a pack.
func signed(b []byte) []byte {
	h := sha256.Sum256(b)
	return append([]byte("schalter/formpack/signature/1\n"), h[:]...)
}

// Open reads a pack. The signature is checked first, then trust is asked about the publisher, and only then
// is the content unpacked and checked, every form of it. trust's error is returned as it is; whatever is
// wrong with the file is [record.CodePackDamaged].
func Open(b []byte, trust func(Publisher) error) (Pack, error) {
	who, content, err := verify(b)
	if err != nil {
		return Pack{}, damaged(err)
	}
	if err := trust(who); err != nil {
		return Pack{}, err
	}
	p, err := unpack(content)
	if err != nil {
		return Pack{}, damaged(err)
	}
	return p, nil
}

func damaged(err error) error { return record.E(record.CodePackDamaged, err, "reason", err.Error()) }

// verify takes the file apart and checks its signature; content is still packed.
func verify(b []byte) (who Publisher, content []byte, err error) {
	rest, ok := bytes.CutPrefix(b, []byte(magic))
	if !ok {
		return who, nil, errors.New("not a form pack of this format")
	}
	if len(b) > MaxSize {
		return who, nil, errors.New("too large")
	}
	if len(rest) < ed25519.PublicKeySize+2+ed25519.SignatureSize {
		return who, nil, errors.New("cut off")
	}
	end := len(b) - ed25519.SignatureSize
	who.Key = ed25519.PublicKey(bytes.Clone(rest[:ed25519.PublicKeySize]))
	if !ed25519.Verify(who.Key, signed(b[:end]), b[end:]) {
		return who, nil, errors.New("the signature does not fit")
	}
	rest = rest[ed25519.PublicKeySize : len(rest)-ed25519.SignatureSize]
	n := int(binary.BigEndian.Uint16(rest))
	rest = rest[2:]
	if n > maxCertificate || n > len(rest) {
		return who, nil, errors.New("the certificate is cut off")
	}
	who.Certificate = bytes.Clone(rest[:n])
	return who, rest[n:], nil
}

// unpack reads the content. There is one canonical form of it; any other is refused.
func unpack(content []byte) (p Pack, err error) {
	d, err := unpacker()
	if err != nil {
		return p, err
	}
	b, err := d.DecodeAll(content, nil)
	if err != nil {
		return p, fmt.Errorf("the content cannot be unpacked: %w", err)
	}
	if len(b) > MaxPlain {
		return p, errors.New("the content is too large")
	}
	line, rest, ok := bytes.Cut(b, []byte("\n"))
	if !ok {
		return p, errors.New("the content has no list")
	}
	var h header
	if err := json.Unmarshal(line, &h); err != nil {
		return p, fmt.Errorf("the list cannot be read: %w", err)
	}
	if again, err := json.Marshal(h); err != nil || !bytes.Equal(again, line) {
		return p, errors.New("the list is not in its canonical form")
	}
	if err := h.check(); err != nil {
		return p, err
	}
	p.Name, p.Version = h.Name, h.Version
	for _, e := range h.Forms {
		if e.Size > len(rest) {
			return Pack{}, errors.New("the forms are cut off")
		}
		f, err := form.Admit(e.Form, rest[:e.Size:e.Size])
		if err != nil {
			return Pack{}, fmt.Errorf("form %s %s: %w", e.Form.ID, e.Form.Version, err)
		}
		p.Forms = append(p.Forms, File{Form: e.Form, Title: f.Title, Bytes: rest[:e.Size:e.Size]})
		rest = rest[e.Size:]
	}
	if len(rest) > 0 {
		return Pack{}, errors.New("there is more behind the forms")
	}
	return p, nil
}

// Fingerprint names a publisher's key in a way that can be read out on the telephone: 16 groups of four
// hexadecimal digits, the whole SHA-256 of the key.
func Fingerprint(key ed25519.PublicKey) string {
	h := sha256.Sum256(key)
	s := hex.EncodeToString(h[:])
	var groups []string
	for i := 0; i < len(s); i += 4 {
		groups = append(groups, s[i:i+4])
	}
	return strings.Join(groups, " ")
}

// SameFingerprint compares what somebody typed with a key's fingerprint; blanks, dashes, colons and case do not matter.
func SameFingerprint(typed string, key ed25519.PublicKey) bool {
	return bare(typed) == bare(Fingerprint(key))
}

func bare(s string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "", ":", "").Replace(s))
}
