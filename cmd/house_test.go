// Package cmd_test holds the rules of the house that no compiler checks: who may import whom, that every
// room says what it is for, and that every dependency's licence fits the AGPL.
package cmd_test

import (
	"encoding/json"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// rule says that no package below room may depend on anything that begins with forbidden.
type rule struct {
	room      string // import path or its beginning, within the module
	forbidden []string
	except    []string // rooms below room that are free of this rule
	why       string
}

var screens = []string{"ui/queue", "ui/capture", "ui/casefile", "ui/find", "ui/outbox", "ui/conflict", "ui/lock", "ui/forms", "ui/editor", "ui/tray", "ui/scanners", "ui/checks"}

func rules() []rule {
	pure := func(room string) rule {
		return rule{
			room: room, except: []string{"data/form/formtest"}, forbidden: []string{"schalter/ui", "schalter/cmd", "schalter/data/store", "schalter/data/blob", "schalter/data/vault", "schalter/data/scan", "fyne.io/", "modernc.org/sqlite", "database/sql", "net/http", "os/exec"},
			why: "a pure room holds rules only, so that desk, centre and web page can share it",
		}
	}
	r := []rule{
		{room: "data/record", forbidden: []string{"schalter/", "github.com/klauspost", "golang.org/x"}, why: "record is the leaf everybody stands on"},
		{room: "data/durable", forbidden: []string{"schalter/data/store", "schalter/data/vault", "schalter/data/blob", "schalter/sync", "database/sql"}, why: "desk and centre both stand on it"},
		{room: "assets", forbidden: []string{"schalter/"}, why: "assets only carry files"},
		{room: "data", forbidden: []string{"schalter/ui", "schalter/cmd", "fyne.io/"}, why: "data must run without a screen"},
		{room: "data", except: []string{"data/pdf/preview"}, forbidden: []string{"github.com/gen2brain/go-fitz"}, why: "MuPDF runs only in the sandboxed preview"},
		{room: "data/scan/escl", forbidden: []string{"schalter/data/scan/sane", "schalter/data/scan/folder", "schalter/data/scan/wia", "schalter/data/scan/fleet", "schalter/data/scan/profile", "schalter/data/store", "schalter/data/blob", "schalter/data/vault", "os/exec"}, why: "a driver knows its device, no other driver and no store"},
		{room: "data/scan/button", forbidden: []string{"schalter/data/scan/sane", "schalter/data/scan/escl", "schalter/data/scan/folder", "schalter/data/scan/wia", "schalter/data/scan/fleet", "schalter/data/store", "os/exec", "net/http"}, why: "it listens through the drivers' contract and starts nothing itself"},
		{room: "data/recognize", forbidden: []string{"schalter/data/store", "schalter/data/blob", "schalter/data/vault", "schalter/data/scan", "schalter/data/pdf", "database/sql", "net/http", "os/exec"}, why: "the queue knows its stores by interface; only data/page/ocr starts a program"},
		{room: "sync", forbidden: []string{"schalter/ui", "schalter/cmd", "fyne.io/", "github.com/gen2brain/go-fitz"}, why: "the centre builds without cgo and without a screen"},
		{room: "sync/engine", forbidden: []string{"schalter/data/store", "schalter/data/blob", "schalter/sync/server", "database/sql"}, why: "the engine knows its store by interface, so that it can be simulated"},
		{room: "sync/server", forbidden: []string{"schalter/sync/engine", "schalter/sync/transport", "schalter/data/store", "schalter/data/vault"}, why: "the centre is not a desk"},
		{room: "cmd/schalterd", forbidden: []string{"fyne.io/", "github.com/gen2brain/go-fitz", "schalter/ui/desk"}, why: "the centre is one binary without cgo"},
		{room: "ui", forbidden: []string{"schalter/cmd", "schalter/data/store", "schalter/data/vault", "schalter/data/blob", "schalter/sync/engine", "schalter/sync/transport", "schalter/sync/server", "modernc.org/sqlite", "database/sql"}, why: "screens take small interfaces, they never open a store or a connection"},
		{room: "data/page", except: []string{"data/page/ocr", "data/page/code"}, forbidden: []string{"schalter/data/store", "schalter/data/blob", "schalter/data/pdf", "schalter/data/scan", "os/exec", "net/http"}, why: "it looks at pixels only"},
		{room: "ui/i18n", forbidden: []string{"fyne.io/"}, why: "commands without a window speak the same language"},
		{room: "ui/tryout", forbidden: []string{"schalter/ui/capture", "schalter/ui/desk", "os/exec", "net/http"}, why: "what is tried has nothing behind it"},
		{room: "ui/command", forbidden: []string{"schalter/data", "schalter/sync"}, why: "the command list knows keys, not matters"},
		{room: "data/rendition", forbidden: []string{"schalter/data/store", "schalter/data/blob", "schalter/data/vault", "schalter/data/pdf/preview", "os/exec", "net/http"}, why: "renditions are made of bytes and a viewer that are handed in"},
		{room: "sync/merge", forbidden: []string{"schalter/sync/", "schalter/data/store"}, why: "merging is pure: case and change in, case out"},
	}
	for _, p := range []string{"data/form", "data/search", "data/party", "data/sorting", "data/mark", "data/pdf/g4", "data/pdf/jpg", "sync/merge"} {
		r = append(r, pure(p))
	}
	for _, s := range screens {
		var others []string
		for _, o := range screens {
			if o != s {
				others = append(others, "schalter/"+o)
			}
		}
		r = append(r, rule{room: s, forbidden: append(others, "schalter/ui/desk", "os/exec", "net/http"), why: "a screen never knows another screen; the desk does"})
		for _, part := range []string{"ui/pagetable", "ui/stack"} {
			r = append(r, rule{room: part, forbidden: []string{"schalter/" + s}, why: "a part that several screens share knows none of them"})
		}
	}
	return r
}

type pkg struct {
	ImportPath string
	Dir        string
	Deps       []string
	GoFiles    []string
	Imports    []string
}

func list(t *testing.T, args ...string) []pkg {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-deps", "-json=ImportPath,Dir,Deps,GoFiles,Imports"}, args...)...)
	cmd.Dir = ".."
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var p pkg
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func below(path, room string) bool { return path == room || strings.HasPrefix(path, room+"/") }

// std tells whether a dependency is reached only through a library: rules about the standard library
// concern what a room itself imports.
func direct(p pkg, dep string) bool {
	return slices.Contains(p.Imports, dep)
}

func TestRoomsImportOnlyWhatTheyMay(t *testing.T) {
	for _, p := range list(t, "./...") {
		path, ours := strings.CutPrefix(p.ImportPath, "schalter/")
		if !ours {
			continue
		}
	next:
		for _, r := range rules() {
			if !below(path, r.room) {
				continue
			}
			for _, e := range r.except {
				if below(path, e) {
					continue next
				}
			}
			for _, dep := range p.Deps {
				if below(dep, "schalter/"+path) || below("schalter/"+r.room, dep) {
					continue
				}
				for _, f := range r.forbidden {
					std := !strings.Contains(strings.SplitN(f, "/", 2)[0], ".") && !strings.HasPrefix(f, "schalter")
					if std && !direct(p, dep) {
						continue
					}
					if dep == strings.TrimSuffix(f, "/") || strings.HasPrefix(dep, strings.TrimSuffix(f, "/")+"/") {
						if below(strings.TrimPrefix(dep, "schalter/"), r.room) && strings.HasPrefix(dep, "schalter/") {
							continue
						}
						t.Errorf("%s must not depend on %s: %s", path, dep, r.why)
					}
				}
			}
		}
	}
}

func TestEveryRoomSaysWhatItIsFor(t *testing.T) {
	for _, p := range list(t, "./...") {
		if !strings.HasPrefix(p.ImportPath, "schalter/") || len(p.GoFiles) == 0 {
			continue
		}
		var doc strings.Builder
		for _, f := range p.GoFiles {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, f), nil, parser.ParseComments|parser.PackageClauseOnly)
			if err != nil {
				t.Fatal(err)
			}
			if file.Doc != nil {
				doc.WriteString(file.Doc.Text())
			}
		}
		if len(doc.String()) < 120 || !strings.Contains(doc.String(), "never") {
			t.Errorf("%s: the package comment must say what it is for, what it promises and what it never does", p.ImportPath)
		}
	}
}

