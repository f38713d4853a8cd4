package handlers_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"surrealm/handlers"
	"surrealm/store/storetest"
)

// newSite is the whole site on the shared test database.
func newSite(t *testing.T) *httptest.Server {
	t.Helper()
	site, err := handlers.New(handlers.Options{
		Store:   storetest.Store(t),
		Log:     slog.New(slog.DiscardHandler),
		BaseURL: "http://127.0.0.1",
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	return server
}

func TestUnknownPageIsANotFoundPageWithHeaders(t *testing.T) {
	t.Parallel()
	server := newSite(t)

	response, err := http.Get(server.URL + "/nothing/here")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)

	if response.StatusCode != http.StatusNotFound {
		t.Errorf("status = %d", response.StatusCode)
	}
	if !strings.Contains(string(body), "Not found") {
		t.Errorf("body = %s", body)
	}
	if policy := response.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "script-src 'self'") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy = %q", policy)
	}
}
