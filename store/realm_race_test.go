package store_test

import (
	"fmt"
	"sync"
	"testing"

	"surrealm/store"
	"surrealm/store/storetest"
)

// Each of somebody's realms that are made at the same time is theirs afterwards.
func TestRealmsMadeAtOnceAreAllKept(t *testing.T) {
	t.Parallel()
	olga := storetest.Owner(t)
	slugs := make([]string, 12)
	var making sync.WaitGroup
	for i := range slugs {
		making.Go(func() {
			slug, err := olga.CreateRealm(t.Context(), store.RealmInput{Name: fmt.Sprintf("Realm %d", i)}, store.PrivateRealm)
			if err != nil {
				t.Error(err)
			}
			slugs[i] = slug
		})
	}
	making.Wait()
	for _, slug := range slugs {
		if _, err := olga.Realm(t.Context(), slug); err != nil {
			t.Errorf("%s: %v", slug, err)
		}
	}
}
