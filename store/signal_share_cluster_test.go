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

// A signal that was opted into a realm stands on its map, and later runs obey what people decided about it there, until its share ends.
func TestASharedSignalIsOnTheMapAndDecidedAbout(t *testing.T) {
	t.Parallel()
	g := groupShared(t, store.ShareToCluster)
	onMap := func() bool {
		t.Helper()
		found, err := g.ada.RealmMap(t.Context(), g.realm)
		ok(t, err)
		return slices.ContainsFunc(found.Points, func(p store.MapPoint) bool { return p.ID == g.signal })
	}
	if !onMap() {
		t.Error("it is not on the map")
	}
	ok(t, g.ada.RemoveFromCluster(t.Context(), g.cluster, []uuid.UUID{g.signal}))
	seek(t, g.ada, g.realm, store.Thematic)
	if g.holding(t) == g.cluster {
		t.Error("the next run put it back")
	}
	ok(t, g.ada.AddToCluster(t.Context(), g.cluster, []uuid.UUID{g.signal}))
	seek(t, g.ada, g.realm, store.Thematic)
	if g.holding(t) != g.cluster {
		t.Error("the next run took it out though it is pinned")
	}
	super := storetest.Connect(t, "postgres")
	left := func() int {
		t.Helper()
		return scan[int](t, super, `select (select count(*) from `+schemaOf(g.ada)+`.cluster_constraints where signal_id = $1)
			+ (select count(*) from `+schemaOf(g.ada)+`.signal_points where signal_id = $1)`, g.signal)[0]
	}
	if left() != 2 {
		t.Errorf("%d rows about it", left())
	}
	ok(t, g.ben.ShareSignal(t.Context(), g.signal, g.realm, store.ShareToSynthesise))
	if left() != 2 || !onMap() {
		t.Errorf("a wider scope leaves %d rows about it", left())
	}
	ok(t, g.ben.ShareSignal(t.Context(), g.signal, g.realm, store.ShareToRead))
	if left() != 0 || onMap() {
		t.Errorf("when it may be read only %d rows about it are left", left())
	}
}

// Where people put a shared signal by splitting and merging, later runs leave it.
func TestLaterRunsKeepASharedSignalWhereItWasSplitOrMerged(t *testing.T) {
	t.Parallel()
	g := groupShared(t, store.ShareToCluster)
	first := g.cluster
	part := got[uuid.UUID](t)(g.ada.SplitCluster(t.Context(), first, []uuid.UUID{g.signal}, "Sourdough"))
	seek(t, g.ada, g.realm, store.Thematic)
	if g.holding(t) != part {
		t.Fatal("the next run put it back")
	}
	list := got[store.ClusterList](t)(g.ada.Clusters(t.Context(), store.ClusterFilter{Realm: g.realm}))
	other := list.Items[slices.IndexFunc(list.Items, func(c store.Cluster) bool { return c.ID != first && c.ID != part })].ID
	ok(t, g.ada.MergeClusters(t.Context(), other, part))
	seek(t, g.ada, g.realm, store.Thematic)
	if g.holding(t) != other {
		t.Error("the next run took it out of the merged cluster")
	}
}

// When the realm that a signal lies in is dropped, its words go from what the machine had called something elsewhere.
func TestADroppedRealmLeavesNoWordsElsewhere(t *testing.T) {
	t.Parallel()
	g := groupShared(t, store.ShareToCluster)
	super := storetest.Connect(t, "postgres")
	home := scan[uuid.UUID](t, super, `select realm_id from `+schemaOf(g.ada)+`.signals where id = $1`, g.signal)[0]
	storetest.Exec(t, storetest.DSN("postgres"), `update `+schemaOf(g.ada)+`.realms set status = 'DELETING', delete_at = now() where id = $1`, home)
	storetest.Exec(t, storetest.DSN("postgres"), `select public.drop_due_realm($1, $2)`, g.ada.Org.ID, home)
	found, err := g.ada.Cluster(t.Context(), g.cluster)
	ok(t, err)
	if found.Signals != 4 || len(found.Terms) != 0 || strings.Contains(strings.ToLower(found.Title), "bread") {
		t.Errorf("what is left: %q, %q, %d signals", found.Title, found.Terms, found.Signals)
	}
}

// A place on a map and a decision stand by the signal's own realm or by a share that goes that far, whatever is forged.
func TestPlacesAndDecisionsByReferenceCannotBeForged(t *testing.T) {
	t.Parallel()
	s := share(t, store.ShareToRead)
	id := shareID(t, s)
	cluster, err := s.ada.CreateCluster(t.Context(), s.target, store.ClusterInput{Type: "COLLECTION", Title: "Here"})
	ok(t, err)
	from := ` from clusters where id = '` + cluster.String() + `'`
	point := func(values string) string {
		return `insert into signal_points (realm_id, signal_id, visibility, signal_author, share_id, share_scope, x, y)
			select realm_id, '` + s.signal.String() + `', ` + strings.ReplaceAll(values, "@share", "'"+id.String()+"'::uuid") + `, 0.5, 0.5` + from
	}
	decision := func(values string) string {
		return `insert into cluster_constraints (id, realm_id, own_id, share_id, share_scope, kind, signal_id, cluster_id, created_by)
			select gen_random_uuid(), realm_id, ` + strings.ReplaceAll(values, "@share", "'"+id.String()+"'::uuid") + `, 'PINNED', '` + s.signal.String() + `', id,
				current_setting('app.user_id')::uuid` + from
	}
	p := enter(t, s.ada)
	p.refused(t, point("'SHARED', null, @share, 'CLUSTER'"), noReference) // it is to be read only
	p.refused(t, point("'SHARED', null, @share, 'READ'"), "23514")
	p.refused(t, point("'SHARED', null, null, null"), "23514")
	p.refused(t, point("'SHARED', current_setting('app.user_id')::uuid, null, null"), noReference)
	p.refused(t, decision("null, @share, 'CLUSTER'"), noReference)
	p.refused(t, decision("null, @share, 'READ'"), "23514")
	p.refused(t, decision("null, null, null"), "23514")
	p.refused(t, decision("'"+s.signal.String()+"', null, null"), noReference)
	p.refused(t, decision("id, null, null"), "23514")
	ok(t, p.tx.Rollback(t.Context()))
	ok(t, s.ada.ShareSignal(t.Context(), s.signal, s.target, store.ShareToCluster))
	id = shareID(t, s)
	p = enter(t, s.ada)
	p.allowed(t, point("'SHARED', null, @share, 'CLUSTER'"))
	p.allowed(t, decision("null, @share, 'CLUSTER'"))
}

// What people decided about a signal in one realm does not hold it there.
func TestASignalThatWasDecidedAboutCanBeMoved(t *testing.T) {
	t.Parallel()
	g := groupShared(t, store.ShareToCluster)
	own, err := g.ada.Cluster(t.Context(), g.cluster)
	ok(t, err)
	pinned := own.Members[slices.IndexFunc(own.Members, func(m store.ClusterMember) bool { return m.ID != g.signal })].ID
	ok(t, g.ada.AddToCluster(t.Context(), g.cluster, []uuid.UUID{pinned, g.signal}))
	ok(t, moveHome(t, g.ada, pinned))
	ok(t, moveHome(t, g.ben, g.signal))
}
