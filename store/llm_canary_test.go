package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/storetest"
	"surrealm/store/synthesis"
)

// What nobody allowed to leave this server carries the word canary: texts, titles, tags, people's names, the realm. Every kind of
// text is asked for by everybody about everything, through the job, and the endpoint records what it is sent.
func TestNoPromptHoldsWhatNobodyAllowed(t *testing.T) {
	t.Parallel()
	const canary = "canary"
	m, ada, id := withModel(t)
	s := model2(t, m)
	join := func(name string) *store.Tenant {
		return storetest.ViewIn(t, s, storetest.Join(t, ada, store.Member, name+" "+canary).User, ada.Org.Slug)
	}
	ben, cai, dan, eva, fay := join("Ben"), join("Cai"), join("Dan"), join("Eva"), join("Fay")
	people := []*store.Tenant{ada, ben, cai, dan, eva, fay}
	realm := sharedRealm(t, ada, ben, "CONTRIBUTOR")
	for _, member := range people[2:] {
		must(t, ada.InviteToRealm(t.Context(), realm, member.User.ID, store.Contributor))
		must(t, member.AnswerRealmInvitation(t.Context(), realm, true))
	}
	as := func(v signal.Visibility, tags ...string) func(*signal.Draft) {
		return func(d *signal.Draft) { d.Visibility, d.Tags, d.Source = v, append(tags, canary+"-tag"), canary }
	}
	text := func(word string) string { return "The pump leaks oil, says " + word + ". Nobody repaired it." }
	for _, purpose := range []store.Purpose{store.ToAnalyse, store.ToReflect} {
		for _, c := range []struct {
			who     *store.Tenant
			consent store.NewConsent
		}{
			{ada, store.NewConsent{Scope: store.AllOfMine, External: true}},
			{ben, store.NewConsent{Scope: store.WithTags, Tags: []string{"work"}, External: true}},
			{cai, store.NewConsent{Scope: store.AllOfMine}}, // here, but not outside
			{dan, store.NewConsent{Scope: store.AllOfMine, External: true}},
		} {
			c.consent.Purpose = purpose
			must(t, c.who.GrantConsent(t.Context(), realm, c.consent))
		}
	}
	all := []uuid.UUID{
		note(t, ada, realm, canary, text("allowed-ada"), as(signal.Shared)),
		note(t, ben, realm, canary, text("allowed-ben"), as(signal.Sanctum, "work")),
		note(t, ben, realm, canary, text(canary), as(signal.Shared, "home")),
		note(t, cai, realm, canary, text(canary), as(signal.Shared)),
		note(t, dan, realm, canary, text(canary), as(signal.Shared)),
		note(t, eva, realm, canary, text(canary), as(signal.Public)),
		note(t, cai, realm, canary, text(canary), as(signal.Private)),
		note(t, ben, realm, canary, text(canary), as(signal.Private, "home")),
		note(t, ben, realm, canary, text("only-ben"), as(signal.Private, "work")),
		note(t, fay, realm, canary, text("allowed-fay"), as(signal.Shared)),
		note(t, fay, realm, canary, text(canary), as(signal.Shared)),
		note(t, fay, realm, canary, text(canary), as(signal.Shared)),
	}
	// Fay chooses single signals, and takes one of them out again further down.
	const chosen, unchosen = 9, 11
	for _, purpose := range []store.Purpose{store.ToAnalyse, store.ToReflect} {
		must(t, fay.GrantConsent(t.Context(), realm, store.NewConsent{
			Purpose: purpose, Scope: store.TheseSignals, Signals: []uuid.UUID{all[chosen], all[unchosen]}, External: true}))
	}
	own := note(t, eva, "", canary, text("allowed-own"), as(signal.Private))
	for _, member := range people {
		note(t, member, "", canary, text(canary), as(signal.Private)) // of realms that are not asked about
	}
	cluster := clusterOf(t, ada, realm, all[0], all[1], all[2], all[3], all[4], all[5], all[9], all[10], all[11])
	type asked struct {
		who *store.Tenant
		id  uuid.UUID
	}
	work := func(a asked) {
		t.Helper()
		before := len(m.bodies)
		if err := a.who.WorkSynthesis(t.Context(), a.id, 1); err != nil {
			t.Fatal(err)
		}
		_ = a.who.StopSynthesis(t.Context(), a.id)
		for _, body := range m.bodies[before:] {
			if strings.Contains(body, "only-ben") && a.who != ben {
				t.Error("a PRIVATE signal was sent for somebody else than its author")
			}
		}
	}
	ask := func(who *store.Tenant, about store.Subject, kind synthesis.Type) (a asked, may bool) {
		t.Helper()
		at, err := who.AskSynthesisOf(t.Context(), id, about, kind)
		if err != nil && !errors.As(err, &store.Invalid{}) && !errors.Is(err, store.ErrConflict) && !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrForbidden) {
			t.Fatal(err)
		}
		return asked{who, at}, err == nil
	}
	// Dan revokes between asking and writing.
	late, may := ask(dan, store.Subject{Signal: all[4]}, synthesis.Mirror)
	if !may {
		t.Fatal("Dan may not send his own signal, which he allows")
	}
	lateCluster, _ := ask(ada, store.Subject{Cluster: cluster}, synthesis.Mirror)
	for _, purpose := range []store.Purpose{store.ToAnalyse, store.ToReflect} {
		_, err := fay.ChooseSignals(t.Context(), realm, store.ConsentChoice{Purpose: purpose, Shown: []uuid.UUID{all[unchosen]}})
		must(t, err)
	}
	must(t, dan.RevokeConsent(t.Context(), realm, store.ToReflect))
	must(t, dan.RevokeConsent(t.Context(), realm, store.ToAnalyse))
	work(late)
	work(lateCluster)
	// Eva's consent has run out.
	must(t, eva.GrantConsent(t.Context(), realm, store.NewConsent{Purpose: store.ToReflect, Scope: store.AllOfMine, External: true}))
	storetest.Exec(t, storetest.DSN("postgres"), fmt.Sprintf(`update %s.consents set expires_at = now() where user_id = $1`, schemaOf(ada)), eva.User.ID)

	for _, who := range people {
		for _, kind := range synthesis.OfCluster {
			if a, may := ask(who, store.Subject{Cluster: cluster}, kind); may {
				work(a)
			}
		}
		for _, about := range append(all, own) {
			for _, kind := range synthesis.OfSignal {
				if a, may := ask(who, store.Subject{Signal: about}, kind); may {
					work(a)
				}
			}
		}
	}
	heard := map[string]int{}
	for _, body := range m.bodies {
		if strings.Contains(strings.ToLower(body), canary) {
			t.Fatalf("a prompt holds what nobody allowed: %s", body)
		}
		for _, person := range people {
			if strings.Contains(body, person.User.ID.String()) {
				t.Error("a prompt names a person")
			}
		}
		for _, word := range []string{"allowed-ada", "allowed-ben", "allowed-own", "only-ben", "allowed-fay"} {
			heard[word] += strings.Count(body, word)
		}
	}
	if len(m.bodies) < 20 || heard["allowed-ada"] < 5 || heard["allowed-ben"] < 5 || heard["allowed-own"] < 3 || heard["allowed-fay"] < 5 || heard["only-ben"] < 3 {
		t.Errorf("%d prompts hold %v: the test proves little", len(m.bodies), heard)
	}
}

