package escl

import (
	"strings"

	"schalter/data/record"
)

// status is what a device says of its state.
type status struct {
	state string // Idle, Processing, Testing, Stopped, Down
	adf   string // ScannerAdf…; empty without a feeder
	jobs  []jobStatus
}

type jobStatus struct {
	uri, state string
	reasons    []string
}

func parseStatus(b []byte) (*status, error) {
	root, err := parseXML(b, "ScannerStatus")
	if err != nil {
		return nil, err
	}
	s := &status{state: root.value("State"), adf: root.value("AdfState")}
	for _, j := range root.all("Jobs", "JobInfo") {
		one := jobStatus{uri: j.value("JobUri"), state: j.value("JobState")}
		for _, r := range j.all("JobStateReasons", "JobStateReason") {
			one.reasons = append(one.reasons, r.text)
		}
		s.jobs = append(s.jobs, one)
	}
	return s, nil
}

// job finds the job at a path; devices name it by path or by a whole address.
func (s *status) job(path string) jobStatus {
	for _, j := range s.jobs {
		if j.uri != "" && (j.uri == path || strings.HasSuffix(j.uri, path)) {
			return j
		}
	}
	return jobStatus{}
}

// feeder maps the feeder's state to our words; "" where it is no trouble. An empty feeder is trouble only
// for someone who scans from it.
func (s *status) feeder() record.Code {
	switch {
	case s == nil:
		return ""
	case strings.Contains(s.adf, "Multipick"):
		return record.CodeScanDoubleFeed
	case strings.Contains(s.adf, "Jam"), strings.Contains(s.adf, "Mispick"), strings.Contains(s.adf, "InputTray"), strings.Contains(s.adf, "DuplexPage"):
		return record.CodeScanJam
	case strings.HasSuffix(s.adf, "Open"): // hatch, door or cover, by maker
		return record.CodeScanCoverOpen
	case s.adf == "ScannerAdfEmpty":
		return record.CodeScanNoPaper
	}
	return ""
}

func (s *status) loaded() bool { return s != nil && s.adf == "ScannerAdfLoaded" }

// busy tells that someone else scans, or that the device is getting ready.
func (s *status) busy() bool { return s != nil && (s.state == "Processing" || s.state == "Testing") }
