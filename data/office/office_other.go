//go:build !linux

package office

import (
	"context"
	"errors"
	"os"
)

var errNotConfined = errors.New("office files are converted on Linux only, where LibreOffice can be confined")

func room() (string, error) { return "", errNotConfined }

func (Converter) run(context.Context, string, string, []string) ([]byte, error) {
	return nil, errNotConfined
}

// WorkerMain does nothing here.
func WorkerMain([]string) { os.Exit(1) }
