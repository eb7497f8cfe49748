package preview

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"schalter/data/page"
	paper "schalter/data/pdf"
)

// book has so many pages and what is put into its catalogue; the objects given are numbered from 10 on.
func book(n int, catalogue string, objects ...string) []byte {
	all := []string{"<< /Type /Catalog /Pages 2 0 R " + catalogue + " >>", ""}
	for len(all) < 9 {
		all = append(all, "null")
	}
	all = append(all, objects...)
	kids := ""
	for range n {
		all = append(all, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>")
		kids += fmt.Sprintf("%d 0 R ", len(all))
	}
	all[1] = fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", kids, n)
	return pdf(all...)
}

func contents(t *testing.T, r *Renderer, data []byte) page.Contents {
	t.Helper()
	d := open(t, r, data, "")
	c, err := d.Contents(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestWhatOurOwnFilesSay reads back the bookmarks and page labels that are written for a case.
func TestWhatOurOwnFilesSay(t *testing.T) {
	var b bytes.Buffer
	w := paper.New(&b, paper.Meta{Title: "Vorgang", Lang: "de-DE", Created: time.Unix(0, 0).UTC()})
	for i := range 4 {
		p := paper.Page{Image: asJPEG(t, halves(300, 400)), MediaType: "image/jpeg", DPI: 100}
		if i%2 == 0 {
			p.Bookmarks = []paper.Bookmark{{Title: fmt.Sprintf("Schriftstück %d", i/2+1)}}
		}
		if err := w.AddPage(p); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	c := contents(t, newRenderer(t, Options{}), b.Bytes())
	want := []page.Heading{{Title: "Schriftstück 1"}, {Title: "Schriftstück 2", Page: 2}}
	for i := range c.Outline {
		c.Outline[i].Top = 0
	}
	if !reflect.DeepEqual(c.Outline, want) || c.Files != nil {
		t.Errorf("%+v", c)
	}
}

func TestOutlineLabelsAndFiles(t *testing.T) {
	r := newRenderer(t, Options{})
	data := book(3, "/Outlines 10 0 R /PageLabels << /Nums [0 << /S /r /St 4 >> 2 << /S /D /P (A-) >>] >> /Names << /EmbeddedFiles << /Names [(x) 14 0 R] >> >>",
		"<< /First 11 0 R /Last 12 0 R /Count 2 >>",
		"<< /Title (Erster\\r\\n\\002Teil) /Parent 10 0 R /Next 12 0 R /First 13 0 R /Last 13 0 R /Count 1 /Dest [17 0 R /XYZ 0 742 0] >>",
		"<< /Title (Anderswo) /Parent 10 0 R /Prev 11 0 R /A << /S /URI /URI (https://example.org/) >> >>",
		"<< /Title (Darunter) /Parent 11 0 R /Dest [19 0 R /Fit] >>",
		"<< /Type /Filespec /F (rechnung.xml) /UF (Rechnung 1.xml) /EF << /F 15 0 R >> >>",
		stream("/Type /EmbeddedFile", "<a/>"), "null")
	c := contents(t, r, data)
	want := page.Contents{
		Outline: []page.Heading{{Title: "Erster Teil", Top: 100}, {Title: "Darunter", Depth: 1, Page: 2}, {Title: "Anderswo", Page: -1}},
		Labels:  []string{"iv", "v", "A-1"}, Files: []string{"Rechnung 1.xml"},
	}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("%+v", c)
	}
	if c := contents(t, r, pages("1", "2")); !reflect.DeepEqual(c, page.Contents{}) {
		t.Errorf("of a file that says nothing: %+v", c)
	}
	if c := contents(t, r, asPNG(t, halves(30, 30))); !reflect.DeepEqual(c, page.Contents{}) {
		t.Errorf("of a picture: %+v", c)
	}
	if c := contents(t, r, book(2, "/PageLabels << /Nums [0 << /S /D >>] >>")); c.Labels != nil {
		t.Errorf("pages that are only counted: %q", c.Labels)
	}
}

func TestLinks(t *testing.T) {
	data := book(2, "", "<< /Type /Page /Parent 2 0 R /MediaBox [10 20 605 862] /Annots [11 0 R 12 0 R 13 0 R] >>",
		"<< /Type /Annot /Subtype /Link /Rect [110 762 210 782] /Dest [15 0 R /XYZ 0 42 0] >>",
		"<< /Type /Annot /Subtype /Link /Rect [110 700 210 720] /A << /S /URI /URI (https://example.org/a) >> >>",
		"<< /Type /Annot /Subtype /Link /Rect [110 600 210 620] /A << /S /Launch /F (C:\\\\Windows\\\\calc.exe) >> >>")
	data = bytes.Replace(data, []byte("/Kids [14 0 R"), []byte("/Kids [10 0 R"), 1)
	links, err := open(t, newRenderer(t, Options{}), data, "").Links(t.Context(), 0)
	if err != nil || len(links) < 2 {
		t.Fatalf("%+v, %v", links, err)
	}
	for _, l := range links {
		switch {
		case l.Page == 1 && l.Address == "" && l.X0 == 100 && l.X1 == 200 && l.Y0 == 80 && l.Y1 == 100 && l.Top == 800:
		case l.Page == -1 && l.Address == "https://example.org/a" && l.Y0 == 142:
		case l.Page == -1 && strings.Contains(l.Address, "calc.exe"):
		default:
			t.Errorf("%+v", l)
		}
	}
}

// TestBadOutlinesAreBounded gives outlines that go round in circles, are endless, deep, or lead nowhere; the pages of
// each are shown, and what is listed is bounded.
func TestBadOutlinesAreBounded(t *testing.T) {
	r := newRenderer(t, Options{})
	many := func(n int, link func(i int) string) []byte {
		objects := []string{"<< /First 11 0 R /Last 11 0 R /Count 1 >>"}
		for i := range n {
			objects = append(objects, fmt.Sprintf("<< /Title (E%d) %s >>", i, link(11+i)))
		}
		return book(1, "/Outlines 10 0 R", objects...)
	}
	for name, data := range map[string][]byte{
		"itself":        many(1, func(i int) string { return fmt.Sprintf("/Parent 10 0 R /Next %d 0 R /First %d 0 R", i, i) }),
		"circle":        many(3, func(i int) string { return fmt.Sprintf("/Parent 10 0 R /Next %d 0 R", 11+(i-10)%3) }),
		"child is root": many(2, func(int) string { return "/Parent 10 0 R /First 10 0 R /Last 10 0 R" }),
		"100,000 long":  many(100_000, func(i int) string { return fmt.Sprintf("/Parent 10 0 R /Prev %d 0 R /Next %d 0 R", i-1, i+1) }),
		"100,000 deep": many(100_000, func(i int) string {
			return fmt.Sprintf("/Parent %d 0 R /First %d 0 R /Last %d 0 R /Count 1", i-1, i+1, i+1)
		}),
		"300 deep": many(300, func(i int) string {
			return fmt.Sprintf("/Parent %d 0 R /First %d 0 R /Last %d 0 R /Count 1", i-1, i+1, i+1)
		}),
		"no outline":     book(1, "/Outlines 1 0 R"),
		"labels, circle": book(1, "/PageLabels 10 0 R", "<< /Kids [10 0 R 10 0 R] >>"),
		"files, circle":  book(1, "/Names << /EmbeddedFiles 10 0 R >>", "<< /Kids [10 0 R 10 0 R] /Names [(a) 10 0 R] >>"),
		"long title":     many(1, func(int) string { return "/Parent 10 0 R /T 1 /Title (" + strings.Repeat("x", 500_000) + ")" }),
	} {
		start := time.Now()
		d := open(t, r, data, "")
		c, err := d.Contents(t.Context())
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s: took %v", name, took)
		}
		if len(c.Outline) > 10_000 || len(c.Files) > 500 {
			t.Errorf("%s: %d headings, %d files", name, len(c.Outline), len(c.Files))
		}
		for _, h := range c.Outline {
			if len([]rune(h.Title)) > maxTitle || h.Depth > maxDepth {
				t.Errorf("%s: %.20q at %d", name, h.Title, h.Depth)
			}
		}
		t.Logf("%-16s %5d headings in %v, %v", name, len(c.Outline), time.Since(start), err)
		draw(t, d, 0, 50, 0)
	}
}

func TestEveryFixtureSaysSomethingOrNothing(t *testing.T) {
	dir := fixtures(t)
	files, _ := filepath.Glob(filepath.Join(dir, "[nae]*__*.pdf"))
	r := newRenderer(t, Options{})
	headings, links := 0, 0
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		d, err := r.Open(t.Context(), data, "", "")
		if err != nil {
			continue
		}
		c, err := d.Contents(t.Context())
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(path), err)
		}
		l, err := d.Links(t.Context(), 0)
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(path), err)
		}
		headings, links = headings+len(c.Outline), links+len(l)
		d.Close()
	}
	if headings == 0 || links == 0 {
		t.Errorf("%d headings, %d links in %d files", headings, links, len(files))
	}
}

