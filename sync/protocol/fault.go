package protocol

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"schalter/data/record"
)

// Fault is the body of every answer that is not a success.
type Fault struct {
	Code record.Code `json:"code"`
	Args record.Args `json:"args,omitempty"`
}

// WriteFault answers with a status and a [Fault]. The cause is not sent.
func WriteFault(w http.ResponseWriter, status int, e *record.Error) {
	b, err := json.Marshal(Fault{Code: e.Code, Args: e.Args})
	if err != nil {
		b, _ = json.Marshal(Fault{Code: e.Code})
	}
	w.Header().Set("Content-Type", TypeJSON)
	w.WriteHeader(status)
	_, _ = w.Write(b) // the other side may be gone; there is nobody left to tell
}

// ReadFault reads the error of an answer that is not a success. A body that is no [Fault] gives
// [record.CodeCentreTrouble] with the status.
func ReadFault(r *http.Response) *record.Error {
	b, err := io.ReadAll(io.LimitReader(r.Body, MaxSmallBody))
	var f Fault
	if err == nil {
		err = json.Unmarshal(b, &f)
	}
	if err != nil || f.Code == "" || len(f.Code) > 100 {
		return record.E(record.CodeCentreTrouble, fmt.Errorf("answer %s: %w", r.Status, errOr(err)), "status", r.StatusCode)
	}
	return &record.Error{Code: f.Code, Args: f.Args, Err: fmt.Errorf("the centre answered %s", r.Status)}
}

func errOr(err error) error {
	if err == nil {
		return fmt.Errorf("no error body")
	}
	return err
}

// StatusOf is the HTTP status that a centre gives an error.
func StatusOf(code record.Code) int {
	if s, ok := statuses[code]; ok {
		return s
	}
	return http.StatusInternalServerError
}

var statuses = map[record.Code]int{
	record.CodeRejected:       http.StatusBadRequest,
	record.CodeBadID:          http.StatusBadRequest,
	record.CodeSignatureBad:   http.StatusUnauthorized,
	record.CodeDeskUnknown:    http.StatusUnauthorized,
	record.CodeDeskRevoked:    http.StatusForbidden,
	record.CodeEnrolCode:      http.StatusForbidden,
	record.CodeBlobMissing:    http.StatusNotFound,
	record.CodeNotFound:       http.StatusNotFound,
	record.CodeForked:         http.StatusConflict,
	record.CodeHistoryChanged: http.StatusGone,
	record.CodeBlobTooLarge:   http.StatusRequestEntityTooLarge,
	record.CodeHashMismatch:   http.StatusUnprocessableEntity,
	record.CodeCentreOld:      http.StatusUpgradeRequired,
	record.CodeCentreBusy:     http.StatusServiceUnavailable,
	record.CodeDiskFull:       http.StatusInsufficientStorage,
}
