package vault

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"schalter/data/vault/xaes"
)

// Cost is what one guess at a passphrase costs: the parameters of Argon2id.
type Cost struct {
	Time    uint32 `json:"time"`       // passes
	Memory  uint32 `json:"memory_kib"` // KiB
	Threads uint8  `json:"threads"`
}

// DefaultCost is RFC 9106's second recommendation: about a quarter of a second on an office PC.
var DefaultCost = Cost{Time: 3, Memory: 64 << 10, Threads: 4}

// The most a file may ask for, so that a tampered one cannot exhaust the machine.
const (
	maxTime   = 64
	maxMemory = 1 << 20 // 1 GiB
)

func (c Cost) valid() bool {
	return c.Time >= 1 && c.Time <= maxTime && c.Threads >= 1 &&
		c.Memory >= 8*uint32(c.Threads) && c.Memory <= maxMemory
}

const (
	slotKind = "argon2id"
	saltSize = 16
)

// slot is the data key wrapped for one user.
type slot struct {
	User  string `json:"user"`
	Kind  string `json:"kind"`
	Cost  Cost   `json:"cost"`
	Salt  []byte `json:"salt"`
	Nonce []byte `json:"nonce"`
	Key   []byte `json:"key"`
}

func (s *slot) valid() error {
	switch {
	case s.Kind != slotKind:
		return fmt.Errorf("unknown kind of slot %q", s.Kind)
	case checkUser(s.User) != nil:
		return errors.New("a slot without a proper user")
	case !s.Cost.valid():
		return fmt.Errorf("impossible cost %+v", s.Cost)
	case len(s.Salt) != saltSize || len(s.Nonce) != xaes.NonceSize || len(s.Key) != keySize+xaes.Overhead:
		return errors.New("a slot of wrong size")
	}
	return nil
}

// bound is what the wrapped key is authenticated with besides the passphrase.
func (s *slot) bound(store [16]byte) []byte {
	b := append([]byte("schalter/vault/1/slot\x00"), store[:]...)
	b = binary.BigEndian.AppendUint32(b, s.Cost.Time)
	b = binary.BigEndian.AppendUint32(b, s.Cost.Memory)
	b = append(b, s.Cost.Threads)
	b = append(b, s.Salt...)
	return append(b, s.User...)
}

// wrapping makes the key that wraps the data key. Passphrases are compared in NFC, so that an umlaut typed
// on another keyboard is the same umlaut (RFC 8265, section 4.2).
func (s *slot) wrapping(passphrase string) []byte {
	return argon2.IDKey(norm.NFC.Bytes([]byte(passphrase)), s.Salt, s.Cost.Time, s.Cost.Memory, s.Cost.Threads, xaes.KeySize)
}

func newSlot(key *[keySize]byte, store [16]byte, user, passphrase string, cost Cost) (slot, error) {
	s := slot{User: user, Kind: slotKind, Cost: cost, Salt: make([]byte, saltSize), Nonce: make([]byte, xaes.NonceSize)}
	rand.Read(s.Salt)  //nolint:errcheck // never fails: it ends the program instead
	rand.Read(s.Nonce) //nolint:errcheck // as above
	w := s.wrapping(passphrase)
	defer clear(w)
	a, err := xaes.New(w)
	if err != nil {
		return slot{}, err
	}
	s.Key = a.Seal(nil, s.Nonce, key[:], s.bound(store))
	return s, nil
}

// unwrap returns the data key, or an error if the passphrase is not the slot's.
func (s *slot) unwrap(store [16]byte, passphrase string) (key [keySize]byte, err error) {
	w := s.wrapping(passphrase)
	defer clear(w)
	a, err := xaes.New(w)
	if err != nil {
		return key, err
	}
	_, err = a.Open(key[:0], s.Nonce, s.Key, s.bound(store))
	return key, err
}
