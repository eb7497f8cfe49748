package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"schalter/data/record"
	"schalter/sync/server/tlsca"
)

// faultCmds are what the scripts about faults need beyond a shell: cases without a window, and what may
// sit where a centre should be.
func faultCmds() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"refused": refused, "case": addCase, "cases": countCases, "impostor": impostor, "garble": garble,
	}
}

// refused DE EN ARGS...: the command fails in both languages with a line that begins with the sentence and
// says what to do next. Regular expressions; what was printed stays for stdout and stderr.
func refused(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: refused GERMAN ENGLISH ARGS...")
	}
	for i, lang := range []string{"de", "en"} {
		if err := ts.Exec("schalter", append([]string{"--lang", lang}, args[2:]...)...); err == nil {
			ts.Fatalf("schalter %v went well", args[2:])
		}
		line, _, _ := strings.Cut(ts.ReadFile("stderr"), "\n")
		if !regexp.MustCompile(`^` + args[i]).MatchString(line) {
			ts.Fatalf("%s: said %q, not %q", lang, line, args[i])
		}
		if strings.ContainsAny(line, "{}") || strings.Count(line, ".")+strings.Count(line, ":") < 2 {
			ts.Fatalf("%s: %q has no hint or an open place", lang, line)
		}
	}
}

func opened(ts *testscript.TestScript, dir string) *house {
	h, err := unlock(context.Background(), ts.MkAbs(dir), "", ts.Getenv("SCHALTER_PASSPHRASE"))
	ts.Check(err)
	return h
}

// case DIR NAME [KILOBYTES]: a clerk submits a case of that name at the desk, with one scanned paper.
func addCase(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: case DIR NAME [KILOBYTES]")
	}
	ctx, size := context.Background(), 40
	if len(args) > 2 {
		var err error
		size, err = strconv.Atoi(args[2])
		ts.Check(err)
	}
	h := opened(ts, args[0])
	defer func() { ts.Check(h.close()) }()
	if who, err := h.store.Identity(ctx); err == nil && who.Desk == 0 {
		who.Desk, who.Office = 1, "MS" // numbered by hand: a desk without a centre
		ts.Check(h.store.SetIdentity(ctx, who))
	}
	scan := make([]byte, size<<10)
	r := rand.NewChaCha8([32]byte{})
	_, err := r.Read(scan)
	ts.Check(err)
	copy(scan, args[1])
	ref, err := h.blobs.Put(ctx, bytes.NewReader(scan))
	ts.Check(err)
	id := record.NewID()
	edit := func(kind record.Kind, payload any) record.Edit {
		return record.Edit{Case: id, Kind: kind, User: h.user, Payload: payload}
	}
	c, err := h.store.Submit(ctx, "", []record.Edit{
		edit(record.KindOpen, record.Opened{Service: "fundsache", Form: record.FormRef{ID: "fundsache", Version: "1"}, Title: map[string]string{"de": "Fundsache"}}),
		edit(record.KindFields, record.Fields{Groups: []record.GroupEdit{{Group: "finder", Values: record.Values{"finder.family": args[1]}}}}),
		edit(record.KindDocument, record.DocumentAdded{Document: record.Document{
			ID: record.NewID(), Title: args[1], Source: record.SourceScan, MediaType: "application/pdf", Pages: 1, Shown: ref,
			Originals: []record.Original{{Name: "seite-001.jpg", MediaType: "image/jpeg", Blob: ref}}, Made: record.SystemClock(), User: h.user,
		}}),
	})
	ts.Check(err)
	ts.Logf("%s: %s", args[0], c.Number)
}

// cases DIR NAME...: the desk holds exactly these cases, each with its answers and every byte of its paper.
func countCases(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: cases DIR NAME...")
	}
	ctx := context.Background()
	h := opened(ts, args[0])
	defer func() { ts.Check(h.close()) }()
	rows, total, err := h.store.Cases(ctx, record.ViewOffice, "", 0, 100)
	ts.Check(err)
	left := map[string]bool{}
	for _, name := range args[1:] {
		left[name] = true
	}
	for _, row := range rows {
		c, err := h.store.Case(ctx, row.ID)
		ts.Check(err)
		if len(c.Documents) != 1 {
			ts.Fatalf("%s: %d papers", row.Number, len(c.Documents))
		}
		name := c.Documents[0].Title
		b, err := h.blobs.ReadAll(c.Documents[0].Shown.Hash, 1<<30)
		ts.Check(err)
		if !left[name] || !bytes.HasPrefix(b, []byte(name)) || c.Groups["finder"].Values["finder.family"] != name {
			ts.Fatalf("%s: %q was not asked for, twice there or not whole", row.Number, name)
		}
		delete(left, name)
	}
	if len(left) > 0 || total != len(args)-1 {
		ts.Fatalf("%s has %d cases; missing: %v", args[0], total, left)
	}
}

