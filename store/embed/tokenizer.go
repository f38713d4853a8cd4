package embed

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	unknown      = 0     // the id of characters that no piece has
	reserved     = 6     // ids below this are no pieces of text
	maxTokens    = 128   // the model reads no more of a text
	maxReadBytes = 16384 // far more text than 128 tokens, the longest of which has 16 characters
)

// tokenizer cuts a text into pieces of words with the unigram language model of SentencePiece (Kudo, 2018,
// arXiv:1804.10959): of all ways to cut, it takes the likeliest.
type tokenizer struct {
	next   map[edge]int32 // a trie of the pieces; node 0 is its root
	pieces []piece        // by node
	length []int32        // characters, by id
}

type edge struct {
	node int32
	char rune
}

// piece is what ends at a node; id 0 says that nothing does.
type piece struct {
	id    int32
	score float64 // the logarithm of its probability
}

// vocabularyEntry is a piece and its score. The reference reads a missing score as 0, as Go does.
type vocabularyEntry struct {
	text  string
	score float64
}

func newTokenizer(vocabulary []vocabularyEntry) *tokenizer {
	t := &tokenizer{next: make(map[edge]int32, 4*len(vocabulary)), pieces: make([]piece, 1, 4*len(vocabulary))}
	for id, entry := range vocabulary {
		t.length = append(t.length, int32(utf8.RuneCountInString(entry.text)))
		if id < reserved {
			continue
		}
		node := int32(0)
		for _, char := range entry.text {
			child, ok := t.next[edge{node, char}]
			if !ok {
				child = int32(len(t.pieces))
				t.next[edge{node, char}] = child
				t.pieces = append(t.pieces, piece{})
			}
			node = child
		}
		t.pieces[node] = piece{int32(id), entry.score}
	}
	return t
}

// tokens returns the ids of the text's pieces, at most maxTokens.
func (t *tokenizer) tokens(text string) []int32 {
	if len(text) > maxReadBytes {
		end := maxReadBytes
		for end > maxReadBytes-utf8.UTFMax && !utf8.RuneStart(text[end]) {
			end--
		}
		text = text[:end]
	}
	text = norm.NFKC.String(text)
	if text == "" {
		return nil
	}
	all := t.viterbi([]rune("▁" + strings.ReplaceAll(text, " ", "▁")))
	return all[:min(len(all), maxTokens)]
}

// viterbi finds the likeliest way to cut. Like the reference it takes a score of 0 for "nobody was here", which decides
// where an unknown character, whose score is 0, meets pieces: the vectors are only right with the same cuts.
func (t *tokenizer) viterbi(chars []rune) []int32 {
	best := make([]float64, len(chars)+1) // score of the best way to each position
	last := make([]int32, len(chars)+1)   // id of the piece with which it ends
	take := func(from, to int, p piece) {
		if score := best[from] + p.score; best[to] == 0 || score >= best[to] {
			best[to], last[to] = score, p.id
		}
	}
	for from := range chars {
		node, ok, found := int32(0), false, false
		for to := from; to < len(chars); to++ {
			if node, ok = t.next[edge{node, chars[to]}]; !ok {
				break
			}
			if p := t.pieces[node]; p.id != 0 {
				found = true
				take(from, to+1, p)
			}
		}
		if !found {
			take(from, from+1, piece{id: unknown})
		}
	}

	var ids []int32 // from the end to the beginning
	for at := len(chars); at > 0; at -= int(t.length[last[at]]) {
		if id := last[at]; id != unknown || len(ids) == 0 || ids[len(ids)-1] != unknown {
			ids = append(ids, id)
		}
	}
	for a, b := 0, len(ids)-1; a < b; a, b = a+1, b-1 {
		ids[a], ids[b] = ids[b], ids[a]
	}
	return ids
}
