package handlers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"surrealm/handlers"
	"surrealm/store"
	"surrealm/views"
)

// logbook keeps what is logged.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// leaving is a request body that its client ends as soon as the server reads it.
type leaving struct {
	io.Reader
	leave context.CancelFunc
}

func (l leaving) Read(p []byte) (int, error) {
	l.leave()
	return l.Reader.Read(p)
}

// A client that goes away is nobody's fault: 499 in the log and the figures, and nothing at the level at which somebody has to act.
func TestAClientThatWentAwayIsNoError(t *testing.T) {
	t.Parallel()
	log := &logbook{}
	var seen []int
	var mu sync.Mutex
	a := newApp(t, func(o *handlers.Options) {
		o.Log = slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		o.Observe = func(_, _ string, status int, _ time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			seen = append(seen, status)
		}
	})
	b, owner := a.owner(t)
	b.get(t, views.OrgURL(owner.Org.Slug)).status(t, 200)
	seen = nil
	cookies := b.client.Jar.Cookies(b.base)
	send := func(method, path string, body io.Reader, fragment bool, ctx context.Context) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(ctx, method, a.server.URL+path, body)
		for _, c := range cookies {
			r.AddCookie(c)
		}
		if fragment {
			r.Header.Set("HX-Request", "true")
		}
		if method == http.MethodPost {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		w := httptest.NewRecorder()
		a.server.Config.Handler.ServeHTTP(w, r)
		return w
	}
	org := views.OrgURL(owner.Org.Slug)
	for _, fragment := range []bool{false, true} {
		ctx, leave := context.WithCancel(t.Context())
		leave()
		if w := send(http.MethodGet, org+"/search?q=pump", nil, fragment, ctx); w.Code != 499 || w.Body.Len() > 0 {
			t.Errorf("before it was read: %d %s", w.Code, w.Body)
		}
		ctx, leave = context.WithCancel(t.Context())
		form := strings.NewReader(url.Values{"name": {""}, "role_title": {"x"}}.Encode())
		if w := send(http.MethodPost, org+"/surrogates", leaving{form, leave}, fragment, ctx); w.Code != 499 {
			t.Errorf("while it was read: %d %s", w.Code, w.Body)
		}
	}
	if len(seen) != 4 || seen[0] != 499 || seen[3] != 499 {
		t.Errorf("the figures say %d", seen)
	}
	for line := range strings.Lines(log.text.String()) {
		var entry struct{ Level, Msg string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil || entry.Level == "ERROR" || entry.Level == "WARN" {
			t.Errorf("somebody is told to act: %s", line)
		}
	}
	if made, err := owner.Surrogates(t.Context(), store.SurrogateFilter{}); err != nil || len(made.Items) > 0 {
		t.Errorf("made for nobody: %v %v", made.Items, err)
	}
}
