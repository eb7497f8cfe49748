package main

import (
	"context"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/form/published"
	"schalter/data/record"
)

// formCmds are what the script about published forms needs beyond a shell: a clerk who fills them.
func formCmds() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"fill": fill, "filled": filled, "offers": offers}
}

// shelved opens a desk with its library as the window has it.
func shelved(ts *testscript.TestScript, dir string) (*house, *published.Keeper) {
	h := opened(ts, dir)
	builtin, err := form.Load(assets.Files)
	ts.Check(err)
	k, err := published.New(context.Background(), builtin, h.store, h.blobs)
	ts.Check(err)
	ts.Check(k.Refresh(context.Background()))
	if t := k.Trouble(); t != nil {
		ts.Fatalf("%s: %v", dir, t)
	}
	return h, k
}

// fill DIR FORM NAME: a clerk begins a case with the form as it is offered now, answers its first field with
// the name, and submits it.
func fill(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: fill DIR FORM NAME")
	}
	h, k := shelved(ts, args[0])
	defer func() { ts.Check(h.close()) }()
	f, err := k.Library().Latest(args[1])
	ts.Check(err)
	s := f.Begin(nil, record.SystemClock())
	s.Set(f.Fields()[0].Path, args[2])
	id := record.NewID()
	edit := func(kind record.Kind, payload any) record.Edit {
		return record.Edit{Case: id, Kind: kind, User: h.user, Payload: payload}
	}
	c, err := h.store.Submit(context.Background(), "", []record.Edit{
		edit(record.KindOpen, record.Opened{Service: f.ID, Form: f.Ref(), Title: f.Title}),
		edit(record.KindFields, record.Fields{Groups: []record.GroupEdit{{Group: record.GroupOf(f.Fields()[0].Path), Values: s.Values()}}}),
	})
	ts.Check(err)
	ts.Logf("%s: %s with %s %s", args[0], c.Number, f.ID, f.Version)
}

// filled DIR NAME=VERSION...: the desk holds exactly these cases, each opens in the version it was filled
// with, and shows the answer there.
func filled(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: filled DIR NAME=VERSION...")
	}
	ctx := context.Background()
	h, k := shelved(ts, args[0])
	defer func() { ts.Check(h.close()) }()
	rows, total, err := h.store.Cases(ctx, record.ViewOffice, "", 0, 100)
	ts.Check(err)
	left := map[string]string{}
	for _, a := range args[1:] {
		name, version, _ := strings.Cut(a, "=")
		left[name] = version
	}
	for _, r := range rows {
		c, err := h.store.Case(ctx, r.ID)
		ts.Check(err)
		f, err := k.Library().Get(c.Form)
		ts.Check(err)
		name := f.Begin(c.Values(), record.SystemClock()).State(f.Fields()[0].Path).Value
		if version, ok := left[name]; !ok || version != f.Version {
			ts.Fatalf("%s: %q under version %s", r.Number, name, f.Version)
		}
		delete(left, name)
	}
	if len(left) > 0 || total != len(args)-1 {
		ts.Fatalf("%s has %d cases; missing: %v", args[0], total, left)
	}
}

// offers DIR FORM VERSION: new cases are begun with this version. With !, the form is not offered at all.
func offers(ts *testscript.TestScript, neg bool, args []string) {
	if !neg && len(args) != 3 || neg && len(args) != 2 {
		ts.Fatalf("usage: [!] offers DIR FORM [VERSION]")
	}
	h, k := shelved(ts, args[0])
	defer func() { ts.Check(h.close()) }()
	f, err := k.Library().Latest(args[1])
	switch {
	case neg && err == nil:
		ts.Fatalf("%s offers %s %s", args[0], f.ID, f.Version)
	case !neg && (err != nil || f.Version != args[2]):
		ts.Fatalf("%s offers %v, %v", args[0], f, err)
	}
}
