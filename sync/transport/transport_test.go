package transport

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
)

// authority is a certificate authority made for a test.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t testing.TB) authority {
	return authority{}.sign(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: "test authority"}, NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(9, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	})
}

func (a authority) sign(t testing.TB, c *x509.Certificate) authority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c.SerialNumber = big.NewInt(time.Now().UnixNano())
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return authority{leaf, key}
}

// server makes a certificate for 127.0.0.1 that is valid in the given time.
func (a authority) server(t testing.TB, from, until time.Time) tls.Certificate {
	s := a.sign(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: "centre"}, NotBefore: from, NotAfter: until, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, KeyUsage: x509.KeyUsageDigitalSignature,
	})
	return tls.Certificate{Certificate: [][]byte{s.cert.Raw, a.cert.Raw}, PrivateKey: s.key}
}

func (a authority) now(t testing.TB) tls.Certificate {
	return a.server(t, time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
}

// serve answers over TLS with a certificate.
func serve(t testing.TB, c tls.Certificate, h http.Handler) string {
	s := httptest.NewUnstartedServer(h)
	s.TLS = &tls.Config{Certificates: []tls.Certificate{c}}
	s.EnableHTTP2 = true
	s.Config.ErrorLog = quiet
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL
}

func identity(t testing.TB, centre string, a authority) record.Identity {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return record.Identity{Device: record.NewID(), Centre: centre, CA: a.cert.Raw, Key: key.Seed()}
}

func client(t testing.TB, id record.Identity, o Options) *Client {
	if o.Probe == "" {
		o.Probe = "http://" + closedPort(t) + "/"
	}
	c, err := New(id, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// closedPort is an address at which nobody listens.
func closedPort(t testing.TB) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// centre answers every call as a centre does, with an empty pull.
func centre(w http.ResponseWriter, _ *http.Request) {
	protocol.SetVersion(w.Header())
	p := protocol.NewPullWriter(w)
	_ = p.End(record.Cursor{History: "h"}, false)
}

func pull(t testing.TB, c *Client) error {
	_, err := c.Pull(t.Context(), protocol.PullRequest{})
	return err
}

func TestTrust(t *testing.T) {
	ours, theirs := newAuthority(t), newAuthority(t)
	hour := time.Hour
	now := time.Now()
	tests := []struct {
		name string
		cert tls.Certificate
		desk time.Duration // the desk's clock against the true one
		want record.Code
	}{
		{"ours", ours.now(t), 0, ""},
		{"somebody else's", theirs.now(t), 0, record.CodeCentreUntrusted},
		{"another host's", tls.Certificate{Certificate: [][]byte{otherHost(t, ours).Certificate[0], ours.cert.Raw}, PrivateKey: nil}, 0, record.CodeCentreUntrusted},
		{"expired", ours.server(t, now.Add(-9*hour), now.Add(-8*hour)), 0, record.CodeCentreUntrusted},
		{"not yet valid", ours.server(t, now.Add(8*hour), now.Add(9*hour)), 0, record.CodeCentreUntrusted},
		{"desk a day ahead", ours.now(t), 24 * hour, ""},
		{"desk a day behind", ours.now(t), -24 * hour, ""},
		{"desk ten years ahead", ours.now(t), 87600 * hour, ""},
		{"desk ten years behind", ours.now(t), -87600 * hour, ""},
		{"desk ahead and somebody else's", theirs.now(t), 24 * hour, record.CodeCentreUntrusted},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cert := tt.cert
			if cert.PrivateKey == nil {
				cert = otherHost(t, ours)
			}
			c := client(t, identity(t, serve(t, cert, http.HandlerFunc(centre)), ours), Options{Clock: func() time.Time { return time.Now().Add(tt.desk) }})
			err := pull(t, c)
			if got := record.CodeOf(err); got != tt.want {
				t.Fatalf("%q, want %q: %v", got, tt.want, err)
			}
			if off := c.Ahead() - tt.desk; err == nil && off.Abs() > 5*time.Second {
				t.Errorf("clock is said to be %s ahead, is %s", c.Ahead(), tt.desk)
			}
		})
	}
}

func otherHost(t testing.TB, a authority) tls.Certificate {
	s := a.sign(t, &x509.Certificate{
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"other.example"},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	return tls.Certificate{Certificate: [][]byte{s.cert.Raw, a.cert.Raw}, PrivateKey: s.key}
}

// page is what a hotel's network answers.
func page(status int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "<html>Willkommen</html>")
	}
}

