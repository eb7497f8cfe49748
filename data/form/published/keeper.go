// Package published keeps a desk's library of forms in step with what the authority has published.
//
// It is for the desk's wiring, which gives [Keeper.Library] to the screens and lets [Keeper.Follow] run as
// long as the store is open.
//
// It promises that a form is offered as soon as its file is here and was found to be the one that was
// published, without a restart, one that this desk has published as soon as the centre has taken it; that a file which is not is never used and is said as [Keeper.Trouble]; that
// every case finds the version it was filled with, also one that is withdrawn, clashes or was refused; and
// that only the forms that are offered are held in memory all the time.
//
// It never writes anything, and never decides about publishing.
package published

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"sync"

	"schalter/data/form"
	"schalter/data/record"
)

// Source tells what was published; a desk's store is one.
type Source interface {
	Forms(ctx context.Context) ([]record.FormRow, error)
	Watch() (changed <-chan struct{}, stop func())
}

// Files holds the forms' files; a desk's blob store is one.
type Files interface {
	ReadAll(h record.Hash, limit int64) ([]byte, error)
}

// Keeper keeps a library. Many goroutines may use it.
type Keeper struct {
	builtin *form.Library
	live    *form.Library
	source  Source
	files   Files
	// Told is called, on any goroutine, after the library or the trouble has changed; set it before
	// [Keeper.Follow]. It may be nil.
	Told func()
	// Want is called for a file that has not come yet, likewise.
	Want func(record.Hash)

	mu      sync.Mutex
	rows    []record.FormRow
	trouble *record.Error

	loading sync.Mutex
	loaded  []record.FormRow // what the library was made of
	whole   bool             // all of it could be read
	parsed  map[record.FormRef]*form.Form
}

// New makes a keeper whose library holds the built-in forms, and reads what was published. The published
// forms are offered once [Keeper.Follow] has loaded them; cases find theirs at once.
func New(ctx context.Context, builtin *form.Library, source Source, files Files) (*Keeper, error) {
	k := &Keeper{builtin: builtin, live: builtin.With(), source: source, files: files, parsed: map[record.FormRef]*form.Form{}}
	rows, err := source.Forms(ctx)
	if err != nil {
		return nil, err
	}
	k.rows = rows
	k.live.OpenWith(k.open)
	k.live.Retire(retired(rows, func(r record.FormRow) bool { return r.Here })...)
	return k, nil
}

// Library is what the screens use; it stays the same while its content changes.
func (k *Keeper) Library() *form.Library { return k.live }

// Trouble says which published form cannot be used, nil if all can.
func (k *Keeper) Trouble() *record.Error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.trouble
}

// Follow keeps the library in step until ctx ends.
func (k *Keeper) Follow(ctx context.Context) {
	changed, stop := k.source.Watch()
	defer stop()
	for ctx.Err() == nil {
		// What cannot be read now is tried again with the store's next change; until then all is as it was.
		_ = k.Refresh(ctx)
		select {
		case _, open := <-changed:
			if !open {
				return
			}
		case <-ctx.Done():
		}
	}
}

// Refresh brings the library to what is published now.
func (k *Keeper) Refresh(ctx context.Context) error {
	k.loading.Lock()
	defer k.loading.Unlock()
	rows, err := k.source.Forms(ctx)
	same := reflect.DeepEqual(rows, k.loaded)
	if err != nil || same && k.whole {
		return err
	}
	k.mu.Lock()
	k.rows = rows
	k.mu.Unlock()
	l := loader{keeper: k, parsed: map[record.FormRef]*form.Form{}}
	l.load(rows)
	next := k.builtin.With(l.forms...)
	next.Retire(retired(rows, func(r record.FormRow) bool { return l.parsed[r.Form] != nil })...)
	k.live.Replace(next)
	k.parsed, k.loaded, k.whole = l.parsed, rows, l.unread == nil
	k.mu.Lock()
	k.trouble = l.trouble
	k.mu.Unlock()
	if k.Told != nil && !same {
		k.Told()
	}
	return l.unread
}

// retired names the forms of which a version is withdrawn and no newer one can be used here: what was
// withdrawn is not offered again while the file of its successor is on its way.
func retired(rows []record.FormRow, usable func(record.FormRow) bool) (out []string) {
	for i, r := range rows {
		if r.Retired && counts(r) && !slices.ContainsFunc(rows[i+1:], func(o record.FormRow) bool {
			return o.Form.ID == r.Form.ID && counts(o) && usable(o)
		}) {
			out = append(out, r.Form.ID)
		}
	}
	return out
}

// counts tells whether a version is one of the authority's, and not only kept for the cases that have it.
func counts(r record.FormRow) bool {
	return r.Delivery != record.DeliveryRejected && r.Delivery != record.DeliveryConflict
}

// loader gathers the forms to offer: of each, the newest version that is here and in order.
type loader struct {
	keeper  *Keeper
	forms   []*form.Form
	parsed  map[record.FormRef]*form.Form
	trouble *record.Error
	unread  error // a file that is here and could not be read
}

func (l *loader) load(rows []record.FormRow) {
	have := map[string]bool{}
	for _, r := range slices.Backward(rows) {
		if !counts(r) {
			continue
		}
		if !r.Here {
			if l.keeper.Want != nil {
				l.keeper.Want(r.File.Hash)
			}
			continue
		}
		if have[r.Form.ID] || r.Pending && !r.Retired {
			continue
		}
		f, err := l.form(r)
		if err != nil {
			l.fail(err)
			continue
		}
		have[r.Form.ID] = true
		l.parsed[r.Form] = f
		l.forms = append(l.forms, f)
	}
}

func (l *loader) form(r record.FormRow) (*form.Form, error) {
	if f := l.keeper.parsed[r.Form]; f != nil {
		return f, nil
	}
	return l.keeper.read(r)
}

func (l *loader) fail(err error) {
	var e *record.Error
	switch code := record.CodeOf(err); {
	case code == record.CodeBlobMissing:
	case (code == record.CodeFormRefused || code == record.CodeFormTooNew) && errors.As(err, &e):
		if l.trouble == nil || l.trouble.Code == record.CodeFormTooNew { // refused is worse than too new
			l.trouble = e
		}
	default:
		l.unread = errors.Join(l.unread, err)
	}
}

// read reads a form's file and holds it against what was published.
func (k *Keeper) read(r record.FormRow) (*form.Form, error) {
	b, err := k.files.ReadAll(r.File.Hash, record.MaxFormFile)
	if err != nil {
		return nil, err
	}
	return form.Admit(r.Form, b)
}

// open finds a version that the library does not hold.
func (k *Keeper) open(ref record.FormRef) (*form.Form, error) {
	k.mu.Lock()
	rows := k.rows
	k.mu.Unlock()
	i := slices.IndexFunc(rows, func(r record.FormRow) bool { return r.Form == ref })
	if i < 0 {
		return nil, record.E(record.CodeFormUnknown, nil, "id", ref.ID, "version", ref.Version)
	}
	return k.read(rows[i])
}
