package escl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hhrutter/tiff"

	"schalter/data/pdf"
	"schalter/data/record"
	"schalter/data/scan"
	"schalter/data/scan/escl/escltest"
	"schalter/data/scan/job"
	ways "schalter/data/scan/profile"
)

// onlyPDF is a device that has nothing else, and sends a stack as one document.
func onlyPDF(t *testing.T, sides [][]byte) *escltest.Simulator {
	t.Helper()
	return escltest.Start(t, escltest.Options{Feeder: sides, Platen: sides[0], Formats: []string{"application/pdf"}, Document: escltest.Bound})
}

func checking(s *escltest.Simulator) *Driver {
	d := driverFor(s)
	d.opt.Document = pdf.Scanned
	return d
}

func TestAStackComesAsOneDocument(t *testing.T) {
	sides := escltest.Sheets(7, 75)
	sim := onlyPDF(t, sides)
	pages, warned, err := scanAll(t, checking(sim), sim.ID(), gray(scan.Feeder))
	if err != nil || len(pages) != 1 || len(warned) != 0 {
		t.Fatalf("%d pages, %v, %v", len(pages), warned, err)
	}
	p := pages[0]
	if p.N != 1 || p.Pages != 7 || p.Sides() != 7 || p.MediaType != "application/pdf" || p.Hash != record.HashOf(p.Data) || !bytes.Equal(p.Data, sim.Sent()[0]) {
		t.Errorf("%d, %d pages, %s", p.N, p.Pages, p.MediaType)
	}
	if made, left := sim.Jobs(); made != 1 || left != 0 || !strings.Contains(sim.Settings()[0], ">application/pdf<") {
		t.Errorf("%d jobs, %d left, %s", made, left, sim.Settings())
	}
	sim.Lay(sides[3])
	if pages, _, err = scanAll(t, checking(sim), sim.ID(), gray(scan.Flatbed)); err != nil || len(pages) != 1 || pages[0].Pages != 1 {
		t.Errorf("from the glass: %d, %v", len(pages), err)
	}
}

// Pictures are asked for first, whatever else a device has.
func TestPicturesComeBeforeDocuments(t *testing.T) {
	sim := escltest.Start(t, escltest.Options{Feeder: escltest.Sheets(2, 75), Formats: []string{"application/pdf", "image/jpeg"}, Document: escltest.Bound})
	pages, _, err := scanAll(t, checking(sim), sim.ID(), gray(scan.Feeder))
	if err != nil || len(pages) != 2 || pages[0].MediaType != "image/jpeg" || pages[0].Pages != 0 {
		t.Errorf("%d pages, %v", len(pages), err)
	}
}

