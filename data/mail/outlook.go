package mail

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/inbucket/html2text"
	"github.com/richardlehane/mscfb"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
)

// Properties of MS-OXPROPS by their number.
const (
	propSubject    = 0x0037
	propSubmit     = 0x0039
	propSenderName = 0x0C1A
	propSenderMail = 0x0C1F
	propSenderSMTP = 0x5D01
	propTo         = 0x0E04
	propCc         = 0x0E03
	propDelivery   = 0x0E06
	propBody       = 0x1000
	propHTML       = 0x1013
	propData       = 0x3701
	propShortName  = 0x3704
	propLongName   = 0x3707
	propDisplay    = 0x3001
	propContentID  = 0x3712
	propHidden     = 0x7FFE
	propCodepage   = 0x3FFD
	propInternetCP = 0x3FDE
)

// Types of properties.
const (
	typeLong    = 0x0003
	typeBool    = 0x000B
	typeObject  = 0x000D
	typeString8 = 0x001E
	typeUnicode = 0x001F
	typeTime    = 0x0040
	typeBinary  = 0x0102
)

const (
	streamPrefix = "__substg1.0_"
	attachPrefix = "__attach_version1.0_#"
	propertyName = "__properties_version1.0"
)

// storage is a directory of the compound file.
type storage struct {
	streams map[string]*mscfb.File
	below   map[string]*storage
	order   []string // of below
	fixed   map[uint32][8]byte
	page    uint32 // code page of texts that are not Unicode
}

// outlook reads MS-OXMSG: a compound file whose streams are the properties.
func outlook(r io.ReaderAt, size int64) (*Message, error) {
	c, err := mscfb.New(r)
	if err != nil {
		return nil, err
	}
	root := newStorage()
	for i, f := range c.File {
		if i > 100*maxParts || len(f.Path) > 4*maxDepth {
			return nil, errors.New("too many entries")
		}
		at := root
		for _, p := range f.Path {
			at = at.under(p)
		}
		switch {
		case f.FileInfo().IsDir():
			at.under(f.Name)
		case f.Size < 0 || f.Size > size:
			return nil, fmt.Errorf("%s is larger than the file", f.Name)
		default:
			at.streams[f.Name] = f
		}
	}
	if root.streams[propertyName] == nil {
		return nil, errors.New("no properties of a message")
	}
	return root.message(32)
}

func newStorage() *storage {
	return &storage{streams: map[string]*mscfb.File{}, below: map[string]*storage{}, fixed: map[uint32][8]byte{}}
}

func (s *storage) under(name string) *storage {
	b, ok := s.below[name]
	if !ok {
		b = newStorage()
		s.below[name] = b
		s.order = append(s.order, name)
	}
	return b
}

// message reads a storage as a message; header is the length of its property stream's head: 32 bytes at the
// top, 24 in a message within a message.
func (s *storage) message(header int) (*Message, error) {
	if err := s.properties(header, 0); err != nil {
		return nil, err
	}
	m := &Message{
		From: address(s.text(propSenderName), s.firstText(propSenderSMTP, propSenderMail)),
		To:   oneLine(s.text(propTo)), Cc: oneLine(s.text(propCc)), Subject: oneLine(s.text(propSubject)), Text: tidy(s.text(propBody)),
	}
	if m.Text == "" {
		m.Text = tidy(s.html())
	}
	for _, id := range []uint32{propSubmit, propDelivery} {
		if v, ok := s.fixed[id<<16|typeTime]; ok && m.Date.IsZero() {
			m.Date = filetime(binary.LittleEndian.Uint64(v[:]))
		}
	}
	for _, name := range s.order {
		if !strings.HasPrefix(name, attachPrefix) {
			continue
		}
		if len(m.Parts) > maxParts {
			return nil, fmt.Errorf("more than %d parts", maxParts)
		}
		p, err := s.below[name].part(s.page)
		if err != nil {
			return nil, err
		}
		m.Parts = append(m.Parts, p)
	}
	return m, nil
}

