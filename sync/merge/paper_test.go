package merge

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"schalter/data/mark"
	"schalter/data/record"
)

func blob(name string) record.BlobRef {
	return record.BlobRef{Hash: record.HashOf([]byte(name)), Size: int64(len(name))}
}

func originals(names ...string) []record.Original {
	var out []record.Original
	for _, n := range names {
		out = append(out, record.Original{Name: n, MediaType: "image/png", Blob: blob(n)})
	}
	return out
}

func scan(id string, names ...string) record.Change {
	return change(id, "a", record.KindDocument, record.DocumentAdded{Document: record.Document{
		ID: "doc", Title: "Ausweis", Source: record.SourceScan, Shown: blob("s0"), MediaType: "application/pdf", Pages: len(names),
		Originals: originals(names...), Made: noon, User: "a",
	}})
}

func edition(id, device string, why record.Why, of, shown string, sheets []record.Sheet, o ...string) record.Change {
	return change(id, device, record.KindVersion, record.DocumentVersion{
		Document: "doc", Of: blob(of).Hash, Why: why, Shown: blob(shown), MediaType: "application/pdf", Pages: max(1, len(sheets)),
		Sheets: sheets, Originals: originals(o...),
	})
}

func marking(id, device, name, text string, gone bool) record.Change {
	return change(id, device, record.KindMark, record.DocumentMarked{Document: "doc", Gone: gone, Mark: record.Mark{
		ID: record.ID(name), Kind: record.MarkStamp, Text: text, Boxes: []record.Box{{X0: .1, Y0: .1, X1: .4, Y1: 1.2}},
	}})
}

// told is what a document shows, in one line.
func told(c record.Case) string {
	if len(c.Documents) != 1 {
		return fmt.Sprint(len(c.Documents), " documents")
	}
	d := c.Documents[0]
	names := map[record.Hash]string{"": ""}
	for i := range 10 {
		n := fmt.Sprint("s", i)
		names[blob(n).Hash] = n
	}
	s := names[d.Shown.Hash]
	for _, v := range d.Versions {
		s += " " + names[v.Shown.Hash]
	}
	for _, m := range d.Marks {
		s += " " + string(m.ID) + "=" + m.Text
	}
	if d.Trashed != nil {
		s += " trashed: " + d.Trashed.Reason
	}
	return s
}

