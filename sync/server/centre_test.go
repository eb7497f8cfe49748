package server_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
	"schalter/sync/server"
	"schalter/sync/server/contract"
)

func TestStatusTellsThatACentreAnswersAndNothingElse(t *testing.T) {
	x := newFixture(t)
	r := x.send(x.request(nil, "GET", protocol.PathStatus, nil))
	if string(r.body) != `{"schalter":"centre"}` || r.Header.Get("Date") == "" || r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v %s", r.Header, r.body)
	}
	if _, err := protocol.Spoken(r.Header); err != nil {
		t.Error(err)
	}
	if r := x.send(x.request(nil, "GET", "/healthz", nil)); r.StatusCode != 200 {
		t.Error(r.Status)
	}
	for _, path := range []string{"/", "/v1/snapshot", "/v2/push"} {
		if r := x.send(x.request(x.d, "GET", path, nil)); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
}

func TestChangesGoFromDeskToDesk(t *testing.T) {
	x := newFixture(t)
	sent := x.d.Write(t, 3)
	r := x.push(x.d, sent...)
	var a protocol.PushAnswer
	if err := json.Unmarshal(r.body, &a); err != nil || r.StatusCode != 200 {
		t.Fatal(r.Status, err)
	}
	if placed, rejected, err := a.Match(sent); err != nil || len(placed) != 3 || len(rejected) != 0 || a.Expect != 4 {
		t.Fatalf("%+v %v", a, err)
	}
	got, r := x.pull(x.e, protocol.PullRequest{})
	if len(got.Changes) != 3 || got.More || got.Changes[2].Change.Hash() != sent[2].Hash() || got.Next.Seq != 3 {
		t.Fatalf("%+v", got)
	}
	if r.Header.Get("Content-Encoding") != "zstd" || r.Header.Get("Cache-Control") != "no-store" || r.ContentLength <= 0 {
		t.Errorf("%v", r.Header)
	}
	own, _ := x.pull(x.d, protocol.PullRequest{})
	if len(own.Changes) != 3 || !protocol.IsStub(own.Changes[0].Change) || own.Next != got.Next {
		t.Errorf("%+v", own)
	}
	full, _ := x.pull(x.d, protocol.PullRequest{OwnFull: true})
	if len(full.Changes) != 3 || protocol.IsStub(full.Changes[0].Change) {
		t.Errorf("%+v", full)
	}
	x.push(x.e, x.e.Write(t, 2)...)
	part, _ := x.pull(x.d, protocol.PullRequest{Max: 1})
	if len(part.Changes) != 3 || !part.More {
		t.Errorf("%+v", part)
	}
	rest, _ := x.pull(x.d, protocol.PullRequest{Cursor: part.Next, Max: 1, Wait: time.Minute})
	if len(rest.Changes) != 2 || rest.More {
		t.Errorf("%+v", rest)
	}
	for name, c := range map[string]record.Cursor{
		"too far": {History: rest.Next.History, Seq: 99, Hash: rest.Next.Hash}, "other hash": {History: rest.Next.History, Seq: 1, Hash: rest.Next.Hash}, "other history": {History: record.NewID()},
	} {
		_, r := x.pull(x.d, protocol.PullRequest{Cursor: c})
		x.want(name, r, http.StatusGone, record.CodeHistoryChanged)
		if !bytes.Contains(r.body, []byte(rest.Next.History)) {
			t.Errorf("%s: the history is not named: %s", name, r.body)
		}
	}
	_, r = x.pull(x.d, protocol.PullRequest{Cursor: record.Cursor{History: "x"}})
	x.want("a cursor that is none", r, http.StatusBadRequest, record.CodeRejected)

	clone := x.d.Clone()
	x.push(x.d, x.d.Write(t, 1)...)
	x.want("a fork", x.push(clone, clone.Write(t, 1)...), http.StatusConflict, record.CodeForked)
	alien := x.request(x.e, "POST", protocol.PathPush, mustPush(t, sent))
	x.want("another desk's changes", x.send(alien), http.StatusBadRequest, record.CodeRejected)

	for _, secret := range []string{"weber", "Marke", "Musterstadt"} {
		if strings.Contains(x.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if !strings.Contains(x.log.String(), "path=/v1/push") {
		t.Error("the log is empty, so the check above says nothing")
	}
}

func mustPush(t *testing.T, changes []record.Change) []byte {
	t.Helper()
	b, err := protocol.EncodePush(changes)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestALongPollAnswersAtOnceWhenSomethingIsNew(t *testing.T) {
	x := newFixture(t)
	answers := make(chan protocol.Pulled, 1)
	go func() {
		got, _ := x.pull(x.e, protocol.PullRequest{Wait: protocol.MaxWait})
		answers <- got
	}()
	<-x.journal.pulls // it has looked and found nothing
	x.push(x.f, x.f.Write(t, 1)...)
	x.push(x.d, x.d.Write(t, 1)...)
	if got := <-answers; len(got.Changes) != 1 {
		t.Errorf("%+v", got)
	}
	got, _ := x.pull(x.e, protocol.PullRequest{Cursor: record.Cursor{}, Wait: 0})
	if again, _ := x.pull(x.e, protocol.PullRequest{Cursor: got.Next, Wait: time.Second}); len(again.Changes) != 0 || again.Next != got.Next {
		t.Errorf("after waiting in vain: %+v", again)
	}
}

// A command beside the running server may write to the same journal without the server's knowledge.
func TestWhatAnotherProgramWroteIsSeen(t *testing.T) {
	x := newFixture(t)
	if got, r := x.pull(x.e, protocol.PullRequest{}); r.StatusCode != 200 || len(got.Changes) != 0 {
		t.Fatalf("%s, %d changes", r.Status, len(got.Changes))
	}
	if _, err := x.journal.Push(t.Context(), x.d.Device, contract.Lines(t, x.d.Write(t, 2)...)); err != nil {
		t.Fatal(err)
	}
	if got, r := x.pull(x.e, protocol.PullRequest{}); r.StatusCode != 200 || len(got.Changes) != 2 {
		t.Errorf("%s, %d changes, want 2", r.Status, len(got.Changes))
	}
	// And nothing was placed twice or left out for a desk that has read up to there.
	got, _ := x.pull(x.e, protocol.PullRequest{})
	if again, r := x.pull(x.e, protocol.PullRequest{Cursor: got.Next}); r.StatusCode != 200 || len(again.Changes) != 0 {
		t.Errorf("%s, %d changes, want none", r.Status, len(again.Changes))
	}
}

func TestADeskRevokedWhileItWaitsGetsNothing(t *testing.T) {
	x := newFixture(t)
	answers := make(chan reply, 1)
	go func() {
		_, r := x.pull(x.e, protocol.PullRequest{Wait: protocol.MaxWait})
		answers <- r
	}()
	<-x.journal.pulls
	if err := x.journal.Revoke(t.Context(), "ms", 2, contract.Now); err != nil {
		t.Fatal(err)
	}
	x.push(x.d, x.d.Write(t, 1)...)
	x.want("waiting", <-answers, http.StatusForbidden, record.CodeDeskRevoked)
	x.want("push", x.push(x.e, x.e.Write(t, 1)...), http.StatusForbidden, record.CodeDeskRevoked)
}

// calls is every call that needs a signature.
func (x *fixture) calls(h record.Hash) map[string]func(d *contract.Desk) *http.Request {
	return map[string]func(d *contract.Desk) *http.Request{
		"push":  func(d *contract.Desk) *http.Request { return x.request(d, "POST", protocol.PathPush, []byte("x")) },
		"pull":  func(d *contract.Desk) *http.Request { return x.request(d, "GET", protocol.PathPull, nil) },
		"lost":  func(d *contract.Desk) *http.Request { return x.request(d, "GET", protocol.PathLost, nil) },
		"state": func(d *contract.Desk) *http.Request { return x.request(d, "HEAD", protocol.PathBlobs+string(h), nil) },
		"read":  func(d *contract.Desk) *http.Request { return x.request(d, "GET", protocol.PathBlobs+string(h), nil) },
		"append": func(d *contract.Desk) *http.Request {
			return x.request(d, "PATCH", protocol.PathBlobs+string(h), nil, protocol.HeaderUploadOffset, "0", protocol.HeaderUploadLength, "1")
		},
	}
}

func TestEveryCallNeedsAGoodSignature(t *testing.T) {
	x := newFixture(t)
	stranger, thief := contract.NewDesk(t), contract.NewDesk(t)
	thief.Device = x.d.Device
	if err := x.journal.Revoke(t.Context(), "ms", 2, contract.Now); err != nil {
		t.Fatal(err)
	}
	for name, call := range x.calls(record.HashOf(nil)) {
		for _, c := range []struct {
			what   string
			make   func() *http.Request
			status int
			code   record.Code
		}{
			{"no signature", func() *http.Request {
				r := call(nil)
				protocol.SetVersion(r.Header)
				return r
			}, 401, record.CodeSignatureBad},
			{"stranger", func() *http.Request { return call(stranger) }, 401, record.CodeDeskUnknown},
			{"another key", func() *http.Request { return call(thief) }, 401, record.CodeSignatureBad},
			{"revoked", func() *http.Request { return call(x.e) }, 403, record.CodeDeskRevoked},
			{"no version", func() *http.Request {
				r := call(x.d)
				r.Header.Del(protocol.HeaderProtocol)
				return r
			}, 426, record.CodeCentreOld},
			{"other path", func() *http.Request {
				r := call(x.d)
				r.URL.RawQuery = "own=full"
				return r
			}, 401, record.CodeSignatureBad},
		} {
			got := x.send(c.make())
			if got.Request.Method == "HEAD" {
				c.code = "" // a HEAD has no body
			}
			x.want(name+", "+c.what, got, c.status, c.code)
		}
		again := call(x.d)
		x.send(again)
		replay := call(nil)
		replay.Header = again.Header.Clone()
		if got := x.send(replay); got.StatusCode != http.StatusServiceUnavailable || got.Header.Get("Retry-After") == "" {
			t.Errorf("%s, played again: %s", name, got.Status)
		}
	}
	r := x.request(x.d, "POST", protocol.PathPush, mustPush(t, x.d.Write(t, 1)))
	r.Body = io.NopCloser(bytes.NewReader(mustPush(t, x.d.Write(t, 1))))
	r.ContentLength = -1
	x.want("another body", x.send(r), 401, record.CodeSignatureBad)
	r = x.request(x.d, "GET", protocol.PathPull, nil)
	protocol.Sign(r, x.d.Device, x.d.Key, protocol.Streamed)
	x.want("a pull signed as a stream", x.send(r), 401, record.CodeSignatureBad)
	h := string(record.HashOf(nil))
	r = x.request(x.d, "PATCH", protocol.PathBlobs+h, nil, protocol.HeaderUploadOffset, "0", protocol.HeaderUploadLength, "0")
	protocol.Sign(r, x.d.Device, x.d.Key, protocol.Content(nil))
	x.want("an upload not signed as a stream", x.send(r), 401, record.CodeSignatureBad)
}

// TestASecondAuthorityGetsNothing holds every endpoint against a desk of another tenant that knows every
// id and hash of the first.
func TestASecondAuthorityGetsNothing(t *testing.T) {
	x := newFixture(t)
	sent := x.d.Write(t, 2)
	x.push(x.d, sent...)
	file := []byte("a scan")
	h := record.HashOf(file)
	part := []byte("a scan that is half here")
	for _, b := range [][]byte{file, part} {
		n := len(b)
		if bytes.Equal(b, part) {
			n = 5
		}
		if _, err := x.files.Append(t.Context(), "ms", record.HashOf(b), 0, int64(len(b)), bytes.NewReader(b[:n])); err != nil {
			t.Fatal(err)
		}
	}
	mine, _ := x.pull(x.d, protocol.PullRequest{OwnFull: true})

	for _, full := range []bool{false, true} {
		if got, _ := x.pull(x.f, protocol.PullRequest{OwnFull: full}); len(got.Changes) != 0 || got.Next.History == mine.Next.History {
			t.Errorf("pull: %+v", got)
		}
	}
	_, r := x.pull(x.f, protocol.PullRequest{Cursor: mine.Next})
	x.want("pull with the first's cursor", r, http.StatusGone, record.CodeHistoryChanged)
	if bytes.Contains(r.body, []byte(mine.Next.History)) {
		t.Error("the first's history is told")
	}
	x.want("push of the first's changes", x.send(x.request(x.f, "POST", protocol.PathPush, mustPush(t, sent))), 400, record.CodeRejected)
	same := x.f.Write(t, 1)[0]
	same.ID, same.Case = sent[0].ID, sent[0].Case
	if r := x.push(x.f, same); !bytes.Contains(r.body, []byte(`"seq":1`)) {
		t.Errorf("a used id of the first can be found out: %s", r.body)
	}
	for _, b := range [][]byte{file, part} {
		h := record.HashOf(b)
		r := x.send(x.request(x.f, "HEAD", protocol.PathBlobs+string(h), nil))
		if r.Header.Get(protocol.HeaderUploadOffset) != "0" || r.Header.Get(protocol.HeaderUploadComplete) != "?0" {
			t.Errorf("state: %v", r.Header)
		}
		x.want("read", x.send(x.request(x.f, "GET", protocol.PathBlobs+string(h), nil)), 404, record.CodeBlobMissing)
		r = x.send(x.request(x.f, "PATCH", protocol.PathBlobs+string(h), b[5:], protocol.HeaderUploadOffset, "5", protocol.HeaderUploadLength, itoa(len(b))))
		x.want("finishing the first's upload", r, http.StatusConflict, record.CodeRejected)
		if r.Header.Get(protocol.HeaderUploadOffset) != "0" {
			t.Errorf("append: %v", r.Header)
		}
	}
	// What the second spoils in its own tenant does not reach the first.
	wrong := []byte("A scan")
	x.want("wrong bytes", x.send(x.request(x.f, "PATCH", protocol.PathBlobs+string(h), wrong, protocol.HeaderUploadOffset, "0", protocol.HeaderUploadLength, "6")), 422, record.CodeHashMismatch)
	if r := x.send(x.request(x.d, "GET", protocol.PathBlobs+string(h), nil)); !bytes.Equal(r.body, file) {
		t.Errorf("the first reads %q", r.body)
	}
	if got, _ := x.pull(x.d, protocol.PullRequest{}); len(got.Changes) != 2 {
		t.Errorf("the first now has %d changes", len(got.Changes))
	}
	secret := record.HashOf([]byte("s"))
	if err := x.journal.Invite(t.Context(), server.Invitation{Tenant: "ms", Number: 9, Secret: secret, Created: contract.Now, Expires: contract.Now.Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	n := contract.NewDesk(t)
	x.want("the first's code for the second", x.enrol(n, "ns", "s"), http.StatusForbidden, record.CodeEnrolCode)
}

func (x *fixture) enrol(d *contract.Desk, authority, secret string) reply {
	x.t.Helper()
	b, err := json.Marshal(protocol.EnrolRequest{Authority: authority, Secret: secret, Device: d.Device, Key: d.Public(), Program: "test"})
	if err != nil {
		x.t.Fatal(err)
	}
	return x.send(x.request(d, "POST", protocol.PathEnrol, b))
}

func TestEnrolment(t *testing.T) {
	x := newFixture(t)
	code, err := protocol.NewEnrolCode("https://centre:8443", "ms", []byte("the certificate authority"))
	if err != nil {
		t.Fatal(err)
	}
	i := server.Invitation{
		Tenant: "ms", Number: 12, Secret: record.HashOf([]byte(code.SecretText())), Centre: code.URL,
		Created: contract.Now, Expires: contract.Now.Add(server.InvitationLife),
	}
	if err := x.journal.Invite(t.Context(), i); err != nil {
		t.Fatal(err)
	}
	n, late := contract.NewDesk(t), contract.NewDesk(t)
	x.want("a wrong secret", x.enrol(n, "ms", "0000"), 403, record.CodeEnrolCode)
	for range 2 {
		r := x.enrol(n, code.Authority, code.SecretText())
		var e record.Enrolment
		if err := json.Unmarshal(r.body, &e); err != nil || r.StatusCode != 200 {
			t.Fatal(r.Status, err)
		}
		if e.Authority != "Musterstadt" || e.Tenant != "ms" || e.Office != "MS" || e.Desk != 12 || e.Centre != code.URL || !code.Trusts(e.CA) {
			t.Errorf("%+v", e)
		}
	}
	x.want("a used code", x.enrol(late, "ms", code.SecretText()), 403, record.CodeEnrolCode)
	if r := x.push(n, n.Write(t, 1)...); r.StatusCode != 200 {
		t.Errorf("the new desk's push: %s", r.Status)
	}
	thief := contract.NewDesk(t)
	b, _ := json.Marshal(protocol.EnrolRequest{Authority: "ms", Secret: code.SecretText(), Device: thief.Device, Key: n.Public()})
	x.want("a key that the sender does not have", x.send(x.request(thief, "POST", protocol.PathEnrol, b)), 401, record.CodeSignatureBad)
	b, _ = json.Marshal(protocol.EnrolRequest{Authority: "ms", Secret: "x", Device: n.Device, Key: thief.Public()})
	x.want("another device's id", x.send(x.request(thief, "POST", protocol.PathEnrol, b)), 400, record.CodeRejected)
	x.want("no JSON", x.send(x.request(thief, "POST", protocol.PathEnrol, []byte("<html>"))), 400, record.CodeRejected)
	x.want("too large", x.send(x.request(thief, "POST", protocol.PathEnrol, make([]byte, protocol.MaxSmallBody+1))), 413, record.CodeRejected)

	i.Number, i.Secret = 13, record.HashOf([]byte("other"))
	if err := x.journal.Invite(t.Context(), i); err != nil {
		t.Fatal(err)
	}
	x.clock.add(server.InvitationLife)
	x.want("an old code", x.enrol(late, "ms", "other"), 403, record.CodeEnrolCode)
	if err := x.journal.Revoke(t.Context(), "ms", 12, contract.Now); err != nil {
		t.Fatal(err)
	}
	x.want("a revoked desk again", x.enrol(n, "ms", code.SecretText()), 403, record.CodeDeskRevoked)
}

func TestGuessingIsSlowedDown(t *testing.T) {
	x := newFixture(t, func(c *server.Config) { c.Limits = server.Limits{EnrolBurst: 3, FailBurst: 3} })
	n := contract.NewDesk(t)
	for range 3 {
		x.want("a guess", x.enrol(n, "ms", "0000"), 403, record.CodeEnrolCode)
	}
	r := x.enrol(n, "ms", "0000")
	x.want("one guess too many", r, 429, record.CodeCentreBusy)
	if r.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	for range 3 {
		x.want("a stranger", x.send(x.request(n, "GET", protocol.PathPull, nil)), 401, record.CodeDeskUnknown)
	}
	x.want("a stranger too often", x.send(x.request(n, "GET", protocol.PathPull, nil)), 429, record.CodeCentreBusy)
	if _, r := x.pull(x.d, protocol.PullRequest{}); r.StatusCode != 200 {
		t.Errorf("a good desk behind the same address: %s", r.Status)
	}
	x.clock.add(time.Minute)
	x.want("a minute later", x.enrol(n, "ms", "0000"), 403, record.CodeEnrolCode)
}

func TestHostilePushes(t *testing.T) {
	x := newFixture(t)
	for name, c := range map[string]struct {
		body   []byte
		status int
	}{
		"not zstd": {[]byte("{}\n"), 400}, "empty": {nil, 400}, "too large": {make([]byte, protocol.MaxPushBody+1), 413},
		"a bomb": {packed(t, make([]byte, protocol.MaxPushPlain+1)), 413}, "not JSON": {packed(t, []byte("x\n")), 400},
		"no line feed": {packed(t, []byte("{}")), 400},
	} {
		x.want(name, x.send(x.request(x.d, "POST", protocol.PathPush, c.body)), c.status, record.CodeRejected)
	}
	if a := x.push(x.d, x.d.Write(t, 1)...); a.StatusCode != 200 {
		t.Error(a.Status)
	}
}
