package protocol

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"schalter/data/record"
)

// EnrolCode is what an administrator hands to a desk, in one line of text:
//
//	schalter://centre.example:8443/ms/7H3K-9QW2-…
//
// It carries the centre's address, the authority's short name, a one-time secret and the first half of
// the SHA-256 fingerprint of the centre's certificate authority, so that nothing else need be typed and
// nothing need be trusted on first sight. Its last characters check the whole line, address included.
type EnrolCode struct {
	URL         string // https address of the centre
	Authority   string // short name: letters, digits, dashes
	Secret      [10]byte
	Fingerprint [16]byte
}

// crockford has no I, L, O and U: nothing in it is read as something else.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

const enrolScheme = "schalter://"

// NewEnrolCode makes a code with a random secret for a centre whose certificate authority is caDER.
func NewEnrolCode(address, authority string, caDER []byte) (EnrolCode, error) {
	c := EnrolCode{URL: strings.TrimRight(address, "/"), Authority: strings.ToLower(authority), Fingerprint: shortFingerprint(caDER)}
	_, _ = rand.Read(c.Secret[:]) // never fails, by its documentation
	if got, err := ParseEnrolCode(c.String()); err != nil || got != c {
		return EnrolCode{}, fmt.Errorf("no enrolment code can be made for address %q and authority %q: %w", address, authority, errOr(err))
	}
	return c, nil
}

// String writes the line.
func (c EnrolCode) String() string {
	raw := append(append(c.Secret[:], c.Fingerprint[:]...), c.check()...)
	t := crockford.EncodeToString(raw)
	var b strings.Builder
	b.WriteString(enrolScheme + strings.TrimPrefix(c.URL, "https://") + "/" + c.Authority + "/")
	for i := 0; i < len(t); i += 4 {
		if i > 0 {
			b.WriteByte('-')
		}
		b.WriteString(t[i:min(i+4, len(t))])
	}
	return b.String()
}

// ParseEnrolCode reads a line as people paste or type it: any case, spaces around and inside, O for 0,
// I or L for 1. A wrong character anywhere is a [record.CodeEnrolCode] error.
func ParseEnrolCode(line string) (EnrolCode, error) {
	bad := func(why string) (EnrolCode, error) {
		return EnrolCode{}, record.E(record.CodeEnrolCode, errors.New("enrolment code: "+why))
	}
	line = strings.Join(strings.Fields(line), "")
	if len(line) > 500 {
		return bad("too long")
	}
	if len(line) < len(enrolScheme) || !strings.EqualFold(line[:len(enrolScheme)], enrolScheme) {
		return bad("does not begin with " + enrolScheme)
	}
	rest, groups, ok := cutLast(line[len(enrolScheme):], "/")
	if !ok {
		return bad("no code part")
	}
	address, authority, ok := cutLast(rest, "/")
	if !ok || !shortName(strings.ToLower(authority)) {
		return bad("no authority")
	}
	raw, err := crockford.DecodeString(unmistake.Replace(strings.ToUpper(groups)))
	if err != nil || len(raw) != 30 {
		return bad("code part is not 48 characters of its alphabet")
	}
	address = "https://" + strings.ToLower(address)
	if !plainAddress(address) {
		return bad("address")
	}
	c := EnrolCode{URL: address, Authority: strings.ToLower(authority)}
	copy(c.Secret[:], raw)
	copy(c.Fingerprint[:], raw[10:])
	if !bytes.Equal(c.check(), raw[26:]) {
		return bad("check characters do not fit")
	}
	return c, nil
}

var unmistake = strings.NewReplacer("-", "", "–", "", "O", "0", "I", "1", "L", "1")

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// plainAddress accepts a host and a path, as [url.URL] writes them; nobody, no query, no fragment.
func plainAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == "" && u.String() == s
}

func shortName(s string) bool {
	if s == "" || len(s) > 20 {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// check is four bytes over everything the line says.
func (c EnrolCode) check() []byte {
	s := sha256.Sum256([]byte("schalter/enrol/1\n" + c.URL + "\n" + c.Authority + "\n" + string(c.Secret[:]) + string(c.Fingerprint[:])))
	return s[:4]
}

// Trusts tells whether caDER is the certificate authority the code was made for.
func (c EnrolCode) Trusts(caDER []byte) bool { return c.Fingerprint == shortFingerprint(caDER) }

// SecretText is the secret as [EnrolRequest] carries it.
func (c EnrolCode) SecretText() string { return crockford.EncodeToString(c.Secret[:]) }

// Fingerprint is the SHA-256 sum of a certificate in DER.
func Fingerprint(der []byte) record.Hash { return record.HashOf(der) }

func shortFingerprint(der []byte) (f [16]byte) {
	s := sha256.Sum256(der)
	copy(f[:], s[:])
	return f
}

// EnrolRequest is the body of POST /v1/enrol, which is signed with the key it brings. The answer is a
// [record.Enrolment].
type EnrolRequest struct {
	Authority string            `json:"authority"`
	Secret    string            `json:"secret"` // EnrolCode.SecretText
	Device    record.ID         `json:"device"`
	Key       ed25519.PublicKey `json:"key"`
	Program   string            `json:"program,omitempty"` // name and version, for the administrator's list
}

// DecodeSmall reads a JSON body of at most [MaxSmallBody] bytes. Unknown fields are ignored.
func DecodeSmall(r io.Reader, v any) error {
	b, err := io.ReadAll(io.LimitReader(r, MaxSmallBody+1))
	if err != nil {
		return fmt.Errorf("read body: %w", err)
	}
	if len(b) > MaxSmallBody {
		return ErrTooLarge
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("decode body: %w", err)
	}
	return nil
}
