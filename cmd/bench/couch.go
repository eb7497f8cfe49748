package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"

	"schalter/data/record"
)

// The load of the budget.
const (
	couchCases  = 10_000
	couchScans  = 200
	couchScan   = 300_000 // bytes, that cannot be compressed
	couchRounds = 3       // each takes more than a minute
)

// carried is what it took to bring everything to the centre, or from there to another desk.
type carried struct {
	took  time.Duration
	bytes int64 // both directions
}

// couch measures the way of many cases with scans to the centre and on to an empty desk, beside the same
// documents between PouchDB and its server, on the loopback of the same machine in alternating rounds.
func (b *bench) couch() error {
	dir, err := os.MkdirTemp(b.work, "couch-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	p, err := b.pouch()
	if err != nil {
		return err
	}
	docs, err := p.corpus(filepath.Join(dir, "corpus"))
	if err != nil {
		return err
	}
	var ours, theirs [2][]carried
	for r := range min(couchRounds, b.rounds) {
		turns := []func() error{
			func() error {
				up, down, err := b.carry(filepath.Join(dir, strconv.Itoa(r)), docs)
				ours[0], ours[1] = append(ours[0], up), append(ours[1], down)
				return err
			},
			func() error {
				up, down, err := p.carry()
				theirs[0], theirs[1] = append(theirs[0], up), append(theirs[1], down)
				return err
			},
		}
		for i := range turns {
			if err := turns[(i+r)%2](); err != nil {
				return err
			}
		}
	}
	for i, way := range []string{"up", "down"} {
		b.compare(way, ours[i], theirs[i])
	}
	return nil
}

func (b *bench) compare(way string, ours, theirs []carried) {
	var mine, other, ratio, bytes []float64
	for i := range ours {
		mine, other = append(mine, ours[i].took.Seconds()), append(other, theirs[i].took.Seconds())
		ratio = append(ratio, ours[i].took.Seconds()/theirs[i].took.Seconds())
		bytes = append(bytes, float64(ours[i].bytes)/float64(theirs[i].bytes))
	}
	b.table.add(figure{
		name: "couch." + way, value: median(mine), unit: "s", beside: fmt.Sprintf("PouchDB, LevelDB without fsync: %s s", number(median(other))),
		ratio: median(ratio), limit: atMost(0.33, "x"),
		note: fmt.Sprintf("%d cases and %d scans of %d kB, real stores with fsync and encryption, real centre over TLS, loopback; %d alternating rounds", couchCases, couchScans, couchScan/1000, len(ours)),
	})
	b.table.add(figure{
		name: "couch." + way + ".bytes", value: float64(ours[0].bytes) / 1e6, unit: "MB", beside: fmt.Sprintf("PouchDB: %s MB", number(float64(theirs[0].bytes)/1e6)),
		ratio: median(bytes), limit: atMost(0.65, "x"), note: "both directions, ours with TLS",
	})
}

// carry brings the documents from a new desk to a new centre and from there to another new desk.
func (b *bench) carry(dir string, docs []record.Values) (up, down carried, err error) {
	c, err := b.newCentre(filepath.Join(dir, "centre"), "127.0.0.1:0")
	if err != nil {
		return up, down, err
	}
	defer func() { err = errors.Join(err, c.close(), os.RemoveAll(dir)) }()
	var desks [2]*linked
	for i := range desks {
		if desks[i], err = b.newDesk(c, filepath.Join(dir, "desk"+strconv.Itoa(i)), i+1, nil); err != nil {
			return up, down, err
		}
		defer func() { err = errors.Join(err, desks[i].close()) }()
	}
	if err := b.record(desks[0], docs); err != nil {
		return up, down, err
	}
	for i, to := range []*carried{&up, &down} {
		before, _ := desks[i].traffic()
		if to.took, err = timed(func() error { return desks[i].engine.Once(b.ctx) })(); err != nil {
			return up, down, err
		}
		now, _ := desks[i].traffic()
		to.bytes = now - before
	}
	n, err := desks[1].store.Counts(b.ctx, user)
	if err == nil && n.Office != len(docs) {
		err = fmt.Errorf("%d of %d cases have arrived", n.Office, len(docs))
	}
	missing, e := desks[1].store.FilesToFetch(b.ctx, 1)
	if e == nil && len(missing) > 0 {
		e = errors.New("not all scans have arrived")
	}
	return up, down, errors.Join(err, e)
}

// record makes a case of every document, and scans for every fiftieth.
func (b *bench) record(l *linked, docs []record.Values) error {
	r := rand.NewChaCha8([32]byte{7})
	every := max(1, len(docs)/couchScans)
	for i, values := range docs {
		id := record.NewID()
		edits := []record.Edit{
			{Case: id, Kind: record.KindOpen, User: user, Payload: record.Opened{Service: "x", Title: map[string]string{"de": "X"}}},
			{Case: id, Kind: record.KindFields, User: user, Payload: record.Fields{Groups: grouped(values)}},
		}
		if i%every == 0 {
			scan := make([]byte, couchScan)
			_, _ = r.Read(scan) // never fails
			ref, err := l.blobs.Put(b.ctx, reader(scan))
			if err != nil {
				return err
			}
			paper := record.Document{ID: record.NewID(), Title: "Scan", Source: record.SourceScan, Shown: ref, MediaType: "application/pdf", Pages: 1, Made: time.Now().UTC(), User: user}
			edits = append(edits, record.Edit{Case: id, Kind: record.KindDocument, User: user, Payload: record.DocumentAdded{Document: paper}})
		}
		if _, err := l.store.Submit(b.ctx, "", edits); err != nil {
			return err
		}
	}
	return nil
}

func grouped(values record.Values) []record.GroupEdit {
	groups := map[string]record.Values{}
	for path, text := range values {
		of := record.GroupOf(path)
		if groups[of] == nil {
			groups[of] = record.Values{}
		}
		groups[of][path] = text
	}
	var out []record.GroupEdit
	for of, v := range groups {
		out = append(out, record.GroupEdit{Group: of, Values: v})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Group < out[j].Group })
	return out
}

