// Package protocol is the language between a desk and the centre: paths, headers, bodies, limits and
// signatures. protocol.md beside this file is its specification in prose.
//
// It is for sync/transport on the desk and sync/server in the centre, so that both sides share one
// definition.
//
// It promises that every decoder here is bounded in bytes, memory and count whatever it is fed, that a
// stream cut short is an error and never a short success, and that kinds and fields it does not know are
// kept (the centre stores and passes on the line it received).
//
// It never opens a connection, a file or a database, and never reads the clock.
package protocol

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"schalter/data/record"
)

// Version is the newest wire version this program speaks; OldestVersion the oldest it still understands.
const (
	Version       = 1
	OldestVersion = 1
)

// The calls. A blob's hash follows PathBlobs.
const (
	PathEnrol  = "/v1/enrol"
	PathPush   = "/v1/push"
	PathPull   = "/v1/pull"
	PathBlobs  = "/v1/blobs/"
	PathLost   = "/v1/lost"
	PathStatus = "/v1/status"
)

// The headers of our own. Every answer of a centre carries HeaderProtocol, so an answer without it came
// from something else on the line, such as a captive portal.
const (
	HeaderProtocol  = "Schalter-Protocol"
	HeaderDevice    = "Schalter-Device"
	HeaderNonce     = "Schalter-Nonce"
	HeaderContent   = "Schalter-Content"
	HeaderSignature = "Schalter-Signature"

	HeaderUploadOffset   = "Upload-Offset"
	HeaderUploadLength   = "Upload-Length"
	HeaderUploadComplete = "Upload-Complete" // "?1" or "?0"
)

// The media types of the bodies.
const (
	TypeJSON    = "application/json"
	TypeChanges = "application/x-ndjson"
	TypeBlob    = "application/offset+octet-stream"
	CodingZstd  = "zstd"
)

// The limits. A centre refuses what is larger with 413; a desk refuses such an answer.
const (
	MaxSmallBody   = 64 << 10 // enrolment, errors
	MaxPushBody    = 4 << 20  // compressed
	MaxPushPlain   = 16 << 20 // the same, unpacked
	MaxPushChanges = 5000
	MaxChange      = 1 << 20 // one change's line; a larger one is rejected by itself
	MaxLine        = 4 << 20 // a larger line refuses the whole body
	MaxPullPlain   = 64 << 20
	MaxPullChanges = 20000
	MaxBlob        = 1 << 30
	MaxLost        = 500              // files in one answer to GET /v1/lost
	MaxWait        = 25 * time.Second // of a long poll
	MaxPullBytes   = 4 << 20          // how much a centre gathers before it ends at the next transaction
)

// ErrTooLarge is the cause when a body exceeds its limit.
var ErrTooLarge = errors.New("body exceeds the protocol's limit")

// SetVersion marks an outgoing message with the newest version this program speaks.
func SetVersion(h http.Header) { h.Set(HeaderProtocol, strconv.Itoa(Version)) }

// Spoken reads the version of a message and returns the one to speak: the lower of the other side's and
// ours. A missing, unreadable or too old version is a [record.CodeCentreOld] error.
func Spoken(h http.Header) (int, error) {
	s := h.Get(HeaderProtocol)
	v, err := strconv.ParseUint(s, 10, 16)
	if err != nil || v < OldestVersion {
		return 0, record.E(record.CodeCentreOld, fmt.Errorf("protocol version %.20q", s), "ours", Version, "theirs", clip(s, 20))
	}
	return min(int(v), Version), nil
}

func clip(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}