// part reads an attachment. A message within a message has no file of its own: it is told as its text, with
// what is attached to it left inside the original.
func (s *storage) part(page uint32) (Part, error) {
	if err := s.properties(8, page); err != nil {
		return Part{}, err
	}
	p := Part{Name: oneLine(s.firstText(propLongName, propShortName, propDisplay))}
	hidden := s.fixed[propHidden<<16|typeBool]
	p.Inline = s.text(propContentID) != "" && hidden[0] != 0
	data, err := s.read(propData, typeBinary)
	if err != nil {
		return p, err
	}
	if data != nil {
		p.Data = data
		return p, nil
	}
	inner, ok := s.below[streamPrefix+fmt.Sprintf("%04X%04X", propData, typeObject)]
	if !ok || inner.streams[propertyName] == nil {
		return p, nil
	}
	m, err := inner.message(24)
	if err != nil {
		return p, err
	}
	p.Data = m.Bytes()
	if !strings.HasSuffix(strings.ToLower(p.Name), ".eml") {
		p.Name += ".eml"
	}
	return p, nil
}

// properties reads those of fixed length, and the code page of the texts.
func (s *storage) properties(header int, page uint32) error {
	s.page = page
	f := s.streams[propertyName]
	if f == nil {
		return nil
	}
	b, err := readAll(f)
	if err != nil {
		return err
	}
	for at := header; at+16 <= len(b); at += 16 {
		s.fixed[binary.LittleEndian.Uint32(b[at:])] = [8]byte(b[at+8 : at+16])
	}
	for _, id := range []uint32{propInternetCP, propCodepage} {
		if v, ok := s.fixed[id<<16|typeLong]; ok {
			s.page = binary.LittleEndian.Uint32(v[:])
		}
	}
	return nil
}

func readAll(f *mscfb.File) ([]byte, error) {
	b := make([]byte, f.Size)
	if n, err := io.ReadFull(f, b); err != nil && f.Size > 0 {
		return nil, fmt.Errorf("%s ends after %d of %d bytes: %w", f.Name, n, f.Size, err)
	}
	return b, nil
}

// read returns the stream of a property, nil where there is none.
func (s *storage) read(id, kind uint32) ([]byte, error) {
	f := s.streams[streamPrefix+fmt.Sprintf("%04X%04X", id, kind)]
	if f == nil {
		return nil, nil
	}
	return readAll(f)
}

// text reads a text property, "" where there is none or it is broken: the others are still worth showing.
func (s *storage) text(id uint32) string {
	if b, err := s.read(id, typeUnicode); err == nil && b != nil {
		u := make([]uint16, len(b)/2)
		for i := range u {
			u[i] = binary.LittleEndian.Uint16(b[2*i:])
		}
		return strings.TrimRight(string(utf16.Decode(u)), "\x00")
	}
	b, err := s.read(id, typeString8)
	if err != nil || b == nil {
		return ""
	}
	return strings.TrimRight(decode(b, s.page), "\x00")
}

func (s *storage) firstText(ids ...uint32) string {
	for _, id := range ids {
		if t := s.text(id); t != "" {
			return t
		}
	}
	return ""
}

// html is the words of a body that is there as HTML only.
func (s *storage) html() string {
	b, err := s.read(propHTML, typeBinary)
	if err != nil || b == nil {
		return ""
	}
	t, err := html2text.FromString(decode(b, s.page))
	if err != nil {
		return ""
	}
	return t
}

// decode reads text of a Windows code page; western European where none is named.
func decode(b []byte, page uint32) string {
	name := "windows-" + strconv.FormatUint(uint64(page), 10)
	switch page {
	case 65001:
		return string(b)
	case 28591, 28605:
		name = "iso-8859-15"
	case 932:
		name = "shift_jis"
	case 936:
		name = "gbk"
	}
	enc, err := htmlindex.Get(name)
	if err != nil {
		enc = charmap.Windows1252
	}
	s, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		return string(b)
	}
	return string(s)
}

// address joins a name and an address.
func address(name, mail string) string {
	name, mail = oneLine(name), oneLine(mail)
	switch {
	case mail == "" || strings.EqualFold(name, mail) || strings.HasPrefix(mail, "/"): // an inner address says nothing
		return name
	case name == "":
		return mail
	}
	return name + " <" + mail + ">"
}

// filetime is 100 nanoseconds since 1601.
func filetime(v uint64) time.Time {
	const epoch = 116444736000000000
	if v < epoch || v > epoch+1e10*1e7 {
		return time.Time{}
	}
	return time.Unix(int64(v-epoch)/1e7, int64(v-epoch)%1e7*100).UTC()
}
