package form

import (
	"fmt"
	"slices"
	"strings"
)

// plan is the order in which a form's rules are computed: what a rule reads comes before what it sets.
type plan struct {
	bounds []*bound
	rank   map[string]int // of "?path" (is it shown) and "=path" (its answer)
	ranks  int            // checks come last, at this rank
}

func shown(path string) string  { return "?" + path }
func answer(path string) string { return "=" + path }

func (it Item) path() string {
	if it.Group != nil {
		return it.Group.Path
	}
	return it.Field.Path
}

func (it Item) parent() *Group {
	if it.Group != nil {
		return it.Group.parent
	}
	return it.Field.parent
}

// order ranks everything that rules read and refuses rules that run in a circle.
func (f *Form) order() error {
	reads := map[string][]string{}
	for path, it := range f.items {
		if g := it.parent(); g != nil {
			reads[shown(path)] = append(reads[shown(path)], shown(g.Path))
		}
		if it.Field != nil {
			reads[answer(path)] = append(reads[answer(path)], shown(path))
		}
	}
	for _, b := range f.plan.bounds {
		to := b.sets()
		if to == "" {
			continue
		}
		for _, r := range b.refs {
			switch {
			case r.own:
			case r.rows:
				reads[to] = append(reads[to], shown(r.path()))
			default:
				reads[to] = append(reads[to], answer(r.path()))
			}
		}
	}
	w := &walker{reads: reads, rank: map[string]int{}, open: map[string]bool{}}
	names := make([]string, 0, len(reads))
	for k := range reads {
		names = append(names, k)
	}
	slices.Sort(names)
	for _, k := range names {
		if err := w.visit(k); err != nil {
			return err
		}
	}
	f.plan.rank = w.rank
	for _, r := range w.rank {
		f.plan.ranks = max(f.plan.ranks, r+1)
	}
	return nil
}

// sets names what the rule's outcome decides for other rules; "" for rules nobody reads.
func (b *bound) sets() string {
	switch {
	case b.proof != nil:
		return ""
	case b.rule.Kind == RuleShow || b.rule.Kind == RuleHide:
		return shown(b.item.path())
	case b.rule.Kind == RuleCalculate:
		return answer(b.item.path())
	}
	return ""
}

type walker struct {
	reads map[string][]string
	rank  map[string]int
	open  map[string]bool
	trail []string
}

func (w *walker) visit(k string) error {
	if _, done := w.rank[k]; done {
		return nil
	}
	w.trail = append(w.trail, k)
	if w.open[k] {
		return w.circle(k)
	}
	w.open[k] = true
	rank := 0
	for _, r := range w.reads[k] {
		if err := w.visit(r); err != nil {
			return err
		}
		rank = max(rank, w.rank[r]+1)
	}
	w.open[k] = false
	w.rank[k] = rank
	w.trail = w.trail[:len(w.trail)-1]
	return nil
}

func (w *walker) circle(k string) error {
	i := slices.Index(w.trail, k)
	var steps []string
	for _, s := range w.trail[i:] {
		what := "the answer of "
		if s[0] == '?' {
			what = "whether to show "
		}
		steps = append(steps, what+s[1:])
	}
	return invalid("/rules ("+k[1:]+")", "the rules run in a circle: %s", fmt.Sprint(strings.Join(steps, " needs ")))
}
