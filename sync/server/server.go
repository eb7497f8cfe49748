// Package server is the centre: it gives every change its place in an authority's history, hands the
// history to the authority's other desks, and keeps their files.
//
// It is for cmd/schalterd. Where things are kept is behind [Journal] and [Files]; package litestore and
// filestore keep them on a disk, package memory for tests, and package contract holds all of them to the
// same promises.
//
// It promises: what was answered as placed is on disk; the same push gives the same answer; a desk never
// reads or learns anything of another authority; a slow line is never cut for being slow, only for being
// silent.
//
// It never reads a payload, never logs a person's name, and never fetches an address that somebody named.
package server

import (
	"context"
	"crypto/ed25519"
	"io"
	"time"

	"schalter/data/record"
	"schalter/sync/protocol"
)

// Authority is a town hall, a tenant of the centre.
type Authority struct {
	Tenant  string // short name: the office's letters in lower case
	Name    string // "Musterstadt", as printed on letters
	Office  string // 1 to 4 letters, begins every case number
	History record.ID
	Created time.Time
}

// Desk is a device that was enrolled. Its number is its own for ever, because case numbers contain it. The
// centre's own device, with which it publishes forms, has the number 0 and never speaks on the wire.
type Desk struct {
	Tenant   string
	Number   int
	Device   record.ID
	Key      ed25519.PublicKey
	Program  string
	Enrolled time.Time
	Seen     time.Time
	Revoked  time.Time // zero: it may work
	N        uint64    // how many of its changes are here, rejected ones included
	Admin    bool      // it may publish forms
}

// Invitation is an enrolment code that was given out, without its secret.
type Invitation struct {
	Tenant  string
	Number  int
	Secret  record.Hash // of EnrolCode.SecretText
	Centre  string      // the address that the code carries
	Expires time.Time
	Created time.Time
	Admin   bool // the desk may publish forms
}

// Entry is one change in a history.
type Entry struct {
	Seq    uint64
	ID     record.ID
	Device record.ID
	N      uint64
	Line   []byte // as the desk sent it; only valid until the call it is handed to returns
}

// Journal keeps authorities, desks and changes. Its errors are [*record.Error] where a desk or an
// administrator can do something about them. Every method that writes returns after the data is on disk.
type Journal interface {
	// AddAuthority refuses a tenant or office that is there, with ErrExists.
	AddAuthority(ctx context.Context, a Authority) error
	// Authority finds by tenant; CodeNotFound.
	Authority(ctx context.Context, tenant string) (Authority, error)
	Authorities(ctx context.Context) ([]Authority, error)

	// Invite replaces an earlier unused invitation for the same number. ErrExists if the number has a desk.
	Invite(ctx context.Context, i Invitation) error
	// Enrol makes a desk of the invitation with that secret hash, or repeats the answer if the very same
	// device and key used it. CodeEnrolCode if it is unknown, used by another, or expired at now.
	Enrol(ctx context.Context, tenant string, secret record.Hash, device record.ID, key ed25519.PublicKey, program string, now time.Time) (Desk, Invitation, error)
	// Desk finds by device; CodeDeskUnknown, also for the centre's own.
	Desk(ctx context.Context, device record.ID) (Desk, error)
	// Desks lists by number, without the centre's own.
	Desks(ctx context.Context, tenant string) ([]Desk, error)
	// Grant gives a desk the right to publish forms, or takes it away; CodeNotFound.
	Grant(ctx context.Context, tenant string, number int, admin bool) error
	// Own gives the device with which the centre itself makes an authority's changes. It is made of device and
	// key at the first time and stays as it is afterwards.
	Own(ctx context.Context, tenant string, device record.ID, key ed25519.PublicKey, now time.Time) (Desk, error)
	// Last is the change at the end of a device's chain, the zero Change if it has made none.
	Last(ctx context.Context, device record.ID) (record.Change, error)
	// Revoke shuts a desk out; CodeNotFound. Repeating it changes nothing.
	Revoke(ctx context.Context, tenant string, number int, now time.Time) error
	// Seen records when desks were last heard of; unknown ones are ignored.
	Seen(ctx context.Context, when map[record.ID]time.Time) error

	// Push judges (see [Judge]) and keeps a desk's changes in one transaction.
	Push(ctx context.Context, device record.ID, lines []protocol.Line) (protocol.PushAnswer, error)
	// Pull calls each for the changes after the cursor, whole transactions, and stops at the end of the
	// first one that brings the lines to limit bytes. CodeHistoryChanged, with "history", if the cursor does
	// not lie on this authority's history.
	Pull(ctx context.Context, tenant string, from record.Cursor, limit int, each func(Entry) error) (next record.Cursor, more bool, err error)

	// Forms calls each for the placed changes of kind record.KindForm, in the order of the history.
	Forms(ctx context.Context, tenant string, each func(Entry) error) error

	// Head is the last place of an authority's history.
	Head(ctx context.Context, tenant string) (uint64, error)
	// KeepFiles notes that files are complete. One that was lost is found again.
	KeepFiles(ctx context.Context, tenant string, files ...record.Hash) error
	// LoseFiles notes that files are gone; those that were never complete are passed over. It returns how many
	// were not known to be lost; if there are any, the mark of LostFiles becomes another, higher one.
	LoseFiles(ctx context.Context, tenant string, now time.Time, files ...record.Hash) (news int, err error)
	// KnownFiles calls each for the files that were ever complete, in the order of their hashes.
	KnownFiles(ctx context.Context, tenant string, each func(h record.Hash, lost bool) error) error
	// LostFiles gives up to limit lost files behind one, in the order of their hashes. The mark is 0 as long as
	// nothing was ever lost.
	LostFiles(ctx context.Context, tenant string, after record.Hash, limit int) (mark uint64, files []record.Hash, err error)

	// Ready tells whether the journal can be read and written.
	Ready(ctx context.Context) error
}

// FileState is how much of a file is there.
type FileState struct {
	Offset   int64
	Complete bool
}

// File is a complete file, open for reading.
type File interface {
	io.ReadSeekCloser
}

// Files keeps each authority's files by the SHA-256 of their bytes.
type Files interface {
	State(ctx context.Context, tenant string, h record.Hash) (FileState, error)
	// Append adds body at offset to a file that will be length bytes long. What arrived stays, also when
	// body fails; the state and body's error are both returned then. The file is complete, and checked
	// against its hash, when length is reached: CodeHashMismatch throws all of it away. A wrong offset is
	// ErrOffset with the present state; a second appender at the same time gets CodeCentreBusy.
	// Everything is on disk before it returns.
	Append(ctx context.Context, tenant string, h record.Hash, offset, length int64, body io.Reader) (FileState, error)
	// Open gives a complete file and its size; CodeBlobMissing.
	Open(ctx context.Context, tenant string, h record.Hash) (File, int64, error)
	// SetAside moves a complete file out of the way, so that it can be sent again; CodeBlobMissing. Its bytes
	// stay for whoever wants to look at them.
	SetAside(ctx context.Context, tenant string, h record.Hash) error
	// Each walks a tenant's complete files.
	Each(ctx context.Context, tenant string, each func(h record.Hash, size int64) error) error
}
