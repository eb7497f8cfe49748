package preview

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"schalter/data/record"
)

// File is a file to be shown. It is read while the helper takes it over: when it is opened, and again should
// the helper have closed it for others or be another one. A large PDF whose reader is an [io.ReaderAt] is read
// piece by piece instead, when its pages are drawn. Nothing of it is kept on this side.
type File struct {
	Key  string // names the bytes, as a hash does: files with the same key have the same bytes
	Size int64
	Open func() (io.ReadCloser, error) // gives the bytes from their beginning
}

// Bytes is a file that lies in memory anyway. The bytes must not be changed until [Document.Close].
func Bytes(data []byte) File {
	sum := sha256.Sum256(data)
	return File{
		Key: string(sum[:]), Size: int64(len(data)),
		Open: func() (io.ReadCloser, error) { return inMemory{bytes.NewReader(data)}, nil },
	}
}

type inMemory struct{ *bytes.Reader }

func (inMemory) Close() error { return nil }

// kind reads as much of the file as tells what it is, and whether it can be read in any order.
func (f File) kind() (k kind, anyOrder bool, err error) {
	r, err := f.Open()
	if err != nil {
		return kindUnknown, false, readable(err)
	}
	defer func() { _ = r.Close() }() // only read
	head := make([]byte, min(f.Size, headerWindow))
	if _, err := io.ReadFull(r, head); err != nil {
		return kindUnknown, false, readable(err)
	}
	_, anyOrder = r.(io.ReaderAt)
	return sniff(head), anyOrder, nil
}

// source is a file as the helper knows it.
type source struct {
	sum      [32]byte // of kind, password and the file's key: opens again without sending anything
	kind     kind
	file     File
	password string
	far      bool // the helper asks for the pieces it needs
}

func newSource(k kind, f File, password string) *source {
	src := &source{kind: k, file: f, password: password}
	h := sha256.New()
	h.Write([]byte{byte(k)})
	h.Write([]byte(password))
	h.Write([]byte{0})
	h.Write([]byte(f.Key))
	h.Sum(src.sum[:0])
	return src
}

// unreadError says that a file could not be read for the helper.
type unreadError struct {
	err    error
	midway bool // the helper waits for the rest
}

func (e *unreadError) Error() string { return fmt.Sprintf("file for the helper: %v", e.err) }

// readable turns whatever reading a file fails with into what callers are promised.
func readable(err error) error {
	if _, known := errors.AsType[*record.Error](err); known {
		return err
	}
	return record.E(record.CodePDFCannotShow, err)
}

// secret is the password, never longer than the helper takes; at least a byte for a far file, whose request
// has to have a body.
func (s *source) secret() []byte {
	secret := []byte(s.password)
	if len(secret) > maxPassword {
		secret = secret[:maxPassword]
	}
	if s.far && len(secret) == 0 {
		return []byte{0}
	}
	return secret
}

// send writes the request that opens a file, and the file; unhurried is called with what takes the disk's time.
func (s *source) send(w io.Writer, job uint32, unhurried func(func())) error {
	if s.far {
		q := request{Op: opOpen, Kind: s.kind, Far: 1, Job: job, Sum: s.sum, Length: uint64(s.file.Size)} //nolint:gosec // a size
		secret := s.secret()
		q.Secret = uint32(len(secret)) //nolint:gosec // bounded there
		return writeRequest(w, q, 0, secret...)
	}
	r, err := s.file.Open()
	if err != nil {
		return &unreadError{err: readable(err)}
	}
	defer func() { _ = r.Close() }() // only read
	secret := s.secret()
	q := request{Op: opOpen, Kind: s.kind, Job: job, Secret: uint32(len(secret)), Sum: s.sum} //nolint:gosec // bounded above
	if err := writeRequest(w, q, uint64(s.file.Size), secret...); err != nil {                //nolint:gosec // a size
		return err
	}
	in := watched{Reader: r, during: unhurried}
	switch err := pump(w, &in, s.file.Size); {
	case in.failed != nil:
		return &unreadError{err: readable(in.failed), midway: true}
	case errors.Is(err, io.EOF):
		return &unreadError{err: readable(fmt.Errorf("the file is shorter than %d bytes", s.file.Size)), midway: true}
	default:
		return err
	}
}

// pump copies size bytes in large pieces: each one wakes the helper.
func pump(w io.Writer, r io.Reader, size int64) error {
	buf := make([]byte, min(size, 512<<10))
	for size > 0 {
		n, err := r.Read(buf[:min(size, int64(len(buf)))])
		if n > 0 {
			if _, err := w.Write(buf[:n]); err != nil {
				return err
			}
			size -= int64(n)
		}
		if err != nil && size > 0 {
			return err
		}
	}
	return nil
}

// watched remembers with what reading failed, to tell it from writing.
type watched struct {
	io.Reader
	during func(func())
	failed error
}

func (w *watched) Read(p []byte) (int, error) {
	var n int
	var err error
	w.during(func() { n, err = w.Reader.Read(p) })
	if err != nil && !errors.Is(err, io.EOF) {
		w.failed = err
	}
	return n, err
}

// pieces reads a file in the order the helper asks for; it is opened with the first piece.
type pieces struct {
	file   File
	in     io.ReadCloser
	failed error
}

func (p *pieces) read(off int64, size int) []byte {
	if p.in == nil && p.failed == nil {
		p.in, p.failed = p.file.Open()
	}
	if p.failed != nil {
		return nil
	}
	at, ok := p.in.(io.ReaderAt)
	if !ok {
		p.failed = errors.New("the file cannot be read in any order any more")
		return nil
	}
	piece := make([]byte, size)
	if n, err := at.ReadAt(piece, off); n < size {
		p.failed = fmt.Errorf("the file is shorter than %d bytes: %w", p.file.Size, err)
		return nil
	}
	return piece
}

func (p *pieces) close() {
	if p.in != nil {
		_ = p.in.Close() // only read
	}
}
