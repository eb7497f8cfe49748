// Package xaes is XAES-256-GCM, the one authenticated cipher of this house.
//
// It is for everything that is sealed at rest: database pages (data/store/cryptvfs), files (data/blob) and
// wrapped keys (data/vault). The algorithm is the C2SP specification of that name, built from the standard
// library's AES alone: a key per nonce is derived with AES-CMAC, so that random 24-byte nonces may be used
// for as many messages as a town hall will ever write.
//
// It promises what cipher.AEAD promises: an altered ciphertext, nonce or additional text is an error and
// yields no plaintext. It never chooses a nonce and never keeps a message.
package xaes

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
)

// Sizes in bytes.
const (
	KeySize   = 32
	NonceSize = 24
	Overhead  = 16
)

// half is how many bytes of the nonce choose the derived key; the rest is the nonce of AES-GCM.
const half = 12

type aead struct {
	block cipher.Block
	k1    [aes.BlockSize]byte // CMAC subkey
}

// New returns XAES-256-GCM under a key of [KeySize] bytes. It may be used by many goroutines.
func New(key []byte) (cipher.AEAD, error) {
	if len(key) != KeySize {
		return nil, fmt.Errorf("xaes: a key has %d bytes, not %d", KeySize, len(key))
	}
	b, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("xaes: %w", err)
	}
	a := &aead{block: b}
	b.Encrypt(a.k1[:], a.k1[:])
	var carry byte
	for i := len(a.k1) - 1; i >= 0; i-- {
		carry, a.k1[i] = a.k1[i]>>7, a.k1[i]<<1|carry
	}
	a.k1[aes.BlockSize-1] ^= carry * 0b10000111
	return a, nil
}

func (*aead) NonceSize() int { return NonceSize }
func (*aead) Overhead() int  { return Overhead }

// derive is the counter-mode KDF of NIST SP 800-108r1 over AES-CMAC with the label "X", fixed to two blocks.
func (a *aead) derive(nonce []byte) (cipher.AEAD, error) {
	var key [KeySize]byte
	for i := range 2 {
		k := key[i*aes.BlockSize : (i+1)*aes.BlockSize]
		k[1], k[2] = byte(i+1), 'X'
		copy(k[4:], nonce[:half])
		for j := range k {
			k[j] ^= a.k1[j]
		}
		a.block.Encrypt(k, k)
	}
	b, err := aes.NewCipher(key[:])
	clear(key[:])
	if err != nil {
		return nil, fmt.Errorf("xaes: %w", err)
	}
	g, err := cipher.NewGCM(b)
	if err != nil {
		return nil, fmt.Errorf("xaes: %w", err)
	}
	return g, nil
}

// Seal panics on a nonce of the wrong size, as the standard library's ciphers do.
func (a *aead) Seal(dst, nonce, plaintext, additional []byte) []byte {
	if len(nonce) != NonceSize {
		panic("xaes: wrong nonce size")
	}
	g, err := a.derive(nonce)
	if err != nil {
		panic(err) // a 32-byte key never fails
	}
	return g.Seal(dst, nonce[half:], plaintext, additional)
}

var errOpen = errors.New("xaes: message authentication failed")

func (a *aead) Open(dst, nonce, ciphertext, additional []byte) ([]byte, error) {
	if len(nonce) != NonceSize {
		return nil, errOpen
	}
	g, err := a.derive(nonce)
	if err != nil {
		return nil, err
	}
	out, err := g.Open(dst, nonce[half:], ciphertext, additional)
	if err != nil {
		return nil, errOpen
	}
	return out, nil
}
