package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"schalter/data/record"
)

// TestKillLosesNothingThatWasAcknowledged kills the real binary with kill -9 while several desks push and
// send files, starts it again, and holds what the centre then has against what it had acknowledged.
func TestKillLosesNothingThatWasAcknowledged(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs kill -9")
	}
	rounds := 10
	if os.Getenv("SCHALTER_LONG") != "" {
		rounds = 100
	}
	k := &killing{t: t, dir: filepath.Join(t.TempDir(), "centre"), exe: build(t), random: rand.New(rand.NewPCG(1, 2))}
	k.admin("authority", "add", "Musterstadt", "--office", "MS")
	k.start()
	for i := range 3 {
		d, err := enrolDesk(t.Context(), k.admin("desk", "enrol", "--authority", "MS", "--desk", fmt.Sprint(i+1)))
		if err != nil {
			t.Fatal(err)
		}
		k.desks = append(k.desks, &killedDesk{testDesk: d, placed: map[record.ID]uint64{}})
	}
	for range rounds {
		k.round()
	}
	k.stop()
	if out := k.admin("verify"); !strings.Contains(out, "no problems") {
		t.Error(out)
	}
	acked := 0
	for _, d := range k.desks {
		acked += len(d.placed)
	}
	t.Logf("%d rounds, %d changes acknowledged, %d files complete", rounds, acked, k.files)
}

// build makes the binary as it is shipped.
func build(t *testing.T) string {
	t.Helper()
	exe := filepath.Join(t.TempDir(), "schalterd")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", exe, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return exe
}

type killing struct {
	t      *testing.T
	dir    string
	exe    string
	random *rand.Rand
	desks  []*killedDesk
	server *running
	files  int
}

// killedDesk is a desk with what it was told and what it still has to send.
type killedDesk struct {
	*testDesk
	pending []record.Change
	placed  map[record.ID]uint64
	file    []byte
	at      int // acknowledged offset of file
	failed  error
}

func (k *killing) admin(args ...string) string {
	k.t.Helper()
	out, err := exec.CommandContext(k.t.Context(), k.exe, append(args, "--data", k.dir)...).Output()
	if err != nil {
		k.t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return string(out)
}

func (k *killing) start() {
	k.t.Helper()
	s, line, err := startProcess(k.exe, k.t.TempDir(), "--data", k.dir, "--listen", "127.0.0.1:0")
	if err != nil {
		k.t.Fatal(err)
	}
	k.server = s
	k.t.Cleanup(func() { _ = s.cmd.Process.Kill() }) // it is dead already in a test that passes
	for _, d := range k.desks {
		d.client.CloseIdleConnections()
		d.Enrolment.Centre = strings.Fields(line)[1]
	}
}

func (k *killing) stop() {
	k.t.Helper()
	if err := k.server.cmd.Process.Kill(); err != nil {
		k.t.Fatal(err)
	}
	_ = k.server.cmd.Wait() // "signal: killed" is what we want
}

// round lets all desks work, kills the server in the middle, and checks it after a new start.
func (k *killing) round() {
	k.t.Helper()
	acks := make(chan struct{})
	ctx, cancel := context.WithCancel(k.t.Context())
	defer cancel()
	var wg sync.WaitGroup
	for i, d := range k.desks {
		size := 1 + k.random.IntN(20)
		wg.Go(func() { d.work(ctx, size, acks) })
		seed := k.random.Uint64()
		wg.Go(func() { d.sendFiles(ctx, uint64(i)<<32^seed, acks) })
	}
	for range 3 + k.random.IntN(25) {
		<-acks
	}
	k.stop() // while the others are under way
	cancel()
	drained := make(chan struct{})
	go func() { wg.Wait(); close(drained) }()
	for waiting := true; waiting; {
		select {
		case <-acks: // an answer that had left before the kill
		case <-drained:
			waiting = false
		}
	}
	k.start()
	k.check()
}

// work pushes batches until the line breaks. What has no answer stays pending and is sent again.
func (d *killedDesk) work(ctx context.Context, size int, acks chan<- struct{}) {
	for {
		if len(d.pending) == 0 {
			d.pending, d.failed = d.write(size)
		}
		placed, err := d.push(ctx, d.pending)
		if err != nil {
			if code := record.CodeOf(err); code != record.CodeInternal { // the centre itself said no
				d.failed = err
			}
			return
		}
		for _, p := range placed {
			d.placed[p.ID] = p.Seq
		}
		d.pending = nil
		acks <- struct{}{}
	}
}

// sendFiles sends files in parts until the line breaks.
func (d *killedDesk) sendFiles(ctx context.Context, seed uint64, acks chan<- struct{}) {
	r := rand.New(rand.NewPCG(seed, 0))
	for {
		if d.at == len(d.file) {
			d.file, d.at = make([]byte, 50_000+r.IntN(300_000)), 0
			for i := range d.file {
				d.file[i] = byte(r.Uint32())
			}
		}
		to := min(d.at+1+r.IntN(100_000), len(d.file))
		n, err := d.upload(ctx, d.file, d.at, to)
		if err != nil {
			return
		}
		d.at = n
		acks <- struct{}{}
	}
}

func (k *killing) check() {
	k.t.Helper()
	ctx := k.t.Context()
	all, err := k.desks[0].pull(ctx)
	if err != nil {
		k.t.Fatal(err)
	}
	at := map[record.ID]uint64{}
	for _, s := range all {
		if at[s.Change.ID] != 0 {
			k.t.Fatalf("change %s stands at %d and %d", s.Change.ID, at[s.Change.ID], s.Seq)
		}
		at[s.Change.ID] = s.Seq
	}
	for i, d := range k.desks {
		if d.failed != nil {
			k.t.Fatalf("desk %d: %v", i+1, d.failed)
		}
		for id, seq := range d.placed {
			if at[id] != seq {
				k.t.Fatalf("desk %d: change %s was acknowledged at %d and stands at %d", i+1, id, seq, at[id])
			}
		}
		in := 0
		for _, c := range d.pending {
			if at[c.ID] != 0 {
				in++
			}
		}
		if in != 0 && in != len(d.pending) {
			k.t.Fatalf("desk %d: %d of a push of %d changes are in: half a transaction", i+1, in, len(d.pending))
		}
		k.finishFile(ctx, d)
	}
}

// finishFile checks that no acknowledged byte is gone, sends the rest and reads all of it back.
func (k *killing) finishFile(ctx context.Context, d *killedDesk) {
	k.t.Helper()
	n, err := d.uploaded(ctx, d.file)
	if err != nil || n < d.at {
		k.t.Fatalf("%d bytes of the file were acknowledged, %d are there: %v", d.at, n, err)
	}
	if d.at, err = d.upload(ctx, d.file, n, len(d.file)); err != nil || d.at != len(d.file) {
		k.t.Fatalf("%d of %d bytes: %v", d.at, len(d.file), err)
	}
	_, b, err := d.call(ctx, "GET", "/v1/blobs/"+string(record.HashOf(d.file)), nil)
	if err != nil || record.HashOf(b) != record.HashOf(d.file) {
		k.t.Fatalf("%d bytes came back: %v", len(b), err)
	}
	k.files++
}
