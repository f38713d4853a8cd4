package llm_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"surrealm/store/llm"
	"surrealm/store/outbound"
)

const secret = "sk-canary-secret-key"

// endpoint starts a server that answers as handle does, and returns how to call it.
func endpoint(t *testing.T, handle http.HandlerFunc) (llm.Client, llm.Endpoint) {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	guard, err := outbound.Open(strings.TrimPrefix(server.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	return llm.NewClient(guard), llm.Endpoint{BaseURL: server.URL + "/v1/", Model: "parrot-1", Key: llm.NewKey(secret), MaxTokens: 100, Timeout: 5 * time.Second}
}

func completion(content, finish string) string {
	plain, _ := json.Marshal(map[string]any{"choices": []any{map[string]any{"message": map[string]any{"content": content}, "finish_reason": finish}},
		"usage": map[string]any{"prompt_tokens": 12, "completion_tokens": 3}})
	return string(plain)
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestAskSpeaksTheProtocol(t *testing.T) {
	t.Parallel()
	client, to := endpoint(t, func(w http.ResponseWriter, r *http.Request) {
		var sent struct {
			Model     string `json:"model"`
			MaxTokens int    `json:"max_tokens"`
			Messages  []struct{ Role, Content string }
			Format    struct{ Type string } `json:"response_format"`
		}
		if err := json.NewDecoder(r.Body).Decode(&sent); err != nil || r.URL.Path != "/v1/chat/completions" || r.Header.Get("Authorization") != "Bearer "+secret {
			t.Errorf("asked %s %v", r.URL.Path, err)
		}
		if sent.Model != "parrot-1" || sent.MaxTokens != 100 || sent.Format.Type != "json_schema" || len(sent.Messages) != 2 ||
			sent.Messages[0].Role != "system" || sent.Messages[1].Role != "user" {
			t.Errorf("sent %+v", sent)
		}
		if strings.Contains(sent.Messages[0].Content, "lamp") || !strings.Contains(sent.Messages[1].Content, "The lamp in the hall is on.") {
			t.Error("data and instructions are not apart")
		}
		says(200, completion(`{"sentences":[]}`, "stop"))(w, r)
	})
	text, usage, err := client.Ask(t.Context(), to, llm.TestPrompt())
	if err != nil || text != `{"sentences":[]}` || usage != (llm.Usage{In: 12, Out: 3}) {
		t.Fatalf("%q %+v %v", text, usage, err)
	}
}

// An endpoint that knows neither schemas nor the old name of the limit is asked in another way.
func TestAskTriesOtherDialects(t *testing.T) {
	t.Parallel()
	var tries []string
	client, to := endpoint(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		tries = append(tries, fmt.Sprint(strings.Contains(string(body), "response_format"), strings.Contains(string(body), "max_completion_tokens")))
		if len(tries) < 3 {
			says(400, "unknown field")(w, r)
			return
		}
		says(200, completion("fine", "stop"))(w, r)
	})
	if _, _, err := client.Ask(t.Context(), to, llm.TestPrompt()); err != nil || strings.Join(tries, "|") != "true false|true true|false false" {
		t.Errorf("%v %v", tries, err)
	}
}

func TestFailuresAreToldAndHoldNothing(t *testing.T) {
	t.Parallel()
	echo := func(status int, header ...string) http.HandlerFunc { // an endpoint that repeats what it was sent
		return func(w http.ResponseWriter, r *http.Request) {
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			body, _ := io.ReadAll(r.Body)
			says(status, r.Header.Get("Authorization")+string(body))(w, r)
		}
	}
	for name, c := range map[string]struct {
		handle    http.HandlerFunc
		want      string
		temporary bool
		after     time.Duration
	}{
		"key":          {echo(401), "refused the key", false, 0},
		"credit":       {echo(402), "no credit", false, 0},
		"model":        {echo(404), "no such model", false, 0},
		"bad":          {echo(400), "HTTP 400", false, 0},
		"busy":         {echo(429, "Retry-After", "7"), "no more requests", true, 7 * time.Second},
		"too long":     {echo(429, "Retry-After", "86400"), "no more requests", true, llm.MaxRetryAfter},
		"past":         {echo(503, "Retry-After", "Mon, 02 Jan 2006 15:04:05 GMT"), "HTTP 503", true, 0},
		"nonsense":     {echo(503, "Retry-After", "-9"), "HTTP 503", true, 0},
		"redirect":     {echo(302, "Location", "/elsewhere"), "does not follow", false, 0},
		"no JSON":      {echo(200), "not an answer", false, 0},
		"truncated":    {says(200, completion("x", "stop")[:20]), "not an answer", false, 0},
		"no choice":    {says(200, `{"choices":[]}`), "not an answer", false, 0},
		"cut off":      {says(200, completion(`{"sente`, "length")), "cut off", false, 0},
		"ten megabyte": {says(200, strings.Repeat("x", 10<<20)), "larger than 2 MB", false, 0},
		"broken off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, "{")
		}, "broke off", true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, to := endpoint(t, c.handle)
			_, _, err := client.Ask(t.Context(), to, llm.TestPrompt())
			var f *llm.Failure
			if !errors.As(err, &f) || !strings.Contains(f.Reason, c.want) || f.Temporary != c.temporary || f.RetryAfter != c.after {
				t.Fatalf("%+v", err)
			}
			if told := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(told, secret) || strings.Contains(told, "lamp") {
				t.Errorf("the error tells %s", told)
			}
		})
	}
}

func TestAnEndpointThatHangsIsLeft(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{}, 2)
	client, to := endpoint(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // the server notices who leaves only after the body
		asked <- struct{}{}
		<-r.Context().Done()
	})
	to.Timeout = 50 * time.Millisecond
	_, _, err := client.Ask(t.Context(), to, llm.TestPrompt())
	if f := (*llm.Failure)(nil); !errors.As(err, &f) || !f.Temporary || f.Unbilled || !strings.Contains(f.Reason, "in time") {
		t.Errorf("%v", err)
	}
	<-asked
	to.Timeout = time.Minute
	ctx, stop := context.WithCancel(t.Context())
	go func() { <-asked; stop() }()
	if _, _, err := client.Ask(ctx, to, llm.TestPrompt()); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

func TestAClosedAddressIsNotCalled(t *testing.T) {
	t.Parallel()
	called := false
	_, to := endpoint(t, func(http.ResponseWriter, *http.Request) { called = true })
	_, _, err := llm.NewClient(outbound.Guard{}).Ask(t.Context(), to, llm.TestPrompt())
	if f := (*llm.Failure)(nil); !errors.As(err, &f) || f.Temporary || !f.Unbilled || called {
		t.Errorf("%v", err)
	}
}

func TestAKeyIsNeverPrinted(t *testing.T) {
	t.Parallel()
	_, to := endpoint(t, func(http.ResponseWriter, *http.Request) {})
	plain, err := json.Marshal(to)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "to", to, "key", to.Key)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "to", to, "key", to.Key)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		fmt.Fprintf(&log, verb+verb+verb, to, &to, to.Key)
	}
	if all := log.String() + string(plain); strings.Contains(all, secret) || strings.Contains(all, fmt.Sprintf("%x", secret)) {
		t.Errorf("printed: %s", all)
	}
}
