package store

import (
	"context"
	"slices"
)

// CaptureChoices returns what the form of a signal offers to the member: the realms that they may add to, the default one first, and tags.
func (t *Tenant) CaptureChoices(ctx context.Context) (SignalChoices, error) {
	found, err := readOne[SignalChoices](ctx, t, selectChoices)
	found.Realms = writable(found.Realms, "")
	return found, err
}

// writable are the realms that the member may add to, without one.
func writable(realms []RealmChoice, but string) []RealmChoice {
	return slices.DeleteFunc(realms, func(r RealmChoice) bool { return !r.Writes || r.Slug == but })
}
