package preview

/*
#cgo CFLAGS: -O3
#cgo linux LDFLAGS: -Wl,--wrap=fz_open_dctd -Wl,--wrap=fz_scale_pixmap_cached
#include <stdlib.h>
#include "paper.h"
#include "room.h"
*/
import "C"

import (
	"errors"
	"io"
	"math"
	"unsafe"

	_ "github.com/gen2brain/go-fitz" // links the static MuPDF
)

const (
	storeBytes = 32 << 20 // decoded fonts and images the library keeps
	keepFiles  = 4        // files that stay open for the way back
	keepBytes  = 64 << 20 // and their size together
	farBytes   = 8 << 20  // pieces that are kept of a file that is not in memory
	tidyBytes  = 16 << 20 // closed files worth giving their memory back before the helper is idle
)

var errLibrary = errors.New("MuPDF is not the version this program was written for")

// library is MuPDF with the files opened last. Not safe for several goroutines, except abort.
type library struct {
	ctx    *C.fz_context
	cookie *C.fz_cookie
	files  []*file // used last at the end
}

type file struct {
	sum   [32]byte
	paper *C.paper
	size  int64    // in memory
	head  response // answer to opOpen
}

func newLibrary() (*library, error) {
	ctx := C.paper_start(storeBytes)
	if ctx == nil {
		return nil, errLibrary
	}
	return &library{ctx: ctx, cookie: (*C.fz_cookie)(C.calloc(1, C.sizeof_fz_cookie))}, nil
}

var magics = map[kind]string{
	kindPDF: "application/pdf", kindJPEG: "image/jpeg", kindPNG: "image/png", kindTIFF: "image/tiff",
}

// find returns an open file and marks it as used last.
func (l *library) find(sum [32]byte) *file {
	for i, f := range l.files {
		if f.sum == sum {
			l.files = append(append(l.files[:i], l.files[i+1:]...), f)
			return f
		}
	}
	return nil
}

// load reads a file's bytes from r and opens it.
func (l *library) load(q request, password string, r io.Reader, size int64) (response, []byte, error) {
	l.makeRoom(size)
	data := C.room_take(C.size_t(max(size, 1)))
	if data == nil {
		_, err := io.CopyN(io.Discard, r, size)
		return response{Status: statusMemory}, nil, err
	}
	if _, err := io.ReadFull(r, unsafe.Slice((*byte)(data), size)); err != nil {
		return response{}, nil, err
	}
	magic := magics[q.Kind]
	if pdf := wrapped(q.Kind, unsafe.Slice((*byte)(data), size)); pdf != nil {
		C.room_give(data)
		if data = C.room_take(C.size_t(len(pdf))); data == nil {
			return response{Status: statusMemory}, nil, nil
		}
		size, magic = int64(copy(unsafe.Slice((*byte)(data), len(pdf)), pdf)), magics[kindPDF]
	}
	head, body := l.open(q, magic, password, (*C.uchar)(data), size, size)
	return head, body, nil
}

// loadFar opens a file whose bytes are asked for when they are needed.
func (l *library) loadFar(q request, password string) (response, []byte) {
	l.makeRoom(farBytes)
	return l.open(q, magics[q.Kind], password, nil, int64(q.Length), farBytes) //nolint:gosec // bounded by the worker
}

// open takes data over; room is the memory the file will have.
func (l *library) open(q request, as, password string, data *C.uchar, size, room int64) (response, []byte) {
	magic, secret := C.CString(as), C.CString(password)
	defer C.free(unsafe.Pointer(magic))
	defer C.free(unsafe.Pointer(secret))
	picture := 0
	if q.Kind != kindPDF {
		picture = 1
	}
	var a C.paper_answer
	p := C.paper_open(l.ctx, data, C.size_t(size), magic, secret, C.int(picture), &a)
	head := answerHead(&a)
	if p == nil {
		return head, message(&a)
	}
	l.files = append(l.files, &file{sum: q.Sum, paper: p, size: room, head: head})
	return head, nil
}

// drop closes a file that could not be read everywhere: what the library made of it is of no use.
func (l *library) drop(sum [32]byte) {
	if f := l.find(sum); f != nil {
		l.files = l.files[:len(l.files)-1]
		C.paper_close(l.ctx, f.paper)
	}
}

// readPiece is set by the worker, which has one library.
var readPiece func(off int64, to []byte) bool

//export paperRead
func paperRead(offset C.longlong, to *C.uchar, size C.int) C.int {
	if readPiece(int64(offset), unsafe.Slice((*byte)(to), int(size))) {
		return 1
	}
	return 0
}

// depthOf is how many bytes a pixel of what an operation draws has.
func depthOf(o op) uint8 {
	if o == opGray {
		return depthGray
	}
	return depthColour
}

// allow bounds what the library and the files in memory may use together.
func (l *library) allow(bytes int64) { C.room_allow(C.size_t(max(bytes, 0))) }

