package store_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"schalter/data/record"
	"schalter/data/store"
)

const victimDir = "SCHALTER_STORE_VICTIM"

// other is the desk whose changes the victim receives.
const other = record.ID("0199d7a0-0000-7000-8000-00000000000b")

// victim does the store work of the journey again and again and says on stdout what was acknowledged,
// until it is killed or done.
func victim(dir string) {
	runtime.LockOSThread() // so that system calls are counted on one thread
	ctx := context.Background()
	must := func(err error) {
		if err != nil {
			fmt.Println("FAILED", err)
			os.Exit(1)
		}
	}
	ack := func(a ...any) { _, _ = fmt.Fprintln(os.Stdout, append([]any{"ACK"}, a...)...) }
	s, err := store.Open(ctx, dir, options())
	if record.CodeOf(err) == record.CodeStoreMissing {
		s, err = store.Create(ctx, dir, options())
	}
	must(err)
	id, err := s.Identity(ctx)
	must(err)
	id.Office, id.Desk = "MS", 1
	must(s.SetIdentity(ctx, id))
	ack("open", id.Device)
	var foreign record.Change
	seq := uint64(0)
	for round := range 4 {
		d := record.Draft{ID: record.NewID(), User: "weber", Values: filled()}
		for k := range 3 {
			d.Focus = fmt.Sprint(k)
			must(s.SaveDraft(ctx, d))
			ack("draft", d.ID, k)
		}
		c := record.NewID()
		doc := record.Document{
			ID: record.NewID(), Title: "Nachweis", Shown: record.BlobRef{Hash: record.HashOf([]byte(c)), Size: 1},
			Text: record.BlobRef{Hash: record.HashOf([]byte(c + "t")), Size: 1},
		}
		made, err := s.Submit(ctx, d.ID, append(opening(c), record.Edit{Case: c, Kind: record.KindDocument, User: "weber", Payload: record.DocumentAdded{Document: doc}}))
		must(err)
		ack("case", c, made.Number, d.ID)
		must(s.IndexText(ctx, doc.ID, "", []string{strings.Repeat("Versicherungsschein ", 50), "Seite zwei"}))
		ack("text", c)
		for k := range 2 {
			_, err = s.Apply(ctx, record.Edit{Case: c, Kind: record.KindNote, User: "weber", Payload: record.Note{Text: fmt.Sprint("Notiz ", k)}})
			must(err)
			ack("note", c, k)
		}
		_, err = s.Apply(ctx, record.Edit{Case: c, Kind: record.KindVersion, User: "weber", Payload: record.DocumentVersion{
			Document: doc.ID, Of: doc.Shown.Hash, Why: record.WhyPages, Pages: 2,
			Shown: record.BlobRef{Hash: record.HashOf([]byte(c + "v")), Size: 1}, Text: record.BlobRef{Hash: record.HashOf([]byte(c + "vt")), Size: 1},
		}})
		must(err)
		ack("version", c)
		must(s.IndexText(ctx, doc.ID, "", []string{strings.Repeat("Versicherungsschein ", 50)}))
		_, err = s.Apply(ctx, record.Edit{Case: c, Kind: record.KindTrash, User: "weber", Payload: record.DocumentTrashed{Document: doc.ID, Reason: "doppelt"}})
		must(err)
		ack("trash", c)
		pending, err := s.Pending(ctx, 3, 1<<20)
		must(err)
		var placed []record.Placed
		for _, p := range pending {
			seq++
			placed = append(placed, record.Placed{ID: p.ID, Seq: seq})
		}
		must(s.Accepted(ctx, placed))
		ack("placed", seq)
		seq++
		foreign, err = record.Seal(record.Edit{Case: c, Kind: record.KindNote, User: "back", Payload: record.Note{Text: fmt.Sprint("Rückfrage ", round)}}, other, foreign, time.Date(2026, 11, 23, 9, round, 0, 0, time.UTC))
		must(err)
		_, err = s.Receive(ctx, []record.Sequenced{{Seq: seq, Change: foreign}}, record.Cursor{History: "h", Seq: seq})
		must(err)
		ack("received", c, seq)
		must(s.FileSent(ctx, doc.Shown.Hash))
		ack("sent", doc.Shown.Hash)
	}
	must(s.Close())
	ack("closed")
}

