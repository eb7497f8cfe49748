// Package imported is what an importer of forms gives back, whatever it read: the form in the native
// format and a report of what became of it.
//
// It promises that a report accounts for everything: each rule of the source is counted as translated or
// as unresolved, and what the native form says in another way than its source is named in Notes.
//
// It never reads or writes anything itself.
package imported

import (
	"errors"
	"strings"

	"schalter/data/record"
)

// Result is one imported form.
type Result struct {
	JSON   []byte // native format; the same source gives the same bytes, and form.Parse reads them
	Report Report
}

// Report is what an administrator is told about one file.
type Report struct {
	File      string // name of the source, without its folder
	ID        string // of the native form
	Version   string // of the native form
	Title     string // German
	Fields    int    // by place: a field that stands in two groups counts twice
	Groups    int    // by place
	Codelists int    // different lists that the form offers
	Rules     Rules
	Open      []Open          // the rules that nobody has decided about, in the order of the source
	Notes     []*record.Error // what is worth a look, though nothing is lost
}

// Rules counts rules by place: one that the source attaches to three groups counts three times.
// Total is the sum of the other two.
type Rules struct {
	Total      int
	Translated int
	Unresolved int
}

// Open is one rule that could not be translated. It stands in the form as "unresolved".
type Open struct {
	Rule string // id in the native form
	On   string // where it is attached: a path, or "" for the whole form
	Text string // as the source words it
	Why  string // what was in doubt, for logs
}

// Faults is why a file was refused: at least one error, each with its own place and in the order of the
// file. It is an error; errors.As finds the first *record.Error in it.
type Faults []*record.Error

func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, e := range f {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "; ")
}

// Unwrap gives the errors one by one.
func (f Faults) Unwrap() []error {
	out := make([]error, len(f))
	for i, e := range f {
		out[i] = e
	}
	return out
}

// Split lists the errors that an importer returned, to be shown one a line. An error of another kind is
// one [record.CodeInternal].
func Split(err error) []*record.Error {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[Faults](err); ok {
		return f
	}
	if e, ok := errors.AsType[*record.Error](err); ok {
		return []*record.Error{e}
	}
	return []*record.Error{record.E(record.CodeInternal, err)}
}
