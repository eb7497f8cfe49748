package fim

// schema is what a file says, before it becomes a form.
type schema struct {
	element

	label string // bezeichnung
	help  string
}

// element is a schema, group or field of the standard.
type element struct {
	id, version string
	name        string // for the authors
	labels      []string
	help        []string
	legal       []string
	rules       []*rule
	items       []*place
	field       *field // nil for groups
	exclusive   bool   // a group of which one child is chosen (art "X")
	line        int
}

// field is what only fields have.
type field struct {
	art     string // input, select, label, hidden, locked
	typ     string // text, num_int, …
	limits  map[string]string
	note    string // words in the Präzisierung
	content string
	values  []choice
	list    *listRef
	media   []string
	maxSize string
}

// listRef names a code list that stands elsewhere.
type listRef struct {
	urn, version string
	key, label   string // columns to take, where the field names them
	line         int
}

type choice struct{ code, label, help string }

// place is where an element stands in another one.
type place struct {
	min, max int // max 0: without limit
	legal    []string
	element  *element
	line     int
}

// rule is a rule at one place.
type rule struct {
	id, version string
	name        string
	text        string // the prose; what there is of a script or definition where it is missing
	prose       bool
	line        int
}

// title is the name for people.
func (e *element) title() string {
	for _, l := range e.labels {
		if l != "" {
			return l
		}
	}
	return or(e.name, e.id)
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
