package cryptvfs

import (
	"bytes"
	"crypto/rand"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// The layout of a write-ahead log: a header, then frames of header and page.
const (
	walHeader   = 32
	frameHeader = 24
	frameSize   = frameHeader + PageSize
	saltAt      = 8 // in a frame header: page number, size, then 8 bytes of salt and 8 of checksum

	// journalSmall is the most that SQLite writes to a journal at once besides pages: its header.
	journalSmall = 512
	// headerPeek is how much of page 1 SQLite reads before it recovers from a crash.
	headerPeek = 100
)

func fileRead(tls *libc.TLS, pFile, buf uintptr, n int32, off int64) int32 {
	f := fileOf(pFile)
	switch f.kind {
	case mainFile:
		if n == PageSize && off%PageSize == 0 {
			return f.readPage(tls, pFile, buf, off)
		}
		return f.peek(tls, pFile, buf, n, off)
	case walFile:
		return f.readLog(tls, pFile, buf, n, off)
	default:
		return f.readJournal(tls, pFile, buf, n, off)
	}
}

// damaged counts a page that did not open and returns what SQLite is told.
func (f *file) damaged(page []byte, pos int64) int32 {
	clear(page)
	f.vfs.authErrors.Add(1)
	if pos == 0 {
		return sqlite3.SQLITE_NOTADB
	}
	return sqlite3.SQLITE_IOERR_DATA
}

// readPage reads a page of the main file. In WAL mode SQLite never asks for a page that was not written, so
// a page of zeros or behind the end is damage there; a rollback journal's database may have such pages.
func (f *file) readPage(tls *libc.TLS, pFile, buf uintptr, off int64) int32 {
	rc := rawRead(tls, pFile, buf, PageSize, off)
	page := mem(buf, PageSize)
	switch {
	case rc == sqlite3.SQLITE_IOERR_SHORT_READ && f.shared && off > 0:
		return f.damaged(page, off)
	case rc != sqlite3.SQLITE_OK:
		return rc
	case blank(page):
		if f.shared {
			return f.damaged(page, off)
		}
		return sqlite3.SQLITE_OK
	case !f.vfs.cipher.open(page, mainFile, off/PageSize):
		return f.damaged(page, off)
	}
	return sqlite3.SQLITE_OK
}

// peek reads part of a page of the main file: SQLite looks at the header and change counter on page 1.
func (f *file) peek(tls *libc.TLS, pFile, buf uintptr, n int32, off int64) int32 {
	number := off / PageSize
	out := mem(buf, int(n))
	if n <= 0 || off < 0 || (off+int64(n)-1)/PageSize != number {
		return sqlite3.SQLITE_IOERR_READ
	}
	rc := rawRead(tls, pFile, f.scratch, PageSize, number*PageSize)
	if rc != sqlite3.SQLITE_OK && rc != sqlite3.SQLITE_IOERR_SHORT_READ {
		return rc
	}
	clear(out)
	page := mem(f.scratch, PageSize)
	defer clear(page)
	switch {
	case rc == sqlite3.SQLITE_IOERR_SHORT_READ && blank(page):
		return rc // an empty file
	case rc == sqlite3.SQLITE_OK && f.vfs.cipher.open(page, mainFile, number):
		copy(out, page[off-number*PageSize:])
		return sqlite3.SQLITE_OK
	case number == 0 && off+int64(n) <= headerPeek:
		// A power cut may have torn page 1, and SQLite asks for the header before it recovers the page from
		// the log or journal. What it needs of it is the same in all our databases. The page itself is
		// authenticated when it is read in full.
		header := f.vfs.emptyPage()
		clear(header[24:headerPeek])
		copy(out, header[off:headerPeek])
		return sqlite3.SQLITE_OK
	}
	return f.damaged(page, number)
}

// readLog reads from the write-ahead log. Single pages are those the index vouches for and must open. Whole
// frames are read in recovery, where the log may end in torn frames: then random bytes stand in for the page,
// so that SQLite's checksum ends the log there, as it ends a torn log in the clear.
func (f *file) readLog(tls *libc.TLS, pFile, buf uintptr, n int32, off int64) int32 {
	in := (off - walHeader) % frameSize
	if off >= walHeader && in+int64(n) <= frameHeader {
		return f.readFrameHeader(tls, pFile, buf, n, off, in)
	}
	rc := rawRead(tls, pFile, buf, n, off)
	if rc != sqlite3.SQLITE_OK {
		return rc
	}
	switch {
	case off+int64(n) <= walHeader:
		return sqlite3.SQLITE_OK
	case off < walHeader:
	case in == frameHeader && n == PageSize:
		page := mem(buf, PageSize)
		if !f.vfs.cipher.open(page, walFile, off) {
			return f.damaged(page, off)
		}
		return sqlite3.SQLITE_OK
	case in == 0 && n == frameSize:
		frame := mem(buf, frameSize)
		f.vfs.cipher.showHeader(frame[saltAt:frameHeader], off)
		if !f.vfs.cipher.open(frame[frameHeader:], walFile, off+frameHeader) {
			rand.Read(frame[frameHeader:]) //nolint:errcheck // never fails: it ends the program instead
		}
		return sqlite3.SQLITE_OK
	}
	clear(mem(buf, int(n)))
	return sqlite3.SQLITE_IOERR_READ
}

// readFrameHeader reads part of a frame's header, whose salt and checksum are enciphered as one.
func (f *file) readFrameHeader(tls *libc.TLS, pFile, buf uintptr, n int32, off, in int64) int32 {
	if n < 0 {
		return sqlite3.SQLITE_IOERR_READ
	}
	header := mem(f.scratch, frameHeader)
	if rc := rawRead(tls, pFile, f.scratch, frameHeader, off-in); rc != sqlite3.SQLITE_OK {
		clear(mem(buf, int(n)))
		return rc
	}
	f.vfs.cipher.showHeader(header[saltAt:], off-in)
	copy(mem(buf, int(n)), header[in:])
	return sqlite3.SQLITE_OK
}

// readJournal reads from a rollback journal. A page that does not open is reported as the journal's end:
// that is what a torn journal is to SQLite, and it stops there.
func (f *file) readJournal(tls *libc.TLS, pFile, buf uintptr, n int32, off int64) int32 {
	rc := rawRead(tls, pFile, buf, n, off)
	if rc != sqlite3.SQLITE_OK {
		return rc
	}
	b := mem(buf, int(n))
	switch {
	case n == PageSize:
		f.sumAt, f.sumMask = off+PageSize, f.vfs.cipher.mask(b)
		if !f.vfs.cipher.open(b, journalFile, off) {
			clear(b)
			return sqlite3.SQLITE_IOERR_SHORT_READ
		}
	case n == 4 && off == f.sumAt:
		f.maskSum(b)
	}
	return sqlite3.SQLITE_OK
}

func (f *file) maskSum(b []byte) {
	for i := range f.sumMask {
		b[i] ^= f.sumMask[i]
	}
}

func fileWrite(tls *libc.TLS, pFile, buf uintptr, n int32, off int64) int32 {
	f := fileOf(pFile)
	b := mem(buf, int(n))
	switch f.kind {
	case mainFile:
		if n == PageSize && off%PageSize == 0 {
			return f.writePage(tls, pFile, b, off, off/PageSize)
		}
	case walFile:
		in := (off - walHeader) % frameSize
		switch {
		case off >= 0 && off+int64(n) <= walHeader:
			return rawWrite(tls, pFile, buf, n, off)
		case off < walHeader:
		case in == 0 && n == frameHeader:
			copy(mem(f.scratch, frameHeader), b)
			f.vfs.cipher.hideHeader(mem(f.scratch, frameHeader)[saltAt:], off)
			return rawWrite(tls, pFile, f.scratch, n, off)
		case in == frameHeader && n == PageSize:
			return f.writePage(tls, pFile, b, off, off)
		}
	default:
		return f.writeJournal(tls, pFile, b, buf, off)
	}
	return sqlite3.SQLITE_IOERR_WRITE // nothing that SQLite writes: never let content through
}

func (f *file) writeJournal(tls *libc.TLS, pFile uintptr, b []byte, buf uintptr, off int64) int32 {
	switch {
	case len(b) == PageSize:
		rc := f.writePage(tls, pFile, b, off, off)
		f.sumAt, f.sumMask = off+PageSize, f.vfs.cipher.mask(mem(f.scratch, PageSize))
		return rc
	case len(b) == 4 && off == f.sumAt:
		sum := mem(f.scratch, 4)
		copy(sum, b)
		f.maskSum(sum)
		return rawWrite(tls, pFile, f.scratch, 4, off)
	case len(b) <= journalSmall:
		return rawWrite(tls, pFile, buf, int32(len(b)), off)
	}
	return sqlite3.SQLITE_IOERR_WRITE
}

// writePage seals a page and writes it. It refuses a page whose reserved bytes hold something, and a page 1
// that does not reserve them: sealing would destroy what is there.
func (f *file) writePage(tls *libc.TLS, pFile uintptr, page []byte, off, pos int64) int32 {
	c := f.vfs.cipher
	if r := c.reserve(); r > 0 {
		first := f.kind == mainFile && off == 0
		if !bytes.Equal(page[PageSize-int(r):], zeros[:r]) || first && page[20] != r {
			return sqlite3.SQLITE_IOERR_WRITE
		}
	}
	c.seal(mem(f.scratch, PageSize), page, f.kind, pos)
	return rawWrite(tls, pFile, f.scratch, PageSize, off)
}
