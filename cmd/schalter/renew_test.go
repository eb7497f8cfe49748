package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"schalter/data/record"
	"schalter/sync/protocol"
	"schalter/sync/server"
	"schalter/sync/server/filestore"
	"schalter/sync/server/litestore"
	"schalter/sync/server/tlsca"
)

// renewCmds are what the script about desks that get another identity needs.
func renewCmds() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"same-cases": sameCases, "stubborn": stubborn, "own-centre": ownCentre, "own-code": ownCode,
	}
}

// patient is a centre that lets a desk try its code as often as it likes.
type patient struct {
	journal *litestore.Store
	keys    *tlsca.Keys
	url     string
}

// patients holds the *patient of each script; scripts run side by side.
var patients sync.Map

// openCentre lets a centre for Musterstadt answer in this process until the returned function is called.
func openCentre(ctx context.Context, dir string) (p *patient, end func(), err error) {
	p = &patient{}
	if p.journal, err = litestore.Open(ctx, dir); err != nil {
		return nil, nil, err
	}
	files, err := filestore.Open(filepath.Join(dir, "files"))
	if err != nil {
		return nil, nil, err
	}
	if p.keys, err = tlsca.Open(filepath.Join(dir, "tls"), record.SystemClock); err != nil {
		return nil, nil, err
	}
	conf, err := p.keys.Config([]string{"127.0.0.1"})
	if err != nil {
		return nil, nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	p.url = "https://" + l.Addr().String()
	s := &http.Server{
		Handler:   server.New(server.Config{Journal: p.journal, Files: files, CA: p.keys.CA(), Limits: server.Limits{EnrolBurst: 1 << 20}}),
		TLSConfig: conf, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0),
	}
	go func() { _ = s.ServeTLS(l, "", "") }() // ends with Close
	err = p.journal.AddAuthority(ctx, server.Authority{Tenant: "ms", Name: "Musterstadt", Office: "MS", History: record.NewID()})
	return p, func() { _, _, _ = s.Close(), p.journal.Close(), files.Close() }, err
}

// code enrols a desk of that number.
func (p *patient) code(ctx context.Context, number int) (string, error) {
	code, err := protocol.NewEnrolCode(p.url, "ms", p.keys.CA())
	if err != nil {
		return "", err
	}
	now := record.SystemClock()
	return code.String(), p.journal.Invite(ctx, server.Invitation{
		Tenant: "ms", Number: number, Secret: record.HashOf([]byte(code.SecretText())), Centre: code.URL, Created: now, Expires: now.Add(time.Hour),
	})
}

// own-centre DIR: such a centre, until the script ends.
func ownCentre(ts *testscript.TestScript, _ bool, args []string) {
	dir := ts.MkAbs(args[0])
	ts.Check(os.Mkdir(dir, 0o700))
	p, end, err := openCentre(context.Background(), dir)
	ts.Check(err)
	ts.Defer(end)
	patients.Store(ts, p)
}

// own-code NUMBER: $CODE enrols a desk of that number.
func ownCode(ts *testscript.TestScript, _ bool, args []string) {
	v, _ := patients.Load(ts)
	number, err := strconv.Atoi(args[0])
	ts.Check(err)
	code, err := v.(*patient).code(context.Background(), number)
	ts.Check(err)
	ts.Setenv("CODE", code)
}

// same-cases DIR DIR: both desks show the same cases with the same contents.
func sameCases(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: same-cases DIR DIR")
	}
	read := func(dir string) (out []record.Case) {
		ctx := context.Background()
		h := opened(ts, dir)
		defer func() { ts.Check(h.close()) }()
		rows, _, err := h.store.Cases(ctx, record.ViewOffice, "", 0, 1000)
		ts.Check(err)
		for _, r := range rows {
			c, err := h.store.Case(ctx, r.ID)
			ts.Check(err)
			out = append(out, c)
		}
		slices.SortFunc(out, func(a, b record.Case) int { return strings.Compare(string(a.ID), string(b.ID)) })
		return out
	}
	if diff := cmp.Diff(read(args[0]), read(args[1])); diff != "" {
		ts.Fatalf("%s and %s differ:\n%s", args[0], args[1], diff)
	}
}