func TestWhatBecomesOfADocument(t *testing.T) {
	pages := func(id, dev, of, shown string) record.Change {
		return edition(id, dev, record.WhyPages, of, shown, nil)
	}
	words := func(id, dev, of, shown string) record.Change {
		return edition(id, dev, record.WhyText, of, shown, nil)
	}
	trash := func(id, why string, back bool) record.Change {
		return change(id, "a", record.KindTrash, record.DocumentTrashed{Document: "doc", Reason: why, Back: back})
	}
	for name, x := range map[string]struct {
		then []record.Change
		want string
	}{
		"as filed":                      {nil, "s0"},
		"one after the other":           {[]record.Change{pages("1", "a", "s0", "s1"), pages("2", "a", "s1", "s2")}, "s2 s0 s1"},
		"two at once":                   {[]record.Change{pages("1", "a", "s0", "s1"), pages("2", "b", "s0", "s2")}, "s2 s0 s1"},
		"words of what is shown":        {[]record.Change{words("1", "a", "s0", "s1")}, "s1 s0"},
		"words of what was shown":       {[]record.Change{pages("1", "a", "s0", "s1"), words("2", "b", "s0", "s2")}, "s1 s0 s2"},
		"pages over words":              {[]record.Change{words("1", "b", "s0", "s1"), pages("2", "a", "s0", "s2")}, "s2 s0 s1"},
		"words twice":                   {[]record.Change{words("1", "a", "s0", "s1"), words("2", "b", "s0", "s2")}, "s1 s0 s2"},
		"words beside the file":         {[]record.Change{words("1", "a", "s0", "s0"), words("2", "b", "s0", "s0")}, "s0 s0 s0"},
		"the same once more":            {[]record.Change{pages("1", "a", "s0", "s1"), pages("2", "a", "s1", "s2"), pages("1", "a", "s0", "s1")}, "s2 s0 s1"},
		"marks":                         {[]record.Change{marking("1", "a", "m", "x", false), marking("2", "a", "n", "y", false), marking("3", "b", "m", "z", false)}, "s0 m=z n=y"},
		"a mark that is gone":           {[]record.Change{marking("1", "a", "m", "x", false), marking("2", "a", "m", "", true), marking("3", "b", "m", "z", false)}, "s0"},
		"gone before it came":           {[]record.Change{marking("2", "a", "m", "", true), marking("1", "b", "m", "x", false)}, "s0"},
		"trash":                         {[]record.Change{trash("1", "doppelt", false)}, "s0 trashed: doppelt"},
		"trash and back":                {[]record.Change{trash("1", "doppelt", false), trash("2", "", true)}, "s0"},
		"back and trash":                {[]record.Change{trash("2", "", true), trash("1", "doppelt", false)}, "s0 trashed: doppelt"},
		"a version of what is trashed":  {[]record.Change{trash("1", "x", false), pages("2", "b", "s0", "s1")}, "s1 s0 trashed: x"},
		"sheets of nothing":             {[]record.Change{edition("1", "a", record.WhyPages, "s0", "s1", []record.Sheet{{Original: 7}})}, "s0"},
		"a mark without a place":        {[]record.Change{change("1", "a", record.KindMark, record.DocumentMarked{Document: "doc", Mark: record.Mark{ID: "m", Kind: "stamp"}})}, "s0"},
		"a kind of mark yet to be made": {[]record.Change{change("1", "a", record.KindMark, record.DocumentMarked{Document: "doc", Mark: record.Mark{ID: "m", Kind: "seal", Text: "x", Boxes: []record.Box{{X1: 1, Y1: 1}}}})}, "s0 m=x"},
	} {
		t.Run(name, func(t *testing.T) {
			all := append([]record.Change{opened("o"), scan("paper", "p1", "p2")}, x.then...)
			c := replay(t, all...)
			if got := told(c); got != x.want {
				t.Errorf("%q, want %q", got, x.want)
			}
			// The same where the centre has placed the document last.
			late := replay(t, append(append([]record.Change{opened("o")}, x.then...), scan("paper", "p1", "p2"))...)
			if d := cmp.Diff(c.Documents, late.Documents); d != "" || len(late.Early) > 0 {
				t.Errorf("the document came last: %s", d)
			}
		})
	}
}

func TestWhoDidItIsTheOneWhoSentIt(t *testing.T) {
	m := record.Mark{ID: "m", Kind: record.MarkNote, Text: "x", User: "someone else", Boxes: []record.Box{{X1: .5, Y1: 1.5}}}
	c := replay(t, opened("o"), scan("paper", "p1"),
		change("1", "b", record.KindMark, record.DocumentMarked{Document: "doc", Mark: m}),
		change("2", "b", record.KindCheck, record.DocumentChecked{Document: "doc", Of: blob("s0").Hash, OK: true, Remark: "klar"}),
		change("3", "c", record.KindCertify, record.DocumentCertified{Document: "doc", Of: blob("s0").Hash, Number: "B-MS-1-26/00001", Copy: blob("copy"), Pages: 2}),
		change("4", "c", record.KindTrash, record.DocumentTrashed{Document: "doc", Reason: "doppelt"}))
	d := c.Documents[0]
	if d.Marks[0].User != "b" || !d.Marks[0].Time.Equal(noon) || d.Marks[0].Boxes[0].Y1 != 1 {
		t.Errorf("mark %+v", d.Marks[0])
	}
	if len(d.Checks) != 1 || d.Checks[0].User != "b" || d.Checks[0].Device != "b" || !d.Checks[0].OK || d.Checks[0].Remark != "klar" {
		t.Errorf("checks %+v", d.Checks)
	}
	if len(d.Certified) != 1 || d.Certified[0].User != "c" || d.Certified[0].Number != "B-MS-1-26/00001" {
		t.Errorf("register %+v", d.Certified)
	}
	if d.Trashed == nil || d.Trashed.User != "c" {
		t.Errorf("trash %+v", d.Trashed)
	}
	if !slices.Contains(d.Blobs(), blob("copy")) {
		t.Error("the certified copy is none of the document's files")
	}
}

