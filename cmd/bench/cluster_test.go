package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestClusteringIsMeasured(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	b := &bench{options: options{Quick: true}, out: &out, measure: "cluster"}
	if err := measureCluster(b); err != nil {
		t.Fatal(err)
	}
	if len(b.results) != 4 || b.results[0].Value <= 0 || !strings.Contains(out.String(), "cluster_500 ") {
		t.Errorf("measured %s", out.String())
	}
}
