package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	screenWidth  = 1366
	screenHeight = 768
	lookEvery    = 3 * time.Millisecond
	quietFor     = 1200 * time.Millisecond // a picture that stays so long is finished
	// What may differ between two pictures that count as the same: a blinking cursor.
	blink = 100
	// Only every so many rows are looked at: the watching must not take the machine from the watched.
	step = 4
)

// display is a virtual screen whose memory is watched.
type display struct {
	name   string
	dir    string
	server *exec.Cmd
	said   bytes.Buffer  // by the server, to be read once it has ended
	ended  chan struct{} // closed when the server has ended; nil before its start
	memory []byte        // the pixels, as the server changes them
	stride int
	home   string
}

// newDisplay starts an X server with one screen.
func newDisplay() (_ *display, err error) {
	d := &display{}
	if d.dir, err = os.MkdirTemp("", "schalter-bench-"); err != nil {
		return nil, err
	}
	d.home = filepath.Join(d.dir, "home")
	// The toolkit keeps its index of the system's fonts there, but does not make the folder.
	if err := os.MkdirAll(filepath.Join(d.home, "cache"), 0o700); err != nil {
		return nil, err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	d.server = exec.Command("Xvfb", "-displayfd", "3", "-fbdir", d.dir, "-screen", "0", fmt.Sprintf("%dx%dx24", screenWidth, screenHeight), "-nolisten", "tcp", "-noreset", "+extension", "GLX")
	d.server.ExtraFiles, d.server.Stderr = []*os.File{w}, &d.said
	if err := d.server.Start(); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	d.ended = make(chan struct{})
	go func() { _ = d.server.Wait(); close(d.ended) }()
	if err := w.Close(); err != nil { // or reading would not end with the server
		d.close()
		return nil, err
	}
	number, err := bufio.NewReader(r).ReadString('\n') // digits may come one by one
	if err != nil {
		d.close()
		return nil, fmt.Errorf("the X server said nothing: %w", err)
	}
	d.name = ":" + strings.TrimSpace(number)
	if err := d.open(filepath.Join(d.dir, "Xvfb_screen0")); err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

// open maps the screen's memory, a file in XWD format.
func (d *display) open(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // the mapping stays
	st, err := f.Stat()
	if err != nil {
		return err
	}
	all, err := syscall.Mmap(int(f.Fd()), 0, int(st.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return err
	}
	field := func(i int) int { return int(binary.BigEndian.Uint32(all[4*i:])) }
	if field(4) != screenWidth || field(5) != screenHeight || field(11) != 32 {
		return fmt.Errorf("the screen is %d x %d with %d bits", field(4), field(5), field(11))
	}
	d.stride = field(12)
	d.memory = all[field(0)+12*field(19):]
	return nil
}

func (d *display) close() {
	if d.ended != nil {
		_ = d.server.Process.Kill()
		<-d.ended
	}
	_ = os.RemoveAll(d.dir)
}

// explain adds to an error that the X server is gone, if it is.
func (d *display) explain(err error) error {
	select {
	case <-d.ended:
		return fmt.Errorf("%w; the X server has ended: %v %s", err, d.server.ProcessState, d.said.String())
	default:
		return err
	}
}

// start runs a program on the screen, with nothing of the user's own settings.
func (d *display) start(env []string, program string, args ...string) (*exec.Cmd, error) {
	c := exec.Command(program, args...)
	c.Env = append(os.Environ(), append([]string{
		"DISPLAY=" + d.name, "WAYLAND_DISPLAY=", "LIBGL_ALWAYS_SOFTWARE=1", "LANG=de_DE.UTF-8",
		"HOME=" + d.home, "XDG_CONFIG_HOME=" + d.home, "XDG_CACHE_HOME=" + filepath.Join(d.home, "cache"),
	}, env...)...)
	return c, c.Start()
}

// press sends keys and types texts, as xdotool's arguments say.
func (d *display) press(args ...string) error {
	c := exec.Command("xdotool", args...)
	c.Env = append(os.Environ(), "DISPLAY="+d.name)
	out, err := c.CombinedOutput()
	if err != nil {
		return d.explain(fmt.Errorf("xdotool %s: %w: %s", args[0], err, out))
	}
	return nil
}

// picture is every fourth row of the screen.
type picture []byte

func (d *display) row(y int) []byte { return d.memory[step*y*d.stride:][:4*screenWidth] }

func (d *display) picture(p picture) picture {
	p = p[:0]
	for y := range screenHeight / step {
		p = append(p, d.row(y)...)
	}
	return p
}

func (d *display) same(p picture) bool {
	for y := range screenHeight / step {
		if !bytes.Equal(d.row(y), p[4*screenWidth*y:][:4*screenWidth]) {
			return false
		}
	}
	return true
}

// differs counts the pixels in which two pictures differ.
func differs(a, b picture) int {
	n := 0
	for y := range screenHeight / step {
		ra, rb := a[4*screenWidth*y:][:4*screenWidth], b[4*screenWidth*y:][:4*screenWidth]
		if bytes.Equal(ra, rb) {
			continue
		}
		for x := 0; x < len(ra); x += 4 {
			if ra[x] != rb[x] || ra[x+1] != rb[x+1] || ra[x+2] != rb[x+2] {
				n++
			}
		}
	}
	return n
}

// pictures is what was seen on the screen since it was looked at.
type pictures struct {
	before picture
	at     []time.Time
	seen   []picture
}

// drawn watches the screen from now on until it has changed and then stays as it is, and tells when it
// became so. The change must be of at least `least` of the pixels looked at; a blinking cursor counts
// as nothing.
func (d *display) drawn(ctx context.Context, before picture, least int, within time.Duration) (time.Time, error) {
	w := pictures{before: before}
	last := append(picture(nil), before...)
	deadline := time.Now().Add(within)
	lastBig := time.Now()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return time.Time{}, ctx.Err()
		case <-tick.C:
		}
		now := time.Now()
		if !d.same(last) {
			p := d.picture(nil)
			if differs(p, last) > blink {
				lastBig = now
			}
			last = p
			w.at, w.seen = append(w.at, now), append(w.seen, p)
		}
		if len(w.seen) > 0 && now.Sub(lastBig) > quietFor && differs(last, before) >= least {
			return w.finished(), nil
		}
		if now.After(deadline) {
			return time.Time{}, d.explain(errors.New("the screen did not become what was expected"))
		}
	}
}

// finished is when the last picture was there for the first time to stay.
func (w pictures) finished() time.Time {
	final := w.seen[len(w.seen)-1]
	i := len(w.seen) - 1
	for i > 0 && differs(w.seen[i-1], final) <= blink {
		i--
	}
	return w.at[i]
}

// pause waits a while.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
