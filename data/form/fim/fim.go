package fim

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"schalter/data/form"
	"schalter/data/form/imported"
	"schalter/data/record"
)

// Options are what a schema does not say itself.
type Options struct {
	Lists *Lists // code lists that the schema refers to; nil for none
	// Land is the office's own Land in two small letters ("he"). Rules that differ by Land are translated for
	// it; without it they stay unresolved.
	Land string
	// FreeText decides that keys of code lists that are not in Lists are typed as text. Without it such a
	// field keeps the form from being published.
	FreeText bool

	name  string
	names map[string]int
}

// Import reads one schema. name is the file's, for messages. A file that is not in order gives a
// *record.Error with file, line and element.
func Import(r io.Reader, name string, o Options) (*imported.Result, error) {
	o.name, o.names = name, map[string]int{}
	s, err := newReader(r, name).message()
	if err != nil {
		return nil, err
	}
	version := cmp.Or(s.version, "0")
	if !versionForm.MatchString(version) {
		return nil, record.E(record.CodeFIMValue, nil, "file", name, "line", s.line, "element", "version", "value", version)
	}
	b := &builder{
		options: o, lists: map[string]string{}, offered: map[string]bool{}, called: map[string][]string{},
		form: &nativeForm{
			Format: "schalter-form/1", ID: s.id, Version: version, Title: text{or(s.label, s.title())}, Help: optional(s.help),
			Legal: legal(s.legal, nil), Origin: origin(&s.element), Lists: map[string]*nativeList{},
		},
	}
	if err := b.tree(s); err != nil {
		return nil, err
	}
	counts, open := b.rules()
	b.form.Roles = b.roles()
	out, err := b.form.bytes()
	if err != nil {
		return nil, fmt.Errorf("write the form: %w", err)
	}
	if _, err := form.Parse(out); err != nil {
		return nil, err // what the native format cannot hold; the error names the place
	}
	return &imported.Result{JSON: out, Report: imported.Report{
		File: name, ID: b.form.ID, Version: version, Title: b.form.Title.DE, Fields: b.fields, Groups: b.groups,
		Codelists: len(b.offered), Rules: counts, Open: open, Notes: b.notes,
	}}, nil
}

var versionForm = regexp.MustCompile(`^[0-9]{1,9}(\.[0-9]{1,9}){0,3}$`)

// roles are what some fields of the FIM building blocks mean to the program. They are given only where a
// form asks for one person and one address: whose answers the others are, no schema says.
func (b *builder) roles() map[string]string {
	found := map[string]string{}
	times := map[string]int{}
	for _, n := range b.root.all() {
		role := meanings[n.e.id]
		if role == "" || n.parent == nil || !n.answerable() {
			continue
		}
		times[role]++
		if len(n.chain()) == 0 {
			found[role] = n.path
		}
	}
	for role := range found {
		if times[role] > 1 {
			delete(found, role)
		}
	}
	named := found["party.organisation"]
	if named == "" {
		named = found["party.family"]
	}
	for role, path := range found {
		if record.GroupOf(path) != record.GroupOf(named) || b.apart(path, named) { // the address of somebody else
			delete(found, role)
		}
	}
	return found
}

// apart tells whether a field is asked only under a condition that the party's name is free of: then it
// belongs to somebody or something else.
func (b *builder) apart(path, named string) bool {
	return slices.ContainsFunc(b.form.Rules, func(r nativeRule) bool {
		return r.Do == "show" && slices.ContainsFunc(r.On, func(on string) bool {
			return strings.HasPrefix(path+"/", on+"/") && !strings.HasPrefix(named+"/", on+"/")
		})
	})
}

// meanings are fields of the building blocks of the federal editor.
var meanings = map[string]string{
	"F60000000319": "party.organisation", "F60000000227": "party.family", "F60000000228": "party.given", "F60000000243": "party.street", "F60000000244": "party.house",
	"F60000000246": "party.postcode", "F60000000247": "party.town", "F60000000240": "party.phone", "F60000000242": "party.email",
}

// Kind is what an XML file holds.
type Kind int

// The kinds of file.
const (
	KindOther Kind = iota
	KindSchema
	KindList
)

// Sniff looks at the root element. A file that is no XML, or ends before it, is KindOther.
func Sniff(r io.Reader) Kind {
	x := newReader(r, "")
	err := x.open()
	switch {
	case err != nil && isDoctype(err):
		return KindSchema // so that the refusal is told
	case err != nil:
		return KindOther
	case x.root.name == "CodeList":
		return KindList
	}
	return KindSchema
}

func isDoctype(err error) bool {
	e, ok := errors.AsType[*record.Error](err)
	return ok && (e.Code == record.CodeFIMDoctype || e.Code == record.CodeFIMEncoding)
}
