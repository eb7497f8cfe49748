package escl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"schalter/data/record"
	"schalter/data/scan"
)

// run is one job on a device.
type run struct {
	client *client
	plan   plan
	set    scan.Settings
	emit   func(scan.Event) error
	job    *url.URL
	got    int // pages handed over
	last   record.Hash
}

func (r *run) feeds() bool { return r.plan.source != scan.Flatbed }

// begin asks for the job. A device that is busy is asked again each second for a while.
func (r *run) begin(ctx context.Context) error {
	for try := 0; ; try++ {
		a, err := r.post(ctx)
		if err != nil {
			return err
		}
		switch a.status {
		case http.StatusCreated, http.StatusOK:
			r.job, err = r.client.location(a.header.Get("Location"))
			return err
		case http.StatusServiceUnavailable:
			if err := r.again(ctx, try); err != nil {
				return err
			}
		default:
			return r.refused(ctx, a.status)
		}
	}
}

// post sends the request. One that was sent is waited for a little even after a cancel: the device may have
// made a job of it that has to be taken back.
func (r *run) post(ctx context.Context) (*answer, error) {
	if err := ctx.Err(); err != nil {
		return nil, r.client.trouble(ctx, err, record.CodeScanCancelled)
	}
	ctx, stop := r.client.opt.linger(ctx)
	defer stop()
	return r.client.ask(ctx, request{
		method: http.MethodPost, url: r.client.base.JoinPath("ScanJobs").String(), body: r.plan.settings(), limit: maxXML, silence: r.client.opt.Idle,
	})
}

// again waits before the next try, unless the device says that waiting is no use.
func (r *run) again(ctx context.Context, try int) error {
	st, err := r.client.status(ctx)
	if ctx.Err() != nil {
		return err
	}
	switch code := r.code(st); {
	case code == "", code == record.CodeScanNoPaper && (st.busy() || r.job != nil): // the last sheet is inside
	default:
		return r.fail(code, nil)
	}
	if try >= retries {
		return r.fail(record.CodeScanBusy, nil)
	}
	return r.client.wait(ctx, retryAfter)
}

// code is what the state of the device means for this scan: a flat-bed does not care for an empty feeder.
func (r *run) code(st *status) record.Code {
	code := st.feeder()
	if !r.feeds() && (code == record.CodeScanNoPaper || code == record.CodeScanDoubleFeed) {
		return ""
	}
	return code
}

func (r *run) fail(code record.Code, cause error) error {
	return record.E(code, cause, "host", r.client.hostPort(), "device", r.client.hostPort(), "page", r.got+1, "pages", r.got)
}

// refused finds out why a device answered neither with a page nor with the end of the stack.
func (r *run) refused(ctx context.Context, answer int) error {
	cause := fmt.Errorf("HTTP %d", answer)
	switch answer {
	case http.StatusUnauthorized, http.StatusForbidden:
		return r.fail(record.CodeScanDenied, cause)
	}
	st, err := r.client.status(ctx)
	if ctx.Err() != nil {
		return err
	}
	if code := r.code(st); code != "" && (code != record.CodeScanNoPaper || r.got == 0) {
		return r.fail(code, cause)
	}
	if r.job == nil {
		if code := r.turnedAway(st, answer); code != "" {
			return r.fail(code, cause)
		}
	}
	return r.client.odd(cause.Error(), nil)
}

// turnedAway names the reason why a job was not taken.
func (r *run) turnedAway(st *status, answer int) record.Code {
	switch {
	case st.busy():
		return record.CodeScanBusy
	case r.feeds() && st != nil && st.adf == "ScannerAdfProcessing": // Kyocera's word for an empty feeder
		return record.CodeScanNoPaper
	}
	switch answer {
	case http.StatusBadRequest, http.StatusConflict, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		return record.CodeScanUnsupported
	}
	return ""
}

