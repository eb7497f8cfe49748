package preview

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"schalter/data/pdf/preview/sandbox"
)

// WorkerMain is the helper: it gives up all rights, then draws what standard input asks for until that
// ends. It never returns.
func WorkerMain() {
	err := work(os.Args[2:])
	fmt.Fprintln(os.Stderr, "preview helper:", err)
	os.Exit(1)
}

// orders are the arguments a helper is started with.
type orders struct {
	maxPixels        int
	memory, maxBytes int64
	jobTime          time.Duration
	shared           bool
}

func parseOrders(args []string) (o orders, err error) {
	if len(args) != 5 {
		return o, fmt.Errorf("%d arguments instead of 5", len(args))
	}
	var errs [5]error
	o.maxPixels, errs[0] = strconv.Atoi(args[0])
	o.memory, errs[1] = strconv.ParseInt(args[1], 10, 64)
	o.maxBytes, errs[2] = strconv.ParseInt(args[2], 10, 64)
	o.jobTime, errs[3] = time.ParseDuration(args[3])
	o.shared, errs[4] = strconv.ParseBool(args[4])
	for _, e := range errs {
		if e != nil {
			return o, e
		}
	}
	return o, nil
}

// worker is the state of the helper process.
type worker struct {
	o     orders
	lib   *library
	room  []byte // shared with the desk's process
	in    *bufio.Reader
	out   *bufio.Writer
	queue chan order
	took  chan struct{} // the queue's reader has read a body
	came  chan []byte   // pieces of a file
	lost  bool          // a piece did not come

	mu      sync.Mutex
	job     uint32 // being done
	aborted uint32 // highest job given up
}

// order is a request whose body, if any, still has to be read.
type order struct{ request }

// work ends only with an error; at the end of input listen ends the process.
func work(args []string) error {
	o, err := parseOrders(args)
	if err != nil {
		return err
	}
	w := &worker{
		o: o, in: bufio.NewReaderSize(os.Stdin, 64<<10), out: bufio.NewWriter(os.Stdout),
		queue: make(chan order), took: make(chan struct{}), came: make(chan []byte),
	}
	if o.shared {
		if w.room, err = openPixels(o.maxPixels); err != nil {
			return err
		}
	}
	debug.SetGCPercent(50)
	obeyCPULimit()
	if w.lib, err = newLibrary(); err != nil {
		return err
	}
	w.lib.allow(o.memory)
	if err := sandbox.Enter(o.memory + beside); err != nil {
		return fmt.Errorf("enter sandbox: %w", err)
	}
	readPiece = w.piece
	go w.listen()
	idle := time.NewTimer(idleAfter)
	for {
		select {
		case q := <-w.queue:
			if err := w.handle(q); err != nil {
				return err
			}
			idle.Reset(idleAfter)
		case <-idle.C:
			tidy()
			debug.FreeOSMemory()
		}
	}
}

// beside is what may be used that is not counted: by this program itself.
const beside = 128 << 20

// idleAfter is when unused memory goes back to the system.
const idleAfter = 2 * time.Second

// listen reads requests. Aborts are obeyed at once; end of input ends the process, even in mid-job.
func (w *worker) listen() {
	for {
		q, err := readRequest(w.in)
		if err != nil {
			os.Exit(0)
		}
		if q.Op == opAbort {
			w.abort(q.Job)
			continue
		}
		if q.Op == opPiece {
			piece := make([]byte, q.Size)
			if _, err := io.ReadFull(w.in, piece); err != nil {
				os.Exit(0)
			}
			w.came <- piece
			continue
		}
		w.queue <- order{q}
		if q.Size > 0 {
			<-w.took
		}
	}
}

func (w *worker) abort(job uint32) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.aborted = max(w.aborted, job)
	if w.job == job {
		w.lib.setAbort(true)
	}
}

// begin makes job the one that aborts refer to.
func (w *worker) begin(job uint32) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.job = job
	w.lib.setAbort(job <= w.aborted)
}

func (w *worker) handle(q order) error {
	sandbox.RenewCPU(w.o.jobTime + 2*time.Second)
	w.begin(q.Job)
	w.lost = false
	head, body, err := w.answer(q)
	if err != nil {
		return err
	}
	if w.lost {
		w.lib.drop(q.Sum)
	}
	head.Job = q.Job
	if err := writeResponse(w.out, head, body); err != nil {
		return err
	}
	return w.out.Flush()
}

// piece gets a piece of the file the job is for from the desk's process.
func (w *worker) piece(off int64, to []byte) bool {
	need := response{Status: statusNeed, Job: w.job, Off: uint64(off), Want: uint32(len(to))} //nolint:gosec // a piece of a file
	if writeResponse(w.out, need, nil) != nil || w.out.Flush() != nil {
		os.Exit(0) // nobody listens any more
	}
	piece := <-w.came
	w.lost = w.lost || len(piece) != len(to)
	return copy(to, piece) == len(to)
}

// open takes a file, or its password and length when it is far.
func (w *worker) open(q request) (response, []byte, error) {
	size := int64(q.Size) - int64(q.Secret)                                                       //nolint:gosec // bounded below
	if size < 0 || size > w.o.maxBytes || int64(q.Length) > w.o.maxBytes || int64(q.Length) < 0 { //nolint:gosec // a size
		return response{}, nil, errProtocol
	}
	secret := make([]byte, q.Secret)
	if _, err := io.ReadFull(w.in, secret); err != nil {
		return response{}, nil, err
	}
	if q.Far != 0 {
		w.took <- struct{}{} // the pieces come the same way
		head, body := w.lib.loadFar(q, string(secret))
		return head, body, nil
	}
	head, body, err := w.lib.load(q, string(secret), w.in, size)
	if err == nil {
		w.took <- struct{}{}
	}
	return head, body, err
}

// draw leaves the library what the picture itself does not need; where that is too little, other files are closed
// for it.
func (w *worker) draw(f *file, q request) (response, []byte) {
	w.lib.allow(w.o.memory - w.lib.needs(f, q))
	defer w.lib.allow(w.o.memory)
	head, body := w.lib.render(f, q, w.o.maxPixels, w.room)
	if head.Status == statusMemory && w.lib.alone(f) {
		head, body = w.lib.render(f, q, w.o.maxPixels, w.room)
	}
	return head, body
}

func (w *worker) answer(q order) (response, []byte, error) {
	if q.Size > 0 {
		return w.open(q.request)
	}
	f := w.lib.find(q.Sum)
	if f == nil {
		return response{Status: statusAbsent}, nil, nil
	}
	var head response
	var body []byte
	switch q.Op {
	case opOpen:
		head = f.head
	case opSize:
		head, body = w.lib.size(f, int(q.Page))
	case opRender, opGray:
		head, body = w.draw(f, q.request)
	case opText:
		head, body = w.lib.text(f, int(q.Page))
	case opWords:
		head, body = w.lib.words(f, int(q.Page))
	case opContents:
		head, body = w.lib.contents(f)
	case opLinks:
		head, body = w.lib.links(f, int(q.Page))
	default:
		return head, nil, errProtocol
	}
	return head, body, nil
}
