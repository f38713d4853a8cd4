package store_test

import (
	"testing"

	"surrealm/store/storetest"
)

// What a server was working on when it was killed is taken over by the next one; what a living one works on is left to it.
func TestJobsOfADeadServerAreTakenOver(t *testing.T) {
	t.Parallel()
	s, dsn := storetest.FreshStore(t)
	dead, alive := storetest.OwnerIn(t, s), storetest.OwnerIn(t, s)
	conn := behindTheWalls(t, dsn)
	run(t, conn, `insert into job_workers (id, seen_at) values ('dead', now() - interval '2 minutes'), ('alive', now())`)
	running := func(worker string, org any, attempt int) (id int64) {
		err := conn.QueryRow(t.Context(), `
			insert into river.river_job (kind, args, max_attempts, queue, priority, state, attempt, attempted_at, attempted_by)
			values ('verify_audit', jsonb_build_object('org', $2::uuid), 3, 'default', 1, 'running', $3, now(), array['earlier', $1])
			returning id`, worker, org, attempt).Scan(&id)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	state := func(id int64) string {
		return scan[string](t, conn, `select state::text from river.river_job where id = $1`, id)[0]
	}
	taken, tired, left := running("dead", dead.Org.ID, 1), running("dead", dead.Org.ID, 3), running("alive", alive.Org.ID, 1)
	startJobs(t, s, nil)
	await(t, "the job of the dead", func() bool { return state(taken) == "completed" })
	if now := state(tired); now != "discarded" {
		t.Errorf("the job that has no tries left is %s", now)
	}
	if now := state(left); now != "running" {
		t.Errorf("the job of the living is %s", now)
	}
}