// Taken back while prompts are sent one after the other: nothing more leaves, and nothing is kept.
func TestNothingMoreLeavesOnceAConsentIsRevoked(t *testing.T) {
	t.Parallel()
	m, ada, id := withModel(t, func(n *store.LLMAccountInput) { n.MaxChars = 2000 })
	s := model2(t, m)
	ben := storetest.ViewIn(t, s, storetest.Join(t, ada, store.Member, "Ben").User, ada.Org.Slug)
	realm := sharedRealm(t, ada, ben, "CONTRIBUTOR")
	var signals []uuid.UUID
	for _, member := range []*store.Tenant{ada, ben} {
		must(t, member.GrantConsent(t.Context(), realm, store.NewConsent{Purpose: store.ToReflect, Scope: store.AllOfMine, External: true}))
		signals = append(signals, note(t, member, realm, "Long", strings.Repeat("The pump leaks oil on deck two.\n\n", 60)))
	}
	m.answer = func(call int) (int, string) {
		if call == 1 {
			must(t, ben.RevokeConsent(t.Context(), realm, store.ToReflect))
		}
		return 200, `{"sentences":[{"text":"It leaks.","passage":1}]}`
	}
	asked, err := ada.AskSynthesisOf(t.Context(), id, store.Subject{Cluster: clusterOf(t, ada, realm, signals...)}, synthesis.Mirror)
	must(t, err)
	if err := ada.WorkSynthesis(t.Context(), asked, 1); err == nil || len(m.bodies) != 1 || opened(t, ada, asked).Work == "DONE" {
		t.Errorf("%d prompts left, %v", len(m.bodies), err)
	}
	must(t, ada.WorkSynthesis(t.Context(), asked, 2)) // the job's next attempt
	if page := opened(t, ada, asked); page.Work != "DONE" || page.LeftOut != 1 || len(page.SignalIDs) != 1 || page.SignalIDs[0] != signals[0] {
		t.Errorf("the next attempt: %s, %d left out", page.Work, page.LeftOut)
	}
}
