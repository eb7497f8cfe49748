// Package preview turns the pages of PDF files and images into pixels and text, away from this process.
//
// It is for screens and commands that show paper: [New] starts a helper process of the same program,
// [Renderer.OpenFile] hands a file to it, [Document.Render], [Document.Gray], [Document.Text] and [Document.Words] ask for
// pages, [Document.Contents] and [Document.Links] for what the file says about itself and where it leads.
//
// It promises that bytes from outside are parsed only inside that helper, which has no right to files,
// network or other programs, little memory (less than 400 MB, whatever the file is) and little time; that every file is either shown or refused
// with a [record.Error] within the job time; that a helper that dies or hangs is replaced and the next
// file is shown; that annotations and filled form fields are drawn; that pages already seen and the
// neighbours of the one on screen come from a cache with a fixed size in bytes; that a file of thousands of
// pages opens without a look at any but the first, and a large one without reading more of it than that
// needs. All methods may be called from several goroutines.
//
// It never changes a file, never runs its scripts, never follows its links, never writes anything to
// disk. It is the only importer of go-fitz, which brings the static MuPDF library (AGPL).
package preview

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/unicode/norm"

	"schalter/data/record"
)

// WorkerArg is the first argument that makes the program a helper: main calls [WorkerMain] when it finds it.
const WorkerArg = "preview-worker"

// Options of a [Renderer]; the zero value is what a desk uses.
type Options struct {
	// Exe starts the helper: program and first arguments. Default is this program with [WorkerArg].
	Exe []string
	// JobTime ends a job; default 9 s, so that a refusal is on screen within ten.
	JobTime time.Duration
	// MaxPixels is the largest picture of a page; default 40 million (A4 at 600 dpi is 35 million).
	MaxPixels int
	// MaxBytes is the largest file; default 512 MiB.
	MaxBytes int64
	// Whole is the largest PDF that is handed over whole, larger ones piece by piece; default 8 MiB.
	Whole int64
	// Memory is what the helper may use beside what it starts with (about 30 MB), in bytes, with the picture that it
	// draws; default 310 MiB.
	Memory int64
	// CacheBytes bounds the pictures kept here; default 24 MiB, five pages on a usual screen.
	CacheBytes int64
	// CacheCount bounds their number; default 6: more than what is on the screen and beside it is not seen again soon.
	CacheCount int
}

func (o Options) withDefaults() (Options, error) {
	if len(o.Exe) == 0 {
		exe, err := os.Executable()
		if err != nil {
			return o, fmt.Errorf("find own program: %w", err)
		}
		o.Exe = []string{exe, WorkerArg}
	}
	if o.JobTime <= 0 {
		o.JobTime = 9 * time.Second
	}
	if o.MaxPixels <= 0 {
		o.MaxPixels = 40_000_000
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 512 << 20
	}
	if o.Whole <= 0 {
		o.Whole = 8 << 20
	}
	if o.Memory <= 0 {
		o.Memory = 310 << 20
	}
	if o.CacheBytes <= 0 {
		o.CacheBytes = 24 << 20
	}
	if o.CacheCount <= 0 {
		o.CacheCount = 6
	}
	return o, nil
}

// Renderer owns one helper process and the pictures it made. One serves the whole program.
type Renderer struct {
	o     Options
	err   error // why the options could not be completed; told by Open
	cache *cache

	mu      sync.Mutex
	wake    *sync.Cond
	wanted  []*task // a caller waits for these, oldest first
	ahead   []*task // prefetched; given up as soon as somebody waits for anything else
	flights map[key]*task
	running *task
	helper  *helper // used last
	forget  bool    // replace the helper before the next job
	closed  bool
	ended   chan struct{}
}

// New starts the helper in the background, so that the first page finds it warm. A helper that cannot be
// started is tried again with every job and reported there.
func New(o Options) *Renderer {
	o, err := o.withDefaults()
	r := &Renderer{o: o, err: err, cache: newCache(o.CacheBytes, o.CacheCount), flights: map[key]*task{}, ended: make(chan struct{})}
	r.wake = sync.NewCond(&r.mu)
	go r.serve()
	return r
}

// Close ends the helper and everything that waits for it. Documents stay closed for good.
func (r *Renderer) Close() {
	r.mu.Lock()
	r.closed = true
	if r.running != nil && r.helper != nil {
		_ = r.helper.cmd.Process.Kill()
	}
	r.wake.Broadcast()
	r.mu.Unlock()
	<-r.ended
}

// Forget drops all pictures and replaces the helper, which holds the last files in memory: called when
// the desk is locked. Open documents keep working.
func (r *Renderer) Forget() {
	r.cache.clear()
	r.mu.Lock()
	r.forget = true
	for _, t := range r.ahead {
		t.cancel()
	}
	r.wake.Broadcast()
	r.mu.Unlock()
}

// Open hands a file in memory to the helper; see [Renderer.OpenFile].
func (r *Renderer) Open(ctx context.Context, data []byte, mediaType, password string) (*Document, error) {
	return r.OpenFile(ctx, Bytes(data), mediaType, password)
}

// OpenFile hands a file to the helper. The bytes decide what it is (PDF, JPEG, PNG or TIFF); mediaType is
// only named in a refusal.
//
// Errors: [record.CodePDFCannotShow], [record.CodePDFPassword] (none or a wrong one was given),
// [record.CodePDFNoPages], [record.CodePDFFileTooLarge], [record.CodePDFTimeout], and those of the file. The
// methods of the document may fail with those of the file as well, when the helper needs it anew.
func (r *Renderer) OpenFile(ctx context.Context, f File, mediaType, password string) (*Document, error) {
	if r.err != nil {
		return nil, record.E(record.CodePDFCannotShow, r.err)
	}
	if f.Size > r.o.MaxBytes {
		return nil, record.E(record.CodePDFFileTooLarge, nil, "limit", r.o.MaxBytes>>20)
	}
	k, anyOrder, err := f.kind()
	if err != nil {
		return nil, err
	}
	if k == kindUnknown {
		return nil, record.E(record.CodePDFCannotShow, fmt.Errorf("neither PDF nor image, declared %q", mediaType))
	}
	var src *source
	var res result
	for _, p := range spellings(password) {
		src = newSource(k, f, p)
		src.far = anyOrder && k == kindPDF && f.Size > r.o.Whole
		if res, err = r.do(ctx, key{src: src, op: opOpen}); record.CodeOf(err) != record.CodePDFPassword {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	d := &Document{r: r, src: src, pages: res.pages, sizes: map[int][2]float64{}}
	if res.wPt > 0 && res.hPt > 0 {
		d.sizes[0] = [2]float64{res.wPt, res.hPt}
	}
	return d, nil
}

// spellings are a password as typed and, where it differs, as SASLprep (RFC 4013) writes it, which
// AES-256 files are encrypted with.
func spellings(password string) []string {
	nothing := strings.NewReplacer("\u00ad", "", "\u200b", "", "\u200c", "", "\u200d", "", "\u2060", "", "\ufeff", "")
	if prepared := norm.NFKC.String(nothing.Replace(password)); prepared != password {
		return []string{password, prepared}
	}
	return []string{password}
}

// errClosed is what callers of a closed renderer or document get.
var errClosed = errors.New("preview is closed")
