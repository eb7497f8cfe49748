package jpg

type code struct {
	bits uint32
	n    uint
}

// makeCodes makes the shortest codes for symbols of that frequency, none longer than 16 bits and none of ones
// only (ITU-T T.81, K.2). It answers the table as a file carries it, and the code of each symbol.
func makeCodes(counts *[257]int32) (table []byte, codes [256]code) {
	size := codeSizes(*counts)
	var lengths [64]int
	for _, s := range size {
		if s > 0 {
			lengths[s]++
		}
	}
	limit(&lengths)
	var symbols []byte
	for s := 1; s < 64; s++ {
		for symbol, have := range size[:256] {
			if have == s {
				symbols = append(symbols, byte(symbol))
			}
		}
	}
	value, at := uint32(0), 0
	for n := 1; n <= 16; n++ {
		table = append(table, byte(lengths[n]))
		for range lengths[n] {
			codes[symbols[at]] = code{value, uint(n)}
			value++
			at++
		}
		value <<= 1
	}
	return append(table, symbols...), codes
}

// codeSizes joins the two rarest again and again (figure K.1); each joining makes the codes in both one longer.
func codeSizes(freq [257]int32) (size [257]int) {
	freq[256] = 1 // takes the code of ones only
	var next [257]int
	for i := range next {
		next[i] = -1
	}
	for {
		a, b := rarest(&freq)
		if b < 0 {
			return size
		}
		freq[a] += freq[b]
		freq[b] = 0
		for size[a]++; next[a] >= 0; size[a]++ {
			a = next[a]
		}
		next[a] = b
		for size[b]++; next[b] >= 0; size[b]++ {
			b = next[b]
		}
	}
}

// rarest are the two that come least often, the later one first; -1 where there is none.
func rarest(freq *[257]int32) (a, b int) {
	a, b = -1, -1
	for i, f := range freq {
		switch {
		case f == 0:
		case a < 0 || f <= freq[a]:
			a, b = i, a
		case b < 0 || f <= freq[b]:
			b = i
		}
	}
	return a, b
}

// limit shortens codes to 16 bits (figure K.3) and takes away the one of ones only.
func limit(bits *[64]int) {
	for i := 63; i > 16; i-- {
		for bits[i] > 0 {
			j := i - 2
			for bits[j] == 0 {
				j--
			}
			bits[i] -= 2
			bits[i-1]++
			bits[j+1] += 2
			bits[j]--
		}
	}
	i := 16
	for bits[i] == 0 {
		i--
	}
	bits[i]--
}
