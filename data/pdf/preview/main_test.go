package preview

import (
	"os"
	"testing"
)

// shapes are other programs that the test program can be.
var shapes = map[string]func(args []string){
	WorkerArg: func([]string) { WorkerMain() },
}

// The test program is its own helper, as the desk is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		if shape := shapes[os.Args[1]]; shape != nil {
			shape(os.Args[2:])
		}
	}
	os.Exit(m.Run())
}
