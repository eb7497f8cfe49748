package mail

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"schalter/data/record"
)

const letter = "From: =?utf-8?q?J=C3=B6rg_M=C3=BCller?= <j.mueller@example.org>\r\n" +
	"To: Stadt Musterstadt <amt@example.org>\r\nDate: Mon, 23 Nov 2026 10:15:00 +0100\r\n" +
	"Subject: =?iso-8859-1?q?Hundesteuer_f=FCr_Balu?=\r\nMIME-Version: 1.0\r\n" +
	"Content-Type: multipart/mixed; boundary=x\r\n\r\n" +
	"--x\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
	"Sehr geehrte Damen und Herren,\r\nanbei der Schutzvertrag f=FCr Balu.\r\n" +
	"--x\r\nContent-Type: application/pdf; name*=utf-8''Schutzvertrag%20%C3%BCber%20Balu.pdf\r\n" +
	"Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQKYWJj\r\n" +
	"--x\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@example.org\r\nDate: Mon, 23 Nov 2026 09:00:00 +0100\r\nSubject: innen\r\n\r\ninnerer Text\r\n" +
	"--x--\r\n"

func TestInternetMessageIsReadWithItsParts(t *testing.T) {
	m, err := Read(Internet, []byte(letter))
	if err != nil {
		t.Fatal(err)
	}
	if m.From != "Jörg Müller <j.mueller@example.org>" || m.To != "Stadt Musterstadt <amt@example.org>" || m.Subject != "Hundesteuer für Balu" ||
		!m.Date.Equal(time.Date(2026, 11, 23, 9, 15, 0, 0, time.UTC)) || m.Text != "Sehr geehrte Damen und Herren,\nanbei der Schutzvertrag für Balu." {
		t.Errorf("%+v", m)
	}
	if len(m.Parts) != 2 || m.Parts[0].Name != "Schutzvertrag über Balu.pdf" || string(m.Parts[0].Data) != "%PDF-1.4\nabc" || m.Parts[0].Inline {
		t.Fatalf("%+v", m.Parts)
	}
	inner, err := Read(Internet, m.Parts[1].Data)
	if err != nil || inner.Subject != "innen" || inner.Text != "innerer Text" {
		t.Errorf("%+v %v from %q", inner, err, m.Parts[1].Data)
	}
}

func TestWhatAMessageSaysInHTMLOnlyIsReadAsWords(t *testing.T) {
	m, err := Read(Internet, []byte("From: a@example.org\nDate: x\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n"+
		"<html><style>p{color:red}</style><script>alert(1)</script><p>Guten <b>Tag</b>,</p><p>Grüße</p><img src=\"http://example.org/spur.gif\">"))
	if err != nil || !strings.Contains(m.Text, "Tag") || !strings.Contains(m.Text, "Grüße") || strings.Contains(m.Text, "alert") || strings.Contains(m.Text, "color") {
		t.Errorf("%q %v", m.Text, err)
	}
}

func TestPictureInTheTextIsInline(t *testing.T) {
	m, err := Read(Internet, []byte("From: a@example.org\nDate: x\nContent-Type: multipart/related; boundary=y\n\n--y\nContent-Type: text/html\n\n<p>Hallo\n"+
		"--y\nContent-Type: image/png; name=logo.png\nContent-ID: <logo>\nContent-Disposition: inline; filename=logo.png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--y--\n"))
	if err != nil || len(m.Parts) != 1 || !m.Parts[0].Inline || m.Parts[0].Name != "logo.png" {
		t.Errorf("%+v %v", m, err)
	}
}

// outlookFile is a message with a file and a message attached.
func outlookFile() []byte {
	at := time.Date(2026, 11, 23, 9, 15, 0, 0, time.UTC)
	stamp := uint64(at.UnixNano()/100) + 116444736000000000
	c := newCompound()
	c.fixed(0, 32, map[uint32]uint64{propSubmit<<16 | typeTime: stamp})
	c.text(0, propSenderName, "Jörg Müller")
	c.text(0, propSenderSMTP, "j.mueller@example.org")
	c.text(0, propTo, "Stadt Musterstadt")
	c.text(0, propSubject, "Hundesteuer für Balu")
	c.text(0, propBody, "Anbei der Vertrag.\r\nGrüße 🐕")
	a := c.add(0, attachPrefix+"00000000", 1, nil)
	c.fixed(a, 8, nil)
	c.text(a, propShortName, "SCHUTZ~1.PDF")
	c.text(a, propLongName, "Schutzvertrag über Balu.pdf")
	c.property(a, propData, typeBinary, bytes.Repeat([]byte("%PDF-1.4 abc\n"), 400))
	b := c.add(0, attachPrefix+"00000001", 1, nil)
	c.fixed(b, 8, nil)
	c.text(b, propDisplay, "Frühere Nachricht")
	in := c.add(b, streamPrefix+fmt.Sprintf("%04X%04X", propData, typeObject), 1, nil)
	c.fixed(in, 24, map[uint32]uint64{propInternetCP<<16 | typeLong: 1252})
	c.property(in, propSubject, typeString8, []byte("Fr\xfcher"))
	c.text(in, propBody, "Vorher")
	return c.bytes()
}

