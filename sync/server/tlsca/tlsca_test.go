package tlsca

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

var now = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func open(t *testing.T, dir string, at *time.Time) *Keys {
	t.Helper()
	k, err := Open(dir, func() time.Time { return *at })
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func leaf(t *testing.T, k *Keys, hosts ...string) *x509.Certificate {
	t.Helper()
	c, err := k.Config(hosts)
	if err != nil {
		t.Fatal(err)
	}
	return present(t, k, c)
}

func present(t *testing.T, k *Keys, c *tls.Config) *x509.Certificate {
	t.Helper()
	cert, err := c.GetCertificate(nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(cert.Certificate) != 2 || !bytes.Equal(cert.Certificate[1], k.CA()) {
		t.Fatal("the chain does not end in the authority, so a desk cannot pin it")
	}
	return cert.Leaf
}

func TestTheAuthorityStaysAndTheServerIsMadeAnewWhenNeeded(t *testing.T) {
	dir, at := t.TempDir(), now
	k := open(t, dir, &at)
	first := leaf(t, k, "127.0.0.1", "centre.example")
	pool := x509.NewCertPool()
	pool.AddCert(k.ca)
	for _, h := range []string{"127.0.0.1", "centre.example"} {
		if _, err := first.Verify(x509.VerifyOptions{Roots: pool, DNSName: h, CurrentTime: now}); err != nil {
			t.Error(err)
		}
	}
	if life := k.ca.NotAfter.Sub(now); life != authorityLife || k.ca.NotAfter.Year() != 2036 {
		t.Errorf("the authority ends %s", k.ca.NotAfter)
	}
	again := open(t, dir, &at)
	if !bytes.Equal(again.CA(), k.CA()) {
		t.Error("the authority changed")
	}
	if !leaf(t, again, "centre.example").Equal(first) {
		t.Error("a certificate that covers the hosts was made anew")
	}
	wider := leaf(t, again, "centre.example", "10.0.0.7")
	if wider.Equal(first) || wider.VerifyHostname("10.0.0.7") != nil {
		t.Error("the new host is not covered")
	}
	c, err := again.Config([]string{"centre.example"})
	if err != nil {
		t.Fatal(err)
	}
	at = now.Add(serverLife - renewBefore + time.Second) // the server has been running all the time
	renewed := present(t, again, c)
	if renewed.Equal(wider) || renewed.NotAfter.Before(at.Add(serverLife-time.Second)) {
		t.Errorf("near its end, the certificate runs to %s", renewed.NotAfter)
	}
	at = now.Add(authorityLife - 24*time.Hour)
	if last := present(t, again, c); last.NotAfter.After(again.ca.NotAfter) {
		t.Error("the server's certificate outlives its authority")
	}
	for _, name := range []string{"ca.pem", "server.pem"} {
		if i, err := os.Stat(filepath.Join(dir, name)); err != nil || i.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, i.Mode(), err)
		}
	}
}

func TestTwoProgramsStartingAtOnceMakeOneAuthority(t *testing.T) {
	dir, at := t.TempDir(), now
	var wg sync.WaitGroup
	cas := make([][]byte, 8)
	for i := range cas {
		wg.Go(func() {
			if k, err := Open(dir, func() time.Time { return at }); err != nil {
				t.Error(err)
			} else {
				cas[i] = k.CA()
			}
		})
	}
	wg.Wait()
	for _, ca := range cas {
		if !bytes.Equal(ca, cas[0]) {
			t.Fatal("two authorities")
		}
	}
}

func TestADamagedAuthorityIsAnErrorAndIsKept(t *testing.T) {
	dir, at := t.TempDir(), now
	path := filepath.Join(dir, "ca.pem")
	if err := os.WriteFile(path, []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, func() time.Time { return at }); err == nil {
		t.Error("no error")
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "damaged" {
		t.Error("the file was replaced")
	}
}
