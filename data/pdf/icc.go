package pdf

import (
	"bytes"
	"encoding/binary"
	"math"
)

// sRGB makes the output intent's colour profile: ICC.1:2001 (version 2.1) with the primaries of IEC
// 61966-2-1 adapted to D50 and its transfer curve in 1,024 steps.
func sRGB() []byte {
	type tag struct {
		sig  string
		data []byte
	}
	text := func(s string) []byte {
		b := []byte("desc\x00\x00\x00\x00")
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)+1))
		b = append(append(b, s...), 0)
		return append(b, make([]byte, 4+4+2+1+67)...)
	}
	xyz := func(v ...float64) []byte {
		b := []byte("XYZ \x00\x00\x00\x00")
		for _, f := range v {
			b = binary.BigEndian.AppendUint32(b, uint32(int32(math.Round(f*65536))))
		}
		return b
	}
	curve := []byte("curv\x00\x00\x00\x00\x00\x00\x04\x00")
	for i := range 1024 {
		x := float64(i) / 1023
		if x <= 0.04045 {
			x /= 12.92
		} else {
			x = math.Pow((x+0.055)/1.055, 2.4)
		}
		curve = binary.BigEndian.AppendUint16(curve, uint16(math.Round(x*65535)))
	}
	tags := []tag{
		{"desc", text("sRGB IEC61966-2.1")},
		{"cprt", append([]byte("text\x00\x00\x00\x00"), "No copyright\x00"...)},
		{"wtpt", xyz(0.9505, 1, 1.0891)},
		{"rXYZ", xyz(0.4360, 0.2225, 0.0139)},
		{"gXYZ", xyz(0.3851, 0.7169, 0.0971)},
		{"bXYZ", xyz(0.1431, 0.0606, 0.7141)},
		{"rTRC", curve},
		{"gTRC", nil},
		{"bTRC", nil}, // one curve for all three
	}
	var table, body bytes.Buffer
	at := 128 + 4 + 12*len(tags)
	var off, size uint32
	for _, t := range tags {
		if t.data != nil {
			for body.Len()%4 != 0 {
				body.WriteByte(0)
			}
			off, size = uint32(at+body.Len()), uint32(len(t.data))
			body.Write(t.data)
		}
		table.WriteString(t.sig)
		_ = binary.Write(&table, binary.BigEndian, [2]uint32{off, size})
	}
	for body.Len()%4 != 0 {
		body.WriteByte(0)
	}
	head := make([]byte, 128)
	binary.BigEndian.PutUint32(head, uint32(at+body.Len()))
	binary.BigEndian.PutUint32(head[8:], 0x02100000)
	copy(head[12:], "mntrRGB XYZ ")
	copy(head[24:], []byte{0x07, 0xCE, 0, 2, 0, 9, 0, 6, 0, 49, 0, 0}) // a fixed date keeps files equal
	copy(head[36:], "acsp")
	copy(head[68:], []byte{0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D}) // D50
	out := binary.BigEndian.AppendUint32(head, uint32(len(tags)))
	return append(append(out, table.Bytes()...), body.Bytes()...)
}
