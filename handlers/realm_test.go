package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"surrealm/store"
	"surrealm/store/storetest"
)

// realmWorld is an organisation with a realm, somebody of each role in it, and somebody outside.
type realmWorld struct {
	*world
	keeper, contributor, observer, outsider *store.Tenant
	realmSlug                               string
}

func newRealmWorld(t *testing.T, kind store.RealmType) realmWorld {
	t.Helper()
	w := newWorld(t, newApp(t))
	r := realmWorld{world: w, keeper: w.person(t, store.Member), contributor: w.person(t, store.Member), observer: w.person(t, store.Auditor), outsider: w.person(t, store.Admin)}
	r.realmSlug = got[string](t)(r.keeper.CreateRealm(t.Context(), store.RealmInput{Name: "Ward <7>", Slug: "ward", Description: "What happens on ward 7."}, kind))
	if kind != store.PrivateRealm {
		w.admit(t, r.keeper, r.realmSlug, r.contributor, store.Contributor)
		w.admit(t, r.keeper, r.realmSlug, r.observer, store.Observer)
	}
	return r
}

func (w realmWorld) url(below string) string {
	return "/o/" + w.slug() + "/realms/" + w.realmSlug + below
}

// signals puts a signal of each visibility into the realm, by the keeper and the contributor.
func (w realmWorld) signals(t *testing.T) {
	t.Helper()
	for _, author := range []*store.Tenant{w.keeper, w.contributor} {
		behind(t, fmt.Sprintf(`insert into %[1]s.signals (id, realm_id, realm_listed, type, title, visibility, created_by)
			select gen_random_uuid(), id, listed, 'DOCUMENT', v, v, $2 from %[1]s.realms, unnest(array['PUBLIC', 'SHARED', 'SANCTUM', 'PRIVATE']) v where slug = $1`,
			w.schema()), w.realmSlug, author.User.ID)
	}
}

// What each kind of person gets of each page of a realm, and what it says of the signals that they may read.
func TestPagesOfARealmByRole(t *testing.T) {
	t.Parallel()
	for kind, rows := range map[store.RealmType]map[string][]int{ // the realm, its settings, its members, leaving; what is counted, and what is hidden
		store.SharedRealm:  {"keeper": {200, 200, 200, 409, 7, 1}, "contributor": {200, 403, 200, 200, 7, 0}, "observer": {200, 403, 200, 200, 6, 0}, "outsider": {404, 404, 404, 404, 0, 0}},
		store.PublicRealm:  {"keeper": {200, 200, 200, 409, 7, 1}, "contributor": {200, 403, 200, 200, 7, 0}, "observer": {200, 403, 200, 200, 6, 0}, "outsider": {200, 403, 403, 403, 2, 0}},
		store.PrivateRealm: {"keeper": {200, 200, 200, 409, 7, 1}, "contributor": {404, 404, 404, 404, 0, 0}, "observer": {404, 403, 404, 404, 0, 0}, "outsider": {404, 404, 404, 404, 0, 0}},
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := newRealmWorld(t, kind)
			w.signals(t)
			for name, who := range map[string]*store.Tenant{"keeper": w.keeper, "contributor": w.contributor, "observer": w.observer, "outsider": w.outsider} {
				b := w.app.as(t, who)
				for i, below := range []string{"", "/edit", "/members", "/leave"} {
					page := b.get(t, w.url(below))
					if page.response.StatusCode != rows[name][i] {
						t.Errorf("%s%s as %s: %d, want %d", kind, below, name, page.response.StatusCode, rows[name][i])
					}
					if rows[name][i] == http.StatusNotFound && strings.Contains(page.body, "ward 7") {
						t.Errorf("%s%s tells %s what it is", kind, below, name)
					}
				}
				page := b.get(t, w.url(""))
				if page.response.StatusCode != http.StatusOK {
					continue
				}
				page.count(t, "table tbody tr", map[store.RealmType]int{store.PrivateRealm: 1, store.SharedRealm: 3, store.PublicRealm: 4}[kind]) // who may see what
				if want := fmt.Sprintf("You may read %d signals.", rows[name][4]); !strings.Contains(page.body, want) {
					t.Errorf("%s as %s lacks %q", kind, name, want)
				}
				if hidden := strings.Contains(page.body, "1 more signal is private to its author."); hidden != (rows[name][5] > 0) {
					t.Errorf("%s as %s: hidden signals are told of: %t", kind, name, hidden)
				}
			}
		})
	}
}