// TestKill kills the victim at system calls that write, and looks what is left.
func TestKill(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed; it is needed to kill at a chosen system call")
	}
	points := 20
	if os.Getenv("SCHALTER_LONG") != "" {
		points = 240
	}
	calls := count(t, strace)
	killed := 0
	for name, share := range map[string]int{"pwrite64": 70, "fsync": 25, "ftruncate": 5} {
		n := max(1, points*share/100)
		for i := range n {
			at := 1 + i*calls[name]/n
			if calls[name] == 0 {
				continue
			}
			t.Run(fmt.Sprintf("%s/%d", name, at), func(t *testing.T) {
				dir := t.TempDir()
				cmd := exec.CommandContext(t.Context(), strace, "-f", "-qq", "-o", os.DevNull, "-e", "trace="+name,
					"-e", fmt.Sprintf("inject=%s:signal=KILL:when=%d", name, at), os.Args[0])
				if out := run(t, cmd, dir); look(t, dir, out) {
					killed++
				}
			})
		}
	}
	if killed < points/2 {
		t.Errorf("only %d of %d runs were killed", killed, points)
	}
	t.Logf("killed at %d points", killed)
}

func run(t *testing.T, cmd *exec.Cmd, dir string) []byte {
	t.Helper()
	cmd.Env = append(os.Environ(), victimDir+"="+dir)
	var out, trouble bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &trouble
	err := cmd.Run()
	if bytes.Contains(out.Bytes(), []byte("FAILED")) || strings.Contains(trouble.String(), "panic") {
		t.Fatalf("%v\n%s\n%s", err, out.Bytes(), trouble.Bytes())
	}
	if err != nil && out.Len() == 0 && trouble.Len() > 0 && strings.Contains(trouble.String(), "PTRACE") {
		t.Skipf("tracing is not permitted here: %s", trouble.String())
	}
	return out.Bytes()
}

// count runs the victim to its end and counts its system calls on the busiest thread.
func count(t *testing.T, strace string) map[string]int {
	t.Helper()
	file := filepath.Join(t.TempDir(), "calls")
	out := run(t, exec.CommandContext(t.Context(), strace, "-f", "-qq", "-o", file, "-e", "trace=pwrite64,fdatasync,fsync,ftruncate", os.Args[0]), t.TempDir())
	if !bytes.Contains(out, []byte("ACK closed")) {
		t.Fatalf("the victim did not finish: %s", out)
	}
	b, err := os.ReadFile(file)
	check(t, err)
	per := map[string]map[string]int{}
	for line := range strings.Lines(string(b)) {
		thread, rest, _ := strings.Cut(line, " ")
		name, _, _ := strings.Cut(strings.TrimSpace(rest), "(")
		if per[name] == nil {
			per[name] = map[string]int{}
		}
		per[name][thread]++
	}
	most := map[string]int{}
	for name, threads := range per {
		for _, n := range threads {
			most[name] = max(most[name], n)
		}
	}
	return most
}

// acked is what a victim said before it died.
type acked struct {
	device         record.ID
	drafts         map[record.ID]int
	cases          map[record.ID]string
	drafted        map[record.ID]bool // drafts that became cases
	texts          map[record.ID]bool
	notes          map[record.ID]int
	papers         map[record.ID]int // what became of the document: the version, then the trash
	received       map[record.ID]uint64
	sent           []record.Hash
	placed, cursor uint64
	closed         bool
	order          []record.ID
}

func read(t *testing.T, out []byte) acked {
	t.Helper()
	a := acked{drafts: map[record.ID]int{}, cases: map[record.ID]string{}, drafted: map[record.ID]bool{}, texts: map[record.ID]bool{}, notes: map[record.ID]int{}, papers: map[record.ID]int{}, received: map[record.ID]uint64{}}
	for sc := bufio.NewScanner(bytes.NewReader(out)); sc.Scan(); {
		f := strings.Fields(sc.Text())
		id := record.ID("")
		if len(f) > 2 {
			id = record.ID(f[2])
		}
		switch f[1] {
		case "open":
			a.device = id
		case "draft":
			a.drafts[id]++
		case "case":
			a.cases[id] = f[3]
			a.drafted[record.ID(f[4])] = true
			a.order = append(a.order, id)
		case "text":
			a.texts[id] = true
		case "note":
			a.notes[id]++
		case "version", "trash":
			a.papers[id]++
		case "placed":
			_, err := fmt.Sscan(f[2], &a.placed)
			check(t, err)
		case "received":
			_, err := fmt.Sscan(f[3], &a.cursor)
			check(t, err)
			a.received[id] = a.cursor
		case "sent":
			a.sent = append(a.sent, record.Hash(f[2]))
		case "closed":
			a.closed = true
		}
	}
	return a
}