// What a document says of itself when it is filed cannot stand in for what others have to say.
func TestADocumentComesWithoutChecks(t *testing.T) {
	doc := record.Document{
		ID: "doc", Shown: blob("s0"), Sheets: []record.Sheet{{Original: 3}},
		Checks:    []record.Check{{DocumentChecked: record.DocumentChecked{OK: true}, User: "friend"}},
		Certified: []record.Certified{{}}, Trashed: &record.Trashed{}, Versions: []record.Version{{}}, Unmarked: []record.ID{"m"},
		Latest: record.Made{Change: "x"}, Anchors: []record.Anchor{{Mark: record.Mark{ID: "a", Page: -1}}},
		Marks: []record.Mark{
			{ID: "m", Kind: record.MarkStamp, Boxes: []record.Box{{X1: 1, Y1: 1}}}, {ID: "m", Kind: record.MarkNote, Boxes: []record.Box{{X1: 1, Y1: 1}}}, {ID: "n"},
		},
	}
	d := replay(t, opened("o"), change("d", "a", record.KindDocument, record.DocumentAdded{Document: doc})).Documents[0]
	if len(d.Checks)+len(d.Certified)+len(d.Versions)+len(d.Unmarked)+len(d.Anchors)+len(d.Sheets) > 0 || d.Trashed != nil || d.Latest.Change != "" || len(d.Marks) != 1 {
		t.Errorf("%+v", d)
	}
	if Check(change("d", "a", record.KindDocument, record.DocumentAdded{Document: doc})) == nil {
		t.Error("sheets of originals that are not there pass the check")
	}
}

func TestWhichActsBringADeletedCaseBack(t *testing.T) {
	for name, x := range map[string]struct {
		ch   record.Change
		back bool
	}{
		"pages":    {edition("x", "b", record.WhyPages, "s0", "s1", nil), true},
		"words":    {edition("x", "b", record.WhyText, "s0", "s1", nil), false},
		"mark":     {marking("x", "b", "m", "y", false), true},
		"check":    {change("x", "b", record.KindCheck, record.DocumentChecked{Document: "doc", Of: blob("s0").Hash}), false},
		"certify":  {change("x", "b", record.KindCertify, record.DocumentCertified{Document: "doc", Of: blob("s0").Hash, Number: "B", Copy: blob("c")}), false},
		"trash":    {change("x", "b", record.KindTrash, record.DocumentTrashed{Document: "doc"}), false},
		"back":     {change("x", "b", record.KindTrash, record.DocumentTrashed{Document: "doc", Back: true}), true},
		"nonsense": {marking("x", "b", "", "y", false), false},
	} {
		c := replay(t, opened("o"), scan("paper", "p1"), change("g", "a", record.KindDelete, record.Deleted{Base: "paper"}), x.ch)
		if c.Deleted == x.back {
			t.Errorf("%s: deleted is %v", name, c.Deleted)
		}
		seen := replay(t, opened("o"), scan("paper", "p1"), x.ch, change("g", "a", record.KindDelete, record.Deleted{Base: "paper"}))
		if seen.Deleted == x.back {
			t.Errorf("%s before the deletion: deleted is %v", name, seen.Deleted)
		}
	}
}

