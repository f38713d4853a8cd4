package handlers_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/storetest"
)

// queueCalls are the uses of the work in the background.
var queueCalls = map[string][]caller{
	"POST /o/:org/settings/work/:job/retry": {func(t *testing.T, w *world, _ *store.Tenant) call {
		job, _ := w.job(t, w.owner)
		behind(t, `update river.river_job set state = 'retryable', attempt = 1, scheduled_at = now() + interval '1 hour' where id = $1`, job)
		return at("/settings/work/%d/retry", job).with()
	}},
	"POST /o/:org/settings/work/:job/stop": {func(t *testing.T, w *world, _ *store.Tenant) call {
		job, _ := w.job(t, w.owner)
		return at("/settings/work/%d/stop", job).with()
	}},
}

// job is a job that waits, for a search that a member asked for in a realm of their own.
func (w *world) job(t *testing.T, member *store.Tenant) (job int64, run uuid.UUID) {
	t.Helper()
	_, run = w.run(t, member, w.realm(t, member, store.PrivateRealm))
	err := storetest.Connect(t, "postgres").QueryRow(t.Context(), `
		select id from river.river_job where args @> jsonb_build_object('run', $1::text)`, run).Scan(&job)
	if err != nil {
		t.Fatal(err)
	}
	return job, run
}

func TestTheQueueShowsWhatWorksForTheOrganisationAndNothingOfIt(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w, other := newWorld(t, a), newWorld(t, a)
	keeper, admin := w.person(t, store.Member), w.person(t, store.Admin)
	job, run := w.job(t, keeper)
	foreign, _ := other.job(t, other.owner)
	behind(t, `update river.river_job set state = 'retryable', attempt = 2, errors = array[jsonb_build_object('error', 'Canary text of a realm')] where id = $1`, job)
	queue, b := "/o/"+w.slug()+"/settings/work", a.as(t, admin)

	page := b.get(t, queue+"?state=RETRYING&kind=find_clusters").status(t, 200)
	for _, want := range []string{"Search for clusters", "Try 2 of 25 failed", keeper.User.Name, "Try now", "Stop"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the queue lacks %q", want)
		}
	}
	for _, secret := range []string{"Canary", run.String(), "Ward "} {
		if strings.Contains(page.body, secret) {
			t.Errorf("the queue tells %q", secret)
		}
	}
	if other := b.get(t, queue+"?state=DONE").status(t, 200); !strings.Contains(other.body, "Nothing here") {
		t.Error("a filter by state lets others through")
	}
	for _, path := range []string{strconv.FormatInt(foreign, 10), "0", "x"} {
		b.post(t, queue+"/"+path+"/stop", nil).status(t, 404)
		b.post(t, queue+"/"+path+"/retry", nil).status(t, 404)
	}

	b.post(t, queue+"/"+strconv.FormatInt(job, 10)+"/retry", nil).status(t, 303)
	b.post(t, queue+"/"+strconv.FormatInt(job, 10)+"/retry", nil).status(t, 409)
	b.post(t, queue+"/"+strconv.FormatInt(job, 10)+"/stop", nil).status(t, 303)
	b.post(t, queue+"/"+strconv.FormatInt(job, 10)+"/stop", nil).status(t, 409)
	if stopped := got[store.ClusterRun](t)(keeper.ClusterRun(t.Context(), run)); stopped.State != "CANCELLED" {
		t.Errorf("the search whose work was stopped is %s", stopped.State)
	}
}

func TestTheQueueHasPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, newApp(t))
	behind(t, `insert into river.river_job (kind, args, max_attempts, state, finalized_at)
		select 'verify_audit', jsonb_build_object('org', $1::text), 25, 'completed', now() from generate_series(1, 45)`, w.owner.Org.ID)
	seen := map[int64]bool{}
	filter := store.JobFilter{State: store.JobDone}
	for pages := 1; ; pages++ {
		queue := got[store.Queue](t)(w.owner.Queue(t.Context(), filter))
		for _, job := range queue.Items {
			if seen[job.ID] || job.MayStop || job.MayRetry {
				t.Errorf("job %d again, or to be changed", job.ID)
			}
			seen[job.ID] = true
		}
		if filter.Cursor = queue.Next; filter.Cursor == "" {
			if pages != 3 || len(seen) != 45 {
				t.Errorf("%d jobs on %d pages", len(seen), pages)
			}
			return
		}
	}
}
