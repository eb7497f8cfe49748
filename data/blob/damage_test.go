package blob

import (
	"bytes"
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"schalter/data/record"
)

// rewrite changes the bytes of a stored file.
func rewrite(t *testing.T, path string, change func([]byte) []byte) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, change(b), 0o600); err != nil {
		t.Fatal(err)
	}
}

// checkAll runs Check and returns what it said by hash.
func checkAll(t *testing.T, s *Store) map[record.Hash]error {
	t.Helper()
	out := map[record.Hash]error{}
	err := s.Check(context.Background(), func(h record.Hash, _ int64, err error) { out[h] = err })
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEveryFlippedByteIsFound(t *testing.T) {
	s := newStore(t)
	for _, n := range []int{0, 300, 2*chunkSize + 50} {
		content := random(t, n)
		ref := put(t, s, content)
		path := s.path(s.keys.name(ref.Hash))
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		step := 1
		if n > 1000 {
			step = 1009 // a prime, so that all kinds of places are met
		}
		for i := 0; i < len(good); i += step {
			bad := bytes.Clone(good)
			bad[i] ^= 0x10
			if err := os.WriteFile(path, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := s.ReadAll(ref.Hash, ref.Size)
			if err == nil && n == 0 { // nothing is read of an empty file
				err = s.verify(ref.Hash)
			}
			if record.CodeOf(err) != record.CodeBlobDamaged {
				t.Fatalf("%d bytes: flip of byte %d: %v", n, i, err)
			}
		}
		if err := os.WriteFile(path, good, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestExchangedAndCutChunksAreFound(t *testing.T) {
	const sealed = chunkSize + tagSize
	swap := func(b []byte, i, j int64) {
		tmp := bytes.Clone(b[chunkAt(i):][:sealed])
		copy(b[chunkAt(i):][:sealed], b[chunkAt(j):][:sealed])
		copy(b[chunkAt(j):][:sealed], tmp)
	}
	for name, change := range map[string]func(mine, other []byte) []byte{
		"exchanged":   func(b, _ []byte) []byte { swap(b, 0, 1); return b },
		"repeated":    func(b, _ []byte) []byte { copy(b[chunkAt(1):][:sealed], b[chunkAt(0):]); return b },
		"of another":  func(b, o []byte) []byte { copy(b[chunkAt(1):][:sealed], o[chunkAt(1):]); return b },
		"cut":         func(b, _ []byte) []byte { return b[:chunkAt(2)] },
		"cut by one":  func(b, _ []byte) []byte { return b[:len(b)-1] },
		"longer":      func(b, _ []byte) []byte { return append(b, 0) },
		"other head":  func(b, o []byte) []byte { copy(b[:headerSize], o); return b },
		"only head":   func(b, _ []byte) []byte { return b[:headerSize] },
		"half a head": func(b, _ []byte) []byte { return b[:10] },
		"empty":       func([]byte, []byte) []byte { return nil },
		"zeros":       func(b, _ []byte) []byte { clear(b[chunkAt(1):chunkAt(2)]); return b },
		"all zeros":   func(b, _ []byte) []byte { clear(b); return b },
	} {
		s := newStore(t)
		ref, whole := put(t, s, random(t, 3*chunkSize)), put(t, s, random(t, 3*chunkSize))
		other, err := os.ReadFile(s.path(s.keys.name(whole.Hash)))
		if err != nil {
			t.Fatal(err)
		}
		rewrite(t, s.path(s.keys.name(ref.Hash)), func(b []byte) []byte { return change(b, other) })
		if _, err := s.ReadAll(ref.Hash, ref.Size); record.CodeOf(err) != record.CodeBlobDamaged {
			t.Errorf("%s: %v", name, err)
		}
		found := 0
		err = s.Check(context.Background(), func(_ record.Hash, _ int64, err error) {
			if record.CodeOf(err) == record.CodeBlobDamaged {
				found++
			}
		})
		if err != nil {
			t.Error(err)
		}
		if found != 1 {
			t.Errorf("%s: Check found %d damaged files, want 1", name, found)
		}
	}
}

// A whole prefix of the chunks with a header that says so, made by a hand that has no key, is impossible; the
// flag of the last chunk holds even if the header could be exchanged.
func TestLastChunkIsMarked(t *testing.T) {
	s := newStore(t)
	seal := s.keys.newSealing()
	plain := []byte("chunk")
	for _, last := range []bool{true, false} {
		sealed := seal.sealChunk(nil, plain, 0, last)
		if _, err := seal.openChunk(bytes.Clone(sealed), 0, !last); err == nil {
			t.Errorf("last=%v opens as %v", last, !last)
		}
		if got, err := seal.openChunk(sealed, 0, last); err != nil || !bytes.Equal(got, plain) {
			t.Errorf("last=%v: %v", last, err)
		}
	}
}

func TestCheckNamesEveryFile(t *testing.T) {
	s := newStore(t)
	good, bad, moved := put(t, s, random(t, 70_000)), put(t, s, random(t, 70_000)), put(t, s, random(t, 10))
	rewrite(t, s.path(s.keys.name(bad.Hash)), func(b []byte) []byte { b[len(b)-3] ^= 1; return b })
	place := s.path(s.keys.name(moved.Hash))
	if err := os.Rename(place, place[:len(place)-4]+"0000"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(place), "thumbs.db"), []byte("junk"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := checkAll(t, s)
	if len(got) != 4 || got[good.Hash] != nil {
		t.Errorf("found %v", got)
	}
	for _, h := range []record.Hash{bad.Hash, moved.Hash, ""} {
		wantCode(t, got[h], record.CodeBlobDamaged)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Check(ctx, func(record.Hash, int64, error) { t.Error("went on") }); err == nil {
		t.Error("a cancelled check passed")
	}
}

func FuzzOpenHeader(f *testing.F) {
	k, err := deriveKeys(testKey)
	if err != nil {
		f.Fatal(err)
	}
	seal := sealing{aead: k.aead, prefix: [prefixSize]byte{1, 2, 3}} // the same in every worker
	want := record.BlobRef{Hash: record.HashOf([]byte("x")), Size: 1}
	good, err := seal.header(want)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:20])
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, ref, err := k.openHeader(b)
		if err == nil && (!bytes.Equal(b, good) || ref != want) {
			t.Fatalf("accepted a header nobody sealed: %x", b)
		}
	})
}

// The sealed part of a header comes from us alone, and yet its parser takes anything.
func FuzzParseHeader(f *testing.F) {
	f.Add(binary.BigEndian.AppendUint64(make([]byte, 32), 5))
	f.Add([]byte{})
	f.Add(bytes.Repeat([]byte{0xff}, 40))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, ref, err := parseHeader(sealing{}, b)
		if err != nil {
			return
		}
		if !ref.Hash.Valid() || ref.Size < 0 || ref.Size > maxSize || fileSize(ref.Size) < ref.Size || chunkLen(ref.Size, chunks(ref.Size)-1) < 0 {
			t.Fatalf("accepted %+v", ref)
		}
	})
}

func FuzzFile(f *testing.F) {
	s := newStore(f)
	content := bytes.Repeat([]byte("ab"), chunkSize/2+9)
	ref := put(f, s, content)
	path := s.path(s.keys.name(ref.Hash))
	seal := sealing{aead: s.keys.aead, prefix: [prefixSize]byte{1, 2, 3}} // the same in every worker
	good, err := seal.header(ref)
	if err != nil {
		f.Fatal(err)
	}
	good = seal.sealChunk(good, content[:chunkSize], 0, false)
	good = seal.sealChunk(good, content[chunkSize:], 1, true)
	f.Add(good)
	f.Add(good[:chunkAt(1)])
	f.Add(good[:headerSize])
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := s.ReadAll(ref.Hash, ref.Size)
		switch {
		case err == nil && !bytes.Equal(got, content):
			t.Fatal("wrong content without an error")
		case err == nil && !bytes.Equal(b, good):
			t.Fatal("altered bytes were not noticed")
		case err != nil && record.CodeOf(err) != record.CodeBlobDamaged:
			t.Fatalf("error %v", err)
		}
	})
}
