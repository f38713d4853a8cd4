package store_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/storetest"
	"surrealm/store/synthesis"
)

// chosen is a realm of Ada's, who allows everything, and of Ben's, who allows the first of his two signals.
type chosen struct {
	ada, ben *store.Tenant
	realm    string
	own      uuid.UUID // Ada's
	yes, no  uuid.UUID // Ben's
}

func choose(t *testing.T, purpose store.Purpose) chosen {
	t.Helper()
	ada := storetest.Owner(t)
	c := chosen{ada: ada, ben: storetest.Join(t, ada, store.Member, "Ben")}
	c.realm = sharedRealm(t, c.ada, c.ben, "CONTRIBUTOR")
	c.own = note(t, c.ada, c.realm, "Ada", "The pump leaks oil every morning.")
	c.yes = note(t, c.ben, c.realm, "Ben allows", "The valve sticks in the cold.")
	c.no = note(t, c.ben, c.realm, "Ben keeps", "A canary about the valve.")
	ok(t, c.ada.GrantConsent(t.Context(), c.realm, store.NewConsent{Purpose: purpose, Scope: store.AllOfMine}))
	c.chooses(t, purpose, []uuid.UUID{c.yes, c.no}, c.yes)
	return c
}

// chooses saves a page of Ben's signals with some of them ticked.
func (c chosen) chooses(t *testing.T, purpose store.Purpose, shown []uuid.UUID, ticked ...uuid.UUID) {
	t.Helper()
	_, err := c.ben.ChooseSignals(t.Context(), c.realm, store.ConsentChoice{Purpose: purpose, Shown: shown, Chosen: ticked})
	ok(t, err)
}

func TestOnlyChosenSignalsAreDrawnOn(t *testing.T) {
	t.Parallel()
	c := choose(t, store.ToReflect)
	about := store.Subject{Cluster: clusterOf(t, c.ada, c.realm, c.own, c.yes, c.no)}
	first := written(t, c.ada, about, synthesis.Narrative)
	if first.LeftOut != 1 || first.Consents != 2 || slices.Contains(first.SignalIDs, c.no) || !slices.Contains(first.SignalIDs, c.yes) {
		t.Fatalf("it read %v and left out %d", first.SignalIDs, first.LeftOut)
	}
	// Choosing more marks nothing: what was taken is still allowed.
	c.chooses(t, store.ToReflect, []uuid.UUID{c.no}, c.no)
	if opened(t, c.ada, first.ID).TaintedAt != nil {
		t.Error("marked although everything is still allowed")
	}
	if both := written(t, c.ada, about, synthesis.Narrative); both.LeftOut != 0 || len(both.SignalIDs) != 3 {
		t.Errorf("with both it read %d and left out %d", len(both.SignalIDs), both.LeftOut)
	}
	// What is taken out is left out at once, and marks what rests on it alone.
	c.chooses(t, store.ToReflect, []uuid.UUID{c.yes})
	if opened(t, c.ada, first.ID).TaintedAt == nil {
		t.Error("not marked")
	}
	third := written(t, c.ada, about, synthesis.Mirror)
	if third.LeftOut != 1 || slices.Contains(third.SignalIDs, c.yes) || !slices.Contains(third.SignalIDs, c.no) {
		t.Errorf("it read %v and left out %d", third.SignalIDs, third.LeftOut)
	}
	c.chooses(t, store.ToReflect, []uuid.UUID{c.yes}, c.yes)
	if opened(t, c.ada, first.ID).TaintedAt != nil || opened(t, c.ada, third.ID).TaintedAt != nil {
		t.Error("marked although everything is allowed again")
	}
	ok(t, c.ben.RevokeConsent(t.Context(), c.realm, store.ToReflect))
	for _, id := range []uuid.UUID{first.ID, third.ID} {
		if opened(t, c.ada, id).TaintedAt == nil {
			t.Error("not marked after the revocation")
		}
	}
}

