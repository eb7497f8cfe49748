package print

import (
	"context"
	"errors"
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	winspool          = windows.NewLazySystemDLL("winspool.drv")
	enumPrinters      = winspool.NewProc("EnumPrintersW")
	getDefaultPrinter = winspool.NewProc("GetDefaultPrinterW")
)

const (
	enumLocal       = 0x2
	enumConnections = 0x4
)

// printerInfo4 is PRINTER_INFO_4W: the level that answers without asking the network.
type printerInfo4 struct {
	name, server *uint16
	attributes   uint32
}

// printers asks the spooler for local and connected printers.
func printers(ctx context.Context) ([]Printer, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var need, count uint32
	ask := func(buf *byte, size uint32) bool {
		ok, _, _ := enumPrinters.Call(enumLocal|enumConnections, 0, 4, uintptr(unsafe.Pointer(buf)), uintptr(size),
			uintptr(unsafe.Pointer(&need)), uintptr(unsafe.Pointer(&count)))
		return ok != 0
	}
	var infos []printerInfo4
	for range 3 { // a printer may appear between the two questions
		size := need/uint32(unsafe.Sizeof(printerInfo4{})) + 1
		infos = make([]printerInfo4, size)
		if ask((*byte)(unsafe.Pointer(&infos[0])), size*uint32(unsafe.Sizeof(printerInfo4{}))) {
			break
		}
		count = 0
	}
	preset := defaultPrinter()
	found := make([]Printer, 0, count)
	for _, i := range infos[:count] {
		name := windows.UTF16PtrToString(i.name)
		found = append(found, Printer{Name: name, Default: name == preset})
	}
	return found, nil
}

func defaultPrinter() string {
	buf := make([]uint16, 1024)
	size := uint32(len(buf))
	if ok, _, _ := getDefaultPrinter.Call(uintptr(unsafe.Pointer(&buf[0])), uintptr(unsafe.Pointer(&size))); ok == 0 {
		return ""
	}
	return windows.UTF16ToString(buf)
}

// submit lets the program that is set up for PDF print the file. A Windows without one refuses.
func submit(ctx context.Context, pdf []byte, title, printer string) error {
	path, err := keep(pdf, title)
	if err != nil {
		return err
	}
	for _, r := range printer {
		if r == '"' {
			return errors.New("printer name with a quotation mark")
		}
	}
	return execute(ctx, "printto", path, `"`+printer+`"`)
}

func show(ctx context.Context, path string) error { return execute(ctx, "open", path, "") }

// execute is ShellExecute: a verb on a file, no command line interpreter.
func execute(ctx context.Context, verb, path, args string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	v, err := windows.UTF16PtrFromString(verb)
	if err != nil {
		return err
	}
	p, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	a, err := windows.UTF16PtrFromString(args)
	if err != nil {
		return err
	}
	if err := windows.ShellExecute(0, v, p, a, nil, windows.SW_SHOWNORMAL); err != nil {
		return fmt.Errorf("%s %s: %w", verb, path, err)
	}
	return nil
}

// ours has nothing to check: the user's temporary folder is his own.
func ours(string) error { return nil }
