package wia

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"runtime"
	"time"

	"github.com/go-ole/go-ole"
	"github.com/go-ole/go-ole/oleutil"
	"golang.org/x/image/bmp"

	"schalter/data/record"
	"schalter/data/scan"
)

// formatJPEG and formatBMP name what a page is transferred as; every device can do the second.
const (
	formatJPEG = "{B96B3CAE-0728-11D3-9D7B-0000F81EF32E}"
	formatBMP  = "{B96B3CAB-0728-11D3-9D7B-0000F81EF32E}"
)

// Driver is Windows' own way to scanners.
type Driver struct {
	gate scan.Gate
}

// patience bounds one call that does not scan.
const patience = 20 * time.Second

// apart runs something on a thread of its own that has COM, and waits for it or for ctx.
func apart(ctx context.Context, limit time.Duration, do func() error) error {
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never given back: the thread ends with its goroutine, and COM with it
		if err := ole.CoInitializeEx(0, ole.COINIT_APARTMENTTHREADED); err != nil && !already(err) {
			done <- record.E(record.CodeScanNoSoftware, err)
			return
		}
		err := do()
		ole.CoUninitialize()
		done <- err
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return record.E(record.CodeScanTimeout, ctx.Err())
		}
		return record.E(record.CodeScanCancelled, ctx.Err())
	}
}

// already reports whether a thread had COM before: that counts, and is given back too.
func already(err error) bool {
	const sFalse = 1
	var o *ole.OleError
	return errors.As(err, &o) && o.Code() == sFalse
}

// fault turns an error of COM into one of ours.
func fault(err error, device string) error {
	var known *record.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	code := record.CodeScanBadData
	var o *ole.OleError
	if errors.As(err, &o) {
		number := uint32(o.Code())
		if inside, ok := o.SubError().(interface{ SCODE() uint32 }); ok { // "an exception occurred" is all the number says
			number = inside.SCODE()
		}
		code = codeOf(number)
	}
	return record.E(code, err, "device", device, "page", 1)
}

// object calls a method or reads a property that is an object.
func object(v *ole.VARIANT, err error) (*ole.IDispatch, error) {
	if err != nil {
		return nil, err
	}
	d := v.ToIDispatch()
	if d == nil {
		return nil, errors.New("no object")
	}
	return d, nil
}

// manager opens the list of devices.
func manager() (*ole.IDispatch, error) {
	unknown, err := oleutil.CreateObject("WIA.DeviceManager")
	if err != nil {
		return nil, record.E(record.CodeScanNoSoftware, err)
	}
	defer unknown.Release()
	d, err := unknown.QueryInterface(ole.IID_IDispatch)
	if err != nil {
		return nil, record.E(record.CodeScanNoSoftware, err)
	}
	return d, nil
}

// each visits the scanners among the devices until visit has seen enough.
func each(visit func(info *ole.IDispatch, d scan.Device) (enough bool, err error)) error {
	m, err := manager()
	if err != nil {
		return err
	}
	defer m.Release()
	infos, err := object(oleutil.GetProperty(m, "DeviceInfos"))
	if err != nil {
		return err
	}
	defer infos.Release()
	n, err := oleutil.GetProperty(infos, "Count")
	if err != nil {
		return err
	}
	for i := int32(1); i <= int32(n.Val); i++ {
		info, err := object(oleutil.GetProperty(infos, "Item", i))
		if err != nil {
			continue // it went while we looked
		}
		enough, err := one(info, visit)
		info.Release()
		if err != nil || enough {
			return err
		}
	}
	return nil
}

const kindScanner = 1

func one(info *ole.IDispatch, visit func(*ole.IDispatch, scan.Device) (bool, error)) (bool, error) {
	kind, err := oleutil.GetProperty(info, "Type")
	if err != nil || kind.Val != kindScanner {
		return false, nil //nolint:nilerr // a device that does not tell what it is is no scanner
	}
	id, err := oleutil.GetProperty(info, "DeviceID")
	if err != nil {
		return false, nil //nolint:nilerr // the same
	}
	defer func() { _ = id.Clear() }()
	return visit(info, scan.Device{ID: id.ToString(), Vendor: named(info, "Manufacturer"), Model: named(info, "Name"), Kind: "wia", Address: id.ToString()})
}

