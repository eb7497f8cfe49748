package store

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"schalter/data/record"
	"schalter/data/sorting"
)

// trayStack is what table tray_stack holds of a stack. Pages that were filed have no row any more, but count for
// where the others belong; they go with the stack's row, which goes with its last page.
type trayStack struct {
	sorting.Stack
	Next  int            `json:"next"`
	Filed []sorting.Page `json:"filed,omitempty"`
}

// BeginTray puts an empty stack into the tray. The stack's pages are added as they come.
func (s *Store) BeginTray(ctx context.Context, st sorting.Stack) error {
	if st.ID == "" {
		return record.E(record.CodeBadID, nil, "id", st.ID)
	}
	return s.write(ctx, func(ctx context.Context, t *tx) error { return t.saveStack(ctx, trayStack{Stack: st}) })
}

// NoteTray notes what is known of a stack by now: the device, its settings, what was noticed.
func (s *Store) NoteTray(ctx context.Context, st sorting.Stack) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		_, now, err := t.stack(ctx, st.ID)
		if err != nil {
			return err
		}
		st.Done, now.Stack = now.Done, st
		return t.saveStack(ctx, now)
	})
}

// AddTrayPage adds a page to a stack, behind those that came before; it is durable when the page is returned with
// its number. The page's file has to be stored before.
func (s *Store) AddTrayPage(ctx context.Context, stack record.ID, p sorting.Page) (sorting.Page, error) {
	err := s.write(ctx, func(ctx context.Context, t *tx) error {
		key, st, err := t.stack(ctx, stack)
		if err != nil {
			return err
		}
		p.N, p.Filed = st.Next, ""
		st.Next++
		if err := t.addTrayPage(ctx, key, p); err != nil {
			return err
		}
		return t.saveStack(ctx, st)
	})
	return p, err
}

// EndTray notes that nothing more will come of a stack: its paper is through, or it was cut off before. One
// without pages is gone then.
func (s *Store) EndTray(ctx context.Context, stack record.ID, cut bool) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		key, st, err := t.stack(ctx, stack)
		if err != nil {
			return err
		}
		st.Done, st.Cut = true, cut
		if err := t.saveStack(ctx, st); err != nil {
			return err
		}
		return t.dropStack(ctx, key, st)
	})
}

// Tray returns the stacks with pages that are in no case, the oldest first; with them, marked as filed, those of
// their pages that are.
func (s *Store) Tray(ctx context.Context) (out []sorting.Stack, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		at := map[int64]int{}
		err := t.each(ctx, `SELECT key, body FROM tray_stack s WHERE EXISTS (SELECT 1 FROM tray_page p WHERE p.stack = s.key AND `+inTray("p.")+`) ORDER BY made, key`, nil,
			func(scan func(...any) error) error {
				var key int64
				var st trayStack
				if err := scanJSON(scan, &st, &key); err != nil {
					return err
				}
				at[key] = len(out)
				st.Pages = st.Filed
				out = append(out, st.Stack)
				return nil
			})
		if err != nil {
			return err
		}
		err = t.each(ctx, `SELECT stack, body FROM tray_page ORDER BY stack, n`, nil, func(scan func(...any) error) error {
			var key int64
			var p sorting.Page
			if err := scanJSON(scan, &p, &key); err != nil {
				return err
			}
			i, ok := at[key]
			if !ok {
				return nil // all of its pages were thrown away
			}
			if p.Dropped != nil {
				p.Filed = dropped
			}
			out[i].Pages = append(out[i].Pages, p)
			return nil
		})
		for i := range out {
			slices.SortFunc(out[i].Pages, func(a, b sorting.Page) int { return cmp.Compare(a.N, b.N) })
		}
		return err
	})
	return out, err
}

// scanJSON reads a row of which the last column is v as JSON.
func scanJSON(scan func(...any) error, v any, before ...any) error {
	var body []byte
	if err := scan(append(before, &body)...); err != nil {
		return err
	}
	return json.Unmarshal(body, v)
}

