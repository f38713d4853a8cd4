package store_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/storetest"
)

// What was spent is out of reach of any statement of a member: the gate books a call at the most that it can cost and settles it
// once, and neither makes the month cost less than what others have spent.
func TestNoStatementLowersWhatWasSpent(t *testing.T) {
	t.Parallel()
	m, ada, id := withModel(t, func(n *store.LLMAccountInput) {
		budget := 40
		n.PriceIn, n.PriceOut, n.Budget, n.MaxTokens = 1_000_000, 1_000_000, &budget, 100 // a cent for each token would be 100: too much
	})
	p := enter(t, ada)
	book := func(as *probe, call uuid.UUID, purpose string, in int) bool {
		t.Helper()
		return scan[bool](t, as.tx, `select gate.book_llm_call($1, $2, $3, null, $4)`, call, id, purpose, in)[0]
	}
	if book(p, uuid.New(), "SYNTHESIS", 0) {
		t.Error("a call was booked that may cost more than the budget")
	}
	budget := 250
	must(t, ada.UpdateLLMAccount(t.Context(), id, llmAccount(t, ada, id).Revision, m.account(func(n *store.LLMAccountInput) {
		n.PriceIn, n.PriceOut, n.Budget, n.MaxTokens = 1_000_000, 1_000_000, &budget, 100
	})))
	call := uuid.New()
	storetest.Inside(t, ada, `select gate.book_llm_call($1, $2, 'SYNTHESIS', null, 20)`, call, id)
	spent := func() int64 { return llmAccount(t, ada, id).Spent }
	if spent() != 120_000_000 {
		t.Errorf("booked %d", spent())
	}

	for _, member := range []*store.Tenant{ada, storetest.Join(t, ada, store.Member, "Mona")} {
		p := enter(t, member)
		for _, sql := range []string{
			"update llm_spending set cost = 0", "update llm_spending set tokens = 0, cost = cost", "delete from llm_spending", "truncate llm_spending",
			fmt.Sprintf("insert into llm_spending (account_id, month) values ('%s', '2030-01')", id),
			fmt.Sprintf("insert into llm_spending (account_id, month) select '%s', '2030-01' on conflict (account_id, month) do update set cost = 0", id),
			"update llm_calls set cost = 0", "update llm_calls set outcome = 'FAILED', finished_at = now()", "delete from llm_calls",
			fmt.Sprintf("insert into llm_calls (id, account_id, month, asked_by, purpose, model, cost) values (gen_random_uuid(), '%s', '2030-01', '%s', 'TEST', 'x', 0)",
				id, member.User.ID),
			"select * from llm_spending for update",
		} {
			p.refused(t, sql, denied)
		}
		p.refused(t, fmt.Sprintf("select gate.book_llm_call(gen_random_uuid(), '%s', 'SYNTHESIS', null, -100)", id), "SR409")
		p.refused(t, fmt.Sprintf("select gate.book_llm_call(gen_random_uuid(), '%s', 'GIFT', null, 1)", id), "23514")
	}
	mona := enter(t, storetest.Join(t, ada, store.Member, "Mona"))
	mona.refused(t, fmt.Sprintf("select gate.book_llm_call(gen_random_uuid(), '%s', 'TEST', null, 1)", id), "SR403")
	storetest.Inside(t, storetest.Join(t, ada, store.Admin, "Adam"), `select gate.settle_llm_call($1, 'FAILED', '', 1, 0, 0)`, call) // another's call
	if spent() != 120_000_000 {
		t.Errorf("somebody settled the call of another: %d", spent())
	}
	enter(t, ada).refused(t, fmt.Sprintf("select gate.settle_llm_call('%s', 'DONE', '', 1, -100, 0)", call), "23514")
	storetest.Inside(t, ada, `select gate.settle_llm_call($1, 'DONE', '', 1, 20, 5)`, call)
	storetest.Inside(t, ada, `select gate.settle_llm_call($1, 'FAILED', '', 1, 0, 0)`, call) // once more
	if spent() != 25_000_000 {
		t.Errorf("settled at %d", spent())
	}
	must(t, ada.DisableLLMAccount(t.Context(), id))
	if book(enter(t, ada), uuid.New(), "SYNTHESIS", 0) {
		t.Error("a call of a model that is switched off was booked")
	}
}
