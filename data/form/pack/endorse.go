package pack

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"
)

// purpose names certificates for publishers' keys. They name no host and do not serve as a server's, so
// that a publisher cannot pass for the centre.
const purpose = "Schalter form publisher"

// Endorse makes a certificate in which a centre's authority says that a key is the publisher's of one of
// its town halls. A desk of that centre then takes the publisher's packs without being asked.
func Endorse(key ed25519.PublicKey, town string, authority *x509.Certificate, sign crypto.Signer, now time.Time) ([]byte, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	t := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: town, OrganizationalUnit: []string{purpose}},
		NotBefore: now.Add(-24 * time.Hour), NotAfter: authority.NotAfter,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning}, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, t, authority, key, sign)
	if err != nil {
		return nil, fmt.Errorf("endorse a publisher: %w", err)
	}
	return der, nil
}

// Endorsed tells whether the authority (DER) stands for the publisher's key. Clocks play no part: a pack
// stays what it is, and a desk's clock may be wrong.
func Endorsed(p Publisher, authority []byte) error {
	if len(p.Certificate) == 0 || len(authority) == 0 {
		return errors.New("the pack carries no certificate, or no authority is known here")
	}
	ca, err := x509.ParseCertificate(authority)
	if err != nil {
		return fmt.Errorf("the authority known here: %w", err)
	}
	c, err := x509.ParseCertificate(p.Certificate)
	if err != nil {
		return fmt.Errorf("the publisher's certificate: %w", err)
	}
	key, ok := c.PublicKey.(ed25519.PublicKey)
	if !ok || !bytes.Equal(key, p.Key) {
		return errors.New("the certificate is for another key")
	}
	if c.IsCA || !slices.Equal(c.Subject.OrganizationalUnit, []string{purpose}) || !slices.Equal(c.ExtKeyUsage, []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning}) {
		return errors.New("the certificate is not a publisher's")
	}
	if err := c.CheckSignatureFrom(ca); err != nil {
		return fmt.Errorf("the certificate is not of the authority known here: %w", err)
	}
	return nil
}
