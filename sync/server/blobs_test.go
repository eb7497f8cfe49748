package server_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"schalter/data/record"
	"schalter/sync/protocol"
	"schalter/sync/server"
	"schalter/sync/server/contract"
)

func itoa(n int) string { return strconv.Itoa(n) }

func packed(t *testing.T, b []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(b, nil)
}

func (x *fixture) upload(d *contract.Desk, b []byte, from, to int) reply {
	x.t.Helper()
	return x.send(x.request(d, "PATCH", protocol.PathBlobs+string(record.HashOf(b)), b[from:to],
		protocol.HeaderUploadOffset, itoa(from), protocol.HeaderUploadLength, itoa(len(b))))
}

func (x *fixture) wantUpload(what string, r reply, status, offset int, complete string) {
	x.t.Helper()
	if r.StatusCode != status || r.Header.Get(protocol.HeaderUploadOffset) != itoa(offset) || r.Header.Get(protocol.HeaderUploadComplete) != complete {
		x.t.Errorf("%s: %s %v, want %d, offset %d, complete %s", what, r.Status, r.Header, status, offset, complete)
	}
}

func TestAFileGoesUpInPartsAndComesDownInRanges(t *testing.T) {
	x := newFixture(t)
	b := bytes.Repeat([]byte("0123456789"), 30_000)
	h := string(record.HashOf(b))
	state := func() reply { return x.send(x.request(x.d, "HEAD", protocol.PathBlobs+h, nil)) }
	x.wantUpload("nothing yet", state(), 200, 0, "?0")
	x.wantUpload("first part", x.upload(x.d, b, 0, 100_000), 204, 100_000, "?0")
	x.wantUpload("state", state(), 200, 100_000, "?0")
	x.want("reading a part", x.send(x.request(x.e, "GET", protocol.PathBlobs+h, nil)), 404, record.CodeBlobMissing)
	r := x.upload(x.e, b, 0, 100_000)
	x.want("another offset", r, http.StatusConflict, record.CodeRejected)
	x.wantUpload("another offset", r, http.StatusConflict, 100_000, "?0")
	x.wantUpload("the rest, by another desk", x.upload(x.e, b, 100_000, len(b)), 204, len(b), "?1")
	x.wantUpload("once more", x.upload(x.d, b, 0, len(b)), 204, len(b), "?1")
	x.wantUpload("state", state(), 200, len(b), "?1")

	if r := x.send(x.request(x.e, "GET", protocol.PathBlobs+h, nil)); !bytes.Equal(r.body, b) || r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d bytes, %v", len(r.body), r.Header)
	}
	r = x.send(x.request(x.e, "GET", protocol.PathBlobs+h, nil, "Range", "bytes=299990-"))
	if r.StatusCode != http.StatusPartialContent || string(r.body) != "0123456789" || r.Header.Get("Content-Range") != "bytes 299990-299999/300000" {
		t.Errorf("%s %q %v", r.Status, r.body, r.Header)
	}
	if r := x.send(x.request(x.e, "GET", protocol.PathBlobs+h, nil, "Range", "bytes=300000-")); r.StatusCode != http.StatusRequestedRangeNotSatisfiable {
		t.Error(r.Status)
	}
}

func TestHostileUploads(t *testing.T) {
	x := newFixture(t)
	h := string(record.HashOf([]byte("right")))
	for name, c := range map[string]struct {
		path, offset, length string
		body                 string
		status               int
		code                 record.Code
	}{
		"wrong bytes":        {h, "0", "5", "wrong", 422, record.CodeHashMismatch},
		"too large":          {h, "0", itoa(protocol.MaxBlob + 1), "x", 413, record.CodeBlobTooLarge},
		"more than length":   {h, "0", "3", "right", 400, record.CodeRejected},
		"negative":           {h, "-1", "5", "right", 400, record.CodeRejected},
		"no length":          {h, "0", "", "right", 400, record.CodeRejected},
		"offset past length": {h, "6", "5", "", 400, record.CodeRejected},
		"no hash":            {"..%2f..%2fjournal.db", "0", "5", "right", 400, record.CodeRejected},
		"upper case":         {"ABCDEF", "0", "5", "right", 400, record.CodeRejected},
	} {
		r := x.request(x.d, "PATCH", protocol.PathBlobs+c.path, []byte(c.body), protocol.HeaderUploadOffset, c.offset, protocol.HeaderUploadLength, c.length)
		x.want(name, x.send(r), c.status, c.code)
	}
	x.want("reading outside", x.send(x.request(x.d, "GET", protocol.PathBlobs+"..%2fjournal.db", nil)), 400, record.CodeRejected)
}

