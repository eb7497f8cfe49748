// Package record holds the words of the house: what a town hall records, and the one form in which a
// record changes.
//
// It is for every other room: a [Case] is one citizen's matter, a [Change] is the only thing that alters
// it, an [Error] is the only thing a clerk is told when something went wrong.
//
// It promises that a change keeps the bytes it was made with ([Change.Payload]), so that a newer or older
// program passes on what it does not understand, and that the hash chain of a device can be checked
// without the payload.
//
// It never opens a file, a database or a connection, never reads the wall clock by itself except through
// [SystemClock], and imports nothing but the standard library and the UUID library.
package record

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/google/uuid"
)

// ID names a case, change, document, device or draft: a UUIDv7 in canonical lower-case text.
// Ids made later on one device sort after those made earlier.
type ID string

// NewID makes an id from the system's clock and random source.
func NewID() ID {
	return ID(uuid.Must(uuid.NewV7()).String())
}

// FormCase is the id under which all versions of a form are published: a UUIDv5 over the form's id, so that
// two administrators publish to the same place.
func FormCase(form string) ID {
	return ID(uuid.NewSHA1(uuid.MustParse("5c8a17e5-0d0f-5f0e-9a54-5f5ca17e5f01"), []byte(form)).String())
}

// ParseID checks text and brings it to canonical form.
func ParseID(s string) (ID, error) {
	u, err := uuid.Parse(s)
	if err != nil {
		return "", &Error{Code: CodeBadID, Args: Args{"id": s}, Err: err}
	}
	return ID(u.String()), nil
}

// Hash is a SHA-256 sum in lower-case hexadecimal, 64 characters; empty means "none".
type Hash string

// HashOf returns the SHA-256 sum of b.
func HashOf(b []byte) Hash {
	s := sha256.Sum256(b)
	return Hash(hex.EncodeToString(s[:]))
}

// Valid reports whether h has the form of a SHA-256 sum.
func (h Hash) Valid() bool {
	if len(h) != 2*sha256.Size {
		return false
	}
	for _, c := range []byte(h) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// Clock tells the time. Rooms take it as a parameter so that tests need not wait.
type Clock func() time.Time

// SystemClock is the machine's clock.
func SystemClock() time.Time { return time.Now() }
