package engine

import (
	"context"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// cutter is a proxy that ends every connection after a number of bytes in either direction.
type cutter struct {
	l     net.Listener
	limit atomic.Int64
	cuts  atomic.Int64
	// passed is what came through in both directions.
	passed atomic.Int64
}

func newCutter(t testing.TB, to string) *cutter {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{l: l}
	c.limit.Store(1 << 40)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { c.join(in, to) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		all.Wait()
	})
	return c
}

func (c *cutter) join(in net.Conn, to string) {
	out, err := net.Dial("tcp", to)
	if err != nil {
		_ = in.Close()
		return
	}
	var left atomic.Int64
	left.Store(c.limit.Load())
	var once sync.Once
	end := func() {
		once.Do(func() {
			_ = in.Close()
			_ = out.Close()
		})
	}
	pipe := func(dst io.Writer, src io.Reader) {
		defer end()
		b := make([]byte, 4<<10)
		for {
			n, err := src.Read(b)
			if room := left.Add(-int64(n)); room < 0 {
				// What is within the limit still arrives: the cut is at the byte, not at the packet.
				last, _ := dst.Write(b[:max(0, int64(n)+room)])
				c.passed.Add(int64(last))
				c.cuts.Add(1)
				return
			}
			if n > 0 {
				c.passed.Add(int64(n))
				if _, err := dst.Write(b[:n]); err != nil {
					return
				}
			}
			if err != nil {
				return
			}
		}
	}
	go pipe(out, in)
	pipe(in, out)
}

func (c *cutter) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	return (&net.Dialer{}).DialContext(ctx, network, c.l.Addr().String())
}
