package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"schalter/data/pdf"
	"schalter/data/pdf/preview"
)

// How pages are drawn: A4 beside the form on a screen of 1366 x 768.
const (
	pageDPI       = 110
	pagesPerRound = 3
	turns         = 30
)

// sheet is a file whose first page is drawn: one of the fixtures, or one made here where there is none.
type sheet struct {
	name    string
	fixture string
	make    func() ([]byte, error)
}

var sheets = []sheet{
	{"text", "normal__tracemonkey.pdf", textBook},
	{"form", "form__prefilled_f1040.pdf", formPage},
	{"scan_g4", "gen__scan-g4-300dpi.pdf", func() ([]byte, error) { return scanPage(true) }},
	{"scan_jpeg", "gen__scan-color-jpeg-300dpi.pdf", func() ([]byte, error) { return scanPage(false) }},
}

// scanPage is one scanned page, in black and white or with greys.
func scanPage(blackAndWhite bool) ([]byte, error) {
	data, err := scanned(1, blackAndWhite)
	if err != nil {
		return nil, err
	}
	kind := "image/jpeg"
	if blackAndWhite {
		kind = "image/png"
	}
	return bind(pdf.Page{Image: data, MediaType: kind, DPI: 300})
}

// formPage is a page of boxes and captions, as forms are.
func formPage() ([]byte, error) {
	p := fpdf.New("P", "mm", "A4", "")
	p.AddPage()
	p.SetFont("Helvetica", "", 7)
	for row := range 34 {
		for column := range 4 {
			p.SetXY(12+float64(column)*47, 12+float64(row)*8)
			p.CellFormat(46, 7, fmt.Sprintf("%d. Feld", row*4+column+1), "1", 0, "TL", false, 0, "")
		}
	}
	var b bytes.Buffer
	err := p.Output(&b)
	return b.Bytes(), err
}

// bytes of the sheet, and where they are from.
func (s sheet) bytes() (data []byte, from string, err error) {
	data, err = os.ReadFile(filepath.Join("..", "shared", "fixtures", "pdf", s.fixture))
	if errors.Is(err, fs.ErrNotExist) {
		data, err = s.make()
		return data, "made here", err
	}
	return data, s.fixture, err
}

// page measures first pages and the turning of pages.
//
// A first page is measured from the encrypted file to the pixels of its first page, with the helper warm as it is in
// a running desk, beside a process of mutool that draws the same page at the same resolution.
func (b *bench) page() error {
	r := preview.New(preview.Options{})
	defer r.Close()
	return errors.Join(b.firstPages(r, mutoolDraw), b.nextPage(r))
}

// drawer is a program that draws the first page of a file.
type drawer struct {
	name  string // of the figures
	said  string
	args  func(file string) []string
	limit limit
}

var (
	mutoolDraw = drawer{"page.first.", "mutool draw, pnm", func(file string) []string {
		return []string{"mutool", "draw", "-q", "-r", strconv.Itoa(pageDPI), "-F", "pnm", "-o", os.DevNull, file, "1"}
	}, atMost(1.2, "x")}
	pdftoppm = drawer{"page.first_beside_poppler.", "pdftoppm", func(file string) []string {
		return []string{"pdftoppm", "-r", strconv.Itoa(pageDPI), "-f", "1", "-l", "1", file, strings.TrimSuffix(file, ".pdf")}
	}, atMost(0.5, "x")}
)

// firstPages draws the first page of each sheet beside another program that does.
func (b *bench) firstPages(r *preview.Renderer, peer drawer) (err error) {
	if _, err := exec.LookPath(peer.args("")[0]); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(b.work, "page-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	g, err := found(b.ctx, filepath.Join(dir, "desk"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.close()) }()
	for _, s := range sheets {
		data, from, err := s.bytes()
		if err != nil {
			return err
		}
		file := filepath.Join(dir, s.name+".pdf")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			return err
		}
		n := 0
		p, err := beside(b.rounds, pagesPerRound, func() (time.Duration, error) {
			n++ // a file the helper has never seen
			return b.firstPage(g, r, append(slices.Clip(data), "\n%"+strconv.Itoa(n)...))
		}, timed(func() error {
			args := peer.args(file)
			return exec.CommandContext(b.ctx, args[0], args[1:]...).Run()
		}))
		if err != nil {
			return fmt.Errorf("%s: %w", from, err)
		}
		b.table.add(figure{
			name: peer.name + s.name, value: ms(p.ours), unit: "ms", beside: fmt.Sprintf("%s: %s ms", peer.said, number(ms(p.theirs))), ratio: p.ratio, limit: peer.limit,
			note: fmt.Sprintf("%s, %d dpi, from the encrypted file to pixels, helper warm; %d rounds of %d", from, pageDPI, p.rounds, pagesPerRound),
		})
	}
	return nil
}

func (b *bench) firstPage(g *ground, r *preview.Renderer, data []byte) (took time.Duration, err error) {
	ref, err := g.blobs.Put(b.ctx, reader(data))
	if err != nil {
		return 0, err
	}
	took, err = timed(func() error {
		stored := preview.File{Key: string(ref.Hash), Size: ref.Size, Open: func() (io.ReadCloser, error) { return g.blobs.Open(ref.Hash) }}
		d, err := r.OpenFile(b.ctx, stored, "application/pdf", "")
		if err != nil {
			return err
		}
		defer d.Close()
		_, err = d.Render(b.ctx, 0, pageDPI, 0)
		return err
	})()
	return took, errors.Join(err, g.blobs.Remove(ref.Hash))
}

// nextPage turns the pages of a book, each after the helper had time to prepare it.
func (b *bench) nextPage(r *preview.Renderer) error {
	for _, book := range []struct {
		name string
		make func() ([]byte, error)
	}{{"text", textBook}, {"scan", scanBook}} {
		data, err := book.make()
		if err != nil {
			return err
		}
		d, err := r.Open(b.ctx, data, "application/pdf", "")
		if err != nil {
			return err
		}
		var took []time.Duration
		for page := range turns + 1 {
			t, err := timed(func() error { _, err := d.Render(b.ctx, page, pageDPI, 0); return err })()
			if err != nil {
				d.Close()
				return err
			}
			if page > 0 {
				took = append(took, t)
			}
			if err := pause(b.ctx, 400*time.Millisecond); err != nil {
				d.Close()
				return err
			}
		}
		d.Close()
		b.table.add(figure{
			name: "page.next." + book.name + ".p95", value: ms(quantile(took, 0.95)), unit: "ms", limit: frame,
			note: fmt.Sprintf("%d turns in a file of %d pages (%d kB), 0.4 s of reading between them; without handing the picture to the screen", turns, thickPages, len(data)>>10),
		})
	}
	return nil
}
