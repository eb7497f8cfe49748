//go:build linux

package journey

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"schalter/data/record"
	"schalter/sync/server/tlsca"
)

// strangersOnTheLine: what answers at the centre's address is a sign-in page, a stranger, a centre with
// another time of day, and at last the centre itself, which has blocked the desk. The window is English.
func strangersOnTheLine(t *testing.T, w *town) {
	l := w.serve(10_000_000, 0)
	real := l.target
	code := strings.TrimSpace(w.run(w.centre, "desk", "enrol", "--authority", "MS", "--desk", "1", "--data", w.data("centre")))
	l.restore()
	w.run(w.desk, "init", "--data", w.data("desk"), "--user", "M. Weber", "--enrol", code)
	w.found("desk", "Regenschirm")
	answers := func(to string) {
		l.cut()
		l.target = strings.TrimPrefix(strings.TrimPrefix(to, "https://"), "http://")
		l.restore()
	}
	page := http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/html")
		fmt.Fprint(rw, "<html>Hotel Adler: please sign in</html>")
	})
	portal := httptest.NewServer(page)
	defer portal.Close()
	stranger := httptest.NewUnstartedServer(page)
	stranger.Config.ErrorLog = quiet
	stranger.StartTLS()
	defer stranger.Close()

	answers(portal.URL)
	one := newScreen(t, "line", 1366, 768, shots(t))
	win := w.open(one, w.data("desk"), "--lang", "en")
	win.see("Passphrase")
	win.write(w.passphrase)
	win.press("Return")
	win.see("Today", "waiting for the line")
	win.press("ctrl+6")
	win.see("This network wants you to sign in with the browser first", "Open the browser and sign in to the network", "Fundsache")
	one.keep(1, "sign-in-page")

	answers(stranger.URL)
	win.press("F5")
	win.see("The other side cannot prove that it is your centre", "Nothing was transferred", "please tell your system support at once")
	one.keep(2, "stranger")

	clock := w.otherTime(t, "https://"+real, -3*time.Hour-7*time.Minute)
	answers(clock.URL)
	win.press("F5")
	win.see("This computer's clock differs from the centre's by 3:07 h", "The exchange goes on all the same", "Outbox empty")
	one.keep(3, "wrong-clock")

	answers(real)
	w.run(w.centre, "desk", "revoke", "--authority", "MS", "--desk", "1", "--data", w.data("centre"))
	win.press("F5")
	win.see("This desk has been blocked at the centre", "What you entered stays saved here")
	one.keep(4, "blocked")
	win.press("ctrl+1")
	win.see("Regenschirm")
	win.kill()
	if out := w.run(w.desk, "verify", "--data", w.data("desk")); !strings.Contains(out, "1 cases folded") || !strings.Contains(out, "no problem found") {
		t.Error(out)
	}
}

// otherTime is the centre with its own certificate and another time of day.
func (w *town) otherTime(t *testing.T, centre string, off time.Duration) *httptest.Server {
	t.Helper()
	keys, err := tlsca.Open(w.data("centre/tls"), record.SystemClock)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(centre)
	if err != nil {
		t.Fatal(err)
	}
	p := httputil.NewSingleHostReverseProxy(u)
	p.Transport = &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // the desk judges the certificate, not this line in between
	p.ErrorLog = quiet
	p.ModifyResponse = func(r *http.Response) error {
		r.Header.Set("Date", time.Now().Add(off).UTC().Format(http.TimeFormat))
		return nil
	}
	c, err := keys.Config([]string{"127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	own, err := c.GetCertificate(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(p)
	s.Config.ErrorLog = quiet
	s.TLS = &tls.Config{Certificates: []tls.Certificate{*own}}
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

var quiet = log.New(io.Discard, "", 0)

// found submits a case with a paper at a desk whose window is not open.
func (w *town) found(name, what string) {
	w.t.Helper()
	ctx := w.t.Context()
	s, b := w.opened(w.t, name)
	defer s.Close()
	ref, err := b.Put(ctx, bytes.NewReader([]byte(what)))
	if err != nil {
		w.t.Fatal(err)
	}
	id := record.NewID()
	edit := func(kind record.Kind, payload any) record.Edit {
		return record.Edit{Case: id, Kind: kind, User: "M. Weber", Payload: payload}
	}
	_, err = s.Submit(ctx, "", []record.Edit{
		edit(record.KindOpen, record.Opened{
			Service: "fundsache", Form: record.FormRef{ID: "fundsache", Version: "1"}, Title: map[string]string{"de": "Fundsache", "en": "Fundsache"},
			Roles: map[record.Role]string{record.RoleFamily: "finder.family"},
		}),
		edit(record.KindFields, record.Fields{Groups: []record.GroupEdit{{Group: "finder", Values: record.Values{"finder.family": what}}}}),
		edit(record.KindDocument, record.DocumentAdded{Document: record.Document{
			ID: record.NewID(), Title: what, Source: record.SourceScan, MediaType: "application/pdf", Pages: 1, Shown: ref, Made: record.SystemClock(), User: "M. Weber",
		}}),
	})
	if err != nil {
		w.t.Fatal(err)
	}
}
