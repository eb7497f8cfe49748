package profile

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"schalter/data/record"
	"schalter/data/scan"
)

// Settings keeps words under keys (the store).
type Settings interface {
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
}

// setting is where the book lies in the store.
const setting = "scan.book"

// Book is everything a desk knows about its scanners. It is a value: [Shelf] keeps it.
type Book struct {
	Profiles     []Profile         `json:"profiles,omitempty"`
	Addresses    []string          `json:"addresses,omitempty"`    // of scanners, typed by hand
	Certificates map[string]string `json:"certificates,omitempty"` // confirmed fingerprints by device
	Folders      []string          `json:"folders,omitempty"`      // watched
	Buttons      []Button          `json:"buttons,omitempty"`      // of devices that start a profile
	Last         scan.Device       `json:"last,omitzero"`          // the one used last
	Lock         *Lock             `json:"lock,omitempty"`         // nil: everybody may change things
}

// Lock keeps clerks from changing how is scanned. It holds what is needed to know the PIN again, never the
// PIN.
type Lock struct {
	Salt []byte `json:"salt"`
	Hash []byte `json:"hash"`
}

// MinPIN is the least number of characters of a PIN.
const MinPIN = 4

// NewLock makes a lock.
func NewLock(pin string) (*Lock, error) {
	if len([]rune(pin)) < MinPIN {
		return nil, record.E(record.CodeProfilePIN, errors.New("too short"))
	}
	l := &Lock{Salt: make([]byte, 16)}
	if _, err := rand.Read(l.Salt); err != nil {
		return nil, err
	}
	l.Hash = l.hash(pin)
	return l, nil
}

// Opens reports whether a PIN is the lock's.
func (l *Lock) Opens(pin string) bool {
	return l != nil && subtle.ConstantTimeCompare(l.Hash, l.hash(pin)) == 1
}

// hash takes about 50 ms, which is enough: the store that holds it is encrypted.
func (l *Lock) hash(pin string) []byte {
	return argon2.IDKey(norm.NFC.Bytes([]byte(pin)), l.Salt, 2, 32<<10, 1, 32)
}

// Profile finds a profile; the first where there is none of that id.
func (b Book) Profile(id string) Profile {
	for _, p := range b.Profiles {
		if p.ID == id {
			return p
		}
	}
	return b.Profiles[0]
}

// Shelf keeps the book. It may be used by several goroutines.
type Shelf struct {
	store Settings

	mu   sync.Mutex
	book *Book // as it was read or written last
}

// New makes a shelf in a store.
func New(store Settings) *Shelf { return &Shelf{store: store} }

// Book reads the book. What lies there and cannot be read is not thrown away: a desk that cannot read its
// profiles scans with those that came with the program until somebody saves anew.
func (s *Shelf) Book(ctx context.Context) (Book, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.read(ctx)
}

func (s *Shelf) read(ctx context.Context) (Book, error) {
	if s.book != nil {
		return s.book.clone(), nil
	}
	text, err := s.store.Setting(ctx, setting)
	if err != nil {
		return Book{Profiles: Defaults()}, err
	}
	b := parse(text)
	s.book = &b
	return b.clone(), nil
}

// parse reads a book leniently: a profile that makes no sense is left out.
func parse(text string) Book {
	var b Book
	if text != "" && json.Unmarshal([]byte(text), &b) != nil {
		b = Book{}
	}
	seen := map[string]bool{}
	b.Profiles = slices.DeleteFunc(b.Profiles, func(p Profile) bool {
		bad := p.Check() != nil || seen[p.ID]
		seen[p.ID] = true
		return bad
	})
	if len(b.Profiles) == 0 {
		b.Profiles = Defaults()
	}
	b.Profiles = b.Profiles[:min(len(b.Profiles), maxList)]
	b.loosen()
	return b
}

func (b Book) clone() Book {
	b.Profiles, b.Addresses, b.Folders = slices.Clone(b.Profiles), slices.Clone(b.Addresses), slices.Clone(b.Folders)
	b.Buttons = slices.Clone(b.Buttons)
	certificates := map[string]string{} // never nil: whoever changes a book writes into it
	maps.Copy(certificates, b.Certificates)
	b.Certificates = certificates
	return b
}

// Change changes the book as a whole; an error of change leaves it as it is. A locked book takes changes only
// from somebody who gives its PIN.
func (s *Shelf) Change(ctx context.Context, pin string, change func(b *Book) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := s.read(ctx)
	if err != nil {
		return err
	}
	switch {
	case b.Lock != nil && pin == "":
		return record.E(record.CodeProfileLocked, nil)
	case b.Lock != nil && !b.Lock.Opens(pin):
		return record.E(record.CodeProfilePIN, nil)
	}
	return s.write(ctx, b, change)
}

// Used notes the device that was used last; a lock does not forbid that.
func (s *Shelf) Used(ctx context.Context, d scan.Device) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := s.read(ctx)
	if err != nil || b.Last == d {
		return err
	}
	return s.write(ctx, b, func(b *Book) error { b.Last = d; return nil })
}

func (s *Shelf) write(ctx context.Context, b Book, change func(b *Book) error) error {
	if err := change(&b); err != nil {
		return err
	}
	if err := b.check(); err != nil {
		return err
	}
	text, err := json.Marshal(b)
	if err != nil {
		return err
	}
	if err := s.store.SetSetting(ctx, setting, string(text)); err != nil {
		return err
	}
	b = b.clone()
	s.book = &b
	return nil
}

func (b *Book) check() error {
	if len(b.Profiles) == 0 || len(b.Profiles) > maxList {
		return record.E(record.CodeProfileBad, nil, "field", "list")
	}
	seen := map[string]bool{}
	for i := range b.Profiles {
		p := &b.Profiles[i]
		p.Name = strings.TrimSpace(p.Name)
		if err := p.Check(); err != nil {
			return err
		}
		if seen[p.ID] {
			return record.E(record.CodeProfileBad, nil, "field", "id")
		}
		seen[p.ID] = true
	}
	b.loosen()
	return nil
}
