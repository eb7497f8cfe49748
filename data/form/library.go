package form

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"schalter/data/record"
)

// Library holds the forms a program knows, every version of each. Many goroutines may use it, also while
// its content is replaced.
type Library struct {
	mu      sync.RWMutex
	forms   map[string][]*Form // what counts, by id, oldest version first
	kept    map[record.FormRef]*Form
	retired map[string]bool
	open    func(record.FormRef) (*Form, error)
}

// Load reads the folder "forms" of fsys, one form a file. A file that is not in order keeps no other from
// being used: the library holds all good ones, and the error names each bad one with its file.
func Load(fsys fs.FS) (*Library, error) {
	l := &Library{}
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

// Source finds the file of a form among those that [Load] reads; record.CodeFormUnknown if there is none.
func Source(fsys fs.FS, ref record.FormRef) ([]byte, error) {
	names, err := fs.Glob(fsys, "forms/*.json")
	if err != nil {
		return nil, fmt.Errorf("list forms: %w", err)
	}
	for _, name := range names {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read form: %w", err)
		}
		if f, err := Parse(b); err == nil && f.Ref() == ref {
			return b, nil
		}
	}
	return nil, record.E(record.CodeFormUnknown, nil, "id", ref.ID, "version", ref.Version)
}

// Add puts a form into the library. Another content under the same id and version is refused: a published
// version is never changed.
func (l *Library) Add(f *Form) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, have := range l.forms[f.ID] {
		if record.CompareVersions(have.Version, f.Version) != 0 {
			continue
		}
		if have.Hash == f.Hash {
			return nil
		}
		return invalid("/version", "there is another form %q with the version %s already", f.ID, f.Version)
	}
	l.insert(f)
	return nil
}

// insert puts a form among those that count; the caller has seen to it that its version is free.
func (l *Library) insert(f *Form) {
	if l.forms == nil {
		l.forms = map[string][]*Form{}
	}
	all := append(slices.Clone(l.forms[f.ID]), f)
	slices.SortFunc(all, func(a, b *Form) int { return record.CompareVersions(a.Version, b.Version) })
	l.forms[f.ID] = all
}

// Keep makes a form known to Get only: nobody is offered it, but the cases that were filled with it open.
func (l *Library) Keep(f *Form) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keep(f)
}

func (l *Library) keep(f *Form) {
	if l.kept == nil {
		l.kept = map[record.FormRef]*Form{}
	}
	l.kept[f.Ref()] = f
}

// OpenWith tells where Get finds a form that the library does not hold, such as an old version that only
// few cases still have.
func (l *Library) OpenWith(open func(record.FormRef) (*Form, error)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = open
}

// With makes a library of these forms and more. Where the same version has another content here, the new
// one counts, because the authority has decided so, and the old one is kept for the cases that have it.
func (l *Library) With(more ...*Form) *Library {
	n := l.clone()
	for _, f := range more {
		i := slices.IndexFunc(n.forms[f.ID], func(o *Form) bool { return record.CompareVersions(o.Version, f.Version) == 0 })
		if i >= 0 {
			n.keep(n.forms[f.ID][i])
			n.forms[f.ID] = slices.Delete(slices.Clone(n.forms[f.ID]), i, i+1)
		}
		n.insert(f)
	}
	return n
}

func (l *Library) clone() *Library {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return &Library{forms: maps.Clone(l.forms), kept: maps.Clone(l.kept), retired: maps.Clone(l.retired), open: l.open}
}

// Retire takes forms out of what is offered for new cases. Get still knows every version.
func (l *Library) Retire(ids ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.retired == nil {
		l.retired = map[string]bool{}
	}
	for _, id := range ids {
		l.retired[id] = true
	}
}

// Replace takes over what another library holds, for everybody who uses this one. Where Get finds the
// rest stays as it is.
func (l *Library) Replace(with *Library) {
	n := with.clone()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forms, l.kept, l.retired = n.forms, n.kept, n.retired
}

