package exchange

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
)

// entries yields the values of a JSON list one by one. It holds one at a time, of at most ObjectLimit bytes.
func entries(r io.Reader, noun string) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		buffered := bufio.NewReader(r)
		if mark, _ := buffered.Peek(3); string(mark) == "\ufeff" {
			_, _ = buffered.Discard(3)
		}
		in := &gauge{buffered, ObjectLimit}
		list := json.NewDecoder(in)
		if start, err := list.Token(); err != nil || start != json.Delim('[') {
			yield(nil, BadFile{"The file is not a JSON list."})
			return
		}
		for n := 1; list.More(); n++ {
			in.left = ObjectLimit
			var value json.RawMessage
			switch err := list.Decode(&value); {
			case errors.Is(err, errObjectTooLarge):
				yield(nil, BadFile{fmt.Sprintf("The %s %d is larger than %d MB. What comes after it was not read.", noun, n, ObjectLimit>>20)})
				return
			case err != nil:
				yield(nil, BadFile{fmt.Sprintf("The file is damaged at %s %d. What comes after it was not read.", noun, n)})
				return
			}
			if !yield(value, nil) {
				return
			}
		}
		if _, err := list.Token(); err != nil {
			yield(nil, BadFile{"The file ends too early."})
		}
	}
}

var errObjectTooLarge = errors.New("object too large")

// gauge is a reader that fails when more than what is left is read from it.
type gauge struct {
	r    io.Reader
	left int
}

func (g *gauge) Read(p []byte) (int, error) {
	if g.left <= 0 {
		return 0, errObjectTooLarge
	}
	n, err := g.r.Read(p[:min(len(p), g.left)])
	g.left -= n
	return n, err
}
