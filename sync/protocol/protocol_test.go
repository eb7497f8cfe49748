package protocol

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"schalter/data/record"
)

var update = flag.Bool("update", false, "write the golden files anew")

const device = record.ID("0198f000-0000-7000-8000-000000000001")

// chain makes n changes with fixed ids, so that golden files stay the same.
func chain(t testing.TB, n int) []record.Change {
	t.Helper()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	var prev record.Change
	var out []record.Change
	for i := range n {
		p, err := json.Marshal(record.Note{Text: fmt.Sprintf("Hund <%d> & Söhne", i+1)})
		if err != nil {
			t.Fatal(err)
		}
		c := record.Change{
			ID: record.ID(fmt.Sprintf("0198f000-0000-7000-8001-%012d", i+1)), Device: device, N: uint64(i + 1),
			Case: "0198f000-0000-7000-8002-000000000001", Kind: record.KindNote, Time: now.Add(time.Duration(i) * time.Second),
			HLC: prev.HLC.Next(now), User: "weber", Payload: p, PayloadHash: record.HashOf(p),
		}
		if i > 0 {
			c.Prev = prev.Hash()
		}
		out, prev = append(out, c), c
	}
	return out
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs:\n got %s\nwant %s", name, got, want)
	}
}

func unpack(t testing.TB, b []byte) []byte {
	t.Helper()
	z, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	out, err := z.DecodeAll(b, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func pack(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	p := newPacker(&out)
	if _, err := p.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestPushGoesThroughUnaltered(t *testing.T) {
	sent := chain(t, 3)
	raw := json.RawMessage(`{ "text" : "a<b\u00e4", "newer":[1,2,{}] }`) // not as encoding/json would write it
	sent[2].Payload, sent[2].PayloadHash = raw, record.HashOf(raw)
	body, err := EncodePush(sent)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "push.ndjson", unpack(t, body))
	got, err := DecodePush(bytes.NewReader(body))
	if err != nil || len(got) != 3 {
		t.Fatal(len(got), err)
	}
	for i, l := range got {
		if !reflect.DeepEqual(l.Change, sent[i]) || l.Change.Check() != nil || l.Change.Hash() != sent[i].Hash() {
			t.Errorf("change %d came as %+v", i, l.Change)
		}
	}
}

func TestUnknownKindsAndFieldsAreKept(t *testing.T) {
	c := chain(t, 1)[0]
	c.Kind = "hologram"
	line, err := AppendChange(nil, c)
	if err != nil {
		t.Fatal(err)
	}
	line = append(line[:len(line)-1], `,"from_the_future":{"a":1}}`...)
	got, err := DecodePush(bytes.NewReader(pack(t, append(line, '\n'))))
	if err != nil || got[0].Change.Kind != "hologram" || !bytes.Equal(got[0].Bytes, line) {
		t.Fatalf("%+v %v", got, err)
	}
	var out bytes.Buffer
	w := NewPullWriter(&out)
	next := record.Cursor{History: device, Seq: 1, Hash: record.NextLogHash("", c)}
	if err := errors.Join(w.Change(1, got[0].Bytes), w.End(next, false)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(unpack(t, out.Bytes()), []byte("from_the_future")) {
		t.Error("the newer field is gone")
	}
	p, err := DecodePull(&out, record.Cursor{})
	if err != nil || p.Changes[0].Change.Kind != "hologram" {
		t.Fatal(p, err)
	}
}

func TestPushCutAnywhereIsAnError(t *testing.T) {
	body, err := EncodePush(chain(t, 5))
	if err != nil {
		t.Fatal(err)
	}
	for i := range body {
		if got, err := DecodePush(bytes.NewReader(body[:i])); err == nil {
			t.Fatalf("cut at %d of %d: %d changes, no error", i, len(body), len(got))
		}
	}
	for i := range body {
		b := bytes.Clone(body)
		b[i] ^= 0x10
		if got, err := DecodePush(bytes.NewReader(b)); err == nil {
			if again, _ := EncodePush(chain(t, 5)); len(got) != 5 || !bytes.Equal(again, body) {
				t.Fatalf("byte %d turned: accepted as something else", i)
			}
			for j, l := range got {
				if l.Change.Hash() != chain(t, 5)[j].Hash() {
					t.Fatalf("byte %d turned: change %d differs and was accepted", i, j)
				}
			}
		}
	}
}

func TestPushLimits(t *testing.T) {
	line, err := AppendChange(nil, chain(t, 1)[0])
	if err != nil {
		t.Fatal(err)
	}
	line = append(line, '\n')
	for name, body := range map[string][]byte{
		"too many changes": bytes.Repeat(line, MaxPushChanges+1),
		"a bomb":           bytes.Repeat([]byte{' '}, MaxPushPlain+1),
		"an endless line":  append(bytes.Repeat([]byte{' '}, MaxLine), '\n'),
	} {
		if _, err := DecodePush(bytes.NewReader(pack(t, body))); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := DecodePush(bytes.NewReader(pack(t, nil))); err == nil {
		t.Error("an empty push was accepted")
	}
	if _, err := EncodePush(make([]record.Change, MaxPushChanges+1)); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
	if _, err := EncodePush(nil); err == nil {
		t.Error("an empty push was made")
	}
	c := chain(t, 1)[0]
	c.Payload = json.RawMessage("{\n}")
	if _, err := EncodePush([]record.Change{c}); err == nil {
		t.Error("a payload of two lines was sent")
	}
}

func pulled(t testing.TB, sent []record.Change, ownFrom int) ([]byte, record.Cursor) {
	t.Helper()
	var out bytes.Buffer
	w := NewPullWriter(&out)
	next := record.Cursor{History: "0198f000-0000-7000-8003-000000000001"}
	for i, c := range sent {
		next.Seq++
		next.Hash = record.NextLogHash(next.Hash, c)
		line, err := AppendChange(nil, c)
		if err == nil {
			if i >= ownFrom {
				err = w.Own(next.Seq, c.ID, c.Device, c.N)
			} else {
				err = w.Change(next.Seq, line)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.End(next, true); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), next
}

func TestPullGoesThroughAndIsCheckedAgainstItsHash(t *testing.T) {
	sent := chain(t, 4)
	body, next := pulled(t, sent, 3)
	golden(t, "pull.ndjson", unpack(t, body))
	p, err := DecodePull(bytes.NewReader(body), record.Cursor{})
	if err != nil || p.Next != next || !p.More || len(p.Changes) != 4 {
		t.Fatalf("%+v %v", p, err)
	}
	if !IsStub(p.Changes[3].Change) || p.Changes[3].Change.N != 4 || !reflect.DeepEqual(p.Changes[1].Change, sent[1]) {
		t.Fatalf("%+v", p.Changes)
	}
	full, _ := pulled(t, sent, 9)
	for name, from := range map[string]record.Cursor{
		"another place": {History: next.History, Seq: 1, Hash: record.NextLogHash("", sent[0])},
		"another past":  {Hash: record.HashOf(nil)},
	} {
		if _, err := DecodePull(bytes.NewReader(full), from); record.CodeOf(err) != record.CodeCentreTrouble {
			t.Errorf("%s: %v", name, err)
		}
	}
	plain := unpack(t, full)
	for name, b := range map[string][]byte{
		"one missing":   bytes.Join(append(bytes.SplitAfter(plain, []byte("\n"))[:1:1], bytes.SplitAfter(plain, []byte("\n"))[2:]...), nil),
		"text altered":  bytes.Replace(plain, []byte("weber"), []byte("wober"), 1),
		"no end":        bytes.Join(bytes.SplitAfter(plain, []byte("\n"))[:4], nil),
		"more than all": append(bytes.Clone(plain), plain...),
	} {
		if _, err := DecodePull(bytes.NewReader(pack(t, b)), record.Cursor{}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	for i := range full {
		if _, err := DecodePull(bytes.NewReader(full[:i]), record.Cursor{}); err == nil {
			t.Fatalf("cut at %d of %d: no error", i, len(full))
		}
	}
}

func TestPullQuery(t *testing.T) {
	for _, want := range []PullRequest{
		{Max: MaxPullBytes},
		{Cursor: record.Cursor{History: device, Seq: 7, Hash: record.HashOf(nil)}, Wait: 25 * time.Second, OwnFull: true, Max: 4096},
		{Cursor: record.Cursor{History: device}, Max: 1},
	} {
		q, err := url.ParseQuery(want.Query())
		if err != nil {
			t.Fatal(err)
		}
		if got, err := ParsePull(q); err != nil || got != want {
			t.Errorf("%+v came as %+v, %v", want, got, err)
		}
	}
	if p, err := ParsePull(url.Values{"wait": {"999"}, "max": {"2000000000"}, "newer": {"x"}}); err != nil || p.Wait != MaxWait || p.Max != MaxPullBytes {
		t.Errorf("%+v %v", p, err)
	}
	for _, s := range []string{"cursor=x", "cursor=a.1.b", "cursor=" + string(device) + ".1.", "cursor=" + string(device) + ".-1." + string(record.HashOf(nil)), "wait=-1", "max=0", "max=x"} {
		q, _ := url.ParseQuery(s)
		if _, err := ParsePull(q); record.CodeOf(err) != record.CodeRejected {
			t.Errorf("%s: %v", s, err)
		}
	}
}

func TestSignatureHoldsEveryPartOfTheRequest(t *testing.T) {
	pub, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	make := func() *http.Request {
		r := httptest.NewRequest("PATCH", "https://centre/v1/blobs/aa?x=1", nil)
		r.Header.Set(HeaderUploadOffset, "10")
		r.Header.Set(HeaderUploadLength, "20")
		Sign(r, device, key, Streamed)
		return r
	}
	verify := func(r *http.Request) error {
		s, err := ReadSignature(r)
		if err != nil {
			return err
		}
		return s.Verify(r, pub)
	}
	r := make()
	if err := verify(r); err != nil {
		t.Fatal(err)
	}
	if a, b := make(), make(); a.Header.Get(HeaderNonce) == b.Header.Get(HeaderNonce) {
		t.Error("a nonce was used twice")
	}
	r = make()
	r.URL, _ = url.Parse("https://proxy/behind/a/v1/blobs/aa?x=1")
	r.RequestURI = ""
	if err := verify(r); err != nil {
		t.Errorf("behind a proxy's prefix: %v", err)
	}
	for name, alter := range map[string]func(*http.Request){
		"method":    func(r *http.Request) { r.Method = "GET" },
		"path":      func(r *http.Request) { r.URL.Path = "/v1/blobs/ab" },
		"query":     func(r *http.Request) { r.URL.RawQuery = "x=2" },
		"device":    func(r *http.Request) { r.Header.Set(HeaderDevice, string(record.NewID())) },
		"no device": func(r *http.Request) { r.Header.Del(HeaderDevice) },
		"upper":     func(r *http.Request) { r.Header.Set(HeaderDevice, "0198F000-0000-7000-8000-00000000000A") },
		"nonce":     func(r *http.Request) { r.Header.Set(HeaderNonce, strings.Repeat("0", 32)) },
		"no nonce":  func(r *http.Request) { r.Header.Del(HeaderNonce) },
		"content":   func(r *http.Request) { r.Header.Set(HeaderContent, Content(nil)) },
		"bad hash":  func(r *http.Request) { r.Header.Set(HeaderContent, "x") },
		"offset":    func(r *http.Request) { r.Header.Set(HeaderUploadOffset, "11") },
		"length":    func(r *http.Request) { r.Header.Set(HeaderUploadLength, "21") },
		"signature": func(r *http.Request) { r.Header.Set(HeaderSignature, r.Header.Get(HeaderSignature)[1:]) },
	} {
		r := make()
		alter(r)
		if err := verify(r); record.CodeOf(err) != record.CodeSignatureBad {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEnrolCode(t *testing.T) {
	ca := []byte("a certificate")
	c, err := NewEnrolCode("https://centre.example:8443/", "MS", ca)
	if err != nil {
		t.Fatal(err)
	}
	s := c.String()
	misread := strings.NewReplacer("0", "O", "1", "l").Replace(s) // the address holds neither
	for _, in := range []string{s, " " + s + "\n", strings.ToUpper(s), strings.ToLower(s), strings.ReplaceAll(s, "-", " "), misread} {
		if got, err := ParseEnrolCode(in); err != nil || got != c {
			t.Errorf("%q: %+v %v", in, got, err)
		}
	}
	if !c.Trusts(ca) || c.Trusts([]byte("another")) {
		t.Error("fingerprint")
	}
	for i := range len(s) {
		for _, to := range []byte{'Z', '7', '/', 'b'} {
			b := []byte(s)
			b[i] = to
			if got, err := ParseEnrolCode(string(b)); err == nil && got != c {
				t.Fatalf("%s read though %s was meant", b, s)
			}
		}
	}
	for _, in := range []string{"", "schalter://", "schalter://x", "https://centre/ms/0000", "schalter:///ms/" + strings.Repeat("0", 48), strings.Repeat("a", 600)} {
		if _, err := ParseEnrolCode(in); record.CodeOf(err) != record.CodeEnrolCode {
			t.Errorf("%q: %v", in, err)
		}
	}
	for _, address := range []string{"http://centre", "centre", "https://", "https://user@centre", "https://centre?x"} {
		if _, err := NewEnrolCode(address, "ms", ca); err == nil {
			t.Errorf("a code for %q was made", address)
		}
	}
	fixed := EnrolCode{URL: "https://127.0.0.1:8443", Authority: "ms"}
	golden(t, "enrol.txt", []byte(fixed.String()+"\n"))
}

func TestVersion(t *testing.T) {
	for in, want := range map[string]int{"1": 1, "2": 1, "999": 1, "": 0, "0": 0, "x": 0, "-1": 0} {
		got, err := Spoken(http.Header{HeaderProtocol: {in}})
		if got != want || (want == 0) != (record.CodeOf(err) == record.CodeCentreOld) {
			t.Errorf("%q: %d %v", in, got, err)
		}
	}
}

func TestFaultCrossesTheWire(t *testing.T) {
	w := httptest.NewRecorder()
	WriteFault(w, StatusOf(record.CodeForked), record.E(record.CodeForked, errors.New("secret"), "n", 3))
	r := w.Result()
	if r.StatusCode != http.StatusConflict || strings.Contains(w.Body.String(), "secret") {
		t.Fatal(r.StatusCode, w.Body)
	}
	golden(t, "fault.json", append(w.Body.Bytes(), '\n'))
	if e := ReadFault(r); e.Code != record.CodeForked || fmt.Sprint(e.Args["n"]) != "3" {
		t.Error(e)
	}
	r = &http.Response{StatusCode: 502, Status: "502 Bad Gateway", Body: io.NopCloser(strings.NewReader("<html>"))}
	if e := ReadFault(r); e.Code != record.CodeCentreTrouble || e.Args["status"] != 502 {
		t.Error(e)
	}
	r.Body = io.NopCloser(strings.NewReader("{}"))
	if e := ReadFault(r); e.Code != record.CodeCentreTrouble {
		t.Error(e)
	}
}

func TestPushAnswerMatches(t *testing.T) {
	sent := chain(t, 3)
	a := PushAnswer{Results: []Result{{N: 1, Seq: 9}, {N: 2, Code: record.CodeRejected, Detail: "too large"}}, Expect: 3}
	placed, rejected, err := a.Match(sent)
	if err != nil || len(placed) != 1 || placed[0] != (record.Placed{ID: sent[0].ID, Seq: 9}) || len(rejected) != 1 || rejected[0].ID != sent[1].ID {
		t.Fatal(placed, rejected, err)
	}
	for _, bad := range [][]Result{{{N: 2, Seq: 1}}, {{N: 1}}, {{N: 1, Seq: 1, Code: "x"}}, {{N: 1, Seq: 1}, {N: 2, Seq: 1}, {N: 3, Seq: 1}, {N: 4, Seq: 1}}} {
		if _, _, err := (PushAnswer{Results: bad}).Match(sent); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
	b, _ := json.Marshal(a)
	golden(t, "push_answer.json", append(b, '\n'))
}
