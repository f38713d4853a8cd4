// Package llm asks language models through endpoints that speak OpenAI's chat protocol, such as those of Ollama, vLLM and most
// providers, and believes nothing of what comes back before it is checked. What people wrote goes out as data, apart from the
// instructions; an answer is a list of sentences, each with the number of a passage that was sent. No error and no log line
// ever holds a key, a prompt or an answer. The package holds no SQL.
package llm

import (
	"log/slog"
	"time"
)

// Key is the secret of an account at a provider. It prints as ***; only a request's header gets it.
type Key struct{ reveal func() string }

// NewKey wraps a secret. "" is no key.
func NewKey(secret string) Key {
	if secret == "" {
		return Key{}
	}
	return Key{func() string { return secret }}
}

const hidden = "***"

// String, GoString, LogValue and MarshalJSON keep the key out of logs and pages.
func (Key) String() string { return hidden }

// GoString is for %#v.
func (Key) GoString() string { return hidden }

// LogValue is for slog.
func (Key) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalJSON is for encoding/json.
func (Key) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }

// Endpoint is a model somewhere.
type Endpoint struct {
	BaseURL   string // without /chat/completions, such as https://api.example.com/v1
	Model     string
	Key       Key
	MaxTokens int           // of an answer
	Timeout   time.Duration // of one call
}

// Usage is how many tokens a call took. Both are 0 when the endpoint did not say.
type Usage struct {
	In  int `json:"prompt_tokens"`
	Out int `json:"completion_tokens"`
}

// Failure is why there is no answer. Reason is a sentence for people that quotes nothing of what was sent or received.
type Failure struct {
	Reason     string
	Temporary  bool          // trying again later may help
	RetryAfter time.Duration // as the endpoint asks, at most MaxRetryAfter; 0 when it does not say
	Unbilled   bool          // it certainly cost nothing
	Refused    bool          // there was an answer, and it is not what was asked for
}

// Error is the reason.
func (f *Failure) Error() string { return f.Reason }