func TestCaptivePortal(t *testing.T) {
	ours, theirs := newAuthority(t), newAuthority(t)
	plain := func(h http.Handler) string {
		s := httptest.NewServer(h)
		t.Cleanup(s.Close)
		return s.URL
	}
	toLogin := page(302, "Location", "https://login.hotel.example/")
	tests := []struct {
		name          string
		centre, probe string
		want          record.Code
	}{
		{"200 HTML inside TLS", serve(t, ours.now(t), page(200)), "", record.CodeCaptivePortal},
		{"302 inside TLS", serve(t, ours.now(t), toLogin), "", record.CodeCaptivePortal},
		{"511 inside TLS", serve(t, ours.now(t), page(511)), "", record.CodeCaptivePortal},
		{"plain HTTP where TLS should be", strings.Replace(plain(page(200)), "http:", "https:", 1), "", record.CodeCaptivePortal},
		{"own certificate, 302 for all", serve(t, theirs.now(t), page(200)), plain(toLogin), record.CodeCaptivePortal},
		{"own certificate, 200 for all", serve(t, theirs.now(t), page(200)), plain(page(200)), record.CodeCaptivePortal},
		{"own certificate, 511 for all", serve(t, theirs.now(t), page(200)), plain(page(511)), record.CodeCaptivePortal},
		{"refused, 302 for all", "https://" + closedPort(t), plain(toLogin), record.CodeCaptivePortal},
		{"refused, nothing else", "https://" + closedPort(t), "", record.CodeOffline},
		{"refused, web server that sends to https", "https://" + closedPort(t), plain(page(301, "Location", "https://127.0.0.1/")), record.CodeOffline},
		{"proxy error", serve(t, ours.now(t), page(502)), "", record.CodeCentreTrouble},
		{"proxy busy", serve(t, ours.now(t), page(503)), "", record.CodeCentreBusy},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := client(t, identity(t, tt.centre, ours), Options{Probe: tt.probe})
			if err := pull(t, c); record.CodeOf(err) != tt.want {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}

func TestProxySmallerThanCentre(t *testing.T) {
	a := newAuthority(t)
	for _, h := range []http.HandlerFunc{page(413), func(w http.ResponseWriter, _ *http.Request) {
		protocol.SetVersion(w.Header())
		protocol.WriteFault(w, 413, record.E(record.CodeBlobTooLarge, nil))
	}} {
		c := client(t, identity(t, serve(t, a.now(t), h), a), Options{})
		if err := pull(t, c); !errors.Is(err, protocol.ErrTooLarge) {
			t.Errorf("413 gives %v", err)
		}
	}
}

func TestFaultsAndRetryAfter(t *testing.T) {
	a := newAuthority(t)
	c := client(t, identity(t, serve(t, a.now(t), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		protocol.SetVersion(w.Header())
		w.Header().Set("Retry-After", "7")
		protocol.WriteFault(w, 503, record.E(record.CodeCentreBusy, nil))
	})), a), Options{})
	var e *record.Error
	if err := pull(t, c); !errors.As(err, &e) || e.Code != record.CodeCentreBusy || e.Args[ArgRetryAfter] != 7 {
		t.Errorf("got %v", err)
	}
}

// TestRepeatedByTheLibrary: a nonce that was seen is no trouble, the question is asked anew.
func TestRepeatedByTheLibrary(t *testing.T) {
	a := newAuthority(t)
	seen := map[string]bool{}
	asked := 0
	c := client(t, identity(t, serve(t, a.now(t), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nonce := r.Header.Get(protocol.HeaderNonce)
		if asked++; asked%2 == 1 || seen[nonce] {
			seen[nonce] = true
			protocol.SetVersion(w.Header())
			protocol.WriteFault(w, 503, record.E(record.CodeCentreBusy, nil, "reason", "nonce"))
			return
		}
		w.Header().Set(protocol.HeaderUploadOffset, "3")
		centre(w, r)
	})), a), Options{})
	if err := pull(t, c); err != nil || asked != 2 {
		t.Errorf("pull: %v after %d questions", err, asked)
	}
	if have, _, err := c.Offset(t.Context(), record.BlobRef{Hash: record.HashOf(nil), Size: 9}); err != nil || have != 3 || asked != 4 {
		t.Errorf("offset: %d %v after %d questions", have, err, asked)
	}
}

// TestAnswersWithoutBody: HEAD can only say a status.
func TestAnswersWithoutBody(t *testing.T) {
	a := newAuthority(t)
	var status int
	c := client(t, identity(t, serve(t, a.now(t), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		protocol.SetVersion(w.Header())
		w.WriteHeader(status)
	})), a), Options{})
	for s, want := range map[int]record.Code{
		401: record.CodeDeskUnknown, 403: record.CodeDeskRevoked, 404: record.CodeBlobMissing, 426: record.CodeCentreOld,
		429: record.CodeCentreBusy, 503: record.CodeCentreBusy, 500: record.CodeCentreTrouble, 204: record.CodeCentreTrouble,
	} {
		status = s
		if _, _, err := c.Offset(t.Context(), record.BlobRef{Hash: record.HashOf(nil), Size: 9}); record.CodeOf(err) != want {
			t.Errorf("%d: %v, want %s", s, err, want)
		}
	}
}

