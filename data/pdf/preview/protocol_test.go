package preview

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestRequestsAndResponsesSurviveTheWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b bytes.Buffer
		body := rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(t, "body")
		q := request{
			Op: opOpen, Kind: kindTIFF, Turns: 3, Job: rapid.Uint32().Draw(t, "job"), Page: rapid.Uint32().Draw(t, "page"),
			Secret: uint32(len(body) / 2), DPI: 144.5, Sum: [32]byte{1, 31: 9},
		}
		if err := writeRequest(&b, q, 0, body...); err != nil {
			t.Fatal(err)
		}
		got, err := readRequest(&b)
		q.Size = uint64(len(body))
		if err != nil || got != q || !bytes.Equal(b.Bytes(), body) {
			t.Fatalf("request %+v became %+v, %v", q, got, err)
		}
		b.Reset()
		s := response{Status: statusRefused, Job: q.Job, Pages: 7, WPt: 595, HPt: 842}
		if err := writeResponse(&b, s, body); err != nil {
			t.Fatal(err)
		}
		back, err := readResponse(&b, 1000)
		s.Size = uint64(len(body))
		if err != nil || back != s || !bytes.Equal(b.Bytes(), body) {
			t.Fatalf("response %+v became %+v, %v", s, back, err)
		}
	})
}

func TestAHelperTakenOverCannotAskForMemory(t *testing.T) {
	for name, s := range map[string]response{
		"pixels":           {Pixels: pixelsInline, Width: 1 << 20, Height: 1 << 20, Size: 1 << 42},
		"overflow":         {Pixels: pixelsInline, Width: 1 << 31, Height: 1 << 31},
		"other size":       {Pixels: pixelsInline, Depth: depthColour, Width: 10, Height: 10, Size: 401},
		"other depth":      {Pixels: pixelsShared, Depth: 3, Width: 10, Height: 10},
		"no depth":         {Pixels: pixelsShared, Width: 10, Height: 10},
		"nothing shared":   {Pixels: pixelsShared},
		"text":             {Size: maxText + 1},
		"status":           {Status: statusEnd},
		"pages":            {Pages: 1 << 31},
		"page of no width": {WPt: -1},
	} {
		if err := s.check(1000); !errors.Is(err, errProtocol) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzResponse(f *testing.F) {
	var b bytes.Buffer
	_ = writeResponse(&b, response{Pixels: pixelsInline, Width: 2, Height: 2, WPt: 1, HPt: 1}, make([]byte, 16))
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := readResponse(bytes.NewReader(data), 1000)
		if err == nil && s.Size > maxText {
			t.Errorf("%d bytes accepted", s.Size)
		}
		if err == nil && s.Pixels == pixelsInline && s.Size != uint64(s.Width)*uint64(s.Height)*4 {
			t.Errorf("%+v accepted", s)
		}
	})
}

func FuzzRequest(f *testing.F) {
	var b bytes.Buffer
	_ = writeRequest(&b, request{Op: opOpen, Secret: 3}, 0, []byte("abcdef")...)
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		q, err := readRequest(bytes.NewReader(data))
		if err == nil && uint64(q.Secret) > q.Size {
			t.Errorf("%+v accepted", q)
		}
	})
}

// FuzzSniff holds that what is not known by its first bytes is never handed on.
func FuzzSniff(f *testing.F) {
	for _, s := range []string{"%PDF-1.4", "\xff\xd8\xff", "\x89PNG\r\n\x1a\n", "II*\x00", "<html>", ""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		k := sniff(data)
		if _, known := magics[k]; known != (k != kindUnknown) {
			t.Errorf("kind %d", k)
		}
		if k == kindPDF && !bytes.Contains(data, []byte("%PDF-")) {
			t.Error("a PDF without its header")
		}
	})
}

func TestTheCacheKeepsItsBound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const limit = 20_000
		c := newCache(limit, 6)
		src := [2]*source{{}, {}}
		last := map[key]*image.RGBA{}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			k := key{src: src[rapid.IntRange(0, 1).Draw(t, "file")], page: rapid.IntRange(0, 9).Draw(t, "page")}
			switch rapid.IntRange(0, 9).Draw(t, "do") {
			case 0:
				c.drop(k.src)
				for known := range last {
					if known.src == k.src {
						delete(last, known)
					}
				}
			case 1, 2, 3:
				if e, hit := c.get(k); hit && e.img != last[k] {
					t.Fatal("another picture")
				}
			default:
				img := image.NewRGBA(image.Rect(0, 0, 10, rapid.IntRange(1, 600).Draw(t, "height")))
				c.put(k, entry{img: img})
				last[k] = img
				if _, hit := c.peek(k); hit != (len(img.Pix)+entryCost <= limit) {
					t.Fatal("the newest picture is not kept")
				}
			}
			if c.used > limit || c.used < 0 || len(c.items) != c.order.Len() || len(c.items) > 6 {
				t.Fatalf("%d bytes, %d items, %d in order", c.used, len(c.items), c.order.Len())
			}
		}
	})
}