// No realm's id is in an address or on a page; the one place is the exact content of an audit entry, which names its object.
func TestNoRealmIDIsOnAPage(t *testing.T) {
	t.Parallel()
	w := newRealmWorld(t, store.PublicRealm)
	w.signals(t)
	must(t, w.person(t, store.Member).Leave(t.Context()))
	must(t, w.keeper.InviteToRealm(t.Context(), w.realmSlug, w.owner.User.ID, store.Contributor))
	conn := storetest.Connect(t, "postgres")
	var ids []string
	if err := conn.QueryRow(t.Context(), `select array_agg(id::text) from `+w.schema()+`.realms`).Scan(&ids); err != nil || len(ids) < 6 {
		t.Fatalf("%d realms, %v", len(ids), err)
	}
	for _, who := range []*store.Tenant{w.owner, w.keeper, w.contributor} {
		b := w.app.as(t, who)
		for _, path := range []string{"", "/realms", "/realms/new", "/realms/all", "/realms/ward", "/realms/ward/edit", "/realms/ward/members", "/realms/ward/leave", "/members"} {
			page := b.get(t, "/o/"+w.slug()+path)
			for _, id := range ids {
				if strings.Contains(page.body, id) {
					t.Errorf("%s as %s holds the id of a realm", path, who.User.Name)
				}
			}
		}
	}
}

// An invitation is made, accepted and declined on pages; who leaves is asked what becomes of their signals.
func TestJoiningAndLeavingARealm(t *testing.T) {
	t.Parallel()
	w := newRealmWorld(t, store.SharedRealm)
	keeper, guest := w.app.as(t, w.keeper), w.app.as(t, w.outsider)
	page := keeper.post(t, w.url("/members"), url.Values{"member": {""}, "role": {"OBSERVER"}})
	page.status(t, 422)
	page.text(t, "#member-error", "Choose a person from the list.")
	keeper.post(t, w.url("/members"), url.Values{"member": {w.outsider.User.ID.String()}, "role": {"CONTRIBUTOR"}}).status(t, 303)
	late := keeper.post(t, w.url("/members"), url.Values{"member": {w.outsider.User.ID.String()}, "role": {"CONTRIBUTOR"}})
	late.status(t, 409)
	if !strings.Contains(late.body, "This person is a member or invited already.") {
		t.Errorf("the second invitation: %s", late.summary())
	}

	list := guest.get(t, "/o/"+w.slug()+"/realms")
	list.status(t, 200)
	if !strings.Contains(list.body, "Ward &lt;7&gt;") || !strings.Contains(list.body, "invites you as Contributor") {
		t.Errorf("no invitation: %s", list.summary())
	}
	guest.get(t, w.url("")).status(t, 404)
	accept := guest.post(t, "/o/"+w.slug()+"/realms/invitations/"+w.realmSlug+"/accept", url.Values{})
	if accept.status(t, 303); accept.location() != w.url("") {
		t.Errorf("accepting leads to %s", accept.location())
	}
	guest.post(t, "/o/"+w.slug()+"/realms/invitations/"+w.realmSlug+"/decline", url.Values{}).status(t, 404)

	behind(t, fmt.Sprintf(`insert into %[1]s.signals (id, realm_id, type, title, visibility, created_by)
		select gen_random_uuid(), id, 'DOCUMENT', v, v, $2 from %[1]s.realms, unnest(array['SHARED', 'PRIVATE']) v where slug = $1`, w.schema()), w.realmSlug, w.outsider.User.ID)
	ask := guest.get(t, w.url("/leave"))
	for _, want := range []string{"1 signal here is private to you.", "The 1 signal of yours that others see"} {
		if !strings.Contains(ask.body, want) {
			t.Errorf("leaving does not say %q", want)
		}
	}
	guest.post(t, w.url("/leave"), url.Values{"signals": {"burn"}}).status(t, 422)
	guest.post(t, w.url("/leave"), url.Values{"signals": {"withdraw"}}).status(t, 303)
	if page := guest.get(t, "/o/"+w.slug()+"/realms"); !strings.Contains(page.body, "2 of your signals went to the realm of your captures.") {
		t.Errorf("after leaving: %s", page.summary())
	}
	guest.get(t, w.url("")).status(t, 404)
}

func TestAStaleEditOfARealmLosesNothing(t *testing.T) {
	t.Parallel()
	w := newRealmWorld(t, store.SharedRealm)
	keeper := w.app.as(t, w.keeper)
	keeper.post(t, w.url(""), url.Values{"name": {"Ward seven"}, "revision": {"1"}}).status(t, 303)
	page := keeper.post(t, w.url(""), url.Values{"name": {"Ward VII"}, "slug": {"ward"}, "revision": {"1"}})
	page.status(t, 409)
	if !strings.Contains(page.body, "Ward seven") || !strings.Contains(page.body, `value="Ward VII"`) || !strings.Contains(page.body, `name="revision" value="2"`) {
		t.Errorf("both sides do not show: %s", page.summary())
	}
	moved := keeper.post(t, w.url(""), url.Values{"name": {"Ward VII"}, "slug": {"ward-vii"}, "revision": {"2"}})
	if moved.status(t, 303); moved.location() != "/o/"+w.slug()+"/realms/ward-vii" {
		t.Errorf("saved, and led to %s", moved.location())
	}
	keeper.get(t, w.url("")).status(t, 404)
}

