package preview

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"schalter/data/pdf/preview/sandbox"
	"schalter/data/record"
)

// helper is the running child process.
type helper struct {
	o       Options
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     io.Reader
	pixels  *pixels
	stderr  *tail
	release func()

	write sync.Mutex // an abort may come between requests, never inside one
	job   uint32
	limit *time.Timer // ends the job under way
	until time.Time   // when it does
}

func startHelper(o Options) (*helper, error) {
	px, err := newPixels(o.MaxPixels)
	if err != nil {
		return nil, err
	}
	shared := strconv.FormatBool(px.shared())
	args := append(append([]string{}, o.Exe[1:]...), strconv.Itoa(o.MaxPixels), strconv.FormatInt(o.Memory, 10),
		strconv.FormatInt(o.MaxBytes, 10), o.JobTime.String(), shared)
	cmd := exec.Command(o.Exe[0], args...) //nolint:gosec,noctx // our own program, ended by stop
	cmd.ExtraFiles = px.files()
	cmd.WaitDelay = time.Second
	h := &helper{o: o, cmd: cmd, pixels: px, stderr: &tail{}}
	cmd.Stderr = h.stderr
	if h.in, err = cmd.StdinPipe(); err != nil {
		px.close()
		return nil, fmt.Errorf("helper's input: %w", err)
	}
	widen(h.in)
	if h.out, err = cmd.StdoutPipe(); err != nil {
		px.close()
		return nil, fmt.Errorf("helper's output: %w", err)
	}
	if h.release, err = sandbox.Start(cmd, o.Memory); err != nil {
		px.close()
		return nil, fmt.Errorf("start helper %s: %w", o.Exe[0], err)
	}
	return h, nil
}

// reap collects the ended process; called once, after the pipes are read or the process was killed.
func (h *helper) reap() error {
	err := h.cmd.Wait()
	h.release()
	h.pixels.close()
	return err
}

// stop ends the process. A nil helper is fine.
func (h *helper) stop() {
	if h == nil {
		return
	}
	_ = h.cmd.Process.Kill()
	_ = h.reap()
}

// perform does one task, with a new helper where there is none, and returns the helper that is alive
// afterwards, or nil.
func (r *Renderer) perform(h *helper, t *task) (*helper, result, error) {
	if r.err != nil {
		return nil, result{}, record.E(record.CodePDFCannotShow, r.err)
	}
	fresh := h == nil
	if fresh {
		var err error
		if h, err = startHelper(r.o); err != nil {
			return nil, result{}, record.E(record.CodePDFCannotShow, err)
		}
	}
	r.employ(h)
	res, err := h.do(t)
	var dead *deathError
	if !errors.As(err, &dead) {
		return h, res, err
	}
	if !fresh && dead.beforeWork && !dead.timeout {
		// It died while idle (memory pressure, an administrator): not this file's fault.
		return r.perform(nil, t)
	}
	return nil, res, dead.asError()
}

// employ remembers the helper for Close, which cannot wait for a job to end by itself.
func (r *Renderer) employ(h *helper) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.helper = h
	if r.closed {
		_ = h.cmd.Process.Kill()
	}
}

// deathError says that the helper ended during a job.
type deathError struct {
	beforeWork bool // not one byte of the request could be delivered
	timeout    bool
	file       error // what kept the file from being read
	exit       error
	stderr     string
}

func (d *deathError) Error() string {
	return fmt.Sprintf("helper ended: %v %s", d.exit, d.stderr)
}

func (d *deathError) asError() error {
	switch {
	case d.timeout:
		return record.E(record.CodePDFTimeout, d)
	case d.file != nil:
		return d.file
	}
	return record.E(record.CodePDFCannotShow, d)
}

// do asks and reads the answer. After a *deathError the helper is reaped and must not be used again.
func (h *helper) do(t *task) (result, error) {
	h.job++
	job := h.job
	var late atomic.Bool
	h.until = time.Now().Add(h.o.JobTime)
	h.limit = time.AfterFunc(h.o.JobTime, func() {
		late.Store(true)
		_ = h.cmd.Process.Kill()
	})
	unhook := context.AfterFunc(t.ctx, func() { h.abort(job) })
	defer unhook()

	res, err := h.exchange(t, job)
	if !h.limit.Stop() { // it fired, if only just now: the helper is being ended and is of no use to the next job
		late.Store(true)
		err = errors.Join(err, errLate)
	}
	var unread *unreadError
	if errors.As(err, &unread) && !unread.midway && !late.Load() {
		return res, unread.err
	}
	var told *record.Error
	if err == nil || (errors.As(err, &told) || errors.Is(err, context.Canceled)) && !late.Load() {
		return res, err
	}
	_ = h.cmd.Process.Kill()
	d := &deathError{timeout: late.Load(), beforeWork: errors.Is(err, errUndelivered)}
	if unread != nil {
		d.file = unread.err
	}
	d.exit = errors.Join(err, h.reap())
	d.timeout = d.timeout || sandbox.CPUSpent(h.cmd.ProcessState)
	d.stderr = h.stderr.String()
	return result{}, d
}

var errLate = errors.New("answered when its time was over")

var errUndelivered = errors.New("request not delivered")

func (h *helper) exchange(t *task, job uint32) (result, error) {
	q := request{
		Op: t.k.op, Kind: t.k.src.kind, Turns: t.k.turns, Job: job,
		Page: uint32(t.k.page), DPI: t.k.dpi, Sum: t.k.src.sum, //nolint:gosec // page is checked against the page count
	}
	s, body, err := h.ask(t.k.src, q)
	if err == nil && s.Status == statusAbsent {
		if s, body, err = h.load(t.k.src, job); err == nil && s.Status == statusOK && q.Op != opOpen {
			s, body, err = h.ask(t.k.src, q)
		}
	}
	if err != nil {
		return result{}, err
	}
	if err := told(s, body); err != nil {
		return result{}, err
	}
	return h.result(q.Op, s, body)
}

