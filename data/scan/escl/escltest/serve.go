package escltest

import (
	"encoding/xml"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

var quiet = log.New(io.Discard, "", 0)

func (s *Simulator) serve(w http.ResponseWriter, r *http.Request) {
	var denied bool
	s.locked(func() {
		s.requests = append(s.requests, r.Method+" "+r.URL.Path)
		denied = s.denied
	})
	path, ours := strings.CutPrefix(r.URL.Path, "/eSCL/")
	switch {
	case s.opt.Redirect != "":
		http.Redirect(w, r, s.opt.Redirect+"/"+path, http.StatusMovedPermanently)
	case denied:
		http.Error(w, "no", http.StatusForbidden)
	case !ours:
		http.NotFound(w, r)
	case r.Method == http.MethodGet && path == "ScannerCapabilities":
		s.xml(w, s.capabilities())
	case r.Method == http.MethodGet && path == "ScannerStatus":
		s.xml(w, s.status())
	case r.Method == http.MethodPost && path == "ScanJobs":
		s.create(w, r)
	case r.Method == http.MethodGet && strings.HasSuffix(path, "/NextDocument"):
		s.next(w, r, strings.TrimSuffix(r.URL.Path, "/NextDocument"))
	case r.Method == http.MethodDelete:
		s.cancel(w, r.URL.Path)
	default:
		http.NotFound(w, r)
	}
}

func (s *Simulator) xml(w http.ResponseWriter, b []byte) {
	w.Header().Set("Content-Type", "text/xml")
	_, _ = w.Write(b) // a client that went away
}

// asked is what a client may ask for.
type asked struct {
	Regions []struct {
		X int `xml:"XOffset"`
		Y int `xml:"YOffset"`
		W int `xml:"Width"`
		H int `xml:"Height"`
	} `xml:"ScanRegions>ScanRegion"`
	Source string `xml:"InputSource"`
	Mode   string `xml:"ColorMode"`
	X      int    `xml:"XResolution"`
	Y      int    `xml:"YResolution"`
	Format string `xml:"DocumentFormat"`
	Duplex bool   `xml:"Duplex"`
}

// offered tells whether the capabilities hold what is asked for.
func (s *Simulator) offered(a asked) bool {
	for _, r := range a.Regions {
		if min(r.X, r.Y) < 0 || min(r.W, r.H) < minSide || r.X+r.W > maxWidth || r.Y+r.H > maxHeight {
			return false
		}
	}
	source := a.Source == "Platen" && !s.opt.NoPlaten && !a.Duplex || a.Source == "Feeder" && !s.opt.NoFeeder
	format := a.Format == "" || slices.Contains(s.formats(), a.Format)
	return source && format && a.X == a.Y && slices.Contains(dpis, a.X) && slices.Contains(modes, a.Mode)
}

func (s *Simulator) create(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<16))
	var a asked
	if err != nil || xml.Unmarshal(body, &a) != nil {
		http.Error(w, "settings", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settings = append(s.settings, string(body))
	feeds := a.Source == "Feeder"
	switch {
	case s.opt.Describe == nil && !s.offered(a):
		w.WriteHeader(http.StatusConflict)
		return
	case s.busy > 0:
		s.busy--
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case slices.ContainsFunc(s.jobs, func(j *job) bool { return j.state == "Processing" }):
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case s.adf != "" && s.adf != adfLoaded || feeds && len(s.feeder) == 0:
		w.WriteHeader(http.StatusConflict)
		return
	}
	j := &job{path: fmt.Sprintf("/eSCL/ScanJobs/urn:uuid:4509a320-00a0-008f-00b6-%012d", len(s.jobs)+1), state: "Processing", feeds: feeds, format: a.Format}
	s.jobs = append(s.jobs, j)
	where := j.path
	if s.opt.Absolute {
		where = strings.TrimSuffix(s.url, "/eSCL") + j.path
	}
	if s.opt.Abroad {
		where = "http://192.0.2.77:8080" + j.path
	}
	w.Header().Set("Location", where)
	w.WriteHeader(http.StatusCreated)
}

// take decides what a request for the next page gets.
func (s *Simulator) take(path string) (page []byte, n int, f Fault, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.jobs, func(j *job) bool { return j.path == path })
	if i < 0 || s.jobs[i].state != "Processing" {
		return nil, 0, "", s.end()
	}
	j := s.jobs[i]
	if s.waiting > 0 {
		s.waiting--
		return nil, 0, "", http.StatusServiceUnavailable
	}
	n = j.sent + 1
	switch f = s.faults[n]; f {
	case Jam, Silent, DoubleFeed, CoverOpen, Stopped, Broken:
		return nil, n, f, s.fail(j, f)
	}
	if page = s.draw(j); page == nil {
		j.state = "Completed"
		return nil, n, "", s.end()
	}
	j.sent++
	j.pages = append(j.pages, page)
	if !j.feeds {
		j.state = "Completed"
	}
	return page, n, f, http.StatusOK
}

