package protocol

import (
	"bytes"
	"net/http/httptest"
	"net/url"
	"testing"

	"schalter/data/record"
)

func FuzzDecodePush(f *testing.F) {
	body, err := EncodePush(chain(f, 3))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body, false)
	f.Add(body[:len(body)-3], false)
	f.Add([]byte("{\"id\":\"x\",\"n\":1,\"payload\":{}}\n"), true)
	f.Fuzz(func(t *testing.T, b []byte, plain bool) {
		if plain { // reach the JSON without the fuzzer having to invent zstd frames
			b = pack(t, b)
		}
		got, err := DecodePush(bytes.NewReader(b))
		if err != nil {
			return
		}
		if len(got) == 0 || len(got) > MaxPushChanges {
			t.Fatalf("%d changes", len(got))
		}
		for _, l := range got {
			if len(l.Bytes) > MaxLine || bytes.ContainsRune(l.Bytes, '\n') {
				t.Fatalf("line of %d bytes", len(l.Bytes))
			}
			again, err := ParseLine(l.Bytes)
			if err != nil || again.Change.Hash() != l.Change.Hash() {
				t.Fatalf("a kept line reads differently: %v", err)
			}
		}
	})
}

func FuzzDecodePull(f *testing.F) {
	body, _ := pulled(f, chain(f, 3), 2)
	f.Add(body, false)
	f.Add(unpack(f, body), true)
	f.Add([]byte(`{"next":{"history":"h","seq":0,"hash":""}}`+"\n"), true)
	f.Fuzz(func(t *testing.T, b []byte, plain bool) {
		if plain {
			b = pack(t, b)
		}
		p, err := DecodePull(bytes.NewReader(b), record.Cursor{})
		if err != nil {
			return
		}
		if p.Next.Seq != uint64(len(p.Changes)) {
			t.Fatalf("%d changes up to %d", len(p.Changes), p.Next.Seq)
		}
	})
}

func FuzzParseEnrolCode(f *testing.F) {
	c, err := NewEnrolCode("https://centre.example:8443", "ms", nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(c.String())
	f.Add("schalter:///ms/0000")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseEnrolCode(s)
		if err != nil {
			return
		}
		if again, err := ParseEnrolCode(c.String()); err != nil || again != c {
			t.Fatalf("%q reads as %+v, written %q: %v", s, c, c.String(), err)
		}
	})
}

func FuzzPullQueryAndSignature(f *testing.F) {
	f.Add("cursor=0198f000-0000-7000-8000-000000000001.0.&wait=3", "x", "y")
	f.Fuzz(func(t *testing.T, query, dev, sig string) {
		if q, err := url.ParseQuery(query); err == nil {
			if p, err := ParsePull(q); err == nil && (p.Wait > MaxWait || p.Max < 1 || p.Max > MaxPullBytes) {
				t.Fatalf("%+v", p)
			}
		}
		r := httptest.NewRequest("GET", "/v1/pull", nil)
		r.Header.Set(HeaderDevice, dev)
		r.Header.Set(HeaderSignature, sig)
		if s, err := ReadSignature(r); err == nil && s.Verify(r, make([]byte, 32)) == nil {
			t.Fatal("a signature out of thin air")
		}
	})
}
