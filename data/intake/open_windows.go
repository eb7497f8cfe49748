package intake

import (
	"errors"
	"os"
)

// open looks before it opens: opening a device of this system can wait for it.
func open(path string) (*os.File, error) {
	st, err := os.Stat(path)
	if err == nil && !st.Mode().IsRegular() {
		err = errors.New("not a file")
	}
	if err != nil {
		return nil, err
	}
	return os.Open(path)
}
