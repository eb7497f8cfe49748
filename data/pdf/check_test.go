package pdf

import (
	"bytes"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"schalter/data/record"
)

// tool skips a test where a program of Debian's is not installed.
func tool(t testing.TB, names ...string) {
	t.Helper()
	for _, n := range names {
		if _, err := exec.LookPath(n); err != nil {
			t.Skip(n + " is not installed")
		}
	}
}

func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out.String(), errs.String())
	}
	return out.String() + strings.ReplaceAll(errs.String(), "warning: ICC support is not available\n", "") // of a build, not of the file
}

// file writes pages as a part of ISO 19005.
func file(t testing.TB, path string, part int, pages ...Page) string {
	t.Helper()
	var b bytes.Buffer
	p := begin(&b, meta, part)
	for _, pg := range pages {
		if err := p.AddPage(pg); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// clean lets two foreign programs look for faults.
func clean(t testing.TB, path string) {
	t.Helper()
	if out := run(t, "qpdf", "--check", path); !strings.Contains(out, "No syntax or stream encoding errors") || strings.Contains(out, "WARNING") {
		t.Errorf("%s: qpdf: %s", filepath.Base(path), out)
	}
	if out := run(t, "mutool", "draw", "-q", "-r", "10", "-o", os.DevNull, path); out != "" {
		t.Errorf("%s: mutool: %s", filepath.Base(path), out)
	}
}

// preflight lets the PDF/A validator look at all files in one go; they have to be written as part 1, which is
// what it knows. Its one jar does not name what it needs.
func preflight(t testing.TB, paths ...string) {
	t.Helper()
	tool(t, "java")
	const jars = "/usr/share/java/"
	var path []string
	for _, j := range []string{"preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "commons-io", "javax.activation", "jaxb-api"} {
		if _, err := os.Stat(jars + j + ".jar"); err != nil {
			t.Skip("libpdfbox2-java is not installed")
		}
		path = append(path, jars+j+".jar")
	}
	list := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(list, []byte(strings.Join(paths, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("java", "-cp", strings.Join(path, ":"), "org.apache.pdfbox.preflight.Validator_A1b", "xml", "batch", list)
	out, _ := cmd.CombinedOutput() // its exit status counts faults
	for _, p := range paths {
		b, err := os.ReadFile(p + ".preflight.xml")
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if !bytes.Contains(b, []byte(`<isValid type="PDF/A1-b">true</isValid>`)) {
			t.Errorf("%s: %s", filepath.Base(p), b)
		}
	}
}

func TestForeignCheckersFindNoFault(t *testing.T) {
	tool(t, "qpdf", "mutool")
	dir := t.TempDir()
	i := 0
	for _, pg := range pictures(t) {
		var pages []Page
		for _, g := range geometries {
			pages = append(pages, laidAs(pg, g))
		}
		i++
		clean(t, file(t, filepath.Join(dir, fmt.Sprintf("%d.pdf", i)), 2, pages...))
	}
	clean(t, file(t, filepath.Join(dir, "any.pdf"), 2, anyPages(t)...))
}

func laidAs(pg Page, g record.Sheet) Page {
	pg.Skew, pg.Crop, pg.Turns, pg.Text = g.Skew, g.Crop, g.Turns, lines(80, 120)
	return pg
}

// anyPages lie in every way that a sheet can say, the senseless ones included.
func anyPages(t *testing.T) []Page {
	data := asPNG(t, image.NewGray(image.Rect(0, 0, 30, 40)))
	var pages []Page
	for i := range 150 {
		pages = append(pages, anyPage(data).Example(i))
	}
	return pages
}

// The archive's own validator finds no fault in any kind of file.
func TestPreflight(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	i := 0
	for name, pg := range pictures(t) {
		if name == "16 bit png" {
			continue // part 1 knows at most 8
		}
		for _, g := range geometries {
			i++
			paths = append(paths, file(t, filepath.Join(dir, fmt.Sprintf("%d.pdf", i)), 1, laidAs(pg, g)))
		}
	}
	shrunk := Page{Image: asPNG(t, scannedAs(601, 843, true)), MediaType: "image/png", Shrink: true}
	paths = append(paths, file(t, filepath.Join(dir, "any.pdf"), 1, anyPages(t)...), file(t, filepath.Join(dir, "shrunk.pdf"), 1, shrunk))
	for name, b := range map[string][]byte{"bookmarks": whole(t, 1), "joined": together(t, 1, ownFile(t, "eins"), ownFile(t, "zwei"))} {
		path := filepath.Join(dir, name+".pdf")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	preflight(t, paths...)
}
