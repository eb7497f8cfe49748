package protocol

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"schalter/data/record"
)

// Streamed stands for the content hash of a request whose body is not known when it begins. Only blob
// uploads may use it: their bytes are held by the hash in the path.
const Streamed = "stream"

// Content is what [Sign] needs to know of a body that is complete: the hash of its bytes as sent.
func Content(body []byte) string { return string(record.HashOf(body)) }

// Signature is what a request says about its sender. It is a claim until [Signature.Verify] succeeded.
type Signature struct {
	Device  record.ID
	Nonce   string // 16 random bytes in hexadecimal, never used twice
	Content string // hash of the body as sent, or Streamed
	Bytes   []byte
}

// Sign sets the headers that prove a request to come from a device. It must run after the upload headers
// are set, and again, for a new nonce, whenever the request is repeated.
func Sign(r *http.Request, device record.ID, key ed25519.PrivateKey, content string) {
	var n [16]byte
	_, _ = rand.Read(n[:]) // never fails, by its documentation
	nonce := hex.EncodeToString(n[:])
	SetVersion(r.Header)
	r.Header.Set(HeaderDevice, string(device))
	r.Header.Set(HeaderNonce, nonce)
	r.Header.Set(HeaderContent, content)
	sig := ed25519.Sign(key, signed(r, device, nonce, content))
	r.Header.Set(HeaderSignature, base64.RawStdEncoding.EncodeToString(sig))
}

// ReadSignature reads the headers set by [Sign] and checks their form only.
func ReadSignature(r *http.Request) (Signature, error) {
	bad := func(why string) (Signature, error) {
		return Signature{}, record.E(record.CodeSignatureBad, errors.New(why))
	}
	id, err := record.ParseID(r.Header.Get(HeaderDevice))
	if err != nil || string(id) != r.Header.Get(HeaderDevice) {
		return bad("device header")
	}
	s := Signature{Device: id, Nonce: r.Header.Get(HeaderNonce), Content: r.Header.Get(HeaderContent)}
	if b, err := hex.DecodeString(s.Nonce); err != nil || len(b) != 16 {
		return bad("nonce header")
	}
	if s.Content != Streamed && !record.Hash(s.Content).Valid() {
		return bad("content header")
	}
	s.Bytes, err = base64.RawStdEncoding.DecodeString(r.Header.Get(HeaderSignature))
	if err != nil || len(s.Bytes) != ed25519.SignatureSize {
		return bad("signature header")
	}
	return s, nil
}

// Verify checks the signature against the device's key. The caller checks that the body has the hash
// that Content names, and that the nonce is new.
func (s Signature) Verify(r *http.Request, key ed25519.PublicKey) error {
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, signed(r, s.Device, s.Nonce, s.Content), s.Bytes) {
		return record.E(record.CodeSignatureBad, fmt.Errorf("signature of device %s does not fit the request", s.Device))
	}
	return nil
}

// signed is the text under a signature: each field preceded by its length as a 32-bit big-endian number.
func signed(r *http.Request, device record.ID, nonce, content string) []byte {
	var b []byte
	put := func(s string) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	put("schalter/request/1")
	put(r.Method)
	put(target(r))
	put(string(device))
	put(nonce)
	put(content)
	put(r.Header.Get(HeaderUploadOffset))
	put(r.Header.Get(HeaderUploadLength))
	return b
}

// target is path and query without what a reverse proxy may cut off in front of /v1/.
func target(r *http.Request) string {
	u := r.URL.RequestURI()
	path, _, _ := strings.Cut(u, "?")
	if i := strings.Index(path, "/v1/"); i > 0 {
		return u[i:]
	}
	return u
}