// slow is an upload whose body the test feeds by hand.
type slow struct {
	w       *io.PipeWriter
	answers chan reply
}

func (x *fixture) slowUpload(d *contract.Desk, b []byte) slow {
	x.t.Helper()
	r, w := io.Pipe()
	req := x.request(d, "PATCH", protocol.PathBlobs+string(record.HashOf(b)), nil, protocol.HeaderUploadOffset, "0", protocol.HeaderUploadLength, itoa(len(b)))
	req.Body, req.ContentLength = r, int64(len(b))
	s := slow{w, make(chan reply, 1)}
	go func() {
		resp, err := x.http.Client().Do(req)
		if err != nil {
			s.answers <- reply{Response: &http.Response{Status: err.Error()}}
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		s.answers <- reply{resp, body}
	}()
	return s
}

// arriving reads the file store until some bytes of the upload have arrived.
type arriving struct {
	server.Files
	began chan struct{}
}

func (a *arriving) Append(ctx context.Context, tenant string, h record.Hash, offset, length int64, body io.Reader) (server.FileState, error) {
	first := make([]byte, 1)
	n, err := io.ReadFull(body, first)
	a.began <- struct{}{}
	if err != nil && !errors.Is(err, io.EOF) {
		return server.FileState{}, err
	}
	return a.Files.Append(ctx, tenant, h, offset, length, io.MultiReader(bytes.NewReader(first[:n]), body))
}

func TestADeviceTakesOverItsOwnUploadAndAnotherWaits(t *testing.T) {
	files := &arriving{began: make(chan struct{}, 4)}
	x := newFixture(t, func(c *server.Config) { files.Files, c.Files = c.Files, files })
	b := bytes.Repeat([]byte("scan"), 1000)
	dead := x.slowUpload(x.d, b)
	if _, err := dead.w.Write(b[:1000]); err != nil {
		t.Fatal(err)
	}
	<-files.began
	x.want("another desk", x.upload(x.e, b, 0, len(b)), 503, record.CodeCentreBusy)
	// The same desk comes again on a new connection: the old one is half open and will never speak again.
	r := x.upload(x.d, b, 0, len(b))
	if r.StatusCode == http.StatusConflict { // what the dead connection brought was kept
		at, err := strconv.Atoi(r.Header.Get(protocol.HeaderUploadOffset))
		if err != nil {
			t.Fatal(err)
		}
		r = x.upload(x.d, b, at, len(b))
	}
	x.wantUpload("taking over", r, 204, len(b), "?1")
	x.want("the ousted one", <-dead.answers, 503, record.CodeCentreBusy)
	_ = dead.w.Close()
	if r := x.send(x.request(x.e, "GET", protocol.PathBlobs+string(record.HashOf(b)), nil)); !bytes.Equal(r.body, b) {
		t.Errorf("%s, %d bytes", r.Status, len(r.body))
	}
}

func TestAskingHowMuchIsThereEndsTheDevicesEarlierUpload(t *testing.T) {
	files := &arriving{began: make(chan struct{}, 4)}
	x := newFixture(t, func(c *server.Config) { files.Files, c.Files = c.Files, files })
	b := bytes.Repeat([]byte("form"), 1000)
	dead := x.slowUpload(x.d, b)
	if _, err := dead.w.Write(b[:1000]); err != nil {
		t.Fatal(err)
	}
	<-files.began
	r := x.send(x.request(x.d, "HEAD", protocol.PathBlobs+string(record.HashOf(b)), nil))
	at, err := strconv.Atoi(r.Header.Get(protocol.HeaderUploadOffset))
	if err != nil {
		t.Fatal(err)
	}
	x.wantUpload("going on where HEAD said", x.upload(x.d, b, at, len(b)), 204, len(b), "?1")
	_ = dead.w.Close()
	<-dead.answers
}

// unread is a body that must not be asked for.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body was sent although the centre had refused it")
	return 0, io.EOF
}

