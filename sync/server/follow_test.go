package server_test

import (
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

// A desk that waits gets what another program wrote to the journal, long before its wait is over.
func TestADeskThatWaitsLearnsWhatAnotherProgramWrote(t *testing.T) {
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
	d, e := contract.NewDesk(t), contract.NewDesk(t)
	contract.Enrol(t, j, "ms", 1, d)
	contract.Enrol(t, j, "ms", 2, e)
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	centre := server.New(server.Config{Journal: j, Files: memory.NewFiles(), CA: keys.CA()})
	go func() { served <- centre.Serve(ctx, l, conf, time.Minute) }()
	ca, err := x509.ParseCertificate(keys.CA())
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(ca)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	defer transport.CloseIdleConnections()
	got := make(chan int, 1)
	go func() {
		defer close(got)
		q := protocol.PullRequest{Wait: protocol.MaxWait}.Query()
		r, err := http.NewRequestWithContext(t.Context(), "GET", "https://"+l.Addr().String()+protocol.PathPull+"?"+q, nil)
		if err != nil {
			t.Error(err)
			return
		}
		protocol.Sign(r, e.Device, e.Key, protocol.Content(nil))
		resp, err := transport.RoundTrip(r)
		if err != nil {
			t.Error(err)
			return
		}
		defer resp.Body.Close()
		p, err := protocol.DecodePull(resp.Body, record.Cursor{})
		if err != nil {
			t.Error(err)
		}
		got <- len(p.Changes)
	}()
	<-j.pulls // it has looked, and waits
	begun := time.Now()
	if _, err := j.Push(t.Context(), d.Device, contract.Lines(t, d.Write(t, 2)...)); err != nil {
		t.Fatal(err)
	}
	if n := <-got; n != 2 || time.Since(begun) > protocol.MaxWait-5*time.Second {
		t.Errorf("%d changes after %s, want 2 at once", n, time.Since(begun))
	}
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
}
