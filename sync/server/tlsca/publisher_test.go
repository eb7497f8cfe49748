package tlsca

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"io/fs"
	"os"
	"testing"

	"schalter/data/form/pack"
)

func TestPublisherIsMadeOnceAndEndorsed(t *testing.T) {
	dir, at := t.TempDir(), now
	k := open(t, dir, &at)
	if _, err := k.PublisherKey("ms"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a key before it was made: %v", err)
	}
	p, err := k.Publisher("ms", "Musterstadt")
	if err != nil {
		t.Fatal(err)
	}
	public := p.Key.Public().(ed25519.PublicKey)
	again, err := open(t, dir, &at).Publisher("ms", "Musterstadt")
	if err != nil || !again.Key.Equal(p.Key) {
		t.Fatalf("another key: %v", err)
	}
	if got, err := k.PublisherKey("ms"); err != nil || !got.Equal(public) {
		t.Error(err)
	}
	other, err := k.Publisher("ns", "Nebenstadt")
	if err != nil || other.Key.Equal(p.Key) {
		t.Fatalf("two town halls share a key: %v", err)
	}
	if err := pack.Endorsed(pack.Publisher{Key: public, Certificate: p.Certificate}, k.CA()); err != nil {
		t.Error(err)
	}
	if err := pack.Endorsed(pack.Publisher{Key: public, Certificate: other.Certificate}, k.CA()); err == nil {
		t.Error("one town hall's certificate stands for another's key")
	}
	for _, name := range []string{"", "../ca", "MS", "m/s"} {
		if _, err := k.Publisher(name, "x"); err == nil {
			t.Errorf("%q names a key", name)
		}
	}
	if i, err := os.Stat(k.PublisherFile("ms")); err != nil || i.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", i, err)
	}
	if err := os.WriteFile(k.PublisherFile("ms"), bytes.Repeat([]byte("x"), 10), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Publisher("ms", "Musterstadt"); err == nil {
		t.Error("a broken key was replaced silently")
	}
}
