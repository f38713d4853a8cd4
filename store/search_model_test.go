package store_test

import (
	"slices"
	"testing"

	"surrealm/store"
	"surrealm/store/embed"
	"surrealm/store/embed/embedtest"
	"surrealm/store/storetest"
)

// A server that begins without weights compares spelling. When the weights are there, all signals are read again, and searches go
// on as before until the last one has been: a search never misses what another model has not read yet.
func TestSearchesTurnToAnotherModelWhenItHasReadEverything(t *testing.T) {
	t.Parallel()
	s, dsn := storetest.FreshStore(t, func(o *store.Options) { o.Encoder = embed.Hashing{} })
	ada := storetest.OwnerIn(t, s)
	ben := storetest.JoinIn(t, s, ada, store.Member, "Ben")
	note(t, ada, "", "Compressor", "The engine makes a loud noise when it starts in the cold.")
	note(t, ben, "", "Kitchen", "We baked bread and cooked soup for the guests.")
	for _, member := range []*store.Tenant{ada, ben} {
		if err := member.EmbedSignals(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	found := func(who *store.Tenant, query string) (titles []string, model string) {
		list := got[store.SignalList](t)(who.Signals(t.Context(), store.SignalFilter{Query: query, By: "meaning"}))
		for _, item := range list.Items {
			titles = append(titles, item.Title)
		}
		return titles, list.Model
	}
	if titles, model := found(ada, "the engine makes noise"); !slices.Equal(titles, []string{"Compressor"}) || model != "hashing/1" {
		t.Fatalf("by spelling: %v, with %q", titles, model)
	}

	later := storetest.SecondIn(t, dsn, func(o *store.Options) { o.Encoder = embedtest.Sentence(t) })
	ada, ben = storetest.ViewIn(t, later, ada.User, ada.Org.Slug), storetest.ViewIn(t, later, ben.User, ben.Org.Slug)
	if err := ada.EmbedSignals(t.Context()); err != nil {
		t.Fatal(err)
	}
	note(t, ada, "", "Valve", "The engine makes noise since a valve is worn.")
	if err := ada.EmbedSignals(t.Context()); err != nil {
		t.Fatal(err)
	}
	if titles, model := found(ada, "the engine makes noise"); len(titles) != 2 || model != "hashing/1" {
		t.Errorf("while Ben's signal is not read yet: %v, with %q", titles, model)
	}
	conn := behindTheWalls(t, dsn)
	startJobs(t, later, nil)
	await(t, "the last signal", func() bool {
		_, model := found(ada, "the engine makes noise")
		return model == "use-lite-en/1"
	})
	if titles, _ := found(ben, "preparing a meal"); !slices.Equal(titles, []string{"Kitchen"}) {
		t.Errorf("by meaning: %v", titles)
	}
	// A job that was under way when the last signal was read removes what it wrote at its end.
	await(t, "the vectors that nobody compares to go", func() bool {
		return scan[int](t, conn, `select count(*)::int from `+schemaOf(ada)+`.signal_embeddings where model <> 'use-lite-en/1'`)[0] == 0
	})
}