func TestARunTakesOnlyChosenSignals(t *testing.T) {
	t.Parallel()
	c := choose(t, store.ToCluster)
	c.ada, c.ben = understanding(t, c.ada), understanding(t, c.ben)
	captureTopics(t, c.ada, c.realm, signal.Shared)
	ok(t, c.ben.EmbedSignals(t.Context()))
	first := seek(t, c.ada, c.realm, store.Thematic)
	if first.Signals != 10 || first.LeftOut != 1 || first.TaintedAt != nil {
		t.Fatalf("the run: %+v", first)
	}
	list, err := c.ada.Clusters(t.Context(), store.ClusterFilter{Realm: c.realm})
	ok(t, err)
	tainted := func() bool {
		t.Helper()
		run, err := c.ada.ClusterRun(t.Context(), first.ID)
		ok(t, err)
		page, err := c.ada.Cluster(t.Context(), list.Items[0].ID)
		ok(t, err)
		if (run.TaintedAt != nil) != (page.TaintedAt != nil) {
			t.Errorf("the run is marked %v, its cluster %v", run.TaintedAt, page.TaintedAt)
		}
		return run.TaintedAt != nil
	}
	c.chooses(t, store.ToCluster, nil, c.no)
	if tainted() {
		t.Error("marked although everything is still allowed")
	}
	c.chooses(t, store.ToCluster, []uuid.UUID{c.yes})
	if !tainted() {
		t.Error("not marked")
	}
	if run := seek(t, c.ada, c.realm, store.Thematic); run.Signals != 10 || run.LeftOut != 1 {
		t.Errorf("the next run: %+v", run)
	}
}

func TestAChoiceIsAmongOnesOwn(t *testing.T) {
	t.Parallel()
	c := choose(t, store.ToReflect)
	elsewhere := note(t, c.ben, "", "Elsewhere", "Of another realm.")
	binned := note(t, c.ben, c.realm, "Binned", "In the bin.")
	ok(t, c.ben.DeleteSignal(t.Context(), binned))
	for name, id := range map[string]uuid.UUID{"another's": c.own, "of another realm": elsewhere, "in the bin": binned, "nobody's": uuid.New()} {
		if _, err := c.ben.ChooseSignals(t.Context(), c.realm, store.ConsentChoice{Purpose: store.ToReflect, Chosen: []uuid.UUID{id}}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
		consent := store.NewConsent{Purpose: store.ToReflect, Scope: store.TheseSignals, Signals: []uuid.UUID{id}}
		if err := c.ben.GrantConsent(t.Context(), c.realm, consent); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s, granted: %v", name, err)
		}
	}
	_, err := c.ben.ChooseSignals(t.Context(), c.realm, store.ConsentChoice{Purpose: store.ToReflect, Shown: []uuid.UUID{c.yes, c.no}})
	if bad := (store.Invalid)(nil); !errors.As(err, &bad) || bad["ids"] == "" {
		t.Errorf("nothing left: %v", err)
	}
	stranger := storetest.Join(t, c.ada, store.Member, "Cai")
	if _, err := stranger.ConsentSignals(t.Context(), c.realm, store.ConsentFilter{Purpose: store.ToReflect}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a stranger to the realm: %v", err)
	}
	page, err := c.ben.ConsentSignals(t.Context(), c.realm, store.ConsentFilter{Purpose: store.ToReflect, Query: "VALVE"})
	ok(t, err)
	if len(page.Items) != 2 || page.Own != 2 || page.Chosen != 1 || page.Live == nil || page.Live.Scope != store.TheseSignals {
		t.Errorf("the page: %+v", page)
	}
	page, err = c.ben.ConsentSignals(t.Context(), c.realm, store.ConsentFilter{Purpose: store.ToReflect, Chosen: true})
	ok(t, err)
	if len(page.Items) != 1 || page.Items[0].ID != c.yes || !page.Items[0].Chosen {
		t.Errorf("the chosen ones: %+v", page.Items)
	}
}

