package transfer_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"schalter/data/record"
	"schalter/data/transfer"
)

func TestWhenAPaperMayBeDestroyed(t *testing.T) {
	check := func(user, of string, ok bool) record.Check {
		return record.Check{DocumentChecked: record.DocumentChecked{Of: files(of)[0].Blob.Hash, OK: ok}, User: user}
	}
	// Each knows of what was said before her.
	checks := func(all ...record.Check) func(*record.Document) {
		return func(d *record.Document) {
			for i, c := range all {
				c.DocumentChecked = transfer.Knowing(*d, c.DocumentChecked)
				c.Change = record.ID(fmt.Sprint("check", i))
				d.Checks = append(d.Checks, c)
			}
		}
	}
	unvouched := func(d *record.Document) {
		n := scan()
		n.Transfer.Match = false
		*d = transfer.Sign(n, desk(), "s")
	}
	unaware := func(all ...record.Check) func(*record.Document) { // two desks at once
		return func(d *record.Document) {
			for i := range all {
				all[i].Change = record.ID(fmt.Sprint("check", i))
			}
			d.Checks = all
		}
	}
	words := func(d *record.Document) {
		old := record.Version{Shown: d.Shown}
		d.Latest = record.Made{Change: "c", Why: record.WhyText, Of: d.Shown.Hash}
		d.Shown, d.Versions = files("with words")[0].Blob, []record.Version{old}
	}
	for name, x := range map[string]struct {
		do   []func(*record.Document)
		want transfer.Need
	}{
		"fresh":                 {nil, transfer.NeedCheck},
		"checked by another":    {[]func(*record.Document){checks(check("yildiz", "shown", true))}, transfer.NeedNothing},
		"by the one who filed":  {[]func(*record.Document){checks(check("filer", "shown", true))}, transfer.NeedNothing},
		"by herself":            {[]func(*record.Document){checks(check("weber", "shown", true))}, transfer.NeedOther},
		"by herself in capital": {[]func(*record.Document){checks(check(" Weber ", "shown", true))}, transfer.NeedOther},
		"by nobody":             {[]func(*record.Document){checks(check("", "shown", true))}, transfer.NeedOther},
		"herself, then another": {[]func(*record.Document){checks(check("weber", "shown", true), check("yildiz", "shown", true))}, transfer.NeedNothing},
		"objected":              {[]func(*record.Document){checks(check("yildiz", "shown", false))}, transfer.NeedMend},
		"good, then objected":   {[]func(*record.Document){checks(check("yildiz", "shown", true), check("klein", "shown", false))}, transfer.NeedMend},
		"objected by herself":   {[]func(*record.Document){checks(check("yildiz", "shown", true), check("weber", "shown", false))}, transfer.NeedMend},
		"objected, then good":   {[]func(*record.Document){checks(check("yildiz", "shown", false), check("klein", "shown", true))}, transfer.NeedNothing},
		"objected, she says no": {[]func(*record.Document){checks(check("yildiz", "shown", false), check("weber", "shown", true))}, transfer.NeedMend},
		"other pages since":     {[]func(*record.Document){checks(check("yildiz", "before", true))}, transfer.NeedCheck},
		"objection mended":      {[]func(*record.Document){checks(check("yildiz", "before", false), check("yildiz", "shown", true))}, transfer.NeedNothing},
		"words since":           {[]func(*record.Document){checks(check("yildiz", "shown", true)), words}, transfer.NeedNothing},
		"words since, objected": {[]func(*record.Document){checks(check("yildiz", "shown", true), check("yildiz", "with words", false)), words}, transfer.NeedMend},
		"pages since": {[]func(*record.Document){checks(check("yildiz", "shown", true)), words, func(d *record.Document) {
			d.Latest.Why = record.WhyPages
		}}, transfer.NeedCheck},
		"at once, bad last":  {[]func(*record.Document){unaware(check("yildiz", "shown", true), check("klein", "shown", false))}, transfer.NeedMend},
		"at once, good last": {[]func(*record.Document){unaware(check("klein", "shown", false), check("yildiz", "shown", true))}, transfer.NeedMend},
		"no match":           {[]func(*record.Document){unvouched}, transfer.NeedMatch},
		"vouched by another": {[]func(*record.Document){unvouched, checks(check("yildiz", "shown", true))}, transfer.NeedMatch},
		"vouched later":      {[]func(*record.Document){unvouched, checks(check("weber", "shown", true))}, transfer.NeedOther},
		"vouched, checked":   {[]func(*record.Document){unvouched, checks(check("weber", "shown", true), check("yildiz", "shown", true))}, transfer.NeedNothing},
		"checked, vouched":   {[]func(*record.Document){unvouched, checks(check("yildiz", "shown", true), check("weber", "shown", true))}, transfer.NeedNothing},
		"vouched for before": {[]func(*record.Document){unvouched, checks(check("yildiz", "shown", true), check("weber", "before", true))}, transfer.NeedMatch},
		"objected, no match": {[]func(*record.Document){unvouched, checks(check("yildiz", "shown", false))}, transfer.NeedMend},
		"an import":          {[]func(*record.Document){func(d *record.Document) { d.Transfer = nil }}, transfer.NeedNote},
		"altered":            {[]func(*record.Document){func(d *record.Document) { n := *d.Transfer; n.User = "yildiz"; d.Transfer = &n }}, transfer.NeedSound},
		"unsigned":           {[]func(*record.Document){func(d *record.Document) { *d = scan() }}, transfer.NeedSound},
		"in the trash":       {[]func(*record.Document){checks(check("yildiz", "shown", true)), func(d *record.Document) { d.Trashed = &record.Trashed{} }}, transfer.NeedCase},
		"nobody scanned":     {[]func(*record.Document){func(d *record.Document) { n := scan(); n.Transfer.User = ""; *d = transfer.Sign(n, desk(), "s") }, checks(check("yildiz", "shown", true))}, transfer.NeedOther},
	} {
		d := signed(t)
		for _, f := range x.do {
			f(&d)
		}
		if got := transfer.ToDestroy(d); got != x.want {
			t.Errorf("%s: %q, want %q", name, got, x.want)
		}
	}
}