// garble FILE OFFSET LENGTH: writes noise into the middle of a file, as a dying disk does.
func garble(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: garble FILE OFFSET LENGTH")
	}
	at, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	files, err := filepath.Glob(ts.MkAbs(args[0]))
	ts.Check(err)
	if len(files) == 0 {
		ts.Fatalf("no file %s", args[0])
	}
	f, err := os.OpenFile(files[0], os.O_WRONLY, 0)
	ts.Check(err)
	noise := make([]byte, n)
	_, err = rand.NewChaCha8([32]byte{1}).Read(noise)
	ts.Check(err)
	_, err = f.WriteAt(noise, at)
	ts.Check(errors.Join(err, f.Close()))
}

// impostor KIND ADDRESS ...: from now on something else answers at the address, in place of the one before.
//
//	other-ca ADDRESS                      a machine with a certificate of its own
//	tls-portal ADDRESS                    a sign-in page with a certificate of its own; plain HTTP gets it, too
//	portal ADDRESS STATUS                 a sign-in page in plain HTTP
//	clock ADDRESS DURATION KEYS BEHIND    the real centre with another time of day
//	stop ADDRESS                          nobody
func impostor(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: impostor KIND ADDRESS ...")
	}
	address := strings.TrimPrefix(args[1], "https://")
	page := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			if status/100 == 3 {
				w.Header().Set("Location", "http://anmeldung.hotel.example/")
			}
			w.WriteHeader(status)
			fmt.Fprint(w, "<html><title>Willkommen</title>Bitte anmelden</html>")
		}
	}
	host, _, err := net.SplitHostPort(address)
	ts.Check(err)
	leave(ts)
	switch args[0] {
	case "stop":
	case "other-ca":
		answer(ts, address, filepath.Join(ts.MkAbs("."), "other-ca"), page(http.StatusOK))
	case "tls-portal":
		answer(ts, address, filepath.Join(ts.MkAbs("."), "other-ca"), page(http.StatusOK))
		answer(ts, net.JoinHostPort(host, "80"), "", page(http.StatusFound))
	case "portal":
		status, err := strconv.Atoi(args[2])
		ts.Check(err)
		answer(ts, address, "", page(status))
	case "clock":
		off, err := time.ParseDuration(args[2])
		ts.Check(err)
		behind, err := url.Parse(args[4])
		ts.Check(err)
		p := httputil.NewSingleHostReverseProxy(behind)
		p.Transport = &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // the desk judges the certificate, not this line in between
		p.ModifyResponse = func(r *http.Response) error {
			r.Header.Set("Date", time.Now().Add(off).UTC().Format(http.TimeFormat))
			return nil
		}
		answer(ts, address, ts.MkAbs(args[3]), p)
	default:
		ts.Fatalf("no impostor %s", args[0])
	}
}

// listen takes an address that somebody has just left. A program that is being started at this moment may still hold
// a copy of the socket that was closed, until it has begun.
func listen(ts *testscript.TestScript, address string) net.Listener {
	for end := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
		l, err := net.Listen("tcp", address)
		if err == nil {
			return l
		}
		if !errors.Is(err, syscall.EADDRINUSE) || time.Now().After(end) {
			ts.Fatalf("%v", err)
		}
	}
}

// answer serves at an address until the script ends, with TLS if there is a folder for the keys.
func answer(ts *testscript.TestScript, address, keys string, h http.Handler) {
	l := listen(ts, address)
	s := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0)}
	serve := s.Serve
	if keys != "" {
		host, _, err := net.SplitHostPort(address)
		ts.Check(err)
		k, err := tlsca.Open(keys, record.SystemClock)
		ts.Check(err)
		s.TLSConfig, err = k.Config([]string{host})
		ts.Check(err)
		serve = func(l net.Listener) error { return s.ServeTLS(l, "", "") }
	}
	go func() { _ = serve(l) }()
	ts.Defer(func() { _ = s.Close() })
	standing, _ := ts.Value(standingKey{}).(*[]*http.Server)
	*standing = append(*standing, s)
}

type standingKey struct{}

// leave ends whoever answers for this script.
func leave(ts *testscript.TestScript) {
	standing, _ := ts.Value(standingKey{}).(*[]*http.Server)
	for _, s := range *standing {
		_ = s.Close()
	}
	*standing = nil
}
