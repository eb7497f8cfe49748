package sane

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"schalter/data/record"
	"schalter/data/scan"
)

// run is one running scanimage.
type run struct {
	set    scan.Settings
	dpi    int
	emit   func(scan.Event) error
	alive  func(told bool) // called with every line; told: scanimage has said all it has to say and is to end
	mu     sync.Mutex      // emit is called from one goroutine at a time
	turn   *sync.Cond      // of mu: a page came, or no more will
	begun  int             // pages that scanimage has begun
	pages  int             // that have come
	silent bool            // no more pages will come
	last   record.Hash
	warned bool // of the resolution
	told   record.Code
	over   bool // it has said that the batch is through
	failed error
	said   bytes.Buffer // scanimage's own words, for the log
}

func (r *run) run(c *exec.Cmd) error {
	out, err := listen(&c.Stdout)
	if err != nil {
		return err
	}
	defer out.close()
	trouble, err := listen(&c.Stderr)
	if err != nil {
		return err
	}
	defer trouble.close()
	family(c)
	r.turn = sync.NewCond(&r.mu)
	if err := c.Start(); err != nil {
		return record.E(record.CodeScanNoSoftware, err)
	}
	out.started()
	trouble.started()
	var both sync.WaitGroup
	both.Go(func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			r.page(c, lines.Text())
		}
		if errors.Is(lines.Err(), bufio.ErrTooLong) { // the names of pages behind it would be lost without a word
			r.fail(c, record.E(record.CodeScanBadData, lines.Err(), "page", r.next()))
		}
		_, _ = io.Copy(io.Discard, out)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.silent = true
		r.turn.Broadcast()
	})
	both.Go(func() {
		lines := bufio.NewScanner(trouble)
		lines.Split(splitCR)
		for lines.Scan() {
			r.line(c, lines.Text())
		}
		_, _ = io.Copy(io.Discard, trouble)
	})
	err = c.Wait()
	end(c)
	out.ended()
	trouble.ended()
	both.Wait()
	return err
}

// ear is our end of a child's output. What the child wrote before it ended is read to the last byte, however
// long the pages take to be stored; a helper that a backend left behind with the pipe open is not waited for.
type ear struct {
	mine, theirs *os.File
	over         atomic.Bool
}

// late is how long output may come after the child's end.
const late = time.Second

func listen(to *io.Writer) (*ear, error) {
	mine, theirs, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	*to = theirs
	return &ear{mine: mine, theirs: theirs}, nil
}

func (e *ear) started() { _ = e.theirs.Close() }

func (e *ear) ended() {
	e.over.Store(true)
	_ = e.mine.SetReadDeadline(time.Now().Add(late)) // for a read that waits already
}

// Read belongs to io.Reader.
func (e *ear) Read(b []byte) (int, error) {
	if e.over.Load() {
		_ = e.mine.SetReadDeadline(time.Now().Add(late))
	}
	return e.mine.Read(b)
}

func (e *ear) close() {
	_ = e.mine.Close()
	_ = e.theirs.Close() // closed already where the child has started
}

