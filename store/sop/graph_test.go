package sop

import (
	"os"
	"testing"
)

// refund is a small valid graph with a loop, a decision and every kind of
// config value.
func refund(t testing.TB) Document {
	t.Helper()
	return document(t, "refund")
}

func document(t testing.TB, name string) Document {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	d, err := ParseDocument(data)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func parse(t testing.TB, text string) Graph {
	t.Helper()
	g, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func canonical(t testing.TB, g Graph) string {
	t.Helper()
	data, err := Canonical(g)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestRefundIsValid(t *testing.T) {
	t.Parallel()
	if bad := Validate(refund(t).Graph); len(bad) > 0 {
		t.Fatal(bad)
	}
}

func TestNodeTypesHaveWords(t *testing.T) {
	t.Parallel()
	ends := 0
	for _, kind := range NodeTypes {
		if kind.Label() == string(kind) {
			t.Errorf("%s has no plain words", kind)
		}
		if kind.Ends() {
			ends++
		}
	}
	if len(NodeTypes) != 9 || ends != 3 {
		t.Errorf("%d types, %d of them ends", len(NodeTypes), ends)
	}
	if other := NodeType("LUNCH"); other.Valid() || other.Label() != "LUNCH" {
		t.Error("an unknown type is taken for a known one")
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	g := refund(t).Graph
	if got := g.Name("n2"); got != "“Look at the photo”" {
		t.Error(got)
	}
	if got := g.Name("n99"); got != "“n99”" {
		t.Error(got)
	}
}
