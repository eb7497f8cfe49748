package store

import (
	"encoding/hex"
	"fmt"

	"github.com/google/uuid"

	"schalter/data/record"
)

// Ids and hashes are stored as their bytes, which halves the indexes. What is not in canonical form (a
// faulty change may carry anything) is stored as the text it is, so that nothing is altered.

func packID(id record.ID) any {
	if u, err := uuid.Parse(string(id)); err == nil && u.String() == string(id) {
		return u[:]
	}
	return string(id)
}

func packHash(h record.Hash) any {
	if !h.Valid() {
		return string(h)
	}
	b, err := hex.DecodeString(string(h))
	if err != nil {
		return string(h)
	}
	return b
}

// idOf and hashOf scan what packID and packHash stored.
type (
	idOf   struct{ to *record.ID }
	hashOf struct{ to *record.Hash }
)

// Scan implements sql.Scanner.
func (s idOf) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*s.to = ""
	case string:
		*s.to = record.ID(v)
	case []byte:
		u, err := uuid.FromBytes(v)
		if err != nil {
			return err
		}
		*s.to = record.ID(u.String())
	default:
		return fmt.Errorf("store: id of type %T", v)
	}
	return nil
}

// Scan implements sql.Scanner.
func (s hashOf) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*s.to = ""
	case string:
		*s.to = record.Hash(v)
	case []byte:
		*s.to = record.Hash(hex.EncodeToString(v))
	default:
		return fmt.Errorf("store: hash of type %T", v)
	}
	return nil
}
