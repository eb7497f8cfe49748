package vault

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"schalter/data/durable"
	"schalter/data/record"
)

const (
	fileName = "vault.json"
	copyName = "vault.copy.json"

	format   = "schalter-vault"
	version  = 1
	maxFile  = 1 << 20
	maxSlots = 1000
)

// content is what the file holds. StoreID is 32 hexadecimal digits.
type content struct {
	StoreID string `json:"store"`
	Slots   []slot `json:"slots"`
}

// envelope tells damage from a wrong passphrase: Sum is the SHA-256 of the compact JSON of Vault. It is no
// protection against a hand that can compute it as well; that is what the slots' own seals are for.
type envelope struct {
	Format  string          `json:"format"`
	Version int             `json:"version"`
	Sum     record.Hash     `json:"sum"`
	Vault   json.RawMessage `json:"vault"`
}

func (c *content) store() (id [16]byte, err error) {
	b, err := hex.DecodeString(c.StoreID)
	if err != nil || len(b) != len(id) {
		return id, fmt.Errorf("bad store id %q", c.StoreID)
	}
	return [16]byte(b), nil
}

func encode(c *content) ([]byte, error) {
	inner, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	b, err := json.MarshalIndent(envelope{Format: format, Version: version, Sum: record.HashOf(inner), Vault: inner}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	return append(b, '\n'), nil
}

// errNewer is what a file of a later version ends in.
var errNewer = errors.New("written by a newer program")

func decode(b []byte) (*content, error) {
	var e envelope
	if err := strict(b, &e); err != nil {
		return nil, err
	}
	switch {
	case e.Format != format:
		return nil, fmt.Errorf("format %q", e.Format)
	case e.Version > version:
		return nil, errNewer
	case e.Version != version:
		return nil, fmt.Errorf("version %d", e.Version)
	}
	var inner bytes.Buffer
	if err := json.Compact(&inner, e.Vault); err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(inner.Bytes()); hex.EncodeToString(sum[:]) != string(e.Sum) {
		return nil, errors.New("checksum does not match")
	}
	c := new(content)
	if err := strict(inner.Bytes(), c); err != nil {
		return nil, err
	}
	return c, c.check()
}

func (c *content) check() error {
	if _, err := c.store(); err != nil {
		return err
	}
	if len(c.Slots) == 0 || len(c.Slots) > maxSlots {
		return fmt.Errorf("%d slots", len(c.Slots))
	}
	for i := range c.Slots {
		if err := c.Slots[i].valid(); err != nil {
			return err
		}
		if c.find(c.Slots[i].User) != i {
			return fmt.Errorf("two slots for %q", c.Slots[i].User)
		}
	}
	return nil
}

// strict decodes exactly one JSON value without fields of other versions.
func strict(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more behind the end")
	}
	return nil
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(b) > maxFile {
		err = errors.New("too large")
	}
	return b, err
}

// load reads the vault file, or its copy if the file is damaged or gone.
func load(dir string) (*content, error) {
	var first error
	for _, name := range []string{fileName, copyName} {
		b, err := readFile(filepath.Join(dir, name))
		var c *content
		if err == nil {
			c, err = decode(b)
		}
		switch {
		case err == nil:
			return c, nil
		case errors.Is(err, errNewer):
			return nil, record.E(record.CodeStoreNewer, err, "dir", dir)
		case first == nil || errors.Is(first, fs.ErrNotExist):
			first = fmt.Errorf("vault: %s: %w", name, err)
		}
	}
	if errors.Is(first, fs.ErrNotExist) {
		return nil, record.E(record.CodeStoreMissing, first, "dir", dir)
	}
	return nil, record.E(record.CodeVaultDamaged, first, "dir", dir)
}

// save replaces the copy and then the file, each whole and durably. The file counts: if only the copy could be
// written, the next start undoes it.
func save(dir string, c *content) error {
	b, err := encode(c)
	if err != nil {
		return err
	}
	for _, name := range []string{copyName, fileName} {
		if err := durable.WriteFile(filepath.Join(dir, name), b); err != nil {
			return durable.Explain("vault: save", dir, err)
		}
	}
	return nil
}
