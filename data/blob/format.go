package blob

import (
	"bytes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"

	"schalter/data/record"
	"schalter/data/vault/xaes"
)

// Sizes in bytes.
const (
	chunkSize  = 64 << 10
	tagSize    = xaes.Overhead
	prefixSize = 16

	sealedHeader = sha256.Size + 8 + tagSize
	headerSize   = len(magic) + prefixSize + sealedHeader
)

// magic begins every file; its last byte is the version.
const magic = "SchBlob\x01"

// maxSize is what a file can have so that no length overflows. Disks end long before.
const maxSize = math.MaxInt64 / 2

// headerIndex is the place of the header among the chunks' nonces; no file has so many chunks.
const headerIndex = math.MaxUint64

// keys are what a store's key becomes.
type keys struct {
	aead  cipher.AEAD
	names [32]byte
}

func deriveKeys(key [32]byte) (k keys, err error) {
	content, err := hkdf.Key(sha256.New, key[:], nil, "schalter/blob/1/content", xaes.KeySize)
	if err != nil {
		return k, fmt.Errorf("blob: %w", err)
	}
	defer clear(content)
	names, err := hkdf.Key(sha256.New, key[:], nil, "schalter/blob/1/names", len(k.names))
	if err != nil {
		return k, fmt.Errorf("blob: %w", err)
	}
	defer clear(names)
	copy(k.names[:], names)
	k.aead, err = xaes.New(content)
	return k, err
}

// name is what the file of a hash is called: it tells nothing to who has no key, not even by comparing with
// the hashes of known files.
func (k *keys) name(h record.Hash) string {
	m := hmac.New(sha256.New, k.names[:])
	m.Write([]byte(h))
	return hex.EncodeToString(m.Sum(nil))
}

// sealing seals and opens the parts of one file.
type sealing struct {
	aead   cipher.AEAD
	prefix [prefixSize]byte
}

func (k *keys) newSealing() sealing {
	s := sealing{aead: k.aead}
	rand.Read(s.prefix[:]) //nolint:errcheck // never fails: it ends the program instead
	return s
}

func (s *sealing) nonce(index uint64) []byte {
	n := make([]byte, 0, xaes.NonceSize)
	return binary.BigEndian.AppendUint64(append(n, s.prefix[:]...), index)
}

// bound is the additional data of a part: what it is, whether it is the last chunk, and its index.
func bound(index uint64, last bool) []byte {
	b := append(make([]byte, 0, len(magic)+9), magic...)
	if last {
		b = append(b, 1)
	} else {
		b = append(b, 0)
	}
	return binary.BigEndian.AppendUint64(b, index)
}

// sealChunk appends the sealed chunk to dst.
func (s *sealing) sealChunk(dst, plain []byte, index uint64, last bool) []byte {
	return s.aead.Seal(dst, s.nonce(index), plain, bound(index, last))
}

// openChunk opens a sealed chunk in place.
func (s *sealing) openChunk(sealed []byte, index uint64, last bool) ([]byte, error) {
	return s.aead.Open(sealed[:0], s.nonce(index), sealed, bound(index, last))
}

// header is what a file's first bytes say.
func (s *sealing) header(ref record.BlobRef) ([]byte, error) {
	sum, err := hex.DecodeString(string(ref.Hash))
	if err != nil || len(sum) != sha256.Size || ref.Size < 0 || ref.Size > maxSize {
		return nil, fmt.Errorf("blob: no such reference: %q, %d bytes", ref.Hash, ref.Size)
	}
	b := append(make([]byte, 0, headerSize), magic...)
	b = append(b, s.prefix[:]...)
	plain := binary.BigEndian.AppendUint64(sum, uint64(ref.Size))
	return s.aead.Seal(b, s.nonce(headerIndex), plain, bound(headerIndex, false)), nil
}

var errHeader = errors.New("not a header of ours")

// openHeader reads a file's first headerSize bytes.
func (k *keys) openHeader(b []byte) (s sealing, ref record.BlobRef, err error) {
	if len(b) != headerSize || !bytes.HasPrefix(b, []byte(magic)) {
		return s, ref, errHeader
	}
	s.aead = k.aead
	b = b[len(magic):]
	copy(s.prefix[:], b)
	plain, err := k.aead.Open(nil, s.nonce(headerIndex), b[prefixSize:], bound(headerIndex, false))
	if err != nil {
		return s, ref, errHeader
	}
	return parseHeader(s, plain)
}

func parseHeader(s sealing, plain []byte) (sealing, record.BlobRef, error) {
	if len(plain) != sha256.Size+8 {
		return s, record.BlobRef{}, errHeader
	}
	size := binary.BigEndian.Uint64(plain[sha256.Size:])
	if size > maxSize {
		return s, record.BlobRef{}, errHeader
	}
	return s, record.BlobRef{Hash: record.Hash(hex.EncodeToString(plain[:sha256.Size])), Size: int64(size)}, nil
}

// chunks is how many chunks a content of size bytes has; an empty one has one.
func chunks(size int64) int64 { return max(1, (size+chunkSize-1)/chunkSize) }

// chunkLen is how many bytes of content chunk i has.
func chunkLen(size, i int64) int { return int(min(chunkSize, size-i*chunkSize)) }

// chunkAt is where chunk i begins in the file.
func chunkAt(i int64) int64 { return int64(headerSize) + i*(chunkSize+tagSize) }

// fileSize is how long the sealed file is.
func fileSize(size int64) int64 { return int64(headerSize) + size + chunks(size)*tagSize }