// TrayPages counts the pages in the tray.
func (s *Store) TrayPages(ctx context.Context) (n int, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.one(ctx, `SELECT count(*) FROM tray_page WHERE `+inTray(""), nil, &n)
		return err
	})
	return n, err
}

// TrayFiles lists the stored files that pages in the tray need, each once: whoever cleans up keeps them, and
// whoever checks looks for them.
func (s *Store) TrayFiles(ctx context.Context) (out []record.Hash, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		return t.each(ctx, `SELECT DISTINCT hash FROM tray_page`, nil, func(scan func(...any) error) error {
			var h record.Hash
			err := scan(hashOf{&h})
			out = append(out, h)
			return err
		})
	})
	return out, err
}

// ChangeTray has f change pages in the tray, all of them or none. Their numbers and files stay. A page that is not
// there any more is [record.CodeTrayGone].
func (s *Store) ChangeTray(ctx context.Context, pages []record.ID, f func(*sorting.Page)) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		for _, id := range pages {
			p, _, err := t.trayPage(ctx, id)
			if err == nil && p.Dropped != nil {
				err = record.E(record.CodeTrayGone, fmt.Errorf("page %s was thrown away", id))
			}
			if err != nil {
				return err
			}
			was := p
			f(&p)
			p.ID, p.N, p.Original, p.Filed, p.Dropped = was.ID, was.N, was.Original, "", nil
			if err := t.saveTrayPage(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

// OrderTray brings a stack's pages into another order, such as fronts and backs that were scanned one after the
// other. Pages that are not named follow behind those that are.
func (s *Store) OrderTray(ctx context.Context, stack record.ID, pages []record.ID) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		key, st, err := t.stack(ctx, stack)
		if err != nil {
			return err
		}
		var all []sorting.Page
		err = t.each(ctx, `SELECT body FROM tray_page WHERE stack = ? ORDER BY n`, args(key), func(scan func(...any) error) error {
			all = append(all, sorting.Page{})
			return scanJSON(scan, &all[len(all)-1])
		})
		if err != nil {
			return err
		}
		place := func(p sorting.Page) int {
			if i := slices.Index(pages, p.ID); i >= 0 {
				return i
			}
			return len(pages)
		}
		slices.SortStableFunc(all, func(a, b sorting.Page) int { return cmp.Compare(place(a), place(b)) })
		// No two pages may have one number on the way either, and those that were filed keep theirs.
		if err := t.exec(ctx, `UPDATE tray_page SET n = -1 - n WHERE stack = ?`, key); err != nil {
			return err
		}
		n := 0
		for _, p := range all {
			for slices.ContainsFunc(st.Filed, func(f sorting.Page) bool { return f.N == n }) {
				n++
			}
			p.N = n
			n++
			body, err := json.Marshal(p)
			if err != nil {
				return err
			}
			if err := t.exec(ctx, `UPDATE tray_page SET n = ?, body = ? WHERE id = ?`, p.N, body, packID(p.ID)); err != nil {
				return err
			}
		}
		st.Next = max(st.Next, n)
		return t.saveStack(ctx, st)
	})
}

// FileTray files a document made of pages in the tray: the edits, which are of one case and add the document, and
// the end of the pages' rows, in one transaction. Repeated, it does nothing; if one of the pages was filed with
// another document meanwhile it is [record.CodeTrayGone], if it is not as it is handed in, because somebody has
// decided about it meanwhile, [record.CodeTrayChanged]: a page must not come into the case it was just taken from.
// If the case was deleted it is [record.CodeTrayDeleted]: a late paper brings no deleted case back.
func (s *Store) FileTray(ctx context.Context, pages []sorting.Page, edits ...record.Edit) error {
	doc := filedDocument(edits)
	if doc == "" || len(pages) == 0 {
		return errors.New("store: filing from the tray needs pages and the document they make")
	}
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		var known bool
		if _, err := t.one(ctx, `SELECT EXISTS (SELECT 1 FROM document WHERE id = ?)`, args(packID(doc)), &known); err != nil || known {
			return err
		}
		if err := t.unchanged(ctx, pages); err != nil {
			return err
		}
		ids := make([]record.ID, len(pages))
		for i, p := range pages {
			ids[i] = p.ID
		}
		if err := t.takeOut(ctx, ids, doc); err != nil {
			return err
		}
		b := t.batch()
		b.later = true
		w, err := b.find(ctx, edits[0].Case)
		if err != nil {
			return err
		}
		if w == nil {
			return record.E(record.CodeNotFound, nil, "id", edits[0].Case)
		}
		c, err := w.state(&b.s.recent)
		if err != nil {
			return err
		}
		if c.Deleted {
			return record.E(record.CodeTrayDeleted, nil, "number", c.Number)
		}
		if _, err := b.apply(ctx, t.signed(edits)); err != nil {
			return err
		}
		return b.save(ctx)
	})
}

