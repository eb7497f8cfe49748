package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"schalter/data/store/storetest"
)

// weighed is what a store with a million pages weighs.
type weighed struct {
	Cases   int64 // bytes with the cases alone
	Whole   int64 // with the cases that carry papers, and their text
	Papered int   // how many those are
	Seconds int   // it took to fill
}

// million measures the search in a store with so many pages, and what its index weighs beside the text.
func (b *bench) million() error {
	dir := filepath.Join(b.work, fmt.Sprintf("million-%d-%d", b.cases, b.pages))
	w, err := b.weigh(dir)
	if err != nil {
		return err
	}
	g, err := enter(b.ctx, dir)
	if err != nil {
		return err
	}
	if err := errors.Join(b.typing(g), g.close()); err != nil {
		return err
	}
	text := 0.0
	const sample = 2000
	for i := range uint64(sample) {
		text += float64(len(storetest.Page(i)))
	}
	text *= float64(b.pages) / sample
	index := float64(w.Whole-w.Cases) - float64(w.Cases)/float64(b.cases)*float64(w.Papered)
	b.table.add(figure{
		name: "index.size", value: index / 1e6, unit: "MB", beside: fmt.Sprintf("the text: %s MB", number(text/1e6)), ratio: index / text, limit: atMost(3, "x"),
		note: fmt.Sprintf("%d pages; what the store grew by, less what as many cases without papers weigh; filled in %d s", b.pages, w.Seconds),
	})
	return nil
}

// weigh fills the store, unless a run before did, and reads what it weighs.
func (b *bench) weigh(dir string) (w weighed, err error) {
	note := dir + ".json"
	if text, err := os.ReadFile(note); err == nil {
		return w, json.Unmarshal(text, &w)
	}
	if err := os.RemoveAll(dir); err != nil {
		return w, err
	}
	b.sayf("filling a store with %d cases and %d pages of text", b.cases, b.pages)
	began := time.Now()
	g, err := found(b.ctx, dir)
	if err != nil {
		return w, err
	}
	if err = errors.Join(storetest.Fill(b.ctx, g.store, b.cases, 0), g.close()); err != nil {
		return w, err
	}
	if w.Cases, err = weight(dir); err != nil {
		return w, err
	}
	if g, err = enter(b.ctx, dir); err != nil {
		return w, err
	}
	w.Papered = (b.pages + storetest.PagesPerDocument - 1) / storetest.PagesPerDocument
	if err = errors.Join(storetest.Fill(b.ctx, g.store, w.Papered, b.pages), g.close()); err != nil {
		return w, err
	}
	if w.Whole, err = weight(dir); err != nil {
		return w, err
	}
	w.Seconds = int(time.Since(began).Seconds())
	text, err := json.Marshal(w)
	if err != nil {
		return w, err
	}
	return w, os.WriteFile(note, text, 0o600)
}

// weight is the size of all files below a folder.
func weight(dir string) (sum int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err == nil {
			sum += info.Size()
		}
		return err
	})
	return sum, err
}
