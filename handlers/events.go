package handlers

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"surrealm/store"
)

// Limits of event streams. A stream is for one page that shows work under way.
const (
	streamTopics    = 8
	streamsOfUser   = 6
	streamsAtOnce   = 2000
	streamBeat      = 15 * time.Second // how often a stream shows that it is there, and asks whether it may be
	streamLife      = 10 * time.Minute // then the browser asks for another one
	streamWriteWait = 10 * time.Second // for a client that takes nothing
)

// eventsQuery are the topics of a stream.
type eventsQuery struct {
	Of []string `form:"of"`
}

// streamEvents tells a page, as server-sent events, that what it shows has changed, until the page, the session or the membership ends.
// An event repeats one of the topics that the page named, and the page reads the region again: nothing but that it changed goes this way.
func (h *Handlers) streamEvents(c echo.Context, t *store.Tenant) error {
	topics, err := topicsOf(c)
	if err == nil {
		err = t.MayWatch(c.Request().Context(), topics)
	}
	if err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, "text/event-stream")
	header.Set("X-Accel-Buffering", "no") // proxies that gather answers shall not
	if !strings.Contains(c.Request().Header.Get(echo.HeaderAccept), "text/event-stream") {
		_, err := c.Response().Write([]byte(": this is a stream for those who accept one\n\n")) // not for who waits for its end
		return err
	}
	if h.live == nil {
		return c.NoContent(http.StatusServiceUnavailable)
	}
	release, status := h.streams.enter(t.User.ID)
	if status != http.StatusOK {
		return c.NoContent(status)
	}
	defer release()
	watch, err := h.live.Watch(t.Org.ID, topics)
	if errors.Is(err, store.ErrNotLive) {
		return c.NoContent(http.StatusServiceUnavailable)
	} else if err != nil {
		return err
	}
	defer watch.Stop()
	s := &stream{h: h, c: c, t: t, topics: topics, token: currentSession(c), control: http.NewResponseController(c.Response())}
	if err := s.run(c.Request().Context(), watch); err != nil {
		h.log.DebugContext(c.Request().Context(), "event stream ended", "err", err, "request_id", requestIDOf(c))
	}
	return nil // the answer has begun: there is no other
}

func topicsOf(c echo.Context) ([]store.Topic, error) {
	query, err := bindQuery[eventsQuery](c)
	if err != nil {
		return nil, err
	}
	if len(query.Of) > streamTopics {
		return nil, echo.NewHTTPError(http.StatusBadRequest, "This link is not complete.")
	}
	var topics []store.Topic
	for _, text := range query.Of {
		topic, err := store.ParseTopic(text)
		if err != nil {
			return nil, err
		}
		topics = append(topics, topic)
	}
	return topics, nil
}

// stream is one answer that goes on.
type stream struct {
	h       *Handlers
	c       echo.Context
	t       *store.Tenant
	topics  []store.Topic
	token   string
	control *http.ResponseController
}

// run writes events until the client, the watch, the session, the membership or the stream's time ends.
func (s *stream) run(ctx context.Context, watch *store.Watch) error {
	// The server's own limits are for requests that end: without this, its reader would take the silence of the client for its end.
	if err := s.control.SetReadDeadline(time.Time{}); err != nil {
		return err
	}
	// What changed between the page and the stream is in no hint, so each topic is told of once at the beginning.
	if err := s.tell(s.topics); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, streamLife)
	defer cancel()
	beat := time.NewTicker(streamBeat)
	defer beat.Stop()
	for {
		var changed []store.Topic
		select {
		case <-ctx.Done():
			return nil
		case <-watch.Ended:
			return nil
		case <-beat.C:
		case <-watch.Changed:
			changed = watch.Take()
		}
		if err := s.mayGoOn(ctx); err != nil {
			return err
		}
		if err := s.tell(changed); err != nil {
			return err
		}
	}
}

// errSignedOut says that the session ended while the stream went on.
var errSignedOut = errors.New("signed out")

// mayGoOn asks again what the request had to answer at its beginning.
func (s *stream) mayGoOn(ctx context.Context) error {
	lives, err := s.h.store.SessionLives(ctx, s.token, s.t.User.ID)
	if err != nil {
		return err
	}
	if !lives {
		return errSignedOut
	}
	return s.t.MayWatch(ctx, s.topics)
}

// tell writes an event for each topic, or a comment that shows that the stream is there.
func (s *stream) tell(topics []store.Topic) error {
	var text strings.Builder
	for _, topic := range topics {
		text.WriteString("data: " + topic.String() + "\n\n")
	}
	if len(topics) == 0 {
		text.WriteString(":\n\n")
	}
	if err := s.control.SetWriteDeadline(time.Now().Add(streamWriteWait)); err != nil {
		return err
	}
	if _, err := s.c.Response().Write([]byte(text.String())); err != nil {
		return err
	}
	return s.control.Flush()
}

// streamCount bounds how many streams are open.
type streamCount struct {
	mu     sync.Mutex
	all    int
	byUser map[uuid.UUID]int
}

// enter takes a place, or answers with the status that says why there is none.
func (n *streamCount) enter(user uuid.UUID) (release func(), status int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case n.byUser[user] >= streamsOfUser:
		return nil, http.StatusTooManyRequests
	case n.all >= streamsAtOnce:
		return nil, http.StatusServiceUnavailable
	}
	n.all++
	n.byUser[user]++
	return func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.all--
		if n.byUser[user]--; n.byUser[user] == 0 {
			delete(n.byUser, user)
		}
	}, http.StatusOK
}
