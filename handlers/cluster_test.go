package handlers_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
)

// What stands in a realm is nowhere for who does not belong to it, and a signal that is private to its author is counted for nobody else.
func TestClustersStayInTheirRealm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, newApp(t))
	keeper, member, stranger := w.person(t, store.Member), w.person(t, store.Member), w.person(t, store.Admin)
	slug := w.realm(t, keeper, store.SharedRealm)
	w.admit(t, keeper, slug, member, store.Observer)
	open, secret := capturedIn(t, keeper, slug, "Canary open"), capturedIn(t, keeper, slug, "Canary secret", func(d *signal.Draft) { d.Visibility = signal.Private })
	id := got[uuid.UUID](t)(keeper.CreateCluster(t.Context(), slug, store.ClusterInput{Type: "THEMATIC", Title: "Canary cage"}, open, secret))
	run := got[uuid.UUID](t)(keeper.SeekClusters(t.Context(), slug, store.Temporal, store.RunOptions{}))
	behind(t, fmt.Sprintf(`update %s.clusters set terms = '{canaryterm}' where id = $1`, w.schema()), id)
	behind(t, fmt.Sprintf(`insert into %[1]s.signal_points (realm_id, signal_id, visibility, signal_author, x, y)
		select realm_id, id, visibility, created_by, 0.5, 0.5 from %[1]s.signals where id = any ($1)`, w.schema()), []uuid.UUID{open, secret})
	base := "/o/" + w.slug()
	pages := []string{"/clusters", "/clusters?realm=" + slug, "/clusters?q=canary", "/clusters/" + id.String(), "/clusters/" + id.String() + "/edit",
		"/clusters/" + id.String() + "/members", "/clusters/runs/" + run.String(), "/clusters/runs", "/clusters/new?realm=" + slug,
		"/realms/" + slug + "/map", "/realms/" + slug + "/map/points"}

	outside := w.app.as(t, stranger)
	for _, path := range pages {
		page := outside.get(t, base+path)
		if strings.Contains(strings.ToLower(page.body), "canary ") || strings.Contains(page.body, "canaryterm") {
			t.Errorf("%s shows a stranger what is in the realm", path)
		}
		if named := strings.Contains(path, id.String()) || strings.Contains(path, run.String()) || strings.HasPrefix(path, "/realms"); named && page.response.StatusCode != 404 {
			t.Errorf("%s: %d for a stranger, want 404", path, page.response.StatusCode)
		}
	}
	for _, change := range []string{"", "/accept", "/dismiss", "/delete", "/members", "/members/remove", "/split"} {
		page := outside.post(t, base+"/clusters/"+id.String()+change, url.Values{"revision": {"1"}, "title": {"Mine"}, "type": {"JOURNEY"}, "ids": {open.String()}})
		if page.response.StatusCode != 404 {
			t.Errorf("POST %s by a stranger: %d, want 404", change, page.response.StatusCode)
		}
	}

	inside := w.app.as(t, member)
	for _, path := range pages {
		if strings.Contains(inside.get(t, base+path).body, "Canary secret") {
			t.Errorf("%s shows a member what is private to another one", path)
		}
	}
	inside.get(t, base+"/clusters?realm="+slug).status(t, 200).text(t, "tbody td.num", "1")
	inside.get(t, base+"/clusters/"+id.String()).status(t, 200).text(t, "#members-title", "1 signal")
	inside.get(t, base+"/realms/"+slug+"/map").status(t, 200).text(t, ".graph-tools .summary", "1 signal, 1 cluster")
	w.app.as(t, keeper).get(t, base+"/clusters/"+id.String()).text(t, "#members-title", "2 signals")
}
