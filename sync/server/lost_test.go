package server_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"schalter/data/record"
	"schalter/sync/protocol"
	"schalter/sync/server"
	"schalter/sync/server/contract"
)

func (x *fixture) lost(d *contract.Desk, query string) (l protocol.Lost) {
	x.t.Helper()
	r := x.send(x.request(d, "GET", protocol.PathLost+query, nil))
	if err := json.Unmarshal(r.body, &l); err != nil || r.StatusCode != 200 {
		x.t.Errorf("%s: %v", r.Status, err)
	}
	return l
}

func (x *fixture) mark(d *contract.Desk) uint64 {
	x.t.Helper()
	p, _ := x.pull(d, protocol.PullRequest{})
	x.clock.add(nothing) // what an empty answer said is forgotten
	return p.Lost
}

const nothing = 1e9

// A file that the centre has acknowledged and lost is announced until a desk has sent it again.
func TestLostFilesAreAnnounced(t *testing.T) {
	x := newFixture(t)
	b, c := []byte("a scan"), []byte("another scan")
	h := record.HashOf(b)
	x.wantUpload("up", x.upload(x.d, b, 0, len(b)), 204, len(b), "?1")
	x.wantUpload("up", x.upload(x.d, c, 0, len(c)), 204, len(c), "?1")
	never := record.HashOf([]byte("was never here"))
	x.want("never here", x.send(x.request(x.e, "GET", protocol.PathBlobs+string(never), nil)), 404, record.CodeBlobMissing)
	if x.mark(x.e) != 0 || len(x.lost(x.e, "").Files) > 0 {
		t.Error("a file that was never here is called lost")
	}
	if err := x.files.SetAside(t.Context(), "ms", h); err != nil {
		t.Fatal(err)
	}
	// A desk that asks for it finds it out, or the next check.
	x.want("gone", x.send(x.request(x.e, "GET", protocol.PathBlobs+string(h), nil)), 404, record.CodeBlobMissing)
	first := x.mark(x.e)
	if l := x.lost(x.d, ""); first == 0 || l.Mark != first || l.More || !slices.Equal(l.Files, []record.Hash{h}) {
		t.Errorf("mark %d, %+v", first, l)
	}
	if l := x.lost(x.d, "?after="+string(h)); len(l.Files) > 0 {
		t.Errorf("behind the last: %+v", l)
	}
	x.want("no hash", x.send(x.request(x.d, "GET", protocol.PathLost+"?after=x", nil)), 400, record.CodeRejected)
	if x.mark(x.f) != 0 || len(x.lost(x.f, "").Files) > 0 {
		t.Error("another authority learns of it")
	}
	x.wantUpload("up again", x.upload(x.d, b, 0, len(b)), 204, len(b), "?1")
	if l := x.lost(x.d, ""); len(l.Files) > 0 {
		t.Errorf("sent again and still lost: %+v", l)
	}
	if x.mark(x.e) != first {
		t.Error("a file that is back makes all desks ask once more")
	}
	if err := x.files.SetAside(t.Context(), "ms", record.HashOf(c)); err != nil {
		t.Fatal(err)
	}
	gone, news, err := server.CheckFiles(t.Context(), x.journal, x.files, "ms", x.clock.now())
	if err != nil || news != 1 || !slices.Equal(gone, []record.Hash{record.HashOf(c)}) {
		t.Errorf("the check finds %v, %d new, %v", gone, news, err)
	}
	if x.mark(x.e) <= first {
		t.Error("the check's finding is not announced")
	}
	if gone, news, err := server.CheckFiles(t.Context(), x.journal, x.files, "ms", x.clock.now()); err != nil || news != 0 || len(gone) != 1 {
		t.Errorf("the second check finds %v, %d new, %v", gone, news, err)
	}
}

// Files from before the centre kept a list of them are missed too, once a check has seen them.
func TestACheckLearnsWhatIsThere(t *testing.T) {
	x := newFixture(t)
	b := []byte("a scan")
	st, err := x.files.Append(t.Context(), "ms", record.HashOf(b), 0, int64(len(b)), bytes.NewReader(b))
	if err != nil || !st.Complete {
		t.Fatal(st, err)
	}
	for _, want := range []int{0, 1} {
		gone, _, err := server.CheckFiles(t.Context(), x.journal, x.files, "ms", x.clock.now())
		if err != nil || len(gone) != want {
			t.Errorf("%v, %v", gone, err)
		}
		if want == 0 {
			if err := x.files.SetAside(t.Context(), "ms", record.HashOf(b)); err != nil {
				t.Fatal(err)
			}
		}
	}
}
