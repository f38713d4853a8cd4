package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/embed/embedtest"
	"surrealm/store/signal"
	"surrealm/store/storetest"
)

var topics = map[string][]string{
	"bread": {"We baked a loaf of bread in the oven.", "The dough for the bread has to rise overnight.", "Fresh bread and rolls from the bakery.",
		"Knead the bread dough with flour and yeast."},
	"engine": {"The engine of the car stalls in the cold.", "The car needs oil for its engine.", "A noisy engine and a broken exhaust on the car.",
		"The mechanic repaired the engine of the car."},
}

func captureTopics(t testing.TB, author *store.Tenant, realm string, visibility signal.Visibility) map[uuid.UUID]string {
	t.Helper()
	topicOf := map[uuid.UUID]string{}
	for topic, texts := range topics {
		for _, text := range texts {
			id := note(t, author, realm, text, "", func(d *signal.Draft) { d.Visibility = visibility })
			topicOf[id] = topic
		}
	}
	if err := author.EmbedSignals(t.Context()); err != nil {
		t.Fatal(err)
	}
	return topicOf
}

// seek does a run as the job does it.
func seek(t testing.TB, member *store.Tenant, realm string, kind store.RunKind) store.ClusterRun {
	t.Helper()
	id, err := member.SeekClusters(t.Context(), realm, kind, store.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := member.FindClusters(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	run, err := member.ClusterRun(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func TestClustersAreFoundAndStay(t *testing.T) {
	t.Parallel()
	ada := understanding(t, storetest.Owner(t))
	realm := defaultRealm(t, ada)
	topicOf := captureTopics(t, ada, realm, signal.Private)

	run := seek(t, ada, realm, store.Thematic)
	if run.State != "DONE" || run.Signals != 8 || run.Clustered != 8 || run.LeftOut != 0 {
		t.Fatalf("the run: %+v", run)
	}
	first, err := ada.Clusters(t.Context(), store.ClusterFilter{Realm: realm})
	if err != nil || len(first.Items) != 2 {
		t.Fatalf("%d clusters, %v", len(first.Items), err)
	}
	for _, cluster := range first.Items {
		page, err := ada.Cluster(t.Context(), cluster.ID)
		if err != nil || len(page.Members) != 4 {
			t.Fatalf("%s has %d members, %v", cluster.Title, len(page.Members), err)
		}
		for _, member := range page.Members {
			if topicOf[member.ID] != topicOf[page.Members[0].ID] || member.Reason == "" || member.Confidence == nil {
				t.Errorf("%s in %s: %+v", member.Title, cluster.Title, member)
			}
		}
	}

	// What a person named and put there survives the next run, and so do the clusters themselves.
	named := first.Items[0]
	if err := ada.UpdateCluster(t.Context(), named.ID, named.Revision, store.ClusterInput{Type: named.Type, Title: "Mine"}); err != nil {
		t.Fatal(err)
	}
	stray := note(t, ada, realm, "Taxes are due in spring.", "")
	if err := ada.AddToCluster(t.Context(), named.ID, []uuid.UUID{stray}); err != nil {
		t.Fatal(err)
	}
	if err := ada.EmbedSignals(t.Context()); err != nil {
		t.Fatal(err)
	}
	seek(t, ada, realm, store.Thematic)
	second, err := ada.Clusters(t.Context(), store.ClusterFilter{Realm: realm})
	if err != nil {
		t.Fatal(err)
	}
	ids := func(list store.ClusterList) (all []uuid.UUID) {
		for _, c := range list.Items {
			all = append(all, c.ID)
		}
		slices.SortFunc(all, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
		return all
	}
	if !slices.Equal(ids(first), ids(second)) {
		t.Errorf("clusters were %v and are %v", ids(first), ids(second))
	}
	page, err := ada.Cluster(t.Context(), named.ID)
	if err != nil || page.Title != "Mine" || !slices.ContainsFunc(page.Members, func(m store.ClusterMember) bool { return m.ID == stray }) {
		t.Errorf("after the next run: %q with %+v, %v", page.Title, page.Members, err)
	}
}

func TestARunTakesOnlyWhatIsConsentedTo(t *testing.T) {
	t.Parallel()
	ada := understanding(t, storetest.Owner(t))
	ben := storetest.Join(t, ada, store.Member, "Ben")
	realm := sharedRealm(t, ada, ben, "CONTRIBUTOR")
	captureTopics(t, ada, realm, signal.Shared)
	captureTopics(t, understanding(t, ben), realm, signal.Sanctum)
	note(t, ben, realm, "Only Ben reads this", "", func(d *signal.Draft) { d.Visibility = signal.Private })

	if run := seek(t, ada, realm, store.Thematic); run.Signals != 8 || run.LeftOut != 8 {
		t.Errorf("without consent the run took %d and left out %d", run.Signals, run.LeftOut)
	}
	for _, member := range []*store.Tenant{ada, ben} {
		if err := member.GrantConsent(t.Context(), realm, store.NewConsent{Purpose: store.ToCluster, Scope: store.AllOfMine}); err != nil {
			t.Fatal(err)
		}
	}
	if run := seek(t, ada, realm, store.Thematic); run.Signals != 16 || run.LeftOut != 0 {
		t.Errorf("with consent the run took %d and left out %d", run.Signals, run.LeftOut)
	}
	if err := ben.RevokeConsent(t.Context(), realm, store.ToCluster); err != nil {
		t.Fatal(err)
	}
	if run := seek(t, ada, realm, store.Thematic); run.Signals != 8 || run.LeftOut != 8 {
		t.Errorf("after the revocation the run took %d and left out %d", run.Signals, run.LeftOut)
	}
}

func TestOneRunAtATime(t *testing.T) {
	t.Parallel()
	ada := storetest.Owner(t)
	realm := defaultRealm(t, ada)
	id, err := ada.SeekClusters(t.Context(), realm, store.Temporal, store.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ada.SeekClusters(t.Context(), realm, store.Temporal, store.RunOptions{}); !errors.Is(err, store.ErrConflict) {
		t.Errorf("a second run: %v", err)
	}
	if err := ada.CancelRun(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if err := ada.FindClusters(t.Context(), id); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the job of a cancelled run: %v", err)
	}
	bad := store.Invalid{}
	if _, err := ada.SeekClusters(t.Context(), realm, "BY MOOD", store.RunOptions{Resolution: 100}); !errors.As(err, &bad) || len(bad) != 2 {
		t.Errorf("bad options: %v", err)
	}
}

// A search that is asked for right after the captures waits until they are read.
func TestARunWaitsForWhatWasJustCaptured(t *testing.T) {
	t.Parallel()
	s, _ := storetest.FreshStore(t, func(o *store.Options) { o.Encoder = embedtest.Sentence(t) })
	ada := storetest.OwnerIn(t, s)
	realm := defaultRealm(t, ada)
	for _, texts := range topics {
		for _, text := range texts {
			note(t, ada, realm, text, "")
		}
	}
	id, err := ada.SeekClusters(t.Context(), realm, store.Thematic, store.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	startJobs(t, s, nil)
	var run store.ClusterRun
	await(t, "the run", func() bool {
		run, err = ada.ClusterRun(t.Context(), id)
		return err != nil || !run.Open()
	})
	if err != nil || run.State != "DONE" || run.Clustered != 8 {
		t.Errorf("the run: %+v, %v", run, err)
	}
}

// What a signal said that its author now keeps to themselves is no part of any name that others read.
func TestASignalThatTurnsPrivateLeavesItsClusters(t *testing.T) {
	t.Parallel()
	ada := understanding(t, storetest.Owner(t))
	ben := storetest.Join(t, ada, store.Member, "Ben")
	realm := sharedRealm(t, ada, ben, "CONTRIBUTOR")
	topicOf := captureTopics(t, ada, realm, signal.Shared)
	seek(t, ada, realm, store.Thematic)
	var baked uuid.UUID
	for id, topic := range topicOf {
		if topic == "bread" {
			baked = id
		}
	}
	found, err := ada.Signal(t.Context(), baked)
	if err != nil {
		t.Fatal(err)
	}
	found.Draft.Visibility = signal.Private
	if err := ada.UpdateSignal(t.Context(), baked, found.Revision, found.Draft); err != nil {
		t.Fatal(err)
	}
	list, err := ben.Clusters(t.Context(), store.ClusterFilter{Realm: realm})
	if err != nil || len(list.Items) != 2 {
		t.Fatalf("%d clusters, %v", len(list.Items), err)
	}
	kept := 0
	for _, cluster := range list.Items {
		if strings.Contains(strings.ToLower(cluster.Title+strings.Join(cluster.Terms, " ")), "bread") {
			t.Errorf("Ben reads %q, %q", cluster.Title, cluster.Terms)
		}
		kept += len(cluster.Terms)
	}
	if kept == 0 {
		t.Error("the other cluster lost its words too")
	}
}

func TestClustersAreFoundByTimeAndPlace(t *testing.T) {
	t.Parallel()
	ada := storetest.Owner(t)
	realm := defaultRealm(t, ada)
	noon := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	for n := range 8 {
		note(t, ada, realm, fmt.Sprintf("Note %d", n), "", func(d *signal.Draft) {
			half := time.Duration(n / 4)
			d.CapturedAt = noon.Add(half*30*24*time.Hour + time.Duration(n)*time.Minute)
			d.Place = &signal.Place{Latitude: 50 + float64(n/4), Longitude: 8 + float64(n)/10000}
		})
	}
	for _, kind := range []store.RunKind{store.Temporal, store.Spatial} {
		if run := seek(t, ada, realm, kind); run.State != "DONE" || run.Clustered != 8 {
			t.Errorf("%s: %+v", kind, run)
		}
		list, err := ada.Clusters(t.Context(), store.ClusterFilter{Realm: realm, Type: string(kind)})
		if err != nil || len(list.Items) != 2 || list.Items[0].Signals != 4 || list.Items[1].Signals != 4 {
			t.Errorf("%s: %+v, %v", kind, list.Items, err)
		}
	}
}
