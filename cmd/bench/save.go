package main

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	_ "modernc.org/sqlite" // the plain database beside ours

	"schalter/data/form"
	"schalter/data/form/formtest"
	"schalter/data/record"
)

// savesPerRound is how often each side saves in a round.
const savesPerRound = 30

// saveLimit is the budget of a durable save.
var saveLimit = atMost(2, "x")

// save measures what a durable, encrypted save costs beside the same bytes in an ordinary database.
func (b *bench) save() error {
	dir, err := os.MkdirTemp(b.work, "save-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	g, err := found(b.ctx, filepath.Join(dir, "desk"))
	if err != nil {
		return err
	}
	p, err := newPlain(filepath.Join(dir, "plain.db"))
	if err != nil {
		return errors.Join(err, g.close())
	}
	s := saver{bench: b, g: g, p: p, form: formtest.Sample120()}
	s.values = s.filled()
	return errors.Join(s.disk(filepath.Join(dir, "disk")), s.draft(), s.submit(), s.edit(), p.db.Close(), g.close())
}

// plain is one row of bytes in an ordinary database that is as careful with the disk as the store.
type plain struct{ db *sql.DB }

func newPlain(path string) (*plain, error) {
	u := url.URL{Scheme: "file", Opaque: path, RawQuery: "_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)&_pragma=synchronous(2)"}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`CREATE TABLE t (id TEXT PRIMARY KEY, body BLOB)`); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &plain{db}, nil
}

func (p *plain) save(id record.ID, body []byte) error {
	_, err := p.db.Exec(`INSERT INTO t (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body`, string(id), body)
	return err
}

type saver struct {
	*bench
	g      *ground
	p      *plain
	form   *form.Form
	values record.Values
}

// filled is the form with an answer in every field that takes one.
func (s *saver) filled() record.Values {
	session := s.form.Begin(record.Values{}, time.Now())
	paths, texts := formtest.Typed(s.form)
	for i, path := range paths {
		session.Set(path, texts[i])
	}
	return session.Draft()
}

// disk measures what one flush costs here: the slower it is, the nearer the ratios come to 1.
func (s *saver) disk(path string) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var took []time.Duration
	for range s.rounds * savesPerRound {
		if _, err := f.Write(make([]byte, 3*4096)); err != nil {
			return err
		}
		t, err := timed(f.Sync)()
		if err != nil {
			return err
		}
		took = append(took, t)
	}
	s.table.add(figure{name: "save.disk", value: ms(median(took)), unit: "ms", note: "fsync of 12 kB on this disk, for comparison: on a slower one the ratios of the saves are smaller"})
	return nil
}

func (s *saver) report(name, what string, p pair, bytes int) {
	s.table.add(figure{
		name: name, value: ms(p.ours), unit: "ms", beside: fmt.Sprintf("plain SQLite commit, WAL, FULL: %s ms", number(ms(p.theirs))), ratio: p.ratio, limit: saveLimit,
		note: fmt.Sprintf("%s, form of 120 fields, %d bytes; %d rounds of %d alternating saves", what, bytes, p.rounds, savesPerRound),
	})
}

// draft is the save that happens while typing.
func (s *saver) draft() error {
	d := record.Draft{ID: record.NewID(), Service: s.form.ID, Form: s.form.Ref(), User: user, Values: s.values, Live: true, Created: time.Now(), Updated: time.Now()}
	changing, _ := formtest.Typed(s.form)
	n := 0
	var body []byte
	p, err := beside(s.rounds, savesPerRound, timed(func() error {
		n++
		d.Values[changing[0]] = "Yıldız " + strconv.Itoa(n)
		return s.g.store.SaveDraft(s.ctx, d)
	}), func() (time.Duration, error) {
		n++
		d.Values[changing[0]] = "Yıldız " + strconv.Itoa(n)
		var err error
		if body, err = json.Marshal(d); err != nil {
			return 0, err
		}
		return timed(func() error { return s.p.save(d.ID, body) })()
	})
	if err == nil {
		s.report("save.draft", "SaveDraft", p, len(body))
	}
	return err
}

// submit makes a case of the form: number, case row, journal and outbox in one transaction; the search index
// follows now and then in one of its own.
func (s *saver) submit() error {
	var body []byte
	p, err := beside(s.rounds, savesPerRound, func() (time.Duration, error) {
		edits := s.opening()
		return timed(func() error { _, err := s.g.store.Submit(s.ctx, "", edits); return err })()
	}, func() (time.Duration, error) {
		var err error
		if body, err = json.Marshal(s.opening()); err != nil {
			return 0, err
		}
		return timed(func() error { return s.p.save(record.NewID(), body) })()
	})
	if err == nil {
		s.report("save.submit", "Submit", p, len(body))
	}
	return err
}

func (s *saver) opening() []record.Edit {
	id := record.NewID()
	groups := map[string]record.Values{}
	for path, v := range s.values {
		g := record.GroupOf(path)
		if groups[g] == nil {
			groups[g] = record.Values{}
		}
		groups[g][path] = v
	}
	var f record.Fields
	for g, v := range groups {
		f.Groups = append(f.Groups, record.GroupEdit{Group: g, Values: v})
	}
	return []record.Edit{
		{Case: id, Kind: record.KindOpen, User: user, Payload: record.Opened{Service: s.form.ID, Form: s.form.Ref(), Title: s.form.Title}},
		{Case: id, Kind: record.KindFields, User: user, Payload: f},
	}
}

// edit changes one group of a case of the form.
func (s *saver) edit() error {
	edits := s.opening()
	c, err := s.g.store.Submit(s.ctx, "", edits)
	if err != nil {
		return err
	}
	body, err := json.Marshal(c)
	if err != nil {
		return err
	}
	group := record.GroupOf(s.form.Fields()[0].Path)
	base, values, n := c.Groups[group].Version, edits[1].Payload.(record.Fields).Groups[0].Values, 0
	for _, g := range edits[1].Payload.(record.Fields).Groups {
		if g.Group == group {
			values = g.Values
		}
	}
	p, err := beside(s.rounds, savesPerRound, func() (time.Duration, error) {
		n++
		values[s.form.Fields()[0].Path] = "neu " + strconv.Itoa(n)
		e := record.Edit{Case: c.ID, Kind: record.KindFields, User: user, Payload: record.Fields{Groups: []record.GroupEdit{{Group: group, Base: base, Values: values}}}}
		began := time.Now()
		changes, err := s.g.store.Apply(s.ctx, e)
		took := time.Since(began)
		if err == nil {
			base = changes[0].ID
		}
		return took, err
	}, func() (time.Duration, error) {
		n++ // the bytes must differ, or there is nothing to write
		return timed(func() error { return s.p.save(c.ID, append(slices.Clip(body), strconv.Itoa(n)...)) })()
	})
	if err == nil {
		s.report("save.edit", "Apply of one group, beside the bytes of the case", p, len(body))
	}
	return err
}
