package store_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/outbound"
	"surrealm/store/storetest"
)

const llmSecret = "sk-canary-of-a-key"

// modelServer is an endpoint that records every request, and answers as answer says.
type modelServer struct {
	url    string
	mu     sync.Mutex
	bodies []string
	keys   []string
	answer func(call int) (status int, content string)
}

// model starts an endpoint, and a store that may call it.
func model(t *testing.T) (*modelServer, *store.Store) {
	t.Helper()
	m := &modelServer{answer: func(int) (int, string) { return 200, `{"sentences":[{"text":"It leaks.","passage":1}]}` }}
	server := httptest.NewServer(m)
	t.Cleanup(server.Close)
	m.url = server.URL + "/v1"
	guard, err := outbound.Open(strings.TrimPrefix(server.URL, "http://"))
	must(t, err)
	return m, storetest.Second(t, func(o *store.Options) { o.Outbound = guard })
}

func (m *modelServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	m.mu.Lock()
	m.bodies, m.keys = append(m.bodies, string(body)), append(m.keys, r.Header.Get("Authorization"))
	status, content := m.answer(len(m.bodies))
	m.mu.Unlock()
	w.Header().Set("Retry-After", "33")
	w.WriteHeader(status)
	answer := map[string]any{"choices": []any{map[string]any{"message": map[string]any{"content": content}}}}
	_ = json.NewEncoder(w).Encode(answer)
}

func (m *modelServer) account(change ...func(*store.LLMAccountInput)) store.LLMAccountInput {
	n := store.LLMAccountInput{Name: "Parrot " + uuid.NewString(), BaseURL: m.url, Model: "parrot-1", Key: llmSecret, PriceIn: 300, PriceOut: 1500,
		MaxTokens: 1000, MaxChars: 20_000, Timeout: 60}
	for _, c := range change {
		c(&n)
	}
	return n
}

// withModel is an owner whose organisation has one account at a model of the test's own.
func withModel(t *testing.T, change ...func(*store.LLMAccountInput)) (*modelServer, *store.Tenant, uuid.UUID) {
	t.Helper()
	m, s := model(t)
	owner := storetest.Owner(t)
	owner = storetest.ViewIn(t, s, owner.User, owner.Org.Slug)
	id, err := owner.AddLLMAccount(t.Context(), m.account(change...))
	must(t, err)
	return m, owner, id
}

func ledger(t *testing.T, member *store.Tenant) []store.LLMCall {
	t.Helper()
	page, err := member.LLMCalls(t.Context(), store.LLMCallFilter{})
	must(t, err)
	return page.Items
}

func llmAccount(t *testing.T, member *store.Tenant, id uuid.UUID) store.LLMAccountPage {
	t.Helper()
	found, err := member.LLMAccount(t.Context(), id)
	must(t, err)
	return found
}

// model2 is another store that may call the same endpoint.
func model2(t *testing.T, m *modelServer) *store.Store {
	t.Helper()
	guard, err := outbound.Open(strings.TrimSuffix(strings.TrimPrefix(m.url, "http://"), "/v1"))
	must(t, err)
	return storetest.Second(t, func(o *store.Options) { o.Outbound = guard })
}