// pages takes what the device sends until it has no more or enough was asked for.
func (r *run) pages(ctx context.Context) error {
	most := r.set.Pages
	if !r.feeds() {
		most = 1
	}
	for most == 0 || r.got < most {
		more, err := r.next(ctx)
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// next takes one page; none is the end of the stack.
func (r *run) next(ctx context.Context) (more bool, err error) {
	for try := 0; ; try++ {
		a, err := r.client.ask(ctx, request{
			method: http.MethodGet, url: r.job.JoinPath("NextDocument").String(), limit: r.limit(), silence: r.client.opt.Idle, read: r.progress(),
		})
		if err != nil {
			return false, err
		}
		switch a.status {
		case http.StatusOK:
			return true, r.page(ctx, a)
		case http.StatusNotFound, http.StatusConflict, http.StatusGone:
			return false, r.end(ctx, a.status)
		case http.StatusServiceUnavailable:
			if err := r.again(ctx, try); err != nil {
				return false, err
			}
		default:
			return false, r.refused(ctx, a.status)
		}
	}
}

// progress tells of a page that comes in: that it begins, and each further tenth where its size is known.
func (r *run) progress() func(got, total int64) error {
	n, told := r.got+1, int64(-1)
	return func(got, total int64) error {
		if told < 0 {
			told = 0
			if err := r.emit(scan.Event{Kind: scan.Started, N: n}); err != nil {
				return err
			}
		}
		if total <= 0 || got*10/total <= told {
			return nil
		}
		told = got * 10 / total
		return r.emit(scan.Event{Kind: scan.Progress, N: n, Percent: int(told) * 10})
	}
}

func (r *run) limit() int64 {
	if r.client.opt.takes(r.set) {
		return maxDocument
	}
	return maxPage
}

// documents are those that devices send, some although they were asked for pictures.
var documents = map[string]string{"%PDF-": formatPDF, "II*\x00": formatTIFF, "MM\x00*": formatTIFF}

// page hands a whole page over. One without bytes is how devices tell of a jam.
func (r *run) page(ctx context.Context, a *answer) error {
	if err := ctx.Err(); err != nil {
		return r.client.trouble(ctx, err, record.CodeScanCancelled)
	}
	n := r.got + 1
	if len(a.body) == 0 {
		return r.empty(ctx)
	}
	for magic, mediaType := range documents {
		if bytes.HasPrefix(a.body, []byte(magic)) {
			return r.document(ctx, a.body, mediaType)
		}
	}
	p, err := scan.Check(a.body, n, r.plan.dpi)
	if err != nil {
		return err
	}
	return r.give(p)
}

// document hands a whole document over, once every page of it was looked at.
func (r *run) document(ctx context.Context, data []byte, mediaType string) error {
	n := r.got + 1
	refused := func(kind any, cause error) error {
		return record.E(record.CodeScanFormat, cause, "host", r.client.hostPort(), "format", kind, "page", n)
	}
	if !r.client.opt.takes(r.set) {
		return refused(formatName(mediaType), nil)
	}
	pages, err := r.client.opt.Document(ctx, data)
	e, _ := errors.AsType[*record.Error](err)
	switch {
	case ctx.Err() != nil:
		return r.client.trouble(ctx, ctx.Err(), record.CodeScanCancelled)
	case e != nil && e.Code == record.CodePictureKind:
		return refused(e.Args["kind"], err)
	case err != nil:
		return record.E(record.CodeScanBadData, err, "page", n)
	}
	p := &scan.Page{N: n, Pages: pages, Data: data, MediaType: mediaType, Hash: record.HashOf(data)}
	if mediaType == formatTIFF {
		p.DPI = r.plan.dpi
	}
	return r.give(p)
}

// give hands over what came, after what is to be said about it.
func (r *run) give(p *scan.Page) error {
	_, h := r.set.Size()
	for _, w := range []struct {
		on   bool
		code record.Code
	}{
		{p.Hash == r.last, scan.WarnSamePage},
		{p.Pages == 0 && float64(p.Height) < h/25.4*float64(r.plan.dpi)*0.98, scan.WarnShort},
	} {
		if !w.on {
			continue
		}
		if err := r.emit(scan.Event{Kind: scan.Warning, N: p.N, Code: w.code}); err != nil {
			return err
		}
	}
	r.last = p.Hash
	if err := r.emit(scan.Event{Kind: scan.Received, N: p.N, Page: p}); err != nil {
		return err
	}
	r.got += p.Sides()
	return nil
}

// empty names the trouble behind a page without bytes.
func (r *run) empty(ctx context.Context) error {
	cause := errors.New("a page without bytes")
	st, err := r.client.status(ctx)
	if ctx.Err() != nil {
		return err
	}
	code := r.code(st)
	switch {
	case code == record.CodeScanNoPaper && r.got > 0, code == "" && r.feeds():
		code = record.CodeScanJam // nothing but a jam leaves a stack in the middle of a page
	case code == "":
		code = record.CodeScanBadData
	}
	return r.fail(code, cause)
}

// end tells the end of the stack from a device that gave up with paper left.
func (r *run) end(ctx context.Context, answer int) error {
	cause := fmt.Errorf("HTTP %d", answer)
	st, err := r.client.status(ctx)
	if ctx.Err() != nil {
		return err
	}
	if code := r.code(st); code != "" && code != record.CodeScanNoPaper {
		return r.fail(code, cause)
	}
	if st.loaded() && r.feeds() {
		switch st.job(r.job.Path).state {
		case "Aborted":
			return r.fail(record.CodeScanBadData, cause)
		case "Canceled": // at the device
			return r.fail(record.CodeScanCancelled, cause)
		}
	}
	switch {
	case r.got > 0:
		return nil
	case r.feeds():
		return r.fail(record.CodeScanNoPaper, cause)
	}
	return r.fail(record.CodeScanBadData, cause)
}
