package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/handlers"
	"surrealm/store"
	"surrealm/store/storetest"
	"surrealm/views"
)

// The audit walk: every route that changes something is used once for each of its uses in calls_test.go, and what it
// leaves in the organisation's chain is held against what the route table says that it records.

func TestEveryChangeIsRecordedAsTheTablesSay(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	for _, r := range routesOf("tenant") {
		if r.Method != http.MethodPost {
			continue
		}
		t.Run(r.Path, func(t *testing.T) {
			t.Parallel()
			left := map[store.Action]bool{}
			for i, use := range usesOf(t, r) {
				actor, c, in := w.prepare(t, r, use)
				before := lastEntry(t, in)
				if c.form != nil {
					c.form.Set(views.FormKeyField, uuid.NewString())
				}
				page := in.app.as(t, actor).call(t, r.Method, in, c)
				if status := page.response.StatusCode; status != http.StatusOK && status != http.StatusSeeOther {
					t.Fatalf("use %d: %d: %s", i, status, page.summary())
				}
				made := entriesBy(t, in, actor.User.ID, before)
				for _, action := range made {
					left[action] = true
					if !slices.Contains(r.Records, action) {
						t.Errorf("use %d leaves %s, which the route does not list", i, action)
					}
				}
				if len(made) == 0 && r.Unaudited == "" {
					t.Errorf("use %d changes something and leaves no entry", i)
				}
				in.app.as(t, actor).call(t, r.Method, in, c)
				if twice := entriesBy(t, in, actor.User.ID, before); r.Unaudited == "" && c.form != nil && len(twice) != len(made) {
					t.Errorf("use %d: the same form, sent again, leaves %v", i, twice[len(made):])
				}
			}
			for _, action := range r.Records {
				if !left[action] {
					t.Errorf("no use leaves %s, which the route lists: take it off, or add a use to calls_test.go", action)
				}
			}
		})
	}
}

// prepare makes an actor of the role with the fewest rights that is let in, and what they act on.
func (w *world) prepare(t *testing.T, r handlers.Route, use caller) (actor *store.Tenant, c call, in *world) {
	t.Helper()
	role := leastRole(t, r.Need)
	actor = w.person(t, role)
	c = use(t, w, actor)
	if c.in != nil {
		return c.in.person(t, role), c, c.in
	}
	return actor, c, w
}

// leastRole is the last in the list of roles that has a permission.
func leastRole(t *testing.T, need store.Permission) store.Role {
	t.Helper()
	for _, role := range slices.Backward(store.Roles) {
		if role.Can(need) {
			return role
		}
	}
	t.Fatalf("nobody has %s", need)
	return ""
}

// byJobs are the actions that no request leaves, because a job leaves them after it, days after it for some, or the operator does. Tests of the store look at them.
var byJobs = []store.Action{store.RealmDeleted, store.SignalsImported, store.ClustersFound, store.SynthesisWritten, store.OrgRestored}

// Nothing is in the registry that no change leaves.
func TestEveryActionIsLeftBySomething(t *testing.T) {
	t.Parallel()
	listed := map[store.Action]bool{}
	for _, r := range handlers.Routes() {
		for _, action := range r.Records {
			listed[action] = true
		}
	}
	for action := range store.Actions {
		if listed[action] == slices.Contains(byJobs, action) {
			t.Errorf("%s is registered, and no route records it", action)
		}
	}
}

// The changes of the platform that an organisation has to know of: each is in its chain, in the name of who made it.
func TestChangesOfThePlatformAreRecorded(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	walked := map[string]bool{}
	expect := func(t *testing.T, route string, w *world, actor uuid.UUID, after int64) {
		t.Helper()
		walked[route] = true
		var records []store.Action
		for _, r := range handlers.Routes() {
			if r.Method+" "+r.Path == route {
				records = r.Records
			}
		}
		if made := entriesBy(t, w, actor, after); !slices.Equal(made, records) {
			t.Errorf("%s leaves %q, and lists %q", route, made, records)
		}
	}

	slug, email := storetest.Slug("walk"), storetest.Email("wanda")
	a.browser(t).post(t, "/register", url.Values{"org_name": {"Walk"}, "slug": {slug}, "name": {"Wanda"}, "email": {email},
		"password": {storetest.Password}}).status(t, http.StatusSeeOther)
	wanda := userOf(t, email)
	w := &world{app: a, owner: storetest.View(t, store.User{ID: wanda}, slug)}
	expect(t, "POST /register", w, wanda, 0)

	b, second := a.as(t, w.owner), storetest.Slug("walk")
	b.post(t, "/orgs", url.Values{"org_name": {"Walk on"}, "slug": {second}}).status(t, http.StatusSeeOther)
	expect(t, "POST /orgs", &world{app: a, owner: storetest.View(t, store.User{ID: wanda}, second)}, wanda, 0)

	before := lastEntry(t, w)
	b.post(t, "/account/name", url.Values{"name": {"Wanda Walker"}}).status(t, http.StatusSeeOther)
	expect(t, "POST /account/name", w, wanda, before)

	invited := storetest.Email("ina")
	token := got[string](t)(w.owner.Invite(t.Context(), store.NewInvitation{Email: invited, Role: store.Member, BaseURL: "http://127.0.0.1"}))
	before = lastEntry(t, w)
	a.browser(t).post(t, "/invitations/"+token, url.Values{"name": {"Ina"}, "password": {storetest.Password}}).status(t, http.StatusSeeOther)
	expect(t, "POST /invitations/:token", w, userOf(t, invited), before)

	for _, r := range handlers.Routes() {
		if route := r.Method + " " + r.Path; r.Guard != "tenant" && len(r.Records) > 0 && !walked[route] {
			t.Errorf("%s records something and is not walked here", route)
		}
	}
}

func lastEntry(t *testing.T, w *world) (seq int64) {
	t.Helper()
	conn := storetest.Behind(t)
	if err := conn.QueryRow(t.Context(), fmt.Sprintf(`select seq from tenant_%s.audit_head`, strings.ReplaceAll(w.slug(), "-", "_"))).Scan(&seq); err != nil {
		t.Fatal(err)
	}
	return seq
}

// entriesBy are the actions that a person left in the chain after an entry, in order.
func entriesBy(t *testing.T, w *world, actor uuid.UUID, after int64) []store.Action {
	t.Helper()
	conn := storetest.Behind(t)
	var texts []string
	err := conn.QueryRow(t.Context(), fmt.Sprintf(`
		select coalesce(array_agg(action order by seq), '{}') from tenant_%s.audit_entries where seq > $1 and actor = $2`,
		strings.ReplaceAll(w.slug(), "-", "_")), after, actor).Scan(&texts)
	if err != nil {
		t.Fatal(err)
	}
	actions := make([]store.Action, 0, len(texts))
	for _, text := range texts {
		actions = append(actions, store.Action(text))
	}
	return actions
}

func userOf(t *testing.T, email string) (id uuid.UUID) {
	t.Helper()
	conn := storetest.Behind(t)
	if err := conn.QueryRow(t.Context(), `select id from users where email = $1`, email).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}
