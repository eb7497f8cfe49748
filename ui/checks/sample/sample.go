// Package sample is a made-up list of scans that wait for a second person, all in memory.
//
// It is for the storybook and for tests of the screen. It promises the same scans every time. It is never part of the
// desk's program.
package sample

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"slices"
	"time"

	"schalter/data/record"
	"schalter/data/transfer"
	"schalter/ui/pageview"
	town "schalter/ui/sample"
)

// Office knows the scans of the made-up town hall.
type Office struct {
	Rows    []record.CheckRow
	Percent int
	PIN     string // "": the share is not locked
	Found   []record.DocumentChecked
	Printed int
	Fail    error // every reading answers this while it is set
	Refuse  error // every check answers this while it is set
	Blank   bool  // papers cannot be shown
	user    string
}

// Who scans and checks at the other desks.
const (
	Braun = "S. Braun"
	Klein = "K. Klein"
)

// New makes the lists; empty leaves them empty.
func New(empty bool) *Office {
	o := &Office{Percent: transfer.Share, user: town.User}
	if empty {
		return o
	}
	dog, poster := map[string]string{"de": "Hund anmelden", "en": "Register a dog"}, map[string]string{"de": "Plakatierung", "en": "Putting up posters"}
	o.add(true, 75*time.Hour, "Ausweis", 2, Braun, "MS-2-26-00381-2", "Hoffmann, Ilse", dog, nil)
	o.add(true, 51*time.Hour, "Haftpflichtversicherung", 5, Braun, "MS-2-26-00384-9", "Schäfer, Tim", dog, func(d *record.Document) {
		d.Transfer.Out, d.Transfer.Blank, d.Transfer.Anomalies = 1, []int{3}, []string{"scan.same_page:2"}
		d.Sheets = nil
		for i := range d.Originals {
			d.Sheets = append(d.Sheets, record.Sheet{Original: i, Out: i == 2})
		}
		d.Pages--
	})
	o.add(true, 27*time.Hour, "Schutzvertrag", 3, town.User, "MS-1-26-00409-1", "Yıldız, Emre", dog, nil)
	o.add(true, 4*time.Hour, "Lageplan der Stellschilder", 1, Braun, "MS-2-26-00388-0", "TSV 1898 e. V.", poster, nil)
	o.add(false, 50*time.Hour, "Mietvertrag", 4, town.User, "MS-1-26-00407-4", "Becker, Karl-Heinz", dog, func(d *record.Document) { d.Transfer.Match = false })
	o.add(false, 26*time.Hour, "Wesenstest", 6, Klein, "MS-3-26-00102-5", "Öztürk, Dr. Ayşe", dog, nil)
	o.add(false, 3*time.Hour, "Kaufvertrag", 2, Braun, "MS-2-26-00389-8", "Nguyễn, Thi Lan", dog, nil)
	o.add(false, 49*time.Hour, "Führungszeugnis", 2, Braun, "MS-2-26-00385-7", "Fischer, Anna", dog, nil)
	o.check(Klein, record.DocumentChecked{Points: []record.Point{record.PointWhole}, Remark: "Die Rückseite von Blatt 1 fehlt."})
	o.add(false, 30*time.Hour, "Vollmacht", 1, Klein, "MS-3-26-00101-7", "Gasthaus Zum Löwen", poster, nil)
	o.Rows[len(o.Rows)-1].Document.Transfer.User = Braun // no longer what was signed
	o.add(false, 99*time.Hour, "Geburtsurkunde", 1, Braun, "MS-2-26-00380-4", "Wagner, Jörg", dog, nil)
	o.check(Klein, record.DocumentChecked{OK: true})
	o.add(false, 98*time.Hour, "Meldebescheinigung", 1, Klein, "MS-3-26-00098-4", "Nowak, Jan", dog, nil)
	o.check(Braun, record.DocumentChecked{OK: true})
	return o
}

// add files a scan; drawn or not, as the lottery of package transfer has it.
func (o *Office) add(drawn bool, ago time.Duration, title string, pages int, user, number, party string, name map[string]string, more func(*record.Document)) {
	n := len(o.Rows) + 1
	d := record.Document{
		Title: title, Source: record.SourceScan, MediaType: "application/pdf", Pages: pages, User: user, Made: town.Now.Add(-ago),
		Shown:    record.BlobRef{Hash: record.HashOf([]byte(title)), Size: 300_000},
		Transfer: &record.Transfer{Time: town.Now.Add(-ago), User: user, Device: "Fujitsu fi-7160", Settings: "feeder gray 300 dpi", Pages: pages, Match: true},
	}
	for p := range pages {
		d.Originals = append(d.Originals, record.Original{Name: fmt.Sprint(p+1, ".jpg"), MediaType: "image/jpeg", Blob: record.BlobRef{Hash: record.HashOf(fmt.Append(nil, title, p)), Size: 300_000}})
	}
	if more != nil {
		more(&d)
	}
	for k := n * 1000; ; k++ {
		d.ID = record.ID(fmt.Sprintf("0193537a-0000-7000-8000-%012d", k))
		if transfer.Drawn(d, transfer.Share) == drawn {
			break
		}
	}
	d = transfer.Sign(d, record.Identity{Device: "0193537a-0000-7000-8000-000000000002", Key: make([]byte, 32)}, "Schalter 0.1.0")
	o.Rows = append(o.Rows, record.CheckRow{
		Case: record.ID(fmt.Sprintf("0193537a-0000-7000-8000-%012d", n)), Number: number, Party: party, Service: "hundesteuer-anmelden", Name: name, Document: d,
	})
}

