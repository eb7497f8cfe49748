package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"schalterd": main,
		"testdesk":  func() { os.Exit(testdeskMain(os.Args[1:])) },
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:  "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"start": start, "stop": stop, "same": same},
	})
}

type running struct {
	cmd *exec.Cmd
	out *bufio.Reader
}

// start runs schalterd serve with the arguments until the line that says it is ready; $URL and
// $FINGERPRINT are set from it.
func start(ts *testscript.TestScript, neg bool, args []string) {
	if _, runs := servers.Load(ts); neg || runs {
		ts.Fatalf("usage: start ARGS, once")
	}
	s, line, err := startServer(ts.MkAbs("."), args...)
	ts.Check(err)
	f := strings.Fields(line)
	if len(f) != 4 || f[0] != "listening" || f[2] != "fingerprint" {
		ts.Fatalf("the line when ready is %q", line)
	}
	ts.Setenv("URL", f[1])
	ts.Setenv("FINGERPRINT", f[3])
	servers.Store(ts, s)
	ts.Defer(func() { _ = s.cmd.Process.Kill() }) // it has ended by itself in a script that passes
}

// servers holds the one *running of each script; scripts run side by side.
var servers sync.Map

// startServer runs this test binary as schalterd.
func startServer(dir string, args ...string) (*running, string, error) {
	exe, err := exec.LookPath("schalterd")
	if err != nil {
		return nil, "", err
	}
	return startProcess(exe, dir, args...)
}

func startProcess(exe, dir string, args ...string) (*running, string, error) {
	cmd := exec.Command(exe, append([]string{"serve"}, args...)...)
	cmd.Dir = dir
	var said strings.Builder
	cmd.Stderr = &said
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	if err := cmd.Start(); err != nil {
		return nil, "", err
	}
	out := bufio.NewReader(pipe)
	line, err := out.ReadString('\n')
	if err != nil {
		_ = cmd.Process.Kill()
		return nil, "", errors.Join(fmt.Errorf("serve said %q and %q: %w", line, said.String(), err), cmd.Wait())
	}
	return &running{cmd, out}, strings.TrimSpace(line), nil
}

// stop sends SIGTERM and wants status 0 and nothing more on standard output.
func stop(ts *testscript.TestScript, neg bool, args []string) {
	v, runs := servers.LoadAndDelete(ts)
	if neg || !runs || len(args) > 0 {
		ts.Fatalf("usage: stop, after start")
	}
	s := v.(*running)
	ts.Check(s.cmd.Process.Signal(syscall.SIGTERM))
	rest, err := io.ReadAll(s.out)
	ts.Check(err)
	ts.Check(s.cmd.Wait())
	if len(rest) > 0 {
		ts.Fatalf("serve said more: %q", rest)
	}
}

// same wants two words to be equal.
func same(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 || (args[0] == args[1]) == neg {
		ts.Fatalf("same: %q", args)
	}
}

// testdeskMain is the command testdesk of the scripts: testdesk FILE enrol CODEFILE | push N | pull | send TEXT | at URL.
func testdeskMain(args []string) int {
	if err := testdesk(context.Background(), args); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func testdesk(ctx context.Context, args []string) error {
	if len(args) < 2 {
		return errors.New("usage: testdesk FILE COMMAND …")
	}
	if args[1] == "enrol" {
		code, err := os.ReadFile(args[2])
		if err != nil {
			return err
		}
		d, err := enrolDesk(ctx, string(code))
		if err != nil {
			return err
		}
		fmt.Printf("enrolled %s %s %s %d %s\n", d.Enrolment.Authority, d.Enrolment.Tenant, d.Enrolment.Office, d.Enrolment.Desk, d.Enrolment.Centre)
		return save(args[0], d)
	}
	d := &testDesk{}
	b, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, d); err != nil {
		return err
	}
	d.trust(nil)
	if err := act(ctx, d, args[1:]); err != nil {
		return err
	}
	return save(args[0], d)
}

func act(ctx context.Context, d *testDesk, args []string) error {
	switch args[0] {
	case "push":
		var n int
		if _, err := fmt.Sscan(args[1], &n); err != nil {
			return err
		}
		changes, err := d.write(n)
		if err != nil {
			return err
		}
		placed, err := d.push(ctx, changes)
		for _, p := range placed {
			fmt.Println("placed", p.Seq)
		}
		return err
	case "pull":
		all, err := d.pull(ctx)
		fmt.Println("pulled", len(all))
		return err
	case "at": // the centre has another address now
		d.Enrolment.Centre = args[1]
		return nil
	case "send":
		n, err := d.upload(ctx, []byte(args[1]), 0, len(args[1]))
		fmt.Println("sent", n)
		return err
	}
	return actForm(ctx, d, args)
}

func save(file string, d *testDesk) error {
	b, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return os.WriteFile(file, b, 0o600)
}
