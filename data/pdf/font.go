package pdf

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

// blankFont makes a TrueType font of two empty glyphs: one for nothing, one for every letter. It draws nothing;
// it tells viewers where letters stand and how far each goes.
func blankFont() []byte {
	be := binary.BigEndian
	head := make([]byte, 54)
	be.PutUint32(head, 0x00010000)
	be.PutUint32(head[4:], 0x00010000)
	be.PutUint32(head[12:], 0x5F0F3CF5)
	be.PutUint16(head[18:], 1000) // units per em
	be.PutUint16(head[38:], uint16(0xFFFF&(descent+0x10000)))
	be.PutUint16(head[40:], glyphWidth)
	be.PutUint16(head[42:], ascent)
	be.PutUint16(head[46:], 3) // smallest readable size
	be.PutUint16(head[48:], 2) // direction hint

	hhea := make([]byte, 36)
	be.PutUint32(hhea, 0x00010000)
	be.PutUint16(hhea[4:], ascent)
	be.PutUint16(hhea[6:], uint16(0xFFFF&(descent+0x10000)))
	be.PutUint16(hhea[10:], glyphWidth)
	be.PutUint16(hhea[18:], 1) // upright caret
	be.PutUint16(hhea[34:], 2) // metrics

	maxp := make([]byte, 32)
	be.PutUint32(maxp, 0x00010000)
	be.PutUint16(maxp[4:], 2)  // glyphs
	be.PutUint16(maxp[14:], 1) // zones

	hmtx := be.AppendUint16(nil, glyphWidth)
	hmtx = be.AppendUint16(hmtx, 0)
	hmtx = append(hmtx, hmtx...)
	post := make([]byte, 32)
	be.PutUint32(post, 0x00030000)
	return sfnt([]table{
		{"glyf", make([]byte, 4)},
		{"head", head},
		{"hhea", hhea},
		{"hmtx", hmtx},
		{"loca", make([]byte, 6)},
		{"maxp", maxp},
		{"post", post},
	})
}

type table struct {
	tag  string
	data []byte
}

// sfnt joins tables, already in the order of their tags, into a font file with its checksums.
func sfnt(tables []table) []byte {
	be := binary.BigEndian
	out := append(be.AppendUint16([]byte{0, 1, 0, 0}, uint16(len(tables))), 0, 64, 0, 2, 0, 48)
	at, head := 12+16*len(tables), 0
	var body []byte
	for _, t := range tables {
		if t.tag == "head" {
			head = at + len(body)
		}
		out = append(out, t.tag...)
		out = be.AppendUint32(out, checksum(t.data))
		out = be.AppendUint32(out, uint32(at+len(body)))
		out = be.AppendUint32(out, uint32(len(t.data)))
		body = append(body, t.data...)
		body = append(body, make([]byte, -len(t.data)&3)...)
	}
	out = append(out, body...)
	be.PutUint32(out[head+8:], 0xB1B0AFBA-checksum(out))
	return out
}

func checksum(b []byte) uint32 {
	b = slices.Concat(b, make([]byte, -len(b)&3))
	var sum uint32
	for ; len(b) > 0; b = b[4:] {
		sum += binary.BigEndian.Uint32(b)
	}
	return sum
}

// font writes the invisible font with the letters that were used.
func (p *Writer) font() {
	cid, desc, file, glyphs, meaning := p.take(), p.take(), p.take(), p.take(), p.take()
	p.object(p.fontObj, fmt.Sprintf("<</Type /Font /Subtype /Type0 /BaseFont /Glyphless /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>", cid, meaning))
	p.object(cid, fmt.Sprintf("<</Type /Font /Subtype /CIDFontType2 /BaseFont /Glyphless /CIDToGIDMap %d 0 R /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor %d 0 R /DW %d>>",
		glyphs, desc, glyphWidth))
	p.object(desc, fmt.Sprintf("<</Type /FontDescriptor /FontName /Glyphless /Flags 4 /FontBBox [0 %d %d %d] /ItalicAngle 0 /Ascent %d /Descent %d /CapHeight %d /StemV 80 /FontFile2 %d 0 R>>",
		descent, glyphWidth, ascent, ascent, descent, ascent, file))
	ttf := blankFont()
	p.stream(file, fmt.Sprintf("/Length1 %d /Filter /FlateDecode", len(ttf)), deflate(ttf))
	// every code shows the one empty glyph, none the glyph that stands for a missing one
	p.stream(glyphs, "/Filter /FlateDecode", deflate([]byte("\x00\x00"+strings.Repeat("\x00\x01", len(p.script.runes)))))
	p.stream(meaning, "/Filter /FlateDecode", deflate([]byte(p.script.meaning())))
}
