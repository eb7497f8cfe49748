package preview

import (
	"bytes"
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"schalter/data/record"
)

// shelf is a file that counts how often it is taken out, and may fail.
type shelf struct {
	data   []byte
	taken  int
	gone   error // opening fails
	breaks int   // reading fails behind so many bytes; 0 never
}

var errBroken = record.E(record.CodeBlobDamaged, errors.New("chunk 3"))

func (s *shelf) file() File {
	return File{Key: "shelf", Size: int64(len(s.data)), Open: func() (io.ReadCloser, error) {
		s.taken++
		if s.gone != nil {
			return nil, s.gone
		}
		if s.breaks > 0 {
			return io.NopCloser(io.MultiReader(bytes.NewReader(s.data[:s.breaks]), broken{})), nil
		}
		return io.NopCloser(bytes.NewReader(s.data)), nil
	}}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errBroken }

// large is a file that does not go over in one piece, so that its end is missed when it does not come.
func large() []byte { return append(pages("eins", "zwei"), bytes.Repeat([]byte("%\n"), 2<<20)...) }

func TestAFileIsReadAgainOnlyForAnotherHelper(t *testing.T) {
	r := newRenderer(t, Options{})
	s := &shelf{data: large()}
	d, err := r.OpenFile(t.Context(), s.file(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	draw(t, d, 0, 72, 0)
	draw(t, d, 1, 72, 0)
	if s.taken != 2 { // to see what it is, and to hand it over
		t.Errorf("taken out %d times", s.taken)
	}
	again, err := r.OpenFile(t.Context(), s.file(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	draw(t, again, 0, 50, 0)
	if s.taken != 3 {
		t.Errorf("taken out %d times, though the helper had it", s.taken)
	}
	r.Forget()
	img := draw(t, d, 1, 72, 0)
	if ink(img, img.Rect) == 0 || s.taken != 4 {
		t.Errorf("ink %d after the helper was replaced, taken out %d times", ink(img, img.Rect), s.taken)
	}
}

// A slow disk is not the file's fault: while it is read the job's time stands still, and is as short as ever
// for the helper's own work.
func TestReadingTakesNothingOfTheHelpersTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var late atomic.Bool
		h := &helper{until: time.Now().Add(9 * time.Second), limit: time.AfterFunc(9*time.Second, func() { late.Store(true) })}
		slow := &shelf{data: large()}
		src := newSource(kindPDF, slow.file(), "")
		src.file.Open = func() (io.ReadCloser, error) { return io.NopCloser(drip{bytes.NewReader(slow.data)}), nil }
		if err := src.send(io.Discard, 1, h.unhurried); err != nil {
			t.Fatal(err)
		}
		time.Sleep(8 * time.Second) // of the helper
		synctest.Wait()
		if late.Load() {
			t.Error("the disk's time was the helper's")
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if !late.Load() {
			t.Error("the helper has more time than it is given")
		}
	})
}

// drip is a disk that takes minutes.
type drip struct{ io.Reader }

func (d drip) Read(p []byte) (int, error) {
	time.Sleep(time.Minute)
	return d.Reader.Read(p)
}

func TestAFileThatCannotBeReadIsTold(t *testing.T) {
	r := newRenderer(t, Options{})
	s := &shelf{data: large()}
	d, err := r.OpenFile(t.Context(), s.file(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	r.Forget()
	s.gone = record.E(record.CodeBlobMissing, nil)
	if _, err := d.Render(t.Context(), 0, 72, 0); record.CodeOf(err) != record.CodeBlobMissing {
		t.Errorf("gone: %v", err)
	}
	draw(t, open(t, r, pages("danach"), ""), 0, 72, 0)
	before := helperOf(r)
	s.gone = nil
	draw(t, d, 0, 72, 0)
	if helperOf(r) != before {
		t.Error("the helper was replaced for a file that never reached it")
	}

	r.Forget()
	s.breaks = len(s.data) / 2
	if _, err := d.Render(t.Context(), 1, 72, 0); record.CodeOf(err) != record.CodeBlobDamaged {
		t.Errorf("broken in the middle: %v", err)
	}
	draw(t, open(t, r, pages("danach"), ""), 0, 72, 0)
	s.breaks = 0
	draw(t, d, 1, 72, 0) // the next try finds the disk well again

	short := s.file()
	short.Size, short.Key = short.Size+10, "another"
	if _, err := r.OpenFile(t.Context(), short, "", ""); record.CodeOf(err) != record.CodePDFCannotShow {
		t.Errorf("shorter than said: %v", err)
	}
	draw(t, open(t, r, pages("danach"), ""), 0, 72, 0)
	s.gone = errors.New("no disk")
	if _, err := r.OpenFile(t.Context(), s.file(), "", ""); record.CodeOf(err) != record.CodePDFCannotShow {
		t.Errorf("no disk: %v", err)
	}
}

func helperOf(r *Renderer) *helper {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.helper
}
