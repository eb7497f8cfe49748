package merge

import (
	"cmp"
	"fmt"
	"slices"

	"schalter/data/record"
)

// Published is one version of a form as the changes about the form have made it.
type Published struct {
	record.FormPublished
	// Clash tells that the same version was published before with another content. The first one counts;
	// this one is only kept for the cases that were filled with it.
	Clash bool
	Last  record.ID // the change that said the latest about it
}

// Forms says what changes of kind [record.KindForm] about one form, in their order, have published: every
// version, the oldest first. The same version and content once more replaces what was said about it: that
// is how a form is withdrawn, offered again, or given its file anew. Changes that cannot be read, or that
// are filed under another form's name, are passed over.
func Forms(changes []record.Change) []Published {
	var out []Published
	for _, ch := range changes {
		p, ok := publication(ch)
		if !ok {
			continue
		}
		said := Published{FormPublished: p, Last: ch.ID}
		i := slices.IndexFunc(out, func(o Published) bool { return o.Form == p.Form })
		if i >= 0 {
			said.Clash = out[i].Clash
			out[i] = said
			continue
		}
		said.Clash = slices.ContainsFunc(out, func(o Published) bool { return record.CompareVersions(o.Form.Version, p.Form.Version) == 0 })
		out = append(out, said)
	}
	slices.SortStableFunc(out, func(a, b Published) int {
		return cmp.Or(record.CompareVersions(a.Form.Version, b.Form.Version), rank(a.Clash)-rank(b.Clash))
	})
	return out
}

// rank puts what counts before what clashes with it.
func rank(clash bool) int {
	if clash {
		return 1
	}
	return 0
}

// Newest returns the newest version that counts, among those of one form.
func Newest(all []Published) (Published, bool) {
	for _, p := range slices.Backward(all) {
		if !p.Clash {
			return p, true
		}
	}
	return Published{}, false
}

// Publishable tells whether p may be published after all that was published of the form: its version must
// be newer than every other, or be there with the same content.
func Publishable(all []Published, p record.FormPublished) error {
	newest, ok := Newest(all)
	for _, o := range all {
		switch {
		case o.Clash || record.CompareVersions(o.Form.Version, p.Form.Version) != 0:
		case o.Form.Hash == p.Form.Hash:
			return nil
		default:
			return record.E(record.CodeFormVersionTaken, nil, "id", p.Form.ID, "version", p.Form.Version)
		}
	}
	if ok && record.CompareVersions(p.Form.Version, newest.Form.Version) < 0 {
		return record.E(record.CodeFormNotNewer, nil, "id", p.Form.ID, "version", p.Form.Version, "newest", newest.Form.Version)
	}
	return nil
}

func publication(ch record.Change) (record.FormPublished, bool) {
	if ch.Kind != record.KindForm || ch.Erased() {
		return record.FormPublished{}, false
	}
	p, err := record.Decode[record.FormPublished](ch)
	named := err == nil && p.Form.ID != "" && p.Form.Version != "" && ch.Case == record.FormCase(p.Form.ID) && p.Form.Hash.Valid()
	return p, named && p.File.Hash.Valid() && p.File.Size > 0 && p.File.Size <= record.MaxFormFile
}

func checkForm(ch record.Change) error {
	if _, ok := publication(ch); !ok {
		return record.E(record.CodeRejected, fmt.Errorf("change %s publishes no form", ch.ID))
	}
	return nil
}
