package escltest

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// Variable names the switch that turns a test binary into a scanner, see [Child].
const Variable = "SCHALTER_ESCL_SIMULATOR"

// Child runs a scanner instead of the tests when the switch is set in the environment, and ends the process.
// A package whose tests need a scanner in a process of its own calls it first in TestMain and starts its own
// binary with [Main]'s arguments. The scanner ends with its standard input.
func Child() {
	if os.Getenv(Variable) == "" {
		return
	}
	if err := Main(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// Main runs a scanner until in ends. The first line of out is its address, a tab and, with TLS, the SHA-256
// of its certificate. Each line of in is a command, answered by "ok" or what is wrong:
//
//	load FILE …     sides into the feeder
//	sheets N DPI    N pages as Sheet makes them into the feeder
//	lay FILE        a page on the glass
//	break N FAULT   page N of the next job goes wrong
//	feeder STATE    the feeder's own word
//	mend            everything is well again
//	left            answers with the sides in the feeder
func Main(args []string, in io.Reader, out io.Writer) error {
	var opt Options
	set := flag.NewFlagSet("escl", flag.ContinueOnError)
	set.StringVar(&opt.Model, "model", "", "name it gives itself")
	set.StringVar(&opt.Listen, "listen", "", "loopback address and port")
	set.BoolVar(&opt.TLS, "tls", false, "encrypt, with a certificate of its own")
	documents := set.Bool("pdf", false, "it has only PDF, one for a whole stack")
	set.BoolVar(&opt.Absolute, "absolute", false, "Location headers are whole addresses")
	set.BoolVar(&opt.Chunked, "chunked", false, "pages without their length")
	set.IntVar(&opt.End, "end", 0, "status after the last page")
	set.DurationVar(&opt.Slow, "slow", 0, "time for each page")
	if err := set.Parse(args); err != nil {
		return err
	}
	if *documents {
		opt.Formats, opt.Document = []string{"application/pdf"}, Bound
	}
	s, err := New(opt)
	if err != nil {
		return err
	}
	defer s.Close()
	s.Lay(Sheet(1, 300))
	print := ""
	if s.cert != nil {
		sum := sha256.Sum256(s.cert.Certificate[0])
		print = hex.EncodeToString(sum[:])
	}
	fmt.Fprintf(out, "%s\t%s\n", s.URL(), print)
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		answer := "ok"
		if text, err := s.command(strings.Fields(lines.Text())); err != nil {
			answer = err.Error()
		} else if text != "" {
			answer = text
		}
		fmt.Fprintln(out, answer)
	}
	return lines.Err()
}

var errCommand = errors.New("no such command")

func (s *Simulator) command(words []string) (string, error) {
	if len(words) == 0 {
		return "", errCommand
	}
	name, rest := words[0], words[1:]
	switch {
	case name == "load":
		return "", s.files(rest, func(b []byte) { s.Load(b) })
	case name == "lay" && len(rest) == 1:
		return "", s.files(rest, s.Lay)
	case name == "sheets" && len(rest) == 2:
		n, err := strconv.Atoi(rest[0])
		dpi, err2 := strconv.Atoi(rest[1])
		if err := errors.Join(err, err2); err != nil {
			return "", err
		}
		s.Load(Sheets(n, dpi)...)
	case name == "break" && len(rest) == 2:
		n, err := strconv.Atoi(rest[0])
		if err != nil {
			return "", err
		}
		s.Break(n, Fault(rest[1]))
	case name == "feeder" && len(rest) == 1:
		s.Feeder(rest[0])
	case name == "mend":
		s.Mend()
	case name == "left":
		return strconv.Itoa(s.Left()), nil
	default:
		return "", errCommand
	}
	return "", nil
}

func (s *Simulator) files(names []string, use func([]byte)) error {
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			return err
		}
		use(b)
	}
	return nil
}