func TestCheckPaper(t *testing.T) {
	good := edition("1", "a", record.WhyPages, "s0", "s1", []record.Sheet{{Original: 1, Turns: 3, Skew: -1.5, Crop: &record.Box{X1: .5, Y1: .5}}}, "a", "b")
	if err := Check(good); err != nil {
		t.Error(err)
	}
	v := record.DocumentVersion{Document: "d", Of: blob("a").Hash, Why: record.WhyPages, Shown: blob("b"), Pages: 1, Originals: originals("x")}
	m := record.Mark{ID: "m", Kind: record.MarkBlack, Boxes: []record.Box{{X1: 1, Y1: 1}}}
	for name, p := range map[string]any{
		"no document":          func() any { w := v; w.Document = ""; return w }(),
		"no reason":            func() any { w := v; w.Why = ""; return w }(),
		"nothing shown":        func() any { w := v; w.Shown = record.BlobRef{}; return w }(),
		"empty text":           func() any { w := v; w.Text = record.BlobRef{Hash: blob("t").Hash}; return w }(),
		"less than none":       func() any { w := v; w.Pages = -1; return w }(),
		"no such sheet":        func() any { w := v; w.Sheets = []record.Sheet{{Original: 1}}; return w }(),
		"five turns":           func() any { w := v; w.Sheets = []record.Sheet{{Turns: 5}}; return w }(),
		"upside down":          func() any { w := v; w.Sheets = []record.Sheet{{Skew: 100}}; return w }(),
		"a page like a thread": func() any { w := v; w.Sheets = []record.Sheet{{Aspect: -1}}; return w }(),
		"held five times":      func() any { w := v; w.Sheets = []record.Sheet{{Aspect: 1, Held: 5}}; return w }(),
		"nothing of it":        func() any { w := v; w.Sheets = []record.Sheet{{Crop: &record.Box{X0: .5, X1: .5, Y1: 1}}}; return w }(),
		"broken original":      func() any { w := v; w.Originals = []record.Original{{}}; return w }(),
		"mark of nothing":      record.DocumentMarked{Mark: m},
		"beside the page": func() any {
			w := m
			w.Boxes = []record.Box{{X0: 1.2, X1: 2, Y1: 1}}
			return record.DocumentMarked{Document: "d", Mark: w}
		}(),
		"before the first": func() any { w := m; w.Page = -1; return record.DocumentMarked{Document: "d", Mark: w} }(),
		"check of nothing": record.DocumentChecked{Document: "d"},
		"no number":        record.DocumentCertified{Document: "d", Of: blob("a").Hash, Copy: blob("c")},
		"no copy":          record.DocumentCertified{Document: "d", Of: blob("a").Hash, Number: "B"},
		"trash of nothing": record.DocumentTrashed{},
	} {
		if CheckPaper(p) == nil {
			t.Errorf("%s passes", name)
		}
	}
	for _, p := range []any{v, record.DocumentMarked{Document: "d", Mark: record.Mark{ID: "m"}, Gone: true}, record.Note{}} {
		if err := CheckPaper(p); err != nil {
			t.Error(err)
		}
	}
}

// office draws what several clerks do with one document of two pages, each on what she sees, and remembers
// what she meant.
type office struct {
	town
	meant   map[record.ID][]record.Hash // of each version: the originals in the order it shows them
	covered map[record.ID]covering      // by change
}

// covering is a black mark as its maker meant it.
type covering struct {
	mark record.ID
	of   record.Hash // on what
	leaf record.Hash // the page: its original, each of which has one; "" where a document does not say
}

func leaf(d record.Document, page int) record.Hash {
	if on := mark.PagesOf(d).Sheets; page < len(on) {
		return d.Originals[on[page].Original].Blob.Hash
	}
	return ""
}