func TestOutlookMessageIsReadWithItsParts(t *testing.T) {
	m, err := Read(Outlook, outlookFile())
	if err != nil {
		t.Fatal(err)
	}
	if m.From != "Jörg Müller <j.mueller@example.org>" || m.To != "Stadt Musterstadt" || m.Subject != "Hundesteuer für Balu" ||
		!m.Date.Equal(time.Date(2026, 11, 23, 9, 15, 0, 0, time.UTC)) || m.Text != "Anbei der Vertrag.\nGrüße 🐕" {
		t.Errorf("%+v", m)
	}
	if len(m.Parts) != 2 || m.Parts[0].Name != "Schutzvertrag über Balu.pdf" || !bytes.Equal(m.Parts[0].Data, bytes.Repeat([]byte("%PDF-1.4 abc\n"), 400)) {
		t.Fatalf("%+v", m.Parts)
	}
	inner, err := Read(Internet, m.Parts[1].Data)
	if err != nil || m.Parts[1].Name != "Frühere Nachricht.eml" || inner.Subject != "Früher" || inner.Text != "Vorher" {
		t.Errorf("%q %+v %v", m.Parts[1].Name, inner, err)
	}
}

// A file that Outlook itself wrote, out of the tests of the library that reads the container.
func TestOutlooksOwnFile(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/richardlehane/mscfb").Output()
	if err != nil {
		t.Skip("modules are not at hand")
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(out)), "test", "test.msg"))
	if err != nil {
		t.Skip("the library came without its tests")
	}
	m, err := Read(Outlook, data)
	if err != nil || m.Subject != "test" || !strings.Contains(m.From, "<Richard.Lehane@records.nsw.gov.au>") || !strings.HasPrefix(m.Text, "Test") || m.Date.Year() != 2013 {
		t.Fatalf("%+v %v", m, err)
	}
	if len(m.Parts) != 2 || m.Parts[0].Name != "test.doc" || len(m.Parts[0].Data) != 12288 || m.Parts[0].Inline || !m.Parts[1].Inline {
		t.Errorf("%d parts", len(m.Parts))
	}
}

func TestBrokenMessagesAreRefused(t *testing.T) {
	whole := outlookFile()
	for name, c := range map[string]struct {
		kind string
		data []byte
	}{
		"no header": {Internet, []byte("Guten Tag,\n\nText")}, "picture": {Internet, []byte("\x89PNG\r\n\x1a\n")}, "empty": {Outlook, nil},
		"cut off": {Outlook, whole[:len(whole)/2]}, "only the header": {Outlook, whole[:512]}, "other kind": {"text/plain", []byte(letter)},
		"a thousand parts": {Internet, []byte("From: a\nDate: b\nContent-Type: multipart/mixed; boundary=z\n\n" + strings.Repeat("--z\nContent-Type: image/png\n\nx\n", 1200) + "--z--\n")},
	} {
		if m, err := Read(c.kind, c.data); record.CodeOf(err) != record.CodeMailUnread {
			t.Errorf("%s: %+v %v", name, m, err)
		}
	}
}

func TestOnlyMessagesAreTakenForMessages(t *testing.T) {
	for text, want := range map[string]bool{
		letter: true, "\ufeffFrom: a\r\nDate: b\r\n\r\n": true, "Return-Path: <a>\nReceived: by x\n\ty\nFrom: b\n\n": true,
		"": false, "Name: x\nOrt: y\n\nz": false, "from: a\nohne Doppelpunkt\n": false, " From: a\nDate: b\n": false, "%PDF-1.4": false,
	} {
		if Sniff([]byte(text)) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

// What is written for a message that had no form of its own reads the same again.
func TestWrittenMessagesReadTheSame(t *testing.T) {
	word := rapid.StringMatching(`[A-Za-zÄÖÜäöüß0-9.,€🐕 ]{0,60}`)
	rapid.Check(t, func(t *rapid.T) {
		want := &Message{From: "a@example.org", Subject: oneLine(word.Draw(t, "subject")), Text: tidy(word.Draw(t, "text") + "\n" + word.Draw(t, "more")), Date: time.Unix(rapid.Int64Range(1e9, 2e9).Draw(t, "date"), 0)}
		want.Text = strings.TrimSpace(want.Text)
		for range rapid.IntRange(0, 3).Draw(t, "parts") {
			want.Parts = append(want.Parts, Part{Name: rapid.StringMatching(`[a-zäöüß ]{1,20}[a-z]\.pdf`).Draw(t, "name"), Data: rapid.SliceOfN(rapid.Byte(), 1, 300).Draw(t, "data")})
		}
		got, err := Read(Internet, want.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if got.Subject != want.Subject || strings.TrimSpace(got.Text) != want.Text || !got.Date.Equal(want.Date) || len(got.Parts) != len(want.Parts) {
			t.Fatalf("%+v\n%+v\n%s", got, want, want.Bytes())
		}
		for i, p := range want.Parts {
			if strings.TrimSpace(got.Parts[i].Name) != strings.TrimSpace(p.Name) || !bytes.Equal(got.Parts[i].Data, p.Data) {
				t.Fatalf("%+v\n%+v", got.Parts[i], p)
			}
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add(true, []byte(letter))
	f.Add(false, outlookFile())
	f.Fuzz(func(t *testing.T, internet bool, data []byte) {
		kind := Outlook
		if internet {
			kind = Internet
		}
		m, err := Read(kind, data)
		if err != nil && record.CodeOf(err) != record.CodeMailUnread || err == nil && m == nil {
			t.Fatalf("%+v %v", m, err)
		}
	})
}
