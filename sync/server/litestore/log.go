package litestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"schalter/data/record"
	"schalter/sync/protocol"
	"schalter/sync/server"
)

// seqBits is how much of a place is sequence.
const seqBits = 40

// jobsPerCommit bounds how many pushes share one commit, and so how long the first of them waits.
const jobsPerCommit = 64

type job struct {
	ctx    context.Context
	device record.ID
	lines  []protocol.Line
	answer protocol.PushAnswer
	err    error
	done   chan struct{}
}

// Push implements [server.Journal]. Pushes that wait at the same time share one commit.
func (s *Store) Push(ctx context.Context, device record.ID, lines []protocol.Line) (protocol.PushAnswer, error) {
	j := &job{ctx: ctx, device: device, lines: lines, done: make(chan struct{})}
	select {
	case s.jobs <- j:
	case <-ctx.Done():
		return protocol.PushAnswer{}, ctx.Err()
	case <-s.closed:
		return protocol.PushAnswer{}, record.E(record.CodeCentreBusy, errors.New("the journal is closing"))
	}
	<-j.done // the committer has it now and always ends it
	return j.answer, fault(j.err)
}

// commit is the one goroutine that writes pushes.
func (s *Store) commit() {
	defer close(s.done)
	for {
		select {
		case <-s.closed:
			return
		case j := <-s.jobs:
			s.commitAll(s.waiting(j))
		}
	}
}

// waiting gathers the pushes that are waiting right now.
func (s *Store) waiting(first *job) []*job {
	batch := []*job{first}
	for len(batch) < jobsPerCommit {
		select {
		case j := <-s.jobs:
			batch = append(batch, j)
		default:
			return batch
		}
	}
	return batch
}

func (s *Store) commitAll(batch []*job) {
	// A desk that hung up does not take the others' commit with it, so no job's context is used here.
	ctx := context.Background()
	err := s.write(ctx, func(tx *sql.Tx) error {
		for _, j := range batch {
			if err := savepoint(ctx, tx, j); err != nil {
				return err
			}
		}
		return nil
	})
	for _, j := range batch {
		if err != nil {
			j.answer, j.err = protocol.PushAnswer{}, err
		}
		close(j.done)
	}
}

// savepoint runs one push; what it did is undone when it fails, without the others' work.
func savepoint(ctx context.Context, tx *sql.Tx, j *job) error {
	if j.err = j.ctx.Err(); j.err != nil {
		return nil //nolint:nilerr // the job's own error; the others of the batch go on
	}
	if _, err := tx.ExecContext(ctx, `SAVEPOINT push`); err != nil {
		return err
	}
	j.answer, j.err = push(ctx, tx, j.device, j.lines)
	if j.err != nil {
		if _, err := tx.ExecContext(ctx, `ROLLBACK TO push`); err != nil {
			return errors.Join(j.err, err) // the disk is full or worse: SQLite gave up the whole transaction
		}
	}
	_, err := tx.ExecContext(ctx, `RELEASE push`)
	return err
}

func push(ctx context.Context, tx *sql.Tx, device record.ID, lines []protocol.Line) (protocol.PushAnswer, error) {
	c := chain{ctx: ctx, tx: tx}
	var history string
	var n, seq int64
	var hash, logHash []byte
	err := tx.QueryRowContext(ctx, `SELECT d.no, d.n, d.hash, d.admin, a.no, a.seq, a.hash, a.history FROM desk d JOIN authority a ON a.no = d.authority WHERE d.device = ?`, string(device)).
		Scan(&c.desk, &n, &hash, &c.admin, &c.authority, &seq, &logHash, &history)
	if errors.Is(err, sql.ErrNoRows) {
		return protocol.PushAnswer{}, record.E(record.CodeDeskUnknown, fmt.Errorf("device %s", device))
	}
	if err != nil {
		return protocol.PushAnswer{}, err
	}
	c.n, c.hash, c.seq, c.logHash = uint64(n), hashOf(hash), uint64(seq), hashOf(logHash)
	a, err := server.Judge(&c, device, lines)
	if err != nil {
		return protocol.PushAnswer{}, err
	}
	a.History = record.ID(history)
	return a, c.finish(uint64(n), uint64(seq))
}

// chain implements [server.Chain] on a transaction.
type chain struct {
	ctx             context.Context
	tx              *sql.Tx
	desk, authority int64
	n, seq          uint64
	hash, logHash   record.Hash
	admin           bool
	insert          *sql.Stmt
	seek            *sql.Stmt
}

func (c *chain) Admin() bool { return c.admin }

func (c *chain) Last() (uint64, record.Hash) { return c.n, c.hash }

func (c *chain) Known(n uint64) (server.Known, error) {
	var k server.Known
	var hash []byte
	err := c.tx.QueryRowContext(c.ctx, `SELECT hash, place & 0xffffffffff, '', '' FROM change WHERE desk = ?1 AND n = ?2
		UNION ALL SELECT hash, 0, code, detail FROM rejected WHERE desk = ?1 AND n = ?2`, c.desk, int64(n)).Scan(&hash, &k.Seq, &k.Code, &k.Detail)
	if err != nil {
		return k, fmt.Errorf("change n=%d of desk %d: %w", n, c.desk, err)
	}
	k.Hash = hashOf(hash)
	return k, nil
}

