package vault

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"schalter/data/durable"
	"schalter/data/record"
)

// MinPassphrase is the least number of characters of a new passphrase.
const MinPassphrase = 12

const maxUser = 64 // characters

// Vault is an opened vault.json. Many goroutines may use it; two programs may not.
type Vault struct {
	dir   string
	cost  Cost
	store [16]byte

	mu sync.Mutex
	c  *content
}

// Option alters how a vault is made or opened.
type Option func(*Vault)

// WithCost sets what a guess at passphrases set from now on costs; [DefaultCost] otherwise.
func WithCost(c Cost) Option { return func(v *Vault) { v.cost = c } }

// Create makes the vault of a new desk in dir with its first user. A vault already there is
// [record.CodeStoreExists].
func Create(dir, user, passphrase string, opts ...Option) (*Vault, *Keys, error) {
	user = canonicalUser(user)
	if err := errors.Join(checkUser(user), checkPassphrase(passphrase)); err != nil {
		return nil, nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, durable.Explain("vault: create", dir, err)
	}
	for _, name := range []string{fileName, copyName} {
		if _, err := os.Lstat(filepath.Join(dir, name)); !errors.Is(err, os.ErrNotExist) {
			return nil, nil, record.E(record.CodeStoreExists, err, "dir", dir)
		}
	}
	k := new(Keys)
	rand.Read(k.key[:])   //nolint:errcheck // never fails: it ends the program instead
	rand.Read(k.store[:]) //nolint:errcheck // as above
	v := &Vault{dir: dir, cost: DefaultCost, store: k.store, c: &content{StoreID: hex.EncodeToString(k.store[:])}}
	for _, o := range opts {
		o(v)
	}
	if err := v.put(&k.key, user, passphrase); err != nil {
		k.Wipe()
		return nil, nil, err
	}
	return v, k, nil
}

// Open reads the vault in dir. None there is [record.CodeStoreMissing], an unreadable one
// [record.CodeVaultDamaged], one of a later version [record.CodeStoreNewer].
func Open(dir string, opts ...Option) (*Vault, error) {
	c, err := load(dir)
	if err != nil {
		return nil, err
	}
	v := &Vault{dir: dir, cost: DefaultCost, c: c}
	if v.store, err = c.store(); err != nil {
		return nil, record.E(record.CodeVaultDamaged, err, "dir", dir)
	}
	for _, o := range opts {
		o(v)
	}
	v.mend()
	return v, nil
}

// mend writes both files anew if they are not alike: one was damaged, or the power went between them. One
// is enough to work with, so a disk that is full or write-protected is left to those who must write.
func (v *Vault) mend() {
	a, errA := readFile(filepath.Join(v.dir, fileName))
	b, errB := readFile(filepath.Join(v.dir, copyName))
	if errA == nil && errB == nil && bytes.Equal(a, b) {
		return
	}
	_ = save(v.dir, v.c)
}

// Users lists who can unlock, in the order they were added.
func (v *Vault) Users() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	out := make([]string, len(v.c.Slots))
	for i := range v.c.Slots {
		out[i] = v.c.Slots[i].User
	}
	return out
}

// Unlock gives the keys to a user who knows the passphrase; anything else is [record.CodeWrongPassphrase].
func (v *Vault) Unlock(user, passphrase string) (*Keys, error) {
	v.mu.Lock()
	i := v.c.find(user)
	var s slot
	if i >= 0 {
		s = v.c.Slots[i]
	}
	v.mu.Unlock()
	if i < 0 {
		return nil, record.E(record.CodeWrongPassphrase, fmt.Errorf("vault: no user %q", user), "user", user)
	}
	key, err := s.unwrap(v.store, passphrase)
	if err != nil {
		return nil, record.E(record.CodeWrongPassphrase, err, "user", user)
	}
	k := &Keys{key: key, store: v.store}
	clear(key[:])
	return k, nil
}

// AddUser lets one more user unlock. Who is there already is [record.CodeUserExists].
func (v *Vault) AddUser(k *Keys, user, passphrase string) error {
	user = canonicalUser(user)
	if err := errors.Join(checkUser(user), checkPassphrase(passphrase)); err != nil {
		return err
	}
	k.mu.Lock()
	key, wiped := k.key, k.wiped
	k.mu.Unlock()
	defer clear(key[:])
	if wiped || k.store != v.store {
		return errors.New("vault: add user: these keys are not of this vault")
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.c.find(user) >= 0 {
		return record.E(record.CodeUserExists, nil, "user", user)
	}
	if len(v.c.Slots) >= maxSlots {
		return errors.New("vault: add user: the vault is full")
	}
	return v.put(&key, user, passphrase)
}

// ChangePassphrase replaces a user's passphrase. Afterwards the old one opens nothing that is still there;
// a copy of the disk made before opens with it.
func (v *Vault) ChangePassphrase(user, old, new string) error {
	if err := checkPassphrase(new); err != nil {
		return err
	}
	k, err := v.Unlock(user, old)
	if err != nil {
		return err
	}
	defer k.Wipe()
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.put(&k.key, user, new)
}

// put writes the vault with a new slot for the user, in place of the one there was.
func (v *Vault) put(key *[keySize]byte, user, passphrase string) error {
	if !v.cost.valid() {
		return fmt.Errorf("vault: impossible cost %+v", v.cost)
	}
	i := v.c.find(user)
	if i >= 0 {
		user = v.c.Slots[i].User // as it was first written
	}
	s, err := newSlot(key, v.store, user, passphrase, v.cost)
	if err != nil {
		return err
	}
	next := &content{StoreID: v.c.StoreID, Slots: append([]slot(nil), v.c.Slots...)}
	if i >= 0 {
		next.Slots[i] = s
	} else {
		next.Slots = append(next.Slots, s)
	}
	if err := save(v.dir, next); err != nil {
		return err
	}
	v.c = next
	return nil
}

// find returns the place of the user's slot or -1. Upper and lower case are the same user.
func (c *content) find(user string) int {
	user = canonicalUser(user)
	for i := range c.Slots {
		if strings.EqualFold(c.Slots[i].User, user) {
			return i
		}
	}
	return -1
}

func canonicalUser(user string) string { return norm.NFC.String(strings.TrimSpace(user)) }

func checkUser(user string) error {
	n := utf8.RuneCountInString(user)
	if n == 0 || n > maxUser || !utf8.ValidString(user) || user != canonicalUser(user) ||
		strings.ContainsFunc(user, func(r rune) bool { return !unicode.IsGraphic(r) }) {
		return record.E(record.CodeUserName, nil, "user", user, "max", maxUser)
	}
	return nil
}

func checkPassphrase(p string) error {
	if utf8.RuneCountInString(norm.NFC.String(p)) < MinPassphrase {
		return record.E(record.CodeWeakPassphrase, nil, "min", MinPassphrase)
	}
	return nil
}
