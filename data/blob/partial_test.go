package blob

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/record"
)

func receive(t testing.TB, s *Store, ref record.BlobRef) *Partial {
	t.Helper()
	p, err := s.Receive(ref)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func refOf(b []byte) record.BlobRef {
	return record.BlobRef{Hash: record.HashOf(b), Size: int64(len(b))}
}

func TestPropertyReceiveInPiecesWithRestarts(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		n := rapid.OneOf(rapid.SampledFrom(sizes), rapid.IntRange(0, 4*chunkSize)).Draw(rt, "size")
		content := random(t, n)
		ref := refOf(content)
		s, err := Open(dir, testKey)
		if err != nil {
			rt.Fatal(err)
		}
		p := receive(t, s, ref)
		for p.Offset() < ref.Size {
			off := p.Offset()
			if rapid.IntRange(0, 4).Draw(rt, "restart") == 0 {
				if err := p.Close(); err != nil {
					rt.Fatal(err)
				}
				if s, err = Open(dir, testKey); err != nil {
					rt.Fatal(err)
				}
				p = receive(t, s, ref)
				if want := off / chunkSize * chunkSize; p.Offset() != want {
					rt.Fatalf("resumes at %d, want %d", p.Offset(), want)
				}
				off = p.Offset()
			}
			m := rapid.IntRange(1, 2*chunkSize).Draw(rt, "piece")
			if err := p.Finish(); !errors.Is(err, ErrIncomplete) {
				rt.Fatalf("finished at %d of %d: %v", off, ref.Size, err)
			}
			if _, err := p.Write(content[off:min(off+int64(m), ref.Size)]); err != nil {
				rt.Fatal(err)
			}
		}
		if err := p.Finish(); err != nil {
			rt.Fatal(err)
		}
		got, err := s.ReadAll(ref.Hash, ref.Size)
		if err != nil || !bytes.Equal(got, content) {
			rt.Fatalf("received: %v", err)
		}
		if err := s.verify(ref.Hash); err != nil {
			rt.Fatal(err)
		}
	})
}

func TestReceiveWhatIsThere(t *testing.T) {
	s := newStore(t)
	b := random(t, 1000)
	ref := put(t, s, b)
	p := receive(t, s, ref)
	if p.Offset() != ref.Size {
		t.Errorf("offset %d", p.Offset())
	}
	if err := errors.Join(p.Finish(), p.Close()); err != nil {
		t.Error(err)
	}
	if _, err := p.Write([]byte("x")); err == nil {
		t.Error("took more")
	}
	if !s.Has(ref.Hash) {
		t.Error("the file is gone")
	}
}

