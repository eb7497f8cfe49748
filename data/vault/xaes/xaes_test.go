package xaes

import (
	"bytes"
	"crypto/sha3"
	"encoding/hex"
	"os"
	"testing"
)

// The two vectors are those of the C2SP specification: the first has the top bit of AES_K(0) clear, the
// second has it set.
func TestPublishedVectors(t *testing.T) {
	for _, v := range []struct {
		key        byte
		additional string
		want       string
	}{
		{1, "", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"},
		{3, "c2sp.org/XAES-256-GCM", "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"},
	} {
		a, err := New(bytes.Repeat([]byte{v.key}, KeySize))
		if err != nil {
			t.Fatal(err)
		}
		nonce, text := []byte("ABCDEFGHIJKLMNOPQRSTUVWX"), []byte("XAES-256-GCM")
		sealed := a.Seal(nil, nonce, text, []byte(v.additional))
		if hex.EncodeToString(sealed) != v.want {
			t.Errorf("key %d: sealed to %x, want %s", v.key, sealed, v.want)
		}
		if got, err := a.Open(nil, nonce, sealed, []byte(v.additional)); err != nil || !bytes.Equal(got, text) {
			t.Errorf("key %d: opened to %q, %v", v.key, got, err)
		}
		for i := range sealed {
			sealed[i] ^= 1
			if _, err := a.Open(nil, nonce, sealed, []byte(v.additional)); err == nil {
				t.Errorf("key %d: a flipped byte %d was not noticed", v.key, i)
			}
			sealed[i] ^= 1
		}
		if _, err := a.Open(nil, nonce, sealed, []byte(v.additional+"x")); err == nil {
			t.Errorf("key %d: other additional text was not noticed", v.key)
		}
	}
}

// The accumulated vectors of the specification: random keys, nonces, texts and additional texts drawn from
// SHAKE128, all ciphertexts hashed.
func TestAccumulatedVectors(t *testing.T) {
	n, want := 10_000, "e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939"
	if os.Getenv("SCHALTER_LONG") != "" {
		n, want = 1_000_000, "2163ae1445985a30b60585ee67daa55674df06901b890593e824b8a7c885ab15"
	}
	in, out := sha3.NewSHAKE128(), sha3.NewSHAKE128()
	draw := func(n int) []byte {
		b := make([]byte, n)
		if _, err := in.Read(b); err != nil {
			t.Fatal(err)
		}
		return b
	}
	for range n {
		a, err := New(draw(KeySize))
		if err != nil {
			t.Fatal(err)
		}
		nonce := draw(NonceSize)
		text := draw(int(draw(1)[0]))
		additional := draw(int(draw(1)[0]))
		sealed := a.Seal(nil, nonce, text, additional)
		if _, err := out.Write(sealed); err != nil {
			t.Fatal(err)
		}
		if got, err := a.Open(nil, nonce, sealed, additional); err != nil || !bytes.Equal(got, text) {
			t.Fatalf("opened to %x, %v", got, err)
		}
	}
	sum := make([]byte, 32)
	if _, err := out.Read(sum); err != nil {
		t.Fatal(err)
	}
	if hex.EncodeToString(sum) != want {
		t.Errorf("%d messages hash to %x, want %s", n, sum, want)
	}
}

func TestWrongSizes(t *testing.T) {
	if _, err := New(make([]byte, 16)); err == nil {
		t.Error("a short key was taken")
	}
	a, err := New(make([]byte, KeySize))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Open(nil, make([]byte, 12), make([]byte, 40), nil); err == nil {
		t.Error("a short nonce was taken")
	}
}
