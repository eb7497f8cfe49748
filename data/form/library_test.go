package form

import (
	"strings"
	"sync"
	"testing"

	"schalter/data/record"
)

// version is the small form under a version, with a title that tells contents apart.
func version(t *testing.T, v, title string) *Form {
	t.Helper()
	return parse(t, versionFile(v, title))
}

func versionFile(v, title string) string {
	s := strings.Replace(small, `"version": "1.0.0"`, `"version": "`+v+`"`, 1)
	return strings.Replace(s, `"title": {"de": "Klein"}`, `"title": {"de": "`+title+`"}`, 1)
}

func TestLibraryOffersTheNewestAndKeepsTheOthers(t *testing.T) {
	base := &Library{}
	one := version(t, "1.0", "eingebaut")
	if err := base.Add(one); err != nil {
		t.Fatal(err)
	}
	two, ten := version(t, "1.2", "neu"), version(t, "1.10", "neuer")
	l := base.With(ten, two)
	if f, err := l.Latest("klein"); err != nil || f != ten {
		t.Fatalf("%v %v", f, err)
	}
	for _, f := range []*Form{one, two, ten} {
		if got, err := l.Get(f.Ref()); err != nil || got != f {
			t.Errorf("%s: %v %v", f.Version, got, err)
		}
	}
	if f, err := base.Latest("klein"); err != nil || f != one {
		t.Errorf("the base was altered: %v %v", f, err)
	}

	// The authority's form takes the place of a built-in one of the same version; old cases keep theirs.
	own := version(t, "1", "von uns")
	l = base.With(own)
	if f, _ := l.Latest("klein"); f != own {
		t.Errorf("latest is %q", f.Title.In("de"))
	}
	if f, err := l.Get(one.Ref()); err != nil || f != one {
		t.Errorf("%v %v", f, err)
	}

	l.Retire("klein")
	if _, err := l.Latest("klein"); record.CodeOf(err) != record.CodeFormRetired || len(l.All()) != 0 {
		t.Errorf("retired: %v, offered %v", err, l.All())
	}
	if f, err := l.Get(own.Ref()); err != nil || f != own {
		t.Errorf("retired: %v %v", f, err)
	}

	clash := version(t, "1", "doppelt")
	l.Keep(clash)
	if f, err := l.Get(clash.Ref()); err != nil || f != clash {
		t.Errorf("kept: %v %v", f, err)
	}
}

func TestSucceeds(t *testing.T) {
	one, two := version(t, "1.2", "x"), version(t, "1.10", "x")
	l := (&Library{}).With(one, two)
	for _, x := range []struct {
		f    *Form
		want record.Code
	}{
		{one, ""},
		{two, ""},
		{version(t, "1.11", "x"), ""},
		{version(t, "1.2", "y"), record.CodeFormVersionTaken},
		{version(t, "1.10.0", "x"), record.CodeFormVersionTaken},
		{version(t, "1.9", "x"), record.CodeFormNotNewer},
		{version(t, "1", "x"), record.CodeFormNotNewer},
	} {
		if err := l.Succeeds(x.f.Ref()); record.CodeOf(err) != x.want {
			t.Errorf("%s %q: %v, want %q", x.f.Version, x.f.Title.In("de"), err, x.want)
		}
	}
	if err := l.Succeeds(record.FormRef{ID: "other", Version: "0.1"}); err != nil {
		t.Error(err)
	}
}

func TestLibraryIsReplacedUnderItsUsers(t *testing.T) {
	live, old, fresh := &Library{}, (&Library{}).With(version(t, "1", "alt")), (&Library{}).With(version(t, "2", "neu"))
	live.Replace(old)
	var users sync.WaitGroup
	for range 4 {
		users.Go(func() {
			for range 200 {
				if f, err := live.Latest("klein"); err != nil || f.Version != "1" && f.Version != "2" {
					t.Errorf("%v %v", f, err)
				}
				live.All()
			}
		})
	}
	for range 100 {
		live.Replace(fresh)
		live.Replace(old)
	}
	users.Wait()
	live.Replace(fresh)
	if f, err := live.Latest("klein"); err != nil || f.Version != "2" {
		t.Errorf("%v %v", f, err)
	}
	if _, err := live.Get(version(t, "1", "alt").Ref()); record.CodeOf(err) != record.CodeFormUnknown {
		t.Errorf("what was replaced is still there: %v", err)
	}
}

func TestAdmitTakesOnlyWhatWasPublished(t *testing.T) {
	file := []byte(versionFile("2", "Hund"))
	ref := version(t, "2", "Hund").Ref()
	if f, err := Admit(ref, file); err != nil || f.Ref() != ref {
		t.Fatalf("%v %v", f, err)
	}
	other := ref
	other.Version = "3"
	unresolved := strings.Replace(string(file), `"rules": [`, `"rules": [{"rule": "offen", "do": "unresolved", "on": ["a/name"], "text": {"de": "Nur wenn nötig."}},`, 1)
	open := parse(t, unresolved)
	for name, x := range map[string]struct {
		ref  record.FormRef
		file string
		want record.Code
	}{
		"another version":  {other, string(file), record.CodeFormRefused},
		"another content":  {ref, versionFile("2", "Katze"), record.CodeFormRefused},
		"undecided rules":  {open.Ref(), unresolved, record.CodeFormRefused},
		"no form":          {ref, "{}", record.CodeFormTooNew},
		"a newer language": {ref, strings.Replace(string(file), `"mul"`, `"hyper"`, 1), record.CodeFormTooNew},
	} {
		if f, err := Admit(x.ref, []byte(x.file)); record.CodeOf(err) != x.want || f != nil {
			t.Errorf("%s: %v %v", name, f, err)
		}
	}
	if err := Publishable(open); record.CodeOf(err) != record.CodeFormUnresolved {
		t.Error(err)
	}
}
