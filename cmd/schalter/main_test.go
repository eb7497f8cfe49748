package main

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"schalter/data/pdf/preview"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == preview.WorkerArg {
		preview.WorkerMain()
	}
	testscript.Main(m, map[string]func(){
		"schalter": func() { os.Exit(run(os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})) },
	})
}

// TestScripts runs the commands as an administrator does, against a real centre.
func TestScripts(t *testing.T) {
	centre := filepath.Join(t.TempDir(), "schalterd")
	build := exec.Command("go", "build", "-o", centre, "schalter/cmd/schalterd")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmds := faultCmds()
	maps.Copy(cmds, commonCmds())
	maps.Copy(cmds, renewCmds())
	maps.Copy(cmds, formCmds())
	testscript.Run(t, testscript.Params{
		Dir:  "testdata/script",
		Cmds: cmds,
		Condition: func(name string) (bool, error) {
			if name == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", filepath.Dir(centre)+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("SCHALTER_PASSPHRASE", "lange geheime Worte")
			env.Setenv("LANG", "en_GB.UTF-8")
			env.Values[standingKey{}] = new([]*http.Server)
			return nil
		},
	})
}

// commonCmds are what the scripts need beyond a shell.
func commonCmds() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(ts *testscript.TestScript, neg bool, args []string){
		// setenv-from NAME FILE PREFIX: the first word after PREFIX in FILE
		"setenv-from": func(ts *testscript.TestScript, _ bool, args []string) {
			text := ts.ReadFile(args[1])
			if _, after, ok := strings.Cut(text, args[2]); ok {
				if f := strings.Fields(after); len(f) > 0 {
					ts.Setenv(args[0], f[0])
					return
				}
			}
			ts.Fatalf("%q has no %q", text, args[2])
		},
		// flip FILE: damages one bit in the middle
		"flip": func(ts *testscript.TestScript, _ bool, args []string) {
			name := ts.MkAbs(args[0])
			b, err := os.ReadFile(name)
			ts.Check(err)
			b[len(b)/2+100] ^= 1
			ts.Check(os.WriteFile(name, b, 0o600))
		},
		// wait-for FILE TEXT is a bounded look at a file another program writes
		"wait-for": func(ts *testscript.TestScript, _ bool, args []string) {
			c := exec.Command("timeout", "20", "sh", "-c", `until grep -q "$2" "$1" 2>/dev/null; do sleep 0.05; done`, "sh", ts.MkAbs(args[0]), args[1])
			ts.Check(c.Run())
		},
	}
}
