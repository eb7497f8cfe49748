package pdf

import (
	"bytes"
	"crypto/md5"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
)

// Bookmark is a line of the table of contents that leads to a page. Level 0 is the outermost.
type Bookmark struct {
	Title string
	Level int
}

// Label numbers pages for people, from one page on: "A-1", "A-2" … with Prefix "A-". Style is empty for the
// prefix alone.
type Label struct {
	Prefix string
	Style  LabelStyle
	First  int // number of the first page; 0: 1
}

// LabelStyle is how the number is written.
type LabelStyle string

// The styles of page numbers.
const (
	LabelNumbers LabelStyle = "D"
	LabelRoman   LabelStyle = "r"
)

// Relation is what an attachment is to the document.
type Relation string

// The relations of ISO 19005-3.
const (
	RelSource      Relation = "Source"
	RelData        Relation = "Data"
	RelAlternative Relation = "Alternative"
	RelSupplement  Relation = "Supplement"
)

// Attachment is a file within the file, such as a transfer note.
type Attachment struct {
	Name        string
	MediaType   string
	Relation    Relation
	Description string
	Modified    time.Time
	Data        []byte
}

type attached struct {
	name string
	obj  int
}

// Attach puts a file into the file, which makes it PDF/A-3b. Names are told apart by the caller.
func (p *Writer) Attach(a Attachment) error {
	if a.Relation == "" {
		a.Relation = "Unspecified"
	}
	file, spec := p.take(), p.take()
	p.stream(file, fmt.Sprintf("/Type /EmbeddedFile /Subtype %s /Params <</Size %d /ModDate (%s) /CheckSum <%X>>> /Filter /FlateDecode",
		name(a.MediaType), len(a.Data), pdfTime(a.Modified), md5.Sum(a.Data)), deflate(a.Data))
	p.object(spec, fmt.Sprintf("<</Type /Filespec /F %s /UF %s /AFRelationship %s /Desc %s /EF <</F %d 0 R /UF %d 0 R>>>>",
		text(a.Name), text(a.Name), name(string(a.Relation)), text(a.Description), file, file))
	p.attached = append(p.attached, attached{a.Name, spec})
	return p.err
}

// files are the catalog's entries for what is attached.
func (p *Writer) files() string {
	if len(p.attached) == 0 {
		return ""
	}
	slices.SortStableFunc(p.attached, func(a, b attached) int { return strings.Compare(text(a.name), text(b.name)) })
	var af, names strings.Builder
	for _, a := range p.attached {
		fmt.Fprintf(&af, " %d 0 R", a.obj)
		fmt.Fprintf(&names, " %s %d 0 R", text(a.name), a.obj)
	}
	return fmt.Sprintf(" /AF [%s] /Names <</EmbeddedFiles <</Names [%s]>>>>", af.String()[1:], names.String()[1:])
}

type bookmark struct {
	Bookmark
	page int // object
}

// outline writes the table of contents and answers the catalog's entries for it.
func (p *Writer) outline() string {
	if len(p.bookmarks) == 0 {
		return ""
	}
	root := p.take()
	first, last, n := p.branch(root, p.bookmarks)
	p.object(root, fmt.Sprintf("<</Type /Outlines /First %d 0 R /Last %d 0 R /Count %d>>", first, last, n))
	return fmt.Sprintf(" /Outlines %d 0 R /PageMode /UseOutlines", root)
}

// branch writes the bookmarks below a parent; those deeper than the first belong to the one before them.
func (p *Writer) branch(parent int, list []bookmark) (first, last, count int) {
	var objs, ends []int
	for i := 0; i < len(list); {
		end := i + 1
		for end < len(list) && list[end].Level > list[i].Level {
			end++
		}
		objs, ends, i = append(objs, p.take()), append(ends, end), end
	}
	start := 0
	for i, obj := range objs {
		b := list[start]
		entry := fmt.Sprintf("<</Title %s /Parent %d 0 R /Dest [%d 0 R /Fit]", text(b.Title), parent, b.page)
		if i > 0 {
			entry += fmt.Sprintf(" /Prev %d 0 R", objs[i-1])
		}
		if i+1 < len(objs) {
			entry += fmt.Sprintf(" /Next %d 0 R", objs[i+1])
		}
		if below := list[start+1 : ends[i]]; len(below) > 0 {
			f, l, n := p.branch(obj, below)
			entry += fmt.Sprintf(" /First %d 0 R /Last %d 0 R /Count %d", f, l, n)
			count += n
		}
		p.object(obj, entry+">>")
		count++
		start = ends[i]
	}
	return objs[0], objs[len(objs)-1], count
}

// labels is the catalog's entry for page numbers.
func (p *Writer) labels() string {
	if len(p.labelled) == 0 {
		return ""
	}
	var b strings.Builder
	if _, ok := p.labelled[0]; !ok { // the table has to begin with the first page
		b.WriteString(" 0 <</S /D>>")
	}
	for i := range p.pages {
		l, ok := p.labelled[i]
		if !ok {
			continue
		}
		fmt.Fprintf(&b, " %d <<", i)
		if l.Style != "" {
			fmt.Fprintf(&b, "/S %s /St %d ", name(string(l.Style)), max(1, l.First))
		}
		fmt.Fprintf(&b, "/P %s>>", text(l.Prefix))
	}
	return fmt.Sprintf(" /PageLabels <</Nums [%s]>>", b.String()[1:])
}

// text is a string for people as PDF writes it.
func text(s string) string {
	var b strings.Builder
	plain := true
	for _, r := range s {
		plain = plain && r >= ' ' && r <= '~'
	}
	if plain {
		return "(" + strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(s) + ")"
	}
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String() + ">"
}

// name is a name as PDF writes it.
func name(s string) string {
	var b strings.Builder
	b.WriteByte('/')
	for _, c := range []byte(s) {
		if c <= ' ' || c >= 0x7F || strings.IndexByte("#/()<>[]{}%", c) >= 0 {
			fmt.Fprintf(&b, "#%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func pdfTime(t time.Time) string { return "D:" + t.UTC().Format("20060102150405") + "Z" }

func escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a bytes.Buffer does not fail
	return b.String()
}

// xmp is what the file says about itself. part is that of ISO 19005; 0 promises none.
func xmp(m Meta, part int) []byte {
	at := m.Created.UTC().Format("2006-01-02T15:04:05+00:00")
	promise := ""
	if part > 0 {
		promise = fmt.Sprintf("\n"+`<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>%d</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance></rdf:Description>`, part)
	}
	return fmt.Appendf(nil, "<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"+
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>application/pdf</dc:format><dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>%s</pdf:Producer></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:CreateDate>%s</xmp:CreateDate><xmp:ModifyDate>%s</xmp:ModifyDate></rdf:Description>%s
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`, escape(m.Title), escape(m.Producer), at, at, promise)
}
