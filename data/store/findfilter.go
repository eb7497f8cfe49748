package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"schalter/data/record"
	"schalter/data/search"
)

// sieve is a [search.Filter] as the database is asked: where begins with AND and speaks of cases c.
type sieve struct {
	filter search.Filter
	user   string // whose cases are hers
	where  string
	args   []any
}

func sieveOf(f search.Filter, user string) sieve {
	s := sieve{filter: f, user: user}
	and := func(cond string, a ...any) {
		s.where += " AND " + cond
		s.args = append(s.args, a...)
	}
	if f.Open != f.Done {
		shelf := shelfOpen
		if f.Done {
			shelf = shelfDone
		}
		and(`c.shelf = ?`, shelf)
	}
	if f.Mine {
		and(`c.user = ?`, user)
	}
	if f.Outbox {
		and(`(c.waiting > 0 OR c.files > 0 OR c.rejected > 0)`)
	}
	if t, ok := midnightOf(f.From, 0); ok {
		and(`c.created >= ?`, t)
	}
	if t, ok := midnightOf(f.Until, 1); ok {
		and(`c.created < ?`, t)
	}
	if len(f.Born) > 0 {
		var births []string
		var a []any
		for _, d := range f.Born {
			for _, day := range d.Dates() {
				births, a = append(births, `p.birth GLOB ?`), append(a, day+"*")
			}
		}
		and(`(c.stale = 1 OR EXISTS (SELECT 1 FROM party p WHERE p.key = c.key AND (`+strings.Join(births, " OR ")+`)))`, a...)
	}
	return s
}

// midnightOf is when a day began at this desk, so many days later.
func midnightOf(day string, later int) (int64, bool) {
	t, err := time.ParseInLocation(time.DateOnly, day, time.Local)
	return t.AddDate(0, 0, later).UnixMilli(), err == nil
}

func (s sieve) none() bool { return s.where == "" && len(s.filter.Services) == 0 }

// words asks the index for what may get through; "" where it cannot know.
func (s sieve) words() string {
	var parts []string
	if len(s.filter.Services) > 0 {
		parts = append(parts, `field : (`+s.filter.MatchService()+`)`)
	}
	if len(s.filter.Born) > 0 {
		parts = append(parts, `field : (`+s.filter.MatchBirth()+`)`)
	}
	return strings.Join(parts, " AND ")
}

// narrow adds that to what the index is asked.
func (s sieve) narrow(match string) string {
	if w := s.words(); w != "" {
		return "(" + match + ") AND " + w
	}
	return match
}

// passes asks for what no database knows: the folded name of the service, and of cases the index does not know
// yet when the party was born.
func (f *finder) passes(ctx context.Context, key int64, row record.CaseRow) (bool, error) {
	names := []string{row.Service}
	for _, n := range row.Title {
		names = append(names, n)
	}
	if !f.q.Filter.Service(names...) {
		return false, nil
	}
	if len(f.q.Filter.Born) == 0 || !f.isStale(key) {
		return true, nil
	}
	c, err := f.body(ctx, key)
	return err == nil && f.q.Filter.Birth(c.Party().Birth), err
}

// filtered lists the cases that get through where nothing else is asked for, the newest first.
func (f *finder) filtered(ctx context.Context) error {
	if words := f.sieve.words(); words != "" {
		return f.match(ctx, inFilter, words)
	}
	order := `c.created`
	if f.q.Filter.From == "" && f.q.Filter.Until == "" {
		order = `c.updated` // what was touched last
	}
	for _, shelf := range []int{shelfOpen, shelfDone} {
		var keys []int64
		err := f.each(ctx, `SELECT key FROM cases c WHERE c.shelf = ?`+f.sieve.where+` ORDER BY `+order+` DESC, key DESC LIMIT ?`,
			append(append(args(shelf), f.sieve.args...), f.limit), collect(&keys))
		if err != nil {
			return err
		}
		if err := f.add(ctx, inFilter, keys); err != nil {
			return err
		}
	}
	return nil
}

// drafts looks into what is still being typed; there are few, and no index of them.
func (f *finder) drafts(ctx context.Context) error {
	filter := f.q.Filter
	if filter.Done && !filter.Open || filter.Outbox {
		return nil
	}
	list, err := f.ownDrafts(ctx, f.sieve.user)
	if err != nil {
		return err
	}
	for _, d := range list {
		if len(f.hits) >= f.limit {
			return nil
		}
		if !f.draftPasses(d) {
			continue
		}
		h := hitOf(d)
		if f.q.Texts() {
			fields := draftFields(d)
			if !f.q.Begins(1, foldFields(fields)+" "+search.Fold(d.Note)) {
				continue
			}
			h.Field, h.Snippet = f.best(fields, []record.NoteEntry{{Text: d.Note}})
		}
		f.hits = append(f.hits, h)
	}
	return nil
}

// hitOf begins a hit of a draft.
func hitOf(d record.Draft) record.Hit {
	return record.Hit{Draft: d.ID, Case: record.CaseRow{Service: d.Service, Party: d.Title, State: record.StateOpen, Updated: d.Updated}}
}

func (f *finder) draftPasses(d record.Draft) bool {
	filter := f.q.Filter
	day := d.Created.Local().Format(time.DateOnly)
	born := len(filter.Born) == 0
	for _, v := range d.Values { // which of the fields is the date of birth the form knows
		born = born || len(v) == len(time.DateOnly) && filter.Birth(v)
	}
	return born && filter.Service(d.Service) && (!filter.Mine || d.User == f.sieve.user) &&
		(filter.From == "" || day >= filter.From) && (filter.Until == "" || day <= filter.Until)
}

func draftFields(d record.Draft) []field {
	out := []field{{"", d.Title}}
	for path, v := range d.Values {
		if v != "" && v != "true" && v != "false" {
			out = append(out, field{path, v})
		}
	}
	for _, doc := range d.Documents {
		out = append(out, field{"", doc.Title})
	}
	slices.SortFunc(out, func(a, b field) int { return strings.Compare(a.path+"\x00"+a.value, b.path+"\x00"+b.value) })
	return out
}

func foldFields(fields []field) string {
	values := make([]string, len(fields))
	for i, v := range fields {
		values[i] = v.value
	}
	return search.Fold(strings.Join(values, "\n "))
}
