package store_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/storetest"
	"surrealm/store/synthesis"
)

// Taken out while a text is written: what was read of it is not kept.
func TestWhatIsTakenOutWhileItIsReadIsNotKept(t *testing.T) {
	t.Parallel()
	c := choose(t, store.ToReflect)
	c.chooses(t, store.ToReflect, nil, c.no)
	id, err := c.ada.AskSynthesis(t.Context(), store.Subject{Cluster: clusterOf(t, c.ada, c.realm, c.own, c.yes, c.no)}, synthesis.Narrative)
	ok(t, err)
	late := revoker{builtIn, func() { c.chooses(t, store.ToReflect, []uuid.UUID{c.no}) }}
	if err := c.ada.WriteSynthesis(t.Context(), id, late); err == nil || opened(t, c.ada, id).Work == "DONE" {
		t.Errorf("kept: %v", err)
	}
	ok(t, c.ada.WriteSynthesis(t.Context(), id, builtIn))
	page := opened(t, c.ada, id)
	if page.LeftOut != 1 || slices.Contains(page.SignalIDs, c.no) || strings.Contains(page.Body, "canary") {
		t.Errorf("the next attempt left out %d: %s", page.LeftOut, page.Body)
	}
}

// Taken back while a run thinks: it leaves neither a place nor a word of it behind, and says that it left it out.
func TestWhatIsTakenBackWhileARunThinksIsLeftOut(t *testing.T) {
	t.Parallel()
	ada := understanding(t, storetest.Owner(t))
	ben := understanding(t, storetest.Join(t, ada, store.Member, "Ben"))
	for name, takeBack := range map[string]func(realm string, id uuid.UUID) error{
		"a consent is revoked":   func(realm string, _ uuid.UUID) error { return ben.RevokeConsent(t.Context(), realm, store.ToCluster) },
		"a signal is unchosen":   func(realm string, id uuid.UUID) error { return unchoose(t, ben, realm, id) },
		"a signal turns PRIVATE": func(_ string, id uuid.UUID) error { return turnPrivate(t, ben, id) },
		"a signal is moved":      func(_ string, id uuid.UUID) error { return moveHome(t, ben, id) },
		"a share is revoked":     func(realm string, id uuid.UUID) error { return ben.RevokeShare(t.Context(), id, realm) },
		"a share is to read only": func(realm string, id uuid.UUID) error {
			return ben.ShareSignal(t.Context(), id, realm, store.ShareToRead)
		},
	} {
		realm := sharedRealm(t, ada, ben, "CONTRIBUTOR")
		captureTopics(t, ada, realm, signal.Shared)
		home, kept := realm, 8
		if strings.HasPrefix(name, "a share") {
			home = newRealm(t, ben, "Ben's "+name, store.SharedRealm)
		} else {
			kept = 9
			note(t, ben, realm, "Bread is baked from dough", "")
		}
		id := note(t, ben, home, "The sourdough bread dough rises with yeast before it is baked", "")
		if home != realm {
			ok(t, ben.ShareSignal(t.Context(), id, realm, store.ShareToCluster))
		}
		ok(t, ben.EmbedSignals(t.Context()))
		for _, member := range []*store.Tenant{ada, ben} {
			ok(t, member.GrantConsent(t.Context(), realm, store.NewConsent{Purpose: store.ToCluster, Scope: store.AllOfMine}))
		}
		if name == "a signal is unchosen" {
			page, err := ben.ConsentSignals(t.Context(), realm, store.ConsentFilter{Purpose: store.ToCluster})
			ok(t, err)
			_, err = ben.ChooseSignals(t.Context(), realm, store.ConsentChoice{Purpose: store.ToCluster, Chosen: []uuid.UUID{page.Items[0].ID, page.Items[1].ID}})
			ok(t, err)
		}
		out := 1
		if name == "a consent is revoked" {
			kept, out = 8, 2
		}
		run, err := ada.SeekClusters(t.Context(), realm, store.Thematic, store.RunOptions{})
		ok(t, err)
		times := 0
		ok(t, ada.FindClustersWhile(t.Context(), run, func() {
			if times++; times == 1 {
				ok(t, takeBack(realm, id))
			}
		}))
		found, err := ada.ClusterRun(t.Context(), run)
		ok(t, err)
		if found.State != "DONE" || found.Signals != kept || found.LeftOut != out || times != 2 {
			t.Errorf("%s: the run took %d and left out %d, %s after %d times", name, found.Signals, found.LeftOut, found.State, times)
		}
		list, err := ada.Clusters(t.Context(), store.ClusterFilter{Realm: realm})
		ok(t, err)
		for _, c := range list.Items {
			if strings.Contains(strings.ToLower(c.Title+strings.Join(c.Terms, " ")), "sourdough") {
				t.Errorf("%s: a cluster is called %q, %q", name, c.Title, c.Terms)
			}
		}
		super := storetest.Connect(t, "postgres")
		if left := scan[int](t, super, `select count(*) from `+schemaOf(ada)+`.clusters_signals where signal_id = $1`, id)[0]; left != 0 {
			t.Errorf("%s: it stands in %d clusters", name, left)
		}
	}
}

func unchoose(t *testing.T, member *store.Tenant, realm string, id uuid.UUID) error {
	t.Helper()
	_, err := member.ChooseSignals(t.Context(), realm, store.ConsentChoice{Purpose: store.ToCluster, Shown: []uuid.UUID{id}})
	return err
}

func turnPrivate(t *testing.T, author *store.Tenant, id uuid.UUID) error {
	t.Helper()
	found, err := author.Signal(t.Context(), id)
	ok(t, err)
	found.Draft.Visibility = signal.Private
	return author.UpdateSignal(t.Context(), id, found.Revision, found.Draft)
}

func moveHome(t *testing.T, author *store.Tenant, id uuid.UUID) error {
	t.Helper()
	return author.MoveSignal(t.Context(), id, revisionOf(t, author, id), defaultRealm(t, author))
}
