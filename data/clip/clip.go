// Package clip takes a picture out of the clipboard, where somebody copied it in another program.
//
// It is for the screens that take papers in. It promises the picture's bytes as PNG or JPEG, or an error that says
// that there is none or what is not installed.
//
// It never writes to the clipboard, never reads text from it, and never looks at it before it is asked.
package clip

import (
	"context"
	"errors"
	"time"

	"schalter/data/record"
)

const (
	limit   = 10 * time.Second
	maxSize = 300 << 20
)

// errNone: there is something else in the clipboard, or nothing.
var errNone = errors.New("no picture")

// Picture reads the clipboard's picture. [record.CodeClipEmpty] where there is none, [record.CodeClipMissing] where
// the program that reads it is not installed (arg program).
func Picture(ctx context.Context) ([]byte, error) {
	ctx, stop := context.WithTimeout(ctx, limit)
	defer stop()
	b, err := picture(ctx)
	if e, ok := errors.AsType[*record.Error](err); ok {
		return nil, e
	}
	if err == nil && len(b) == 0 {
		err = errNone
	}
	if err != nil {
		return nil, record.E(record.CodeClipEmpty, err)
	}
	return b, nil
}
