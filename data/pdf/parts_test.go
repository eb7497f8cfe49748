package pdf

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var note = Attachment{
	Name: "Transfervermerk (ü).json", MediaType: "application/json", Relation: RelSupplement, Description: "Wie das Papier zur Datei wurde",
	Modified: time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC), Data: []byte(`{"pages":3}`),
}

// whole is a file with everything around its pages.
func whole(t *testing.T, part int, attach ...Attachment) []byte {
	t.Helper()
	pg := Page{Image: spotted(t), MediaType: "image/png", DPI: 72}
	var b bytes.Buffer
	p := begin(&b, meta, part)
	for i, marks := range [][]Bookmark{{{"Antrag (1)", 0}}, {{"Seite zwei", 1}, {"Größe", 2}}, nil, {{"Anlagen", 0}}} {
		pg.Bookmarks, pg.Label = marks, nil
		switch i {
		case 0:
			pg.Label = &Label{Prefix: "A-", Style: LabelNumbers}
		case 2:
			pg.Label = &Label{Style: LabelRoman, First: 4}
		}
		if err := p.AddPage(pg); err != nil {
			t.Fatal(err)
		}
	}
	for _, a := range attach {
		if err := p.Attach(a); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func stored(t *testing.T, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestBookmarksAndPageLabels(t *testing.T) {
	tool(t, "mutool", "qpdf")
	path := stored(t, whole(t, 2))
	clean(t, path)
	got := run(t, "mutool", "show", path, "outline")
	var titles []string
	for l := range strings.Lines(got) {
		l = strings.TrimLeft(strings.TrimSpace(l), "|+-")
		level := strings.Count(l[:len(l)-len(strings.TrimLeft(l, "\t"))], "\t")
		title, target, _ := strings.Cut(strings.TrimSpace(l), "\t")
		page, _, _ := strings.Cut(strings.TrimPrefix(target, "#page="), "&")
		titles = append(titles, strings.Repeat(">", level-1)+title+page)
	}
	if s := strings.Join(titles, " "); s != `"Antrag (1)"1 >"Seite zwei"2 >>"Größe"2 "Anlagen"4` {
		t.Errorf("%s\n%s", s, got)
	}
	labels := run(t, "qpdf", "--json", "--json-key=pagelabels", path)
	for _, want := range []string{`"/P": "u:A-"`, `"/S": "/r"`, `"/St": 4`} {
		if !strings.Contains(labels, want) {
			t.Errorf("%s is missing in %s", want, labels)
		}
	}
	if n := strings.Count(run(t, "qpdf", "--show-npages", path), "4"); n != 1 {
		t.Error("pages")
	}
}

func TestAttachmentsComeOutAsTheyWentIn(t *testing.T) {
	tool(t, "pdfdetach", "qpdf", "mutool", "pdfinfo")
	other := Attachment{Name: "a.xml", MediaType: "text/xml", Relation: RelSource, Modified: note.Modified, Data: bytes.Repeat([]byte("<a/>"), 1000)}
	b := whole(t, 2, note, other)
	path := stored(t, b)
	clean(t, path)
	dir := t.TempDir()
	run(t, "pdfdetach", "-saveall", "-o", dir, path)
	for _, a := range []Attachment{note, other} {
		if got, err := os.ReadFile(filepath.Join(dir, a.Name)); err != nil || !bytes.Equal(got, a.Data) {
			t.Errorf("%s: %v", a.Name, err)
		}
	}
	for _, want := range []string{"<pdfaid:part>3<", "/AFRelationship /Supplement", "/AFRelationship /Source", "/ModDate (D:20261123093000Z)", "/Subtype /application#2Fjson", "/AF ["} {
		if !bytes.Contains(b, []byte(want)) {
			t.Errorf("%s is missing", want)
		}
	}
	if !bytes.Contains(whole(t, 2), []byte("<pdfaid:part>2<")) {
		t.Error("a file without attachments is not part 2")
	}
}

func TestTitleAndLanguage(t *testing.T) {
	tool(t, "pdfinfo")
	m := meta
	m.Lang = "en"
	var b bytes.Buffer
	if err := Write(&b, []Page{{Image: spotted(t), MediaType: "image/png"}}, m); err != nil {
		t.Fatal(err)
	}
	if out := run(t, "pdfinfo", "-meta", stored(t, b.Bytes())); !strings.Contains(out, "Schutzvertrag &amp; &lt;Müller&gt;") || !bytes.Contains(b.Bytes(), []byte("/Lang (en)")) {
		t.Error(out)
	}
}

// The two halves of a double page share their picture.
func TestOnePictureIsWrittenOnce(t *testing.T) {
	pg := Page{Image: spotted(t), MediaType: "image/png", DPI: 72}
	half := pg
	half.Turns = 1
	var one, two bytes.Buffer
	if Write(&one, []Page{pg}, meta) != nil || Write(&two, []Page{pg, half}, meta) != nil || bytes.Count(two.Bytes(), []byte("/Subtype /Image")) != 1 {
		t.Errorf("%d and %d bytes", one.Len(), two.Len())
	}
}
