// Package cryptvfs keeps SQLite databases sealed on disk: a VFS over modernc.org/sqlite's own that encrypts
// and authenticates every page with XAES-256-GCM.
//
// It is for data/store, which opens its database and writes its snapshots through it:
//
//	v, err := cryptvfs.Register(key, id)
//	err = v.Create(path)
//	db, err := sql.Open("sqlite", "file:"+path+"?vfs="+v.Name()+"&_pragma=temp_store(2)")
//
// # How a page lies on disk
//
// A page of [PageSize] bytes ends in [Reserve] bytes that SQLite leaves alone (byte 20 of the file header).
// On disk it is 4056 bytes of ciphertext, the 16-byte tag and a random 24-byte nonce. The additional data is
// the database's id, the kind of file (main, log, journal) and the position, so that a page moved to another
// place, file or database does not open. Frame headers of the write-ahead log stay as SQLite made them,
// except that their salt and checksum, which SQLite computes over the plain page, are enciphered; so is the
// checksum behind each page of a rollback journal.
//
// # What it promises
//
//   - No page content, name or schema is ever written in the clear: not to the main file, the log or a
//     journal. What would need a temporary file on disk fails ([Name] says how to ask for memory).
//   - A page that was altered, moved, cut off or sealed under another key is an error ([IsDamage]), never
//     wrong data; in a database in WAL mode this holds for a page overwritten with zeros as well.
//   - A power cut is survived exactly as by SQLite without encryption; with synchronous=FULL nothing that was
//     acknowledged is lost. The tests cut the power at thousands of points.
//
// # What it does not promise
//
// It hides neither the number of pages nor which pages change when, and the memory-mapped -shm file shows
// page numbers and one running 64-bit checksum. Whoever can write to the disk can put back an older state of
// the whole database; the hash chain of the changes (data/record) shows that to the centre.
//
// # What callers must know
//
//   - temp_store=MEMORY is required; without it, what needs a temporary file fails with SQLITE_CANTOPEN.
//   - The backup API and ATTACH of a new file write in the clear unless the destination names this VFS;
//     VACUUM INTO a plain path inherits it.
//   - On POSIX systems nobody may open and close the database file by other means in the process that uses
//     it: the close drops SQLite's locks. [VFS.CheckPages] reads through SQLite's own layer for that reason.
//   - Power-safe overwrite is always on, whatever psow the connection asks for; pages are never mapped.
package cryptvfs
