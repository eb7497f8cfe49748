package main

import (
	"bytes"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"schalter/assets"
	"schalter/data/form"
	"schalter/data/letter"
	"schalter/data/record"
	"schalter/ui/capture"
)

// counterWindow is a desk with a number and what its capture screen works with; settle does what waits.
func counterWindow(t *testing.T) (h *house, lib *form.Library, m *capture.Model, settle func()) {
	t.Helper()
	ctx := t.Context()
	h, err := create(ctx, filepath.Join(t.TempDir(), "desk"), "weber", "lange geheime Worte")
	must(t, err)
	t.Cleanup(func() { must(t, h.close()) })
	id, err := h.store.Identity(ctx)
	must(t, err)
	id.Office, id.Desk, id.Authority = "MS", 1, "Stadt Musterstadt"
	must(t, h.store.SetIdentity(ctx, id))
	lib, err = form.Load(assets.Files)
	must(t, err)
	var waits []func()
	settle = func() {
		for len(waits) > 0 {
			f := waits[0]
			waits = waits[1:]
			f()
		}
	}
	m = capture.NewModel(capture.Work{
		Store: h.store, Forms: lib, Blobs: h.blobs, Bookings: h.store,
		Run:  capture.Runtime{Clock: record.SystemClock, After: func(time.Duration, func()) func() { return func() {} }, Go: func(f func()) { waits = append(waits, f) }, Do: func(f func()) { f() }},
		Lang: func() string { return "de" }, User: func() string { return "weber" }, Office: func() string { return "MS" },
		Reason: func(w, r string) string { return w + " " + r }, Clash: func(thing string, b record.Booking) string { return thing + " " + b.Number },
		Changed: func(*capture.Tab, capture.Part, []string) {}, Say: func(capture.Message) {},
	})
	return h, lib, m, settle
}

// interview answers everything that is asked, and gives a reason for everything that takes one.
func interview(t *testing.T, tab *capture.Tab) {
	t.Helper()
	for round := range 12 {
		for _, f := range tab.Findings() {
			switch x := tab.Form().Field(f.Path); {
			case !f.Open():
			case f.Kind != capture.FindingError:
				tab.Override(f.Rule, "Grund")
			default:
				tab.Type(f.Path, anAnswer(x, round))
			}
		}
	}
}

// anAnswer is one that a field takes; later rounds give later times.
func anAnswer(f *form.Field, round int) string {
	switch f.Type {
	case form.TypeChoice, form.TypeMulti:
		return f.Choices()[0].Code
	case form.TypeBoolean:
		return "ja"
	case form.TypeDate:
		return record.SystemClock().AddDate(0, 2, 0).Format("02.01.2006")
	case form.TypeTime:
		return strconv.Itoa(18 + min(round, 5))
	case form.TypeInteger, form.TypeDecimal, form.TypeMoney:
		return "10"
	case form.TypePhone:
		return "0171 2345678"
	}
	if f.Example != "" {
		return f.Example
	}
	return "12"
}

// One interview about a feast makes four cases in the real store, which belong together, hold the hall, are
// confirmed on one paper in two languages, and are asked for their proofs.
func TestAFeastFromTheInterviewToThePaper(t *testing.T) {
	ctx := t.Context()
	h, lib, m, settle := counterWindow(t)
	tab, err := m.Start("vereinsfest")
	must(t, err)
	for _, p := range tab.Form().Parts {
		if p.When != "" {
			tab.Type(p.When, "ja")
		}
	}
	interview(t, tab)
	settle()
	f, open := tab.Submit()
	settle()
	if open || tab.Phase() != capture.Done {
		t.Fatalf("open %+v, trouble %v", f, tab.Trouble())
	}
	cases := tab.Cases()
	rows, err := h.store.Bundle(ctx, tab.ID())
	must(t, err)
	if len(cases) != 4 || len(rows) != 4 || cases[0].ID != tab.ID() || rows[3].Number != cases[3].Number {
		t.Fatalf("%d cases, %d linked", len(cases), len(rows))
	}
	i := slices.IndexFunc(cases, func(c record.Case) bool { return c.Service == "saal-buchen" })
	day := cases[i].Role(record.RoleDay)
	booked, err := h.store.Bookings(ctx, cases[i].Role(record.RoleResource), day, day)
	must(t, err)
	if len(booked) != 1 || booked[0].Number != cases[i].Number {
		t.Fatalf("the hall is booked by %+v", booked)
	}
	// Somebody else wants the same hall.
	other, err := m.Start("saal-buchen")
	must(t, err)
	interview(t, other)
	settle()
	if !slices.ContainsFunc(other.Findings(), func(f capture.Finding) bool { return strings.HasSuffix(f.Text, cases[i].Number) }) {
		t.Error("nobody says that the hall is taken")
	}

	p := printer{house: h, forms: lib}
	var one, all bytes.Buffer
	must(t, p.WriteConfirmation(ctx, &one, cases[:1], "de"))
	must(t, p.WriteConfirmation(ctx, &all, cases, "de+en"))
	if !bytes.HasPrefix(all.Bytes(), []byte("%PDF")) || all.Len() < one.Len()*3/2 {
		t.Errorf("%d bytes for one confirmation, %d for four", one.Len(), all.Len())
	}
	text, err := p.MissingText(ctx, cases, []string{"de", "en"})
	must(t, err)
	for k, c := range cases {
		if asks := strings.Contains(text, c.Number); asks != (len(tab.Lacking()[k]) > 0) {
			t.Errorf("%s lacks %v, asked for: %v", c.Number, tab.Lacking()[k], asks)
		}
	}
	full := slices.IndexFunc(tab.Lacking(), func(l []string) bool { return len(l) == 0 })
	if full >= 0 {
		if _, err := p.MissingText(ctx, cases[full:full+1], []string{"de"}); !errors.Is(err, letter.ErrNothingMissing) {
			t.Errorf("nothing is missing: %v", err)
		}
	}
	report, err := h.store.Verify(ctx, nil)
	must(t, err)
	if len(report.Problems) > 0 {
		t.Error(report.Problems)
	}
}
