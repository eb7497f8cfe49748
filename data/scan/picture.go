package scan

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
)

// errNoPicture is for bytes that are neither of the two kinds of picture that devices send.
var errNoPicture = errors.New("neither JPEG nor PNG")

// Config reads the size of a JPEG or PNG and its kind, "jpeg" or "png". Which of the two it is, is told by its
// first bytes alone: the standard library would ask every decoder that some library has registered, and not
// all of them bound what a few hostile bytes cost.
func Config(data []byte) (c image.Config, kind string, err error) {
	switch kind = pictureKind(data); kind {
	case "jpeg":
		c, err = jpeg.DecodeConfig(bytes.NewReader(data))
	case "png":
		c, err = png.DecodeConfig(bytes.NewReader(data))
	default:
		err = errNoPicture
	}
	return c, kind, err
}

// Decode decodes a JPEG or PNG. Whoever does not know its size asks [Config] first.
func Decode(data []byte) (image.Image, error) {
	switch pictureKind(data) {
	case "jpeg":
		return jpeg.Decode(bytes.NewReader(data))
	case "png":
		return png.Decode(bytes.NewReader(data))
	}
	return nil, errNoPicture
}

func pictureKind(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8")):
		return "jpeg"
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return "png"
	}
	return ""
}
