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

// grouped is a realm of Ada's in which the machine found a cluster with a signal that Ben opted into it from his own.
type grouped struct {
	ada, ben *store.Tenant
	realm    string
	signal   uuid.UUID
	cluster  uuid.UUID
}

func groupShared(t *testing.T, scope store.ShareScope) grouped {
	t.Helper()
	g := grouped{ada: understanding(t, storetest.Owner(t))}
	g.ben = understanding(t, storetest.Join(t, g.ada, store.Member, "Ben"))
	g.realm = sharedRealm(t, g.ada, g.ben, "CONTRIBUTOR")
	captureTopics(t, g.ada, g.realm, signal.Shared)
	g.signal = note(t, g.ben, newRealm(t, g.ben, "Ben's", store.SharedRealm), "The sourdough bread dough rises with yeast before it is baked", "")
	ok(t, g.ben.ShareSignal(t.Context(), g.signal, g.realm, scope))
	ok(t, g.ben.EmbedSignals(t.Context()))
	if run := seek(t, g.ada, g.realm, store.Thematic); run.State != "DONE" {
		t.Fatalf("the run: %+v", run)
	}
	g.cluster = g.holding(t)
	return g
}

// holding is the cluster of the realm that holds the signal; uuid.Nil for none.
func (g grouped) holding(t *testing.T) uuid.UUID {
	t.Helper()
	list, err := g.ada.Clusters(t.Context(), store.ClusterFilter{Realm: g.realm})
	ok(t, err)
	for _, c := range list.Items {
		page, err := g.ada.Cluster(t.Context(), c.ID)
		ok(t, err)
		if slices.ContainsFunc(page.Members, func(m store.ClusterMember) bool { return m.ID == g.signal }) {
			return c.ID
		}
	}
	return uuid.Nil
}

// What is opted into a realm to be grouped stands in its clusters, and takes its words along when it goes.
func TestASharedSignalIsGroupedAndLeavesWithItsWords(t *testing.T) {
	t.Parallel()
	if read := groupShared(t, store.ShareToRead); read.cluster != uuid.Nil {
		t.Error("grouped, though it may only be read")
	}
	g := groupShared(t, store.ShareToCluster)
	if g.cluster == uuid.Nil {
		t.Fatal("it is in no cluster of the realm")
	}
	for name, end := range map[string]func() error{
		"a narrower scope": func() error { return g.ben.ShareSignal(t.Context(), g.signal, g.realm, store.ShareToRead) },
		"the end of it":    func() error { return g.ben.RevokeShare(t.Context(), g.signal, g.realm) },
	} {
		ok(t, g.ben.ShareSignal(t.Context(), g.signal, g.realm, store.ShareToCluster))
		ok(t, g.ada.AddToCluster(t.Context(), g.cluster, []uuid.UUID{g.signal}))
		ok(t, end())
		found, err := g.ada.Cluster(t.Context(), g.cluster)
		ok(t, err)
		if g.holding(t) != uuid.Nil || found.Signals != 4 {
			t.Errorf("%s: still among %d signals", name, found.Signals)
		}
		if strings.Contains(strings.ToLower(found.Title+strings.Join(found.Terms, " ")), "bread") || len(found.Terms) != 0 {
			t.Errorf("%s: the cluster keeps its words: %q, %q", name, found.Title, found.Terms)
		}
	}
}

func TestASharedSignalIsDrawnOnUntilItsShareEnds(t *testing.T) {
	t.Parallel()
	for scope, reads := range map[store.ShareScope]bool{store.ShareToCluster: false, store.ShareToSynthesise: true} {
		g := groupShared(t, scope)
		text := written(t, g.ada, store.Subject{Cluster: g.cluster}, synthesis.Narrative)
		if slices.Contains(text.SignalIDs, g.signal) != reads {
			t.Fatalf("%s: it read %v", scope, text.SignalIDs)
		}
		if text.TaintedAt != nil || text.Partial {
			t.Errorf("%s: marked at once", scope)
		}
		ok(t, g.ben.RevokeShare(t.Context(), g.signal, g.realm))
		after, err := g.ada.Synthesis(t.Context(), text.ID)
		ok(t, err)
		if (after.TaintedAt != nil) != reads || after.Partial != reads {
			t.Errorf("%s: marked %v, partial %v", scope, after.TaintedAt, after.Partial)
		}
		for _, line := range after.Lines {
			if line.Signal == g.signal || strings.Contains(line.Text, "sourdough") {
				t.Errorf("%s: it still quotes %q", scope, line.Text)
			}
		}
	}
}

// A signal of another realm comes into a cluster by a share that goes that far and by nothing else, whatever is forged.
func TestMembershipByReferenceCannotBeForged(t *testing.T) {
	t.Parallel()
	s := share(t, store.ShareToRead)
	id := shareID(t, s)
	cluster, err := s.ada.CreateCluster(t.Context(), s.target, store.ClusterInput{Type: "COLLECTION", Title: "Here"})
	ok(t, err)
	elsewhere, err := s.ada.CreateCluster(t.Context(), newRealm(t, s.ada, "Third", store.SharedRealm), store.ClusterInput{Type: "COLLECTION", Title: "There"})
	ok(t, err)
	if err := s.ada.AddToCluster(t.Context(), cluster, []uuid.UUID{s.signal}); err != store.ErrNotFound {
		t.Errorf("added with the scope to be read: %v", err)
	}
	insert := func(cluster uuid.UUID, values string) string {
		return `insert into clusters_signals (realm_id, cluster_id, signal_id, visibility, signal_author, share_id, share_scope, added_by)
			select realm_id, id, '` + s.signal.String() + `', ` + strings.ReplaceAll(values, "@share", "'"+id.String()+"'") + `, current_setting('app.user_id')::uuid
			from clusters where id = '` + cluster.String() + `'`
	}
	p := enter(t, s.ada)
	p.refused(t, insert(cluster, "'SHARED', null, @share, 'CLUSTER'"), noReference) // it is to be read only
	for _, values := range []string{"'SHARED', null, @share, 'READ'", "'SHARED', null, @share, null", "'SHARED', null, null, null", "'SHARED', null, null, 'CLUSTER'"} {
		p.refused(t, insert(cluster, values), "23514")
	}
	p.refused(t, insert(cluster, "'SHARED', current_setting('app.user_id')::uuid, null, null"), noReference)
	ok(t, p.tx.Rollback(t.Context()))
	ok(t, s.ada.ShareSignal(t.Context(), s.signal, s.target, store.ShareToCluster))
	p = enter(t, s.ada)
	p.refused(t, insert(elsewhere, "'SHARED', null, @share, 'CLUSTER'"), noReference) // another realm than it was opted into
	p.refused(t, insert(cluster, "'SHARED', null, @share, 'SYNTHESIS'"), noReference)
	p.allowed(t, insert(cluster, "'SHARED', null, @share, 'CLUSTER'"))
}

func shareID(t *testing.T, s sharing) uuid.UUID {
	t.Helper()
	return scan[uuid.UUID](t, storetest.Connect(t, "postgres"), `select id from `+schemaOf(s.ada)+`.signal_shares where signal_id = $1`, s.signal)[0]
}
