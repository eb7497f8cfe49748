package tlsca

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"schalter/data/durable"
	"schalter/data/form/pack"
)

// Publisher is the key with which the centre publishes forms for one town hall, and signs its form packs.
type Publisher struct {
	Key         ed25519.PrivateKey
	Certificate []byte // the authority's word for the key, DER
}

// Publisher reads the key of a town hall (its letters), and makes it if there is none. Like the authority,
// it stays as it is.
func (k *Keys) Publisher(tenant, town string) (p Publisher, err error) {
	if tenant == "" || strings.Trim(tenant, "abcdefghijklmnopqrstuvwxyz") != "" {
		return p, fmt.Errorf("keys: %q cannot name a town hall", tenant)
	}
	err = k.locked(func() error {
		p.Key, err = readPublisher(k.PublisherFile(tenant))
		if errors.Is(err, fs.ErrNotExist) {
			p.Key, err = makePublisher(k.PublisherFile(tenant))
		}
		return err
	})
	if err != nil {
		return Publisher{}, err
	}
	p.Certificate, err = pack.Endorse(p.Key.Public().(ed25519.PublicKey), town, k.ca, k.caKey, k.clock())
	return p, err
}

// PublisherFile is where the key of a town hall lies.
func (k *Keys) PublisherFile(tenant string) string {
	return filepath.Join(k.dir, "publisher-"+tenant+".pem")
}

// PublisherKey reads the public key of a town hall; fs.ErrNotExist if it has none.
func (k *Keys) PublisherKey(tenant string) (ed25519.PublicKey, error) {
	key, err := readPublisher(k.PublisherFile(tenant))
	if err != nil {
		return nil, err
	}
	return key.Public().(ed25519.PublicKey), nil
}

func readPublisher(path string) (ed25519.PrivateKey, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	block, _ := pem.Decode(b)
	if block == nil {
		return nil, fmt.Errorf("%s holds no key", path)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	private, ok := key.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%s is not a key of this program", path)
	}
	return private, nil
}

func makePublisher(path string) (ed25519.PrivateKey, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	b := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	return key, durable.WriteFile(path, b)
}