// named reads a property by its name, "" where there is none.
func named(o *ole.IDispatch, name string) string {
	all, err := object(oleutil.GetProperty(o, "Properties"))
	if err != nil {
		return ""
	}
	defer all.Release()
	p, err := object(oleutil.GetProperty(all, "Item", name))
	if err != nil {
		return ""
	}
	defer p.Release()
	v, err := oleutil.GetProperty(p, "Value")
	if err != nil {
		return ""
	}
	defer func() { _ = v.Clear() }()
	return v.ToString()
}

// number reads a property by its number, 0 where there is none.
func number(o *ole.IDispatch, id int) int {
	p, err := numbered(o, id)
	if err != nil {
		return 0
	}
	defer p.Release()
	v, err := oleutil.GetProperty(p, "Value")
	if err != nil {
		return 0
	}
	return int(int32(v.Val))
}

func numbered(o *ole.IDispatch, id int) (*ole.IDispatch, error) {
	all, err := object(oleutil.GetProperty(o, "Properties"))
	if err != nil {
		return nil, err
	}
	defer all.Release()
	return object(oleutil.GetProperty(all, "Item", fmt.Sprint(id)))
}

func put(o *ole.IDispatch, list []property) error {
	for _, p := range list {
		prop, err := numbered(o, p.id)
		if err == nil {
			_, err = oleutil.PutProperty(prop, "Value", int32(p.value))
			prop.Release()
		}
		if err != nil && p.must {
			return record.E(record.CodeScanUnsupported, fmt.Errorf("property %d: %w", p.id, err))
		}
	}
	return nil
}

// Discover lists the scanners that Windows knows.
func (d *Driver) Discover(ctx context.Context) ([]scan.Device, error) {
	found := make(chan scan.Device, 64)
	err := apart(ctx, patience, func() error {
		return each(func(_ *ole.IDispatch, d scan.Device) (bool, error) {
			found <- d
			return len(found) == cap(found), nil
		})
	})
	if err != nil {
		return nil, fault(err, "")
	}
	close(found)
	var out []scan.Device
	for d := range found {
		out = append(out, d)
	}
	return out, nil
}

// connected opens a device and does something with it.
func connected(id string, do func(dev *ole.IDispatch, d scan.Device) error) error {
	missing := true
	err := each(func(info *ole.IDispatch, d scan.Device) (bool, error) {
		if d.ID != id {
			return false, nil
		}
		missing = false
		dev, err := object(oleutil.CallMethod(info, "Connect"))
		if err != nil {
			return true, err
		}
		defer dev.Release()
		return true, do(dev, d)
	})
	if err == nil && missing {
		return record.E(record.CodeScanNoDevice, nil, "device", id)
	}
	return fault(err, id)
}

