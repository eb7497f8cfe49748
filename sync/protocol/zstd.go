package protocol

import (
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// windowMax bounds what a decoder must remember, so that a hostile frame cannot make it reserve more.
const windowMax = 8 << 20

var packers = sync.Pool{New: func() any {
	w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20), zstd.WithEncoderCRC(true))
	if err != nil {
		panic(err) // the options above are constants
	}
	return w
}}

var unpackers = sync.Pool{New: func() any {
	r, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(windowMax), zstd.WithDecoderMaxMemory(MaxPullPlain))
	if err != nil {
		panic(err) // the options above are constants
	}
	return r
}}

// packer compresses into w; Close ends the frame and gives the encoder back.
type packer struct{ z *zstd.Encoder }

func newPacker(w io.Writer) *packer {
	z := packers.Get().(*zstd.Encoder)
	z.Reset(w)
	return &packer{z}
}

func (p *packer) Write(b []byte) (int, error) { return p.z.Write(b) }

func (p *packer) Close() error {
	err := p.z.Close()
	p.z.Reset(nil)
	packers.Put(p.z)
	p.z = nil
	return err
}

// unpacker reads at most limit bytes out of a compressed stream and then fails with [ErrTooLarge].
type unpacker struct {
	z    *zstd.Decoder
	left int64
}

func newUnpacker(r io.Reader, limit int64) (*unpacker, error) {
	z := unpackers.Get().(*zstd.Decoder)
	if err := z.Reset(r); err != nil {
		return nil, fmt.Errorf("zstd: %w", err)
	}
	return &unpacker{z, limit}, nil
}

func (u *unpacker) Read(b []byte) (int, error) {
	n, err := u.z.Read(b)
	if u.left -= int64(n); u.left < 0 {
		return 0, ErrTooLarge
	}
	return n, err
}

func (u *unpacker) close() {
	if u.z == nil {
		return
	}
	_ = u.z.Reset(nil) // lets go of the source; a nil source cannot fail
	unpackers.Put(u.z)
	u.z = nil
}