func (w *office) work(t *rapid.T, d *desk) {
	c := w.view(d)
	doc := c.Documents[0]
	id := func() record.ID { return record.ID(fmt.Sprintf("%s%03d", d.name, w.next+1)) }
	switch rapid.IntRange(0, 6).Draw(t, "act") {
	case 0, 1:
		all := slices.Clone(doc.Originals)
		for range rapid.IntRange(0, 2).Draw(t, "more") {
			all = append(all, originals(rapid.SampledFrom([]string{"p1", "new", d.name + fmt.Sprint(w.next)}).Draw(t, "page"))...)
		}
		var sheets []record.Sheet
		var hashes []record.Hash
		for range rapid.IntRange(1, 4).Draw(t, "sheets") {
			o := rapid.IntRange(0, len(all)-1).Draw(t, "original")
			sheets, hashes = append(sheets, record.Sheet{Original: o}), append(hashes, all[o].Blob.Hash)
		}
		w.meant[id()] = hashes
		w.act(d, record.KindVersion, record.DocumentVersion{
			Document: "doc", Of: doc.Shown.Hash, Why: record.WhyPages, Shown: blob(fmt.Sprint(d.name, w.next)), Pages: len(sheets), Sheets: sheets, Originals: all,
		})
	case 2:
		w.act(d, record.KindVersion, record.DocumentVersion{
			Document: "doc", Of: doc.Shown.Hash, Why: record.WhyText, Shown: blob(fmt.Sprint(d.name, w.next)), Pages: doc.Pages, Text: blob(fmt.Sprint("t", w.next)),
		})
	case 3:
		m := record.Mark{
			ID: record.ID(rapid.SampledFrom([]string{"m1", "m2", "m3", "m4"}).Draw(t, "mark")), Kind: rapid.SampledFrom([]record.MarkKind{record.MarkNote, record.MarkBlack}).Draw(t, "kind"),
			Page: rapid.IntRange(0, max(0, doc.Pages-1)).Draw(t, "on"), Boxes: []record.Box{{X0: .2, Y0: .2, X1: .4, Y1: .3}}, Text: fmt.Sprint(w.next),
		}
		gone := rapid.IntRange(0, 3).Draw(t, "gone") == 0
		if m.Kind == record.MarkBlack && !gone {
			w.covered[id()] = covering{m.ID, doc.PagesOf(doc.Shown.Hash), leaf(doc, m.Page)}
		}
		w.act(d, record.KindMark, record.DocumentMarked{Document: "doc", Of: doc.Shown.Hash, Mark: m, Gone: gone})
	case 4:
		w.act(d, record.KindTrash, record.DocumentTrashed{Document: "doc", Back: rapid.Bool().Draw(t, "back")})
	case 5:
		w.act(d, record.KindCheck, record.DocumentChecked{Document: "doc", Of: doc.Shown.Hash, OK: true})
	default:
		d.pulled = max(d.pulled, len(w.log))
		if len(d.own) > 0 {
			w.push(d, rapid.IntRange(1, len(d.own)).Draw(t, "n"))
		}
	}
}

func drawPapers(t *rapid.T) *office {
	w := &office{meant: map[record.ID][]record.Hash{}, covered: map[record.ID]covering{}}
	w.log = []record.Change{opened("o"), scan("paper", "p1", "p2")}
	for _, n := range []string{"d", "e", "f"} {
		w.desks = append(w.desks, &desk{name: n, pulled: 2})
	}
	for range rapid.IntRange(1, 30).Draw(t, "steps") {
		w.work(t, rapid.SampledFrom(w.desks).Draw(t, "desk"))
	}
	for _, d := range w.desks {
		w.push(d, len(d.own))
	}
	return w
}

