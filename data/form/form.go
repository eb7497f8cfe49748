package form

import (
	"strings"

	"schalter/data/record"
)

// Text is a sentence or label by language ("de", "en", …).
type Text map[string]string

// In returns the text in a language, else in German, else in any language, else "".
func (t Text) In(lang string) string {
	if s := t[lang]; s != "" {
		return s
	}
	if s := t["de"]; s != "" {
		return s
	}
	best := ""
	for l, s := range t {
		if s != "" && (best == "" || l < best) {
			best = l
		}
	}
	return t[best]
}

// Legal names the statutes a form or field rests on, e.g. "§ 16 HStrG".
type Legal []string

// String joins the statutes for one line.
func (l Legal) String() string { return strings.Join(l, " · ") }

// Form is one version of a service's form: a tree of groups and fields, the proofs it asks for and the
// rules between them. It is never changed after it was loaded and may be used by many goroutines.
type Form struct {
	ID        string // "hundesteuer-anmelden"
	Version   string // "1.0.0": numbers and dots
	Hash      record.Hash
	Title     Text
	Help      Text
	Legal     Legal
	Languages []string // every label exists in each of them; the first is always "de"
	Origin    string   // identity where the form was imported from, e.g. a FIM schema's urn
	Groups    []*Group // top level; also the units that merge (record.GroupOf)
	Proofs    []*Proof
	Roles     map[record.Role]string
	Rules     []*Rule // in file order, also those kept as "unresolved"
	Decided   []Decision
	Parts     []*Part // of a bundle: the cases it makes

	fields []*Field
	items  map[string]Item // by definition path
	proofs map[string]*Proof
	plan   *plan
}

// Item is one place in a group: a field or a further group, never both.
type Item struct {
	Field *Field
	Group *Group
}

// Group is what belongs together, such as an address. Groups nest.
type Group struct {
	Path   string // definition path: "halter/anschrift"
	Name   string // last part of Path
	Label  Text
	Help   Text
	Legal  Legal
	Origin string
	Repeat *Repeat // nil: exactly once
	Items  []Item  // in the order of the page

	parent *Group
	index  int // place among the parent's items, or the form's groups
}

// Repeat is the cardinality of a group or field that may occur several times. Paths of its rows carry a
// number from 1: "stand[2]/flaeche".
type Repeat struct {
	Min int // rows that are always there
	Max int // 0: as many as wanted, up to [MaxRows]
}

// Fields are the fields directly in the group.
func (g *Group) Fields() []*Field {
	var out []*Field
	for _, it := range g.Items {
		if it.Field != nil {
			out = append(out, it.Field)
		}
	}
	return out
}

// Groups are the groups directly in the group.
func (g *Group) Groups() []*Group {
	var out []*Group
	for _, it := range g.Items {
		if it.Group != nil {
			out = append(out, it.Group)
		}
	}
	return out
}

// Field is one question.
type Field struct {
	Path      string // definition path: "hund/chip"; the same as the instance path where nothing repeats
	Name      string // last part of Path
	Type      Type
	Label     Text
	Help      Text
	Legal     Legal
	Unit      Text   // "Stück", "cm"; shown after the entry
	Origin    string // identity where the field was imported from, e.g. "F60000227 1.2"
	Width     int    // columns of 12; 1 to 12
	Lines     int    // height of a multiline entry in lines, else 1
	Required  bool   // by itself; rules may require it as well
	MinLength int    // characters, 0: no limit
	MaxLength int    // characters; always set for text
	Decimals  int    // digits after the comma of decimal and money
	Min, Max  string // as written in the file: number, date or "today-16y"; "" for none
	Pattern   string // RE2, whole text
	Default   string // typed into a new form and a new row
	Example   string // shown in the empty entry
	Within    string // definition path of the choice that narrows this one's list
	Repeat    *Repeat
	// Internal marks a calculated field that only other rules read; it is never on the page.
	Internal bool
	// ToConfirm marks an amount or period that is an example and that the municipality has to confirm;
	// the screen says so.
	ToConfirm bool

	list        *list
	patternText Text
	parent      *Group
	index       int
	calc        bool
	limits      limits
}

// Choices are the answers of a choice or multichoice, in the order of the list. The slice must not be changed.
func (f *Field) Choices() []Choice {
	if f.list == nil {
		return nil
	}
	return f.list.choices
}

// Calculated reports whether a rule fills the field; nobody can type into it.
func (f *Field) Calculated() bool { return f.calc }

// Choice is one answer of a list.
type Choice struct {
	Code   string
	Label  Text
	Within string // code of the narrowing choice under which this one is offered; "" for always
}

// Proof is a document the service asks for. Whether it is asked for and must be there follows from the rules.
type Proof struct {
	ID       string
	Label    Text
	Help     Text
	Legal    Legal
	Required bool // by itself; rules may require it as well
}

// Ref pins this version of the form.
func (f *Form) Ref() record.FormRef {
	return record.FormRef{ID: f.ID, Version: f.Version, Hash: f.Hash}
}

// Fields lists every field in the order of the page. The slice must not be changed.
func (f *Form) Fields() []*Field { return f.fields }

// Field returns the field at a path; row numbers are ignored, so instance paths work too. Nil if there is none.
func (f *Form) Field(path string) *Field { return f.items[DefinitionPath(path)].Field }

// Group returns the group at a path; row numbers are ignored. Nil if there is none.
func (f *Form) Group(path string) *Group { return f.items[DefinitionPath(path)].Group }

// Proof returns the proof with the id, or nil.
func (f *Form) Proof(id string) *Proof { return f.proofs[id] }

// ToConfirm reports whether the form shows amounts or periods that the municipality has not confirmed.
func (f *Form) ToConfirm() bool {
	for _, x := range f.fields {
		if x.ToConfirm {
			return true
		}
	}
	return false
}

// Unresolved lists the rules an importer could not translate. A form that has any can be tried but must
// not be published.
func (f *Form) Unresolved() []*Rule {
	var out []*Rule
	for _, r := range f.Rules {
		if r.Kind == RuleUnresolved {
			out = append(out, r)
		}
	}
	return out
}

// DefinitionPath removes the row numbers of an instance path: "stand[2]/flaeche" becomes "stand/flaeche".
func DefinitionPath(path string) string {
	if strings.IndexByte(path, '[') < 0 {
		return path
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(path, '[')
		if i < 0 {
			break
		}
		j := strings.IndexByte(path[i:], ']')
		if j < 0 {
			break
		}
		b.WriteString(path[:i])
		path = path[i+j+1:]
	}
	b.WriteString(path)
	return b.String()
}
