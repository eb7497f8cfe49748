package formview

import "schalter/data/form"

// Model is what the view shows and tells about. It belongs to the window's goroutine.
type Model interface {
	Form() *form.Form
	// Places are the groups and fields in the order of the page, rows of repeats included.
	Places() []form.Place
	Field(path string) Field
	GroupVisible(path string) bool
	// Match lists what a list offers now for a typed text, best first.
	Match(path, typed string, limit int) []form.Choice

	Type(path, text string)
	Enter(path string) // the cursor is in the field
	Leave(path string) // it is not any more
	Undo(path string) bool
	Redo(path string) bool
	// Override gives the reason why a warning does not apply; "" takes it back.
	Override(rule, reason string)
	AddRow(path string) // of the repeated group or field as a whole
	RemoveRow(path string, row int)
}

// Mover is a model whose rows can be put into another order.
type Mover interface {
	MoveRow(path string, from, to int)
}

// Keeper is a model with papers, such as scanned pages, that fields of the type file can name.
type Keeper interface {
	Papers() []Paper
}

// Paper is one of them.
type Paper struct{ ID, Title string }

// Field is how a field stands.
type Field struct {
	Visible, Required, ReadOnly bool
	Text                        string // as it stands in the field
	Value                       string // canonical; "" while it is not understood
	Error                       string // "" while nothing is wrong or nothing is to be said yet
	Warnings                    []Warning
}

// Warning is something that is probably wrong and may be right all the same.
type Warning struct {
	Rule   string
	Text   string
	Reason string // why it is right; "" while open
}

// sameShape reports whether two states need the same room.
func (f Field) sameShape(g Field) bool {
	if f.Visible != g.Visible || f.Required != g.Required || f.ReadOnly != g.ReadOnly || f.Error != g.Error || len(f.Warnings) != len(g.Warnings) {
		return false
	}
	for i := range f.Warnings {
		if f.Warnings[i] != g.Warnings[i] {
			return false
		}
	}
	return true
}
