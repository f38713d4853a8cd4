package auditlog

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
)

// lineReader reads a bundle line by line, in memory bounded by MaxLine, and keeps the sum of the lines
// before the present one: that sum is what the seal, the last line, is about.
type lineReader struct {
	from *bufio.Reader
	sum  hash.Hash // over all lines before the one returned last
	line []byte
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{from: bufio.NewReaderSize(r, MaxLine), sum: sha256.New(), line: nil}
}

// next returns the next line with its newline; it is valid until the call after. A *Fault means that
// the file itself is broken, any other error that it could not be read. io.EOF ends the file.
func (r *lineReader) next() ([]byte, error) {
	r.sum.Write(r.line)
	line, err := r.from.ReadSlice('\n')
	r.line = nil
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return nil, faultf(0, "The file has a line of more than %d bytes, which no bundle has.", MaxLine)
	case err == io.EOF && len(line) > 0:
		return nil, faultf(0, "The file ends in the middle of a line: its end is missing.")
	case err == io.EOF:
		return nil, io.EOF
	case err != nil:
		return nil, fmt.Errorf("read the bundle: %w", err)
	}
	r.line = line
	return line, nil
}
