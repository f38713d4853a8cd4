package store_test

import (
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/storetest"
)

// However many accounts are added and made the default at once, each of it succeeds and one is the default.
func TestOneLanguageModelIsTheDefault(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	const people = 6
	atOnce := func(do func() error) {
		t.Helper()
		errs := make(chan error)
		for range people {
			go func() { errs <- do() }()
		}
		for range people {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
	}
	ids := make(chan uuid.UUID, people)
	atOnce(func() error {
		id, err := owner.AddLLMAccount(t.Context(), store.LLMAccountInput{Name: "Model " + uuid.NewString(), BaseURL: "https://llm.example/v1",
			Model: "parrot-1", MaxTokens: 1000, MaxChars: 20_000, Timeout: 30})
		ids <- id
		return err
	})
	oneDefault(t, owner)
	atOnce(func() error { return owner.MakeLLMDefault(t.Context(), <-ids) })
	oneDefault(t, owner)
}

func oneDefault(t *testing.T, owner *store.Tenant) {
	t.Helper()
	accounts, err := owner.LLMAccounts(t.Context())
	must(t, err)
	n := 0
	for _, a := range accounts {
		if a.Default {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d accounts are the default", n)
	}
}
