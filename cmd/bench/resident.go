package main

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"schalter/data/pdf/preview"
)

// usage is a process's memory in MB of 1,000,000 bytes, and what else it holds.
type usage struct {
	now, most      float64
	anon           float64 // its own pages
	malloc         float64 // of these, what C code keeps: mostly the software OpenGL, which draws with the processor
	opengl         float64 // mapped: the software OpenGL and the compiler in it
	program        float64 // mapped: the program's own file
	shared         float64 // with the screen and the helper
	threads, files int
}

func (u usage) String() string {
	return fmt.Sprintf(
		"its own pages %s MB (of these %s MB kept by C code), shared %s MB, mapped: the program %s MB, software OpenGL %s MB; at most it was %s MB; %d threads, %d files",
		number(u.anon), number(u.malloc), number(u.shared), number(u.program), number(u.opengl), number(u.most), u.threads, u.files,
	)
}

const megabytes = 1024 / 1e6 // of a KiB

// memoryOf reads what a process holds.
func memoryOf(pid int) (usage, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return usage{}, err
	}
	field := func(name string) float64 {
		_, after, _ := strings.Cut(string(text), "\n"+name+":")
		n, err := strconv.ParseFloat(strings.Fields(after + " 0")[0], 64)
		if err != nil {
			return 0
		}
		return n
	}
	u := usage{
		now: field("VmRSS") * megabytes, most: field("VmHWM") * megabytes, anon: field("RssAnon") * megabytes, shared: field("RssShmem") * megabytes,
		threads: int(field("Threads")),
	}
	files, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	u.files = len(files)
	return u, errors.Join(err, u.mapped(pid))
}

// softwareGL are the parts of the names of Mesa's libraries that only a machine without a graphics card loads.
var softwareGL = []string{"/libLLVM", "swrast", "libgallium", "libz3", "libclang"}

// mapped reads what of the mapped files is in memory.
func (u *usage) mapped(pid int) error {
	program, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
	if err != nil {
		return err
	}
	f, err := os.Open(fmt.Sprintf("/proc/%d/smaps", pid))
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	var name string
	var resident, anonymous float64
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		parts := strings.Fields(lines.Text())
		switch {
		case len(parts) >= 5 && !strings.HasSuffix(parts[0], ":"):
			name = strings.Join(parts[5:], " ")
		case parts[0] == "Rss:":
			resident, err = strconv.ParseFloat(parts[1], 64)
		case parts[0] == "Anonymous:":
			anonymous, err = strconv.ParseFloat(parts[1], 64)
			u.count(name, program, resident*megabytes, (resident-anonymous)*megabytes)
		}
		if err != nil {
			return err
		}
	}
	return lines.Err()
}

func (u *usage) count(name, program string, resident, mapped float64) {
	switch {
	case name == "[heap]":
		u.malloc += resident
	case name == program:
		u.program += mapped
	case slices.ContainsFunc(softwareGL, func(part string) bool { return strings.Contains(name, part) }):
		u.opengl += mapped
	}
}

// memoryOfHelper finds the preview's process among the children of the desk.
func memoryOfHelper(desk int) (usage, error) {
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", desk))
	if err != nil {
		return usage{}, err
	}
	for _, t := range tasks {
		children, err := os.ReadFile(t)
		if err != nil {
			return usage{}, err
		}
		for child := range strings.FieldsSeq(string(children)) {
			line, err := os.ReadFile("/proc/" + child + "/cmdline")
			if err != nil || !strings.Contains(string(line), preview.WorkerArg) {
				continue
			}
			pid, err := strconv.Atoi(child)
			if err != nil {
				return usage{}, err
			}
			return memoryOf(pid)
		}
	}
	return usage{}, errors.New("the desk has no helper for pages")
}

// pictureOf is where the screen is kept, so that a person can see what was measured.
func (b *bench) pictureOf(name string) string { return filepath.Join(b.work, "memory-"+name+".png") }

// keep leaves a picture of the screen.
func (d *display) keep(path string) error {
	img := image.NewRGBA(image.Rect(0, 0, screenWidth, screenHeight))
	for y := range screenHeight {
		row, out := d.memory[y*d.stride:], img.Pix[y*img.Stride:]
		for x := range screenWidth { // blue, green, red, unused
			out[4*x], out[4*x+1], out[4*x+2], out[4*x+3] = row[4*x+2], row[4*x+1], row[4*x], 255
		}
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(png.Encode(f, img), f.Close())
}
