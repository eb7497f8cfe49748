package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"schalter/data/record"
	"schalter/sync/server"
)

// town is several desks around one centre; everything happens in one goroutine, so that a seed is a trace.
type town struct {
	t     *testing.T
	r     *rand.Rand
	w     *world
	desks []*simDesk
	cases []record.ID
	files map[record.Hash][]byte
	docs  int
	notes []string // what was recorded, to be found everywhere in the end

	renewed int // how many desks were enrolled anew
}

type simDesk struct {
	*memStore
	net *network
	e   *Engine
}

func newTown(t *testing.T, seed uint64, desks int) *town {
	v := &town{t: t, r: rand.New(rand.NewPCG(seed, 7)), w: newWorld(t), files: map[record.Hash][]byte{}}
	for i := range desks {
		s := newMemStore()
		v.w.enrol(t, s, i+1)
		d := &simDesk{memStore: s, net: &network{w: v.w, device: s.device}}
		v.start(d)
		v.desks = append(v.desks, d)
	}
	return v
}

// start is a program start: a new engine on what the store kept.
func (v *town) start(d *simDesk) {
	d.e = New(Config{Store: d.memStore, Blobs: Files(d.blobs), Centre: d.net, Retry: time.Nanosecond, RetryMax: time.Nanosecond})
}

var errKilled = errors.New("killed")

// faults makes the desk's line and program fail with probability p.
func (v *town) faults(d *simDesk, p float64) {
	d.net.becomes(bad(v.r, p))
	d.crash = func(string) error {
		if v.r.Float64() < p/4 {
			return errKilled
		}
		return nil
	}
}

func (v *town) act(d *simDesk) {
	if len(v.cases) == 0 || v.r.IntN(6) == 0 {
		id := record.NewID()
		v.cases = append(v.cases, id)
		d.apply(id, record.KindOpen, record.Opened{Service: "fundsache"})
		return
	}
	id := v.cases[v.r.IntN(len(v.cases))]
	switch v.r.IntN(8) {
	case 0:
		v.document(d, id)
	case 1:
		text := fmt.Sprintf("Notiz %d", len(v.notes))
		v.notes = append(v.notes, text)
		d.apply(id, record.KindNote, record.Note{Text: text})
	case 2:
		d.apply(id, record.KindState, record.StateStep{To: record.StateSubmitted, Number: string(d.device)})
	default:
		v.edit(d, id)
	}
}

func (v *town) edit(d *simDesk, id record.ID) {
	var c record.Case
	if s := d.cases(v.t)[id]; s != "" {
		c = d.view(v.t, id)
	}
	if len(c.Conflicts) > 0 && v.r.IntN(2) == 0 {
		k := c.Conflicts[v.r.IntN(len(c.Conflicts))]
		d.apply(id, record.KindResolve, record.Resolved{Conflict: k.ID, Group: k.Group, Base: c.Groups[k.Group].Version, Values: k.Other.Values})
		return
	}
	g := fmt.Sprintf("g%d", v.r.IntN(3))
	d.apply(id, record.KindFields, record.Fields{Groups: []record.GroupEdit{
		{Group: g, Base: c.Groups[g].Version, Values: record.Values{g + "/x": fmt.Sprint(v.r.IntN(5))}},
	}})
}

func (v *town) document(d *simDesk, id record.ID) {
	data := make([]byte, v.r.IntN(200<<10))
	for i := range data {
		data[i] = byte(v.r.Uint32())
	}
	text, _ := json.Marshal([]string{fmt.Sprintf("Seite %d", v.r.IntN(1000))})
	v.files[record.HashOf(data)], v.files[record.HashOf(text)] = data, text
	v.docs++
	d.apply(id, record.KindDocument, record.DocumentAdded{Document: record.Document{
		ID: record.NewID(), Shown: d.blobs.put(data), Text: d.blobs.put(text), Source: record.SourceScan,
	}})
}

// sync lets a desk exchange; a killed one starts again.
func (v *town) sync(d *simDesk) error {
	err := d.e.Once(v.t.Context())
	if errors.Is(err, errKilled) {
		v.start(d)
	}
	if record.CodeOf(err) == record.CodeForked {
		v.renew(d)
		return v.sync(d)
	}
	return err
}

