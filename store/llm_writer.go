package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/llm"
	"surrealm/store/seal"
	"surrealm/store/synthesis"
)

// llmWriter writes a synthesis through an account: in prompts one after the other, each booked before it is sent.
type llmWriter struct {
	t         *Tenant
	account   LLMAccount
	to        llm.Endpoint
	synthesis uuid.UUID
}

// llmWriter returns the provider for an account, or why there is none any more.
func (t *Tenant) llmWriter(ctx context.Context, account, synthesis uuid.UUID) (*llmWriter, error) {
	w := &llmWriter{t: t, synthesis: synthesis}
	data, err := t.dataKey(ctx)
	if err != nil {
		return nil, err
	}
	err = t.tx(ctx, func(tx pgx.Tx) (err error) {
		w.account, w.to, err = t.liveLLMAccount(ctx, tx, data, account)
		return err
	})
	return w, err
}

// liveLLMAccount returns an account that may be called now, with its key. A Conflict says why it may not.
func (t *Tenant) liveLLMAccount(ctx context.Context, tx pgx.Tx, data seal.DataKey, id uuid.UUID) (a LLMAccount, to llm.Endpoint, err error) {
	a, err = one[LLMAccount](ctx, tx, `select `+llmAccountColumns+` from `+llmAccountTables+` where a.id = $1`, id)
	switch {
	case err != nil:
		return a, to, err
	case a.State == "DELETED":
		return a, to, Conflict{Reason: fmt.Sprintf("The language model %q was removed. Choose another, or use the built-in writer.", a.Name)}
	case a.State != "ACTIVE":
		return a, to, Conflict{Reason: fmt.Sprintf("The language model %q is switched off. Choose another, or use the built-in writer.", a.Name)}
	}
	to, err = t.llmEndpoint(ctx, tx, data, a)
	return a, to, err
}

// Name is part of synthesis.Provider.
func (w *llmWriter) Name() string { return w.account.Name + " at " + w.account.Host() }

// Model is part of synthesis.Provider.
func (w *llmWriter) Model() string { return w.account.Model }

// External is part of synthesis.Provider: an operator may have opened an address of their own, but it is another server still.
func (w *llmWriter) External() bool { return true }

// Write is part of synthesis.Provider. The error is a *llm.Failure, a Conflict, or the context's own.
func (w *llmWriter) Write(ctx context.Context, r synthesis.Request) (synthesis.Result, error) {
	batches, unsent, err := llm.Batches(r, w.account.MaxChars)
	result := synthesis.Result{Content: synthesis.Content{Unsent: unsent}}
	for i, batch := range batches {
		if err == nil {
			err = w.t.advance(ctx, w.synthesis, 100*i/len(batches))
		}
		if err == nil {
			err = w.send(ctx, r, batch, &result)
		}
		if err != nil {
			return synthesis.Result{}, err
		}
	}
	return result, err
}

// send sends a batch and adds the sentences of its answer.
func (w *llmWriter) send(ctx context.Context, r synthesis.Request, batch llm.Batch, result *synthesis.Result) error {
	call, err := w.book(ctx, r, batch)
	if err != nil {
		return err
	}
	began := time.Now()
	text, usage, err := w.t.store.llm.Ask(ctx, w.to, batch.Prompt)
	var sentences []llm.Sentence
	if err == nil {
		sentences, err = llm.Check(text, len(batch.Passages))
	}
	came := settled(usage, time.Since(began), err)
	if kept := w.t.settleNow(context.WithoutCancel(ctx), call, came); kept != nil {
		return kept
	}
	for _, s := range sentences {
		result.Statements = append(result.Statements, synthesis.Statement{Text: s.Text, Source: batch.Passages[s.Passage-1]})
	}
	return err
}

// book reserves a call, in a transaction that sees whether everything still is allowed: the last look before a text leaves.
func (w *llmWriter) book(ctx context.Context, r synthesis.Request, batch llm.Batch) (call uuid.UUID, err error) {
	err = w.t.tx(ctx, func(tx pgx.Tx) error {
		asked, err := findSynthesis(ctx, tx, w.synthesis)
		if err != nil {
			return err
		}
		home, err := findSubject(ctx, tx, asked.Of())
		if err != nil {
			return err
		}
		if err := w.t.useFor(asked.Of(), home, asked.Type, w.External()).stillAllows(ctx, tx, r.IDs()); err != nil {
			return err
		}
		call, err = w.t.reserve(ctx, tx, w.account, batch.Prompt, "SYNTHESIS", w.synthesis)
		return err
	})
	return call, err
}

func (t *Tenant) settleNow(ctx context.Context, call uuid.UUID, s settlement) error {
	return t.tx(ctx, func(tx pgx.Tx) error { return t.settle(ctx, tx, call, s) })
}

// advance says how far the work on a text is, of 100.
func (t *Tenant) advance(ctx context.Context, id uuid.UUID, done int) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		_, err := exec(ctx, tx, `update syntheses set done = $2 where id = $1 and work = 'RUNNING'`, id, done)
		return err
	})
}
