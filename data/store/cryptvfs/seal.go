package cryptvfs

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"golang.org/x/crypto/xts"

	"schalter/data/vault/xaes"
)

const (
	// PageSize is the only page size there is.
	PageSize = 4096
	// Reserve is what each page gives to its tag and nonce.
	Reserve = xaes.Overhead + xaes.NonceSize

	body    = PageSize - Reserve // plain bytes of a page
	nonceAt = PageSize - xaes.NonceSize
)

// fileKind is what a file is to SQLite; it is part of what a page is sealed to.
type fileKind byte

const (
	mainFile fileKind = iota + 1
	walFile
	journalFile
)

// pageCipher is what files need of a cipher. The package has one; its tests compare with none.
type pageCipher interface {
	// seal writes the sealed form of src to dst; both are whole pages and do not overlap.
	seal(dst, src []byte, kind fileKind, pos int64)
	// open unseals a page in place and reports whether it was sealed for this place. Otherwise the page's
	// bytes are of no meaning.
	open(page []byte, kind fileKind, pos int64) bool
	// hideHeader and showHeader transform the 16 bytes of salt and checksum in a log frame's header.
	hideHeader(b []byte, pos int64)
	showHeader(b []byte, pos int64)
	// mask returns what is added to the checksum behind a sealed page of a journal.
	mask(sealed []byte) [4]byte
	// reserve is how many bytes at the end of each page must be free.
	reserve() byte
}

type sealer struct {
	aead    cipher.AEAD
	headers *xts.Cipher
	masks   cipher.Block
	id      [16]byte
}

func newSealer(key [32]byte, id [16]byte) (*sealer, error) {
	s := &sealer{id: id}
	for _, part := range []struct {
		name string
		size int
		use  func([]byte) error
	}{
		{"pages", xaes.KeySize, func(k []byte) (err error) { s.aead, err = xaes.New(k); return err }},
		{"log headers", 64, func(k []byte) (err error) { s.headers, err = xts.NewCipher(aes.NewCipher, k); return err }},
		{"journal checksums", 32, func(k []byte) (err error) { s.masks, err = aes.NewCipher(k); return err }},
	} {
		k, err := hkdf.Key(sha256.New, key[:], id[:], "schalter/cryptvfs/1/"+part.name, part.size)
		if err == nil {
			err = part.use(k)
		}
		clear(k)
		if err != nil {
			return nil, fmt.Errorf("cryptvfs: key for %s: %w", part.name, err)
		}
	}
	return s, nil
}

func (s *sealer) place(kind fileKind, pos int64) (ad [32]byte) {
	copy(ad[:], s.id[:])
	ad[16] = byte(kind)
	binary.BigEndian.PutUint64(ad[24:], uint64(pos))
	return ad
}

func (s *sealer) seal(dst, src []byte, kind fileKind, pos int64) {
	nonce := dst[nonceAt:PageSize]
	rand.Read(nonce) //nolint:errcheck // never fails: it ends the program instead
	ad := s.place(kind, pos)
	s.aead.Seal(dst[:0], nonce, src[:body], ad[:])
}

func (s *sealer) open(page []byte, kind fileKind, pos int64) bool {
	ad := s.place(kind, pos)
	_, err := s.aead.Open(page[:0], page[nonceAt:PageSize], page[:nonceAt], ad[:])
	clear(page[body:PageSize])
	return err == nil
}

func (s *sealer) hideHeader(b []byte, pos int64) { s.headers.Encrypt(b, b, uint64(pos)) }
func (s *sealer) showHeader(b []byte, pos int64) { s.headers.Decrypt(b, b, uint64(pos)) }

// mask is a keystream under the page's nonce, which is never used twice.
func (s *sealer) mask(sealed []byte) [4]byte {
	var b [aes.BlockSize]byte
	s.masks.Encrypt(b[:], sealed[nonceAt:nonceAt+aes.BlockSize])
	return [4]byte(b[:4])
}

func (*sealer) reserve() byte { return Reserve }

var zeros [PageSize]byte

// blank reports whether a page as it lies on disk was never written.
func blank(page []byte) bool { return bytes.Equal(page, zeros[:len(page)]) }
