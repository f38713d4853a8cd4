package store_test

import (
	"fmt"
	"slices"
	"testing"

	"surrealm/store"
	"surrealm/store/embed/embedtest"
	"surrealm/store/signal"
	"surrealm/store/storetest"
)

// understanding returns the member on a store that compares meanings.
func understanding(t testing.TB, member *store.Tenant) *store.Tenant {
	t.Helper()
	s := storetest.Second(t, func(o *store.Options) { o.Encoder, o.WebConns = embedtest.Sentence(t), 4 })
	return storetest.ViewIn(t, s, member.User, member.Org.Slug)
}

func TestSearchFindsByWordsAndByMeaning(t *testing.T) {
	t.Parallel()
	ada := understanding(t, storetest.Owner(t))
	note(t, ada, "", "Compressor", "The engine makes a loud noise when it starts in the cold.")
	note(t, ada, "", "Kitchen", "We baked bread and cooked soup for the guests.")
	note(t, ada, "", "Budget", "Money for the coming year has to be planned in March.")
	if err := ada.EmbedSignals(t.Context()); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"engine":                         "Compressor",
		"engines starting":               "Compressor", // stems
		"motor is noisy in winter":       "Compressor", // no word in common
		"preparing a meal":               "Kitchen",
		"financial planning":             "Budget",
		`"soup" & | ! ( quoted ' things`: "Kitchen", // a query is words, never syntax
	} {
		found, err := ada.Signals(t.Context(), store.SignalFilter{Query: query})
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		if len(found.Items) == 0 || found.Items[0].Title != want {
			t.Errorf("%s: found %v, want %s first", query, found.Items, want)
			continue
		}
		if why := found.Why[found.Items[0].ID]; len(why.Words) == 0 && why.Similarity == nil {
			t.Errorf("%s: nothing says why", query)
		}
	}
	if titles := listed(t, ada, store.SignalFilter{Query: "engine", Types: []string{"PHOTO"}}); len(titles) != 0 {
		t.Errorf("the filter was not asked: %v", titles)
	}
}

// What matched is told in the words of the signal, not in stems, and never in its markup.
func TestMatchedWordsReadAsInTheSignal(t *testing.T) {
	t.Parallel()
	ada := storetest.Owner(t)
	note(t, ada, "", "Kitchen", "The <b>fridge</b> hums since Friday. The repairs were costly; hoping for studies of "+
		"<em>organizations</em> that answer ada@example.com, see 4.5.1.")
	for query, want := range map[string]string{
		"fridges": "fridge", "repaired": "repairs", "hope": "hoping", "study": "studies", "organization": "organizations", "ada@example.com": "ada@example.com",
		"4.5.1": "4.5.1", "kitchens": "Kitchen",
	} {
		found, err := ada.Signals(t.Context(), store.SignalFilter{Query: query, By: "words"})
		if err != nil || len(found.Items) != 1 || !slices.Equal(found.Why[found.Items[0].ID].Words, []string{want}) {
			t.Errorf("%s: %v, %v, want %s", query, found.Why, err, want)
		}
	}
}

// A realm of ten among many neighbours that are as near gives its ten, by either arm.
func TestSearchIsExactInsideTheRealm(t *testing.T) {
	t.Parallel()
	ada := storetest.Owner(t)
	ben := storetest.Join(t, ada, store.Member, "Ben")
	for i := range 10 {
		note(t, ben, "", fmt.Sprintf("Ben %d", i), "The pump on deck two leaks oil.")
	}
	storetest.Inside(t, ada, `
		insert into signals (id, realm_id, type, title, body, status, visibility, created_by)
		select gen_random_uuid(), r.id, 'DOCUMENT', 'Ada ' || n, 'The pump on deck two leaks oil.', 'ACTIVE', 'SHARED', $1
		from generate_series(1, 3000) n cross join realms r where r.is_default and r.owner_id = $1`, ada.User.ID)
	for _, member := range []*store.Tenant{ada, ben} {
		if err := member.EmbedSignals(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	found, err := ben.Signals(t.Context(), store.SignalFilter{Query: "pump leaks oil on deck two"})
	if err != nil || len(found.Items) != 10 {
		t.Fatalf("found %d of 10, %v", len(found.Items), err)
	}
	for _, item := range found.Items {
		why := found.Why[item.ID]
		if len(why.Words) != 5 || why.Similarity == nil {
			t.Errorf("%s: %v", item.Title, why)
		}
	}
}

// What changes is searched as it is now, and what a person may not see helps nobody to find it.
func TestSearchFollowsChangesAndWalls(t *testing.T) {
	t.Parallel()
	ada := storetest.Owner(t)
	ben := storetest.Join(t, ada, store.Member, "Ben")
	realm := sharedRealm(t, ada, ben, "OBSERVER")
	id := note(t, ada, realm, "Log", "xylophone")
	hidden := note(t, ada, realm, "Diary", "xylophone zither", func(d *signal.Draft) { d.Visibility = signal.Private })
	if err := ada.EmbedSignals(t.Context()); err != nil {
		t.Fatal(err)
	}
	if titles := listed(t, ben, store.SignalFilter{Query: "xylophone"}); !slices.Equal(titles, []string{"Log"}) {
		t.Errorf("Ben finds %v", titles)
	}
	if titles := listed(t, ben, store.SignalFilter{Query: "zither"}); len(titles) != 0 {
		t.Errorf("Ben finds what only Ada may see: %v", titles)
	}
	found, err := ada.Signal(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	found.Draft.Payload = signal.Document{Content: "marimba", Format: signal.Plain}
	if err := ada.UpdateSignal(t.Context(), id, found.Revision, found.Draft); err != nil {
		t.Fatal(err)
	}
	if err := ada.EmbedSignals(t.Context()); err != nil {
		t.Fatal(err)
	}
	if titles := listed(t, ben, store.SignalFilter{Query: "xylophone"}); len(titles) != 0 {
		t.Errorf("found by words that are gone: %v", titles)
	}
	if titles := listed(t, ben, store.SignalFilter{Query: "marimba"}); !slices.Equal(titles, []string{"Log"}) {
		t.Errorf("not found by the new words: %v", titles)
	}
	if _, err := ben.Signal(t.Context(), hidden); err != store.ErrNotFound {
		t.Errorf("Ben opens Ada's diary: %v", err)
	}
}

// The job that capturing adds does the work in the background.
func TestCapturedSignalsAreEmbeddedSoon(t *testing.T) {
	t.Parallel()
	s, _ := storetest.FreshStore(t)
	ada := storetest.OwnerIn(t, s)
	startJobs(t, s, nil)
	note(t, ada, "", "Pump", "The pump leaks.")
	await(t, "the vector", func() bool {
		found, err := ada.Signals(t.Context(), store.SignalFilter{Query: "pump"})
		return err == nil && len(found.Items) == 1 && found.Why[found.Items[0].ID].Similarity != nil
	})
}