// unchanged tells whether pages in the tray are as they are handed in.
func (t *tx) unchanged(ctx context.Context, pages []sorting.Page) error {
	for _, p := range pages {
		now, _, err := t.trayPage(ctx, p.ID)
		if err != nil {
			return err
		}
		is, err := json.Marshal(now)
		if err != nil {
			return err
		}
		was, err := json.Marshal(p)
		if err != nil {
			return err
		}
		if !bytes.Equal(is, was) {
			return record.E(record.CodeTrayChanged, fmt.Errorf("page %s", p.ID))
		}
	}
	return nil
}

// filedDocument is the document that edits of one case add, "" where they are something else.
func filedDocument(edits []record.Edit) (doc record.ID) {
	for _, e := range edits {
		if e.Case != edits[0].Case {
			return ""
		}
		if p, ok := e.Payload.(record.DocumentAdded); ok {
			doc = p.Document.ID
		}
	}
	return doc
}

// UnfileTray takes a filing back: the edits, which put the document into the trash, and the pages' rows as they
// were, in one transaction. Pages that lie in the tray already stay as they are.
func (s *Store) UnfileTray(ctx context.Context, st sorting.Stack, pages []record.ID, edits ...record.Edit) error {
	return s.write(ctx, func(ctx context.Context, t *tx) error {
		key, now, err := t.stack(ctx, st.ID)
		if record.CodeOf(err) == record.CodeTrayGone {
			now = trayStack{Stack: st}
			for _, p := range st.Pages {
				now.Next = max(now.Next, p.N+1)
				p.Filed = cmp.Or(p.Filed, dropped) // it was somewhere when the stack went
				now.Filed = append(now.Filed, p)
			}
			if err = t.saveStack(ctx, now); err == nil {
				key, now, err = t.stack(ctx, st.ID)
			}
		}
		if err != nil {
			return err
		}
		for _, p := range st.Pages {
			if !slices.Contains(pages, p.ID) {
				continue
			}
			now.Filed = slices.DeleteFunc(now.Filed, func(f sorting.Page) bool { return f.ID == p.ID })
			if _, _, err := t.trayPage(ctx, p.ID); record.CodeOf(err) != record.CodeTrayGone {
				if err != nil {
					return err
				}
				continue
			}
			p.Filed = ""
			if err := t.addTrayPage(ctx, key, p); err != nil {
				return err
			}
		}
		if err := t.saveStack(ctx, now); err != nil {
			return err
		}
		b := t.batch()
		b.later = true
		if _, err := b.apply(ctx, edits); err != nil {
			return err
		}
		return b.save(ctx)
	})
}

// Numbered finds a case by its number; false where there is none here.
func (s *Store) Numbered(ctx context.Context, number string) (c record.Case, found bool, err error) {
	err = s.read(ctx, func(ctx context.Context, t *tx) error {
		var body []byte
		found, err = t.one(ctx, `SELECT b.body FROM cases c JOIN case_body b ON b.key = c.key WHERE c.number <> '' AND c.number = ?
			ORDER BY c.key LIMIT 1`, args(number), &body)
		if err != nil || !found {
			return err
		}
		return json.Unmarshal(body, &c)
	})
	return c, found, err
}

