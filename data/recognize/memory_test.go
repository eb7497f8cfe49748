package recognize

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"testing"

	"schalter/data/page"
	"schalter/data/page/ocr"
	"schalter/data/record"
)

// weighing is a program that looks what lies in the memory while it gets a page, and while it reads it.
type weighing struct {
	*program
	inside         atomic.Int32
	getting, reads int64 // the most that was live, in bytes
	many           bool
}

func live() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func (p *weighing) ReadFrom(ctx context.Context, from ocr.Source, _ ocr.Ask) (page.Text, error) {
	err := from(ctx, func(m image.Image, _ int) error {
		p.many = p.many || p.inside.Add(1) > 1
		defer p.inside.Add(-1)
		p.getting = max(p.getting, live())
		runtime.KeepAlive(m)
		return nil
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reads = max(p.reads, live())
	return page.Text{}, err
}

// a4 is a gray page at 300 dpi as a scanner gives it; colour pages are as YCbCr after decoding.
func a4(seed uint64) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, 2480, 3508))
	r := rand.New(rand.NewPCG(1, seed))
	for i := range g.Pix {
		g.Pix[i] = 255
	}
	for range 20_000 { // something is on it
		g.SetGray(r.IntN(2480), r.IntN(3508), color.Gray{})
	}
	return g
}

// The desk shares its memory with the clerk: of all pages that are being read one picture is held, as it was
// decoded, and none at all while the program reads.
func TestOnePictureIsHeldAtATime(t *testing.T) {
	const picture = 2480 * 3508
	for workers := 1; workers <= 2; workers++ {
		w := newWorld(t)
		d := record.Document{ID: record.NewID(), Title: "Akte", Source: record.SourceScan, MediaType: "application/pdf", Pages: 2}
		for i := range d.Pages {
			var b bytes.Buffer
			check(t, (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, a4(uint64(i))))
			ref, err := w.blobs.Put(t.Context(), &b)
			check(t, err)
			d.Originals = append(d.Originals, record.Original{Name: "a.png", MediaType: "image/png", Blob: ref})
			d.Sheets = append(d.Sheets, record.Sheet{Original: i, DPI: 300})
		}
		d.Shown = d.Originals[0].Blob
		w.file(d)
		p := &weighing{program: w.ocr}
		w.q.Engine, w.q.Workers = p, workers
		before := live()
		for w.q.round(t.Context()) {
		}
		t.Logf("%d at once: live beside what there was %.1f MB while a page of %.1f MB is handed over, %.1f MB while it is read",
			workers, float64(p.getting-before)/1e6, picture/1e6, float64(p.reads-before)/1e6)
		if p.many {
			t.Error("two pictures were held")
		}
		if p.getting-before > picture*5/4 {
			t.Errorf("%d bytes are live while a page of %d is handed over", p.getting-before, picture)
		}
		if workers == 1 && p.reads-before > picture/4 {
			t.Errorf("%d bytes are live while a page is read", p.reads-before)
		}
	}
}
