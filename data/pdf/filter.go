package pdf

// unfilter turns a row of differences into values (PNG, section 9). step is the distance to the pixel at the left.
//
// What scanners hand over, one byte for a pixel or three, is worth a way of its own for the filters that look to the
// left: the value just made stays in a register instead of being read back.
func unfilter(kind byte, row, above []byte, step int) {
	above = above[:len(row)]
	switch {
	case kind == 2:
		for i, up := range above {
			row[i] += up
		}
	case kind == 0:
	case step == 1:
		unfilter1(kind, row, above)
	case step == 3 && len(row)%3 == 0:
		unfilter3(kind, row, above)
	default:
		unfilterAny(kind, row, above, step)
	}
}

// unfilter1 is for pixels of one byte.
func unfilter1(kind byte, row, above []byte) {
	above = above[:len(row)]
	var left, corner byte
	switch kind {
	case 1:
		for i, d := range row {
			left += d
			row[i] = left
		}
	case 3:
		for i, d := range row {
			left = d + byte((int(left)+int(above[i]))/2)
			row[i] = left
		}
	case 4:
		for i, d := range row {
			up := above[i]
			left = d + paeth(int(left), int(up), int(corner))
			corner = up
			row[i] = left
		}
	}
}

// unfilter3 is for pixels of three bytes. The parts are in one loop because none waits for another.
func unfilter3(kind byte, row, above []byte) {
	above = above[:len(row)]
	var a, b, c byte // at the left
	switch kind {
	case 1:
		for i := 0; i+2 < len(row); i += 3 {
			a, b, c = a+row[i], b+row[i+1], c+row[i+2]
			row[i], row[i+1], row[i+2] = a, b, c
		}
	case 3:
		for i := 0; i+2 < len(row); i += 3 {
			a = row[i] + byte((int(a)+int(above[i]))/2)
			b = row[i+1] + byte((int(b)+int(above[i+1]))/2)
			c = row[i+2] + byte((int(c)+int(above[i+2]))/2)
			row[i], row[i+1], row[i+2] = a, b, c
		}
	case 4:
		var p, q, r byte // at the left above
		for i := 0; i+2 < len(row); i += 3 {
			x, y, z := above[i], above[i+1], above[i+2]
			a = row[i] + paeth(int(a), int(x), int(p))
			b = row[i+1] + paeth(int(b), int(y), int(q))
			c = row[i+2] + paeth(int(c), int(z), int(r))
			p, q, r = x, y, z
			row[i], row[i+1], row[i+2] = a, b, c
		}
	}
}

func unfilterAny(kind byte, row, above []byte, step int) {
	for i := range row {
		left, corner := 0, 0
		if i >= step {
			left, corner = int(row[i-step]), int(above[i-step])
		}
		switch kind {
		case 1:
			row[i] += uint8(left)
		case 3:
			row[i] += uint8((left + int(above[i])) / 2)
		case 4:
			row[i] += paeth(left, int(above[i]), corner)
		}
	}
}

// paeth is the one of left, up and corner that is nearest to left+up-corner.
func paeth(a, b, c int) uint8 {
	pa, pb := b-c, a-c
	pc := pa + pb
	pa, pb, pc = max(pa, -pa), max(pb, -pb), max(pc, -pc)
	if pb < pa {
		a, pa = b, pb
	}
	if pc < pa {
		a = c
	}
	return uint8(a)
}
