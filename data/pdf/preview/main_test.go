package preview

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"schalter/data/pdf/preview/sandbox"
)

// The test program is its own helper, as the desk is; in two more shapes for what must not work there.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case WorkerArg:
			WorkerMain()
		case probeArg:
			probe(os.Args[2])
		}
	}
	os.Exit(m.Run())
}

const probeArg = "preview-probe"

// probe enters the sandbox and prints what it could still do.
func probe(dir string) {
	listener := os.Getenv("PROBE_TCP")
	if err := sandbox.Enter(1 << 30); err != nil {
		fmt.Println("enter:", err)
		os.Exit(1)
	}
	tell := func(what string, err error) {
		if err == nil {
			fmt.Println("allowed:", what)
		} else {
			fmt.Println("refused:", what, err)
		}
	}
	_, err := os.ReadFile(filepath.Join(dir, "secret"))
	tell("read", err)
	_, err = os.ReadDir(dir)
	tell("list", err)
	tell("write", os.WriteFile(filepath.Join(dir, "new"), []byte("x"), 0o600))
	tell("remove", os.Remove(filepath.Join(dir, "secret")))
	c, err := net.DialTimeout("tcp", listener, time.Second)
	if err == nil {
		_ = c.Close()
	}
	tell("tcp", err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err == nil {
		_ = l.Close()
	}
	tell("listen", err)
	_, err = os.StartProcess("/bin/true", []string{"true"}, &os.ProcAttr{})
	tell("exec", err)
	tell("memory", grab(3<<30))
	os.Exit(0)
}