// pouch is the bench of PouchDB that lies beside the repository, copied to where it may write.
type pouch struct {
	*bench
	dir string
}

func (b *bench) pouch() (*pouch, error) {
	from := filepath.Join("..", "shared", "bench", "pouchdb")
	if _, err := os.Stat(filepath.Join(from, "bench.js")); err != nil {
		return nil, fmt.Errorf("PouchDB's side needs ../shared: %w", err)
	}
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			return nil, fmt.Errorf("PouchDB's side needs %s: %w", tool, err)
		}
	}
	p := &pouch{b, filepath.Join(b.work, "pouchdb")}
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(from, "*.js*"))
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err == nil {
			err = os.WriteFile(filepath.Join(p.dir, filepath.Base(f)), data, 0o600)
		}
		if err != nil {
			return nil, err
		}
	}
	if _, err := os.Stat(filepath.Join(p.dir, "node_modules", "pouchdb")); err == nil {
		return p, nil
	}
	return p, p.run("npm", "install", "--no-audit", "--no-fund")
}

func (p *pouch) run(program string, args ...string) error {
	cmd := exec.CommandContext(p.ctx, program, args...) //nolint:gosec // of the repository beside this one
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), "WORK="+filepath.Join(p.dir, "work"), "EDITS=1", "N="+strconv.Itoa(couchCases), "ATT="+strconv.Itoa(couchScans))
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", program, args[0], err, out)
	}
	return nil
}

// carry runs PouchDB's bench once.
func (p *pouch) carry() (up, down carried, err error) {
	if err := p.run("node", "bench.js", "loopback"); err != nil {
		return up, down, err
	}
	text, err := os.ReadFile(filepath.Join(p.dir, "results-loopback.json"))
	if err != nil {
		return up, down, err
	}
	var told struct {
		Phases []struct {
			Phase string `json:"phase"`
			Wall  int64  `json:"wall_ms"`
			Up    int64  `json:"bytes_up"`
			Down  int64  `json:"bytes_down"`
			Error string `json:"error"`
		} `json:"phases"`
	}
	if err := json.Unmarshal(text, &told); err != nil {
		return up, down, err
	}
	for _, f := range told.Phases {
		to := map[string]*carried{"push": &up, "pull": &down}[f.Phase]
		if f.Error != "" {
			return up, down, errors.New("PouchDB: " + f.Error)
		}
		if to != nil && to.took == 0 { // the first push is the one of everything
			*to = carried{time.Duration(f.Wall) * time.Millisecond, f.Up + f.Down}
		}
	}
	if up.took == 0 || down.took == 0 {
		return up, down, errors.New("PouchDB's bench did not tell its times")
	}
	return up, down, nil
}

// corpus makes its documents and turns them into answers of a form: every leaf of the JSON is one field.
func (p *pouch) corpus(file string) ([]record.Values, error) {
	if err := p.run("node", "gen.js", "dump", strconv.Itoa(couchCases), file); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var out []record.Values
	for line := range strings.Lines(string(text)) {
		var doc map[string]any
		if err := json.Unmarshal([]byte(line), &doc); err != nil {
			return nil, err
		}
		values := record.Values{}
		for name, v := range doc {
			group := name
			if _, leaf := v.(string); leaf {
				group = "fall"
			}
			leaves(values, group+"/"+name, v)
		}
		out = append(out, values)
	}
	return out, nil
}

func leaves(to record.Values, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, v := range v {
			leaves(to, path+"-"+name, v)
		}
	case []any:
		for i, v := range v {
			leaves(to, path+"-"+strconv.Itoa(i), v)
		}
	case nil:
	default:
		to[path] = fmt.Sprint(v)
	}
}
