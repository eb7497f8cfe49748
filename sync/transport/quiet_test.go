package transport

import (
	"io"
	"log"
)

// quiet takes the messages of test servers whose clients break off on purpose.
var quiet = log.New(io.Discard, "", 0)
