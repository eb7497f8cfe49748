// Package tlsca gives a centre its own certificate authority and server certificate.
//
// It is for schalterd: desks pin the authority's fingerprint at enrolment, so no public authority, no
// domain name and no line to the internet is needed.
//
// It promises that the authority is made once and then stays (ECDSA P-256, 10 years), that the server
// certificate covers the asked hosts and is made anew before it ends, also while the server runs, and that
// several programs may open one directory at the same time.
//
// It never lets a key leave the directory and never replaces an authority that is there.
package tlsca

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"schalter/data/durable"
	"schalter/data/record"
)

const (
	authorityLife = 10 * 365 * 24 * time.Hour
	serverLife    = 365 * 24 * time.Hour
	renewBefore   = 60 * 24 * time.Hour
	// Desks' clocks are wrong more often than not; certificates begin a day early.
	backdate = 24 * time.Hour
)

// Keys is an open directory of keys.
type Keys struct {
	dir   string
	clock record.Clock
	ca    *x509.Certificate
	caKey *ecdsa.PrivateKey

	mu     sync.Mutex
	server *tls.Certificate
	hosts  []string
}

// Open reads the authority in dir, and makes it if there is none.
func Open(dir string, clock record.Clock) (*Keys, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	k := &Keys{dir: dir, clock: clock}
	err := k.locked(func() error {
		cert, err := k.load("ca")
		if errors.Is(err, fs.ErrNotExist) {
			cert, err = k.makeAuthority()
		}
		if err != nil {
			return err
		}
		key, ok := cert.PrivateKey.(*ecdsa.PrivateKey)
		if !ok || !cert.Leaf.IsCA {
			return fmt.Errorf("%s is not a certificate authority of this program", filepath.Join(dir, "ca.pem"))
		}
		k.ca, k.caKey = cert.Leaf, key
		return nil
	})
	if err != nil {
		return nil, err
	}
	return k, nil
}

// locked keeps other programs out while f works on the files.
func (k *Keys) locked(f func() error) (err error) {
	l := flock.New(filepath.Join(k.dir, "lock"))
	if err := l.Lock(); err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	defer func() { err = errors.Join(err, l.Unlock()) }()
	return f()
}

// CA is the authority's certificate in DER.
func (k *Keys) CA() []byte { return k.ca.Raw }

// Config serves TLS for the hosts (names or addresses). The certificate is made anew when it nears its
// end or does not cover the hosts.
func (k *Keys) Config(hosts []string) (*tls.Config, error) {
	hosts = slices.Clone(hosts)
	slices.Sort(hosts)
	k.hosts = slices.Compact(hosts)
	if _, err := k.certificate(); err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return k.certificate() },
	}, nil
}

func (k *Keys) certificate() (*tls.Certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.server != nil && k.good(k.server) {
		return k.server, nil
	}
	err := k.locked(func() error {
		cert, err := k.load("server")
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err != nil || !k.good(&cert) {
			if cert, err = k.makeServer(); err != nil {
				return err
			}
		}
		k.server = &cert
		return nil
	})
	return k.server, err
}

// good tells whether a server certificate is ours, covers the hosts and does not end soon.
func (k *Keys) good(c *tls.Certificate) bool {
	now := k.clock()
	if c.Leaf.CheckSignatureFrom(k.ca) != nil || now.Before(c.Leaf.NotBefore) || now.Add(renewBefore).After(c.Leaf.NotAfter) {
		return false
	}
	for _, h := range k.hosts {
		if c.Leaf.VerifyHostname(h) != nil {
			return false
		}
	}
	return true
}

func (k *Keys) makeAuthority() (tls.Certificate, error) {
	t, err := k.template("Schalter centre", authorityLife)
	if err != nil {
		return tls.Certificate{}, err
	}
	t.IsCA, t.BasicConstraintsValid, t.MaxPathLenZero = true, true, true
	t.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	return k.issue("ca", t, nil, nil)
}

func (k *Keys) makeServer() (tls.Certificate, error) {
	t, err := k.template("Schalter centre, server", serverLife)
	if err != nil {
		return tls.Certificate{}, err
	}
	if t.NotAfter.After(k.ca.NotAfter) {
		t.NotAfter = k.ca.NotAfter
	}
	t.KeyUsage, t.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	for _, h := range k.hosts {
		if ip := net.ParseIP(h); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else {
			t.DNSNames = append(t.DNSNames, h)
		}
	}
	return k.issue("server", t, k.ca, k.caKey)
}

func (k *Keys) template(name string, life time.Duration) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	now := k.clock()
	return &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name},
		NotBefore: now.Add(-backdate), NotAfter: now.Add(life),
	}, nil
}

// issue makes a key and a certificate and writes them. Without a parent it signs itself.
func (k *Keys) issue(name string, t, parent *x509.Certificate, parentKey *ecdsa.PrivateKey) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("keys: %w", err)
	}
	if parent == nil {
		parent, parentKey = t, key
	}
	der, err := x509.CreateCertificate(rand.Reader, t, parent, &key.PublicKey, parentKey)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make certificate %s: %w", name, err)
	}
	pkcs, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make certificate %s: %w", name, err)
	}
	// One file, so that key and certificate can never belong to different makings.
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	if parent != t {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: parent.Raw})...)
	}
	text = append(text, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs})...)
	if err := durable.WriteFile(filepath.Join(k.dir, name+".pem"), text); err != nil {
		return tls.Certificate{}, durable.Explain("keys", k.dir, err)
	}
	return k.load(name)
}

func (k *Keys) load(name string) (tls.Certificate, error) {
	path := filepath.Join(k.dir, name+".pem")
	b, err := os.ReadFile(path)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("keys: %w", err)
	}
	c, err := tls.X509KeyPair(b, b)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}
