package store_test

import (
	"log/slog"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/storetest"
)

// watching waits until the server hears, and watches one topic.
func watching(t *testing.T, live *store.Live, org uuid.UUID, topic store.Topic) *store.Watch {
	t.Helper()
	for {
		w, err := live.Watch(org, []store.Topic{topic})
		if err == nil {
			return w
		}
		if err != store.ErrNotLive {
			t.Fatal(err)
		}
	}
}

// What a server may have missed is no secret to those who watch: their watch ends, and the next one begins on a new connection.
func TestWatchesEndWithTheConnectionAndBeginAnew(t *testing.T) {
	t.Parallel()
	s, dsn := storetest.FreshStore(t)
	live := s.StartLive(slog.New(slog.DiscardHandler))
	t.Cleanup(live.Stop)
	org, topic := uuid.New(), store.Topic{Kind: store.LiveRun, ID: uuid.New()}
	first := watching(t, live, org, topic)
	storetest.Exec(t, dsn("postgres"), `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen %'`)
	<-first.Ended
	second := watching(t, live, org, topic)
	storetest.Exec(t, dsn("postgres"), `select pg_notify(name, $1) from live_channel`, org.String()+" cluster_run "+topic.ID.String())
	<-second.Changed
	if told := second.Take(); len(told) != 1 || told[0] != topic {
		t.Errorf("told of %v", told)
	}
	first.Stop()
	second.Stop()
}

// Every role may send and hear notifications; only the channel's name makes them ours.
func TestTheChannelIsASecret(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	p := enter(t, owner)
	p.refused(t, `select name from public.live_channel`, "42501")
	p.refused(t, `select gate.tell_change()`, "42501", "0A000")
	p.changes(t, 0, `select pid from pg_stat_activity where query ilike 'listen%live%'`)
	web := storetest.Connect(t, "surrealm_web")
	if _, err := web.Exec(t.Context(), `select name from public.live_channel`); err == nil {
		t.Error("surrealm_web reads the channel's name")
	}
}
