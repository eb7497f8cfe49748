package intake

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"schalter/data/record"
)

// shelf is a blob store in memory.
type shelf struct {
	m    map[record.Hash][]byte
	full bool
}

func (s *shelf) Put(_ context.Context, r io.Reader) (record.BlobRef, error) {
	if s.full {
		return record.BlobRef{}, record.E(record.CodeDiskFull, nil)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return record.BlobRef{}, err
	}
	h := record.HashOf(b)
	s.m[h] = b
	return record.BlobRef{Hash: h, Size: int64(len(b))}, nil
}

func (s *shelf) ReadAll(h record.Hash, _ int64) ([]byte, error) {
	b, ok := s.m[h]
	if !ok {
		return nil, record.E(record.CodeBlobMissing, nil)
	}
	return b, nil
}

// viewer answers as the sandbox would, from a script.
type viewer struct {
	texts []string
	err   error
}

func (v viewer) OpenPaper(context.Context, []byte, string) (Paper, error) {
	if v.err != nil {
		return nil, v.err
	}
	return paper(v.texts), nil
}

type paper []string

func (p paper) Pages() int { return len(p) }
func (p paper) Text(_ context.Context, i int) (string, error) {
	if p[i] == "!" {
		return "", errors.New("no text")
	}
	return p[i], nil
}
func (paper) Close() {}

func desk(v viewer) (*Intake, *shelf) {
	s := &shelf{m: map[record.Hash][]byte{}}
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	return &Intake{Blobs: s, Viewer: v, Clock: func() time.Time { return at }, Producer: "Schalter"}, s
}

func picture(shade uint8) []byte {
	img := image.NewGray(image.Rect(0, 0, 20, 30))
	img.SetGray(3, 3, color.Gray{shade})
	var b bytes.Buffer
	_ = png.Encode(&b, img)
	return b.Bytes()
}

func TestPDFIsKeptAsItIsAndItsTextIsFound(t *testing.T) {
	in, s := desk(viewer{texts: []string{"Hundesteuer", "!", "Bäckerei\xff"}})
	data := []byte("%PDF-1.4 …")
	r, err := in.Import(t.Context(), "/tmp/Befreiung.pdf", int64(len(data)), bytes.NewReader(data), nil)
	if err != nil || r.Trouble != nil {
		t.Fatal(err, r.Trouble)
	}
	if r.Title != "Befreiung" || r.Pages != 3 || r.Shown != r.Original.Blob || !bytes.Equal(s.m[r.Shown.Hash], data) {
		t.Errorf("%+v", r)
	}
	var texts []string
	if err := json.Unmarshal(s.m[r.Text.Hash], &texts); err != nil || len(texts) != 3 || texts[0] != "Hundesteuer" || texts[1] != "" || texts[2] != "Bäckerei" {
		t.Errorf("%q %v", texts, err)
	}
}

func TestPictureBecomesAPDFBesideItsOriginal(t *testing.T) {
	in, s := desk(viewer{texts: []string{""}})
	data := picture(9)
	r, err := in.Import(t.Context(), "foto.png", -1, bytes.NewReader(data), nil)
	if err != nil || r.MediaType != "application/pdf" || r.Original.MediaType != "image/png" || r.Text.Hash != "" {
		t.Fatalf("%+v %v", r, err)
	}
	if !bytes.Equal(s.m[r.Original.Blob.Hash], data) || !bytes.HasPrefix(s.m[r.Shown.Hash], []byte("%PDF-")) {
		t.Error("original changed or no PDF made")
	}
}

func TestHostileFileIsKeptAndSaysWhy(t *testing.T) {
	in, s := desk(viewer{err: record.E(record.CodePDFCannotShow, nil)})
	r, err := in.Import(t.Context(), "bombe.pdf", -1, bytes.NewReader([]byte("%PDF-1.4 boom")), nil)
	if err != nil || r.Trouble == nil || r.Trouble.Code != record.CodePDFCannotShow || r.Pages != 0 || len(s.m) != 1 {
		t.Errorf("%+v %v", r, err)
	}
	broken := picture(1)[:40]
	r, err = in.Import(t.Context(), "kaputt.png", -1, bytes.NewReader(broken), nil)
	if err != nil || r.Trouble == nil || r.Trouble.Code != record.CodeImportUnread || !bytes.Equal(s.m[r.Original.Blob.Hash], broken) {
		t.Errorf("%+v %v", r, err)
	}
}

func TestFullDiskIsSaid(t *testing.T) {
	in, s := desk(viewer{})
	s.full = true
	if _, err := in.Import(t.Context(), "a.pdf", -1, bytes.NewReader([]byte("%PDF-1.4")), nil); record.CodeOf(err) != record.CodeDiskFull {
		t.Error(err)
	}
	s.full = false
	ref, _ := s.Put(t.Context(), bytes.NewReader(picture(1)))
	s.full = true
	d := record.Document{Originals: []record.Original{{MediaType: "image/png", Blob: ref}}}
	if _, _, err := in.Bind(t.Context(), d); record.CodeOf(err) != record.CodeDiskFull {
		t.Error(err)
	}
}

