package edit

import (
	"slices"
	"strconv"
	"strings"

	"schalter/data/form"
	"schalter/data/record"
)

// Types are the types that a field can be added with, those one needs most first.
var Types = []form.Type{
	form.TypeText, form.TypeMultiline, form.TypeBoolean, form.TypeChoice, form.TypeMulti, form.TypeDate, form.TypeInteger, form.TypeDecimal,
	form.TypeMoney, form.TypeTime, form.TypeMonth, form.TypeNote, form.TypePhone, form.TypeEmail, form.TypePostcode, form.TypeIBAN,
	form.TypeBIC, form.TypePlate, form.TypeChip, form.TypeParcel, form.TypeTaxID, form.TypeAGS, form.TypeCreditor, form.TypeSignature, form.TypeFile,
}

// AddField puts a new field behind a neighbour (a field or group; a group given as inside takes it at its end)
// and gives its path. Its name is made of the German label and stays for ever. choices are the first answers of a
// choice, which has at least one.
func (d *Doc) AddField(behind string, inside bool, t form.Type, label form.Text, choices []form.Text) (string, error) {
	label, err := d.complete(label, true)
	if err != nil {
		return "", err
	}
	path := ""
	err = d.do("", "", func(w *work) error {
		list, i, group, err := w.spot(behind, inside)
		if err != nil {
			return err
		}
		name := w.free(label["de"], func(n string) bool { _, taken := w.items[join(group, n)]; return taken })
		path = join(group, name)
		v := object{{"field", name}, {"type", string(t)}, {"label", w.texts(d.form.Languages, label)}}
		if t.Listed() {
			c, err := d.newChoices(w, choices)
			if err != nil {
				return err
			}
			v = append(v, member{"choices", c})
		}
		w.insert(list, i, "", v)
		return nil
	})
	if err != nil {
		return "", err
	}
	d.undo[len(d.undo)-1].place = path
	return path, nil
}

func (d *Doc) newChoices(w *work, labels []form.Text) ([]any, error) {
	var out []any
	seen := map[string]bool{}
	for _, l := range labels {
		l, err := d.complete(l, true)
		if err != nil {
			return nil, err
		}
		code := w.free(l["de"], func(c string) bool { return seen[c] })
		seen[code] = true
		out = append(out, object{{"code", code}, {"label", w.texts(d.form.Languages, l)}})
	}
	return out, nil
}

// spot finds the list a new field or group comes into, where in it, and the path of the group it is in.
func (w *work) spot(behind string, inside bool) (list *node, i int, group string, err error) {
	s, ok := w.items[behind]
	if !ok {
		return nil, 0, "", gone(behind)
	}
	if inside {
		items, err := w.itemsOf(behind)
		if err != nil {
			return nil, 0, "", err
		}
		return items, len(items.nodes), behind, nil
	}
	group, _, _ = cutLast(behind)
	return s.list, s.i + 1, group, nil
}

func cutLast(path string) (group, name string, nested bool) {
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return path[:i], path[i+1:], true
	}
	return "", path, false
}

// AddGroup puts a new group behind a group or field, and into it a first field of text, because no group is
// empty. It gives the group's path.
func (d *Doc) AddGroup(behind string, label, first form.Text) (string, error) {
	label, err := d.complete(label, true)
	if err != nil {
		return "", err
	}
	if first, err = d.complete(first, true); err != nil {
		return "", err
	}
	path := ""
	err = d.do("", "", func(w *work) error {
		list, i, group, err := w.spot(behind, false)
		if err != nil {
			return err
		}
		name := w.free(label["de"], func(n string) bool { _, taken := w.items[join(group, n)]; return taken })
		path = join(group, name)
		field := object{
			{"field", w.free(first["de"], func(string) bool { return false })},
			{"type", string(form.TypeText)},
			{"label", w.texts(d.form.Languages, first)},
		}
		w.insert(list, i, "", object{{"group", name}, {"label", w.texts(d.form.Languages, label)}, {"items", []any{field}}})
		return nil
	})
	if err != nil {
		return "", err
	}
	d.undo[len(d.undo)-1].place = path
	return path, nil
}

// AddProof puts a new proof at the end and gives its place.
func (d *Doc) AddProof(label form.Text) (string, error) {
	label, err := d.complete(label, true)
	if err != nil {
		return "", err
	}
	place := ""
	err = d.do("", "", func(w *work) error {
		id := w.free(label["de"], func(n string) bool { _, taken := w.proofs[n]; return taken })
		place = ProofPlace + id
		l := w.optional("proofs")
		w.insert(l, len(l.nodes), "", object{{"proof", id}, {"label", w.texts(d.form.Languages, label)}})
		return nil
	})
	if err != nil {
		return "", err
	}
	d.undo[len(d.undo)-1].place = place
	return place, nil
}

// folding writes what a name cannot hold in letters that it can.
var folding = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "é", "e", "è", "e", "á", "a", "ç", "c", "ı", "i", "ş", "s", "ğ", "g")