// draw takes what a job sends next; nil: there is no more.
func (s *Simulator) draw(j *job) (page []byte) {
	switch {
	case j.feeds && len(s.feeder) > 0 && s.binds(j):
		page, s.feeder = s.opt.Document(s.feeder), nil
	case j.feeds && len(s.feeder) > 0:
		page, s.feeder = s.feeder[0], s.feeder[1:]
	case !j.feeds && j.sent == 0 && s.platen != nil && s.binds(j):
		page = s.opt.Document([][]byte{s.platen})
	case !j.feeds && j.sent == 0:
		page = s.platen
	}
	return page
}

// binds reports whether all sides of a job come in one document.
func (s *Simulator) binds(j *job) bool {
	return s.opt.Document != nil && (j.format == "application/pdf" || j.format == "image/tiff")
}

func (s *Simulator) end() int {
	if s.opt.End != 0 {
		return s.opt.End
	}
	return http.StatusNotFound
}

// fail brings a job to its end and gives the status that tells of it.
func (s *Simulator) fail(j *job, f Fault) int {
	j.state = "Aborted"
	switch f {
	case Jam:
		s.adf = "ScannerAdfJam"
	case DoubleFeed:
		s.adf = "ScannerAdfMultipickDetected"
		return http.StatusConflict
	case CoverOpen:
		s.adf = "ScannerAdfHatchOpen"
		return http.StatusServiceUnavailable
	case Stopped:
		j.state = "Canceled"
		return s.end()
	case Broken:
		return http.StatusInternalServerError
	}
	return http.StatusOK
}

func (s *Simulator) next(w http.ResponseWriter, r *http.Request, path string) {
	if s.opt.Slow > 0 {
		t := time.NewTimer(s.opt.Slow)
		defer t.Stop()
		select {
		case <-t.C:
		case <-r.Context().Done():
			return
		}
	}
	page, n, f, status := s.take(path)
	if status != http.StatusOK {
		w.WriteHeader(status)
		return
	}
	if f == Lose {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", http.DetectContentType(page))
	length := len(page)
	switch f {
	case PDF:
		page = []byte("%PDF-1.4\n%%EOF\n")
		length = len(page)
	case Cut:
		page = page[:len(page)/2]
		length = len(page)
	case Huge:
		length = 1 << 40
	}
	if !s.opt.Chunked || f == Huge {
		w.Header().Set("Content-Length", strconv.Itoa(length))
	}
	half := len(page) / 2
	_, _ = w.Write(page[:half]) // a client that went away
	if flush, ok := w.(http.Flusher); ok {
		flush.Flush()
	}
	if s.opt.Middle != nil {
		s.opt.Middle(n)
	}
	switch f {
	case Unplug:
		go s.Close()
		panic(http.ErrAbortHandler)
	case Drop, Huge:
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(page[half:])
}

func (s *Simulator) cancel(w http.ResponseWriter, path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, j := range s.jobs {
		if j.path == path {
			j.reason = "taken back"
			if j.state == "Processing" {
				j.state = "Canceled"
			}
			return
		}
	}
	w.WriteHeader(http.StatusNotFound)
}

// Announce is what the scanner would say of itself by multicast DNS.
func (s *Simulator) Announce() (name string, ip net.IP, text map[string]string) {
	host, _, _ := net.SplitHostPort(s.Host())
	return s.model(), net.ParseIP(host), map[string]string{
		"txtvers": "1", "rs": "eSCL", "ty": s.model(), "UUID": s.uuid(), "pdl": strings.Join(s.formats(), ","), "is": "platen,adf", "cs": "grayscale,color,binary", "duplex": "T",
	}
}
