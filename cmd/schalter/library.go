package main

import (
	"context"

	"schalter/data/form"
	"schalter/data/form/published"
	"schalter/data/record"
)

// keepForms lets the desk's library follow what the authority publishes, as long as the line lives.
func (l *line) keepForms(ctx context.Context, builtin *form.Library) error {
	k, err := published.New(ctx, builtin, l.house.store, l.house.blobs)
	if err != nil {
		return err
	}
	k.Told, k.Want = l.tell, l.want
	l.keeper = k
	l.done.Go(func() { k.Follow(l.ctx) })
	return nil
}

// forms is the library that the screens use.
func (l *line) forms() *form.Library { return l.keeper.Library() }

// formTrouble is a published form that cannot be used here.
func (l *line) formTrouble() *record.Error {
	if l.keeper == nil {
		return nil
	}
	return l.keeper.Trouble()
}
