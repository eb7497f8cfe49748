package main

import (
	"image"
	_ "image/png"
	"os"
	"path/filepath"
	"testing"
)

func TestEveryStoryCanBeDrawn(t *testing.T) {
	dir := t.TempDir()
	n, err := drawAll(choice{out: dir, looks: []string{"light"}, langs: []string{"de"}, sizes: []string{"1366x768"}, text: 100})
	if err != nil || n != len(stories) {
		t.Fatalf("%d of %d pictures: %v", n, len(stories), err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.png"))
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		img, _, err := image.Decode(f)
		f.Close()
		if err != nil || img.Bounds().Dx() != 1366 || img.Bounds().Dy() != 768 {
			t.Errorf("%s: %v", name, err)
			continue
		}
		colors := map[any]bool{}
		for x := 0; x < 1366; x += 3 {
			for y := 0; y < 768; y += 3 {
				colors[img.At(x, y)] = true
			}
		}
		if len(colors) < 20 {
			t.Errorf("%s shows next to nothing", name)
		}
	}
}

func TestUnknownScreenIsSaid(t *testing.T) {
	if _, err := drawAll(choice{out: t.TempDir(), screens: []string{"nowhere"}}); err == nil {
		t.Error("an unknown screen was drawn")
	}
}
