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
	ID         uuid.UUID  `db:"id"`
	AccountID  uuid.UUID  `db:"account_id"`
	Account    string     `db:"account"`
	Person     string     `db:"person"`
	Purpose    string     `db:"purpose"` // SYNTHESIS or TEST
	Model      string     `db:"model"`
	Outcome    string     `db:"outcome"` // RUNNING, DONE, REFUSED, FAILED or CANCELLED
	Problem    string     `db:"problem"`
	TokensIn   int        `db:"tokens_in"`
	TokensOut  int        `db:"tokens_out"`
	Cost       int64      `db:"cost"` // in millionths of a cent; while it runs the most that it can be
	DurationMS int        `db:"duration_ms"`
	StartedAt  time.Time  `db:"started_at"`
	FinishedAt *time.Time `db:"finished_at"`
}

const (
	llmCallColumns = `
	c.id, c.account_id, a.name as account, p.display_name as person, c.purpose, c.model, c.outcome, c.problem, c.tokens_in, c.tokens_out, c.cost,
	c.duration_ms, c.started_at, c.finished_at`
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

// LLMCalls returns a page of the ledger, the newest first.
func (t *Tenant) LLMCalls(ctx context.Context, f LLMCallFilter) (Page[LLMCall], error) {
	from, started := parseCursor(f.Cursor)
	var rows []LLMCall
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		rows, err = many[LLMCall](ctx, tx, `
			select `+llmCallColumns+` from `+llmCallTables+`
			where ($1::uuid is null or c.account_id = $1) and ($2 = '' or c.outcome = $2) and ($3 = '' or p.display_name ilike '%' || $3 || '%')
				and (not $4 or case when $6 then c.id > $5 else c.id < $5 end)
			order by case when $6 then c.id end, c.id desc limit $7`,
			orNull(f.Account), f.Outcome, likePattern(f.Who), started, from.ID, from.Back, PageSize+1)
		return err
	})
	return page(rows, from, started, func(c LLMCall) cursor { return cursor{ID: c.ID} }), err
}

// worth is what tokens cost at most, in millionths of a cent.
func (a LLMAccount) worth(in, out int) int64 {
	return int64(in)*int64(a.PriceIn) + int64(out)*int64(a.PriceOut)
}

// errBudget says that a call might cost more than is left.
func errBudget(a LLMAccount) error {
	return Conflict{Reason: fmt.Sprintf("The budget of %q for this month is used up, or what is left may not be enough for one more request.", a.Name)}
}

// reserve writes a call into the ledger at the most that it can cost, if the account's budget holds that. One statement locks
// the month's row, so that calls at the same time cannot overspend together.
func (t *Tenant) reserve(ctx context.Context, tx pgx.Tx, a LLMAccount, p llm.Prompt, purpose string, synthesis uuid.UUID) (uuid.UUID, error) {
	id, in := newID(), p.Size()
	booked, err := exec(ctx, tx, `
		with month as (
			insert into llm_spending as m (account_id, month, cost, tokens)
			select a.id, `+thisMonth+`, $4::bigint, $5::bigint from llm_accounts a
			where a.id = $2 and a.state <> 'DELETED' and (a.budget is null or $4 <= a.budget::bigint * 1000000)
			on conflict (account_id, month) do update set cost = m.cost + excluded.cost, tokens = m.tokens + excluded.tokens
			where (select a.budget is null or m.cost + excluded.cost <= a.budget::bigint * 1000000 from llm_accounts a where a.id = m.account_id)
			returning m.account_id, m.month)
		insert into llm_calls (id, account_id, month, asked_by, purpose, synthesis_id, model, tokens_in, tokens_out, cost)
		select $1, month.account_id, month.month, $3, $6, $7, $8, $9, $10, $4::bigint from month`,
		id, a.ID, t.User.ID, a.worth(in, a.MaxTokens), in+a.MaxTokens, purpose, orNull(synthesis), a.Model, in, a.MaxTokens)
	if err == nil && booked == 0 {
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
func (t *Tenant) settle(ctx context.Context, tx pgx.Tx, a LLMAccount, call uuid.UUID, s settlement) error {
	in, out := &s.usage.In, &s.usage.Out
	if s.usage == (llm.Usage{}) && !s.unbilled {
		in, out = nil, nil
	}
	_, err := exec(ctx, tx, `
		with before as (select id, account_id, month, cost, tokens_in, tokens_out from llm_calls where id = $1 and outcome = 'RUNNING' for update),
		after as (
			update llm_calls c
			set outcome = $2, problem = $3, duration_ms = $4, finished_at = now(), tokens_in = coalesce($5::int, c.tokens_in),
				tokens_out = coalesce($6::int, c.tokens_out), cost = case when $5::int is null then c.cost else $5::bigint * $7 + $6::bigint * $8 end
			from before b where c.id = b.id
			returning c.account_id, c.month, c.cost - b.cost as cost, c.tokens_in + c.tokens_out - b.tokens_in - b.tokens_out as tokens)
		update llm_spending m set cost = greatest(m.cost + after.cost, 0), tokens = greatest(m.tokens + after.tokens, 0)
		from after where m.account_id = after.account_id and m.month = after.month`,
		call, s.outcome, s.problem, s.took.Milliseconds(), in, out, a.PriceIn, a.PriceOut)
	return err
}
