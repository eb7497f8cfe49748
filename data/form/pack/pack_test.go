package pack

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"schalter/data/record"
)

func formFile(id, version, title string) []byte {
	return fmt.Appendf(nil, `{"format": "schalter-form/1", "id": %q, "version": %q, "title": {"de": %q},
		"groups": [{"group": "g", "label": {"de": "G"}, "items": [{"field": "a", "type": "text", "label": {"de": "A"}}]}]}`, id, version, title)
}

var testKey = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))

func trustAll(Publisher) error { return nil }

func testPack() Pack {
	return Pack{Name: "Kreis Musterland", Version: "2026.1", Forms: []File{
		{Bytes: formFile("katze", "1.10", "Katze")}, {Bytes: formFile("hund", "2", "Hund")}, {Bytes: formFile("katze", "1.9", "Katze")},
	}}
}

func sealed(t testing.TB, p Pack) []byte {
	t.Helper()
	b, err := Seal(p, testKey, []byte("certificate"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAPackComesBackAsItWasSealed(t *testing.T) {
	b := sealed(t, testPack())
	if !bytes.Equal(b, sealed(t, testPack())) {
		t.Error("the same content twice makes two files")
	}
	if !Is(b) || Is(formFile("hund", "1", "x")) {
		t.Error("Is does not tell a pack from a form")
	}
	var who Publisher
	p, err := Open(b, func(w Publisher) error { who = w; return nil })
	if err != nil {
		t.Fatal(err)
	}
	if !who.Key.Equal(testKey.Public()) || string(who.Certificate) != "certificate" {
		t.Errorf("%+v", who)
	}
	if p.Name != "Kreis Musterland" || p.Version != "2026.1" || len(p.Forms) != 3 {
		t.Fatalf("%+v", p)
	}
	for i, want := range []string{"hund 2", "katze 1.9", "katze 1.10"} {
		f := p.Forms[i]
		if got := f.Form.ID + " " + f.Form.Version; got != want || !bytes.Equal(f.Bytes, formFile(f.Form.ID, f.Form.Version, f.Title["de"])) {
			t.Errorf("%s, want %s: %s", got, want, f.Bytes)
		}
	}
}

func wantDamaged(t testing.TB, what string, err error) {
	t.Helper()
	if record.CodeOf(err) != record.CodePackDamaged {
		t.Errorf("%s: %v", what, err)
	}
}

// Every single bit and every place to cut.
func TestTamperingIsFound(t *testing.T) {
	b := sealed(t, Pack{Name: "x", Version: "1", Forms: []File{{Bytes: formFile("hund", "1", "x")}}})
	trust := func(Publisher) error {
		t.Error("the publisher was asked about before the signature was good")
		return nil
	}
	for i := range b {
		for bit := range 8 {
			c := bytes.Clone(b)
			c[i] ^= 1 << bit
			_, err := Open(c, trust)
			wantDamaged(t, fmt.Sprintf("bit %d of byte %d", bit, i), err)
		}
		_, err := Open(b[:i], trust)
		wantDamaged(t, fmt.Sprintf("cut at %d", i), err)
	}
	_, err := Open(append(bytes.Clone(b), 0), trust)
	wantDamaged(t, "a byte more", err)
}

func TestOnlyAnAgreedPublisherIsUnpacked(t *testing.T) {
	no := errors.New("no")
	// What is inside would be refused, but is not looked at.
	b := raw(t, "not even packed")
	if _, err := Open(b, func(Publisher) error { return no }); !errors.Is(err, no) {
		t.Error(err)
	}
	_, err := Open(b, trustAll)
	wantDamaged(t, "not packed", err)
}

// raw signs anything as the content of a pack, as a publisher with evil intent could.
func raw(t testing.TB, content string) []byte {
	t.Helper()
	out := append([]byte(magic), testKey.Public().(ed25519.PublicKey)...)
	out = binary.BigEndian.AppendUint16(out, 0)
	out = append(out, content...)
	return append(out, ed25519.Sign(testKey, signed(out))...)
}

func packed(t testing.TB, content string) string {
	t.Helper()
	e, err := packer()
	if err != nil {
		t.Fatal(err)
	}
	return string(e.EncodeAll([]byte(content), nil))
}

func TestWrongContentIsRefusedUnderAGoodSignature(t *testing.T) {
	good, err := plain(Pack{Name: "x", Version: "1", Forms: []File{mustOf(t, formFile("a", "1", "x")), mustOf(t, formFile("b", "1", "x"))}})
	if err != nil {
		t.Fatal(err)
	}
	line, files, _ := strings.Cut(string(good), "\n")
	if _, err := Open(raw(t, packed(t, string(good))), trustAll); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"no list":              "x",
		"no forms":             `{"name":"x","version":"1","forms":[]}` + "\n",
		"a blank in the list":  strings.Replace(line, `,"version"`, `, "version"`, 1) + "\n" + files,
		"a key nobody knows":   strings.Replace(line, `{"name"`, `{"extra":1,"name"`, 1) + "\n" + files,
		"a key twice":          strings.Replace(line, `{"name":"x"`, `{"name":"y","name":"x"`, 1) + "\n" + files,
		"in another order":     reorder(line) + "\n" + files,
		"cut off":              string(good[:len(good)-1]),
		"more behind":          string(good) + " ",
		"another form":         line + "\n" + strings.Replace(files, `"A"`, `"B"`, 1),
		"a form that is none":  line + "\n" + strings.Replace(files, `"format"`, `"farmot"`, 1),
		"a name of two lines":  strings.Replace(line, `"name":"x"`, `"name":"x\ny"`, 1) + "\n" + files,
		"a strange version":    strings.Replace(line, `"version":"1","forms"`, `"version":"new","forms"`, 1) + "\n" + files,
		"a negative size":      strings.Replace(line, `"size":`, `"size":-`, 1) + "\n" + files,
		"an immense size":      strings.Replace(line, `"size":`, `"size":99`, 1) + "\n" + files,
		"nothing":              "",
		"a bomb of many bytes": strings.Repeat("\x00", MaxPlain+1),
	} {
		_, err := Open(raw(t, packed(t, content)), trustAll)
		wantDamaged(t, name, err)
	}
}

func reorder(line string) string {
	i, j := strings.Index(line, `{"form":`), strings.LastIndex(line, `,{"form":`)
	return line[:i] + line[j+1:len(line)-2] + "," + line[i:j] + line[len(line)-2:]
}

func mustOf(t testing.TB, b []byte) File {
	t.Helper()
	f, err := Of(b)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestWhatCannotBeSealed(t *testing.T) {
	one := File{Bytes: formFile("a", "1", "x")}
	for name, p := range map[string]Pack{
		"no name":        {Version: "1", Forms: []File{one}},
		"no version":     {Name: "x", Forms: []File{one}},
		"no forms":       {Name: "x", Version: "1"},
		"the same twice": {Name: "x", Version: "1", Forms: []File{one, {Bytes: formFile("a", "1.0", "y")}}},
		"no form":        {Name: "x", Version: "1", Forms: []File{{Bytes: []byte("{}")}}},
		"open rules": {Name: "x", Version: "1", Forms: []File{{Bytes: bytes.Replace(formFile("a", "1", "x"), []byte(`"groups"`),
			[]byte(`"rules": [{"rule": "r", "do": "unresolved", "on": ["g/a"], "text": {"de": "?"}}], "groups"`), 1)}}},
	} {
		if b, err := Seal(p, testKey, nil); err == nil {
			t.Errorf("%s: sealed %d bytes", name, len(b))
		}
	}
}

func authority(t *testing.T) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "CA"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c, err = x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c, key
}

func TestEndorsement(t *testing.T) {
	ca, caKey := authority(t)
	other, _ := authority(t)
	public := testKey.Public().(ed25519.PublicKey)
	der, err := Endorse(public, "Musterstadt", ca, caKey, time.Now().Add(-50*365*24*time.Hour)) // a clock far off
	if err != nil {
		t.Fatal(err)
	}
	thief, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	// A server's certificate of the same authority does not make a publisher.
	server := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "centre"}, NotBefore: ca.NotBefore, NotAfter: ca.NotAfter,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	serverDER, err := x509.CreateCertificate(rand.Reader, server, ca, public, caKey)
	if err != nil {
		t.Fatal(err)
	}
	if err := Endorsed(Publisher{public, der}, ca.Raw); err != nil {
		t.Error(err)
	}
	for name, x := range map[string]struct {
		who Publisher
		ca  []byte
	}{
		"another authority":    {Publisher{public, der}, other.Raw},
		"another key":          {Publisher{thief, der}, ca.Raw},
		"no certificate":       {Publisher{public, nil}, ca.Raw},
		"no authority":         {Publisher{public, der}, nil},
		"a broken one":         {Publisher{public, der[:len(der)-1]}, ca.Raw},
		"a server's":           {Publisher{public, serverDER}, ca.Raw},
		"the authority itself": {Publisher{public, ca.Raw}, ca.Raw},
	} {
		if err := Endorsed(x.who, x.ca); err == nil {
			t.Errorf("%s: believed", name)
		}
	}
}

func TestFingerprint(t *testing.T) {
	key := testKey.Public().(ed25519.PublicKey)
	f := Fingerprint(key)
	if len(f) != 16*5-1 || !SameFingerprint(f, key) || !SameFingerprint(strings.ToUpper(strings.ReplaceAll(f, " ", "-")), key) {
		t.Error(f)
	}
	if SameFingerprint(f[:len(f)-1], key) || SameFingerprint("", key) || SameFingerprint(strings.Replace(f, f[:4], "0000", 1), key) {
		t.Error("a wrong fingerprint passes")
	}
}

func TestAnyPackComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Pack{Name: rapid.StringMatching(`[A-Za-zÄ<>&"\\ ]{1,30}`).Draw(t, "name"), Version: rapid.StringMatching(`[0-9]{1,4}(\.[0-9]{1,3}){0,2}`).Draw(t, "version")}
		for i := range rapid.IntRange(1, 5).Draw(t, "forms") {
			p.Forms = append(p.Forms, File{Bytes: formFile(fmt.Sprintf("f%d", i), fmt.Sprint(rapid.IntRange(0, 99).Draw(t, "v")), "x")})
		}
		b, err := Seal(p, testKey, nil)
		if err != nil {
			t.Fatal(err)
		}
		q, err := Open(b, trustAll)
		if err != nil {
			t.Fatal(err)
		}
		if q.Name != p.Name || q.Version != p.Version || len(q.Forms) != len(p.Forms) {
			t.Fatalf("%+v became %+v", p, q)
		}
	})
}

// Whatever arrives, signed or not: an error or a pack that seals to itself again; never a panic.
func FuzzOpen(f *testing.F) {
	good := sealed(f, testPack())
	content, err := plain(Pack{Name: "x", Version: "1", Forms: []File{mustOf(f, formFile("a", "1", "x"))}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good, false)
	f.Add([]byte(magic), false)
	f.Add(content, true)
	f.Add([]byte(`{"name":"x","version":"1","forms":[{"form":{"id":"a","version":"1","hash":""},"size":1}]}`+"\n{"), true)
	f.Fuzz(func(t *testing.T, b []byte, sign bool) {
		if sign {
			b = raw(t, packed(t, string(b)))
		}
		p, err := Open(b, trustAll)
		if err != nil {
			wantDamaged(t, "fuzzed", err)
			return
		}
		again, err := Seal(p, testKey, nil)
		if err != nil {
			t.Fatal(err)
		}
		if q, err := Open(again, trustAll); err != nil || len(q.Forms) != len(p.Forms) {
			t.Fatalf("%v", err)
		}
	})
}
