package handlers_test

import (
	"bufio"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"surrealm/handlers"
	"surrealm/store"
	"surrealm/store/storetest"
)

// liveApp is a second server beside the shared store's, with connections of its own, that hears of changes.
func liveApp(t *testing.T) (*app, *store.Live) {
	t.Helper()
	second := storetest.Second(t, func(o *store.Options) { o.WebConns, o.CtlConns = 4, 4 })
	live := second.StartLive(slog.New(slog.DiscardHandler))
	a := newApp(t, func(o *handlers.Options) { o.Store, o.Live = second, live })
	t.Cleanup(live.Stop) // before the server, which waits for its streams
	return a, live
}

// listener is a stream of events under way.
type listener struct {
	response *http.Response
	lines    *bufio.Scanner
	heard    strings.Builder
}

// listen opens a stream, when the server hears; until then it answers 503.
func (b *browser) listen(t *testing.T, org string, topics ...string) *listener {
	t.Helper()
	for {
		l := b.stream(t, org, topics...)
		if l.response.StatusCode != http.StatusServiceUnavailable {
			return l
		}
	}
}

func (b *browser) stream(t *testing.T, org string, topics ...string) *listener {
	t.Helper()
	request := b.request(t, http.MethodGet, "/o/"+org+"/events?of="+strings.Join(topics, "&of="), nil)
	request.Header.Set("Accept", "text/event-stream")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // a stream that never says anything shall fail
	response, err := b.client.Do(request.WithContext(ctx))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = response.Body.Close() // a test looks at what came, not at how it ended
	})
	return &listener{response: response, lines: bufio.NewScanner(response.Body)}
}

// next is the next event, or "" when the stream has ended.
func (l *listener) next(t *testing.T) string {
	t.Helper()
	for l.lines.Scan() {
		l.heard.WriteString(l.lines.Text() + "\n")
		if event, found := strings.CutPrefix(l.lines.Text(), "data: "); found {
			return event
		}
	}
	if err := l.lines.Err(); err != nil {
		t.Fatalf("the stream broke: %v", err)
	}
	return ""
}

func (l *listener) expect(t *testing.T, want string) {
	t.Helper()
	if event := l.next(t); event != want {
		t.Fatalf("the stream says %q, want %q", event, want)
	}
}

// run asks for a search in a realm of the member's own, and returns it as a topic.
func (w *world) run(t *testing.T, member *store.Tenant, slug string) (topic string, id uuid.UUID) {
	t.Helper()
	id = got[uuid.UUID](t)(member.SeekClusters(t.Context(), slug, store.Temporal, store.RunOptions{}))
	return store.Topic{Kind: store.LiveRun, ID: id}.String(), id
}

func TestAChangeByOneServerIsToldByAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t, newApp(t))
	other, live := liveApp(t)
	keeper, reader, stranger := w.person(t, store.Member), w.person(t, store.Member), w.person(t, store.Admin)
	slug := w.realm(t, keeper, store.SharedRealm)
	w.admit(t, keeper, slug, reader, store.Observer)
	topic, id := w.run(t, keeper, slug)
	own, ownID := w.run(t, stranger, w.realm(t, stranger, store.SharedRealm))
	heard := other.as(t, reader).listen(t, w.slug(), topic)
	if kind := heard.response.Header.Get("Content-Type"); kind != "text/event-stream" || heard.response.StatusCode != http.StatusOK {
		t.Fatalf("%d of %q", heard.response.StatusCode, kind)
	}
	deaf := other.as(t, stranger).listen(t, w.slug(), own)
	heard.expect(t, topic) // what changed before the stream began is read now
	deaf.expect(t, own)
	if open, hears := live.Open(); open != 2 || !hears {
		t.Errorf("%d streams are open, and changes are heard: %v", open, hears)
	}

	w.app.as(t, keeper).post(t, "/o/"+w.slug()+"/clusters/runs/"+id.String()+"/cancel", nil).status(t, http.StatusSeeOther)
	heard.expect(t, topic)
	if err := stranger.CancelRun(t.Context(), ownID); err != nil {
		t.Fatal(err)
	}
	deaf.expect(t, own)

	live.Stop()
	if event := heard.next(t) + deaf.next(t); event != "" {
		t.Errorf("%q came after the end", event)
	}
	if text := deaf.heard.String(); strings.Contains(text, id.String()) || strings.Trim(strings.ReplaceAll(text, "data: "+own, ""), ":\n") != "" {
		t.Errorf("somebody who does not know the realm heard %q", text)
	}
}

