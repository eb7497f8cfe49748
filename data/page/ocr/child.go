package ocr

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
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

// job is the running program.
type job struct {
	e        *Engine
	ctx      context.Context //nolint:containedctx // of this one run
	cancel   context.CancelFunc
	c        *exec.Cmd
	in       io.WriteCloser
	out, why *capped
	release  func()
}

// start starts the program and binds it to its limits before it gets a byte of a page.
func (e *Engine) start(ctx context.Context, args ...string) (*job, error) {
	name := e.Program
	if name == "" {
		name = "tesseract"
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return nil, record.E(record.CodeOCRMissing, err)
	}
	within, cancel := context.WithCancel(ctx)
	j := &job{e: e, ctx: within, cancel: cancel, out: &capped{most: maxAnswer, full: cancel}, why: &capped{most: maxWhy}}
	j.c = exec.CommandContext(within, path, args...)
	j.c.Env = environment()
	j.c.Stdout, j.c.Stderr = j.out, j.why
	j.c.WaitDelay = 2 * time.Second
	prepare(j.c, e.Brisk)
	if j.in, err = j.c.StdinPipe(); err != nil {
		cancel()
		return nil, fmt.Errorf("start tesseract: %w", err)
	}
	if err := j.c.Start(); err != nil {
		cancel()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, record.E(record.CodeOCRMissing, err)
	}
	if j.release, err = bind(j.c, e.limit(), e.time(), e.Brisk); err != nil {
		cancel()
		err = errors.Join(record.E(record.CodeOCRFailed, err), j.c.Wait())
		j.release()
		return nil, err
	}
	return j, nil
}

// wait ends the input and returns what the program said.
func (j *job) wait() ([]byte, error) {
	defer j.cancel()
	defer j.release()
	_ = j.in.Close()
	switch err := j.c.Wait(); {
	case j.out.over:
		return nil, record.E(record.CodeOCRFailed, errors.New("it says too much"))
	case j.ctx.Err() != nil:
		return nil, j.ctx.Err()
	case err != nil && (overtime(j.c.ProcessState) || spent(j.c) >= j.e.time()*9/10): // clocks differ by a tick
		return nil, record.E(record.CodeOCRTimeout, err)
	case err != nil:
		return nil, record.E(record.CodeOCRFailed, fmt.Errorf("%w: %s", err, strings.TrimSpace(j.why.kept.String())))
	}
	return j.out.kept.Bytes(), nil
}

// run starts the program without a page and returns what it said.
func (e *Engine) run(ctx context.Context, args ...string) ([]byte, error) {
	j, err := e.start(ctx, args...)
	if err != nil {
		return nil, err
	}
	return j.wait()
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
