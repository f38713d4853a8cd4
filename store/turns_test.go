package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"surrealm/store"
	"surrealm/store/storetest"
)

func TestReadsTakeTurns(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	through := storetest.Second(t, func(*store.Options) {})
	view := storetest.ViewIn(t, through, owner.User, owner.Org.Slug)
	list := func(ctx context.Context) error {
		_, err := view.Surrogates(ctx, store.SurrogateFilter{})
		return err
	}
	end := through.TakeTurns()
	waiting, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := list(waiting); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("with all turns taken: %v, want the deadline", err)
	}
	// Changes go on meanwhile.
	if _, err := view.CreateSurrogate(t.Context(), surrogateInput("Claims clerk")); err != nil {
		t.Errorf("creating a surrogate with all turns taken: %v", err)
	}
	listed := make(chan error)
	go func() { listed <- list(t.Context()) }()
	end()
	if err := <-listed; err != nil {
		t.Errorf("once turns are free: %v", err)
	}
}