func TestNobodyHearsOfWhatTheyMayNotSee(t *testing.T) {
	t.Parallel()
	a, _ := liveApp(t)
	w := newWorld(t, a)
	keeper, stranger := w.person(t, store.Member), w.person(t, store.Owner)
	topic, _ := w.run(t, keeper, w.realm(t, keeper, store.SharedRealm))
	outsider, elsewhere := a.owner(t)
	inside, nothing := a.as(t, stranger), store.Topic{Kind: store.LiveRun, ID: uuid.Must(uuid.NewV7())}.String()
	for name, refused := range map[string]*listener{
		"a stranger to the realm":        inside.stream(t, w.slug(), topic),
		"a stranger beside its own":      inside.stream(t, w.slug(), nothing, topic),
		"an outsider":                    outsider.stream(t, w.slug(), topic),
		"an outsider, at their own door": outsider.stream(t, elsewhere.Org.Slug, topic),
		"a kind of which nothing is":     a.as(t, keeper).stream(t, w.slug(), "people:"+uuid.NewString()),
		"no topic":                       a.as(t, keeper).stream(t, w.slug(), "all"),
	} {
		if refused.response.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", name, refused.response.StatusCode)
		}
	}
	if many := inside.stream(t, w.slug(), strings.Split(strings.Repeat(topic+" ", 9)+topic, " ")...); many.response.StatusCode != http.StatusBadRequest {
		t.Errorf("ten topics: %d", many.response.StatusCode)
	}
}

func TestAStreamEndsWithTheSessionAndTheRight(t *testing.T) {
	t.Parallel()
	a, _ := liveApp(t)
	w := newWorld(t, a)
	keeper := w.person(t, store.Member)
	slug := w.realm(t, keeper, store.SharedRealm)
	for name, end := range map[string]func(*store.Tenant, *browser){
		"logged out":         func(_ *store.Tenant, b *browser) { b.post(t, "/logout", nil) },
		"no longer a member": func(m *store.Tenant, _ *browser) { remove(t, w, m) },
		"out of the realm": func(m *store.Tenant, _ *browser) {
			if err := keeper.RemoveFromRealm(t.Context(), slug, m.User.ID); err != nil {
				t.Fatal(err)
			}
		},
	} {
		reader := w.person(t, store.Member)
		w.admit(t, keeper, slug, reader, store.Observer)
		topic, id := w.run(t, keeper, slug)
		b := a.as(t, reader)
		heard := b.listen(t, w.slug(), topic)
		heard.expect(t, topic)
		end(reader, b)
		if err := keeper.CancelRun(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if event := heard.next(t); event != "" {
			t.Errorf("%s: still told of %q", name, event)
		}
	}
}

func remove(t *testing.T, w *world, member *store.Tenant) {
	t.Helper()
	if err := w.owner.RemoveMember(t.Context(), member.User.ID); err != nil {
		t.Fatal(err)
	}
}

func TestAPersonHasFewStreams(t *testing.T) {
	t.Parallel()
	a, _ := liveApp(t)
	w := newWorld(t, a)
	keeper := w.person(t, store.Member)
	topic, _ := w.run(t, keeper, w.realm(t, keeper, store.SharedRealm))
	b := a.as(t, keeper)
	first := b.listen(t, w.slug(), topic)
	for range 5 {
		b.listen(t, w.slug(), topic).expect(t, topic)
	}
	if seventh := b.stream(t, w.slug(), topic); seventh.response.StatusCode != http.StatusTooManyRequests {
		t.Errorf("a seventh stream: %d", seventh.response.StatusCode)
	}
	if err := first.response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	for { // until the server has seen that the first one is gone
		if again := b.stream(t, w.slug(), topic); again.response.StatusCode == http.StatusOK {
			break
		}
	}
}
