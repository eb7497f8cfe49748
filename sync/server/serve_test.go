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

// TestServeEndsLongPollsWhenItIsStopped runs the whole server: TLS, HTTP/2, and the end of it.
func TestServeEndsLongPollsWhenItIsStopped(t *testing.T) {
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
	j := &watched{memory.NewJournal(), make(chan struct{}, 1)}
	contract.AddAuthority(t, j, "Musterstadt", "MS", "ms")
	d := contract.NewDesk(t)
	contract.Enrol(t, j, "ms", 1, d)
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	later := contract.Now.Add(time.Hour)
	centre := server.New(server.Config{Journal: j, Files: memory.NewFiles(), CA: keys.CA(), Clock: func() time.Time { return later }})
	go func() { served <- centre.Serve(ctx, l, conf, time.Minute) }()

	ca, err := x509.ParseCertificate(keys.CA())
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(ca)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	polled := make(chan error, 1)
	go func() {
		r, err := http.NewRequestWithContext(t.Context(), "GET", "https://"+l.Addr().String()+protocol.PathPull+"?wait=25", nil)
		if err != nil {
			polled <- err
			return
		}
		protocol.Sign(r, d.Device, d.Key, protocol.Content(nil))
		resp, err := transport.RoundTrip(r)
		if err == nil {
			defer resp.Body.Close()
			if resp.ProtoMajor != 2 {
				t.Errorf("spoke %s", resp.Proto)
			}
			_, err = protocol.DecodePull(resp.Body, record.Cursor{})
		}
		polled <- err
	}()
	select {
	case <-j.pulls: // it waits
	case err := <-polled:
		t.Fatal(err)
	}
	stop()
	if err := <-polled; err != nil {
		t.Errorf("the poll ended with %v instead of an answer", err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
	if got, err := j.Desk(t.Context(), d.Device); err != nil || !got.Seen.Equal(later) {
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