func (c *chain) HasID(id record.ID) (has bool, err error) {
	if c.seek == nil {
		if c.seek, err = c.tx.PrepareContext(c.ctx, `SELECT EXISTS (SELECT 1 FROM change WHERE id = ? AND place >> 40 = ?)`); err != nil {
			return false, err
		}
	}
	u, err := uuid.Parse(string(id))
	if err != nil {
		return false, err
	}
	err = c.seek.QueryRowContext(c.ctx, u[:], c.authority).Scan(&has)
	return has, err
}

func (c *chain) Place(l protocol.Line) (seq uint64, err error) {
	if c.insert == nil {
		if c.insert, err = c.tx.PrepareContext(c.ctx, `INSERT INTO change (place, desk, n, id, hash, log_hash, ends, line, form) VALUES (?,?,?,?,?,?,0,?,?)`); err != nil {
			return 0, err
		}
	}
	u, err := uuid.Parse(string(l.Change.ID))
	if err != nil {
		return 0, err
	}
	c.move(l)
	c.seq++
	c.logHash = record.NextLogHash(c.logHash, l.Change)
	_, err = c.insert.ExecContext(c.ctx, c.authority<<seqBits|int64(c.seq), c.desk, int64(c.n), u[:], raw(c.hash), raw(c.logHash), l.Bytes, l.Change.Kind == record.KindForm)
	return c.seq, err
}

func (c *chain) Reject(l protocol.Line, code record.Code, detail string) error {
	c.move(l)
	_, err := c.tx.ExecContext(c.ctx, `INSERT INTO rejected (desk, n, hash, code, detail, line) VALUES (?,?,?,?,?,?)`,
		c.desk, int64(c.n), raw(c.hash), string(code), detail, l.Bytes)
	return err
}

func (c *chain) move(l protocol.Line) { c.n, c.hash = l.Change.N, l.Change.Hash() }

// finish writes the heads and marks where this transaction ends.
func (c *chain) finish(n, seq uint64) error {
	if c.n != n {
		if _, err := c.tx.ExecContext(c.ctx, `UPDATE desk SET n = ?, hash = ? WHERE no = ?`, int64(c.n), raw(c.hash), c.desk); err != nil {
			return err
		}
	}
	if c.seq == seq {
		return nil
	}
	if c.seq >= 1<<seqBits {
		return errors.New("the authority's history is full")
	}
	if _, err := c.tx.ExecContext(c.ctx, `UPDATE change SET ends = 1 WHERE place = ?`, c.authority<<seqBits|int64(c.seq)); err != nil {
		return err
	}
	_, err := c.tx.ExecContext(c.ctx, `UPDATE authority SET seq = ?, hash = ? WHERE no = ?`, int64(c.seq), raw(c.logHash), c.authority)
	return err
}

// Pull implements [server.Journal].
func (s *Store) Pull(ctx context.Context, tenant string, from record.Cursor, limit int, each func(server.Entry) error) (next record.Cursor, more bool, err error) {
	tx, err := s.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return next, false, fault(err)
	}
	defer func() { err = errors.Join(err, rollback(tx)) }()
	var no int64
	var head record.Cursor
	var hash []byte
	if err := tx.QueryRowContext(ctx, `SELECT no, history, seq, hash FROM authority WHERE tenant = ?`, tenant).Scan(&no, &head.History, &head.Seq, &hash); err != nil {
		return next, false, fault(err)
	}
	head.Hash = hashOf(hash)
	if err := onHistory(ctx, tx, no, from, head); err != nil {
		return next, false, fault(err)
	}
	from.History = head.History
	if from.Seq == head.Seq {
		return head, false, nil
	}
	next, err = read(ctx, tx, no, from, limit, each)
	return next, next.Seq < head.Seq, fault(err)
}

// onHistory checks that the cursor lies on the history as it is now.
func onHistory(ctx context.Context, tx *sql.Tx, no int64, from, head record.Cursor) error {
	changed := func(why string) error {
		return record.E(record.CodeHistoryChanged, errors.New(why), "history", head.History)
	}
	switch {
	case from.Seq == 0 && (from.History == "" || from.History == head.History):
		return nil
	case from.History != head.History:
		return changed("another history")
	case from.Seq > head.Seq:
		return changed("a place that does not exist yet")
	}
	var at []byte
	if err := tx.QueryRowContext(ctx, `SELECT log_hash FROM change WHERE place = ?`, no<<seqBits|int64(from.Seq)).Scan(&at); err != nil {
		return fmt.Errorf("place %d: %w", from.Seq, err)
	}
	if hashOf(at) != from.Hash {
		return changed("another running hash")
	}
	return nil
}

func read(ctx context.Context, tx *sql.Tx, no int64, from record.Cursor, limit int, each func(server.Entry) error) (next record.Cursor, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT c.place & 0xffffffffff, c.n, c.id, d.device, c.log_hash, c.ends, c.line FROM change c JOIN desk d ON d.no = c.desk
		WHERE c.place > ? AND c.place < ? ORDER BY c.place`, no<<seqBits|int64(from.Seq), (no+1)<<seqBits)
	if err != nil {
		return next, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	next = from
	for size := 0; rows.Next(); {
		var e server.Entry
		var id uuid.UUID
		var idBytes, hash sql.RawBytes
		var line sql.RawBytes
		var ends bool
		if err := rows.Scan(&e.Seq, &e.N, &idBytes, &e.Device, &hash, &ends, &line); err != nil {
			return next, err
		}
		copy(id[:], idBytes)
		e.ID, e.Line = record.ID(id.String()), line
		next.Seq, next.Hash = e.Seq, hashOf(hash)
		if err := each(e); err != nil {
			return next, err
		}
		if size += len(line); ends && size >= limit {
			break
		}
	}
	return next, rows.Err()
}