// TestDeclarationsAgreeWithTheLibrary lets the C compiler compare our declarations with the headers that
// lie beside the library in go-fitz's folder.
func TestDeclarationsAgreeWithTheLibrary(t *testing.T) {
	cc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("no gcc on the path")
	}
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/gen2brain/go-fitz").Output()
	if err != nil {
		t.Fatal(err)
	}
	include := filepath.Join(strings.TrimSpace(string(dir)), "include")
	if _, err := os.Stat(filepath.Join(include, "mupdf", "fitz.h")); err != nil {
		t.Fatal(err)
	}
	ours, err := os.ReadFile("mupdf.h")
	if err != nil {
		t.Fatal(err)
	}
	check := func(header string) error {
		cmd := exec.Command(cc, "-fsyntax-only", "-Werror", "-I"+include, "-xc", "-")
		cmd.Stdin = strings.NewReader(agreement(header))
		out, err := cmd.CombinedOutput()
		if err != nil {
			return errors.New(string(out))
		}
		return nil
	}
	if err := check(string(ours)); err != nil {
		t.Error(err)
	}
	for from, to := range map[string]string{ // the comparison itself must be able to fail
		"int fz_count_pages(fz_context *ctx,": "long fz_count_pages(fz_context *ctx,",
		"struct { int abort, progress; size":  "struct { long abort, progress; size",
		"FZ_ERROR_SYSTEM = 2":                 "FZ_ERROR_SYSTEM = 3",
		`VERSION "1.28.0"`:                    `VERSION "1.27.0"`,
		"int c;\n\tunsigned short":            "long c;\n\tunsigned short",
	} {
		changed := strings.Replace(string(ours), from, to, 1)
		if changed == string(ours) || check(changed) == nil {
			t.Errorf("%q is not compared", from)
		}
	}
}

// agreement is a C program that compiles when our header says what theirs says. Functions are compared by
// declaring them twice, structs and constants by their own names with "our_" before them.
func agreement(ours string) string {
	structs, functions, _ := strings.Cut(ours, "/* exceptions */")
	_, structs, _ = strings.Cut(structs, "typedef struct { float x0")
	structs = "typedef struct { float x0" + structs
	structs, _, _ = strings.Cut(structs, "typedef void (fz_error_cb)")
	_, enums, _ := strings.Cut(ours, "enum {")
	enums, _, _ = strings.Cut(enums, "#if")
	_, version, _ := strings.Cut(ours, "PREVIEW_MUPDF_VERSION ")
	version, _, _ = strings.Cut(version, "\n")
	var b strings.Builder
	b.WriteString("#include <mupdf/fitz.h>\n#include <stddef.h>\ntypedef fz_context our_fz_context;\n")
	rename := strings.NewReplacer("fz_", "our_fz_", "FZ_", "OUR_FZ_")
	b.WriteString(rename.Replace(structs))
	b.WriteString("enum {" + rename.Replace(enums))
	fields := map[string]string{
		"fz_rect": "x0 y0 x1 y1", "fz_irect": "x0 y0 x1 y1", "fz_matrix": "a b c d e f",
		"fz_alloc_context": "user malloc realloc free",
		"fz_cookie":        "abort progress progress_max errors incomplete", "fz_stext_options": "flags scale clip",
		"fz_stream": "refs error eof progressive pos avail bits rp wp state next drop seek",
		"fz_point":  "x y", "fz_quad": "ul ur ll lr", "fz_stext_page": "refs pool mediabox first_block last_block last_struct id_list",
		"fz_stext_block": "type id bbox u.t.first_line u.t.last_line u.t.flags prev next",
		"fz_stext_line":  "wmode flags dir bbox first_char last_char prev next",
		"fz_stext_char":  "c bidi flags argb origin quad size font next",
	}
	for name, list := range fields {
		b.WriteString("_Static_assert(sizeof(" + name + ") == sizeof(our_" + name + "), \"size\");\n")
		for f := range strings.FieldsSeq(list) {
			b.WriteString("_Static_assert(offsetof(" + name + "," + f + ") == offsetof(our_" + name + "," + f + "), \"" + f + "\");\n")
		}
	}
	for _, c := range []string{"FZ_ERROR_SYSTEM", "FZ_STEXT_DEHYPHENATE", "FZ_STEXT_BLOCK_TEXT"} {
		b.WriteString("_Static_assert(" + c + " == OUR_" + c + ", \"constant\");\n")
	}
	b.WriteString("_Static_assert(sizeof(FZ_VERSION) == sizeof(" + version + ") && !__builtin_strcmp(FZ_VERSION, " + version + "), \"version\");\n")
	b.WriteString(strings.Replace(functions, "#endif", "", 1))
	return b.String()
}

func TestOrders(t *testing.T) {
	o, err := parseOrders([]string{"10", "20", "30", "2s", "true"})
	if want := (orders{10, 20, 30, 2e9, true}); err != nil || !reflect.DeepEqual(o, want) {
		t.Errorf("%+v, %v", o, err)
	}
	for _, bad := range [][]string{nil, {"10", "20", "30", "2s"}, {"x", "20", "30", "2s", "true"}, {"10", "20", "30", "2", "true"}} {
		if _, err := parseOrders(bad); err == nil {
			t.Errorf("%v accepted", bad)
		}
	}
	if err := writeRequest(io.Discard, request{}, 0); err != nil || binary.Size(request{}) != 72 || binary.Size(response{}) != 56 {
		t.Error("headers have another size", binary.Size(request{}), binary.Size(response{}), err)
	}
}