// check notes what somebody found on the scan that was added last.
func (o *Office) check(user string, found record.DocumentChecked) {
	d := &o.Rows[len(o.Rows)-1].Document
	note(d, user, found)
}

func note(d *record.Document, user string, found record.DocumentChecked) {
	found.Document, found.Of = d.ID, d.Shown.Hash
	found = transfer.Knowing(*d, found)
	d.Checks = append(slices.Clip(d.Checks), record.Check{DocumentChecked: found, Change: record.NewID(), Time: town.Now.Add(-20 * time.Hour), User: user})
}

func (o *Office) in(v record.CheckView, d record.Document) bool {
	at := transfer.PlaceOf(d)
	switch v {
	case record.CheckSample:
		return at == transfer.PlaceWaiting && transfer.Drawn(d, o.Percent)
	case record.CheckOpen:
		return at == transfer.PlaceWaiting || at == transfer.PlaceVouch
	case record.CheckBlocked:
		return at == transfer.PlaceBlocked
	}
	return at == transfer.PlaceFree
}

// Checks lists scans.
func (o *Office) Checks(_ context.Context, v record.CheckView, offset, limit int) (out []record.CheckRow, total int, err error) {
	for _, r := range o.Rows {
		if o.in(v, r.Document) {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b record.CheckRow) int {
		return a.Document.Transfer.Time.Compare(b.Document.Transfer.Time)
	})
	total = len(out)
	return out[min(offset, total):min(offset+limit, total)], total, o.Fail
}

// Check records what was found.
func (o *Office) Check(_ context.Context, seen record.CheckRow, found record.DocumentChecked) error {
	if o.Refuse != nil {
		return o.Refuse
	}
	for i := range o.Rows {
		if d := &o.Rows[i].Document; d.ID == seen.Document.ID {
			note(d, o.user, found)
			o.Found = append(o.Found, found)
		}
	}
	return nil
}

// Share is the share of the sample.
func (o *Office) Share(context.Context) (int, bool, error) { return o.Percent, o.PIN != "", nil }

// SetShare changes it.
func (o *Office) SetShare(_ context.Context, pin string, percent int) error {
	if pin != o.PIN {
		return record.E(record.CodeProfilePIN, nil)
	}
	o.Percent = percent
	return nil
}

// PrintFree counts.
func (o *Office) PrintFree(context.Context) (record.Way, error) {
	o.Printed++
	return record.WayPrinted, o.Fail
}

// Open opens what is shown of a document.
func (o *Office) Open(d record.Document) pageview.Open {
	return func(context.Context, string) (pageview.Document, error) {
		if o.Blank {
			return nil, record.E(record.CodePDFCannotShow, nil)
		}
		return sheets{d.Pages, false}, nil
	}
}

// Original opens an original.
func (o *Office) Original(record.Original) pageview.Open {
	return func(context.Context, string) (pageview.Document, error) { return sheets{1, true}, nil }
}

// sheets are made-up pages; those of an original are as a scanner sees them, on its dark ground.
type sheets struct {
	pages    int
	original bool
}

func (s sheets) Pages() int { return s.pages }
func (s sheets) Close()     {}

func (s sheets) Size(context.Context, int) (w, h float64, err error) { return 595, 842, nil }

func (s sheets) Render(_ context.Context, page int, dpi float64, _ int) (*image.RGBA, error) {
	k := dpi / 72
	m := image.NewRGBA(image.Rect(0, 0, int(595*k), int(842*k)))
	bar := func(x, y, w, h float64, c color.Color) {
		draw.Draw(m, image.Rect(int(x*k), int(y*k), int((x+w)*k), int((y+h)*k)), image.NewUniform(c), image.Point{}, draw.Src)
	}
	left := 0.0
	if s.original {
		draw.Draw(m, m.Bounds(), image.NewUniform(color.Gray{Y: 90}), image.Point{}, draw.Src)
		bar(14, 10, 570, 820, color.Gray{Y: 246})
		left = 8
	} else {
		draw.Draw(m, m.Bounds(), image.White, image.Point{}, draw.Src)
	}
	bar(70+left, 80, 180, 18, color.Gray{Y: 60})
	for i := range 14 {
		w := float64(300 + (i*97+page*53)%160)
		if i%5 == 4 {
			w = 0
		}
		bar(70+left, 130+float64(i)*24, w, 9, color.Gray{Y: 150})
	}
	bar(70+left, 600, 190, 1, color.Black)
	return m, nil
}
