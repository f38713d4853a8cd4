package embed

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
)

// Sentence is the built-in encoder of English sentences and short passages. It reads no more than 128 pieces of words of a
// text, about 100 words: Passages cuts longer ones. Another language is mostly unknown characters to it.
type Sentence struct {
	tokenizer  *tokenizer
	network    *transformer
	workspaces sync.Pool
}

func newSentence(t *tokenizer, n *transformer) *Sentence {
	return &Sentence{tokenizer: t, network: n, workspaces: sync.Pool{New: func() any { return newWorkspace() }}}
}

// Model is part of Encoder.
func (s *Sentence) Model() string { return "use-lite-en/1" }

// Tokens returns how many pieces of the text the encoder reads.
func (s *Sentence) Tokens(text string) int { return len(s.tokens(text)) }

func (s *Sentence) tokens(text string) []int32 {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	return s.tokenizer.tokens(text)
}

// Encode is part of Encoder. A blank text gives nil. Many texts are shared out among all processors, and one text gives
// the same vector to the last bit whatever is beside it.
func (s *Sentence) Encode(ctx context.Context, texts []string) ([][]float32, error) {
	ids := make([][]int32, len(texts))
	err := inParallel(ctx, len(texts), func(i int) { ids[i] = s.tokens(texts[i]) })
	if err != nil {
		return nil, err
	}
	vectors := make([][]float32, len(texts))
	batches := batches(ids)
	err = inParallel(ctx, len(batches), func(i int) {
		w := s.workspaces.Get().(*workspace)
		defer s.workspaces.Put(w)
		batch := make([][]int32, len(batches[i]))
		for j, text := range batches[i] {
			batch[j] = ids[text]
		}
		for j, vector := range s.network.encode(batch, w) {
			vectors[batches[i][j]] = vector
		}
	})
	if err != nil {
		return nil, err
	}
	return vectors, nil
}

// batches shares the texts out, by their places: none has more than batchTokens pieces, and as long as all are worth reading
// the weights for there are as many batches as processors. Texts without pieces are in none.
func batches(ids [][]int32) [][]int {
	const worthwhile = 32 // pieces
	total, longest := 0, 0
	for _, text := range ids {
		total += len(text)
		longest = max(longest, len(text))
	}
	most := min(batchTokens, max(longest, worthwhile, total/runtime.GOMAXPROCS(0)+1))
	var batches [][]int
	room := 0
	for i, text := range ids {
		if len(text) == 0 {
			continue
		}
		if len(text) > room {
			batches = append(batches, nil)
			room = most
		}
		batches[len(batches)-1] = append(batches[len(batches)-1], i)
		room -= len(text)
	}
	return batches
}

// inParallel does n pieces of work on all processors. It begins no more of them once the context has ended.
func inParallel(ctx context.Context, n int, work func(i int)) error {
	var next atomic.Int64
	some := func() {
		for ctx.Err() == nil {
			i := int(next.Add(1)) - 1
			if i >= n {
				return
			}
			work(i)
		}
	}
	var others sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) - 1 {
		others.Go(some)
	}
	some()
	others.Wait()
	return ctx.Err()
}