// result is what an answer says.
func (h *helper) result(o op, s response, body []byte) (res result, err error) {
	res = result{pages: int(s.Pages), wPt: s.WPt, hPt: s.HPt}
	switch o {
	case opOpen:
		if res.pages < 1 {
			err = errProtocol
		}
	case opText:
		res.text = strings.ToValidUTF8(string(body), "\uFFFD")
	case opWords:
		res.words, err = wordsOf(body)
	case opContents, opLinks:
		res.entries, err = entriesOf(body)
	case opRender:
		res.img, err = h.picture(s, body)
	case opGray:
		res.gray, err = h.gray(s, body)
	}
	if err != nil {
		return result{}, err
	}
	return res, nil
}

// ask sends a request without a body.
func (h *helper) ask(src *source, q request) (response, []byte, error) {
	h.write.Lock()
	err := writeRequest(h.in, q, 0)
	h.write.Unlock()
	if err != nil {
		return response{}, nil, fmt.Errorf("%w: %w", errUndelivered, err)
	}
	return h.answer(src, q.Job)
}

// load sends the file itself. How long a disk takes to read it is not the file's fault.
func (h *helper) load(src *source, job uint32) (response, []byte, error) {
	h.write.Lock()
	err := src.send(h.in, job, h.unhurried)
	h.write.Unlock()
	if err != nil {
		return response{}, nil, err
	}
	h.limit.Reset(h.o.JobTime)
	return h.answer(src, job)
}

// unhurried does something that the helper waits for; the job's time stands still until it is done.
func (h *helper) unhurried(do func()) {
	h.limit.Stop()
	begun := time.Now()
	do()
	h.until = h.until.Add(time.Since(begun))
	h.limit.Reset(time.Until(h.until))
}

// answer reads the answer to a job; before it the helper may ask for pieces of the file.
func (h *helper) answer(src *source, job uint32) (response, []byte, error) {
	p := pieces{file: src.file}
	defer p.close()
	for {
		s, err := readResponse(h.out, h.o.MaxPixels)
		if err != nil {
			return s, nil, err
		}
		if s.Job != job {
			return s, nil, errProtocol
		}
		if s.Status == statusNeed {
			if err := h.serve(&p, src, s); err != nil {
				return s, nil, err
			}
			continue
		}
		body := make([]byte, s.Size)
		if _, err = io.ReadFull(h.out, body); err == nil && p.failed != nil {
			err = &unreadError{err: readable(p.failed)}
		}
		return s, body, err
	}
}

// serve sends a piece of the file, or nothing when it cannot be read.
func (h *helper) serve(p *pieces, src *source, s response) error {
	if size := uint64(src.file.Size); !src.far || s.Off > size || uint64(s.Want) > size-s.Off { //nolint:gosec // a size
		return errProtocol
	}
	var piece []byte
	h.unhurried(func() { piece = p.read(int64(s.Off), int(s.Want)) }) //nolint:gosec // within the file
	h.write.Lock()
	defer h.write.Unlock()
	return writeRequest(h.in, request{Op: opPiece, Job: s.Job}, 0, piece...)
}

func (h *helper) picture(s response, body []byte) (*image.RGBA, error) {
	pix, err := h.samples(s, body, depthColour)
	return &image.RGBA{Pix: pix, Stride: depthColour * int(s.Width), Rect: image.Rect(0, 0, int(s.Width), int(s.Height))}, err
}

func (h *helper) gray(s response, body []byte) (*image.Gray, error) {
	pix, err := h.samples(s, body, depthGray)
	return &image.Gray{Pix: pix, Stride: int(s.Width), Rect: image.Rect(0, 0, int(s.Width), int(s.Height))}, err
}

// samples of an answer; shared ones are copied, so that the helper cannot change them later.
func (h *helper) samples(s response, body []byte, depth uint8) ([]byte, error) {
	if s.Depth != depth {
		return nil, errProtocol
	}
	switch s.Pixels {
	case pixelsInline:
		return body, nil
	case pixelsShared:
		if pix, ok := h.pixels.copy(int(depth) * int(s.Width) * int(s.Height)); ok {
			return pix, nil
		}
	}
	return nil, errProtocol
}

// abort asks the helper to give up; it may have finished already, then nothing happens.
func (h *helper) abort(job uint32) {
	h.write.Lock()
	defer h.write.Unlock()
	_ = writeRequest(h.in, request{Op: opAbort, Job: job}, 0)
}

// told turns a refusal into the clerk's error.
func told(s response, body []byte) error {
	reason := fmt.Errorf("%w: %.300q", errRefused, body)
	switch s.Status {
	case statusOK:
		return nil
	case statusPassword:
		return record.E(record.CodePDFPassword, nil)
	case statusNoPages:
		return record.E(record.CodePDFNoPages, reason)
	case statusTooLarge, statusMemory: // either way less of it may be possible
		return record.E(record.CodePDFTooLarge, reason)
	case statusAborted:
		return context.Canceled
	case statusAbsent:
		return errProtocol
	default:
		return record.E(record.CodePDFCannotShow, reason)
	}
}

// tail keeps the end of what the helper wrote to standard error, for the log.
type tail struct {
	mu sync.Mutex
	b  []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	const keep = 2048
	t.b = append(t.b, p...)
	if len(t.b) > keep {
		t.b = append(t.b[:0], t.b[len(t.b)-keep:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.b)
}
