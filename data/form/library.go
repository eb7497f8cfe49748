package form

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"schalter/data/record"
)

// Library holds the forms a program knows, every version of each. Many goroutines may use it.
type Library struct {
	mu    sync.RWMutex
	forms map[string][]*Form // by id, oldest version first
}

// Load reads the folder "forms" of fsys, one form a file. A file that is not in order keeps no other from
// being used: the library holds all good ones, and the error names each bad one with its file.
func Load(fsys fs.FS) (*Library, error) {
	l := &Library{forms: map[string][]*Form{}}
	names, err := fs.Glob(fsys, "forms/*.json")
	if err != nil {
		return l, fmt.Errorf("list forms: %w", err)
	}
	var bad []error
	for _, name := range names {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			bad = append(bad, fmt.Errorf("read form: %w", err))
			continue
		}
		f, err := Parse(b)
		if err == nil {
			err = l.Add(f)
		}
		if err != nil {
			bad = append(bad, fmt.Errorf("%s: %w", path.Base(name), err))
		}
	}
	return l, errors.Join(bad...)
}

// Add puts a form into the library. Another content under the same id and version is refused: a published
// version is never changed.
func (l *Library) Add(f *Form) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.forms == nil {
		l.forms = map[string][]*Form{}
	}
	for _, have := range l.forms[f.ID] {
		if compareVersions(have.Version, f.Version) != 0 {
			continue
		}
		if have.Hash == f.Hash {
			return nil
		}
		return invalid("/version", "there is another form %q with the version %s already", f.ID, f.Version)
	}
	all := append(slices.Clone(l.forms[f.ID]), f)
	slices.SortFunc(all, func(a, b *Form) int { return compareVersions(a.Version, b.Version) })
	l.forms[f.ID] = all
	return nil
}

// All lists the latest version of every form by its German title.
func (l *Library) All() []*Form {
	l.mu.RLock()
	defer l.mu.RUnlock()
	var out []*Form
	for _, v := range l.forms {
		out = append(out, v[len(v)-1])
	}
	slices.SortFunc(out, func(a, b *Form) int {
		if c := strings.Compare(fold(a.Title.In("de")), fold(b.Title.In("de"))); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return out
}

// Latest returns the newest version of a form; record.CodeFormUnknown if there is none.
func (l *Library) Latest(id string) (*Form, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	v := l.forms[id]
	if len(v) == 0 {
		return nil, record.E(record.CodeFormUnknown, nil, "id", id, "version", "")
	}
	return v[len(v)-1], nil
}

// Get returns exactly the form a case was filled with; record.CodeFormUnknown if it is not here or another
// content carries its version. A reference without a hash is served by id and version.
func (l *Library) Get(ref record.FormRef) (*Form, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, f := range l.forms[ref.ID] {
		if f.Version != ref.Version {
			continue
		}
		if ref.Hash != "" && ref.Hash != f.Hash {
			return nil, record.E(record.CodeFormUnknown, fmt.Errorf("the form here has the hash %s, the case needs %s", f.Hash, ref.Hash), "id", ref.ID, "version", ref.Version)
		}
		return f, nil
	}
	return nil, record.E(record.CodeFormUnknown, nil, "id", ref.ID, "version", ref.Version)
}

// compareVersions compares number by number: 1.10 is newer than 1.9, 1.0 the same as 1.
func compareVersions(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(x), len(y)) {
		var m, n int
		if i < len(x) {
			m, _ = strconv.Atoi(x[i])
		}
		if i < len(y) {
			n, _ = strconv.Atoi(y[i])
		}
		if m != n {
			return m - n
		}
	}
	return 0
}
