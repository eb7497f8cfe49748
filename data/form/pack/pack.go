// Package pack puts several forms into one signed file, for data centres that supply many town halls and
// for carrying forms on a stick.
//
// It is for the commands that publish: [Seal] makes a file, [Open] reads one. The format is described in
// FORMAT.md.
//
// It promises that the signature is checked and the publisher was agreed to before anything of the content
// is unpacked; that the same content has exactly one unpacked form, so that nothing can be hidden in it;
// that a form in it is the one its entry names; and that unpacking a hostile file costs bounded memory.
//
// It never decides whom to trust, never publishes anything and never touches a file or the network.
package pack

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"schalter/data/form"
	"schalter/data/record"
)

// Limits of a pack.
const (
	MaxForms = 1000
	// MaxSize bounds the file, MaxPlain what it unpacks to.
	MaxSize  = 64 << 20
	MaxPlain = 128 << 20
	maxName  = 200
)

// Pack is a set of forms that belong together.
type Pack struct {
	Name    string // "Formulare Kreis Musterland"
	Version string // numbers and dots
	Forms   []File // by id, then by version
}

// File is one form in the native format.
type File struct {
	Form  record.FormRef
	Title map[string]string
	Bytes []byte
}

// Publisher is who signed a pack, as the pack says. The signature was checked with Key.
type Publisher struct {
	Key ed25519.PublicKey
	// Certificate is the DER of a certificate that a centre's authority made for the key; see [Endorsed]. It
	// may be empty.
	Certificate []byte
}

// Of makes the entry of a form from its file. A form that cannot be published is refused.
func Of(file []byte) (File, error) {
	f, err := form.Parse(file)
	if err == nil {
		err = form.Publishable(f)
	}
	if err != nil {
		return File{}, err
	}
	return File{Form: f.Ref(), Title: f.Title, Bytes: file}, nil
}

// Published is what a desk or the centre records to publish the form.
func (f File) Published() record.FormPublished {
	return record.FormPublished{Form: f.Form, Title: f.Title, File: record.BlobRef{Hash: record.HashOf(f.Bytes), Size: int64(len(f.Bytes))}}
}

// Read takes what somebody wants to publish: a single form, or a pack, about whose publisher trust is asked.
func Read(b []byte, trust func(Publisher) error) ([]File, error) {
	if Is(b) {
		p, err := Open(b, trust)
		return p.Forms, err
	}
	f, err := Of(b)
	if err != nil {
		return nil, err
	}
	return []File{f}, nil
}

// header is the first line of what is packed; the forms' bytes follow it in this order.
type header struct {
	Name    string  `json:"name"`
	Version string  `json:"version"`
	Forms   []entry `json:"forms"`
}

type entry struct {
	Form record.FormRef `json:"form"`
	Size int            `json:"size"`
}

// plain is the content in its one canonical form.
func plain(p Pack) ([]byte, error) {
	forms := slices.Clone(p.Forms)
	slices.SortFunc(forms, func(a, b File) int { return compare(a.Form, b.Form) })
	h := header{Name: p.Name, Version: p.Version, Forms: []entry{}}
	size := 0
	for _, f := range forms {
		h.Forms = append(h.Forms, entry{Form: f.Form, Size: len(f.Bytes)})
		size += len(f.Bytes)
	}
	if err := h.check(); err != nil {
		return nil, err
	}
	line, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(line)+1+size)
	out = append(append(out, line...), '\n')
	for _, f := range forms {
		out = append(out, f.Bytes...)
	}
	return out, nil
}

func compare(a, b record.FormRef) int {
	if c := strings.Compare(a.ID, b.ID); c != 0 {
		return c
	}
	return record.CompareVersions(a.Version, b.Version)
}

func (h header) check() error {
	switch {
	case h.Name == "" || len(h.Name) > maxName || strings.ContainsFunc(h.Name, func(r rune) bool { return r < ' ' }):
		return errors.New("a pack needs a name of one line")
	case h.Version == "" || len(h.Version) > 40 || strings.Trim(h.Version, "0123456789.") != "":
		return errors.New("the version of a pack is numbers and dots")
	case len(h.Forms) == 0 || len(h.Forms) > MaxForms:
		return fmt.Errorf("%d forms; a pack has 1 to %d", len(h.Forms), MaxForms)
	}
	total := 0
	for i, e := range h.Forms {
		if e.Size < 1 || e.Size > record.MaxFormFile {
			return fmt.Errorf("form %s has %d bytes", e.Form.ID, e.Size)
		}
		if i > 0 && compare(h.Forms[i-1].Form, e.Form) >= 0 {
			return fmt.Errorf("form %s %s stands twice or out of order", e.Form.ID, e.Form.Version)
		}
		total += e.Size
	}
	if total > MaxPlain {
		return fmt.Errorf("the forms have %d bytes", total)
	}
	return nil
}
