package embed_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"surrealm/store/embed"
	"surrealm/store/embed/embedtest"
)

func encode(t *testing.T, e embed.Encoder, texts ...string) [][]float32 {
	t.Helper()
	vectors, err := e.Encode(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	if len(vectors) != len(texts) {
		t.Fatalf("%d vectors for %d texts", len(vectors), len(texts))
	}
	return vectors
}

func cosine(a, b []float32) float64 {
	sum := 0.0
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

func TestLikeMeaningsAreNear(t *testing.T) {
	t.Parallel()
	v := encode(t, embedtest.Sentence(t),
		"The client was charged two times for one order.", "A customer got the same invoice twice.", "The pump lost pressure at night.")
	if near, far := cosine(v[0], v[1]), cosine(v[0], v[2]); near < far+0.25 {
		t.Errorf("the paraphrase has the cosine %.2f, another topic %.2f", near, far)
	}
}

// TestNeighboursChangeNothing encodes texts of all lengths at once, in other orders and one by one.
func TestNeighboursChangeNothing(t *testing.T) {
	t.Parallel()
	sentence := embedtest.Sentence(t)
	var texts []string
	for i := range 70 {
		texts = append(texts, fmt.Sprintf("%d %s", i, strings.Repeat("more text ", i)))
	}
	together := encode(t, sentence, texts...)
	for i := 0; i < len(texts); i += 9 {
		if !slices.Equal(encode(t, sentence, texts[i])[0], together[i]) {
			t.Errorf("text %d has another vector alone", i)
		}
	}
	slices.Reverse(texts)
	backwards := encode(t, sentence, texts...)
	slices.Reverse(backwards)
	for i := range together {
		if !slices.Equal(together[i], backwards[i]) {
			t.Errorf("text %d has another vector among others", i)
		}
	}
}

func TestManyMayEncodeAtOnce(t *testing.T) {
	t.Parallel()
	sentence := embedtest.Sentence(t)
	want := encode(t, sentence, "one text", "and another")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			got, err := sentence.Encode(context.Background(), []string{"one text", "and another"})
			if err != nil || !slices.Equal(got[0], want[0]) || !slices.Equal(got[1], want[1]) {
				t.Errorf("another vector, or %v", err)
			}
		})
	}
	all.Wait()
}

// TestVectorsHaveLengthOne looks at both encoders and at texts with nothing in them.
func TestVectorsHaveLengthOne(t *testing.T) {
	t.Parallel()
	for _, encoder := range []embed.Encoder{embedtest.Sentence(t), embed.Hashing{}} {
		vectors := encode(t, encoder, "", " \t\n", "words and more words", "日本語", strings.Repeat("a long text, ", 100_000), "bytes \xff\xfe that are no text")
		for i, vector := range vectors {
			switch {
			case i < 2 && vector != nil:
				t.Errorf("%s: blank text %d has a vector", encoder.Model(), i)
			case i >= 2 && (len(vector) != embed.Dimensions || math.Abs(cosine(vector, vector)-1) > 1e-5):
				t.Errorf("%s: text %d has a vector of %d numbers and length² %v", encoder.Model(), i, len(vector), cosine(vector, vector))
			}
		}
	}
}

func TestAnEndedContextEndsEncoding(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, encoder := range []embed.Encoder{embedtest.Sentence(t), embed.Hashing{}} {
		if vectors, err := encoder.Encode(ctx, []string{"a text"}); !errors.Is(err, context.Canceled) || vectors != nil {
			t.Errorf("%s: %v, %v", encoder.Model(), vectors, err)
		}
	}
}

func TestHashingKnowsWordsAndNoMeaning(t *testing.T) {
	t.Parallel()
	v := encode(t, embed.Hashing{}, "Der Fuchs springt über den Hund", "der FUCHS springt!", "A customer got two invoices", "The client was billed twice", "…")
	if near, far := cosine(v[0], v[1]), cosine(v[2], v[3]); near < 0.5 || far > 0.3 {
		t.Errorf("the same words have the cosine %.2f, the same meaning in other words %.2f", near, far)
	}
	if v[4] != nil {
		t.Error("a text without words has a vector")
	}
}

func TestModelsHaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	if a, b := embedtest.Sentence(t).Model(), (embed.Hashing{}).Model(); a != "use-lite-en/1" || b != "hashing/1" {
		t.Errorf("stored vectors belong to the models use-lite-en/1 and hashing/1, not to %s and %s", a, b)
	}
}

func TestOpenFallsBackToHashing(t *testing.T) {
	t.Parallel()
	encoder, err := embed.Open(t.TempDir())
	if _, ok := encoder.(embed.Hashing); !ok || !errors.Is(err, embed.ErrNoWeights) {
		t.Errorf("%T, %v", encoder, err)
	}
	if encoder, err = embed.Open(embedtest.Dir()); err != nil || encoder.Model() != embedtest.Sentence(t).Model() {
		t.Errorf("%T, %v", encoder, err)
	}
}
