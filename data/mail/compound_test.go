package mail

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"unicode/utf16"
)

// compound writes a compound file (MS-CFB, version 3) with every stream in sectors of its own: each is filled up
// with zeros to the size from which streams leave the mini stream, which all properties of a message bear.
type compound struct {
	entries []entry
	data    [][]byte // of the streams, by entry
}

type entry struct {
	name                string
	kind                byte // 1 storage, 2 stream, 5 root
	child, right        uint32
	start, size         uint32
	childLast, hasChild int
}

const (
	sector = 512
	cutoff = 4096
	none   = 0xFFFFFFFF
)

func newCompound() *compound {
	c := &compound{}
	c.add(-1, "Root Entry", 5, nil)
	return c
}

// add puts an entry below another and returns its number.
func (c *compound) add(parent int, name string, kind byte, data []byte) int {
	n := len(c.entries)
	c.entries = append(c.entries, entry{name: name, kind: kind, child: none, right: none})
	c.data = append(c.data, data)
	if parent >= 0 {
		p := &c.entries[parent]
		if p.hasChild == 0 {
			p.child, p.hasChild = uint32(n), 1
		} else {
			c.entries[p.childLast].right = uint32(n)
		}
		p.childLast = n
	}
	return n
}

func (c *compound) text(parent int, id uint32, s string) {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	c.property(parent, id, typeUnicode, b)
}

func (c *compound) property(parent int, id, kind uint32, b []byte) {
	c.add(parent, streamPrefix+fmt.Sprintf("%04X%04X", id, kind), 2, slices.Concat(b, make([]byte, max(0, cutoff-len(b)))))
}

// fixed writes the property stream; header is the length of its head.
func (c *compound) fixed(parent, header int, values map[uint32]uint64) {
	b := make([]byte, header)
	for tag, v := range values {
		b = binary.LittleEndian.AppendUint32(b, tag)
		b = binary.LittleEndian.AppendUint32(b, 6)
		b = binary.LittleEndian.AppendUint64(b, v)
	}
	c.add(parent, propertyName, 2, slices.Concat(b, make([]byte, cutoff)))
}

func (c *compound) bytes() []byte {
	var body bytes.Buffer
	var fat []uint32
	put := func(b []byte) uint32 {
		start := uint32(len(fat))
		for at := 0; at < len(b); at += sector {
			part := make([]byte, sector)
			copy(part, b[at:])
			body.Write(part)
			next := uint32(len(fat) + 1)
			if at+sector >= len(b) {
				next = 0xFFFFFFFE
			}
			fat = append(fat, next)
		}
		return start
	}
	for i, d := range c.data {
		if c.entries[i].kind == 2 {
			c.entries[i].start, c.entries[i].size = put(d), uint32(len(d))
		}
	}
	var dir bytes.Buffer
	for _, e := range c.entries {
		b := make([]byte, 128)
		for i, u := range utf16.Encode([]rune(e.name)) {
			binary.LittleEndian.PutUint16(b[2*i:], u)
		}
		binary.LittleEndian.PutUint16(b[64:], uint16(2*len(e.name)+2))
		b[66], b[67] = e.kind, 1
		start := e.start
		if e.kind == 5 {
			start = 0xFFFFFFFE
		}
		for i, v := range []uint32{none, e.right, e.child} {
			binary.LittleEndian.PutUint32(b[68+4*i:], v)
		}
		binary.LittleEndian.PutUint32(b[116:], start)
		binary.LittleEndian.PutUint32(b[120:], e.size)
		dir.Write(b)
	}
	first := put(dir.Bytes())
	fats := (len(fat) + 140) / 127
	at := uint32(len(fat))
	for range fats {
		fat = append(fat, 0xFFFFFFFD)
	}
	for len(fat)%128 != 0 {
		fat = append(fat, none)
	}
	for _, v := range fat {
		_ = binary.Write(&body, binary.LittleEndian, v)
	}
	head := make([]byte, sector)
	copy(head, []byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1})
	for _, v := range []struct{ at, v uint16 }{{24, 0x3E}, {26, 3}, {28, 0xFFFE}, {30, 9}, {32, 6}} {
		binary.LittleEndian.PutUint16(head[v.at:], v.v)
	}
	for _, v := range []struct {
		at int
		v  uint32
	}{{44, uint32(len(fat) / 128)}, {48, first}, {56, cutoff}, {60, 0xFFFFFFFE}, {68, 0xFFFFFFFE}} {
		binary.LittleEndian.PutUint32(head[v.at:], v.v)
	}
	for i := range 109 {
		v := uint32(none)
		if i < len(fat)/128 {
			v = at + uint32(i)
		}
		binary.LittleEndian.PutUint32(head[76+4*i:], v)
	}
	return slices.Concat(head, body.Bytes())
}
