package cryptvfs

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/binary"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"unsafe"

	"modernc.org/libc"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Each of these tests stands for a trap that cost us something. Without its guard the test fails.

// liveCopy copies a database with its log or journal while it is open, as a power cut would leave it.
func liveCopy(t *testing.T, path string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "schalter.db")
	for _, suffix := range []string{"", "-wal", "-journal"} {
		b, err := os.ReadFile(path + suffix)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to+suffix, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

func edit(t *testing.T, path string, change func(b []byte)) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	change(b)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Trap 1: SQLite reads the header before it recovers. A checkpoint torn by a power cut leaves page 1 without
// a valid seal while the log still has the whole page.
func TestTrap1TornPageOneIsRecoveredFromTheLog(t *testing.T) {
	v := newVFS(t)
	path := newDB(t, v)
	db := open(t, v, path, "&_pragma=wal_autocheckpoint(0)")
	run(t, db, "create table t(a); insert into t values('x')")
	for name, tear := range map[string]func([]byte){
		"first sector": func(b []byte) { rand.Read(b[:512]) },
		"last sector":  func(b []byte) { rand.Read(b[PageSize-512 : PageSize]) },
		"zeros":        func(b []byte) { clear(b[:PageSize]) },
	} {
		copied := liveCopy(t, path)
		edit(t, copied, tear)
		again := open(t, v, copied)
		if n := one[int](t, again, "select count(*) from t"); n != 1 {
			t.Errorf("%s: %d rows", name, n)
		}
		healthy(t, again)
	}
}

// opened opens a file through the VFS as SQLite would and gives what it takes to call its methods.
func opened(t *testing.T, v *VFS, path string, flags int32) (tls *libc.TLS, pFile uintptr) {
	t.Helper()
	tls = libc.NewTLS()
	pFile = libc.Xcalloc(tls, 1, libc.Tsize_t(at[sqlite3.Tsqlite3_vfs](v.self).FszOsFile))
	name := libc.Xcalloc(tls, 1, libc.Tsize_t(len(path)+2*around))
	copy(mem(name+around, len(path)), path)
	if rc := vfsOpen(tls, v.self, name+around, pFile, flags|sqlite3.SQLITE_OPEN_READWRITE|sqlite3.SQLITE_OPEN_CREATE, 0); rc != 0 {
		t.Fatalf("open: %d", rc)
	}
	t.Cleanup(func() {
		fileClose(tls, pFile)
		libc.Xfree(tls, pFile)
		libc.Xfree(tls, name)
		tls.Close()
	})
	return tls, pFile
}

func cbytes(tls *libc.TLS, b []byte) uintptr {
	p := libc.Xcalloc(tls, 1, libc.Tsize_t(max(1, len(b))))
	copy(mem(p, len(b)), b)
	return p
}

// Trap 2: a database that does not reserve our bytes would lose them.
func TestTrap2PagesWithoutRoomAreRefused(t *testing.T) {
	v := newVFS(t)
	path := newDB(t, v)
	dir := filepath.Dir(path)
	db := open(t, v, path)
	run(t, db, "create table citizen(a); insert into citizen values(?)", canary)
	if _, err := db.Exec("attach ? as o; create table o.z as select * from citizen", filepath.Join(dir, "attached")); err == nil {
		t.Error("a fresh database without reserved bytes was written")
	}
	noPlainText(t, dir)

	tls, f := opened(t, v, filepath.Join(dir, "direct"), sqlite3.SQLITE_OPEN_MAIN_DB)
	page := bytes.Repeat([]byte{7}, PageSize)
	clear(page[PageSize-Reserve:])
	for name, c := range map[string]struct {
		change func([]byte)
		off    int64
		want   int32
	}{
		"good":                {func([]byte) {}, PageSize, sqlite3.SQLITE_OK},
		"tail in use":         {func(b []byte) { b[PageSize-1] = 1 }, PageSize, sqlite3.SQLITE_IOERR_WRITE},
		"first of tail used":  {func(b []byte) { b[PageSize-Reserve] = 1 }, PageSize, sqlite3.SQLITE_IOERR_WRITE},
		"page 1, no room":     {func(b []byte) { b[20] = 0 }, 0, sqlite3.SQLITE_IOERR_WRITE},
		"page 1, little room": {func(b []byte) { b[20] = 12 }, 0, sqlite3.SQLITE_IOERR_WRITE},
		"page 1, room":        {func(b []byte) { b[20] = Reserve }, 0, sqlite3.SQLITE_OK},
	} {
		b := bytes.Clone(page)
		c.change(b)
		p := cbytes(tls, b)
		if rc := fileWrite(tls, f, p, PageSize, c.off); rc != c.want {
			t.Errorf("%s: %d, want %d", name, rc, c.want)
		}
		libc.Xfree(tls, p)
	}
}

// Trap 3: the backup API copies in the clear unless its destination names the VFS, and no VFS can prevent
// it. So nobody in this program may use it; VACUUM INTO is the way.
func TestTrap3CopiesAreSealed(t *testing.T) {
	v := newVFS(t)
	path := newDB(t, v)
	dir := filepath.Dir(path)
	db := open(t, v, path)
	fill(t, db, 100)
	run(t, db, "vacuum into ?", filepath.Join(dir, "vacuum"))
	c, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	err = c.Raw(func(conn any) error {
		b, err := conn.(interface {
			NewBackup(uri string) (*sqlite.Backup, error)
		}).NewBackup("file:" + filepath.Join(dir, "backup") + "?vfs=" + v.Name())
		if err != nil {
			return err
		}
		for more := true; more; {
			if more, err = b.Step(-1); err != nil {
				return err
			}
		}
		return b.Finish()
	})
	if err != nil {
		t.Errorf("backup: %v", err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	noPlainText(t, dir)
	for _, name := range []string{"vacuum", "backup"} {
		copied := open(t, v, filepath.Join(dir, name))
		if n := one[int](t, copied, "select count(*) from citizen"); n != 100 {
			t.Errorf("%s: %d rows", name, n)
		}
		healthy(t, copied)
	}
	root := moduleRoot(t)
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return err
		}
		b, err := os.ReadFile(p)
		for _, word := range []string{".NewBackup(", ".NewRestore("} {
			if bytes.Contains(b, []byte(word)) {
				t.Errorf("%s uses %s: it writes in the clear; use VACUUM INTO", strings.TrimPrefix(p, root), word)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above")
		}
		dir = filepath.Dir(dir)
	}
}

// Trap 4: temporary files would be in the clear, and mapped pages would be read sealed.
func TestTrap4TemporaryFilesFailClosed(t *testing.T) {
	v := newVFS(t)
	path := newDB(t, v)
	db, err := sql.Open("sqlite", "file:"+path+"?vfs="+v.Name())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	fill(t, db, 500)
	_, err = db.Exec("pragma temp_store=1; pragma temp.cache_size=5; create temp table x as select * from citizen; create index temp.xi on x(name)")
	if err == nil {
		t.Error("a temporary table was written to disk")
	}
	db2 := open(t, v, path) // temp_store=MEMORY
	db2.SetMaxOpenConns(1)
	run(t, db2, "pragma temp.cache_size=5; create temp table x as select * from citizen; create index temp.xi on x(name)")
	for _, flags := range []int32{
		sqlite3.SQLITE_OPEN_TEMP_DB, sqlite3.SQLITE_OPEN_TEMP_JOURNAL, sqlite3.SQLITE_OPEN_TRANSIENT_DB,
		sqlite3.SQLITE_OPEN_SUBJOURNAL, sqlite3.SQLITE_OPEN_SUPER_JOURNAL, 0,
	} {
		if kindOf(flags) != 0 {
			t.Errorf("files of flags %#x are opened", flags)
		}
	}
	if methods.FiVersion != 2 || methods.FxFetch != 0 {
		t.Error("pages can be mapped")
	}
	var size sql.NullInt64
	if err := db2.QueryRow("pragma mmap_size=1000000").Scan(&size); err == nil && size.Int64 != 0 {
		t.Errorf("mmap_size %d", size.Int64)
	}
	if n := one[int](t, db2, "select count(*) from citizen where note like '%Wohngeld%'"); n != 500 {
		t.Errorf("%d rows", n)
	}
}

// Trap 5: a log may end in frames that a power cut tore. Recovery must end there, not fail.
func TestTrap5TornLogEndsWithoutError(t *testing.T) {
	v := newVFS(t)
	path := newDB(t, v)
	db := open(t, v, path, "&_pragma=wal_autocheckpoint(0)")
	run(t, db, "create table t(a, b)")
	const rows = 40
	for i := range rows {
		run(t, db, "insert into t values(?, ?)", i, strings.Repeat(canary, 5))
	}
	wal, err := os.ReadFile(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	try := func(name string, wal []byte, least int) {
		t.Helper()
		copied := liveCopy(t, path)
		if err := os.WriteFile(copied+"-wal", wal, 0o600); err != nil {
			t.Fatal(err)
		}
		again := open(t, v, copied)
		var n, last int
		if err := again.QueryRow("select count(*), max(a) from t").Scan(&n, &last); err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		if n < least || n != last+1 {
			t.Errorf("%s: %d rows up to %d, want at least %d", name, n, last, least)
		}
		healthy(t, again)
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	}
	for cut := range 20 {
		n := len(wal) - cut*397
		try("cut", wal[:n], rows-2-cut*397/frameSize)
	}
	for i := range 20 {
		torn := bytes.Clone(wal)
		rand.Read(torn[len(torn)-200*(i+1):])
		try("garbage", torn, rows-2)
		torn = bytes.Clone(wal)
		clear(torn[len(torn)-200*(i+1):])
		try("zeros", torn, rows-2)
		torn = bytes.Clone(wal)
		torn[len(torn)-frameSize*5+i*200] ^= 1
		try("flip", torn, rows-6)
	}
	if n := v.AuthErrors(); n != 0 {
		t.Errorf("%d counted as damage", n)
	}
}

// Trap 6: a crash while a database is made must leave none, and not be in the way of the next try.
func TestTrap6HalfMadeDatabase(t *testing.T) {
	v := newVFS(t)
	path := filepath.Join(t.TempDir(), "schalter.db")
	if err := os.WriteFile(path+".new", bytes.Repeat([]byte("half"), 5000), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := v.Create(path); err != nil {
		t.Fatal(err)
	}
	if i, err := os.Stat(path); err != nil || i.Size() != PageSize {
		t.Errorf("%d bytes, %v", i.Size(), err)
	}
	if _, err := os.Stat(path + ".new"); !os.IsNotExist(err) {
		t.Errorf("still there: %v", err)
	}
	healthy(t, open(t, v, path))
}

// Trap 7: SQLite's checksums go over the plain page and would tell about it: whoever guesses a page could
// see in the log that the guess is right.
func TestTrap7ChecksumsOfPlainPagesAreHidden(t *testing.T) {
	v := newVFS(t)
	path := newDB(t, v)
	db := open(t, v, path, "&_pragma=wal_autocheckpoint(0)")
	run(t, db, "create table t(a)")
	wal, err := os.ReadFile(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	frames := 0
	for off := walHeader; off+frameSize <= len(wal); off += frameSize {
		frames++
		header := bytes.Clone(wal[off : off+frameHeader])
		if bytes.Equal(header[saltAt:16], wal[16:24]) {
			t.Errorf("frame %d shows salt and checksum", frames)
		}
		v.cipher.showHeader(header[saltAt:], int64(off))
		if !bytes.Equal(header[saltAt:16], wal[16:24]) {
			t.Errorf("frame %d does not open", frames)
		}
	}
	if frames == 0 {
		t.Fatal("no frames")
	}

	// the same for a rollback journal, whose checksum is a nonce and some bytes of the page added up
	path = newDB(t, v)
	var nonce uint32
	var page []byte
	sums := 0
	v.Intercept(func(op Op) error {
		if op.Kind != OpWrite || !strings.HasSuffix(op.Path, "-journal") {
			return nil
		}
		switch {
		case len(op.Data) == PageSize:
			page = bytes.Clone(op.Data)
			if !v.cipher.open(page, journalFile, op.Offset) {
				t.Error("a journal page does not open")
			}
		case op.Offset == 0 && len(op.Data) == 512:
			nonce = binary.BigEndian.Uint32(op.Data[12:])
		case len(op.Data) == 4 && page != nil:
			want := nonce
			for i := PageSize - 200; i > 0; i -= 200 {
				want += uint32(page[i])
			}
			sums++
			if binary.BigEndian.Uint32(op.Data) == want {
				t.Error("a journal shows the checksum of a page")
			}
			page = nil
		}
		return nil
	})
	defer v.Intercept(nil)
	db = open(t, v, path, "&_pragma=journal_mode(delete)")
	run(t, db, "create table t(a); insert into t values('x')")
	if sums == 0 {
		t.Error("no page was journalled")
	}
}

// Trap 8: without power-safe overwrite SQLite pads what it writes to whole sectors, and headers could not be
// told from pages any more.
func TestTrap8PowerSafeOverwriteStaysOn(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		v := newVFS(t)
		path := newDB(t, v)
		db := open(t, v, path, "&psow=0&_pragma=journal_mode("+mode+")")
		db.SetMaxOpenConns(1)
		fill(t, db, 300)
		run(t, db, "pragma cache_size=5; begin; update citizen set name='lost'")
		crashed := open(t, v, liveCopy(t, path), "&psow=0")
		if n := one[int](t, crashed, "select count(*) from citizen where name like 'MUSTER%'"); n != 300 {
			t.Errorf("%s: %d rows as they were", mode, n)
		}
		healthy(t, crashed)
		run(t, db, "rollback")
		if n := one[int](t, db, "select count(*) from citizen where name like 'MUSTER%'"); n != 300 {
			t.Errorf("%s: %d rows after rollback", mode, n)
		}
	}
}

// syncs counts calls of countSync.
var syncs atomic.Int64

func countSync(_ *libc.TLS, _ uintptr, flags int32) int32 {
	syncs.Add(1)
	return flags
}

// The power-cut tests believe that a sync is done; this one sees it reach SQLite's own file with its flags
// and answer.
func TestSyncIsPassedOn(t *testing.T) {
	v := newVFS(t)
	_, f := opened(t, v, filepath.Join(t.TempDir(), "db"), sqlite3.SQLITE_OPEN_MAIN_DB)
	tls := libc.NewTLS()
	defer tls.Close()
	original := at[cfile](inner(f)).methods
	table := libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_io_methods{})))
	defer libc.Xfree(tls, table)
	*at[sqlite3.Tsqlite3_io_methods](table) = *innerMethods(f)
	at[sqlite3.Tsqlite3_io_methods](table).FxSync = address(countSync)
	at[cfile](inner(f)).methods = table
	defer func() { at[cfile](inner(f)).methods = original }()
	before := syncs.Load()
	if rc := fileSync(tls, f, 77); rc != 77 || syncs.Load() != before+1 {
		t.Errorf("answer %d after %d syncs", rc, syncs.Load()-before)
	}
}

// What SQLite does not write must not pass, whatever it is: it would be content in the clear.
func TestUnknownWritesAreRefused(t *testing.T) {
	v := newVFS(t)
	dir := t.TempDir()
	for name, c := range map[string]struct {
		flags  int32
		writes [][2]int64 // length, offset
	}{
		"main":    {sqlite3.SQLITE_OPEN_MAIN_DB, [][2]int64{{100, 0}, {PageSize, 5}, {2 * PageSize, 0}, {512, 0}, {8192, 8192}}},
		"wal":     {sqlite3.SQLITE_OPEN_WAL, [][2]int64{{frameSize, walHeader}, {PageSize, walHeader}, {PageSize, 0}, {100, walHeader}, {8, walHeader + 16}, {33, 0}}},
		"journal": {sqlite3.SQLITE_OPEN_MAIN_JOURNAL, [][2]int64{{513, 0}, {8192, 512}, {PageSize - 1, 512}}},
	} {
		path := filepath.Join(dir, name)
		tls, f := opened(t, v, path, c.flags)
		secret := cbytes(tls, bytes.Repeat([]byte(canary), 1000))
		for _, w := range c.writes {
			if rc := fileWrite(tls, f, secret, int32(w[0]), w[1]); rc != sqlite3.SQLITE_IOERR_WRITE {
				t.Errorf("%s: %d bytes at %d: %d", name, w[0], w[1], rc)
			}
		}
		libc.Xfree(tls, secret)
		if i, err := os.Stat(path); err != nil || i.Size() != 0 {
			t.Errorf("%s: %d bytes were written", name, i.Size())
		}
	}
	if cfileSize%unsafe.Alignof(int64(0)) != 0 {
		t.Errorf("the parent's file begins %d bytes in: not aligned", cfileSize)
	}
}