// All lists the latest version of every form that is offered, by its German title.
func (l *Library) All() []*Form {
	l.mu.RLock()
	defer l.mu.RUnlock()
	var out []*Form
	for id, v := range l.forms {
		if !l.retired[id] {
			out = append(out, v[len(v)-1])
		}
	}
	slices.SortFunc(out, func(a, b *Form) int {
		return cmp.Or(strings.Compare(fold(a.Title.In("de")), fold(b.Title.In("de"))), strings.Compare(a.ID, b.ID))
	})
	return out
}

// Latest returns the newest version of a form for a new case; record.CodeFormUnknown if there is none,
// record.CodeFormRetired if it is no longer offered.
func (l *Library) Latest(id string) (*Form, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	v := l.forms[id]
	switch {
	case len(v) == 0:
		return nil, record.E(record.CodeFormUnknown, nil, "id", id, "version", "")
	case l.retired[id]:
		return nil, record.E(record.CodeFormRetired, nil, "id", id)
	}
	return v[len(v)-1], nil
}

// Get returns exactly the form a case was filled with; record.CodeFormUnknown if it is not here or another
// content carries its version. A reference without a hash is served by id and version.
func (l *Library) Get(ref record.FormRef) (*Form, error) {
	f, open, err := l.held(ref)
	if err == nil || open == nil {
		return f, err
	}
	if f, openErr := open(ref); openErr == nil && f.Ref() == ref {
		l.Keep(f)
		return f, nil
	}
	return nil, err
}

// held finds a form that lies in the library, and tells where else to look.
func (l *Library) held(ref record.FormRef) (*Form, func(record.FormRef) (*Form, error), error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	var cause error
	for _, f := range l.forms[ref.ID] {
		if f.Version != ref.Version {
			continue
		}
		if ref.Hash == "" || ref.Hash == f.Hash {
			return f, nil, nil
		}
		cause = fmt.Errorf("the form here has the hash %s, the case needs %s", f.Hash, ref.Hash)
	}
	if f, ok := l.kept[ref]; ok {
		return f, nil, nil
	}
	return nil, l.open, record.E(record.CodeFormUnknown, cause, "id", ref.ID, "version", ref.Version)
}

// Succeeds tells whether a version may take its place behind those that are here: it is newer than all of
// them, or one of them.
func (l *Library) Succeeds(ref record.FormRef) error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	all := l.forms[ref.ID]
	i := slices.IndexFunc(all, func(f *Form) bool { return record.CompareVersions(f.Version, ref.Version) >= 0 })
	switch {
	case i < 0 || all[i].Hash == ref.Hash:
		return nil
	case record.CompareVersions(all[i].Version, ref.Version) == 0:
		return record.E(record.CodeFormVersionTaken, nil, "id", ref.ID, "version", ref.Version)
	}
	return record.E(record.CodeFormNotNewer, nil, "id", ref.ID, "version", ref.Version, "newest", all[len(all)-1].Version)
}

// Publishable tells whether a form may be given to every desk: nobody has to decide about its rules any more.
func Publishable(f *Form) error {
	if n := len(f.Unresolved()); n > 0 {
		return record.E(record.CodeFormUnresolved, nil, "id", f.ID, "version", f.Version, "count", n)
	}
	return nil
}

// Admit reads the file of a published form and holds it against what was published. A file that is not
// that form is record.CodeFormRefused and must not be used. Who published it could read it, so a file that
// cannot be read is for a newer program: record.CodeFormTooNew.
func Admit(p record.FormRef, file []byte) (*Form, error) {
	f, err := Parse(file)
	if err != nil {
		return nil, record.E(record.CodeFormTooNew, err, "id", p.ID, "version", p.Version)
	}
	err = Publishable(f)
	if f.Ref() != p {
		err = fmt.Errorf("the file holds %v, published was %v", f.Ref(), p)
	}
	if err != nil {
		return nil, record.E(record.CodeFormRefused, err, "id", p.ID, "version", p.Version)
	}
	return f, nil
}