func TestAChoiceIsMadePageByPage(t *testing.T) {
	t.Parallel()
	c := choose(t, store.ToAnalyse)
	for range store.PageSize + 3 {
		note(t, c.ben, c.realm, "More", "More of the same.")
	}
	seen, filter := map[uuid.UUID]bool{}, store.ConsentFilter{Purpose: store.ToAnalyse}
	for {
		page, err := c.ben.ConsentSignals(t.Context(), c.realm, filter)
		ok(t, err)
		shown := []uuid.UUID{}
		for _, s := range page.Items {
			seen[s.ID], shown = true, append(shown, s.ID)
		}
		covered, err := c.ben.ChooseSignals(t.Context(), c.realm, store.ConsentChoice{Purpose: store.ToAnalyse, Shown: shown, Chosen: shown})
		ok(t, err)
		if filter.Cursor = page.Next; filter.Cursor == "" {
			if covered != store.PageSize+5 || len(seen) != covered {
				t.Errorf("%d are covered of %d seen", covered, len(seen))
			}
			return
		}
	}
}

// Other terms are another consent, which takes the choice along.
func TestAChoiceKeepsOrChangesItsTerms(t *testing.T) {
	t.Parallel()
	c := choose(t, store.ToReflect)
	_, err := c.ben.ChooseSignals(t.Context(), c.realm, store.ConsentChoice{Purpose: store.ToReflect, Terms: &store.ConsentTerms{External: true}, Shown: []uuid.UUID{c.no}, Chosen: []uuid.UUID{c.no}})
	ok(t, err)
	c.chooses(t, store.ToReflect, nil, c.yes)
	consents, err := c.ben.Consents(t.Context(), c.realm)
	ok(t, err)
	own := consents[slices.IndexFunc(consents, func(k store.Consent) bool { return k.Own })]
	if len(consents) != 2 || !own.External || own.Signals != 2 || own.Covered != 2 {
		t.Errorf("Ben allows %+v", own)
	}
}

// As the tenant's role, without the program: nobody changes what another allows, and naming another's signal allows nothing.
func TestAForgedChoiceAllowsNothing(t *testing.T) {
	t.Parallel()
	c := choose(t, store.ToReflect)
	p := enter(t, c.ada)
	changed, err := p.tx.Exec(t.Context(), `update consents set signal_ids = signal_ids || $1::uuid[], unchosen_ids = '{}' where user_id = $2`, []uuid.UUID{c.no}, c.ben.User.ID)
	if err != nil || changed.RowsAffected() != 0 {
		t.Errorf("Ada changed %d consents of Ben's, %v", changed.RowsAffected(), err)
	}
	p.refused(t, `insert into consents (id, realm_id, user_id, purpose, scope, signal_ids)
		select gen_random_uuid(), realm_id, created_by, 'ANALYSIS', 'SIGNALS', array[id] from signals where id = '`+c.no.String()+`'`, "42501")
	p.refused(t, `update consents set user_id = user_id`, "42501")
	p.refused(t, `update consents set scope = 'ALL'`, "42501")
	ok(t, p.tx.Rollback(t.Context()))
	p = enter(t, c.ada)
	p.run(t, `update consents set revoked_at = now() where user_id = current_setting('app.user_id')::uuid`)
	p.run(t, `insert into consents (id, realm_id, user_id, purpose, scope, signal_ids)
		select gen_random_uuid(), realm_id, current_setting('app.user_id')::uuid, 'REFLECTION', 'SIGNALS', array['`+c.own.String()+`', id]::uuid[] from signals where id = '`+c.no.String()+`'`)
	ok(t, p.tx.Commit(t.Context()))
	cluster := clusterOf(t, c.ada, c.realm, c.own, c.yes, c.no)
	if text := written(t, c.ada, store.Subject{Cluster: cluster}, synthesis.Narrative); slices.Contains(text.SignalIDs, c.no) || text.LeftOut != 1 {
		t.Errorf("a consent that names another's signal had it read: %v", text.SignalIDs)
	}
}
