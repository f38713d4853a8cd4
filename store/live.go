package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Live hears what changes in the database, on one connection of its own, and tells those who watch in this process. Changes say only
// what kind of thing they are about and its id, after their transaction is committed. Any number of servers hear all of them, so it does
// not matter which server works a job.
//
// Hints may get lost, as when the connection breaks: then every watch ends, and whoever watched begins anew and looks. Whoever cannot
// watch looks now and then.
type Live struct {
	store *Store
	log   *slog.Logger
	stop  context.CancelFunc
	ended chan struct{}

	mu       sync.Mutex
	hears    bool
	open     int // watches that were not stopped
	watchers map[liveKey]map[*Watch]struct{}
}

// A Topic is one thing that changes while people look at it.
type Topic struct {
	Kind TopicKind
	ID   uuid.UUID
}

// TopicKind is what a topic is.
type TopicKind string

// The kinds. The triggers that tell of changes name them.
const (
	LiveRun       TopicKind = "cluster_run"
	LiveImport    TopicKind = "signal_import"
	LiveSynthesis TopicKind = "synthesis"
)

// String is the topic in an address.
func (t Topic) String() string { return string(t.Kind) + ":" + t.ID.String() }

// ParseTopic reads what String wrote. ErrNotFound when it is nothing of the kind.
func ParseTopic(text string) (Topic, error) {
	kind, id, _ := strings.Cut(text, ":")
	topic := Topic{Kind: TopicKind(kind)}
	var err error
	if topic.ID, err = uuid.Parse(id); err != nil {
		return Topic{}, ErrNotFound
	}
	switch topic.Kind {
	case LiveRun, LiveImport, LiveSynthesis:
		return topic, nil
	}
	return Topic{}, ErrNotFound
}

type liveKey struct {
	org   uuid.UUID
	topic Topic
}

const (
	liveQuiet     = 30 * time.Second // without a hint: then the connection has to prove that it hears
	liveProof     = 5 * time.Second  // how long a proof may take
	liveRetry     = time.Second      // before the first try to connect again; each next waits twice as long
	liveRetryMost = time.Minute
)

// errDeaf says that a notification was sent and did not arrive.
var errDeaf = errors.New("notifications do not arrive, as behind a pooler that gives each transaction another connection")

// StartLive begins to listen, until Stop.
func (s *Store) StartLive(log *slog.Logger) *Live {
	ctx, stop := context.WithCancel(context.Background())
	l := &Live{store: s, log: log, stop: stop, ended: make(chan struct{}), watchers: map[liveKey]map[*Watch]struct{}{}}
	go func() {
		defer close(l.ended)
		l.run(ctx)
	}()
	return l
}

// Stop ends every watch at once, and the connection.
func (l *Live) Stop() {
	l.stop()
	<-l.ended
}

func (l *Live) run(ctx context.Context) {
	for wait := liveRetry; ; wait = min(2*wait, liveRetryMost) {
		began := time.Now()
		err := l.listen(ctx)
		l.deafen()
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > liveRetryMost {
			wait = liveRetry
		}
		l.log.Warn("live events are off, and pages look again by themselves", "err", err, "next_try", wait.String())
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// listen hears until the connection breaks.
func (l *Live) listen(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, l.store.ctl.Config().ConnConfig)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	channel, err := value[string](ctx, conn, `select name from live_channel`)
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "listen "+pgx.Identifier{channel}.Sanitize()); err != nil {
		return err
	}
	for {
		if err := l.prove(ctx, conn, channel); err != nil {
			return err
		}
		l.hear()
		for err == nil {
			err = l.next(ctx, conn, liveQuiet, "")
		}
		if !pgconn.Timeout(err) || ctx.Err() != nil {
			return err
		}
		err = nil
	}
}

// prove sends a notification by another connection, and waits until it arrives.
func (l *Live) prove(ctx context.Context, conn *pgx.Conn, channel string) error {
	proof := newID().String()
	if _, err := l.store.ctl.Exec(ctx, `select pg_notify($1, $2)`, channel, proof); err != nil {
		return err
	}
	for until := time.Now().Add(liveProof); ; {
		err := l.next(ctx, conn, time.Until(until), proof)
		if errors.Is(err, errProven) {
			return nil
		}
		if pgconn.Timeout(err) && ctx.Err() == nil {
			return errDeaf
		}
		if err != nil {
			return err
		}
	}
}

// errProven is what next returns for the proof that it was told to look out for.
var errProven = errors.New("proven")

// next waits for one notification and passes it on.
func (l *Live) next(ctx context.Context, conn *pgx.Conn, patience time.Duration, proof string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	hint, err := conn.WaitForNotification(ctx)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if proof != "" && hint.Payload == proof {
		return errProven
	}
	var org, id, kind string
	if n, _ := fmt.Sscan(hint.Payload, &org, &kind, &id); n != 3 {
		return nil // the proof of another server
	}
	key := liveKey{topic: Topic{Kind: TopicKind(kind)}}
	if key.org, err = uuid.Parse(org); err != nil {
		return nil // of another version of this program
	}
	if key.topic.ID, err = uuid.Parse(id); err != nil {
		return nil
	}
	l.tell(key)
	return nil
}