// look opens what the victim left behind: all that was acknowledged is there, once, and at most the one
// step besides that was not acknowledged any more. It tells whether the victim was killed.
func look(t *testing.T, dir string, out []byte) bool {
	t.Helper()
	ctx := t.Context()
	a := read(t, out)
	s, err := store.Open(ctx, dir, options())
	if record.CodeOf(err) == record.CodeStoreMissing && a.device == "" {
		s, err = store.Create(ctx, dir, options()) // killed before there was anything
	}
	check(t, err)
	defer s.Close()
	id, err := s.Identity(ctx)
	check(t, err)
	if a.device != "" && id.Device != a.device {
		t.Errorf("device is %s, was %s", id.Device, a.device)
	}
	report, err := s.Verify(ctx, nil)
	check(t, err)
	for _, p := range report.Problems {
		t.Error(p)
	}
	rows, total, err := s.Cases(ctx, record.ViewOffice, "", 0, 100)
	check(t, err)
	if total < len(a.cases) || total > len(a.cases)+1 {
		t.Errorf("%d cases, acknowledged %d", total, len(a.cases))
	}
	numbers := map[string]bool{}
	for _, r := range rows {
		if numbers[r.Number] {
			t.Errorf("number %s was given twice", r.Number)
		}
		numbers[r.Number] = true
	}
	lookDrafts(t, s, a)
	for i, id := range a.order {
		lookCase(t, s, a, id, i == len(a.order)-1)
	}
	cur, err := s.Cursor(ctx)
	check(t, err)
	if cur.Seq < a.cursor {
		t.Errorf("cursor is at %d, was at %d", cur.Seq, a.cursor)
	}
	// Work goes on: the next number is a new one.
	id.Office, id.Desk = "MS", 1
	check(t, s.SetIdentity(ctx, id))
	c, err := s.Submit(ctx, "", opening(record.NewID()))
	check(t, err)
	if numbers[c.Number] {
		t.Errorf("number %s was given again", c.Number)
	}
	return !a.closed
}

func lookDrafts(t *testing.T, s *store.Store, a acked) {
	t.Helper()
	gone := 0
	for id, versions := range a.drafts {
		d, err := s.Draft(t.Context(), id)
		switch {
		case a.drafted[id]:
			if record.CodeOf(err) != record.CodeNotFound {
				t.Errorf("draft %s is still there besides its case: %v", id, err)
			}
		case record.CodeOf(err) == record.CodeNotFound:
			gone++ // its case was made and not acknowledged any more
		default:
			check(t, err)
			if d.Focus < fmt.Sprint(versions-1) || len(d.Values) != 120 {
				t.Errorf("draft %s is at %s with %d answers, acknowledged were %d versions", id, d.Focus, len(d.Values), versions)
			}
		}
	}
	_, total, err := s.Cases(t.Context(), record.ViewOffice, "", 0, 1)
	check(t, err)
	if gone > total-len(a.cases) {
		t.Errorf("%d drafts are gone without a case", gone)
	}
}

func lookCase(t *testing.T, s *store.Store, a acked, id record.ID, last bool) {
	t.Helper()
	c, err := s.Case(t.Context(), id)
	check(t, err)
	if c.Number != a.cases[id] || len(c.Values()) != 120 || len(c.Documents) != 1 {
		t.Errorf("case %s: number %s, was %s; %d answers, %d documents", id, c.Number, a.cases[id], len(c.Values()), len(c.Documents))
	}
	seen := map[string]bool{}
	own, foreign := 0, 0
	for _, n := range c.Notes {
		if seen[n.Text] {
			t.Errorf("note %q is there twice", n.Text)
		}
		seen[n.Text] = true
		if strings.HasPrefix(n.Text, "Notiz") {
			own++
		} else {
			foreign++
		}
	}
	more := 0
	if last {
		more = 1
	}
	if own < a.notes[id] || own > a.notes[id]+more {
		t.Errorf("%d notes, acknowledged %d", own, a.notes[id])
	}
	if a.received[id] > 0 && foreign != 1 || foreign > 1 {
		t.Errorf("%d notes of others", foreign)
	}
	d := c.Documents[0]
	if a.papers[id] > 0 && len(d.Versions) != 1 || a.papers[id] > 1 && d.Trashed == nil || d.Trashed != nil && len(d.Versions) != 1 {
		t.Errorf("%d acts on the document were acknowledged; it has %d versions, trash %v", a.papers[id], len(d.Versions), d.Trashed)
	}
	if a.texts[id] {
		hits, err := s.Find(t.Context(), "versicherungssch", 20)
		check(t, err)
		found := 0
		for _, h := range hits {
			if h.Case.ID == id {
				found++
			}
		}
		if found != 1 {
			t.Errorf("the text of case %s is found %d times", id, found)
		}
	}
}
