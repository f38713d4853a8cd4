package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"surrealm/store/outbound"
)

const (
	maxAnswer = 2 << 20

	// MaxRetryAfter bounds how long an endpoint may make us wait.
	MaxRetryAfter = 5 * time.Minute
)

// Client calls endpoints.
type Client struct{ http *http.Client }

// NewClient makes a client that calls what the guard allows.
func NewClient(guard outbound.Guard) Client { return Client{guard.Client()} }

// dialect is how one family of endpoints wants to be asked.
type dialect struct {
	schema    bool // it takes the answer's shape as response_format
	newTokens bool // the limit of an answer is called max_completion_tokens
}

// dialects are tried one after the other when an endpoint calls the request wrong.
var dialects = []dialect{{schema: true}, {schema: true, newTokens: true}, {}}

// Ask sends a prompt and returns the text of the answer, which is still to be checked. The error is a *Failure, or the
// context's own when that was cancelled.
func (c Client) Ask(ctx context.Context, to Endpoint, p Prompt) (string, Usage, error) {
	var text string
	var usage Usage
	var err error
	for _, how := range dialects {
		var misunderstood bool
		text, usage, misunderstood, err = c.ask(ctx, to, p, how)
		if !misunderstood {
			break
		}
	}
	return text, usage, err
}

func (c Client) ask(parent context.Context, to Endpoint, p Prompt, how dialect) (text string, usage Usage, misunderstood bool, err error) {
	ctx, cancel := context.WithTimeout(parent, to.Timeout)
	defer cancel()
	request, err := request(ctx, to, p, how)
	if err != nil {
		return "", usage, false, &Failure{Reason: "The address of the language model cannot be read.", Unbilled: true}
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return "", usage, false, unreached(parent, err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		_, _ = io.CopyN(io.Discard, answer.Body, 64<<10) // so that the connection can be used again
		misunderstood = answer.StatusCode == http.StatusBadRequest || answer.StatusCode == http.StatusUnprocessableEntity
		return "", usage, misunderstood, refusal(answer)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	if err != nil {
		return "", usage, false, unreached(parent, err)
	}
	text, usage, err = read(body)
	return text, usage, false, err
}

func request(ctx context.Context, to Endpoint, p Prompt, how dialect) (*http.Request, error) {
	type message struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	}
	body := map[string]any{
		"model":    to.Model,
		"messages": []message{{"system", p.Instructions}, {"user", p.Data}},
	}
	if how.schema {
		body["response_format"] = map[string]any{"type": "json_schema",
			"json_schema": map[string]any{"name": "sentences", "strict": true, "schema": answerSchema}}
	}
	limit := "max_tokens"
	if how.newTokens {
		limit = "max_completion_tokens"
	}
	body[limit] = to.MaxTokens
	plain, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(to.BaseURL, "/")+"/chat/completions", bytes.NewReader(plain))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "surrealm")
	if to.Key.reveal != nil {
		r.Header.Set("Authorization", "Bearer "+to.Key.reveal())
	}
	return r, nil
}

// read takes the text and the count of tokens out of a body, whose other fields differ from provider to provider.
func read(body []byte) (string, Usage, error) {
	var answer struct {
		Choices []struct {
			Message struct {
				Content string `json:"content"`
			} `json:"message"`
			Finish string `json:"finish_reason"`
		} `json:"choices"`
		Usage Usage `json:"usage"`
	}
	if len(body) > maxAnswer {
		return "", Usage{}, &Failure{Reason: "The answer was larger than 2 MB and was thrown away.", Refused: true}
	}
	if json.Unmarshal(body, &answer) != nil || len(answer.Choices) == 0 {
		return "", Usage{}, &Failure{Reason: "What came back is not an answer of a language model. Look whether the address is right.", Refused: true}
	}
	usage := Usage{max(0, answer.Usage.In), max(0, answer.Usage.Out)}
	if answer.Choices[0].Finish == "length" {
		return "", usage, &Failure{Reason: "The answer was longer than allowed and was cut off. Allow more tokens for an answer.", Refused: true}
	}
	return answer.Choices[0].Message.Content, usage, nil
}

// refusal puts an HTTP status into words. The body is not quoted: some endpoints repeat the request in it.
func refusal(answer *http.Response) *Failure {
	f := &Failure{Unbilled: true}
	switch status := answer.StatusCode; {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		f.Reason = "The provider refused the key."
	case status == http.StatusPaymentRequired:
		f.Reason = "The account at the provider has no credit left."
	case status == http.StatusNotFound:
		f.Reason = "The provider knows no such model or address."
	case status == http.StatusTooManyRequests:
		f.Reason, f.Temporary = "The provider takes no more requests at the moment.", true
	case status == http.StatusRequestEntityTooLarge:
		f.Reason = "The provider says that the request is too large. Send less text in one request."
	case status >= 300 && status < 400:
		f.Reason = "The address leads elsewhere, and this server does not follow. Enter the address that it leads to."
	case status == http.StatusRequestTimeout || status >= 500:
		f.Reason, f.Temporary, f.Unbilled = fmt.Sprintf("The provider had a problem of its own (HTTP %d).", status), true, false
	default:
		f.Reason = fmt.Sprintf("The provider did not accept the request (HTTP %d). It may not know the model.", status)
	}
	if f.Temporary {
		f.RetryAfter = retryAfter(answer.Header.Get("Retry-After"), time.Now())
	}
	return f
}

// retryAfter reads the header: seconds, or a date.
func retryAfter(text string, now time.Time) time.Duration {
	var wait time.Duration
	if seconds, err := strconv.ParseInt(text, 10, 32); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), MaxRetryAfter)
}

// unreached puts into words why nothing came back. The cause is not kept: it names addresses of the network.
func unreached(parent context.Context, err error) error {
	if parent.Err() != nil {
		return parent.Err()
	}
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, outbound.ErrRefused):
		return &Failure{Reason: "This server does not call that address. Whoever runs it can open it.", Unbilled: true}
	case errors.As(err, &timeout) && timeout.Timeout():
		return &Failure{Reason: "The provider did not answer in time.", Temporary: true}
	}
	return &Failure{Reason: "The provider could not be reached, or broke off.", Temporary: true}
}