// Open asks the device what it can do.
func (d *Driver) Open(ctx context.Context, id string) (scan.Session, error) {
	caps := make(chan scan.Caps, 1)
	err := apart(ctx, patience, func() error {
		return connected(id, func(dev *ole.IDispatch, d scan.Device) error {
			caps <- capsOf(func(p int) int { return number(dev, p) }, d.Name())
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	return &session{driver: d, id: id, caps: <-caps}, nil
}

type session struct {
	driver *Driver
	id     string
	caps   scan.Caps
}

func (s *session) Caps() scan.Caps { return s.caps }

func (s *session) Close() error { return nil }

// Sense tells whether paper lies in the feeder.
func (s *session) Sense(ctx context.Context) (scan.State, error) {
	status := make(chan int, 1)
	err := apart(ctx, patience, func() error {
		return connected(s.id, func(dev *ole.IDispatch, _ scan.Device) error {
			status <- number(dev, propStatus)
			return nil
		})
	})
	if err != nil {
		return scan.State{}, err
	}
	if <-status&feedReady != 0 {
		return scan.State{Paper: scan.PaperReady}, nil
	}
	return scan.State{Paper: scan.PaperNone}, nil
}

// Scan takes the pages one by one. They come from a thread of their own; emit is called on the caller's.
func (s *session) Scan(ctx context.Context, set scan.Settings, emit func(scan.Event) error) error {
	leave, err := s.driver.gate.Enter(s.id)
	if err != nil {
		return err
	}
	defer leave()
	if len(s.caps.Sources) > 0 && !has(s.caps.Sources, set.Source) {
		return record.E(record.CodeScanUnsupported, nil, "device", s.id)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	pages := make(chan []byte)
	ended := make(chan error, 1)
	go func() {
		ended <- apart(ctx, 0, func() error {
			return connected(s.id, func(dev *ole.IDispatch, _ scan.Device) error { return s.transfer(ctx, dev, set, pages) })
		})
	}()
	n := 0
	for {
		select {
		case err := <-ended:
			return err
		case data := <-pages:
			n++
			if err := take(data, n, set, emit); err != nil {
				return err
			}
		}
	}
}

func has(list []scan.Source, s scan.Source) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// take hands a page over. A bitmap becomes PNG, without loss.
func take(data []byte, n int, set scan.Settings, emit func(scan.Event) error) error {
	if bytes.HasPrefix(data, []byte("BM")) {
		var err error
		if data, err = withoutLoss(data); err != nil {
			return record.E(record.CodeScanBadData, err, "page", n)
		}
	}
	if err := emit(scan.Event{Kind: scan.Started, N: n}); err != nil {
		return err
	}
	p, err := scan.Check(data, n, set.DPI)
	if err != nil {
		return err
	}
	return emit(scan.Event{Kind: scan.Received, N: n, Page: p})
}

// withoutLoss makes a PNG of a bitmap, unless that is larger than any page.
func withoutLoss(data []byte) ([]byte, error) {
	c, err := bmp.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if int64(c.Width)*int64(c.Height) > scan.MaxPixels {
		return nil, fmt.Errorf("%d x %d pixels", c.Width, c.Height)
	}
	img, err := bmp.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = png.Encode(&b, img)
	return b.Bytes(), err
}

// transfer reads pages until the feeder is empty.
func (s *session) transfer(ctx context.Context, dev *ole.IDispatch, set scan.Settings, pages chan<- []byte) error {
	if err := put(dev, ofDevice(set)); err != nil {
		return err
	}
	items, err := object(oleutil.GetProperty(dev, "Items"))
	if err != nil {
		return err
	}
	defer items.Release()
	item, err := object(oleutil.GetProperty(items, "Item", int32(1)))
	if err != nil {
		return err
	}
	defer item.Release()
	if err := put(item, ofItem(set, s.caps)); err != nil {
		return err
	}
	for n := 1; set.Pages == 0 || n <= set.Pages; n++ {
		data, err := page(item)
		if err = fault(err, s.id); record.CodeOf(err) == record.CodeScanNoPaper && n > 1 {
			return nil
		}
		if err != nil {
			return err
		}
		select {
		case pages <- data:
		case <-ctx.Done():
			return ctx.Err()
		}
		if set.Source == scan.Flatbed {
			return nil
		}
	}
	return nil
}

// page transfers one side.
func page(item *ole.IDispatch) ([]byte, error) {
	file, err := object(oleutil.CallMethod(item, "Transfer", formatJPEG))
	var o *ole.OleError
	if errors.As(err, &o) && record.CodeOf(fault(err, "")) == record.CodeScanUnsupported {
		file, err = object(oleutil.CallMethod(item, "Transfer", formatBMP))
	}
	if err != nil {
		return nil, err
	}
	defer file.Release()
	vector, err := object(oleutil.GetProperty(file, "FileData"))
	if err != nil {
		return nil, err
	}
	defer vector.Release()
	v, err := oleutil.GetProperty(vector, "BinaryData")
	if err != nil {
		return nil, err
	}
	defer func() { _ = v.Clear() }()
	array := v.ToArray()
	if array == nil {
		return nil, errors.New("no bytes")
	}
	return array.ToByteArray(), nil
}
