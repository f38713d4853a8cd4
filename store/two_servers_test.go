package store_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/storetest"
)

// meeting is the mail server of two servers. The first mail of each waits until the other has one too, so both work.
type meeting struct {
	mu   sync.Mutex
	sent map[uuid.UUID][]int // which servers sent a mail
	came [2]chan struct{}
	once [2]sync.Once
}

// desk is the mailer of one of the servers.
type desk struct {
	*meeting
	server int
}

// Send is part of store.Mailer.
func (s desk) Send(ctx context.Context, mail store.Mail) error {
	s.once[s.server].Do(func() { close(s.came[s.server]) })
	select {
	case <-s.came[1-s.server]:
	case <-ctx.Done():
		return ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent[mail.ID] = append(s.sent[mail.ID], s.server)
	return nil
}

// Two servers beside each other on one database share the jobs, and each job is done once.
func TestTwoServersDoEachJobOnce(t *testing.T) {
	t.Parallel()
	one, dsn := storetest.FreshStore(t)
	two, err := store.Open(t.Context(), store.Options{WebURL: dsn(store.RoleWeb), ControlURL: dsn(store.RoleControl), Master: masterOf(t, "5ea1")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(two.Close)
	super := behindTheWalls(t, dsn)
	const mails = 40
	run(t, super, `select public.queue_mail(gen_random_uuid(), 'ada@example.com', 'Subject', 'Body') from generate_series(1, $1)`, mails)
	m := &meeting{sent: map[uuid.UUID][]int{}, came: [2]chan struct{}{make(chan struct{}), make(chan struct{})}}
	startJobs(t, one, desk{m, 0})
	startJobs(t, two, desk{m, 1})
	await(t, "all mail to be sent", func() bool {
		return scan[int](t, super, `select count(*)::int from outbox where sent_at is null`)[0] == 0 &&
			scan[int](t, super, `select count(*)::int from river.river_job where kind = 'send_mail' and state <> 'completed'`)[0] == 0
	})
	m.mu.Lock()
	defer m.mu.Unlock()
	shares := [2]int{}
	for id, servers := range m.sent {
		if len(servers) != 1 {
			t.Errorf("mail %s was sent by %d", id, servers)
		}
		shares[servers[0]]++
	}
	if len(m.sent) != mails || shares[0] == 0 || shares[1] == 0 {
		t.Errorf("%d mails were sent, %d by the servers", len(m.sent), shares)
	}
}
