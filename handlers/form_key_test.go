package handlers_test

import (
	"net/http"
	"regexp"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/views"
)

func TestAFormThatIsSentFiftyTimesAtOnceMakesOneThing(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	form := orgCalls["POST /o/:org/surrogates"][0](t, w, w.owner).form
	form.Set("role_title", "Once "+uuid.NewString())
	form.Set(views.FormKeyField, uuid.NewString())
	browser := a.as(t, w.owner)
	led := make([]string, 50)
	var all sync.WaitGroup
	for i := range led {
		all.Go(func() {
			page := browser.post(t, views.SurrogatesURL(w.slug()), form)
			led[i] = page.response.Header.Get("Location")
		})
	}
	all.Wait()
	for i, to := range led {
		if to == "" || to != led[0] {
			t.Errorf("answer %d leads to %q, the first one to %q", i, to, led[0])
		}
	}
	list := got[store.SurrogateList](t)(w.owner.Surrogates(t.Context(), store.SurrogateFilter{Query: form.Get("role_title")}))
	if len(list.Items) != 1 {
		t.Errorf("%d surrogates were made", len(list.Items))
	}
	if led[0] != views.SurrogateURL(w.slug(), list.Items[0].ID) {
		t.Errorf("all were led to %s", led[0])
	}

	form.Set("domain", "another after going back")
	if to := browser.post(t, views.SurrogatesURL(w.slug()), form).response.Header.Get("Location"); to == led[0] || to == "" {
		t.Errorf("what was typed anew after going back leads to %q", to)
	}
}

// makers are the actions of the forms that make something new, which sent twice would make two.
var makers = []store.Action{
	store.SurrogateCreated, store.SOPCreated, store.ProposalCreated, store.CommentAdded, store.SignalCreated, store.SignalAnnotated, store.SignalShared,
	store.RealmCreated, store.RealmMemberInvited, store.ClusterCreated, store.ClusterSplit, store.ClustersSought, store.SynthesisRequested,
	store.ConsentGranted, store.MemberInvited, store.LLMAccountAdded,
}

func TestEveryFormThatMakesSomethingCarriesAKey(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	owner := a.as(t, w.owner)
	makes := map[string]*regexp.Regexp{} // route → the addresses that it takes
	missing := map[string]bool{}
	for _, r := range routesOf("tenant") {
		if r.Method == http.MethodPost && slices.ContainsFunc(r.Records, func(action store.Action) bool { return slices.Contains(makers, action) }) {
			makes[r.Path] = regexp.MustCompile("^" + regexp.MustCompile(`:\w+`).ReplaceAllString(r.Path, `[^/]+`) + "$")
			missing[r.Path] = true
		}
	}
	delete(missing, "/o/:org/syntheses/:id/retry") // only a synthesis that failed can be tried again, and only once
	pages := []string{
		at("/realms/%s/members", w.realm(t, w.owner, store.SharedRealm)).path,
		at("/proposals/%s?tab=conversation", w.submitted(t, w.owner, w.certified(t, w.owner).ID).ID).path,
	}
	for _, r := range routesOf("tenant") {
		if r.Method == http.MethodGet {
			for _, use := range usesOf(t, r) {
				pages = append(pages, use(t, w, w.owner).path)
			}
		}
	}
	for _, path := range pages {
		for _, form := range owner.get(t, views.OrgURL(w.slug())+path).find("form[method=post]") {
			for route, addresses := range makes {
				if !addresses.MatchString(attribute(form, "action")) {
					continue
				}
				delete(missing, route)
				if !formValues(form).Has(views.FormKeyField) {
					t.Errorf("%s: the form to %s carries no key", path, route)
				}
			}
		}
	}
	for route := range missing {
		t.Errorf("no page shows a form to %s", route)
	}
}
