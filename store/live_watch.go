package store

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Watch is one who wants to hear of changes of some topics.
type Watch struct {
	// Changed has a value when Take will return something.
	Changed <-chan struct{}
	// Ended is closed when hints may have been lost, and none will come any more.
	Ended <-chan struct{}

	live    *Live
	org     uuid.UUID
	topics  []Topic
	changed chan struct{}
	ended   chan struct{}
	pending map[Topic]struct{}
}

// ErrNotLive says that no changes are heard at the moment.
var ErrNotLive = errors.New("changes are not heard")

// Watch begins to hear of topics of an organisation. Whoever calls it has asked MayWatch before. ErrNotLive while nothing is heard.
func (l *Live) Watch(org uuid.UUID, topics []Topic) (*Watch, error) {
	w := &Watch{live: l, org: org, topics: topics, changed: make(chan struct{}, 1), ended: make(chan struct{}), pending: map[Topic]struct{}{}}
	w.Changed, w.Ended = w.changed, w.ended
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.hears {
		return nil, ErrNotLive
	}
	for _, topic := range topics {
		key := liveKey{org, topic}
		if l.watchers[key] == nil {
			l.watchers[key] = map[*Watch]struct{}{}
		}
		l.watchers[key][w] = struct{}{}
	}
	l.open++
	return w, nil
}

// Open is how many watch in this process, and whether they hear anything.
func (l *Live) Open() (watches int, hears bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.open, l.hears
}

// Stop ends the watch. It is called once.
func (w *Watch) Stop() {
	w.live.mu.Lock()
	defer w.live.mu.Unlock()
	w.live.open--
	for _, topic := range w.topics {
		key := liveKey{w.org, topic}
		delete(w.live.watchers[key], w)
		if len(w.live.watchers[key]) == 0 {
			delete(w.live.watchers, key)
		}
	}
}

// Take returns the topics that changed since the last call. However often one changed, it stands there once.
func (w *Watch) Take() []Topic {
	w.live.mu.Lock()
	defer w.live.mu.Unlock()
	topics := make([]Topic, 0, len(w.pending))
	for topic := range w.pending {
		topics = append(topics, topic)
	}
	clear(w.pending)
	return topics
}

// tell passes a hint on. It waits for nobody.
func (l *Live) tell(key liveKey) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for w := range l.watchers[key] {
		w.pending[key.topic] = struct{}{}
		select {
		case w.changed <- struct{}{}:
		default:
		}
	}
}

func (l *Live) hear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hears = true
}

// deafen ends every watch.
func (l *Live) deafen() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hears = false
	told := map[*Watch]bool{}
	for _, watchers := range l.watchers {
		for w := range watchers {
			if !told[w] {
				told[w] = true
				close(w.ended)
			}
		}
	}
	clear(l.watchers)
}

// MayWatch asks through the door whether the member may still see what is behind the topics: the pages that show them ask the same.
// ErrNotFound when one is not there for the member, or the membership has ended.
func (t *Tenant) MayWatch(ctx context.Context, topics []Topic) error {
	return t.tx(ctx, func(tx pgx.Tx) (err error) {
		for _, topic := range topics {
			switch topic.Kind {
			case LiveRun:
				_, err = value[int](ctx, tx, `select 1 from `+runTables+` where x.id = $1`, topic.ID)
			case LiveImport:
				_, err = findImport(ctx, tx, topic.ID)
			case LiveSynthesis:
				_, err = findSynthesis(ctx, tx, topic.ID)
			default:
				err = ErrNotFound
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// SessionLives says whether a session still signs its user in. Asking does not count as a use of it.
func (s *Store) SessionLives(ctx context.Context, token string, user uuid.UUID) (bool, error) {
	lives, err := value[bool](ctx, s.ctl, `
		select exists (
			select from web_sessions s
			join users u on u.id = s.user_id and u.session_epoch = s.epoch and u.disabled_at is null
			where s.token_hash = $1 and s.user_id = $2 and s.ended_at is null and s.expires_at > now() and s.last_used_at > now() - $3::interval)`,
		token, user, SessionIdle)
	return lives, translate(err)
}
