package ocr

import (
	"context"
	"image"
	"regexp"
	"strconv"
	"strings"

	"schalter/data/page"
)

// What a page must show to be taken as upright without asking further.
const (
	sureWords = 5    // words the program is sure of,
	sureShare = 0.55 // and their share in all it said
)

// reading is one page that is being read.
type reading struct {
	e        *Engine
	from     Source
	language string
	sheet    sheet
}

// upright reads the page as it is said to stand, and if that gives little sense, as it really stands: how, the
// program knows of a page with letters enough; of others it is tried out.
func (r *reading) upright(ctx context.Context, turns int) (page.Text, error) {
	turns = ((turns % 4) + 4) % 4
	best, err := r.attempt(ctx, turns)
	if err != nil {
		return page.Text{}, err
	}
	if best.sense() || best.clear(fewLetters) || best.raw == 0 {
		return r.sheet.text(best.answer, turns), nil
	}
	at := turns
	for _, other := range r.others(ctx, turns, best.raw) {
		a, err := r.attempt(ctx, other)
		if err != nil {
			if ctx.Err() != nil {
				return page.Text{}, ctx.Err()
			}
			break // what was read first stands
		}
		if a.sure() > best.sure() {
			best, at = a, other
		}
		if best.sense() || best.clear(fewLetters) {
			break
		}
	}
	return r.sheet.text(best.answer, at), ctx.Err()
}

// fewWords is what a page has at most that is tried out in all ways: more are a photograph or a pattern, which takes
// long and gives nothing.
const fewWords = 40

// others are the ways in which a page may stand that made little sense; raw is how many words it seemed to have.
func (r *reading) others(ctx context.Context, turns, raw int) []int {
	more, how := r.orientation(ctx, turns)
	head, left, right := (turns+2)%4, (turns+1)%4, (turns+3)%4
	switch {
	case how == told && more == 0:
		return nil
	case how == told:
		return []int{(turns + more) % 4}
	case raw <= fewWords:
		return []int{head, left, right}
	case how == unknown:
		return nil
	}
	return []int{head}
}

// give starts the program and gives it the page after quarter turns.
func (r *reading) give(ctx context.Context, turns int, args ...string) ([]byte, error) {
	var j *job
	err := r.from(ctx, func(m image.Image, dpi int) (err error) {
		b := m.Bounds()
		r.sheet = newSheet(b.Dx(), b.Dy(), dpi)
		if j, err = r.e.start(ctx, append([]string{"stdin", "stdout", "--dpi", strconv.Itoa(r.sheet.dpi)}, args...)...); err != nil {
			return err
		}
		_ = r.sheet.write(j.in, m, turns) // it may have ended by itself; how, wait tells
		return nil
	})
	if j == nil {
		return nil, err
	}
	return j.wait()
}

// attempted is what the program said of a page that stood in one way; raw counts what it took for words, also
// where it was not sure at all.
type attempted struct {
	answer
	raw int
}

func (r *reading) attempt(ctx context.Context, turns int) (attempted, error) {
	out, err := r.give(ctx, turns, "-l", r.language, "--psm", "3", "-c", "tessedit_create_tsv=1")
	if err != nil {
		return attempted{}, err
	}
	w, h := r.sheet.size(turns)
	a, raw := parse(out, w, h)
	return attempted{a, raw}, nil
}

var (
	rotateLine = regexp.MustCompile(`(?m)^Rotate: (0|90|180|270)\s*$`)
	sureLine   = regexp.MustCompile(`(?m)^Orientation confidence: ([0-9.]{1,10})\s*$`)
)

// turnSure is the confidence from which the program is believed about how a page stands; with few letters it says
// anything, at less than one.
const turnSure = 1.0

// What orientation gave.
const (
	told    = iota // it is believed
	unknown        // too few letters, or none
	missing        // the program lacks the data for it
)

// orientation asks by how many quarter turns clockwise the page has to be turned to stand upright.
func (r *reading) orientation(ctx context.Context, turns int) (more, how int) {
	out, err := r.give(ctx, turns, "-l", "osd", "--psm", "0")
	m, s := rotateLine.FindSubmatch(out), sureLine.FindSubmatch(out)
	if err != nil && strings.Contains(err.Error(), "osd.traineddata") {
		return 0, missing
	}
	if err != nil || m == nil || s == nil {
		return 0, unknown
	}
	degrees, err := strconv.Atoi(string(m[1]))
	sure, bad := strconv.ParseFloat(string(s[1]), 64)
	if err != nil || bad != nil || sure < turnSure {
		return 0, unknown
	}
	return degrees / 90, told
}
