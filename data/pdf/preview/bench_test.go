package preview

import (
	"context"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

var benchFiles = []string{"normal__tracemonkey.pdf", "gen__scan-color-jpeg-300dpi.pdf", "form__prefilled_f1040.pdf", "gen__scan-g4-300dpi.pdf"}

const benchDPI = 110 // A4 beside the form on a screen of 1366 x 768

// BenchmarkFirstPage opens a file the helper has never seen and draws its first page; "mutool" draws the
// same page in a process of its own without writing it, "mutool-png" writes it to a file.
func BenchmarkFirstPage(b *testing.B) {
	dir := fixtures(b)
	mutool, err := exec.LookPath("mutool")
	if err != nil {
		b.Skip("no mutool on the path")
	}
	for _, name := range benchFiles {
		path := filepath.Join(dir, name)
		data, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name+"/preview", func(b *testing.B) {
			r := newRenderer(b, Options{})
			draw(b, open(b, r, pages("warm"), ""), 0, benchDPI, 0)
			n := 0
			for b.Loop() {
				n++
				fresh := append(append([]byte{}, data...), '\n', '%', byte('0'+n%10), byte('0'+n/10%10), byte('0'+n/100%10), byte('0'+n/1000%10))
				d, err := r.Open(context.Background(), fresh, "", "")
				if err != nil {
					b.Fatal(err)
				}
				if _, err := d.Render(context.Background(), 0, benchDPI, 0); err != nil {
					b.Fatal(err)
				}
				d.Close()
			}
		})
		for what, out := range map[string]string{"mutool": "", "mutool-png": filepath.Join(b.TempDir(), "out.png")} {
			b.Run(name+"/"+what, func(b *testing.B) {
				args := []string{"draw", "-q", "-r", "110"}
				if out != "" {
					args = append(args, "-o", out)
				}
				for b.Loop() {
					if err := exec.Command(mutool, append(args, path, "1")...).Run(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkNextPage turns to a page that was prepared.
func BenchmarkNextPage(b *testing.B) {
	data, err := os.ReadFile(filepath.Join(fixtures(b), "normal__tracemonkey.pdf"))
	if err != nil {
		b.Fatal(err)
	}
	r := newRenderer(b, Options{})
	d := open(b, r, data, "")
	page := 0
	var img *image.RGBA
	for b.Loop() {
		b.StopTimer()
		if page = page + 1; page == d.Pages() {
			page = 1
		}
		draw(b, d, page-1, benchDPI, 0) // the page on screen
		settled(r)
		if _, ready := r.cache.peek(key{src: d.src, op: opRender, page: page, dpi: benchDPI}); !ready {
			b.Fatal("the next page is not ready")
		}
		b.StartTimer()
		img = draw(b, d, page, benchDPI, 0)
	}
	if img == nil {
		b.Fatal("nothing drawn")
	}
}

// BenchmarkOpen opens a PDF of 5,000 pages that the helper has never seen.
func BenchmarkOpen(b *testing.B) {
	data, err := os.ReadFile(filepath.Join(fixtures(b), "gen__5000-pages.pdf"))
	if err != nil {
		b.Fatal(err)
	}
	r := newRenderer(b, Options{})
	draw(b, open(b, r, pages("warm"), ""), 0, benchDPI, 0)
	for n := 0; b.Loop(); n++ {
		fresh := append(append([]byte{}, data...), "\n%"+itoa(n+1)...)
		d, err := r.Open(context.Background(), fresh, "", "")
		if err != nil || d.Pages() != 5000 {
			b.Fatal(err)
		}
		d.Close()
	}
}

// BenchmarkWords reads the words of a page full of text.
func BenchmarkWords(b *testing.B) {
	data, err := os.ReadFile(filepath.Join(fixtures(b), "normal__tracemonkey.pdf"))
	if err != nil {
		b.Fatal(err)
	}
	r := newRenderer(b, Options{})
	d := open(b, r, data, "")
	for n := 0; b.Loop(); n++ {
		if len(wordsIn(b, d, n%d.Pages())) == 0 {
			b.Fatal("no words")
		}
	}
}