func TestAnUploadThatWaitsForPermissionIsRefusedUnread(t *testing.T) {
	x := newFixture(t)
	b := bytes.Repeat([]byte("scan"), 1000)
	x.upload(x.d, b, 0, 1000)
	x.http.Client().Transport.(*http.Transport).ExpectContinueTimeout = time.Minute
	req := x.request(x.d, "PATCH", protocol.PathBlobs+string(record.HashOf(b)), nil,
		protocol.HeaderUploadOffset, "2000", protocol.HeaderUploadLength, itoa(len(b)), "Expect", "100-continue")
	req.Body, req.ContentLength = io.NopCloser(unread{t}), 2000
	x.wantUpload("a wrong offset", x.send(req), http.StatusConflict, 1000, "?0")

	req = x.request(x.d, "PATCH", protocol.PathBlobs+string(record.HashOf(b)), b[1000:],
		protocol.HeaderUploadOffset, "1000", protocol.HeaderUploadLength, itoa(len(b)), "Expect", "100-continue")
	x.wantUpload("the right one", x.send(req), 204, len(b), "?1")
}

func TestWhatArrivedBeforeACutStays(t *testing.T) {
	files := &arriving{began: make(chan struct{}, 4)}
	x := newFixture(t, func(c *server.Config) { files.Files, c.Files = c.Files, files })
	b := bytes.Repeat([]byte("scan"), 50_000)
	h := string(record.HashOf(b))
	req := x.request(x.d, "PATCH", protocol.PathBlobs+h, nil, protocol.HeaderUploadOffset, "0", protocol.HeaderUploadLength, itoa(len(b)))
	req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(b[:100_000])), int64(len(b))
	conn, err := net.Dial("tcp", x.http.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_ = req.Write(conn) // it complains that the body is shorter than announced, which is the point
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	<-files.began
	at := 0
	for at == 0 { // the centre works on what it has after the line is gone; asking again is what a desk does
		at, _ = strconv.Atoi(x.send(x.request(x.d, "HEAD", protocol.PathBlobs+h, nil)).Header.Get(protocol.HeaderUploadOffset))
	}
	r := x.upload(x.d, b, at, len(b))
	for r.StatusCode == http.StatusServiceUnavailable || r.StatusCode == http.StatusConflict {
		at, _ = strconv.Atoi(x.send(x.request(x.d, "HEAD", protocol.PathBlobs+h, nil)).Header.Get(protocol.HeaderUploadOffset))
		r = x.upload(x.d, b, at, len(b))
	}
	x.wantUpload("going on", r, 204, len(b), "?1")
}

func TestASilentBodyIsEndedAndALongPollIsNot(t *testing.T) {
	x := newFixture(t, func(c *server.Config) { c.Idle = 50 * time.Millisecond })
	b := []byte("never all of it")
	s := x.slowUpload(x.d, b)
	if _, err := s.w.Write(b[:3]); err != nil {
		t.Fatal(err)
	}
	x.want("a silent upload", <-s.answers, 400, record.CodeRejected)
	_ = s.w.Close()
	x.wantUpload("what came before", x.send(x.request(x.d, "HEAD", protocol.PathBlobs+string(record.HashOf(b)), nil)), 200, 3, "?0")
	if got, r := x.pull(x.d, protocol.PullRequest{Wait: time.Second}); r.StatusCode != 200 || got.Next.Seq != 0 {
		t.Errorf("a poll of a second, silent for longer than 50 ms: %s", r.Status)
	}
}
