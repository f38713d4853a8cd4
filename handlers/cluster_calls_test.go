package handlers_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
)

// group is a cluster with three signals, and the signals.
func (w *world) group(t *testing.T, actor *store.Tenant) (slug string, cluster uuid.UUID, members []uuid.UUID) {
	t.Helper()
	owner := w.keeper(actor)
	slug = w.realm(t, owner, store.SharedRealm)
	if owner != actor {
		w.admit(t, owner, slug, actor, store.Observer)
	}
	for i := range 3 {
		members = append(members, capturedIn(t, owner, slug, fmt.Sprint("Pump ", i)))
	}
	cluster = got[uuid.UUID](t)(owner.CreateCluster(t.Context(), slug, store.ClusterInput{Type: "COLLECTION", Title: "Pumps"}, members...))
	return slug, cluster, members
}

// capturedIn is captured in a realm that is named.
func capturedIn(t *testing.T, member *store.Tenant, realm, title string, change ...func(*signal.Draft)) uuid.UUID {
	t.Helper()
	draft := signal.NewDraft(signal.DocumentType)
	draft.Title, draft.Payload = title, signal.Document{Content: "About " + title, Format: signal.Plain}
	draft.Status, draft.Visibility = signal.Active, signal.Shared
	for _, c := range change {
		c(&draft)
	}
	return got[uuid.UUID](t)(member.CreateSignal(t.Context(), store.NewSignal{Realm: realm, Draft: draft}))
}

// onCluster is a call on a cluster; %s in the path is its id.
func onCluster(path string, fields ...any) caller {
	return func(t *testing.T, w *world, actor *store.Tenant) call {
		_, id, _ := w.group(t, actor)
		return at(path, id).with(fields...)
	}
}

// onMember is a call on a cluster and its first member, which a field of the form names.
func onMember(path, field string, fields ...any) caller {
	return func(t *testing.T, w *world, actor *store.Tenant) call {
		_, id, members := w.group(t, actor)
		return at(path, id).with(append(fields, field, members[0])...)
	}
}

// onRealmMap is a call on the map of a realm.
func onRealmMap(path string) caller {
	return func(t *testing.T, w *world, actor *store.Tenant) call {
		slug, _, _ := w.group(t, actor)
		return at(path, slug)
	}
}

// onRun is a call on a search that waits.
func onRun(path string) caller {
	return func(t *testing.T, w *world, actor *store.Tenant) call {
		slug, _, _ := w.group(t, actor)
		return at(path, got[uuid.UUID](t)(w.keeper(actor).SeekClusters(t.Context(), slug, store.Temporal, store.RunOptions{}))).with()
	}
}

// clusterCalls are the uses of clusters.
var clusterCalls = map[string][]caller{
	"GET /o/:org/realms/:slug/map":        {onRealmMap("/realms/%s/map")},
	"GET /o/:org/realms/:slug/map/points": {onRealmMap("/realms/%s/map/points")},
	"POST /o/:org/clusters": {func(t *testing.T, w *world, actor *store.Tenant) call {
		slug, _, members := w.group(t, actor)
		return at("/clusters").with("realm", slug, "type", "JOURNEY", "title", "North", "starts_at", "2026-01-31", "ids", members[0])
	}},
	"POST /o/:org/clusters/runs": {func(t *testing.T, w *world, actor *store.Tenant) call {
		slug, _, _ := w.group(t, actor)
		return at("/clusters/runs").with("realm", slug, "kind", "THEMATIC", "resolution", "1.5")
	}},
	"GET /o/:org/clusters/runs/:id":         {onRun("/clusters/runs/%s")},
	"POST /o/:org/clusters/runs/:id/cancel": {onRun("/clusters/runs/%s/cancel")},
	"GET /o/:org/clusters/:id":              {onCluster("/clusters/%s")},
	"GET /o/:org/clusters/:id/edit":         {onCluster("/clusters/%s/edit")},
	"POST /o/:org/clusters/:id":             {onCluster("/clusters/%s", "revision", 1, "type", "JOURNEY", "title", "South")},
	"POST /o/:org/clusters/:id/accept": {func(t *testing.T, w *world, actor *store.Tenant) call {
		_, id, _ := w.group(t, actor)
		behind(t, fmt.Sprintf(`update %s.clusters set state = 'DRAFT' where id = $1`, w.schema()), id)
		return at("/clusters/%s/accept", id).with("revision", 1)
	}},
	"POST /o/:org/clusters/:id/dismiss": {onCluster("/clusters/%s/dismiss", "revision", 1)},
	"POST /o/:org/clusters/:id/restore": {func(t *testing.T, w *world, actor *store.Tenant) call {
		_, id, _ := w.group(t, actor)
		must(t, w.keeper(actor).DismissCluster(t.Context(), id, 1))
		return at("/clusters/%s/restore", id).with("revision", 2)
	}},
	"POST /o/:org/clusters/:id/publish": {onCluster("/clusters/%s/publish", "revision", 1)},
	"POST /o/:org/clusters/:id/reopen": {func(t *testing.T, w *world, actor *store.Tenant) call {
		_, id, _ := w.group(t, actor)
		must(t, w.keeper(actor).PublishCluster(t.Context(), id, 1))
		return at("/clusters/%s/reopen", id).with("revision", 2)
	}},
	"POST /o/:org/clusters/:id/delete":         {onCluster("/clusters/%s/delete", "revision", 1)},
	"GET /o/:org/clusters/:id/members":         {onCluster("/clusters/%s/members")},
	"POST /o/:org/clusters/:id/members":        {onMember("/clusters/%s/members", "ids")},
	"POST /o/:org/clusters/:id/members/remove": {onMember("/clusters/%s/members/remove", "ids")},
	"POST /o/:org/clusters/:id/members/pin":    {onMember("/clusters/%s/members/pin", "ids")},
	"POST /o/:org/clusters/:id/members/order":  {onMember("/clusters/%s/members/order", "order", "revision", 1)},
	"POST /o/:org/clusters/:id/merge": {func(t *testing.T, w *world, actor *store.Tenant) call {
		slug, id, members := w.group(t, actor)
		other := got[uuid.UUID](t)(w.keeper(actor).CreateCluster(t.Context(), slug, store.ClusterInput{Type: "COLLECTION", Title: "Valves"}, members[:1]...))
		return at("/clusters/%s/merge", id).with("other", other)
	}},
	"POST /o/:org/clusters/:id/split": {onMember("/clusters/%s/split", "ids", "title", "One")},
}
