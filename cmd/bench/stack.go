package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"schalter/data/intake"
	"schalter/data/page"
	"schalter/data/page/ocr"
	"schalter/data/pdf"
	"schalter/data/record"
)

// stackPages is how many sheets lie in the feeder.
const stackPages = 50

// device is a kind of bytes that a scanner hands over for a page of A4 at 300 dpi.
type device struct {
	name, ext, media, from string
	limit                  limit
	take                   func(seed uint64) ([]byte, error)
}

var devices = []device{
	{"black_white", "png", "image/png", "one bit, without loss, as SANE gives it", atMost(60, "kB"), func(seed uint64) ([]byte, error) { return scanned(seed, true) }},
	{"jpeg", "jpg", "image/jpeg", "gray JPEG, as network scanners give it", limit{}, func(seed uint64) ([]byte, error) { return paper(seed, false, true) }},
	{"gray", "png", "image/png", "gray without loss, as SANE gives it", atMost(350, "kB"), func(seed uint64) ([]byte, error) { return paper(seed, false, false) }},
	{"colour", "png", "image/png", "colour without loss, as SANE gives it", atMost(350, "kB"), func(seed uint64) ([]byte, error) { return paper(seed, true, false) }},
}

// paper is a page of text as a scanner sees it: its shade or tint and its noise.
func paper(seed uint64, colour, lossy bool) ([]byte, error) {
	const w, h = 2480, 3508
	page := image.NewGray(image.Rect(0, 0, w, h))
	for i := range page.Pix {
		page.Pix[i] = 255
	}
	if err := letters(page, prose(seed, 320)); err != nil {
		return nil, err
	}
	r := rand.New(rand.NewPCG(5, seed))
	noise := make([]int, 1<<16) // taken at random places, because drawing it anew for each pixel takes long
	for i := range noise {
		noise[i] = int(r.NormFloat64() * 3)
	}
	seen := func(v byte, white int) byte {
		return byte(max(0, min(255, 20+int(v)*(white-20)/255+noise[r.Uint32()>>16])))
	}
	var img image.Image = page
	if colour {
		rgb := image.NewRGBA(page.Rect)
		for i, v := range page.Pix {
			copy(rgb.Pix[4*i:], []byte{seen(v, 246), seen(v, 244), seen(v, 238), 255})
		}
		img = rgb
	} else {
		for i, v := range page.Pix {
			page.Pix[i] = seen(v, 243)
		}
	}
	var b bytes.Buffer
	if lossy {
		err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 75})
		return b.Bytes(), err
	}
	err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img)
	return b.Bytes(), err
}

// stackOf is the device's files, made at the first call.
func (b *bench) stackOf(d device) ([]string, error) {
	dir := filepath.Join(b.work, "stack-"+d.name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	var files []string
	for i := range stackPages {
		path := filepath.Join(dir, fmt.Sprintf("p%03d.%s", i+1, d.ext))
		files = append(files, path)
		if _, err := os.Stat(path); err == nil {
			continue
		}
		data, err := d.take(uint64(i))
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// size measures what a page has in the PDF.
func (b *bench) size() error {
	for _, d := range append(slices.Clone(devices), hard...) {
		var sizes []float64
		for seed := range uint64(5) {
			data, err := d.take(seed)
			if err != nil {
				return err
			}
			var out bytes.Buffer
			if err := pdf.Write(&out, []pdf.Page{{Image: data, MediaType: d.media, DPI: 300, Shrink: true}}, pdf.Meta{Title: "Seite"}); err != nil {
				return err
			}
			sizes = append(sizes, float64(out.Len())/1000)
		}
		b.table.add(figure{name: "size." + d.name, value: median(sizes), unit: "kB", limit: d.limit, note: "A4 at 300 dpi, with everything a PDF/A of one page needs; " + d.from})
	}
	return nil
}

// stack measures from device bytes to a stored PDF/A, the originals stored as well, beside img2pdf.
func (b *bench) stack() error {
	if _, err := exec.LookPath("img2pdf"); err != nil {
		return err
	}
	for _, d := range devices {
		files, err := b.stackOf(d)
		if err != nil {
			return err
		}
		out := filepath.Join(b.work, "img2pdf.pdf")
		var binding []time.Duration
		p, err := beside(min(b.rounds, 5), 1, func() (time.Duration, error) {
			storing, bind, err := b.bound(files, d.media, nil)
			binding = append(binding, bind)
			return storing + bind, err
		}, timed(func() error {
			return exec.CommandContext(b.ctx, "img2pdf", append([]string{"-o", out}, files...)...).Run()
		}))
		if err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
		b.table.add(figure{
			name: "stack." + d.name, value: ms(p.ours), unit: "ms", beside: fmt.Sprintf("img2pdf: %s ms", number(ms(p.theirs))), ratio: p.ratio, limit: atMost(1.5, "x"),
			note: fmt.Sprintf("%d pages, %s; ours stores originals and PDF encrypted and synced; %d rounds", stackPages, d.from, p.rounds),
		})
		b.table.add(figure{
			name: "stack." + d.name + ".after_last_page", value: ms(median(binding)), unit: "ms",
			note: "of it what a clerk waits for: the originals are stored while the paper runs",
		})
	}
	return nil
}

// bound takes files as a scan does: originals first, then the PDF of them all.
func (b *bench) bound(files []string, media string, words func(record.Hash) (page.Text, bool)) (storing, binding time.Duration, err error) {
	dir, err := os.MkdirTemp(b.work, "bind-")
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	g, err := found(b.ctx, dir)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, g.close()) }()
	in := &intake.Intake{Blobs: g.blobs, Clock: record.SystemClock, Producer: "bench", Words: words}
	d := record.Document{Title: "Stapel"}
	began := time.Now()
	for i, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return 0, 0, err
		}
		ref, err := g.blobs.Put(b.ctx, reader(data))
		if err != nil {
			return 0, 0, err
		}
		d.Originals = append(d.Originals, record.Original{Name: filepath.Base(f), MediaType: media, Blob: ref})
		d.Sheets = append(d.Sheets, record.Sheet{Original: i, DPI: 300})
	}
	storing = time.Since(began)
	began = time.Now()
	_, n, err := in.Bind(b.ctx, d)
	if err == nil && n != len(files) {
		err = fmt.Errorf("%d pages of %d", n, len(files))
	}
	return storing, time.Since(began), err
}

