package mail

import (
	"bytes"
	"mime"
	"time"

	"github.com/jhillyerd/enmime/v2"
)

// Bytes writes a message as an Internet message, for one that has no such form of its own.
func (m *Message) Bytes() []byte {
	root := enmime.NewPart("multipart/mixed")
	root.Boundary = "schalter-parts"
	head := []struct{ name, value string }{{"From", m.From}, {"To", m.To}, {"Cc", m.Cc}, {"Subject", m.Subject}}
	root.Header.Set("MIME-Version", "1.0")
	for _, h := range head {
		if h.value != "" {
			root.Header.Set(h.name, mime.QEncoding.Encode("utf-8", h.value))
		}
	}
	if !m.Date.IsZero() {
		root.Header.Set("Date", m.Date.Format(time.RFC1123Z))
	}
	text := enmime.NewPart("text/plain")
	text.Charset = "utf-8"
	text.Content = []byte(m.Text)
	root.AddChild(text)
	for _, p := range m.Parts {
		a := enmime.NewPart("application/octet-stream")
		a.Disposition, a.FileName, a.Content = "attachment", p.Name, p.Data
		root.AddChild(a)
	}
	var b bytes.Buffer
	if err := root.Encode(&b); err != nil {
		return nil
	}
	return b.Bytes()
}