// TestSilence: connections on which nothing comes are given up, in every place where that can be.
func TestSilence(t *testing.T) {
	a := newAuthority(t)
	never := make(chan struct{})
	mute, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mute.Close() })
	addresses := map[string]string{
		"no handshake": "https://" + mute.Addr().String(),
		"no answer":    serve(t, a.now(t), http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-never })),
		"half an answer": serve(t, a.now(t), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			protocol.SetVersion(w.Header())
			_, _ = w.Write([]byte{0x28, 0xb5})
			_ = http.NewResponseController(w).Flush()
			<-never
		})),
	}
	t.Cleanup(func() { close(never) })
	for name, address := range addresses {
		t.Run(name, func(t *testing.T) {
			c := client(t, identity(t, address, a), Options{Idle: 100 * time.Millisecond})
			err := pull(t, c)
			if record.CodeOf(err) != record.CodeOffline || !Timeout(err) {
				t.Errorf("got %v (timeout %v)", err, Timeout(err))
			}
			_, err = c.Fetch(t.Context(), record.BlobRef{Hash: record.HashOf(nil), Size: 9}, 0, io.Discard)
			if record.CodeOf(err) != record.CodeOffline || !Timeout(err) {
				t.Errorf("file: got %v (timeout %v)", err, Timeout(err))
			}
		})
	}
}

// TestSlowIsNotSilent: what moves is not cut off, though it takes much longer than the idle time.
func TestSlowIsNotSilent(t *testing.T) {
	a := newAuthority(t)
	const idle = 200 * time.Millisecond
	data := bytes.Repeat([]byte("x"), 12)
	c := client(t, identity(t, serve(t, a.now(t), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protocol.SetVersion(w.Header())
		if r.Method == http.MethodPatch {
			n, err := io.Copy(io.Discard, r.Body)
			if err != nil {
				return
			}
			w.Header().Set(protocol.HeaderUploadOffset, fmt.Sprint(n))
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(data)))
		for i := range data {
			_, _ = w.Write(data[i : i+1])
			_ = http.NewResponseController(w).Flush()
			<-time.After(idle / 4)
		}
	})), a), Options{Idle: idle})
	ref := record.BlobRef{Hash: record.HashOf(data), Size: int64(len(data))}
	var got bytes.Buffer
	if n, err := c.Fetch(t.Context(), ref, 0, &got); err != nil || n != ref.Size || got.Len() != len(data) {
		t.Errorf("slow download: %d bytes, %v", n, err)
	}
	if have, _, err := c.Send(t.Context(), ref, 0, &slowReader{bytes.NewReader(data), idle / 4}, ref.Size); err != nil || have != ref.Size {
		t.Errorf("slow upload: %d bytes, %v", have, err)
	}
}

type slowReader struct {
	r     io.Reader
	every time.Duration
}

func (s *slowReader) Read(p []byte) (int, error) {
	<-time.After(s.every)
	return s.r.Read(p[:1])
}

func TestFetchChecksWhatItGets(t *testing.T) {
	a := newAuthority(t)
	data := []byte("0123456789")
	var answer http.HandlerFunc
	c := client(t, identity(t, serve(t, a.now(t), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protocol.SetVersion(w.Header())
		answer(w, r)
	})), a), Options{})
	ref := record.BlobRef{Hash: record.HashOf(data), Size: 10}
	fetch := func(offset int64) (string, error) {
		var b bytes.Buffer
		_, err := c.Fetch(t.Context(), ref, offset, &b)
		return b.String(), err
	}
	answer = func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(data) }
	if got, err := fetch(4); got != "456789" || err != nil {
		t.Errorf("without ranges: %q %v", got, err)
	}
	answer = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Range", "bytes 2-9/10")
		w.WriteHeader(http.StatusPartialContent)
		_, _ = w.Write(data[2:])
	}
	if got, err := fetch(4); got != "" || record.CodeOf(err) != record.CodeCentreTrouble {
		t.Errorf("wrong range: %q %v", got, err)
	}
	answer = func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(data[:7]) }
	if got, err := fetch(0); got != "0123456" || record.CodeOf(err) != record.CodeHashMismatch {
		t.Errorf("short: %q %v", got, err)
	}
	answer = func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(append(data, "more"...)) }
	if got, err := fetch(0); got != "0123456789" || err != nil {
		t.Errorf("long: %q %v", got, err)
	}
	if n, err := c.Fetch(t.Context(), ref, 10, io.Discard); n != 0 || err != nil {
		t.Errorf("nothing left: %d %v", n, err)
	}
}

func TestAddressMustBeHTTPS(t *testing.T) {
	for _, s := range []string{"http://centre", "centre:8443", "", "https://", "https://u:p@centre", "https://centre/?q", "https://centre/#f", "https://[::1"} {
		id := identity(t, s, newAuthority(t))
		if _, err := New(id, Options{}); record.CodeOf(err) != record.CodeAddressBad {
			t.Errorf("%q: %v", s, err)
		}
	}
	id := identity(t, "https://centre", newAuthority(t))
	id.Key = nil
	if _, err := New(id, Options{}); record.CodeOf(err) != record.CodeNotEnrolled {
		t.Errorf("without a key: %v", err)
	}
}

func TestEndedByCaller(t *testing.T) {
	a := newAuthority(t)
	arrived, never := make(chan struct{}), make(chan struct{})
	c := client(t, identity(t, serve(t, a.now(t), http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(arrived)
		<-never
	})), a), Options{})
	t.Cleanup(func() { close(never) })
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		<-arrived
		stop()
	}()
	if _, err := c.Pull(ctx, protocol.PullRequest{Wait: protocol.MaxWait}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
