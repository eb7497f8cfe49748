package bundle

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"schalter/data/form"
)

const planFormat = "schalter-bundle/1"

// Plan says of what a bundle is made. In a file it is JSON with these keys and "format": "schalter-bundle/1".
type Plan struct {
	Format    string     `json:"format"`
	ID        string     `json:"id"`
	Version   string     `json:"version"`
	Languages []string   `json:"languages"`
	Title     form.Text  `json:"title"`
	Help      form.Text  `json:"help,omitempty"`
	Legal     form.Legal `json:"legal,omitempty"`
	// Scope is the first group of the interview: it asks which parts are wanted.
	Scope Heading    `json:"scope"`
	Parts []PlanPart `json:"parts"`
	// Last are the groups of the interview ("saal.entgelt") that stand at its end, in this order.
	Last []string `json:"last,omitempty"`
}

// Heading names a group.
type Heading struct {
	Label form.Text `json:"label"`
	Help  form.Text `json:"help,omitempty"`
}

// PlanPart is one service of a bundle.
type PlanPart struct {
	Part  string    `json:"part"`            // short name; begins the names of the part's groups
	Form  string    `json:"form"`            // id of the service's form
	Label form.Text `json:"label,omitempty"` // stands before the headings of the part's groups; none: they stay as they are
	// Headings are other headings for groups of the part's form, which then stand as they are here.
	Headings map[string]form.Text `json:"headings,omitempty"`
	// Ask is the question whether the part is wanted; absent: it always is.
	Ask *Heading `json:"ask,omitempty"`
	// Same leads from a field of the part to the field that gives its answer, of the same part or of an earlier
	// one that is always wanted ("fest.veranstalter/nachname"); and from a proof, "proof:" and its id, to that of
	// an earlier part ("proof:fest.haftpflicht").
	Same map[string]string `json:"same,omitempty"`
}

const scope = "umfang"

type object = map[string]any

// Compose writes the form of a bundle in the native format. file gives the newest form of a service as a
// file. What does not fit together is an error that names the part and the place.
func Compose(plan []byte, file func(id string) ([]byte, error)) ([]byte, error) {
	var p Plan
	dec := json.NewDecoder(bytes.NewReader(plan))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&p); err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	if p.Format != planFormat {
		return nil, fmt.Errorf("plan: expected the format %q", planFormat)
	}
	if len(p.Parts) == 0 {
		return nil, errors.New("plan: no parts")
	}
	c := &composer{plan: &p, forms: map[string]*form.Form{}, answered: map[string]bool{}, acts: map[string]string{}, roles: object{}}
	for _, x := range p.Parts {
		if err := c.part(x, file); err != nil {
			return nil, fmt.Errorf("part %q: %w", x.Part, err)
		}
	}
	if err := c.last(); err != nil {
		return nil, err
	}
	b, err := c.write()
	if err != nil {
		return nil, fmt.Errorf("write bundle: %w", err)
	}
	f, err := form.Parse(b)
	if err != nil {
		return nil, fmt.Errorf("the composed form: %w", err)
	}
	if err := Check(f, func(id string) (*form.Form, error) { return c.forms[id], nil }); err != nil {
		return nil, err
	}
	return b, nil
}

func (c *composer) write() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err := enc.Encode(c.form())
	return b.Bytes(), err
}

// last puts the groups that the plan names at the end.
func (c *composer) last() error {
	for _, name := range c.plan.Last {
		i := slices.IndexFunc(c.groups, func(g any) bool { return asObject(g)["group"] == name })
		if i < 0 {
			return fmt.Errorf("plan: last: there is no group %q in the interview", name)
		}
		g := c.groups[i]
		c.groups = append(slices.Delete(c.groups, i, i+1), g)
	}
	return nil
}

type composer struct {
	plan                        *Plan
	forms                       map[string]*form.Form
	asks, groups, proofs, parts []any
	rules                       []any
	lists, roles                object
	answered                    map[string]bool   // paths of the interview, and "proof:" with ids, that exist already
	acts                        map[string]string // ids of the rules there are, by what they do
}

func (c *composer) form() object {
	out := object{
		"format": "schalter-form/1", "id": c.plan.ID, "version": c.plan.Version, "languages": c.plan.Languages,
		"title": c.plan.Title, "groups": c.groups, "rules": c.rules, "parts": c.parts,
	}
	if len(c.asks) > 0 {
		g := object{"group": scope, "label": c.plan.Scope.Label, "items": c.asks}
		put(g, "help", c.plan.Scope.Help)
		out["groups"] = append([]any{g}, c.groups...)
	}
	put(out, "help", c.plan.Help)
	put(out, "legal", c.plan.Legal)
	put(out, "proofs", c.proofs)
	put(out, "lists", c.lists)
	put(out, "roles", c.roles)
	return out
}

// put sets a key that has something to say.
func put[T form.Text | form.Legal | []any | object](o object, key string, v T) {
	if len(v) > 0 {
		o[key] = v
	}
}

func (c *composer) part(x PlanPart, file func(string) ([]byte, error)) error {
	b, err := file(x.Form)
	if err != nil {
		return err
	}
	f, err := form.Parse(b)
	if err != nil {
		return fmt.Errorf("form %q: %w", x.Form, err)
	}
	var src object
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	if err := dec.Decode(&src); err != nil {
		return fmt.Errorf("form %q: %w", x.Form, err)
	}
	c.forms[f.ID] = f
	m := &moved{composer: c, plan: x, form: f, lead: leads{answers: object{}, proofs: object{}, rules: object{}}}
	if x.Ask != nil {
		m.wanted = object{"field": scope + "/" + x.Part}
		ask := object{"field": x.Part, "type": "boolean", "label": x.Ask.Label, "required": true, "width": 4}
		put(ask, "help", x.Ask.Help)
		c.asks = append(c.asks, ask)
	}
	return m.move(src)
}

func (c *composer) list(name string, v any) {
	if c.lists == nil {
		c.lists = object{}
	}
	c.lists[name] = v
}

func (c *composer) exists(path string) bool { return c.answered[path] }

func (c *composer) exist(path string) { c.answered[path] = true }

func isProof(target string) (string, bool) { return strings.CutPrefix(target, "proof:") }
