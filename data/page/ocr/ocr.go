// Package ocr recognizes the words on pictures of pages, by the program tesseract.
//
// It is for the queue that reads what was scanned (data/recognize). It promises that the foreign program gets
// plain pixels and never a file from outside, that it runs at the lowest priority, with little memory and time
// and in a group of its own that ends with ctx, that it cannot write any file, so that nothing of a page lies on
// the disk in the clear, and that what it answers is read like bytes from outside. A page that lies on its side
// or on its head is turned and read again; the boxes are always pixels of the picture as it was given.
//
// It never keeps anything, never opens a connection, and never guesses a word that the program did not say.
package ocr

import (
	"context"
	"fmt"
	"image"
	"regexp"
	"slices"
	"strings"
	"time"

	"schalter/data/page"
	"schalter/data/record"
)

// Engine runs tesseract. The zero Engine uses the one on PATH.
type Engine struct {
	Program string        // default "tesseract"
	Time    time.Duration // of the processor for one attempt at a page; default 20 s
	Memory  int64         // address space in bytes; default 1 GiB
	Brisk   bool          // not at the lowest priority: for measuring beside others, where nobody works meanwhile

	patience time.Duration // however little of the processor it got; 0: as many times its time
}

// About is what is installed.
type About struct {
	Version   string   // such as "tesseract 5.3.0"
	Languages []string // as the program names them, "deu"; without "osd"
}

// Ask is how a picture is to be read.
type Ask struct {
	Language string // one or more of About.Languages, joined by "+"
	DPI      int    // 0: unknown
	Turns    int    // quarter turns clockwise after which it is probably upright
}

const (
	aboutTime = time.Minute
	pageTime  = 20 * time.Second // a full page of small print takes three; a photograph of gravel would take minutes
	// At the lowest priority a minute of the processor may take long. This is for a program that waits for ever.
	patience = 90
)

func (e *Engine) time() time.Duration {
	if e.Time > 0 {
		return e.Time
	}
	return pageTime
}

var (
	versionLine  = regexp.MustCompile(`^tesseract v?([0-9][0-9A-Za-z.\-]{0,30})`)
	languageName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{1,30}(/[A-Za-z][A-Za-z0-9_]{1,30})?$`)
	// Asked for with a plus between them.
	languageAsk = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_/]{1,60}(\+[A-Za-z][A-Za-z0-9_/]{1,60}){0,7}$`)
)

// About asks the program who it is. [record.CodeOCRMissing]: there is none.
func (e *Engine) About(ctx context.Context) (About, error) {
	ctx, cancel := context.WithTimeout(ctx, aboutTime)
	defer cancel()
	version, err := e.run(ctx, "--version")
	if err != nil {
		return About{}, err
	}
	m := versionLine.FindSubmatch(version)
	if m == nil {
		return About{}, record.E(record.CodeOCRMissing, fmt.Errorf("not tesseract: %.60q", version))
	}
	list, err := e.run(ctx, "--list-langs")
	if err != nil {
		return About{}, err
	}
	a := About{Version: "tesseract " + string(m[1])}
	for line := range strings.Lines(string(list)) {
		name := strings.TrimSpace(line)
		if name != "osd" && languageName.MatchString(name) {
			a.Languages = append(a.Languages, name)
		}
	}
	slices.Sort(a.Languages)
	return a, nil
}

// Default is the language a desk reads before anybody has chosen one: German where it is installed.
func (a About) Default() string {
	for _, l := range []string{"deu", "Latin", "script/Latin", "eng"} {
		if slices.Contains(a.Languages, l) {
			return l
		}
	}
	if len(a.Languages) > 0 {
		return a.Languages[0]
	}
	return ""
}

// Has reports whether every part of a language is installed.
func (a About) Has(language string) bool {
	for l := range strings.SplitSeq(language, "+") {
		if !slices.Contains(a.Languages, l) {
			return false
		}
	}
	return true
}

// Source hands over the picture of a page, with its resolution in dpi, 0 for unknown: give is called once, and the
// picture is not used any more when it returns. It is asked again where the page has to be turned and read anew,
// which is seldom, so that nobody holds a large picture while it is read.
type Source func(ctx context.Context, give func(m image.Image, dpi int) error) error

// Read recognizes the words of a picture that is held anyway.
func (e *Engine) Read(ctx context.Context, m image.Image, ask Ask) (page.Text, error) {
	return e.ReadFrom(ctx, func(_ context.Context, give func(image.Image, int) error) error { return give(m, ask.DPI) }, ask)
}

// ReadFrom recognizes the words of a page, at the resolution that its source says. Errors are
// [record.CodeOCRMissing], [record.CodeOCRLanguage], [record.CodeOCRTimeout], [record.CodeOCRFailed] and those of
// the source; ctx's error when ctx ended first.
func (e *Engine) ReadFrom(ctx context.Context, from Source, ask Ask) (page.Text, error) {
	if !languageAsk.MatchString(ask.Language) {
		return page.Text{}, record.E(record.CodeOCRLanguage, nil, "language", ask.Language)
	}
	wait := e.patience
	if wait <= 0 {
		wait = patience * e.time()
	}
	within, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	text, err := (&reading{e: e, from: from, language: ask.Language}).upright(within, ask.Turns)
	if err != nil && ctx.Err() != nil {
		return page.Text{}, ctx.Err()
	}
	if err != nil && within.Err() != nil {
		return page.Text{}, record.E(record.CodeOCRTimeout, err)
	}
	return text, err
}
