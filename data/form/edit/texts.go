package edit

import (
	"strings"

	"schalter/data/form"
	"schalter/data/record"
)

// TextKey is one of the texts by language that a form, group, field, proof or rule has.
type TextKey string

// The texts. A form has title and help, a rule text, the others label and help, and a field unit as well.
const (
	KeyTitle TextKey = "title"
	KeyLabel TextKey = "label"
	KeyHelp  TextKey = "help"
	KeyUnit  TextKey = "unit"
	KeyText  TextKey = "text"
)

// must reports whether the text cannot be left out.
func (k TextKey) must() bool { return k == KeyTitle || k == KeyLabel }

// SetText changes a text in all languages of the form; all empty takes it away. One further change of the
// same text is the same step of undo, until Break.
func (d *Doc) SetText(place string, k TextKey, t form.Text) error {
	t, err := d.complete(t, k.must())
	if err != nil {
		return err
	}
	return d.do(place, place+"\x00"+string(k), func(w *work) error {
		o, err := w.at(place)
		if err != nil {
			return err
		}
		w.reword(o, string(k), d.form.Languages, t)
		return nil
	})
}

// reword changes only the languages that say something else, so that the layout stays.
func (w *work) reword(o *node, key string, languages []string, t form.Text) {
	if len(t) == 0 {
		w.set(o, key, nil)
		return
	}
	at := o.start
	if o.get(key) == nil {
		w.set(o, key, w.texts(languages, t))
		return
	}
	for _, l := range languages {
		m := w.objectAt(at).get(key)
		if strings.TrimSpace(m.get(l).str(w.text)) != t[l] {
			w.set(m, l, t[l])
		}
	}
}

// objectAt finds the object that begins at a place of the text.
func (w *work) objectAt(at int) *node {
	n := w.root
	for n.start != at {
		for _, c := range n.nodes {
			if c.start <= at && at < c.end {
				n = c
				break
			}
		}
	}
	return n
}

// complete checks that a text is there in every language of the form, or in none.
func (d *Doc) complete(t form.Text, must bool) (form.Text, error) {
	out := form.Text{}
	missing := ""
	for _, l := range d.form.Languages {
		s := strings.TrimSpace(strings.ToValidUTF8(t[l], ""))
		if s == "" && missing == "" {
			missing = l
		}
		if s != "" {
			out[l] = s
		}
	}
	switch {
	case missing == "":
		return out, nil
	case len(out) == 0 && !must:
		return nil, nil
	case len(out) == 0:
		return nil, record.E(record.CodeEditEmpty, nil)
	}
	return nil, record.E(record.CodeEditLanguage, nil, "language", missing)
}

// Text is a text as it stands, in every language it has.
func (d *Doc) Text(place string, k TextKey) form.Text {
	w := d.view()
	o, err := w.at(place)
	if err != nil {
		return nil
	}
	m := o.get(string(k))
	if m == nil || m.kind != 'o' {
		return nil
	}
	t := form.Text{}
	for i, key := range m.keys {
		t[key.name] = m.nodes[i].str(w.text)
	}
	return t
}

// SetLegal changes the statutes that a form, group, field, proof or rule rests on, one an entry.
func (d *Doc) SetLegal(place string, statutes []string) error {
	var kept []any
	for _, s := range statutes {
		if s = strings.TrimSpace(strings.ToValidUTF8(s, "")); s != "" {
			kept = append(kept, s)
		}
	}
	return d.do(place, place+"\x00legal", func(w *work) error {
		o, err := w.at(place)
		if err != nil {
			return err
		}
		if len(kept) == 0 {
			w.set(o, "legal", nil)
			return nil
		}
		w.set(o, "legal", kept)
		return nil
	})
}

// Legal lists the statutes of a place.
func (d *Doc) Legal(place string) []string {
	w := d.view()
	o, err := w.at(place)
	if err != nil {
		return nil
	}
	return o.get("legal").strs(w.text)
}