// The name has to be typed, seven days remain, and the deletion can be called off.
func TestDeletingARealmCanBeUndone(t *testing.T) {
	t.Parallel()
	w := newRealmWorld(t, store.SharedRealm)
	keeper := w.app.as(t, w.keeper)
	keeper.post(t, w.url("/delete"), url.Values{"name": {"Ward"}}).status(t, 422)
	keeper.post(t, w.url("/delete"), url.Values{"name": {"Ward <7>"}}).status(t, 303)
	if page := keeper.get(t, w.url("")); !strings.Contains(page.body, "This realm will be deleted") || !strings.Contains(page.body, "Keep the realm") {
		t.Errorf("%s", page.summary())
	}
	w.app.as(t, w.contributor).get(t, w.url("")).status(t, 404)
	keeper.post(t, w.url("/keep"), url.Values{}).status(t, 303)
	w.app.as(t, w.contributor).get(t, w.url("")).status(t, 200)
	late := keeper.post(t, w.url("/keep"), url.Values{})
	late.status(t, 409)
	if !strings.Contains(late.body, "You wanted to keep the realm.") {
		t.Errorf("%s", late.summary())
	}
}

func TestHandingOverAnAuditorsRealmOnItsPage(t *testing.T) {
	t.Parallel()
	w := newRealmWorld(t, store.SharedRealm)
	w.signals(t)
	admin := w.app.as(t, w.outsider)
	census := "/o/" + w.slug() + "/realms/all"
	must(t, w.owner.ChangeMemberRole(t.Context(), w.keeper.User.ID, store.Member, store.Auditor))
	forms := regexp.MustCompile(`action="([^"]*/hand-over)"`).FindAllStringSubmatch(admin.get(t, census).body, -1)
	if len(forms) != 1 {
		t.Fatalf("%d realms to hand over, want the shared one", len(forms))
	}
	refused := admin.post(t, forms[0][1], url.Values{"to": {w.outsider.User.ID.String()}}).status(t, 409)
	if !strings.Contains(refused.body, "you are no member of it") {
		t.Errorf("to oneself: %s", refused.summary())
	}
	w.app.as(t, w.contributor).post(t, forms[0][1], url.Values{"to": {w.contributor.User.ID.String()}}).status(t, 403)
	admin.post(t, forms[0][1], url.Values{"to": {w.contributor.User.ID.String()}}).status(t, 303)
	admin.get(t, w.url("")).status(t, 404) // and reads nothing of it
	w.app.as(t, w.contributor).get(t, w.url("/edit")).status(t, 200)
	w.app.as(t, w.keeper).get(t, w.url("")).status(t, 200)
	if log := admin.get(t, "/o/"+w.slug()+"/audit"); !strings.Contains(log.body, "handed over the realm") || strings.Contains(log.body, "Ward") {
		t.Error("the log does not tell it, or tells the realm's name")
	}
}

func TestHandingOverARealmOnItsPage(t *testing.T) {
	t.Parallel()
	w := newRealmWorld(t, store.SharedRealm)
	w.signals(t)
	admin := w.app.as(t, w.outsider)
	census := "/o/" + w.slug() + "/realms/all"
	if page := admin.get(t, census); strings.Contains(page.body, "Ward") || strings.Contains(page.body, "Hand over this") {
		t.Errorf("the census tells a name, or offers what cannot be: %s", page.summary())
	}
	must(t, w.keeper.Leave(t.Context()))
	var forms [][]string
	for _, form := range regexp.MustCompile(`action="([^"]*/hand-over)"`).FindAllStringSubmatch(admin.get(t, census).body, -1) {
		forms = append(forms, form)
		admin.post(t, form[1], url.Values{"to": {"nobody"}}).status(t, 422)
		admin.post(t, form[1], url.Values{"to": {w.outsider.User.ID.String()}}).status(t, 303)
	}
	if len(forms) != 2 { // the one, and the personal one
		t.Errorf("%d realms to hand over", len(forms))
	}
	page := admin.get(t, w.url(""))
	page.status(t, 200)
	if !strings.Contains(page.body, "You may read 7 signals.") || !strings.Contains(page.body, "1 more signal is private to its author.") {
		t.Errorf("the heir sees %s", page.summary())
	}
}
