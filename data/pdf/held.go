package pdf

// Held is by how many quarter turns clockwise a JPEG that says how it was held (EXIF) is turned to be upright,
// as [Writer.AddPage] turns it. What is no JPEG is not turned.
func Held(jpeg []byte) int {
	f, err := parseJPEG(jpeg)
	if err != nil {
		return 0
	}
	var p picture
	p.oriented(f.orientation)
	return p.turns
}
