// Command storybook draws every screen with canned data into PNG files, to look at and to take the
// handbook's pictures.
//
// It promises the same pictures from the same code: the town hall is made up, its clock stands still, and
// only fonts that ship with the program are used. It never needs a display, a store or a line.
//
//	storybook --out build/storybook            every screen, look, language and size
//	storybook --out pictures --only queue --look light --lang de --size 1366x768
package main

import (
	"errors"
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"schalter/assets"
	"schalter/ui/i18n"
	"schalter/ui/look"
	"schalter/ui/sample"
)

type choice struct {
	screens, looks, langs, sizes []string
	text                         look.TextSize
	out                          string
}

func main() {
	var c choice
	var only, looks, langs, sizes string
	var text int
	flag.StringVar(&c.out, "out", "build/storybook", "folder for the pictures")
	flag.StringVar(&only, "only", "", "screens to draw, separated by commas; all if empty")
	flag.StringVar(&looks, "look", "light,dark,contrast", "looks")
	flag.StringVar(&langs, "lang", strings.Join(i18n.Languages(assets.Files), ","), "languages")
	flag.StringVar(&sizes, "size", "1366x768,1920x1080", "window sizes")
	flag.IntVar(&text, "text", 100, "text size in per cent")
	flag.Parse()
	c.looks, c.langs, c.sizes, c.text = split(looks), split(langs), split(sizes), look.TextSize(text)
	c.screens = split(only)
	n, err := drawAll(c)
	if err != nil {
		fmt.Fprintln(os.Stderr, "storybook:", err)
		os.Exit(1)
	}
	fmt.Printf("%d pictures in %s\n", n, c.out)
}

func split(s string) []string {
	var out []string
	for p := range strings.SplitSeq(s, ",") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// drawAll makes the pictures and tells how many.
func drawAll(c choice) (int, error) {
	if err := os.MkdirAll(c.out, 0o755); err != nil {
		return 0, err
	}
	known := map[string]bool{}
	for _, s := range stories {
		known[s.name] = true
	}
	for _, s := range c.screens {
		if !known[s] {
			return 0, fmt.Errorf("there is no screen %q", s)
		}
	}
	n := 0
	for _, s := range stories {
		if len(c.screens) > 0 && !contains(c.screens, s.name) {
			continue
		}
		for _, l := range c.looks {
			for _, lang := range c.langs {
				for _, size := range c.sizes {
					if err := picture(c, s, look.Kind(l), lang, size); err != nil {
						return n, fmt.Errorf("%s, %s, %s: %w", s.name, l, lang, err)
					}
					n++
				}
			}
		}
	}
	return n, nil
}

func contains(list []string, s string) bool {
	return slices.Contains(list, s)
}

func picture(c choice, s story, kind look.Kind, lang, size string) error {
	var w, h int
	if _, err := fmt.Sscanf(size, "%dx%d", &w, &h); err != nil {
		return fmt.Errorf("size %q: %w", size, err)
	}
	app := test.NewApp()
	defer app.Quit()
	look.Apply(app, kind, c.text)
	lib, err := sample.Forms()
	if err != nil {
		return err
	}
	st, err := newStage(app, lib, lang, fyne.NewSize(float32(w), float32(h)))
	if err != nil {
		return err
	}
	defer st.close()
	s.play(st)
	st.settle()
	name := fmt.Sprintf("%s-%s-%s-%s.png", s.name, kind, lang, size)
	if c.text != 100 {
		name = fmt.Sprintf("%s-%s-%s-%s-%d.png", s.name, kind, lang, size, c.text)
	}
	f, err := os.Create(filepath.Join(c.out, name))
	if err != nil {
		return err
	}
	if err := png.Encode(f, st.desk.Window().Canvas().Capture()); err != nil {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}
