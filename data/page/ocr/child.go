package ocr

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"schalter/data/record"
)

const (
	maxAnswer = 16 << 20
	maxWhy    = 4 << 10
	memory    = 1 << 30
)

// run starts the program, gives it the input once it is bound to its limits, and returns what it said.
func (e *Engine) run(ctx context.Context, input [][]byte, args ...string) ([]byte, error) {
	name := e.Program
	if name == "" {
		name = "tesseract"
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return nil, record.E(record.CodeOCRMissing, err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out, why := &capped{most: maxAnswer, full: cancel}, &capped{most: maxWhy}
	c := exec.CommandContext(ctx, path, args...)
	c.Env = environment()
	c.Stdout, c.Stderr = out, why
	c.WaitDelay = 2 * time.Second
	prepare(c, e.Brisk)
	in, err := c.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start tesseract: %w", err)
	}
	if err := c.Start(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, record.E(record.CodeOCRMissing, err)
	}
	release, err := bind(c, e.limit(), e.time(), e.Brisk)
	defer release()
	if err != nil { // not a byte of the page without limits
		cancel()
		return nil, errors.Join(record.E(record.CodeOCRFailed, err), c.Wait())
	}
	for _, b := range input {
		if _, err := in.Write(b); err != nil {
			break // it has ended; how, Wait tells
		}
	}
	_ = in.Close()
	switch err := c.Wait(); {
	case out.over:
		return nil, record.E(record.CodeOCRFailed, errors.New("it says too much"))
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && (overtime(c.ProcessState) || spent(c) >= e.time()*9/10): // clocks differ by a tick
		return nil, record.E(record.CodeOCRTimeout, err)
	case err != nil:
		return nil, record.E(record.CodeOCRFailed, fmt.Errorf("%w: %s", err, strings.TrimSpace(why.kept.String())))
	}
	return out.kept.Bytes(), nil
}

// spent is how long the program had the processor.
func spent(c *exec.Cmd) time.Duration {
	if c.ProcessState == nil {
		return 0
	}
	return c.ProcessState.UserTime() + c.ProcessState.SystemTime()
}

func (e *Engine) limit() int64 {
	if e.Memory > 0 {
		return e.Memory
	}
	return memory
}

// environment is what the program needs to find itself and its languages, one thread, and nothing else of ours.
func environment() []string {
	env := []string{"LC_ALL=C", "OMP_THREAD_LIMIT=1"}
	for _, name := range []string{"PATH", "TESSDATA_PREFIX", "LD_LIBRARY_PATH", "SystemRoot"} {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return env
}

// capped keeps the beginning of what is written; full is called when there is more. The buffer is not embedded: by
// its ReadFrom everything would go past Write.
type capped struct {
	kept bytes.Buffer
	most int
	over bool
	full func()
}

// Write implements io.Writer.
func (c *capped) Write(b []byte) (int, error) {
	room := c.most - c.kept.Len()
	if len(b) > room {
		c.over = true
		if c.full != nil {
			c.full()
		}
	}
	c.kept.Write(b[:min(len(b), room)])
	return len(b), nil
}
