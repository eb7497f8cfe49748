// Package mail reads e-mails that were saved as files: Internet messages (.eml, RFC 5322 and MIME) and
// Outlook's own (.msg, MS-OXMSG).
//
// It is for data/intake, which files a message and what was attached to it. It promises to give the text as it
// was written (of a message in HTML only, its words), every attachment byte for byte under the name it had, a
// message within a message as one more attachment, and an error instead of a crash for whatever bytes come.
//
// It never shows HTML, never loads anything that a message points to, never runs anything in it, and never
// believes a sender: what is read is what the message says of itself.
package mail

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"schalter/data/record"
)

// Limits of one message. What is beyond them is refused as a whole: half a message is worse than none.
const (
	maxParts = 1000
	maxText  = 4 << 20 // letters of the body, in bytes
	maxDepth = 8       // of messages within messages, and of parts within parts
)

// Message is one e-mail. Addresses are as they stood there, with names.
type Message struct {
	From, To, Cc, Subject string
	Date                  time.Time // zero: none that can be read
	Text                  string    // lines end with "\n"
	Parts                 []Part
}

// Part is something attached. Inline parts stand in the text, such as the picture of a signature.
type Part struct {
	Name   string // as the message says, not to be trusted as a file name; may be ""
	Data   []byte
	Inline bool
}

// Media types of the two kinds, as the rest of the program names them.
const (
	Internet = "message/rfc822"
	Outlook  = "application/vnd.ms-outlook"
)

// Read reads a message of a media type. A message that cannot be read is [record.CodeMailUnread].
func Read(mediaType string, data []byte) (m *Message, err error) {
	// The libraries below read bytes from strangers; a slip of theirs must cost one message, not the program.
	defer func() {
		if p := recover(); p != nil {
			m, err = nil, record.E(record.CodeMailUnread, fmt.Errorf("panic: %v", p))
		}
	}()
	switch mediaType {
	case Internet:
		m, err = internet(data)
	case Outlook:
		m, err = outlook(bytes.NewReader(data), int64(len(data)))
	default:
		err = fmt.Errorf("%s is no message", mediaType)
	}
	if err != nil {
		return nil, record.E(record.CodeMailUnread, err)
	}
	if len(m.Parts) > maxParts || len(m.Text) > maxText {
		return nil, record.E(record.CodeMailUnread, fmt.Errorf("%d parts, %d bytes of text", len(m.Parts), len(m.Text)))
	}
	return m, nil
}

// Sniff tells whether bytes that no other sign gives away are an Internet message: a few header lines of RFC
// 5322, among them who sent it or when.
func Sniff(data []byte) bool { return known(data) >= 2 }

// known counts the header lines that only messages have; 0 where it is no header at all.
func known(data []byte) int {
	head := data[:min(len(data), 64<<10)]
	known, lines := 0, 0
	for line := range bytes.Lines(bytes.TrimPrefix(head, []byte("\ufeff"))) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if line[0] == ' ' || line[0] == '\t' {
			if lines == 0 {
				return 0
			}
			continue
		}
		name, _, ok := bytes.Cut(line, []byte(":"))
		if !ok || !headerName(name) {
			return 0
		}
		lines++
		switch strings.ToLower(string(name)) {
		case "from", "date", "received", "return-path", "message-id", "mime-version":
			known++
		}
	}
	return known
}

func headerName(b []byte) bool {
	for _, c := range b {
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return len(b) > 0
}

// tidy brings a text to lines that end with "\n", without control characters.
func tidy(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\r\n", "\n"), "\r", "\n")
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s)
	return strings.Trim(s, "\n")
}

// oneLine is tidy for what stands in a header.
func oneLine(s string) string { return strings.Join(strings.Fields(tidy(s)), " ") }
