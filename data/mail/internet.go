package mail

import (
	"bytes"
	"errors"
	"fmt"
	"net/mail"
	"strings"

	"github.com/jhillyerd/enmime/v2"
)

// internet reads RFC 5322 and MIME. The parts are walked here: a part that stands in no list of the library
// would be lost without a word.
func internet(data []byte) (*Message, error) {
	if known(data) == 0 {
		return nil, errors.New("no header of a message")
	}
	root, err := enmime.NewParser(enmime.MaxStoredPartErrors(16)).ReadParts(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	e, err := enmime.EnvelopeFromPart(root)
	if err != nil {
		return nil, err
	}
	m := &Message{
		From: oneLine(e.GetHeader("From")), To: oneLine(e.GetHeader("To")), Cc: oneLine(e.GetHeader("Cc")),
		Subject: oneLine(e.GetHeader("Subject")), Text: tidy(e.Text),
	}
	if at, err := mail.ParseDate(e.GetHeader("Date")); err == nil {
		m.Date = at
	}
	body := &bodyOf{m: m}
	if err := body.walk(root, 0); err != nil {
		return nil, err
	}
	return m, nil
}

// bodyOf gathers the parts that are not the text itself.
type bodyOf struct {
	m          *Message
	text, html bool // were met: only the first of each is the body
}

func (b *bodyOf) walk(p *enmime.Part, depth int) error {
	if depth > 10*maxDepth {
		return fmt.Errorf("parts within parts, %d deep", depth)
	}
	for ; p != nil; p = p.NextSibling {
		if len(b.m.Parts) > maxParts {
			return fmt.Errorf("more than %d parts", maxParts)
		}
		if p.FirstChild != nil {
			if err := b.walk(p.FirstChild, depth+1); err != nil {
				return err
			}
			continue
		}
		if strings.HasPrefix(p.ContentType, "multipart/") && len(p.Content) == 0 || b.isBody(p) {
			continue
		}
		name := p.FileName
		if name == "" && p.ContentType == Internet {
			name = "Nachricht.eml"
		}
		b.m.Parts = append(b.m.Parts, Part{Name: name, Data: p.Content, Inline: p.Disposition != "attachment" && p.ContentID != ""})
	}
	return nil
}

// isBody tells the first text and the first HTML that are not attached: what the message says.
func (b *bodyOf) isBody(p *enmime.Part) bool {
	if p.Disposition == "attachment" || p.FileName != "" {
		return false
	}
	var met *bool
	switch p.ContentType {
	case "text/plain", "":
		met = &b.text
	case "text/html":
		met = &b.html
	default:
		return false
	}
	first := !*met
	*met = true
	return first
}