// stackText measures the same with the words recognized, beside ocrmypdf with two jobs. Both use tesseract with
// German and two processors.
func (b *bench) stackText() error {
	for _, name := range []string{"ocrmypdf", "img2pdf", "tesseract"} {
		if _, err := exec.LookPath(name); err != nil {
			return err
		}
	}
	d := devices[1]
	files, err := b.stackOf(d)
	if err != nil {
		return err
	}
	if _, _, err := b.withText(d, files[:2], 1); err != nil { // warms the files both read; a round of all takes minutes
		return err
	}
	p, found, err := b.withText(d, files, min(b.rounds, 2))
	if p.rounds > 0 {
		b.table.add(figure{
			name: "stack.text", value: ms(p.ours) / 1000, unit: "s", beside: fmt.Sprintf("ocrmypdf --jobs 2: %s s", number(ms(p.theirs)/1000)), ratio: p.ratio, limit: atMost(0.8, "x"),
			note: fmt.Sprintf("%d pages, %s, %d words found; from device bytes, the peer from a PDF of them; %d rounds", len(files), d.from, found, p.rounds),
		})
	}
	return err
}

// withText takes so many rounds of both, of all files.
func (b *bench) withText(d device, files []string, rounds int) (p pair, found int, err error) {
	in, out := filepath.Join(b.work, "stack.pdf"), filepath.Join(b.work, "ocrmypdf.pdf")
	if err := exec.CommandContext(b.ctx, "img2pdf", append([]string{"-o", in}, files...)...).Run(); err != nil {
		return pair{}, 0, err
	}
	p, err = inTurn(rounds, 1, func() (time.Duration, error) {
		var words map[record.Hash]page.Text
		read, err := timed(func() (err error) {
			words, err = recognized(b.ctx, files)
			return err
		})()
		if err != nil {
			return 0, err
		}
		found = 0
		for _, t := range words {
			found += len(t.Words)
		}
		storing, binding, err := b.bound(files, d.media, func(h record.Hash) (page.Text, bool) {
			t, ok := words[h]
			return t, ok
		})
		b.sayf("text: %d pages of ours in %.0f s (load %s)", len(files), (read + storing + binding).Seconds(), load())
		return read + storing + binding, err
	}, timed(func() error {
		began := time.Now()
		cmd := exec.CommandContext(b.ctx, "ocrmypdf", "--jobs", "2", "-l", "deu", "-q", in, out)
		cmd.Stderr = io.Discard
		err := cmd.Run()
		b.sayf("text: %d pages of ocrmypdf in %.0f s (load %s)", len(files), time.Since(began).Seconds(), load())
		return err
	}))
	return p, found, err
}

// recognized reads the words of pages, two at a time.
func recognized(ctx context.Context, files []string) (map[record.Hash]page.Text, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	out := map[record.Hash]page.Text{}
	var mu sync.Mutex
	var first error
	todo := make(chan string)
	var workers sync.WaitGroup
	for range 2 {
		workers.Go(func() {
			for f := range todo {
				hash, text, err := readWords(ctx, f)
				mu.Lock()
				if out[hash] = text; err != nil && first == nil {
					first = err
					stop()
				}
				mu.Unlock()
			}
		})
	}
	for _, f := range files {
		todo <- f
	}
	close(todo)
	workers.Wait()
	return out, first
}

func readWords(ctx context.Context, path string) (record.Hash, page.Text, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", page.Text{}, err
	}
	m, err := page.Decode(data)
	if err != nil {
		return "", page.Text{}, err
	}
	text, err := (&ocr.Engine{}).Read(ctx, page.Gray(m), ocr.Ask{Language: "deu", DPI: 300})
	return record.HashOf(data), text, err
}