// clone copies a desk's disk into another computer.
func (v *town) clone(d *simDesk) {
	c := &simDesk{memStore: d.clone(), net: &network{w: v.w, device: d.device}}
	v.start(c)
	v.desks = append(v.desks, c)
}

// renew enrols a desk anew that the centre takes nothing from any more.
func (v *town) renew(d *simDesk) {
	v.renewed++
	d.renew()
	v.w.enrol(v.t, d.memStore, 100+v.renewed)
	d.net = &network{w: v.w, device: d.device, is: d.net.weather()}
	v.start(d)
}

// settle lets the faults stop; then everything must get through in a few rounds.
func (v *town) settle() {
	v.t.Helper()
	for _, d := range v.desks {
		d.net.becomes(weather{})
		d.crash = func(string) error { return nil }
	}
	for range 4 {
		for _, d := range v.desks {
			if err := v.sync(d); err != nil {
				v.t.Fatalf("without faults: %v", err)
			}
		}
	}
	want := v.desks[0].cases(v.t)
	for i, d := range v.desks {
		if s := d.waiting(); s != "" {
			v.t.Errorf("desk %d still has %s", i, s)
		}
		if !maps.Equal(want, d.cases(v.t)) {
			v.t.Errorf("desk %d shows other cases than desk 0", i)
		}
		for h, data := range v.files {
			if got, err := d.blobs.ReadAll(h, 1<<30); err != nil || !slices.Equal(got, data) {
				v.t.Errorf("desk %d: file %s: %v", i, h, err)
			}
		}
		if len(d.indexed) != v.docs {
			v.t.Errorf("desk %d has the texts of %d documents, there are %d", i, len(d.indexed), v.docs)
		}
		if d.e.Link().LastSync.IsZero() || !d.e.Link().Online || d.e.Link().Trouble != nil {
			v.t.Errorf("desk %d: line %+v", i, d.e.Link())
		}
	}
	if len(want) != len(v.cases) {
		v.t.Errorf("%d cases, %d were opened", len(want), len(v.cases))
	}
	all := 0
	for _, c := range want {
		var k record.Case
		if err := json.Unmarshal([]byte(c), &k); err != nil {
			v.t.Fatal(err)
		}
		all += len(k.Notes)
	}
	if all != len(v.notes) {
		v.t.Errorf("%d notes, %d were written", all, len(v.notes))
	}
}

func seeds(few, many int) int {
	if os.Getenv("SCHALTER_LONG") != "" {
		return many
	}
	return few
}

// TestSimulation: lines that break before and after the centre acted, late repeats, files cut anywhere,
// and programs killed before or after any transaction of their store.
func TestSimulation(t *testing.T) {
	for seed := range seeds(25, 2000) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			v := newTown(t, uint64(seed), 3)
			for range 60 {
				d := v.desks[v.r.IntN(len(v.desks))]
				v.faults(d, []float64{0, 0.1, 0.4}[v.r.IntN(3)])
				for range v.r.IntN(4) {
					v.act(d)
				}
				err := v.sync(d)
				if err == nil && d.waiting() != "" && !anyMissing(v, d) {
					t.Fatalf("exchange reported complete with %s left", d.waiting())
				}
			}
			v.settle()
		})
	}
}

// anyMissing: a file that its own desk has not sent yet may be left after a complete exchange.
func anyMissing(v *town, d *simDesk) bool {
	p, _ := d.Pending(v.t.Context(), 1, 1)
	return len(p) == 0 && len(d.toSend) == 0 && len(d.toFetch) > 0
}

// TestCentreRestored: the centre comes back from a backup that knows nothing of the last weeks.
func TestCentreRestored(t *testing.T) {
	for seed := range seeds(5, 200) {
		v := newTown(t, uint64(seed), 3)
		stores := make([]*memStore, len(v.desks))
		for i, d := range v.desks {
			stores[i] = d.memStore
		}
		for range 30 {
			d := v.desks[v.r.IntN(len(v.desks))]
			v.act(d)
			if err := v.sync(d); err != nil {
				t.Fatal(err)
			}
		}
		v.w.restore(t, stores...)
		v.act(v.desks[0])
		v.settle()
	}
}

