package folder

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// candidate is a file that may be taken.
type candidate struct {
	name  string
	info  fs.FileInfo
	still time.Duration // for which it has not changed
}

// list tells what lies in the folder: files in the order they came, and links that were not told yet.
func (d *Driver) list(dir string) (files []candidate, links []string, err error) {
	if err := d.returnStray(dir); err != nil {
		return nil, nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		switch {
		case e.Type()&fs.ModeSymlink != 0 || e.Type()&fs.ModeIrregular != 0:
			if d.linked(path) {
				links = append(links, e.Name())
			}
		case e.Type().IsRegular() && !passing(e.Name()):
			info, err := e.Info()
			if errors.Is(err, fs.ErrNotExist) { // another desk was faster
				continue
			}
			if err != nil {
				return nil, nil, err
			}
			files = append(files, candidate{e.Name(), info, d.look(path, info)})
		}
	}
	slices.SortFunc(files, func(a, b candidate) int {
		return cmp.Or(a.info.ModTime().Compare(b.info.ModTime()), natural(a.name, b.name))
	})
	return files, links, nil
}

// passing tells names under which devices and systems write what is not finished or not meant for people.
func passing(name string) bool {
	low := strings.ToLower(name)
	if strings.HasPrefix(low, ".") || strings.HasPrefix(low, "~$") || low == "thumbs.db" || low == "desktop.ini" {
		return true
	}
	return slices.Contains([]string{".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".lock", ".writing"}, filepath.Ext(low)) ||
		strings.HasSuffix(low, "~")
}

// natural compares names as people count: "Scan 2" comes before "Scan 10".
func natural(a, b string) int {
	for a != "" && b != "" {
		na, nb := digits(a), digits(b)
		if na > 0 && nb > 0 {
			x, y := strings.TrimLeft(a[:na], "0"), strings.TrimLeft(b[:nb], "0")
			if c := cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y), cmp.Compare(na, nb)); c != 0 {
				return c
			}
			a, b = a[na:], b[nb:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// returnStray gives back what a desk took and then did not put aside, because its power failed.
func (d *Driver) returnStray(dir string) error {
	entries, err := os.ReadDir(filepath.Join(dir, taking))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		path := filepath.Join(dir, taking, e.Name())
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || d.holds(path) || d.look(path, info) < d.patience() {
			continue
		}
		if _, err := move(dir, filepath.Join(taking, e.Name()), "", e.Name()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		d.forget(path)
	}
	return nil
}

// move puts a file aside without overwriting another: the name gets a number where it is taken. It returns
// where the file lies now, seen from dir.
func move(dir, from, below, name string) (string, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return "", err
	}
	defer func() { _ = root.Close() }() // nothing was written through it
	if below != "" {
		if err := root.Mkdir(below, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
			return "", err
		}
	}
	ext := filepath.Ext(name)
	for i := 1; ; i++ {
		to := filepath.Join(below, name)
		if i > 1 {
			to = filepath.Join(below, fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, ext), i, ext))
		}
		_, err := root.Lstat(to)
		if errors.Is(err, fs.ErrNotExist) {
			return to, root.Rename(from, to)
		}
		if err != nil {
			return "", err
		}
	}
}
