package rendition_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"schalter/data/record"
	"schalter/data/rendition"
)

// stick mounts a small volume.
func stick(t *testing.T, options string, flags uintptr) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("mounting a small volume needs root")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", flags, options); err != nil {
		t.Skipf("cannot mount: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestAFullStick(t *testing.T) {
	s := shelf{}
	w := whole(t, s)
	dir := stick(t, "size=16k", 0)
	f, err := rendition.NewFolder(dir, "Fall")
	if err != nil {
		t.Fatal(err)
	}
	if err := press(s).Folder(t.Context(), f.Sink, w); record.CodeOf(err) != record.CodeExportFull {
		t.Errorf("as files: %v", err)
	}
	if _, err := f.Keep(); record.CodeOf(err) != record.CodeExportFull || len(names(t, dir)) != 0 {
		t.Errorf("%v %q", err, names(t, dir))
	}
	file, err := rendition.NewFile(filepath.Join(dir, "Fall.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	if err := press(s).Case(t.Context(), file, w); record.CodeOf(err) != record.CodeExportFull {
		t.Errorf("as one file: %v", err)
	}
	if err := file.Close(); record.CodeOf(err) != record.CodeExportFull || len(names(t, dir)) != 0 {
		t.Errorf("%v %q", err, names(t, dir))
	}
	if file, err = rendition.NewFile(filepath.Join(dir, "Fall.zip")); err != nil {
		t.Fatal(err)
	}
	if err := press(s).Zip(t.Context(), file, w); record.CodeOf(err) != record.CodeExportFull {
		t.Errorf("as an archive: %v", err)
	}
	if err := file.Drop(); err != nil || len(names(t, dir)) != 0 {
		t.Errorf("%v %q", err, names(t, dir))
	}
}

func TestAWriteProtectedStick(t *testing.T) {
	dir := stick(t, "size=16k", syscall.MS_RDONLY)
	if _, err := rendition.NewFolder(dir, "Fall"); record.CodeOf(err) != record.CodeExportDenied {
		t.Errorf("a folder: %v", err)
	}
	if _, err := rendition.NewFile(filepath.Join(dir, "Fall.pdf")); record.CodeOf(err) != record.CodeExportDenied {
		t.Errorf("a file: %v", err)
	}
}