const mailHead = "From: Jörg Müller <j@example.org>\nTo: amt@example.org\nDate: Mon, 23 Nov 2026 10:15:00 +0100\nSubject: Hundesteuer / Balu\nContent-Type: multipart/mixed; boundary=x\n\n" +
	"--x\nContent-Type: text/plain; charset=utf-8\n\nAnbei der Vertrag.\n"

func attached(name, kind, id string, data []byte) string {
	head := "--x\nContent-Type: " + kind + "\nContent-Transfer-Encoding: base64\n"
	if id != "" {
		head += "Content-ID: <" + id + ">\nContent-Disposition: inline; filename=" + name + "\n"
	} else {
		head += "Content-Disposition: attachment; filename=\"" + name + "\"\n"
	}
	return head + "\n" + base64.StdEncoding.EncodeToString(data) + "\n"
}

func TestMailIsUnpackedAndKeptWhole(t *testing.T) {
	in, s := desk(viewer{texts: []string{"Text"}})
	inner := "From: a@example.org\nDate: Mon, 23 Nov 2026 09:00:00 +0100\nSubject: innen\n\ninnerer Text\n"
	data := []byte(mailHead + attached("../../Vertrag.pdf", "application/pdf", "", []byte("%PDF-1.4 abc")) + attached("logo.png", "image/png", "logo", picture(3)) +
		attached("foto.png", "image/png", "", picture(4)) + attached("alles.zip", "application/zip", "", []byte("PK\x03\x04 archive")) +
		attached("alt.eml", "message/rfc822", "", []byte(inner)) + "--x--\n")
	r, err := in.Import(t.Context(), "nachricht.eml", int64(len(data)), bytes.NewReader(data), nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Title != "Hundesteuer   Balu" || r.MediaType != "application/pdf" || r.Original.MediaType != "message/rfc822" || !bytes.Equal(s.m[r.Original.Blob.Hash], data) || r.Pages == 0 {
		t.Errorf("%+v", r)
	}
	if r.Trouble == nil || r.Trouble.Code != record.CodeMailLeft {
		t.Errorf("what cannot be filed by itself is not named: %v", r.Trouble)
	}
	var names []string
	for _, w := range r.With {
		names = append(names, w.Original.Name+":"+w.Original.MediaType)
	}
	if want := []string{"Vertrag.pdf:application/pdf", "foto.png:image/png", "alt.eml:message/rfc822"}; !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
}

// A chain of messages within messages ends somewhere, and everything is still in the first one.
func TestNestedMailsEnd(t *testing.T) {
	in, _ := desk(viewer{texts: []string{"Text"}})
	data := "From: a@example.org\nDate: x\n\nganz innen\n"
	for range 12 {
		data = mailHead + attached("innen.eml", "message/rfc822", "", []byte(data)) + "--x--\n"
	}
	r, err := in.Import(t.Context(), "viele.eml", -1, strings.NewReader(data), nil)
	depth := 0
	for at := &r; ; depth++ {
		if len(at.With) == 0 {
			if at.Trouble == nil || at.Trouble.Code != record.CodeMailLeft {
				t.Errorf("the end is not named: %v", at.Trouble)
			}
			break
		}
		at = &at.With[0]
	}
	if err != nil || depth != maxNested {
		t.Errorf("%d deep, %v", depth, err)
	}
}

func TestFullDiskTakesNothingOfAMail(t *testing.T) {
	in, s := desk(viewer{})
	s.full = true
	if _, err := in.Import(t.Context(), "a.eml", -1, strings.NewReader(mailHead+"--x--\n"), nil); record.CodeOf(err) != record.CodeDiskFull {
		t.Error(err)
	}
}

// office answers as LibreOffice would.
type converter struct{ err error }

func (c converter) PDF(context.Context, string, []byte) ([]byte, error) {
	return []byte("%PDF-1.7 converted"), c.err
}

func TestOfficeFilesAreKeptAndShownWhereTheyCanBe(t *testing.T) {
	rtf := []byte(`{\rtf1\ansi Balu}`)
	for name, c := range map[string]struct {
		office Office
		code   record.Code
	}{
		"shown": {converter{}, ""}, "not installed": {nil, record.CodeOfficeMissing}, "broken": {converter{record.E(record.CodeOfficeUnread, nil)}, record.CodeOfficeUnread},
	} {
		in, s := desk(viewer{texts: []string{"Balu"}})
		in.Office = c.office
		r, err := in.Import(t.Context(), "brief.rtf", -1, bytes.NewReader(rtf), nil)
		if err != nil || !bytes.Equal(s.m[r.Original.Blob.Hash], rtf) {
			t.Fatal(name, err)
		}
		if c.code == "" && (r.Trouble != nil || r.Pages != 1 || string(s.m[r.Shown.Hash]) != "%PDF-1.7 converted") || c.code != "" && (r.Trouble == nil || r.Trouble.Code != c.code || r.Pages != 0) {
			t.Errorf("%s: %+v %v", name, r, r.Trouble)
		}
	}
}
