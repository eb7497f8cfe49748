package server_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"testing"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
	"schalter/sync/server"
	"schalter/sync/server/contract"
	"schalter/sync/server/memory"
	"schalter/sync/server/tlsca"
)

// whole is a whole server: TLS, HTTP/2, and the end of it.
type whole struct {
	journal   *watched
	transport *http.Transport
	url       string
	end       func() error // stops it and waits for its end
}

func serve(t *testing.T, clock record.Clock) whole {
	t.Helper()
	keys, err := tlsca.Open(t.TempDir(), record.SystemClock)
	if err != nil {
		t.Fatal(err)
	}
	conf, err := keys.Config([]string{"127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ca, err := x509.ParseCertificate(keys.CA())
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(ca)
	x := whole{
		journal: &watched{memory.NewJournal(), make(chan struct{}, 1)}, url: "https://" + l.Addr().String(),
		transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true},
	}
	t.Cleanup(x.transport.CloseIdleConnections)
	contract.AddAuthority(t, x.journal, "Musterstadt", "MS", "ms")
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	centre := server.New(server.Config{Journal: x.journal, Files: memory.NewFiles(), CA: keys.CA(), Clock: clock})
	go func() { served <- centre.Serve(ctx, l, conf, time.Minute) }()
	x.end = func() error {
		stop()
		return <-served
	}
	return x
}

// poll waits for changes as a desk does.
func (x whole) poll(t *testing.T, d *contract.Desk) (protocol.Pulled, error) {
	q := protocol.PullRequest{Wait: protocol.MaxWait}.Query()
	r, err := http.NewRequestWithContext(t.Context(), "GET", x.url+protocol.PathPull+"?"+q, nil)
	if err != nil {
		return protocol.Pulled{}, err
	}
	protocol.Sign(r, d.Device, d.Key, protocol.Content(nil))
	resp, err := x.transport.RoundTrip(r)
	if err != nil {
		return protocol.Pulled{}, err
	}
	defer resp.Body.Close()
	if resp.ProtoMajor != 2 {
		t.Errorf("spoke %s", resp.Proto)
	}
	return protocol.DecodePull(resp.Body, record.Cursor{})
}

func TestServeEndsLongPollsWhenItIsStopped(t *testing.T) {
	later := contract.Now.Add(time.Hour)
	x := serve(t, func() time.Time { return later })
	d := contract.NewDesk(t)
	contract.Enrol(t, x.journal, "ms", 1, d)
	polled := make(chan error, 1)
	go func() {
		_, err := x.poll(t, d)
		polled <- err
	}()
	select {
	case <-x.journal.pulls: // it waits
	case err := <-polled:
		t.Fatal(err)
	}
	if err := x.end(); err != nil {
		t.Error(err)
	}
	if err := <-polled; err != nil {
		t.Errorf("the poll ended with %v instead of an answer", err)
	}
	if got, err := x.journal.Desk(t.Context(), d.Device); err != nil || !got.Seen.Equal(later) {
		t.Errorf("last seen %s, want %s: %v", got.Seen, later, err)
	}
}

func TestVerifyFilesFindsWhatIsNotItsHash(t *testing.T) {
	files := memory.NewFiles()
	for _, s := range []string{"one", "two"} {
		if _, err := files.Append(t.Context(), "ms", record.HashOf([]byte(s)), 0, 3, bytes.NewReader([]byte(s))); err != nil {
			t.Fatal(err)
		}
	}
	spoilt := spoiling{files, record.HashOf([]byte("two"))}
	var bad []record.Hash
	n, size, err := server.VerifyFiles(t.Context(), spoilt, "ms", func(h record.Hash, err error) {
		if record.CodeOf(err) == record.CodeBlobDamaged {
			bad = append(bad, h)
		}
	})
	if n != 2 || size != 6 || err != nil || len(bad) != 1 || bad[0] != spoilt.hash {
		t.Error(n, size, err, bad)
	}
}

// spoiling hands out the wrong bytes for one hash, as a failing disk does.
type spoiling struct {
	server.Files
	hash record.Hash
}

type wrongFile struct{ *bytes.Reader }

func (wrongFile) Close() error { return nil }

func (s spoiling) Open(ctx context.Context, tenant string, h record.Hash) (server.File, int64, error) {
	if h == s.hash {
		return wrongFile{bytes.NewReader([]byte("twq"))}, 3, nil
	}
	return s.Files.Open(ctx, tenant, h)
}
