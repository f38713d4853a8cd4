package main

import (
	"fmt"
	"io"
	"os"

	"surrealm/store"
)

// progress reports a migration while it runs: on a terminal one line that is written over, elsewhere a line for each
// organisation.
type progress struct {
	to       io.Writer
	terminal bool
	open     bool // a line has been begun
}

func newProgress(to io.Writer) *progress { return &progress{to: to, terminal: isTerminal(to)} }

// isTerminal says whether a person looks at the output, or types the input.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func (p *progress) step(s store.FleetStep) {
	switch {
	case s.Err != nil:
		p.end()
		fmt.Fprintf(p.to, "[%d/%d] %s failed: %v\n", s.Done, s.Total, s.Slug, s.Err)
	case p.terminal:
		fmt.Fprintf(p.to, "\r\x1b[K[%d/%d] %s", s.Done, s.Total, s.Slug)
		p.open = true
	default:
		fmt.Fprintf(p.to, "[%d/%d] %s: version %d to %d\n", s.Done, s.Total, s.Slug, s.From, s.To)
	}
}

// end closes the line that is written over.
func (p *progress) end() {
	if p.open {
		fmt.Fprint(p.to, "\r\x1b[K")
		p.open = false
	}
}

// count says how many there are of something.
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
