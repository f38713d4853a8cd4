package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/llm"
)

// LLMCall is one line of the ledger: a call of a language model, in numbers.
type LLMCall struct {
	ID         uuid.UUID `db:"id"`
	Account    string    `db:"account"`
	Person     string    `db:"person"`
	Purpose    string    `db:"purpose"` // SYNTHESIS or TEST
	Model      string    `db:"model"`
	Outcome    string    `db:"outcome"` // RUNNING, DONE, REFUSED, FAILED or CANCELLED
	Problem    string    `db:"problem"`
	TokensIn   int       `db:"tokens_in"`
	TokensOut  int       `db:"tokens_out"`
	Cost       int64     `db:"cost"` // in millionths of a cent; while it runs the most that it can be
	DurationMS int       `db:"duration_ms"`
	StartedAt  time.Time `db:"started_at"`
}

const (
	llmCallColumns = `
	c.id, a.name as account, p.display_name as person, c.purpose, c.model, c.outcome, c.problem, c.tokens_in, c.tokens_out, c.cost,
	c.duration_ms, c.started_at`
	llmCallTables = `llm_calls c join llm_accounts a on a.id = c.account_id join people p on p.user_id = c.asked_by`
)

// LLMOutcomes are the outcomes of calls.
var LLMOutcomes = []string{"RUNNING", "DONE", "REFUSED", "FAILED", "CANCELLED"}

// LLMCallFilter narrows the ledger. Zero values ask for everything.
type LLMCallFilter struct {
	Account uuid.UUID
	Outcome string
	Who     string // words of the person's name
	Cursor  string
}

// LLMLedger is a page of the ledger, with the accounts that it can be narrowed to.
type LLMLedger struct {
	Page[LLMCall]
	Accounts []LLMAccount
}

// LLMCalls returns a page of the ledger, the newest first.
func (t *Tenant) LLMCalls(ctx context.Context, f LLMCallFilter) (found LLMLedger, err error) {
	from, started := parseCursor(f.Cursor)
	var rows []LLMCall
	err = t.read(ctx, func(b *pgx.Batch) {
		queueMany(b, &rows, `
			select `+llmCallColumns+` from `+llmCallTables+`
			where ($1::uuid is null or c.account_id = $1) and ($2 = '' or c.outcome = $2) and ($3 = '' or p.display_name ilike '%' || $3 || '%')
				and (not $4 or case when $6 then c.id > $5 else c.id < $5 end)
			order by case when $6 then c.id end, c.id desc limit $7`,
			orNull(f.Account), f.Outcome, likePattern(f.Who), started, from.ID, from.Back, PageSize+1)
		queueMany(b, &found.Accounts, listLLMAccounts)
	})
	found.Page = page(rows, from, started, func(c LLMCall) cursor { return cursor{ID: c.ID} })
	return found, err
}

// errBudget says that a call might cost more than is left.
func errBudget(a LLMAccount) error {
	return Conflict{Reason: fmt.Sprintf("The budget of %q for this month is used up, or what is left may not be enough for one more request.", a.Name)}
}

// reserve writes a call into the ledger at the most that it can cost, if the account's budget holds that. The gate books it, so
// that calls at the same time cannot overspend together, and no other statement changes what was spent.
func (t *Tenant) reserve(ctx context.Context, tx pgx.Tx, a LLMAccount, p llm.Prompt, purpose string, synthesis uuid.UUID) (uuid.UUID, error) {
	id := newID()
	booked, err := value[bool](ctx, tx, `select gate.book_llm_call($1, $2, $3, $4, $5)`, id, a.ID, purpose, orNull(synthesis), p.Size())
	if err == nil && !booked {
		err = errBudget(a)
	}
	return id, err
}

// settlement is what came of a call.
type settlement struct {
	outcome, problem string
	usage            llm.Usage
	took             time.Duration
	unbilled         bool
}

// settled says what came of a call that ended with err.
func settled(usage llm.Usage, took time.Duration, err error) settlement {
	s := settlement{outcome: "DONE", usage: usage, took: took}
	failure := (*llm.Failure)(nil)
	switch {
	case err == nil:
	case errors.As(err, &failure):
		s.outcome, s.problem, s.unbilled = "FAILED", failure.Reason, failure.Unbilled
		if failure.Refused {
			s.outcome = "REFUSED"
		}
	case errors.Is(err, context.Canceled):
		s.outcome = "CANCELLED"
	default:
		s.outcome, s.problem = "FAILED", "Something went wrong on this server."
	}
	return s
}

// settle replaces what was reserved for a call by what it cost. Where the endpoint did not say how many tokens it took, what was
// reserved stands.
func (t *Tenant) settle(ctx context.Context, tx pgx.Tx, call uuid.UUID, s settlement) error {
	in, out := &s.usage.In, &s.usage.Out
	if s.usage == (llm.Usage{}) && !s.unbilled {
		in, out = nil, nil
	}
	_, err := tx.Exec(ctx, `select gate.settle_llm_call($1, $2, $3, $4, $5, $6)`, call, s.outcome, s.problem, s.took.Milliseconds(), in, out)
	return err
}