// Whatever is said in whatever order, by desks that know of each other or not: a paper is free only if somebody else
// found good what is shown, and every objection was known to somebody who found it good after all.
func TestNobodyFreesHerOwnScan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := signed(t)
		passed := false
		open := map[record.ID]bool{}
		for i := range rapid.IntRange(0, 8).Draw(t, "checks") {
			c := record.Check{Change: record.ID(fmt.Sprint(i)), User: rapid.SampledFrom([]string{"weber", "WEBER", "yildiz", "klein", ""}).Draw(t, "user")}
			c.OK, c.Of = rapid.Bool().Draw(t, "ok"), rapid.SampledFrom([]record.Hash{d.Shown.Hash, "other"}).Draw(t, "of")
			knows := rapid.Bool().Draw(t, "knows")
			if knows {
				c.DocumentChecked = transfer.Knowing(d, c.DocumentChecked)
			}
			d.Checks = append(d.Checks, c)
			other := c.User == "yildiz" || c.User == "klein"
			switch {
			case c.Of != d.Shown.Hash:
			case !c.OK:
				open[c.Change] = true
			case other:
				passed = true
				if knows {
					clear(open)
				}
			}
		}
		want := passed && len(open) == 0
		if got := transfer.ToDestroy(d) == transfer.NeedNothing; got != want {
			t.Fatalf("free is %v, want %v: %+v", got, want, d.Checks)
		}
		at := transfer.PlaceOf(d)
		if (at == transfer.PlaceFree) != want || (at == transfer.PlaceBlocked) != (len(open) > 0) {
			t.Fatalf("it stands at %v", at)
		}
		// The order in which a desk hears of them is all the same.
		for i := range d.Checks {
			j := rapid.IntRange(0, i).Draw(t, "swap")
			d.Checks[i], d.Checks[j] = d.Checks[j], d.Checks[i]
		}
		if got := transfer.ToDestroy(d) == transfer.NeedNothing; got != want {
			t.Fatalf("in another order free is %v: %+v", got, d.Checks)
		}
	})
}

func TestWhoMayPassAScan(t *testing.T) {
	d := signed(t)
	if !transfer.MayPass(d, "yildiz") || transfer.MayPass(d, " WEBER") || transfer.MayPass(d, "") || transfer.MayPass(record.Document{}, "yildiz") {
		t.Error("who may pass a scan that is vouched for")
	}
	d.Transfer.Match = false
	if !transfer.MayPass(d, "weber") || transfer.MayPass(d, "") {
		t.Error("the person who scanned may vouch for it")
	}
	d.Checks = []record.Check{{DocumentChecked: record.DocumentChecked{OK: true, Of: d.Shown.Hash}, User: "weber"}}
	if transfer.MayPass(d, "weber") || !transfer.Vouched(d) {
		t.Error("she vouches for it twice")
	}
	if transfer.Folded("  M.  Weber ") != transfer.Folded("m. WEBER") || transfer.Self("", "") || transfer.Other("Yıldız", "YILDIZ") {
		t.Error("names")
	}
}

func TestAShareIsDrawn(t *testing.T) {
	drawn := 0
	for i := range 2000 {
		d := signed(t)
		d.ID = record.ID(fmt.Sprint(i))
		if n := transfer.Draw(d); n < 0 || n > 99 || transfer.Drawn(d, n) || !transfer.Drawn(d, n+1) {
			t.Fatalf("drawn is %d", n)
		}
		if transfer.Drawn(d, 0) || !transfer.Drawn(d, 100) {
			t.Fatal("none or all are not none or all")
		}
		if transfer.Drawn(d, 10) {
			drawn++
			if !transfer.Drawn(d, 20) {
				t.Fatal("a larger share leaves out what a smaller one draws")
			}
		}
	}
	if drawn < 140 || drawn > 260 {
		t.Errorf("%d of 2000 are drawn as 10 %%", drawn)
	}
	if transfer.Drawn(record.Document{ID: "import"}, 100) {
		t.Error("what is no scan is drawn")
	}
}