func (t *tx) saveStack(ctx context.Context, st trayStack) error {
	body, err := json.Marshal(st)
	if err != nil {
		return err
	}
	return t.exec(ctx, `INSERT INTO tray_stack (id, made, body) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
		packID(st.ID), st.Made.UnixMilli(), body)
}

// stack reads a stack without its pages.
func (t *tx) stack(ctx context.Context, id record.ID) (key int64, st trayStack, err error) {
	var body []byte
	found, err := t.one(ctx, `SELECT key, body FROM tray_stack WHERE id = ?`, args(packID(id)), &key, &body)
	if err == nil && !found {
		err = record.E(record.CodeTrayGone, fmt.Errorf("stack %s", id))
	}
	if err != nil {
		return 0, st, err
	}
	return key, st, json.Unmarshal(body, &st)
}

// trayPage reads a page and which stack it is of.
func (t *tx) trayPage(ctx context.Context, id record.ID) (p sorting.Page, stack record.ID, err error) {
	var body []byte
	found, err := t.one(ctx, `SELECT p.body, s.id FROM tray_page p JOIN tray_stack s ON s.key = p.stack WHERE p.id = ?`,
		args(packID(id)), &body, idOf{&stack})
	if err == nil && !found {
		err = record.E(record.CodeTrayGone, fmt.Errorf("page %s", id))
	}
	if err != nil {
		return p, "", err
	}
	return p, stack, json.Unmarshal(body, &p)
}

func (t *tx) addTrayPage(ctx context.Context, stack int64, p sorting.Page) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return t.exec(ctx, `INSERT INTO tray_page (id, stack, n, hash, body) VALUES (?, ?, ?, ?, ?)`,
		packID(p.ID), stack, p.N, packHash(p.Original.Blob.Hash), body)
}

func (t *tx) saveTrayPage(ctx context.Context, p sorting.Page) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return t.exec(ctx, `UPDATE tray_page SET body = ? WHERE id = ?`, body, packID(p.ID))
}

// takeOut takes pages out of the tray and remembers with their stacks that they are pages of a document.
func (t *tx) takeOut(ctx context.Context, pages []record.ID, doc record.ID) error {
	for _, id := range pages {
		p, stack, err := t.trayPage(ctx, id)
		if err != nil {
			return err
		}
		if err := t.exec(ctx, `DELETE FROM tray_page WHERE id = ?`, packID(id)); err != nil {
			return err
		}
		key, st, err := t.stack(ctx, stack)
		if err != nil {
			return err
		}
		p.Filed = doc
		st.Filed = append(st.Filed, p)
		if err := t.saveStack(ctx, st); err != nil {
			return err
		}
		if err := t.dropStack(ctx, key, st); err != nil {
			return err
		}
	}
	return nil
}

// dropped stands for the document of a page that was thrown away, or filed where nobody remembers.
const dropped record.ID = "dropped"

// dropStack ends a stack of which nothing is left and nothing more comes.
func (t *tx) dropStack(ctx context.Context, key int64, st trayStack) error {
	if !st.Done {
		return nil
	}
	return t.exec(ctx, `DELETE FROM tray_stack WHERE key = ? AND NOT EXISTS (SELECT 1 FROM tray_page WHERE stack = ?)`, key, key)
}

// tray looks whether the pages in the tray can be read and are about the files they say.
func (v *verifier) tray(ctx context.Context) error {
	return v.each(ctx, `SELECT hash, n, body FROM tray_page`, nil, func(scan func(...any) error) error {
		var h record.Hash
		var n int
		var p sorting.Page
		if err := scanJSON(scan, &p, hashOf{&h}, &n); err != nil {
			v.problemf("a page in the tray: %v", err)
			return nil
		}
		if p.Original.Blob.Hash != h || p.N != n || p.Filed != "" {
			v.problemf("page %s in the tray says something else than its row", p.ID)
		}
		return nil
	})
}
