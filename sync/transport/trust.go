package transport

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
)

// anchor finds the certificate authority a chain must lead to among what the other side sent, or knows it
// already.
type anchor func(sent []*x509.Certificate) (*x509.Certificate, error)

// pinned trusts the one certificate authority that was stored at enrolment.
func pinned(der []byte) (anchor, error) {
	ca, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, record.E(record.CodeCentreUntrusted, fmt.Errorf("stored certificate authority: %w", err))
	}
	return func([]*x509.Certificate) (*x509.Certificate, error) { return ca, nil }, nil
}

// named trusts the certificate authority whose fingerprint the enrolment code carries. The centre sends
// it as part of its chain.
func named(code protocol.EnrolCode) anchor {
	return func(sent []*x509.Certificate) (*x509.Certificate, error) {
		for _, c := range sent {
			if code.Trusts(c.Raw) {
				return c, nil
			}
		}
		return nil, record.E(record.CodeEnrolFinger, errors.New("no certificate with the code's fingerprint was sent"))
	}
}

// trust is the TLS side: only the anchor counts, never the system's roots.
//
// A certificate that is out of date by the desk's clock is let pass here and judged by the centre's own
// date later ([inDate]), because a wrong clock of the desk must not stop the exchange.
func trust(a anchor, host string, now record.Clock) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13,
		ServerName: host,
		// The standard check would ask the system's roots and the desk's clock; VerifyConnection below
		// does all of it against the one anchor, on resumed connections too.
		InsecureSkipVerify: true, //nolint:gosec // see above
		ClientSessionCache: tls.NewLRUClientSessionCache(4),
		VerifyConnection: func(s tls.ConnectionState) error {
			return verify(a, s.PeerCertificates, host, now())
		},
	}
}

func verify(a anchor, sent []*x509.Certificate, host string, now time.Time) error {
	if len(sent) == 0 {
		return record.E(record.CodeCentreUntrusted, errors.New("no certificate"))
	}
	root, err := a(sent)
	if err != nil {
		return err
	}
	o := x509.VerifyOptions{
		DNSName: host, Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(),
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, CurrentTime: now,
	}
	o.Roots.AddCert(root)
	for _, c := range sent[1:] {
		o.Intermediates.AddCert(c)
	}
	_, err = sent[0].Verify(o)
	var invalid x509.CertificateInvalidError
	if errors.As(err, &invalid) && invalid.Reason == x509.Expired {
		// Everything but the date must hold: look from a moment inside the certificate's own time.
		o.CurrentTime = sent[0].NotBefore.Add(sent[0].NotAfter.Sub(sent[0].NotBefore) / 2)
		_, err = sent[0].Verify(o)
	}
	if err != nil {
		return record.E(record.CodeCentreUntrusted, err, "host", host)
	}
	return nil
}

// inDate tells whether the centre's certificate is valid at the time the centre itself gives.
func inDate(r *http.Response) error {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return nil
	}
	at, err := http.ParseTime(r.Header.Get("Date"))
	if err != nil {
		at = time.Time{} // a centre always says; who does not is not let off
	}
	if c := r.TLS.PeerCertificates[0]; at.Before(c.NotBefore.Add(-time.Hour)) || at.After(c.NotAfter) {
		return record.E(record.CodeCentreUntrusted,
			fmt.Errorf("certificate is valid from %s to %s, the centre's date is %q", c.NotBefore, c.NotAfter, r.Header.Get("Date")))
	}
	return nil
}

// failure turns what went wrong below HTTP into the house's words.
func failure(err error) *record.Error {
	if known, ok := errors.AsType[*record.Error](err); ok {
		return known
	}
	var (
		header  tls.RecordHeaderError
		certErr *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &header) && string(header.RecordHeader[:]) == "HTTP/", errors.Is(err, http.ErrSchemeMismatch):
		// Something that speaks plain HTTP sits where the centre should be.
		return record.E(record.CodeCaptivePortal, err)
	case errors.As(err, &header), errors.As(err, &certErr):
		return record.E(record.CodeCentreUntrusted, err)
	}
	return record.E(record.CodeOffline, err)
}

// Timeout tells whether an exchange failed because nothing moved for too long.
func Timeout(err error) bool {
	var n net.Error
	return errors.Is(err, errStalled) || errors.As(err, &n) && n.Timeout()
}
