package store_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/storetest"
)

// membersInOrder are the members of a cluster as somebody sees them, and its revision.
func membersInOrder(t *testing.T, who *store.Tenant, id uuid.UUID) (members []uuid.UUID, revision int) {
	t.Helper()
	page, err := who.Cluster(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range page.Members {
		members = append(members, m.ID)
	}
	return members, page.Revision
}

// Each puts in order what they see, and neither is stopped by what they do not.
func TestTwoPeopleOrderWhatEachSees(t *testing.T) {
	t.Parallel()
	ada := storetest.Owner(t)
	ben := storetest.Join(t, ada, store.Member, "Ben")
	realm := sharedRealm(t, ada, ben, "CONTRIBUTOR")
	one, two := note(t, ada, realm, "First", ""), note(t, ada, realm, "Second", "")
	secret := note(t, ada, realm, "Secret", "", func(d *signal.Draft) { d.Visibility = signal.Private })
	id, err := ben.CreateCluster(t.Context(), realm, store.ClusterInput{Type: "COLLECTION", Title: "Both"}, one, two)
	if err == nil {
		err = ada.AddToCluster(t.Context(), id, []uuid.UUID{secret})
	}
	if err == nil {
		err = ada.OrderCluster(t.Context(), id, 2, []uuid.UUID{one, secret, two})
	}
	if err == nil {
		err = ben.OrderCluster(t.Context(), id, 3, []uuid.UUID{two, one})
	}
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := membersInOrder(t, ben, id); !slices.Equal(got, []uuid.UUID{two, one}) {
		t.Errorf("Ben sees %v", got)
	}
	if err := ada.OrderCluster(t.Context(), id, 3, []uuid.UUID{one, two, secret}); !errors.Is(err, store.ErrConflict) {
		t.Errorf("an order of an older revision: %v", err)
	}
}

// The order that people gave survives the next run of the machine, and a published cluster is left as it is by people and the machine.
func TestAPublishedClusterStaysAsItIs(t *testing.T) {
	t.Parallel()
	ada := understanding(t, storetest.Owner(t))
	realm := defaultRealm(t, ada)
	captureTopics(t, ada, realm, signal.Private)
	seek(t, ada, realm, store.Thematic)
	list, err := ada.Clusters(t.Context(), store.ClusterFilter{Realm: realm})
	if err != nil || len(list.Items) != 2 {
		t.Fatalf("%d clusters, %v", len(list.Items), err)
	}
	ordered, published := list.Items[0].ID, list.Items[1].ID
	order, revision := membersInOrder(t, ada, ordered)
	slices.Reverse(order)
	if err := ada.OrderCluster(t.Context(), ordered, revision, order); err != nil {
		t.Fatal(err)
	}
	before, _ := membersInOrder(t, ada, published)
	if err := ada.AcceptCluster(t.Context(), published, list.Items[1].Revision); err != nil {
		t.Fatal(err)
	}
	if err := ada.PublishCluster(t.Context(), published, list.Items[1].Revision+1); err != nil {
		t.Fatal(err)
	}

	// One text goes, another one comes that would belong here: the machine would change both clusters.
	if err := ada.AddToCluster(t.Context(), ordered, []uuid.UUID{before[0]}); err != nil {
		t.Fatal(err)
	}
	seek(t, ada, realm, store.Thematic)
	if after, _ := membersInOrder(t, ada, published); !slices.Equal(before, after) {
		t.Errorf("the published cluster had %v and has %v", before, after)
	}
	if after, _ := membersInOrder(t, ada, ordered); len(after) < 4 || !slices.Equal(order, after[:4]) {
		t.Errorf("the order was %v and is %v", order, after)
	}

	other, err := ada.CreateCluster(t.Context(), realm, store.ClusterInput{Type: "COLLECTION", Title: "Other"}, before[0])
	if err != nil {
		t.Fatal(err)
	}
	_, revision = membersInOrder(t, ada, published)
	for what, err := range map[string]error{
		"add":         ada.AddToCluster(t.Context(), published, order[:1]),
		"take out":    ada.RemoveFromCluster(t.Context(), published, before[:1]),
		"order":       ada.OrderCluster(t.Context(), published, revision, before),
		"merge":       ada.MergeClusters(t.Context(), published, other),
		"merge into":  ada.MergeClusters(t.Context(), other, published),
		"split":       second(ada.SplitCluster(t.Context(), published, before[:1], "Part")),
		"accept":      ada.AcceptCluster(t.Context(), published, revision),
		"publish":     ada.PublishCluster(t.Context(), published, revision),
		"reopen late": ada.ReopenCluster(t.Context(), published, revision-1),
	} {
		if bad := (store.Invalid)(nil); !errors.As(err, &bad) && !errors.Is(err, store.ErrConflict) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := ada.ReopenCluster(t.Context(), published, revision); err != nil {
		t.Fatal(err)
	}
	if err := ada.RemoveFromCluster(t.Context(), published, before[:1]); err != nil {
		t.Errorf("after it was taken back into use: %v", err)
	}
}

// Whoever merges two clusters takes along what others keep private in them, without seeing it.
func TestMergingTakesAlongWhatOthersKeepPrivate(t *testing.T) {
	t.Parallel()
	ada := storetest.Owner(t)
	ben := storetest.Join(t, ada, store.Member, "Ben")
	realm := sharedRealm(t, ada, ben, "CONTRIBUTOR")
	one, two := note(t, ada, realm, "First", ""), note(t, ben, realm, "Second", "")
	secret := note(t, ada, realm, "Secret", "", func(d *signal.Draft) { d.Visibility = signal.Private })
	into, err := ben.CreateCluster(t.Context(), realm, store.ClusterInput{Type: "COLLECTION", Title: "Stays"}, two)
	if err != nil {
		t.Fatal(err)
	}
	other, err := ben.CreateCluster(t.Context(), realm, store.ClusterInput{Type: "COLLECTION", Title: "Goes"}, one)
	if err == nil {
		err = ada.AddToCluster(t.Context(), other, []uuid.UUID{secret})
	}
	if err == nil {
		err = ben.MergeClusters(t.Context(), into, other)
	}
	if err != nil {
		t.Fatal(err)
	}
	if seen, _ := membersInOrder(t, ben, into); len(seen) != 2 || slices.Contains(seen, secret) {
		t.Errorf("Ben sees %v", seen)
	}
	if seen, _ := membersInOrder(t, ada, into); len(seen) != 3 || !slices.Contains(seen, secret) {
		t.Errorf("Ada sees %v", seen)
	}
}