// alone closes all files but one and gives their memory back; it reports whether there were any.
func (l *library) alone(f *file) bool {
	others := len(l.files) > 1
	for _, o := range l.files {
		if o != f {
			C.paper_close(l.ctx, o.paper)
		}
	}
	l.files = append(l.files[:0], f)
	C.paper_tidy()
	return others
}

// needs is how many bytes the picture of a page takes, about.
func (l *library) needs(f *file, q request) int64 {
	size, _ := l.size(f, int(q.Page))
	k := q.DPI / 72
	return int64(math.Min(size.WPt*k*size.HPt*k*float64(depthOf(q.Op)), math.MaxInt32))
}

// makeRoom closes the files used longest ago until one more fits.
func (l *library) makeRoom(size int64) {
	for _, f := range l.files {
		size += f.size
	}
	closed := int64(0)
	for len(l.files) > 0 && (len(l.files) >= keepFiles || size > keepBytes) {
		f := l.files[0]
		l.files = l.files[1:]
		size -= f.size
		C.paper_close(l.ctx, f.paper)
		closed += f.size
	}
	if closed > tidyBytes { // less is needed again at once, and faulting it in costs milliseconds
		C.paper_tidy()
	}
}

func (l *library) size(f *file, page int) (response, []byte) {
	var a C.paper_answer
	C.paper_size(l.ctx, f.paper, C.int(page), &a)
	return answerHead(&a), message(&a)
}

// render draws into room when it is large enough for maxPixels, else the pixels are returned.
func (l *library) render(f *file, q request, maxPixels int, room []byte) (response, []byte) {
	var a C.paper_answer
	var to *C.uchar
	depth := depthOf(q.Op)
	if len(room) >= maxPixels*int(depth) {
		to = (*C.uchar)(&room[0])
	}
	C.paper_draw(l.ctx, f.paper, C.int(q.Page), C.float(q.DPI), C.int(q.Turns), C.int(depth), C.longlong(maxPixels), to, l.cookie, &a)
	head := answerHead(&a)
	if a.status != C.PAPER_OK {
		return head, message(&a)
	}
	head.Depth = depth
	if to != nil {
		head.Pixels = pixelsShared
		return head, nil
	}
	head.Pixels = pixelsInline
	body := C.GoBytes(unsafe.Pointer(a.pixels), a.width*a.height*C.int(depth))
	C.free(unsafe.Pointer(a.pixels))
	return head, body
}

func (l *library) text(f *file, page int) (response, []byte) {
	var a C.paper_answer
	C.paper_text(l.ctx, f.paper, C.int(page), maxText, l.cookie, &a)
	return textAnswer(&a)
}

func (l *library) words(f *file, page int) (response, []byte) {
	var a C.paper_answer
	C.paper_words(l.ctx, f.paper, C.int(page), maxText, l.cookie, &a)
	return textAnswer(&a)
}

func (l *library) contents(f *file) (response, []byte) {
	var a C.paper_answer
	C.paper_contents(l.ctx, f.paper, maxText, &a)
	return textAnswer(&a)
}

func (l *library) links(f *file, page int) (response, []byte) {
	var a C.paper_answer
	C.paper_links(l.ctx, f.paper, C.int(page), maxText, &a)
	return textAnswer(&a)
}

func textAnswer(a *C.paper_answer) (response, []byte) {
	if a.status != C.PAPER_OK {
		return answerHead(a), message(a)
	}
	defer C.free(unsafe.Pointer(a.text))
	return answerHead(a), C.GoBytes(unsafe.Pointer(a.text), C.int(a.text_len)) // bounded by maxText
}

// setAbort makes the running call end soon, or allows the next one. The library reads the flag without a
// lock, as its documentation says.
func (l *library) setAbort(on bool) {
	v := C.int(0)
	if on {
		v = 1
	}
	l.cookie.abort = v
}

var statuses = map[C.int]status{
	C.PAPER_OK: statusOK, C.PAPER_PASSWORD: statusPassword, C.PAPER_NO_PAGES: statusNoPages,
	C.PAPER_TOO_LARGE: statusTooLarge, C.PAPER_REFUSED: statusRefused, C.PAPER_MEMORY: statusMemory,
	C.PAPER_ABORTED: statusAborted,
}

func answerHead(a *C.paper_answer) response {
	s := response{
		Status: statuses[a.status], Pages: uint32(max(a.pages, 0)),
		Width: uint32(a.width), Height: uint32(a.height), WPt: float64(a.w), HPt: float64(a.h),
	}
	if s.Status != statusOK {
		s.Width, s.Height = 0, 0
	}
	if !believable(s.WPt) || !believable(s.HPt) {
		s.WPt, s.HPt = 0, 0
	}
	return s
}

func message(a *C.paper_answer) []byte {
	if a.status == C.PAPER_OK {
		return nil
	}
	return []byte(C.GoString(&a.message[0]))
}

// obeyCPULimit lets the limit of processor time end this process.
func obeyCPULimit() { C.paper_obey_cpu_limit() }

// tidy gives memory the library has freed back to the system.
func tidy() { C.paper_tidy() }
