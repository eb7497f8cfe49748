package vault

import (
	"crypto/hkdf"
	"crypto/sha256"
	"sync"
)

const keySize = 32

// Keys is an unlocked vault's data key. Nobody sees the key itself, only keys made from it.
type Keys struct {
	mu    sync.Mutex
	key   [keySize]byte
	store [16]byte
	wiped bool
}

// StoreID names the desk's data; everything sealed is bound to it.
func (k *Keys) StoreID() [16]byte { return k.store }

// Subkey makes the key for one purpose ("pages", "blobs") with HKDF-SHA256. It panics after [Keys.Wipe]:
// going on with a key of zeros would write data that everybody can read.
func (k *Keys) Subkey(purpose string) [32]byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.wiped {
		panic("vault: keys used after they were wiped")
	}
	b, err := hkdf.Key(sha256.New, k.key[:], k.store[:], "schalter/vault/1/"+purpose, 32)
	if err != nil {
		panic("vault: " + err.Error()) // only for lengths beyond HKDF's limit
	}
	return [32]byte(b)
}

// Wipe overwrites the key in memory. Keys made from it before are their owners' to forget.
func (k *Keys) Wipe() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.key[:])
	k.wiped = true
}