// TestEntriesOfAHelperTakenOver reads any bytes as entries.
func TestEntriesOfAHelperTakenOver(t *testing.T) {
	if binary.Size(entryHead{}) != entryLen {
		t.Fatal(binary.Size(entryHead{}))
	}
	rapid.Check(t, func(t *rapid.T) {
		var body []byte
		for range rapid.IntRange(0, 6).Draw(t, "entries") {
			text := rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "text")
			h := entryHead{
				Kind: rapid.SampledFrom([]byte("olfkx")).Draw(t, "kind"), Depth: rapid.Uint8Max(40).Draw(t, "depth"), Len: uint16(len(text)),
				Page: rapid.Int32().Draw(t, "page"), Top: rapid.Float32().Draw(t, "top"),
			}
			for i := range h.Box {
				h.Box[i] = rapid.Float32().Draw(t, "box")
			}
			body, _ = binary.Append(body, binary.LittleEndian, h)
			body = append(body, text...)
		}
		body = body[:len(body)-rapid.IntRange(0, min(len(body), 3)).Draw(t, "missing")]
		entries, err := entriesOf(body)
		if err != nil {
			return
		}
		c := contentsOf(entries, 5)
		for i, h := range c.Outline {
			if h.Page < -1 || h.Page > 4 || h.Top < 0 || h.Depth > maxDepth || i == 0 && h.Depth != 0 || i > 0 && h.Depth > c.Outline[i-1].Depth+1 || strings.ContainsAny(h.Title, "\n\r\t\x00\u202e") {
				t.Fatalf("%+v", h)
			}
		}
		if c.Labels != nil && len(c.Labels) != 5 {
			t.Fatalf("%q", c.Labels)
		}
		for _, l := range linksOf(entries, 5) {
			if l.Page < -1 || l.Page > 4 || l.X1 <= l.X0 || (l.Page < 0) == (l.Address == "") {
				t.Fatalf("%+v", l)
			}
		}
	})
}

// FuzzEntries takes any bytes for entries.
func FuzzEntries(f *testing.F) {
	body, _ := binary.Append(nil, binary.LittleEndian, entryHead{Kind: entryOutline, Len: 3, Page: 1})
	f.Add(append(body, "Eins"[:3]...))
	label, _ := binary.Append(nil, binary.LittleEndian, entryHead{Kind: entryLabel, Depth: 'r', Page: 2, Top: 3})
	f.Add(label)
	f.Fuzz(func(t *testing.T, b []byte) {
		entries, err := entriesOf(b)
		if err != nil {
			return
		}
		c := contentsOf(entries, 9)
		for _, h := range c.Outline {
			if h.Page >= 9 || h.Page < -1 || len([]rune(h.Title)) > maxTitle {
				t.Fatalf("%+v", h)
			}
		}
		if c.Labels != nil && len(c.Labels) != 9 {
			t.Fatalf("%q", c.Labels)
		}
		linksOf(entries, 9)
	})
}