// TestCloned: a desk's disk is copied, both go on, and whichever the centre refuses is enrolled anew. Nothing
// is lost and nothing is there twice, whatever each had sent, and whichever line broke.
func TestCloned(t *testing.T) {
	renewed := 0
	for seed := range seeds(25, 2000) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			v := newTown(t, uint64(seed), 2)
			round := func(acts int) {
				d := v.desks[v.r.IntN(len(v.desks))]
				v.faults(d, []float64{0, 0.1, 0.4}[v.r.IntN(3)])
				for range acts {
					v.act(d)
				}
				if v.r.IntN(2) == 0 {
					_ = v.sync(d) // what breaks here has to get through in the end
				}
			}
			for range 10 {
				round(v.r.IntN(4))
			}
			v.clone(v.desks[0])
			for range 20 {
				round(v.r.IntN(4))
			}
			v.settle()
			renewed += v.renewed
			if v.renewed > 1 {
				t.Errorf("%d desks were enrolled anew, there is one copy", v.renewed)
			}
		})
	}
	if renewed == 0 {
		t.Error("no desk was ever enrolled anew")
	}
}

// TestCentreLosesFiles: files that the centre has acknowledged are gone, again and again. In the end it has all.
func TestCentreLosesFiles(t *testing.T) {
	lost := 0
	for seed := range seeds(25, 1000) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			v := newTown(t, uint64(seed), 3)
			for range 40 {
				d := v.desks[v.r.IntN(len(v.desks))]
				v.faults(d, []float64{0, 0.1, 0.4}[v.r.IntN(3)])
				for range v.r.IntN(4) {
					v.act(d)
				}
				_ = v.sync(d) // what breaks here has to get through in the end
				if v.r.IntN(3) == 0 {
					lost += v.loseFile()
				}
			}
			v.checkFiles()
			v.settle()
			_, files, _ := v.w.now()
			for h := range v.files {
				if st, err := files.State(t.Context(), tenant, h); err != nil || !st.Complete {
					t.Errorf("the centre lacks %s: %v", h, err)
				}
			}
		})
	}
	if lost == 0 {
		t.Error("no file was ever lost")
	}
}

// loseFile takes a file from the centre; its check finds out sooner or later.
func (v *town) loseFile() int {
	_, files, _ := v.w.now()
	hashes := slices.Sorted(maps.Keys(v.files))
	if len(hashes) == 0 {
		return 0
	}
	n := 0
	if files.SetAside(v.t.Context(), tenant, hashes[v.r.IntN(len(hashes))]) == nil {
		n = 1
	}
	if v.r.IntN(3) > 0 {
		v.checkFiles()
	}
	return n
}

func (v *town) checkFiles() {
	j, files, _ := v.w.now()
	if _, _, err := server.CheckFiles(v.t.Context(), j, files, tenant, time.Now()); err != nil {
		v.t.Fatal(err)
	}
}

// TestCutBeforeEveryStep breaks the line at the first, second, third … possible place and nowhere else.
func TestCutBeforeEveryStep(t *testing.T) {
	for place := 0; ; place++ {
		v := newTown(t, 1, 2)
		for range 12 {
			v.act(v.desks[0])
		}
		v.document(v.desks[0], v.cases[0])
		at, cut := 0, false
		for _, d := range v.desks {
			d.net.becomes(weather{cut: func(string) bool {
				at++
				cut = cut || at == place+1
				return at == place+1
			}})
			d.crash = func(string) error {
				if at++; at == place+1 {
					cut = true
					return errKilled
				}
				return nil
			}
		}
		for _, d := range v.desks {
			err := v.sync(d)
			if err == nil && d.waiting() != "" && !anyMissing(v, d) {
				t.Fatalf("place %d: reported complete with %s left", place, d.waiting())
			}
		}
		v.settle()
		if t.Failed() {
			t.Fatalf("at place %d", place)
		}
		if !cut {
			if place < 10 {
				t.Fatalf("only %d places", place)
			}
			return
		}
	}
}