// The recordings of devices that have pictures and documents stay with pictures; with their pictures taken out of
// them they are asked for documents.
func TestRecordedDevicesWithDocumentsOnly(t *testing.T) {
	list, err := filepath.Glob(filepath.Join("..", "..", "..", "..", "shared", "fixtures", "escl", "*-ScannerCapabilities.xml"))
	if err != nil || len(list) == 0 {
		t.Skip("the shared fixtures are not there")
	}
	for _, path := range list {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		without := strings.NewReplacer("image/jpeg", "application/octet-stream", "image/png", "application/octet-stream").Replace(string(b))
		for text, documents := range map[string]bool{string(b): false, without: true} {
			can, err := parseCapabilities([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			opt := &Options{Document: pdf.Scanned}
			s := &Session{client: newClient(opt, baseURL("http", "scanner", ""), ""), can: can, gate: &scan.Gate{}}
			for source, in := range can.inputs {
				for mode, name := range modeNames {
					if !in.has(name) {
						continue
					}
					p, err := s.plan(scan.Settings{Source: source, Mode: mode, DPI: 300})
					if err != nil || (p.format == formatPDF || p.format == formatTIFF) != documents {
						t.Errorf("%s, %s %s: %q, %v", filepath.Base(path), source, mode, p.format, err)
					}
					if _, err = s.plan(scan.Settings{Source: source, Mode: mode, DPI: 300, Pictures: true}); (record.CodeOf(err) == record.CodeScanFormat) != documents {
						t.Errorf("%s, pictures wanted: %v", filepath.Base(path), err)
					}
				}
			}
		}
	}
}

func tiffOf(t *testing.T, side []byte) []byte {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(side))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := tiff.Encode(&b, m, &tiff.Options{Compression: tiff.Deflate}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTIFFsAreTakenToo(t *testing.T) {
	sides := [][]byte{tiffOf(t, escltest.Sheet(1, 50)), tiffOf(t, escltest.Sheet(2, 50)), tiffOf(t, escltest.Sheet(2, 50))}
	sim := escltest.Start(t, escltest.Options{Feeder: sides, Formats: []string{"image/tiff"}})
	pages, warned, err := scanAll(t, checking(sim), sim.ID(), gray(scan.Feeder))
	if err != nil || len(pages) != 3 || pages[2].N != 3 || pages[2].MediaType != "image/tiff" || pages[2].DPI != 75 || !bytes.Equal(pages[1].Data, sides[1]) {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	if !slices.Equal(warned, []record.Code{scan.WarnSamePage}) {
		t.Errorf("%v", warned)
	}
}

// What is not whole, or cannot be checked, is not acknowledged, and the device's job is taken back.
func TestDocumentsThatAreNotWholeAreRefused(t *testing.T) {
	sides := escltest.Sheets(3, 50)
	whole := escltest.Bound(sides)
	page := bytes.LastIndex(whole, []byte("\xff\xd9")) // the end of a picture
	hollow := bytes.Clone(whole)
	clear(hollow[page-2000 : page-200])
	jpx := bytes.ReplaceAll(whole, []byte("/DCTDecode"), []byte("/JPXDecode"))
	huge := bytes.ReplaceAll(whole, fmt.Appendf(nil, "/Width %d", 50*2100/254), []byte("/Width 99999999"))
	for _, c := range []struct {
		name string
		data []byte
		want record.Code
	}{
		{"cut in the middle", whole[:len(whole)/2], record.CodeScanBadData},
		{"cut at its end", whole[:len(whole)-300], record.CodeScanBadData},
		{"a picture without its bytes", hollow, record.CodeScanBadData},
		{"only a frame", []byte("%PDF-1.4\n%%EOF\n"), record.CodeScanBadData},
		{"JPEG 2000", jpx, record.CodeScanFormat},
		{"a page that is too large", huge, record.CodeScanBadData},
		{"garbage", []byte("%PDF-" + strings.Repeat("\x00<<>>", 999)), record.CodeScanBadData},
		{"a TIFF of nothing", []byte("II*\x00\xff\xff\xff\xff"), record.CodeScanBadData},
	} {
		sim := escltest.Start(t, escltest.Options{Feeder: sides, Formats: []string{"application/pdf"}, Document: func([][]byte) []byte { return c.data }})
		pages, _, err := scanAll(t, checking(sim), sim.ID(), gray(scan.Feeder))
		if record.CodeOf(err) != c.want || len(pages) != 0 {
			t.Errorf("%s: %d pages, %v", c.name, len(pages), err)
		}
		if made, left := sim.Jobs(); made != 1 || left != 0 {
			t.Errorf("%s: %d jobs, %d left", c.name, made, left)
		}
	}
}

// Trouble has the same names with a device that sends documents, and nothing half of one is kept.
func TestTroubleWithDocuments(t *testing.T) {
	for fault, want := range map[escltest.Fault]record.Code{
		escltest.Jam: record.CodeScanJam, escltest.DoubleFeed: record.CodeScanDoubleFeed, escltest.CoverOpen: record.CodeScanCoverOpen,
		escltest.Drop: record.CodeScanOffline, escltest.Unplug: record.CodeScanOffline, escltest.Cut: record.CodeScanBadData,
		escltest.Stopped: record.CodeScanCancelled, escltest.Broken: record.CodeScanBadAnswer, escltest.Huge: record.CodeScanBadAnswer,
	} {
		sim := onlyPDF(t, escltest.Sheets(4, 40))
		sim.Break(1, fault)
		if pages, _, err := scanAll(t, checking(sim), sim.ID(), gray(scan.Feeder)); record.CodeOf(err) != want || len(pages) != 0 {
			t.Errorf("%s: %d pages, %v", fault, len(pages), err)
		}
		if _, left := sim.Jobs(); left != 0 && fault != escltest.Unplug {
			t.Errorf("%s: the job was not taken back", fault)
		}
	}
}

// A device that is busy all the time is asked again each second for a while, within a stack too, and then told of.
func TestAStormOfBusyAnswers(t *testing.T) {
	sim := onlyPDF(t, escltest.Sheets(4, 40))
	sim.Busy(0, 1000)
	pages, _, err := scanAll(t, checking(sim), sim.ID(), gray(scan.Feeder))
	if record.CodeOf(err) != record.CodeScanBusy || len(pages) != 0 {
		t.Errorf("%d pages, %v", len(pages), err)
	}
	asked := 0
	for _, r := range sim.Requests() {
		if strings.HasSuffix(r, "/NextDocument") {
			asked++
		}
	}
	if _, left := sim.Jobs(); asked != retries+1 || left != 0 {
		t.Errorf("asked %d times, %d jobs left", asked, left)
	}
}

// Where pages have to come one by one the device draws in no paper at all.
func TestNoPaperIsDrawnInForNothing(t *testing.T) {
	sim := onlyPDF(t, escltest.Sheets(3, 50))
	set := gray(scan.Feeder)
	set.Pictures = true
	_, _, err := scanAll(t, checking(sim), sim.ID(), set)
	if e, ok := errors.AsType[*record.Error](err); !ok || e.Code != record.CodeScanFormat || e.Args["format"] != "PDF" {
		t.Fatal(err)
	}
	if made, _ := sim.Jobs(); made != 0 || sim.Left() != 3 {
		t.Errorf("%d jobs, %d sides left", made, sim.Left())
	}
}

// The fronts and the backs of a stack come as two documents: their pages are put between each other.
func TestTwoPassesOfDocuments(t *testing.T) {
	sim := onlyPDF(t, escltest.Sheets(3, 50))
	var order []int
	pages := 0
	j := &job.Job{Driver: checking(sim), Pause: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, Sink: func(e job.Event) error {
		switch {
		case e.Step == job.Turning:
			sim.Reset(escltest.Sheets(3, 40)...)
		case e.Step == job.Done:
			order = e.Order
		case e.Event.Page != nil:
			if e.Event.N != pages+1 {
				t.Errorf("number %d after %d", e.Event.N, pages)
			}
			pages += e.Event.Page.Sides()
		}
		return nil
	}}
	p := ways.Profile{ID: "p", Device: sim.ID(), TwoPass: true, Settings: gray(scan.Feeder)}
	if err := j.Run(t.Context(), p); err != nil || pages != 6 || !slices.Equal(order, []int{0, 5, 1, 4, 2, 3}) {
		t.Errorf("%d pages, %v, %v", pages, order, err)
	}
}

// A device that pays no heed to what it is asked for is still understood.
func TestADocumentThatWasNotAskedFor(t *testing.T) {
	sides := [][]byte{escltest.Bound(escltest.Sheets(2, 50))}
	sim := escltest.Start(t, escltest.Options{Feeder: sides})
	pages, _, err := scanAll(t, checking(sim), sim.ID(), gray(scan.Feeder))
	if err != nil || len(pages) != 1 || pages[0].Pages != 2 {
		t.Errorf("%d pages, %v", len(pages), err)
	}
}