// licences that may be linked into a program under AGPL-3.0-or-later.
var licences = []struct {
	name string
	text *regexp.Regexp
}{
	{"MIT", regexp.MustCompile(`(?i)permission is hereby granted, free of charge`)},
	{"BSD", regexp.MustCompile(`(?i)redistribution and use in source and binary forms`)},
	{"Apache-2.0", regexp.MustCompile(`(?i)apache license\s+version 2\.0`)},
	{"ISC", regexp.MustCompile(`(?i)permission to use, copy, modify, and/or distribute`)},
	{"AGPL-3.0", regexp.MustCompile(`(?i)gnu affero general public license`)},
	{"MPL-2.0", regexp.MustCompile(`(?i)mozilla public license,? version 2\.0|Mozilla Public License Version 2\.0`)},
	{"Unlicense", regexp.MustCompile(`(?i)this is free and unencumbered software`)},
}

func TestLicencesOfDependenciesFit(t *testing.T) {
	cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.SplitSeq(strings.TrimSpace(string(out)), "\n") {
		f := strings.Split(line, "\t")
		if len(f) != 3 || seen[f[0]] {
			continue
		}
		seen[f[0]] = true
		if name := licenceOf(t, f[2]); name == "" {
			t.Errorf("%s %s: no licence that fits AGPL-3.0-or-later found in its folder", f[0], f[1])
		} else {
			t.Logf("%-45s %-12s %s", f[0], f[1], name)
		}
	}
	if len(seen) < 5 {
		t.Fatalf("only %d modules seen", len(seen))
	}
}

func licenceOf(t *testing.T, dir string) string {
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		n := strings.ToUpper(f.Name())
		if f.IsDir() || !strings.HasPrefix(n, "LICEN") && !strings.HasPrefix(n, "COPYING") && !strings.HasPrefix(n, "UNLICENSE") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range licences {
			if l.text.Match(b) {
				return l.name
			}
		}
	}
	return ""
}
