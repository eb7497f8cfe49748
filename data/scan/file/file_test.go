package file

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"schalter/data/record"
)

func read(t *testing.T, name string, b []byte) (*File, error) {
	t.Helper()
	return Read(name, int64(len(b)), bytes.NewReader(b), nil)
}

func picture(t *testing.T, w, h int) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, w, h))
	img.SetGray(1, 1, color.Gray{200})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFilesAreKnownByTheirBytes(t *testing.T) {
	for _, c := range []struct {
		name string
		data []byte
		want string
		code record.Code
	}{
		{"a.pdf", []byte("%PDF-1.4\n1 0 obj"), "application/pdf", ""},
		{"rechnung.txt", []byte("%PDF-1.4\n1 0 obj"), "application/pdf", ""},
		{"seite.pdf", picture(t, 4, 4), "image/png", ""},
		{"seite.pdf", []byte("<html><body>Hallo</body></html>"), "", record.CodeImportUnknown},
		{"virus.pdf", []byte("MZ\x90\x00\x03\x00\x00\x00"), "", record.CodeImportUnknown},
		{"leer.pdf", nil, "", record.CodeImportEmpty},
	} {
		f, err := read(t, c.name, c.data)
		if record.CodeOf(err) != c.code || (err == nil && (f.MediaType != c.want || !bytes.Equal(f.Data, c.data))) {
			t.Errorf("%s: %+v, %v", c.name, f, err)
		}
	}
}

// endless is a file that never ends and costs nothing.
type endless struct{ read int64 }

func (e *endless) Read(b []byte) (int, error) { e.read += int64(len(b)); return len(b), nil }

func TestHugeFileIsRefusedEarly(t *testing.T) {
	e := &endless{}
	if _, err := Read("gross.pdf", 2<<30, e, nil); record.CodeOf(err) != record.CodeImportTooLarge || e.read != 0 {
		t.Errorf("2 GB: %v after %d bytes", err, e.read)
	}
	if _, err := Read("gross.pdf", -1, e, nil); record.CodeOf(err) != record.CodeImportTooLarge || e.read > MaxSize+2<<20 {
		t.Errorf("unknown size: %v after %d bytes", err, e.read)
	}
}

func TestReadErrorIsNotAnEmptyFile(t *testing.T) {
	r := io.MultiReader(strings.NewReader("%PDF-1.4"), &broken{})
	if _, err := Read("a.pdf", 100, r, nil); record.CodeOf(err) != record.CodeImportUnread {
		t.Error(err)
	}
}

type broken struct{}

func (*broken) Read([]byte) (int, error) { return 0, errors.New("stick was pulled") }

func TestProgress(t *testing.T) {
	var last, total int64
	data := append([]byte("%PDF-1.4"), make([]byte, 3<<20)...)
	if _, err := Read("a.pdf", int64(len(data)), bytes.NewReader(data), func(d, n int64) { last, total = d, n }); err != nil || last != total || total != int64(len(data)) {
		t.Errorf("%d of %d, %v", last, total, err)
	}
}

func TestNames(t *testing.T) {
	for in, want := range map[string]string{
		"/home/x/Überweisung – „Müller“ (2).pdf": "Überweisung – „Müller“ (2).pdf", `C:\Users\x\a.pdf`: "a.pdf", "../../etc/passwd": "passwd",
		"": "Datei", "..": "Datei", "a\x00b\n.pdf": "ab.pdf", "rechnung\u202Efdp.exe": "rechnungfdp.exe",
	} {
		if got := Name(in); got != want {
			t.Errorf("Name(%q) = %q, want %q", in, got, want)
		}
	}
}

// Whatever a name is made of, what is shown and stored is one short line that says no path and hides nothing.
func TestAnyNameIsTame(t *testing.T) {
	part := rapid.OneOf(rapid.SampledFrom([]string{"..", "/", `\`, ".", " ", "\x00", "\n", "\u202e", "\u200b", "\ufeff", "\u2028", "\u00ad", "\xff", "CON", "C:", ".pdf", "ä", strings.Repeat("x", 300)}), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		in := strings.Join(rapid.SliceOfN(part, 0, 6).Draw(t, "name"), "")
		got := Name(in)
		if got == "" || got == "." || got == ".." || len([]rune(got)) > maxName || strings.TrimSpace(got) != got || !utf8.ValidString(got) || Name(got) != got {
			t.Fatalf("%q becomes %q", in, got)
		}
		for _, r := range got {
			if r == '/' || r == '\\' || unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Cf, unicode.Zl, unicode.Zp) {
				t.Fatalf("%q becomes %q", in, got)
			}
		}
	})
	for in, want := range map[string]string{
		strings.Repeat("ä", 500) + ".pdf":   strings.Repeat("ä", 115) + "….pdf",
		"brief." + strings.Repeat("b", 300): "brief." + strings.Repeat("b", 113) + "…",
		"rech\u200bnung\u2028.pdf":          "rechnung.pdf",
		"  Bescheid .pdf ":                  "Bescheid .pdf",
		`\\server\freigabe$\..\NUL`:         "NUL",
		"\ufeffAntrag.pdf":                  "Antrag.pdf",
	} {
		if got := Name(in); got != want {
			t.Errorf("Name(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTIFFWithSeveralPages(t *testing.T) {
	convert, err := exec.LookPath("convert")
	if err != nil {
		t.Skip("ImageMagick is not installed")
	}
	path := filepath.Join(t.TempDir(), "fax.tif")
	if out, err := exec.Command(convert, "-size", "60x80", "xc:white", "xc:black", "xc:gray50", "-density", "204", "-units", "PixelsPerInch", "-compress", "LZW", path).CombinedOutput(); err != nil {
		t.Skipf("this convert makes no TIFF: %v %s", err, out)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := read(t, "fax.tif", b)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := f.Pages()
	if err != nil || len(pages) != 3 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	for i, want := range []uint32{0xffff, 0, 0x7f7f} {
		img, err := png.Decode(bytes.NewReader(pages[i].Data))
		if err != nil {
			t.Fatal(err)
		}
		r, _, _, _ := img.At(30, 40).RGBA()
		if d := int(r) - int(want); d > 0x300 || d < -0x300 || pages[i].DPI != 204 {
			t.Errorf("page %d: %x at %d dpi", i+1, r, pages[i].DPI)
		}
	}
}

func TestHostileTIFF(t *testing.T) {
	loop := []byte("II\x2A\x00\x08\x00\x00\x00\x00\x00\x08\x00\x00\x00")
	f := &File{Name: "x.tif", MediaType: "image/tiff", Data: loop}
	if _, err := f.Pages(); record.CodeOf(err) != record.CodeImportUnread {
		t.Error(err)
	}
}

func TestTooManyPixels(t *testing.T) {
	b := picture(t, 4, 4)
	binary.BigEndian.PutUint32(b[16:], 20000)
	binary.BigEndian.PutUint32(b[20:], 20000)
	f := &File{Name: "riesig.png", MediaType: "image/png", Data: fixCRC(b)}
	if _, err := f.Pages(); record.CodeOf(err) != record.CodeImportPixels {
		t.Error(err)
	}
}

func FuzzPages(f *testing.F) {
	f.Add([]byte("II\x2A\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if cfg, _, err := image.DecodeConfig(bytes.NewReader(b)); err == nil && cfg.Width*cfg.Height > 1<<20 {
			return
		}
		if x, err := Read("x", int64(len(b)), bytes.NewReader(b), nil); err == nil {
			_, _ = x.Pages()
		}
	})
}

// fixCRC repairs the header's checksum after a test lied about the size.
func fixCRC(b []byte) []byte {
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}
