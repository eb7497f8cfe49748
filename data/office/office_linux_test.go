package office

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"schalter/data/record"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == WorkerArg {
		WorkerMain(os.Args[2:])
	}
	os.Exit(m.Run())
}

// tried runs a program as LibreOffice would be run.
func tried(t *testing.T, dir, program string, args ...string) (string, error) {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skip(err)
	}
	out, err := Converter{}.run(t.Context(), dir, path, args)
	if strings.Contains(string(out), "Landlock") {
		t.Skip("this kernel has no Landlock: nothing is converted on it")
	}
	if errors.Is(err, fs.ErrPermission) {
		t.Skip("this machine makes no name spaces: nothing is converted on it")
	}
	return string(out), err
}

// Whatever is in a file can reach its own copy and what is installed, and nothing else.
func TestWorkerHasNoRights(t *testing.T) {
	dir, err := room()
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	other := t.TempDir()
	for _, d := range []string{dir, other} {
		if err := os.WriteFile(filepath.Join(d, "secret"), []byte("geheim"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := tried(t, dir, "cat", filepath.Join(dir, "secret")); err != nil || out != "geheim" {
		t.Fatalf("its own folder: %q %v", out, err)
	}
	if out, err := tried(t, dir, "cat", filepath.Join(other, "secret")); err == nil || strings.Contains(out, "geheim") {
		t.Errorf("another folder: %q", out)
	}
	if out, err := tried(t, dir, "touch", filepath.Join(other, "new")); err == nil {
		t.Errorf("wrote elsewhere: %q", out)
	}
	out, err := tried(t, dir, "cat", "/proc/self/net/dev")
	if err != nil {
		t.Fatal(out, err)
	}
	for l := range strings.Lines(out) {
		if name, _, ok := strings.Cut(l, ":"); ok && strings.TrimSpace(name) != "lo" {
			t.Errorf("there is a network: %s", l)
		}
	}
}

// The desktop's services listen below /run, and no rule about files keeps anybody from calling them.
func TestWorkerCallsNobody(t *testing.T) {
	dir, err := room()
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	below, err := os.MkdirTemp("/run", "schalter-office-")
	if err != nil {
		if below, err = os.MkdirTemp(os.Getenv("XDG_RUNTIME_DIR"), "schalter-office-"); err != nil || !strings.HasPrefix(below, "/run/") {
			t.Skip("there is no place below /run for a service")
		}
	}
	t.Cleanup(func() { _ = os.RemoveAll(below) })
	service := filepath.Join(below, "bus")
	l, err := net.Listen("unix", service)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	out, err := tried(t, dir, "perl", "-e", `use Socket; socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die; print connect($s, sockaddr_un($ARGV[0])) ? "connected" : "nobody"`, service)
	if err != nil || out != "nobody" {
		t.Errorf("%q, %v", out, err)
	}
}

// docx is the least that is a document of Word.
func docx(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, body := range map[string]string{
		"[Content_Types].xml": `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels":         `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml":   `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>` + text + `</w:t></w:r></w:p></w:body></w:document>`,
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(body))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestOfficeFilesBecomePDF(t *testing.T) {
	for _, c := range []struct {
		kind string
		data []byte
	}{
		{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx(t, "Schutzvertrag für Balu")},
		{"text/rtf", []byte(`{\rtf1\ansi Schutzvertrag f\'fcr Balu\par}`)},
		{"text/plain", []byte("Schutzvertrag für Balu")},
	} {
		pdf, err := Converter{}.PDF(t.Context(), c.kind, c.data)
		if record.CodeOf(err) == record.CodeOfficeMissing {
			t.Skip("LibreOffice (libreoffice-writer-nogui) is not installed, or cannot be confined here")
		}
		if err != nil {
			t.Fatal(c.kind, err)
		}
		cmd := exec.Command("pdftotext", "-", "-")
		cmd.Stdin = bytes.NewReader(pdf)
		if out, err := cmd.Output(); err != nil || !strings.Contains(string(out), "Schutzvertrag für Balu") {
			t.Errorf("%s: %q %v", c.kind, out, err)
		}
		if !bytes.Contains(pdf, []byte("pdfaid:part>2<")) {
			t.Errorf("%s: not PDF/A-2", c.kind)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(memory, "schalter-office-*")); len(left) > 0 {
		t.Errorf("copies are left: %v", left)
	}
}

func TestWhatIsNoOfficeFileIsRefused(t *testing.T) {
	for _, kind := range []string{"application/zip", "text/html", ""} {
		if _, err := (Converter{}).PDF(t.Context(), kind, []byte("x")); record.CodeOf(err) != record.CodeOfficeUnread || Is(kind) {
			t.Errorf("%s: %v", kind, err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := (Converter{}).PDF(ctx, "text/plain", []byte("x")); err == nil {
		t.Error("called off and still converted")
	}
}
