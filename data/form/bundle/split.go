package bundle

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"schalter/data/form"
	"schalter/data/record"
)

// Case is what one part of a bundle becomes.
type Case struct {
	Part      string
	Form      *form.Form
	Values    record.Values
	Reasons   map[string]string // by Problem.Rule, as form.Session takes them
	Documents []record.Document // with the proofs of the part's form
	// Problems are what the part's own form finds, at the interview's paths; none once the interview is in order.
	Problems []form.Problem
}

// Check holds a bundle against the forms of its parts: each is here in the version that is named, each of
// its fields is asked for by one of the same type that repeats alike, each proof has its place.
func Check(f *form.Form, latest func(id string) (*form.Form, error)) error {
	for _, p := range f.Parts {
		part, err := latest(p.Form.ID)
		if err != nil {
			return fmt.Errorf("part %q: %w", p.Name, err)
		}
		if err := check(f, p, part); err != nil {
			return record.E(record.CodeFormInvalid, nil, "path", "/parts ("+p.Name+")", "reason", err.Error())
		}
	}
	return nil
}

func check(f *form.Form, p *form.Part, part *form.Form) error {
	if part.Ref() != p.Form {
		return fmt.Errorf("it names the form %s %s, here is %s", p.Form.ID, p.Form.Version, part.Version)
	}
	for _, x := range part.Fields() {
		here := f.Field(p.Answers[x.Path])
		switch {
		case here == nil && !x.Calculated() && x.Type != form.TypeNote:
			return fmt.Errorf("nobody asks for the field %q", x.Path)
		case here == nil:
		case here.Type != x.Type:
			return fmt.Errorf("%q is %s, the part needs %s", here.Path, here.Type, x.Type)
		case !slices.Equal(repeats(part, x.Path), repeats(f, here.Path)):
			return fmt.Errorf("%q does not repeat as %q does", here.Path, x.Path)
		case !offers(here, x):
			return fmt.Errorf("%q has choices that %q has not", here.Path, x.Path)
		case !within(here, x):
			return fmt.Errorf("%q has other limits than %q", here.Path, x.Path)
		}
	}
	for _, x := range part.Proofs {
		if f.Proof(p.Proofs[x.ID]) == nil {
			return fmt.Errorf("there is no place for the proof %q", x.ID)
		}
	}
	return nil
}

// repeats tells of each step of a path whether it repeats; a path on which nothing does gives nothing.
func repeats(f *form.Form, path string) []bool {
	var out []bool
	any := false
	for i := range len(path) + 1 {
		if i < len(path) && path[i] != '/' {
			continue
		}
		g, x := f.Group(path[:i]), f.Field(path[:i])
		r := g != nil && g.Repeat != nil || x != nil && x.Repeat != nil
		any = any || r
		out = append(out, r)
	}
	if !any {
		return nil
	}
	return out
}

// within reports whether the limits of the field here are those of the part's.
func within(here, part *form.Field) bool {
	return here.Min == part.Min && here.Max == part.Max && here.MinLength == part.MinLength && here.MaxLength == part.MaxLength &&
		here.Pattern == part.Pattern && here.Decimals == part.Decimals
}

// offers reports whether every choice of the field here can be stored in the part's.
func offers(here, part *form.Field) bool {
	for _, c := range here.Choices() {
		if !slices.ContainsFunc(part.Choices(), func(o form.Choice) bool { return o.Code == c.Code }) {
			return false
		}
	}
	return true
}

// Split turns the answers of a bundle into those of the parts that are wanted. get gives exactly the form a
// part names. Documents go to the part whose proof they fill, all others to the first. now is the day the
// interview was opened.
//
// A document whose proof several parts ask for lies in each of them: in the first as it is, in the others
// under an id of its own that follows from both. Where one part asks for it as two proofs it is the first of
// them, by the part's order.
func Split(s *form.Session, docs []record.Document, get func(record.FormRef) (*form.Form, error), now time.Time) ([]Case, error) {
	bundle, values := s.Form(), s.Values()
	var out []Case
	for _, p := range bundle.Parts {
		if p.When != "" && values[p.When] != "true" {
			continue
		}
		f, err := get(p.Form)
		if err != nil {
			return nil, fmt.Errorf("part %q: %w", p.Name, err)
		}
		c := Case{Part: p.Name, Form: f, Reasons: map[string]string{}}
		there := f.Begin(p.Own(values), now)
		for rule, here := range p.Rules {
			for key, reason := range s.Reasons() {
				if key == here {
					c.Reasons[rule] = reason
				} else if at, ok := strings.CutPrefix(key, here+"@"); ok {
					c.Reasons[rule+"@"+ownPath(p, at)] = reason
				}
			}
		}
		there.SetReasons(c.Reasons)
		c.Values = there.Values()
		for _, x := range there.Problems() {
			x.Path = p.Here(x.Path)
			c.Problems = append(c.Problems, x)
		}
		out = append(out, c)
	}
	return deal(bundle, out, docs), nil
}

func ownPath(p *form.Part, here string) string {
	for own := range p.Own(record.Values{here: "x"}) {
		return own
	}
	return here
}

// deal gives each document to its cases.
func deal(bundle *form.Form, cases []Case, docs []record.Document) []Case {
	if len(cases) == 0 {
		return cases
	}
	for _, d := range docs {
		id := d.ID
		dealt := false
		for i, c := range cases {
			k := slices.IndexFunc(bundle.Parts, func(p *form.Part) bool { return p.Name == c.Part })
			j := slices.IndexFunc(c.Form.Proofs, func(p *form.Proof) bool { return bundle.Parts[k].Proofs[p.ID] == d.Proof })
			if j < 0 || d.Proof == "" {
				continue
			}
			copied := d
			copied.Proof = c.Form.Proofs[j].ID
			if dealt {
				copied.ID = record.PartCase(id, c.Part)
			}
			dealt = true
			cases[i].Documents = append(cases[i].Documents, copied)
		}
		if !dealt {
			d.Proof = ""
			cases[0].Documents = append(cases[0].Documents, d)
		}
	}
	return cases
}
