package control

import (
	"context"

	"fyne.io/fyne/v2"
)

// Runner takes work off the UI goroutine: work runs elsewhere, and what it returns (may be nil) runs back
// on the UI goroutine. Work must not touch anything on the screen.
type Runner func(work func(context.Context) (show func()))

// Background is the runner of the real program. After ctx has ended nothing is shown any more.
func Background(ctx context.Context) Runner {
	return func(work func(context.Context) func()) {
		go func() {
			show := work(ctx)
			if show != nil && ctx.Err() == nil {
				fyne.Do(func() {
					if ctx.Err() == nil {
						show()
					}
				})
			}
		}()
	}
}

// Inline runs work at once, for tests and for the storybook.
func Inline(work func(context.Context) func()) {
	if show := work(context.Background()); show != nil {
		show()
	}
}
