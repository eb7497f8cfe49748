package blob

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"schalter/data/record"
)

const canary = "MUSTERMANN-GEHEIM-4711"

var testKey = [32]byte{1, 2, 3}

func newStore(t testing.TB) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "blobs"), testKey)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func random(t testing.TB, n int) []byte {
	t.Helper()
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		t.Fatal(err)
	}
	return b
}

func put(t testing.TB, s *Store, b []byte) record.BlobRef {
	t.Helper()
	ref, err := s.Put(context.Background(), bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if ref.Hash != record.HashOf(b) || ref.Size != int64(len(b)) {
		t.Fatalf("stored as %+v", ref)
	}
	return ref
}

func wantCode(t testing.TB, err error, want record.Code) {
	t.Helper()
	if got := record.CodeOf(err); got != want {
		t.Errorf("error %v, want %q", err, want)
	}
}

// files lists all files below the store's directory.
func files(t testing.TB, s *Store) (out []string) {
	t.Helper()
	err := filepath.WalkDir(s.dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var sizes = []int{0, 1, 100, chunkSize - 1, chunkSize, chunkSize + 1, 2 * chunkSize, 5*chunkSize + 17}

func TestWhatIsPutIsThereAfterRestart(t *testing.T) {
	s := newStore(t)
	want := map[record.Hash][]byte{}
	for _, n := range sizes {
		b := random(t, n)
		want[put(t, s, b).Hash] = b
	}
	s, err := Open(s.dir, testKey)
	if err != nil {
		t.Fatal(err)
	}
	for h, b := range want {
		if got, err := s.ReadAll(h, int64(len(b))); err != nil || !bytes.Equal(got, b) {
			t.Errorf("%d bytes: %v", len(b), err)
		}
		if !s.Has(h) {
			t.Errorf("%d bytes: not there", len(b))
		}
		r, err := s.Open(h)
		if err != nil {
			t.Fatal(err)
		}
		if r.Size() != int64(len(b)) {
			t.Errorf("size %d, want %d", r.Size(), len(b))
		}
		if err := iotest.TestReader(r, b); err != nil {
			t.Errorf("%d bytes: %v", len(b), err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		if len(b) > 0 {
			if _, err := r.ReadAt(make([]byte, 1), 0); !errors.Is(err, os.ErrClosed) {
				t.Errorf("read after close: %v", err)
			}
			_, err = s.ReadAll(h, int64(len(b))-1)
			wantCode(t, err, record.CodeBlobTooLarge)
		}
	}
	none := record.HashOf([]byte("none"))
	_, err = s.Open(none)
	wantCode(t, err, record.CodeBlobMissing)
	_, err = s.Open("../../etc/passwd")
	wantCode(t, err, record.CodeBlobMissing)
	if s.Has(none) || s.Has("") {
		t.Error("has what is not there")
	}
}

func TestPropertyReadAt(t *testing.T) {
	s := newStore(t)
	content := random(t, 7*chunkSize+99)
	ref := put(t, s, content)
	r, err := s.Open(ref.Hash)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	whole := bytes.NewReader(content)
	rapid.Check(t, func(t *rapid.T) {
		off := rapid.Int64Range(0, ref.Size+10).Draw(t, "off")
		n := rapid.IntRange(0, 3*chunkSize).Draw(t, "n")
		got, want := make([]byte, n), make([]byte, n)
		gn, gerr := r.ReadAt(got, off)
		wn, werr := whole.ReadAt(want, off)
		if n == 0 {
			werr = gerr // bytes.Reader ends before it looks at the length
		}
		if gn != wn || !errors.Is(gerr, werr) || !bytes.Equal(got, want) {
			t.Fatalf("ReadAt(%d, %d) = %d, %v, want %d, %v", n, off, gn, gerr, wn, werr)
		}
	})
}

func TestReadersAtOnce(t *testing.T) {
	s := newStore(t)
	content := random(t, 9*chunkSize)
	r, err := s.Open(put(t, s, content).Hash)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			b := make([]byte, 1000)
			for j := range 200 {
				off := (i*7919 + j*104729) % (len(content) - len(b))
				if _, err := r.ReadAt(b, int64(off)); err != nil || !bytes.Equal(b, content[off:off+len(b)]) {
					t.Errorf("at %d: %v", off, err)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestSameContentIsStoredOnce(t *testing.T) {
	s := newStore(t)
	b := random(t, chunkSize+5)
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() { put(t, s, b) })
	}
	wg.Wait()
	if f := files(t, s); len(f) != 1 {
		t.Errorf("files %v", f)
	}
	// a damaged file is replaced by putting its content again
	path := files(t, s)[0]
	if err := os.Truncate(path, 100); err != nil {
		t.Fatal(err)
	}
	ref := put(t, s, b)
	if got, err := s.ReadAll(ref.Hash, ref.Size); err != nil || !bytes.Equal(got, b) {
		t.Errorf("not mended: %v", err)
	}
}

func TestNothingInTheClear(t *testing.T) {
	s := newStore(t)
	b := bytes.Repeat([]byte(canary), 5000)
	ref := put(t, s, b)
	p, err := s.Receive(record.BlobRef{Hash: record.HashOf([]byte("x")), Size: int64(len(b))})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Write(b[:chunkSize+1]); err != nil {
		t.Fatal(err)
	}
	all := files(t, s)
	if len(all) != 2 {
		t.Fatalf("files %v", all)
	}
	for _, f := range all {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(raw, []byte(canary)) || bytes.Contains(raw, []byte(ref.Hash)) {
			t.Errorf("%s holds content or hash", f)
		}
		if strings.Contains(f, string(ref.Hash)) || filepath.Base(f) == string(ref.Hash) {
			t.Errorf("%s shows the hash", f)
		}
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	// equal content under another key looks altogether different
	other, err := Open(t.TempDir(), [32]byte{9})
	if err != nil {
		t.Fatal(err)
	}
	put(t, other, b)
	if filepath.Base(files(t, other)[0]) == s.keys.name(ref.Hash) {
		t.Error("two keys give one name")
	}
}

func TestWrongKey(t *testing.T) {
	s := newStore(t)
	ref := put(t, s, []byte("inhalt"))
	other, err := Open(s.dir, [32]byte{9})
	if err != nil {
		t.Fatal(err)
	}
	if other.Has(ref.Hash) {
		t.Error("found under another key")
	}
	if err := os.MkdirAll(filepath.Dir(other.path(other.keys.name(ref.Hash))), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(s.path(s.keys.name(ref.Hash)), other.path(other.keys.name(ref.Hash))); err != nil {
		t.Fatal(err)
	}
	_, err = other.Open(ref.Hash)
	wantCode(t, err, record.CodeBlobDamaged)
}

func TestFailedPutLeavesNothing(t *testing.T) {
	s := newStore(t)
	boom := errors.New("boom")
	_, err := s.Put(context.Background(), io.MultiReader(bytes.NewReader(random(t, 3*chunkSize)), iotest.ErrReader(boom)))
	if !errors.Is(err, boom) {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	endless := readerFunc(func(b []byte) (int, error) { cancel(); return len(b), nil })
	if _, err := s.Put(ctx, endless); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if f := files(t, s); len(f) != 0 {
		t.Errorf("left behind: %v", f)
	}
	// what a crash left is removed at the next start
	if err := os.WriteFile(filepath.Join(s.dir, tmpDir, "put-1"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(s.dir, testKey); err != nil {
		t.Fatal(err)
	}
	if f := files(t, s); len(f) != 0 {
		t.Errorf("left behind after a start: %v", f)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

func TestRemove(t *testing.T) {
	s := newStore(t)
	ref := put(t, s, []byte("a"))
	p, err := s.Receive(record.BlobRef{Hash: record.HashOf([]byte("b")), Size: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	for _, h := range []record.Hash{ref.Hash, p.ref.Hash, record.HashOf([]byte("c")), "", ref.Hash} {
		if err := s.Remove(h); err != nil {
			t.Errorf("%q: %v", h, err)
		}
	}
	if f := files(t, s); len(f) != 0 || s.Has(ref.Hash) {
		t.Errorf("still there: %v", f)
	}
}

func BenchmarkPut(b *testing.B) {
	s := newStore(b)
	content := random(b, 300<<10)
	b.SetBytes(int64(len(content)))
	for i := 0; b.Loop(); i++ {
		content[0], content[1], content[2] = byte(i), byte(i>>8), byte(i>>16)
		if _, err := s.Put(context.Background(), bytes.NewReader(content)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadAll(b *testing.B) {
	s := newStore(b)
	ref := put(b, s, random(b, 300<<10))
	b.SetBytes(ref.Size)
	for b.Loop() {
		if _, err := s.ReadAll(ref.Hash, ref.Size); err != nil {
			b.Fatal(err)
		}
	}
}

// A folder that somebody tidied away because it was empty does not keep a file out.
func TestFoldersThatAreGoneComeBack(t *testing.T) {
	s := newStore(t)
	b := random(t, 100)
	if err := os.Remove(filepath.Dir(s.path(s.keys.name(record.HashOf(b))))); err != nil {
		t.Fatal(err)
	}
	ref := put(t, s, b)
	if err := s.verify(ref.Hash); err != nil {
		t.Error(err)
	}
}

// Many different files at once are all there, each in its place.
func TestPutsAtOnce(t *testing.T) {
	s := newStore(t)
	refs := make([]record.BlobRef, 60)
	var wg sync.WaitGroup
	for w := range 6 {
		wg.Go(func() {
			for i := w; i < len(refs); i += 6 {
				refs[i] = put(t, s, bytes.Repeat([]byte{byte(i)}, 1000*i))
			}
		})
	}
	wg.Wait()
	for i, ref := range refs {
		if err := s.verify(ref.Hash); err != nil {
			t.Errorf("%d: %v", i, err)
		}
	}
	if f := files(t, s); len(f) != len(refs) {
		t.Errorf("%d files", len(f))
	}
}

// The same content that comes several times at once is there once, and nobody is told of trouble.
func TestTheSameAtOnce(t *testing.T) {
	s := newStore(t)
	b := random(t, 200_000)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			ref := put(t, s, b)
			if err := s.verify(ref.Hash); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if f := files(t, s); len(f) != 1 {
		t.Errorf("%d files", len(f))
	}
}
