package escltest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math/big"
	"time"

	"schalter/data/pdf"
)

// Sheet is an A4 page as JPEG that differs from every other number's: grey lines like those of a text and
// the number as bars.
func Sheet(n, dpi int) []byte {
	w, h := dpi*2100/254, dpi*2970/254
	m := image.NewGray(image.Rect(0, 0, w, h))
	box := func(x0, y0, x1, y1 int, v uint8) { // in hundredths of the page
		draw.Draw(m, image.Rect(w*x0/100, h*y0/100, w*x1/100, h*y1/100), image.NewUniform(color.Gray{Y: v}), image.Point{}, draw.Src)
	}
	box(0, 0, 100, 100, 250)
	for row := range 20 {
		box(12, 30+3*row, 50+(n*37+row*13)%38, 31+3*row, 60)
	}
	for bit := range 12 {
		if n>>bit&1 == 1 {
			box(12+6*bit, 10, 15+6*bit, 20, 10)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 80}); err != nil {
		panic(err) // memory, and a size that is known
	}
	return b.Bytes()
}

// Sheets are the pages from 1 to n.
func Sheets(n, dpi int) [][]byte {
	var out [][]byte
	for i := range n {
		out = append(out, Sheet(i+1, dpi))
	}
	return out
}

// Bound is a PDF of JPEG pages, which lie in it as they are.
func Bound(sides [][]byte) []byte {
	var pages []pdf.Page
	for _, s := range sides {
		pages = append(pages, pdf.Page{Image: s, MediaType: "image/jpeg"})
	}
	var b bytes.Buffer
	if err := pdf.Write(&b, pages, pdf.Meta{Producer: "Schalter Simulator"}); err != nil {
		panic(err) // memory, and pages that the caller made
	}
	return b.Bytes()
}

// newCertificate is as those of real devices: signed by themselves, for a name they do not have, and over.
func newCertificate() (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	t := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "KM7B6A91"},
		NotBefore: time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}