const maxName = 40

// free makes a name out of a label that nothing else has.
func (w *work) free(label string, taken func(string) bool) string {
	var b strings.Builder
	for _, r := range folding.Replace(strings.ToLower(label)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
		if b.Len() >= maxName {
			break
		}
	}
	name := strings.Trim(b.String(), "_")
	if name == "" {
		name = "x"
	}
	out := name
	for n := 2; taken(out); n++ {
		out = name + "_" + strconv.Itoa(n)
	}
	return out
}

// choices is the list of choices of a field: its own, or one that fields share.
func (w *work) choices(path string) (*node, error) {
	s, ok := w.items[path]
	if !ok {
		return nil, gone(path)
	}
	if own := s.node().get("choices"); own != nil {
		return own, nil
	}
	if l := w.root.get("lists").get(s.node().get("list").str(w.text)); l != nil {
		return l.get("choices"), nil
	}
	return nil, gone(path)
}

func (w *work) choice(path, code string) (slot, error) {
	l, err := w.choices(path)
	if err != nil {
		return slot{}, err
	}
	i := slices.IndexFunc(l.nodes, func(n *node) bool { return n.get("code").str(w.text) == code })
	if i < 0 {
		return slot{}, gone(path + " " + code)
	}
	return slot{l, i}, nil
}

// Sharing lists the other fields that offer the same list as a field: a change of its choices is theirs, too.
func (d *Doc) Sharing(path string) []string {
	w := d.view()
	name := ""
	if s, ok := w.items[path]; ok {
		name = s.node().get("list").str(w.text)
	}
	var out []string
	for _, f := range d.form.Fields() {
		if f.Path != path && name != "" && w.items[f.Path].node().get("list").str(w.text) == name {
			out = append(out, f.Path)
		}
	}
	return out
}

// AddChoice puts a choice at the end of a field's list and gives its code, which stays for ever.
func (d *Doc) AddChoice(path string, label form.Text) (string, error) {
	label, err := d.complete(label, true)
	if err != nil {
		return "", err
	}
	code := ""
	err = d.do(path, "", func(w *work) error {
		l, err := w.choices(path)
		if err != nil {
			return err
		}
		code = w.free(label["de"], func(c string) bool {
			return slices.ContainsFunc(l.nodes, func(n *node) bool { return n.get("code").str(w.text) == c })
		})
		w.insert(l, len(l.nodes), "", object{{"code", code}, {"label", w.texts(d.form.Languages, label)}})
		return nil
	})
	return code, err
}

// SetChoice changes the label of a choice.
func (d *Doc) SetChoice(path, code string, label form.Text) error {
	label, err := d.complete(label, true)
	if err != nil {
		return err
	}
	return d.do(path, path+"\x00choice\x00"+code, func(w *work) error {
		s, err := w.choice(path, code)
		if err != nil {
			return err
		}
		w.reword(s.node(), "label", d.form.Languages, label)
		return nil
	})
}

// MoveChoice puts a choice before or behind its neighbour.
func (d *Doc) MoveChoice(path, code string, down bool) error {
	return d.do(path, "", func(w *work) error {
		s, err := w.choice(path, code)
		if err == nil {
			w.step(s, down)
		}
		return err
	})
}

// RemoveChoice takes a choice out. One that a rule asks for, that a default names or that narrows another list
// is refused.
func (d *Doc) RemoveChoice(path, code string) error {
	return d.do(path, "", func(w *work) error {
		s, err := w.choice(path, code)
		switch {
		case err != nil:
			return err
		case len(s.list.nodes) == 1:
			return record.E(record.CodeEditLast, nil)
		}
		if n := len(d.ChoiceUses(path, code)); n > 0 {
			return record.E(record.CodeEditUsed, nil, "name", code, "count", n)
		}
		w.cut(s.list, s.i)
		return nil
	})
}

// ChoiceUses lists the rules that ask for a choice, of a field or of one that offers the same list.
func (d *Doc) ChoiceUses(path, code string) []string {
	w := d.view()
	fields := append(d.Sharing(path), path)
	var out []string
	for _, r := range d.form.Rules {
		n := w.rules[r.ID].node()
		hit := false
		n.walk(func(n *node) { hit = hit || w.asks(n, fields, code) })
		if hit {
			out = append(out, r.ID)
		}
	}
	return out
}

// asks reports whether an operator compares one of the fields with a code.
func (w *work) asks(n *node, fields []string, code string) bool {
	if len(n.keys) != 1 || n.keys[0].name != "equal" && n.keys[0].name != "in" || len(n.nodes[0].nodes) != 2 {
		return false
	}
	args := n.nodes[0].nodes
	for i, a := range args {
		if slices.Contains(fields, a.get("field").str(w.text)) {
			other := args[1-i]
			return other.str(w.text) == code || other.kind == 'a' && slices.Contains(other.strs(w.text), code)
		}
	}
	return false
}