// Whatever the clerks do at once: every version that was made is there, once, and shows the pages its maker
// meant; no original is lost or moves; what is shown is the last that may be; a mark that is gone stays gone.
func TestNothingOfADocumentIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawPapers(t)
		var c record.Case
		made, gone, black := map[record.ID]bool{"": true}, map[record.ID]bool{}, map[record.ID]covering{}
		shown := record.Made{}
		for _, ch := range w.log {
			var before record.Document
			if len(c.Documents) > 0 {
				before = c.Documents[0]
			}
			if err := Fold(&c, ch); err != nil {
				t.Fatal(err)
			}
			if len(c.Documents) == 0 {
				continue
			}
			d := c.Documents[0]
			if !slices.Equal(before.Originals, d.Originals[:len(before.Originals)]) {
				t.Fatalf("%s moved an original", ch.ID)
			}
			if v, err := record.Decode[record.DocumentVersion](ch); err == nil && ch.Kind == record.KindVersion {
				made[ch.ID] = true
				if v.Why == record.WhyPages || v.Of == before.Shown.Hash {
					shown = record.Made{Change: ch.ID, Of: v.Of, Why: v.Why, Time: ch.Time, User: ch.User}
				}
			}
			if m, err := record.Decode[record.DocumentMarked](ch); err == nil && ch.Kind == record.KindMark {
				if m.Gone {
					gone[m.Mark.ID] = true
				}
				if delete(black, m.Mark.ID); m.Mark.Kind == record.MarkBlack && !gone[m.Mark.ID] {
					black[m.Mark.ID] = w.covered[ch.ID]
				}
			}
			stillCovered(t, d, black)
			if d.Latest != shown {
				t.Fatalf("after %s the version of %+v is shown, not of %+v", ch.ID, d.Latest, shown)
			}
			for _, m := range d.Marks {
				if gone[m.ID] {
					t.Fatalf("mark %s came back with %s", m.ID, ch.ID)
				}
			}
		}
		d := c.Documents[0]
		all := append(slices.Clone(d.Versions), Shown(d))
		for _, v := range all {
			if !made[v.Change] {
				t.Fatalf("version %q is there twice, or nobody made it", v.Change)
			}
			delete(made, v.Change)
			meant, ok := w.meant[v.Change]
			if !ok {
				continue
			}
			var shows []record.Hash
			for _, s := range v.Sheets {
				shows = append(shows, d.Originals[s.Original].Blob.Hash)
			}
			if !slices.Equal(meant, shows) {
				t.Fatalf("version %s shows %v, its maker meant %v", v.Change, shows, meant)
			}
		}
		if len(made) > 0 {
			t.Fatalf("versions %v are lost", made)
		}
	})
}

// stillCovered holds that every page a clerk blackened something on is blackened there, wherever it is shown now.
func stillCovered(t *rapid.T, d record.Document, black map[record.ID]covering) {
	for id, c := range black {
		on := map[int]bool{}
		for _, m := range d.Marks {
			if m.ID == id && m.Kind == record.MarkBlack {
				on[m.Page] = true
			}
		}
		for i := range d.Pages {
			page := leaf(d, i)
			known := c.leaf != "" && page != ""
			switch {
			case c.of == d.PagesOf(d.Shown.Hash): // as it was put
			case known && page == c.leaf && !on[i] && !twice(d, page):
				t.Fatalf("page %d is not covered any more by %s: %+v", i, id, d.Marks)
			case !known && !on[i]:
				t.Fatalf("page %d may be the one that %s covered: %+v", i, id, d.Marks)
			}
		}
		if c.of == d.PagesOf(d.Shown.Hash) && len(on) != 1 {
			t.Fatalf("%s is on %v, where it was put on one", id, on)
		}
	}
}

// twice reports whether the same file came as two pages: these are told apart by their place only.
func twice(d record.Document, h record.Hash) bool {
	n := 0
	for _, o := range d.Originals {
		if o.Blob.Hash == h {
			n++
		}
	}
	return n > 1
}

// After the centre was restored it may place a document behind everything that was said of it.
func TestADocumentMayComeLast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawPapers(t)
		a, err := Replay(w.log)
		if err != nil {
			t.Fatal(err)
		}
		at := rapid.IntRange(1, len(w.log)-1).Draw(t, "at")
		log := slices.Clone(w.log)
		log = slices.Insert(slices.Delete(log, 1, 2), at, w.log[1])
		var b record.Case
		for _, ch := range log {
			if err := Fold(&b, ch); err != nil {
				t.Fatal(err)
			}
			if rapid.Bool().Draw(t, "kept") {
				b = stored(t, b)
			}
		}
		if d := cmp.Diff(stored(t, a).Documents, stored(t, b).Documents); d != "" || len(b.Early) > 0 {
			t.Fatal(d)
		}
	})
}