// splitCR splits at carriage returns too: progress overwrites its line.
func splitCR(data []byte, atEOF bool) (int, []byte, error) {
	if i := bytes.IndexAny(data, "\r\n"); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

var (
	progressLine = regexp.MustCompile(`^Progress: ([0-9.]+)%`)
	startLine    = regexp.MustCompile(`^Scanning page ([0-9]+)`)
	overLine     = regexp.MustCompile(`^Batch terminated, [0-9]+ pages? scanned`)
	errorLine    = regexp.MustCompile(`sane_(?:start|read|open): (.+)$`)
)

func (r *run) line(c *exec.Cmd, text string) {
	if m := progressLine.FindStringSubmatch(text); m != nil {
		r.beat()
		p, _ := strconv.ParseFloat(m[1], 64)
		r.tell(c, scan.Event{Kind: scan.Progress, Percent: int(p)})
		return
	}
	if startLine.MatchString(text) {
		r.beat()
		r.begin()
		r.tell(c, scan.Event{Kind: scan.Started})
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if m := errorLine.FindStringSubmatch(text); m != nil {
		if r.told = statusWords[strings.TrimSpace(m[1])]; r.told == "" {
			r.told = record.CodeScanBadData
		}
	}
	r.over = r.over || overLine.MatchString(text)
	r.alive(r.told != "" || r.over)
	if r.said.Len() < 4096 {
		r.said.WriteString(strings.TrimSpace(text) + "; ")
	}
}

// begin waits until the page before has come: names of pages and words about them come by two pipes.
func (r *run) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.begun++
	for r.pages < r.begun-1 && !r.silent && r.failed == nil {
		r.turn.Wait()
	}
}

// tell sends an event about the page being scanned. What is said about a page that has come is late.
func (r *run) tell(c *exec.Cmd, e scan.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e.N = r.pages + 1; r.begun == e.N {
		r.sendLocked(c, e)
	}
}

// beat tells that the child lives.
func (r *run) beat() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.alive(r.told != "" || r.over)
}

func (r *run) next() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pages + 1
}

// send passes an event on; the first refusal ends the scan.
func (r *run) send(c *exec.Cmd, e scan.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sendLocked(c, e)
}

func (r *run) sendLocked(c *exec.Cmd, e scan.Event) {
	if r.failed != nil {
		return
	}
	if err := r.emit(e); err != nil {
		r.failLocked(c, err)
	}
}

// page takes a finished file.
func (r *run) page(c *exec.Cmd, path string) {
	r.beat()
	data, err := os.ReadFile(path)
	_ = os.Remove(path)
	n := r.next()
	if err != nil {
		r.fail(c, record.E(record.CodeScanBadData, err, "page", n))
		return
	}
	p, err := scan.Check(data, n, r.dpi)
	if err != nil {
		r.fail(c, err)
		return
	}
	r.measure(c, p)
	if p.Hash == r.last {
		r.send(c, scan.Event{Kind: scan.Warning, N: n, Code: scan.WarnSamePage})
	}
	if _, h := r.set.Size(); float64(p.Height) < h/25.4*float64(p.DPI)*0.98 {
		r.send(c, scan.Event{Kind: scan.Warning, N: n, Code: scan.WarnShort})
	}
	r.last = p.Hash
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sendLocked(c, scan.Event{Kind: scan.Received, N: n, Page: p})
	r.pages++
	r.turn.Broadcast()
}

// measure believes what scanimage wrote into the page over what was asked for.
func (r *run) measure(c *exec.Cmd, p *scan.Page) {
	real := scan.Density(p.Data)
	if real == 0 || real == p.DPI {
		return
	}
	p.DPI = real
	if !r.warned {
		r.warned = true
		r.send(c, scan.Event{Kind: scan.Warning, N: p.N, Code: scan.WarnResolution})
	}
}

func (r *run) fail(c *exec.Cmd, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failLocked(c, err)
}

func (r *run) failLocked(c *exec.Cmd, err error) {
	if r.failed != nil {
		return
	}
	r.failed = err
	r.turn.Broadcast()
	_ = c.Process.Signal(os.Interrupt)
	r.alive(true) // one that is deaf is killed
}

// verdict reads scanimage's end. An empty feeder after at least one page is the end of the stack.
func (r *run) verdict(code record.Code, cause error, device string) error {
	if code == record.CodeScanNoPaper && r.pages > 0 {
		return nil
	}
	said := strings.TrimSuffix(r.said.String(), "; ")
	if cause == nil {
		cause = fmt.Errorf("scanimage: %s", said)
	} else {
		cause = fmt.Errorf("%w: %s", cause, said)
	}
	return record.E(code, cause, "device", device, "pages", r.pages, "page", r.pages+1)
}
