package form

import (
	"bytes"

	"schalter/data/record"
)

// Parse reads a form in the native format (FORMAT.md). Whatever is wrong with it is a
// record.CodeFormInvalid error whose arguments "path" (a JSON pointer) and "reason" say where and what.
func Parse(b []byte) (*Form, error) {
	root, err := readJSON(b)
	if err != nil {
		return nil, err
	}
	f := &Form{
		items: map[string]Item{}, proofs: map[string]*Proof{}, Roles: map[record.Role]string{}, plan: &plan{},
	}
	d := &decoder{form: f, lists: map[string]*list{}, rules: map[string]bool{}}
	if err := d.decode(root); err != nil {
		return nil, err
	}
	if err := f.order(); err != nil {
		return nil, err
	}
	var c bytes.Buffer
	root.canonical(&c)
	f.Hash = record.HashOf(c.Bytes())
	return f, nil
}
