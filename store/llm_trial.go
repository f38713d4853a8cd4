package store

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"surrealm/store/llm"
)

// TryLLMAccount has a fixed sentence sent to an account in the background; its line in the ledger tells what came of it.
// ErrConflict when the account is switched off or its budget is used up.
func (t *Tenant) TryLLMAccount(ctx context.Context, id uuid.UUID) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		found, err := findLLMAccount(ctx, tx, id)
		if err != nil {
			return err
		}
		if found.State != "ACTIVE" {
			return Conflict{Reason: "This language model is switched off. Switch it on first."}
		}
		call, err := t.reserve(ctx, tx, found, llm.TestPrompt(), "TEST", uuid.Nil)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `select gate.enqueue_llm_test($1)`, call); err != nil {
			return err
		}
		return t.audit(ctx, tx, LLMAccountTried, Object{"language_model", id, found.Name}, nil)
	})
}

// testLanguageModel tries one account.
type testLanguageModel struct {
	Org  uuid.UUID `json:"org"`
	User uuid.UUID `json:"user"`
	Call uuid.UUID `json:"call"`
}

// Kind is the name by which SQL adds the job.
func (testLanguageModel) Kind() string { return "test_language_model" }

func (j *Jobs) workLLMTrial(ctx context.Context, job *river.Job[testLanguageModel]) error {
	err := j.store.actor(job.Args.Org, job.Args.User).tryLLM(ctx, job.Args.Call)
	if errors.Is(err, ErrNotFound) {
		return nil // the person has gone, or another try has told already
	}
	return err
}

func (t *Tenant) tryLLM(ctx context.Context, call uuid.UUID) error {
	data, err := t.dataKey(ctx)
	if err != nil {
		return err
	}
	var to llm.Endpoint
	err = t.tx(ctx, func(tx pgx.Tx) error {
		id, err := value[uuid.UUID](ctx, tx, `select account_id from llm_calls where id = $1 and outcome = 'RUNNING'`, call)
		if err != nil {
			return err
		}
		_, to, err = t.liveLLMAccount(ctx, tx, data, id)
		return err
	})
	if gone := (Conflict{}); errors.As(err, &gone) {
		return t.settleNow(ctx, call, settlement{outcome: "FAILED", problem: gone.Reason, unbilled: true})
	}
	if err != nil {
		return err
	}
	began := time.Now()
	text, usage, err := t.store.llm.Ask(ctx, to, llm.TestPrompt())
	if err == nil {
		_, err = llm.Check(text, 1)
	}
	if ctx.Err() != nil {
		return ctx.Err() // the server stops; another try tells
	}
	return t.settleNow(ctx, call, settled(usage, time.Since(began), err))
}