// saidBeforeTheEnd is what a command may have said when it is killed at closing its store.
var saidBeforeTheEnd = regexp.MustCompile(`^(enrolled|exchanged|published|already published)\b`)

// stubborn ARGS...: somebody runs schalter and it is killed at its first flush to the disk, then at the second,
// the third and so on, until it once comes to its end.
func stubborn(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: stubborn ARGS...")
	}
	step := 3
	if os.Getenv("SCHALTER_LONG") != "" {
		step = 1
	}
	for at := 1; ; at += step {
		cmd := exec.Command("strace", append([]string{
			"-f", "-qq", "-o", os.DevNull, "-e", "trace=fsync,fdatasync",
			"-e", fmt.Sprintf("inject=fsync,fdatasync:signal=KILL:when=%d", at), "schalter",
		}, args...)...)
		cmd.Dir = ts.MkAbs(".")
		cmd.Env = append(os.Environ(), "PATH="+ts.Getenv("PATH"), "SCHALTER_PASSPHRASE="+ts.Getenv("SCHALTER_PASSPHRASE"))
		out, err := cmd.CombinedOutput()
		if err == nil {
			ts.Logf("schalter %s: killed %d times", args[0], (at-1)/step)
			return
		}
		if len(out) > 0 && !saidBeforeTheEnd.Match(out) || at > 500 {
			ts.Fatalf("not killed, but: %v\n%s", err, out)
		}
	}
}

// In the window the exchange is running when the code comes: it ends, and another goes on as the new device.
func TestAForkedDeskIsEnrolledAnewInTheWindow(t *testing.T) {
	ctx, top := t.Context(), t.TempDir()
	p, end, err := openCentre(ctx, t.TempDir())
	must(t, err)
	t.Cleanup(end)
	const passphrase = "lange geheime Worte"
	h, err := create(ctx, filepath.Join(top, "desk"), "weber", passphrase)
	must(t, err)
	l := newLine(ctx, h)
	next := func(number int) string {
		code, err := p.code(ctx, number)
		must(t, err)
		return code
	}
	must(t, l.enrol(ctx, next(1)))
	l.close()
	must(t, h.close())
	must(t, os.CopyFS(filepath.Join(top, "twin"), os.DirFS(filepath.Join(top, "desk"))))
	say := func(h *house) {
		id := record.NewID()
		_, err := h.store.Submit(ctx, "", []record.Edit{{Case: id, Kind: record.KindOpen, User: "weber", Payload: record.Opened{Service: "fundsache"}}})
		must(t, err)
	}
	for _, name := range []string{"desk", "twin"} {
		h, err := unlock(ctx, filepath.Join(top, name), "", passphrase)
		must(t, err)
		t.Cleanup(func() { must(t, h.close()) })
		say(h)
		l := newLine(ctx, h)
		t.Cleanup(l.close)
		changed, stop := l.Changed()
		defer stop()
		must(t, l.connect(ctx))
		if name == "desk" {
			for l.current().Link().LastSync.IsZero() {
				<-changed
			}
			continue
		}
		for l.Link().Trouble == nil || l.Link().Trouble.Code != record.CodeForked {
			<-changed
		}
		first := l.current()
		must(t, l.enrol(ctx, next(2)))
		for l.current().Link().LastSync.IsZero() {
			<-changed
		}
		id, err := h.store.Identity(ctx)
		must(t, err)
		if n, err := h.store.Counts(ctx, ""); err != nil || n.Outbox > 0 || n.Office != 2 || id.Desk != 2 || l.current() == first {
			t.Errorf("desk %d, %+v, %v", id.Desk, n, err)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
