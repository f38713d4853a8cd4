package embed

import (
	"context"
	"hash/fnv"
	"math"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Hashing is the encoder that needs no weights: it counts words and runs of four letters, each at a place and with a sign
// that a hash of it gives (Weinberger et al., "Feature hashing for large scale multitask learning", 2009). Texts with the
// same words in whatever language have like vectors. It knows nothing of meaning: "car" is as far from "automobile" as
// from "sorrow".
type Hashing struct{}

// Model is part of Encoder.
func (Hashing) Model() string { return "hashing/1" }

// Encode is part of Encoder. A text without a letter or digit gives nil.
func (Hashing) Encode(ctx context.Context, texts []string) ([][]float32, error) {
	vectors := make([][]float32, len(texts))
	err := inParallel(ctx, len(texts), func(i int) { vectors[i] = hashed(texts[i]) })
	if err != nil {
		return nil, err
	}
	return vectors, nil
}

func hashed(text string) []float32 {
	vector := make([]float32, Dimensions)
	words := strings.FieldsFunc(strings.ToLower(norm.NFKC.String(text)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	for _, word := range words {
		count(vector, word, 1)
		letters := []rune("^" + word + "$")
		for i := 0; i+4 <= len(letters); i++ {
			count(vector, string(letters[i:i+4]), 0.5)
		}
	}
	var square float64
	for _, a := range vector {
		square += float64(a) * float64(a)
	}
	if square == 0 {
		return nil
	}
	for i := range vector {
		vector[i] /= float32(math.Sqrt(square))
	}
	return vector
}

// count adds a feature to the place and with the sign that its hash gives.
func count(vector []float32, feature string, weight float32) {
	h := fnv.New64a()
	_, _ = h.Write([]byte(feature)) // a hash takes everything
	sum := h.Sum64()
	if sum>>63 == 1 {
		weight = -weight
	}
	vector[sum%Dimensions] += weight
}
