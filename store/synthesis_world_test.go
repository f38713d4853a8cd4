package store_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/embed"
	"surrealm/store/synthesis"
)

var builtIn = synthesis.BuiltIn{Encoder: embed.Hashing{}}

// recorder is a provider that keeps every text it was given.
type recorder struct {
	synthesis.BuiltIn
	external bool
	by       string // who asked
	read     []string
}

func (r *recorder) External() bool { return r.external }

func (r *recorder) Write(ctx context.Context, request synthesis.Request) (synthesis.Result, error) {
	for _, s := range request.Signals {
		r.read = append(r.read, r.by+" reads "+s.Title+"\n"+s.Text)
	}
	return r.BuiltIn.Write(ctx, request)
}

// written asks for a text and writes it as the job does.
func written(t testing.TB, member *store.Tenant, about store.Subject, kind synthesis.Type) store.SynthesisPage {
	t.Helper()
	id, err := member.AskSynthesis(t.Context(), about, kind)
	if err != nil {
		t.Fatal(err)
	}
	if err := member.WriteSynthesis(t.Context(), id, builtIn); err != nil {
		t.Fatal(err)
	}
	return opened(t, member, id)
}

func opened(t testing.TB, member *store.Tenant, id uuid.UUID) store.SynthesisPage {
	t.Helper()
	found, err := member.Synthesis(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// clusterOf makes a cluster by hand.
func clusterOf(t testing.TB, member *store.Tenant, realm string, signals ...uuid.UUID) uuid.UUID {
	t.Helper()
	id, err := member.CreateCluster(t.Context(), realm, store.ClusterInput{Type: "COLLECTION", Title: "Pumps"})
	if err != nil {
		t.Fatal(err)
	}
	if err := member.AddToCluster(t.Context(), id, signals); err != nil {
		t.Fatal(err)
	}
	return id
}

type revoker struct {
	synthesis.BuiltIn
	revoke func()
}

func (r revoker) Write(ctx context.Context, request synthesis.Request) (synthesis.Result, error) {
	r.revoke()
	return r.BuiltIn.Write(ctx, request)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
