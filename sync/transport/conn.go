package transport

import (
	"context"
	"net"
	"sync/atomic"
	"time"
)

// traffic counts the bytes that went over all connections of a client, as the line sees them (TLS
// included, TCP's own headers not).
type traffic struct{ sent, received atomic.Int64 }

// sendBuffer bounds what the system holds unsent, so that written bytes are nearly sent bytes: otherwise a
// thin line would look dead while megabytes drain.
const sendBuffer = 64 << 10

// conn ends a connection on which nothing moves, in either direction, for as long as idle. It never
// limits how long something may take that does move.
type conn struct {
	net.Conn
	idle  time.Duration
	count *traffic
}

func (c *conn) Read(b []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(c.idle)); err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(b)
	c.count.received.Add(int64(n))
	return n, err
}

func (c *conn) Write(b []byte) (int, error) {
	// In pieces, because one deadline holds for one call: a large write on a thin line is not a dead line.
	const piece = 16 << 10
	done := 0
	for {
		end := min(done+piece, len(b))
		// Both: whoever waits for the answer to a long upload must not run out of time meanwhile.
		if err := c.SetDeadline(time.Now().Add(c.idle)); err != nil {
			return done, err
		}
		n, err := c.Conn.Write(b[done:end])
		c.count.sent.Add(int64(n))
		done += n
		if err != nil || done == len(b) {
			return done, err
		}
	}
}

type dialer func(ctx context.Context, network, address string) (net.Conn, error)

func (d dialer) watched(idle time.Duration, count *traffic) dialer {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := d(ctx, network, address)
		if err != nil {
			return nil, err
		}
		if b, ok := c.(interface{ SetWriteBuffer(bytes int) error }); ok {
			_ = b.SetWriteBuffer(sendBuffer) // a system that refuses only keeps its own size
		}
		return &conn{Conn: c, idle: idle, count: count}, nil
	}
}
