package embed_test

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"surrealm/store/embed"
	"surrealm/store/embed/embedtest"
)

// golden is a text and what the JavaScript reference makes of it: see testdata/golden.js.
type golden struct {
	Text   string
	Tokens []int32
	Vector string
}

func readGolden(t testing.TB) []golden {
	t.Helper()
	text, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []golden
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	if len(all) < 24 {
		t.Fatalf("there are only %d golden vectors", len(all))
	}
	return all
}

func (g golden) vector(t testing.TB) []float32 {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(g.Vector)
	if err != nil || len(raw) != 4*embed.Dimensions {
		t.Fatalf("%q: %d bytes, %v", g.Text, len(raw), err)
	}
	vector := make([]float32, embed.Dimensions)
	for i := range vector {
		vector[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return vector
}

// farthest returns the largest distance between numbers at the same place.
func farthest(t testing.TB, a, b []float32) float64 {
	t.Helper()
	if len(a) != len(b) {
		t.Fatalf("vectors of %d and %d numbers", len(a), len(b))
	}
	most := 0.0
	for i := range a {
		d := math.Abs(float64(a[i]) - float64(b[i]))
		if !(d <= most) { // also when it is no number
			most = d
		}
	}
	return most
}

func TestVectorsAreThoseOfTheReference(t *testing.T) {
	t.Parallel()
	sentence := embedtest.Sentence(t)
	all := readGolden(t)
	texts := make([]string, len(all))
	for i, g := range all {
		texts[i] = g.Text
	}
	vectors, err := sentence.Encode(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	most := 0.0
	for i, g := range all {
		d := farthest(t, vectors[i], g.vector(t))
		if !(d < 1e-5) {
			t.Errorf("%.60q is %.2g away from the reference", g.Text, d)
		}
		most = max(most, d)
	}
	t.Logf("%d texts, at most %.2g away from the reference", len(all), most)
}

func TestTokensAreThoseOfTheReference(t *testing.T) {
	t.Parallel()
	sentence := embedtest.Sentence(t)
	for _, g := range readGolden(t) {
		want := g.Tokens[:min(len(g.Tokens), 128)]
		if got := sentence.TokenIDs(g.Text); !slices.Equal(got, want) {
			t.Errorf("%.60q is cut into %v instead of %v", g.Text, got, want)
		}
	}
}
