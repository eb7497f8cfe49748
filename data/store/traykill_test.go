package store_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"schalter/data/record"
	"schalter/data/sorting"
	"schalter/data/store"
)

// trayDir names the environment variable that makes the test binary a victim that scans into the tray.
const trayDir = "SCHALTER_TRAY_VICTIM"

// trayVictim scans stacks, decides about pages and files them, and says after each step what was acknowledged.
func trayVictim(dir string) {
	ctx := context.Background()
	must := func(err error) {
		if err != nil {
			fmt.Println("FAILED", err)
			os.Exit(1)
		}
	}
	ack := func(a ...any) { fmt.Println(append([]any{"ACK"}, a...)...) }
	s, err := store.Create(ctx, dir, options())
	must(err)
	id, err := s.Identity(ctx)
	must(err)
	id.Office, id.Desk = "MS", 1
	must(s.SetIdentity(ctx, id))
	c := record.NewID()
	_, err = s.Submit(ctx, "", opening(c))
	must(err)
	ack("open", c)
	for range 3 {
		st := sorting.Stack{ID: record.NewID(), User: "weber"}
		must(s.BeginTray(ctx, st))
		var pages []sorting.Page
		for range 4 {
			p := sorting.Page{ID: record.NewID()}
			p.Original = record.Original{Name: "seite.jpg", MediaType: "image/jpeg", Blob: record.BlobRef{Hash: record.HashOf([]byte(p.ID)), Size: 1}}
			p, err = s.AddTrayPage(ctx, st.ID, p)
			must(err)
			ack("page", p.ID)
			must(s.ChangeTray(ctx, []record.ID{p.ID}, func(p *sorting.Page) { p.Read = true }))
			p.Read = true
			pages = append(pages, p)
			ack("read", p.ID)
		}
		for _, some := range [][]sorting.Page{pages[:2], pages[2:3]} {
			doc := record.Document{ID: record.NewID(), Title: "Nachweis", Source: record.SourceScan}
			for _, p := range some {
				doc.Originals = append(doc.Originals, record.Original{Name: "seite.jpg", MediaType: "image/jpeg", Blob: record.BlobRef{Hash: record.HashOf([]byte(p.ID)), Size: 1}})
			}
			doc.Shown = doc.Originals[0].Blob
			must(s.FileTray(ctx, some, record.Edit{Case: c, Kind: record.KindDocument, User: "weber", Payload: record.DocumentAdded{Document: doc}}))
			for _, p := range some {
				ack("filed", p.ID)
			}
		}
		must(s.EndTray(ctx, st.ID, false))
	}
	must(s.Close())
	ack("closed")
}

// TestTrayKill kills the desk at system calls that write: every page that was acknowledged is in the tray or in
// the case, and in one of them only.
func TestTrayKill(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed; it is needed to kill at a chosen system call")
	}
	step, killed, runs := 40, 0, 0
	if os.Getenv("SCHALTER_LONG") != "" {
		step = 3
	}
	for at := 15; ; at += step {
		dir := t.TempDir()
		cmd := exec.CommandContext(t.Context(), strace, "-f", "-qq", "-o", os.DevNull, "-e", "trace=pwrite64",
			"-e", fmt.Sprintf("inject=pwrite64:signal=KILL:when=%d", at), os.Args[0])
		cmd.Env = append(os.Environ(), trayDir+"="+dir)
		var out, trouble bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &trouble
		err := cmd.Run()
		if strings.Contains(trouble.String(), "PTRACE") {
			t.Skipf("tracing is not permitted here: %s", trouble.String())
		}
		if bytes.Contains(out.Bytes(), []byte("FAILED")) || strings.Contains(trouble.String(), "panic") {
			t.Fatalf("%v\n%s\n%s", err, out.Bytes(), trouble.Bytes())
		}
		runs++
		if bytes.Contains(out.Bytes(), []byte("ACK closed")) {
			break
		}
		killed++
		if bytes.Contains(out.Bytes(), []byte("ACK open")) {
			lookTray(t, dir, out.Bytes())
		}
	}
	if killed == 0 {
		t.Errorf("none of %d runs was killed", runs)
	}
	t.Logf("killed at %d points", killed)
}

func lookTray(t *testing.T, dir string, out []byte) {
	t.Helper()
	ctx := t.Context()
	said := map[string]map[record.ID]bool{"page": {}, "read": {}, "filed": {}}
	var matter record.ID
	for sc := bufio.NewScanner(bytes.NewReader(out)); sc.Scan(); {
		f := strings.Fields(sc.Text())
		if f[1] == "open" {
			matter = record.ID(f[2])
		} else {
			said[f[1]][record.ID(f[2])] = true
		}
	}
	s, err := store.Open(ctx, dir, options())
	check(t, err)
	defer s.Close()
	r, err := s.Verify(ctx, nil)
	check(t, err)
	for _, p := range r.Problems {
		t.Error(p)
	}
	places := map[record.Hash]int{}
	c, err := s.Case(ctx, matter)
	check(t, err)
	for _, d := range c.Documents {
		for _, o := range d.Originals {
			places[o.Blob.Hash] += 100
		}
	}
	stacks, err := s.Tray(ctx)
	check(t, err)
	for _, st := range stacks {
		for _, p := range st.Pages {
			if p.Filed != "" {
				continue
			}
			places[p.Original.Blob.Hash]++
			if said["read"][p.ID] && !p.Read {
				t.Errorf("what was read on page %s is forgotten", p.ID)
			}
		}
	}
	for id := range said["page"] {
		switch n := places[record.HashOf([]byte(id))]; {
		case n != 1 && n != 100:
			t.Errorf("page %s is in %d places of the tray and %d documents", id, n%100, n/100)
		case said["filed"][id] && n != 100:
			t.Errorf("page %s was filed and is in the tray", id)
		}
	}
	if len(places) > len(said["page"])+1 {
		t.Errorf("%d pages, acknowledged were %d", len(places), len(said["page"]))
	}
	files, err := s.TrayFiles(ctx)
	check(t, err)
	for _, h := range files {
		if places[h]%100 == 0 {
			t.Errorf("file %s is needed for no page", h)
		}
	}
}
