package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
)

// testDesk is the least that a desk is: it enrols, pushes, pulls and sends files. It fits into JSON so that
// the test scripts can keep it between commands.
type testDesk struct {
	Enrolment record.Enrolment
	Device    record.ID
	Key       []byte // seed
	Last      record.Change
	client    *http.Client
}

func (d *testDesk) key() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(d.Key) }

// trust makes a client that trusts one certificate authority. Without it, it takes the one at the end of
// the chain if the code names it.
func (d *testDesk) trust(code *protocol.EnrolCode) {
	conf := &tls.Config{}
	if code == nil {
		ca, err := x509.ParseCertificate(d.Enrolment.CA)
		if err != nil {
			panic(err)
		}
		conf.RootCAs = x509.NewCertPool()
		conf.RootCAs.AddCert(ca)
	} else {
		conf.InsecureSkipVerify = true // the fingerprint is checked instead
		conf.VerifyConnection = func(s tls.ConnectionState) error {
			if !code.Trusts(s.PeerCertificates[len(s.PeerCertificates)-1].Raw) {
				return errors.New("another certificate authority")
			}
			return nil
		}
	}
	d.client = &http.Client{Transport: &http.Transport{TLSClientConfig: conf, ForceAttemptHTTP2: true}, Timeout: time.Minute}
}

func enrolDesk(ctx context.Context, line string) (*testDesk, error) {
	code, err := protocol.ParseEnrolCode(line)
	if err != nil {
		return nil, err
	}
	pub, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, err
	}
	d := &testDesk{Device: record.NewID(), Key: key.Seed()}
	d.Enrolment.Centre = code.URL
	d.trust(&code)
	body, err := json.Marshal(protocol.EnrolRequest{Authority: code.Authority, Secret: code.SecretText(), Device: d.Device, Key: pub, Program: "test\x1b[2J"})
	if err != nil {
		return nil, err
	}
	_, answer, err := d.call(ctx, "POST", protocol.PathEnrol, body)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(answer, &d.Enrolment); err != nil {
		return nil, err
	}
	d.trust(nil)
	return d, nil
}

// call makes one signed request; an answer that is no success is an error.
func (d *testDesk) call(ctx context.Context, method, path string, body []byte, header ...string) (http.Header, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, d.Enrolment.Centre+path, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	content := protocol.Content(body)
	if method == http.MethodPatch {
		content = protocol.Streamed
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	protocol.Sign(r, d.Device, d.key(), content)
	resp, err := d.client.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		return resp.Header, nil, protocol.ReadFault(resp)
	}
	b, err := io.ReadAll(resp.Body)
	return resp.Header, b, err
}

// write makes the desk's next n changes.
func (d *testDesk) write(n int) ([]record.Change, error) {
	var out []record.Change
	for range n {
		c, err := record.Seal(record.Edit{Case: record.NewID(), Kind: record.KindNote, User: "weber", Payload: record.Note{Text: "Marke"}}, d.Device, d.Last, time.Now())
		if err != nil {
			return nil, err
		}
		d.Last = c
		out = append(out, c)
	}
	return out, nil
}

func (d *testDesk) push(ctx context.Context, changes []record.Change) ([]record.Placed, error) {
	body, err := protocol.EncodePush(changes)
	if err != nil {
		return nil, err
	}
	_, b, err := d.call(ctx, "POST", protocol.PathPush, body)
	if err != nil {
		return nil, err
	}
	var a protocol.PushAnswer
	if err := json.Unmarshal(b, &a); err != nil {
		return nil, err
	}
	placed, rejected, err := a.Match(changes)
	if err == nil && (len(rejected) > 0 || len(placed) != len(changes)) {
		err = fmt.Errorf("%d placed, %d rejected of %d", len(placed), len(rejected), len(changes))
	}
	return placed, err
}

// pull reads the whole history.
func (d *testDesk) pull(ctx context.Context) ([]record.Sequenced, error) {
	var all []record.Sequenced
	p := protocol.PullRequest{OwnFull: true, Max: 20_000}
	for more := true; more; {
		_, b, err := d.call(ctx, "GET", protocol.PathPull+"?"+p.Query(), nil)
		if err != nil {
			return nil, err
		}
		got, err := protocol.DecodePull(bytes.NewReader(b), p.Cursor)
		if err != nil {
			return nil, err
		}
		all, p.Cursor, more = append(all, got.Changes...), got.Next, got.More || len(got.Changes) > 0
	}
	return all, nil
}

// upload sends the part of a file from the offset on, and returns how much the centre has.
func (d *testDesk) upload(ctx context.Context, file []byte, from, to int) (int, error) {
	h, _, err := d.call(ctx, "PATCH", protocol.PathBlobs+string(record.HashOf(file)), file[from:to],
		protocol.HeaderUploadOffset, strconv.Itoa(from), protocol.HeaderUploadLength, strconv.Itoa(len(file)))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(h.Get(protocol.HeaderUploadOffset))
}

// uploaded asks how much of a file the centre has.
func (d *testDesk) uploaded(ctx context.Context, file []byte) (int, error) {
	h, _, err := d.call(ctx, "HEAD", protocol.PathBlobs+string(record.HashOf(file)), nil)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(h.Get(protocol.HeaderUploadOffset))
}
