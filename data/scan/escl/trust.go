package escl

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"

	"schalter/data/record"
)

// Trust remembers certificates that a person compared and confirmed.
type Trust interface {
	// Known is the fingerprint that was confirmed for a device: its UUID, or host:port where it has none.
	Known(device string) (fingerprint string, ok bool)
}

// Certificate is what a person is asked to confirm.
type Certificate struct {
	Device      string // under which its fingerprint is to be remembered
	Host        string // where it answered
	Fingerprint string // SHA-256 in groups of two, as devices show it
	Known       string // that was confirmed before; empty at first contact
}

// CertificateOf finds in an error of Open or Identify the certificate that a person has to confirm. It is
// remembered by letting [Trust] answer with its Fingerprint for its Device from then on.
func CertificateOf(err error) (Certificate, bool) {
	e, ok := errors.AsType[*record.Error](err)
	if !ok || e.Code != record.CodeScanCertNew && e.Code != record.CodeScanCertChanged {
		return Certificate{}, false
	}
	text := func(name string) string { s, _ := e.Args[name].(string); return s }
	if text("fingerprint") == noCertificate {
		return Certificate{}, false
	}
	return Certificate{text("device"), text("host"), text("fingerprint"), text("known")}, true
}

// noCertificate stands for the fingerprint of a device that had a certificate and now shows none. There is
// nothing to confirm.
const noCertificate = "–"

// Fingerprint is the SHA-256 of a certificate in groups of two.
func Fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	groups := make([]string, len(sum))
	for i, b := range sum {
		groups[i] = fmt.Sprintf("%02X", b)
	}
	return strings.Join(groups, ":")
}

func sameFingerprint(a, b string) bool {
	plain := strings.NewReplacer(":", "", " ", "")
	return strings.EqualFold(plain.Replace(a), plain.Replace(b))
}

// known is the fingerprint that was confirmed for the device, as the one announced or as the one typed.
func (c *client) known() (string, bool) {
	if c.opt.Trust == nil {
		return "", false
	}
	if c.uuid != "" {
		if f, ok := c.opt.Trust.Known(c.uuid); ok {
			return f, true
		}
	}
	return c.opt.Trust.Known(c.hostPort())
}

// tls checks certificates by what was confirmed: scanners sign their own, most with a name or a time that
// is wrong. What a person confirmed has to come again, byte for byte; what nobody confirmed is accepted
// only where an authority that the system knows vouches for it.
func (c *client) tls() *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true, // VerifyConnection does it
		ClientSessionCache: tls.NewLRUClientSessionCache(1),
		VerifyConnection: func(state tls.ConnectionState) error {
			leaf := state.PeerCertificates[0]
			print := Fingerprint(leaf.Raw)
			args := []any{"device", c.remembered(), "host", c.hostPort(), "fingerprint", print}
			if known, ok := c.known(); ok {
				if sameFingerprint(known, print) {
					return nil
				}
				return record.E(record.CodeScanCertChanged, nil, append(args, "known", known)...)
			}
			others := x509.NewCertPool()
			for _, cert := range state.PeerCertificates[1:] {
				others.AddCert(cert)
			}
			if _, err := leaf.Verify(x509.VerifyOptions{DNSName: c.base.Hostname(), Intermediates: others}); err != nil {
				return record.E(record.CodeScanCertNew, err, args...)
			}
			return nil
		},
	}
}

// remembered is the name under which a certificate is to be kept.
func (c *client) remembered() string {
	if c.uuid != "" {
		return c.uuid
	}
	return c.hostPort()
}

func (c *client) hostPort() string { return c.base.Host }
