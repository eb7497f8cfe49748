package transport

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
)

// foreign says what an answer is that does not come from a centre.
func foreign(r *http.Response) *record.Error {
	cause := fmt.Errorf("answer %s of type %q without a protocol version", r.Status, r.Header.Get("Content-Type"))
	switch {
	case r.StatusCode == http.StatusRequestEntityTooLarge:
		// A proxy in front of the centre takes less than the centre would.
		return record.E(record.CodeCentreTrouble, errors.Join(cause, protocol.ErrTooLarge), "status", r.StatusCode)
	case r.StatusCode == http.StatusTooManyRequests, r.StatusCode == http.StatusServiceUnavailable:
		return record.E(record.CodeCentreBusy, cause)
	case r.StatusCode == http.StatusNetworkAuthenticationRequired, r.StatusCode < 400:
		return record.E(record.CodeCaptivePortal, cause)
	}
	return record.E(record.CodeCentreTrouble, cause, "status", r.StatusCode)
}

// portal asks, after a connection to the centre failed, whether a sign-in page answers for everybody on
// this line: such pages catch plain HTTP. Nothing is sent but the question, nothing of the answer used.
func (c *Client) portal(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.probe, nil)
	if err != nil {
		return false
	}
	r, err := c.plain.Do(req)
	if err != nil {
		return false
	}
	defer func() { _ = r.Body.Close() }() // nothing was read that could be lost
	if r.Header.Get(protocol.HeaderProtocol) != "" {
		return false
	}
	switch {
	case r.StatusCode == http.StatusNetworkAuthenticationRequired:
		return true
	case r.StatusCode >= 300 && r.StatusCode < 400:
		return !c.ownHost(r.Header.Get("Location"))
	case r.StatusCode == http.StatusOK:
		return strings.HasPrefix(r.Header.Get("Content-Type"), "text/html")
	}
	return false
}

// ownHost tells whether a redirect only leads to the centre's own https address, as a web server in front
// of a centre may do.
func (c *Client) ownHost(location string) bool {
	u, err := url.Parse(location)
	return err == nil && u.Scheme == "https" && strings.EqualFold(u.Hostname(), c.base.Hostname())
}