func TestWrongBytesAreDropped(t *testing.T) {
	s := newStore(t)
	content := random(t, chunkSize+10)
	ref := refOf(content)
	wrong := bytes.Clone(content)
	wrong[5] ^= 1
	p := receive(t, s, ref)
	if _, err := p.Write(wrong); err != nil {
		t.Fatal(err)
	}
	wantCode(t, p.Finish(), record.CodeHashMismatch)
	wantCode(t, p.Finish(), record.CodeHashMismatch)
	if _, err := p.Write(nil); err == nil {
		t.Error("goes on after the end")
	}

	p = receive(t, s, ref)
	if p.Offset() != 0 {
		t.Errorf("wrong bytes were kept up to %d", p.Offset())
	}
	if _, err := p.Write(content); err != nil {
		t.Fatal(err)
	}
	_, err := p.Write([]byte("x"))
	wantCode(t, err, record.CodeHashMismatch)
	if f := files(t, s); len(f) != 0 {
		t.Errorf("left behind: %v", f)
	}

	// the same hash announced with another size is another file
	p = receive(t, s, ref)
	if _, err := p.Write(content[:chunkSize]); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	p = receive(t, s, record.BlobRef{Hash: ref.Hash, Size: ref.Size + 1})
	if p.Offset() != 0 {
		t.Errorf("another size resumed at %d", p.Offset())
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	for _, ref := range []record.BlobRef{{}, {Hash: "x", Size: 1}, {Hash: ref.Hash, Size: -1}, {Hash: ref.Hash, Size: maxSize + 1}} {
		if _, err := s.Receive(ref); err == nil {
			t.Errorf("received %+v", ref)
		}
	}
}

func TestOneReceiverAtATime(t *testing.T) {
	s := newStore(t)
	ref := refOf([]byte("abc"))
	p := receive(t, s, ref)
	if _, err := s.Receive(ref); err == nil {
		t.Error("two receivers of one file")
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if _, err := p.Write([]byte("abc")); !errors.Is(err, os.ErrClosed) {
		t.Errorf("write after close: %v", err)
	}
	p = receive(t, s, ref)
	if _, err := p.Write([]byte("abc")); err != nil {
		t.Fatal(err)
	}
	if err := p.Finish(); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Errorf("close after finish: %v", err)
	}
}

// A power cut may leave any part of a file that was not waited for as it was, zero or torn; what then opens is
// kept and the rest fetched again.
func TestTornPartial(t *testing.T) {
	content := random(t, 5*chunkSize+7)
	ref := refOf(content)
	for name, c := range map[string]struct {
		tear func([]byte) []byte
		want int64
	}{
		"unharmed":    {func(b []byte) []byte { return b }, 3},
		"head gone":   {func(b []byte) []byte { return nil }, 0},
		"head torn":   {func(b []byte) []byte { clear(b[30:50]); return b }, 0},
		"second torn": {func(b []byte) []byte { clear(b[chunkAt(1)+512 : chunkAt(1)+1024]); return b }, 1},
		"last half":   {func(b []byte) []byte { return b[:len(b)-100] }, 2},
		"zeros added": {func(b []byte) []byte { return append(b, make([]byte, chunkSize+tagSize)...) }, 3},
		"no chunk":    {func(b []byte) []byte { return b[:headerSize] }, 0},
	} {
		s := newStore(t)
		p := receive(t, s, ref)
		if _, err := p.Write(content[:3*chunkSize+20]); err != nil {
			t.Fatal(err)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		rewrite(t, p.path(), c.tear)
		p = receive(t, s, ref)
		if p.Offset() != c.want*chunkSize {
			t.Errorf("%s: resumes at %d, want chunk %d", name, p.Offset(), c.want)
		}
		if _, err := p.Write(content[p.Offset():]); err != nil {
			t.Fatal(err)
		}
		if err := p.Finish(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := s.verify(ref.Hash); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// killedEnv makes the test binary a program that receives a file from standard input until it is killed.
const killedEnv = "SCHALTER_BLOB_KILLED"

func TestMain(m *testing.M) {
	if dir := os.Getenv(killedEnv); dir != "" {
		if err := receiveUntilKilled(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func receiveUntilKilled(dir string) error {
	s, err := Open(dir, testKey)
	if err != nil {
		return err
	}
	size, err := strconv.ParseInt(os.Args[2], 10, 64)
	if err != nil {
		return err
	}
	p, err := s.Receive(record.BlobRef{Hash: record.Hash(os.Args[1]), Size: size})
	if err != nil {
		return err
	}
	fmt.Println(p.Offset())
	b := make([]byte, 5000)
	for {
		n, err := os.Stdin.Read(b)
		if err != nil {
			return err
		}
		if _, err := p.Write(b[:n]); err != nil {
			return err
		}
		fmt.Println(p.Offset())
	}
}

// TestKilledReceiver kills a receiving program (SIGKILL) after each of its acknowledgements in turn and looks
// that every whole chunk acknowledged is kept.
func TestKilledReceiver(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	content := random(t, 3*chunkSize+5000)
	ref := refOf(content)
	s := newStore(t)
	kept := int64(0)
	for round := 0; kept < 3*chunkSize; round++ {
		if round > 20 {
			t.Fatal("no progress")
		}
		cmd := exec.Command(exe, string(ref.Hash), strconv.FormatInt(ref.Size, 10))
		cmd.Env = append(os.Environ(), killedEnv+"="+s.dir)
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		var off int64
		if _, err := fmt.Fscanln(out, &off); err != nil || off != kept {
			t.Fatalf("resumed at %d, want %d (%v)", off, kept, err)
		}
		acked := off
		for acked < off+chunkSize+int64(round)*300 {
			if _, err := in.Write(content[acked : acked+1000]); err != nil {
				t.Fatal(err)
			}
			for want := acked + 1000; acked < want; {
				if _, err := fmt.Fscanln(out, &acked); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it was killed
		kept = acked / chunkSize * chunkSize
	}
	p := receive(t, s, ref)
	if p.Offset() != kept {
		t.Errorf("resumes at %d, want %d", p.Offset(), kept)
	}
	if _, err := io.Copy(p, bytes.NewReader(content[p.Offset():])); err != nil {
		t.Fatal(err)
	}
	if err := p.Finish(); err != nil {
		t.Fatal(err)
	}
	if err := s.verify(ref.Hash); err != nil {
		t.Error(err)
	}
	if rest, err := os.ReadDir(filepath.Join(s.dir, partialDir)); err != nil || len(rest) != 0 {
		t.Errorf("left: %v %v", rest, err)
	}
}
