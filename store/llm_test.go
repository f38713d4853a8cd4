package store_test

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/llm"
	"surrealm/store/storetest"
	"surrealm/store/synthesis"
)

func TestALanguageModelWritesASynthesis(t *testing.T) {
	t.Parallel()
	m, ada, id := withModel(t)
	about := store.Subject{Signal: note(t, ada, "", "Pump", "The pump leaks oil.\n\nNobody repaired it.")}
	asked, err := ada.AskSynthesisOf(t.Context(), id, about, synthesis.Mirror)
	must(t, err)
	if waiting := opened(t, ada, asked); waiting.Account == nil || *waiting.Account != id || !strings.Contains(m.url, waiting.Host()) || waiting.Host() == "" {
		t.Errorf("while it waits: %+v", waiting.Synthesis)
	}
	must(t, ada.WorkSynthesis(t.Context(), asked, 1))
	page := opened(t, ada, asked)
	if page.Work != "DONE" || page.Model != "parrot-1" || !strings.HasPrefix(page.Provider, "Parrot") || page.Done != 100 || len(page.Lines) != 1 ||
		page.Lines[0].Text != "It leaks." || page.Lines[0].Quote != "The pump leaks oil." {
		t.Fatalf("written: %+v", page)
	}
	calls := ledger(t, ada)
	if len(calls) != 1 || calls[0].Outcome != "DONE" || calls[0].Cost <= 0 || calls[0].TokensIn < 100 || m.keys[0] != "Bearer "+llmSecret {
		t.Errorf("the ledger: %+v", calls)
	}
	if a := llmAccount(t, ada, id); a.Spent != calls[0].Cost || !a.Default {
		t.Errorf("the account: %+v", a)
	}
	must(t, ada.WorkSynthesis(t.Context(), asked, 2)) // once more, as after a crash at the very end
	if len(m.bodies) != 1 {
		t.Error("a text that is written was sent again")
	}
}

// Failures are told on the synthesis, tried again when that may help, and lose nothing.
func TestAFailureOfAModelIsShownAndLosesNothing(t *testing.T) {
	t.Parallel()
	m, ada, id := withModel(t)
	m.answer = func(int) (int, string) { return 429, "" }
	about := store.Subject{Signal: note(t, ada, "", "Pump", "The pump leaks oil.")}
	before := written(t, ada, about, synthesis.Mirror)
	asked, err := ada.AskSynthesisOf(t.Context(), id, about, synthesis.Mirror)
	must(t, err)
	for try := 1; try <= 4; try++ {
		err = ada.WorkSynthesis(t.Context(), asked, 1)
		page := opened(t, ada, asked)
		if try < 4 && (err == nil || page.Work != "WAITING" || !strings.Contains(page.Error, fmt.Sprintf("%d of 4", try+1)) || try == 1 && !strings.Contains(page.Error, "33 seconds")) ||
			try == 4 && (err != nil || page.Work != "FAILED" || !strings.Contains(page.Error, "no more requests")) {
			t.Fatalf("try %d: %v, %s %q", try, err, page.Work, page.Error)
		}
	}
	must(t, ada.WorkSynthesis(t.Context(), asked, 1))
	if len(m.bodies) != 4 || opened(t, ada, before.ID).Work != "DONE" {
		t.Errorf("asked %d times", len(m.bodies))
	}
	for _, call := range ledger(t, ada) {
		if call.Outcome != "FAILED" || call.Cost != 0 || call.Problem == "" {
			t.Errorf("the ledger: %+v", call)
		}
	}
	// An answer that cites what was not sent is refused as a whole, and was paid for.
	m.answer = func(int) (int, string) {
		return 200, `{"sentences":[{"text":"It leaks.","passage":1},{"text":"I was told to.","passage":2}]}`
	}
	must(t, ada.RetrySynthesis(t.Context(), asked))
	if err := ada.WorkSynthesis(t.Context(), asked, 1); err == nil {
		t.Error("an answer that cites what was not sent is not tried again")
	}
	if page := opened(t, ada, asked); page.Work != "WAITING" || len(page.Lines) != 0 || ledger(t, ada)[0].Outcome != "REFUSED" || ledger(t, ada)[0].Cost == 0 {
		t.Errorf("refused: %+v", page)
	}
	m.answer = func(int) (int, string) { return 401, "" }
	if err := ada.WorkSynthesis(t.Context(), asked, 1); err != nil || opened(t, ada, asked).Work != "FAILED" {
		t.Errorf("a refused key: %v", err)
	}
	must(t, ada.WriteSynthesisHere(t.Context(), asked))
	must(t, ada.WorkSynthesis(t.Context(), asked, 1))
	if page := opened(t, ada, asked); page.Work != "DONE" || page.Provider != "built-in" || page.Account != nil {
		t.Errorf("written here instead: %+v", page.Synthesis)
	}
}

func TestCallsAtOnceDoNotOverspend(t *testing.T) {
	t.Parallel()
	m, ada, id := withModel(t, func(n *store.LLMAccountInput) { n.PriceIn, n.PriceOut = 1_000_000, 1_000_000 }) // a cent for each token
	ask := func() uuid.UUID {
		asked, err := ada.AskSynthesisOf(t.Context(), id, store.Subject{Signal: note(t, ada, "", "Pump", "The pump leaks oil.")}, synthesis.Mirror)
		must(t, err)
		return asked
	}
	must(t, ada.WorkSynthesis(t.Context(), ask(), 1))
	one := int(ledger(t, ada)[0].Cost / 1_000_000) // the endpoint does not say what it took, so what was reserved stands
	found, budget := llmAccount(t, ada, id), 3*one+one/2
	must(t, ada.UpdateLLMAccount(t.Context(), id, found.Revision, m.account(func(n *store.LLMAccountInput) {
		n.PriceIn, n.PriceOut, n.Budget = 1_000_000, 1_000_000, &budget
	})))
	var work sync.WaitGroup
	var all []uuid.UUID
	for range 6 {
		asked := ask()
		all = append(all, asked)
		work.Go(func() {
			if err := ada.WorkSynthesis(t.Context(), asked, 1); err != nil {
				t.Error(err)
			}
		})
	}
	work.Wait()
	done := 0
	for _, asked := range all {
		if page := opened(t, ada, asked); page.Work == "DONE" {
			done++
		} else if page.Work != "FAILED" || !strings.Contains(page.Error, "budget") {
			t.Errorf("%s: %q", page.Work, page.Error)
		}
	}
	if a := llmAccount(t, ada, id); done != 2 || len(m.bodies) != 3 || a.Spent != 3*int64(one)*1_000_000 {
		t.Errorf("%d written, %d calls, %d spent of %d", done, len(m.bodies), a.Spent, budget)
	}
}

func TestAKeyIsSealedAndStaysWithItsHost(t *testing.T) {
	t.Parallel()
	m, ada, id := withModel(t)
	// Nothing of the key is readable: not in the page's values, nor in the rows, nor in the audit log.
	var all strings.Builder
	list, err := ada.LLMAccounts(t.Context())
	must(t, err)
	found := llmAccount(t, ada, id)
	slog.New(slog.NewJSONHandler(&all, nil)).Info("x", "list", list, "page", found, "history", found.History)
	fmt.Fprintf(&all, "%+v %+v", list, found)
	super := storetest.Connect(t, "postgres")
	for _, table := range []string{"llm_accounts", "llm_calls", "audit_entries"} {
		for _, row := range scan[string](t, super, fmt.Sprintf("select r::text from %s.%s r", schemaOf(ada), table)) {
			all.WriteString(row)
		}
	}
	if text := all.String(); strings.Contains(text, llmSecret) || strings.Contains(text, fmt.Sprintf("%x", llmSecret)) {
		t.Error("the key is readable")
	}
	if !found.HasKey || found.KeySetAt == nil {
		t.Errorf("no key: %+v", found)
	}
	// Another address is not sent the key that was stored for this one.
	moved := m.account(func(n *store.LLMAccountInput) { n.BaseURL, n.Key = "https://elsewhere.example/v1", "" })
	if bad := (store.Invalid)(nil); !errors.As(ada.UpdateLLMAccount(t.Context(), id, found.Revision, moved), &bad) || bad["key"] == "" {
		t.Errorf("the key went along to another host: %v", bad)
	}
	moved.RemoveKey = true
	must(t, ada.UpdateLLMAccount(t.Context(), id, found.Revision, moved))
	if a := llmAccount(t, ada, id); a.HasKey || a.Host() != "elsewhere.example" {
		t.Errorf("after the move: %+v", a)
	}
	if err := ada.UpdateLLMAccount(t.Context(), id, found.Revision, moved); !errors.Is(err, store.ErrConflict) {
		t.Errorf("a stale save: %v", err)
	}
	for _, address := range []string{"http://169.254.169.254/latest", "https://127.0.0.1/v1", "https://u:p@x.example/", "x"} {
		_, err := ada.AddLLMAccount(t.Context(), m.account(func(n *store.LLMAccountInput) { n.BaseURL = address }))
		if bad := (store.Invalid)(nil); !errors.As(err, &bad) || bad["base_url"] == "" {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestLanguageModelsAreKeptByOwnersAndAdmins(t *testing.T) {
	t.Parallel()
	m, ada, id := withModel(t)
	s := model2(t, m)
	second, err := ada.AddLLMAccount(t.Context(), m.account())
	must(t, err)
	must(t, ada.MakeLLMDefault(t.Context(), second))
	if list, err := ada.LLMAccounts(t.Context()); err != nil || len(list) != 2 || list[0].ID != second || !list[0].Default || list[1].Default {
		t.Errorf("%+v %v", list, err)
	}
	for _, role := range []store.Role{store.Reviewer, store.Member, store.Auditor} {
		joined := storetest.Join(t, ada, role, "Rolf")
		member := storetest.ViewIn(t, s, joined.User, ada.Org.Slug)
		if _, err := member.AddLLMAccount(t.Context(), m.account()); err == nil {
			t.Errorf("a %s added a model", role)
		}
		for name, change := range map[string]func() error{
			"disable": func() error { return member.DisableLLMAccount(t.Context(), id) },
			"delete":  func() error { return member.DeleteLLMAccount(t.Context(), id) },
			"default": func() error { return member.MakeLLMDefault(t.Context(), id) },
			"update":  func() error { return member.UpdateLLMAccount(t.Context(), id, 1, m.account()) },
			"try":     func() error { return member.TryLLMAccount(t.Context(), id) },
		} {
			if change() == nil {
				t.Errorf("a %s did: %s", role, name)
			}
		}
		if calls := ledger(t, member); len(calls) > 0 {
			t.Errorf("a %s reads the ledger of others", role)
		}
		if list, err := member.LLMAccounts(t.Context()); err != nil || len(list) != 2 {
			t.Errorf("a %s cannot choose: %v", role, err)
		}
	}
	must(t, ada.DisableLLMAccount(t.Context(), second))
	if err := ada.MakeLLMDefault(t.Context(), second); !errors.Is(err, store.ErrConflict) {
		t.Errorf("a model that is off became the default: %v", err)
	}
	about := store.Subject{Signal: note(t, ada, "", "Pump", "The pump leaks oil.")}
	if _, err := ada.AskSynthesisOf(t.Context(), second, about, synthesis.Mirror); !errors.As(err, &store.Invalid{}) {
		t.Errorf("a model that is off was asked: %v", err)
	}
	asked, err := ada.AskSynthesisOf(t.Context(), id, about, synthesis.Mirror)
	must(t, err)
	must(t, ada.DeleteLLMAccount(t.Context(), id))
	must(t, ada.WorkSynthesis(t.Context(), asked, 1))
	if page := opened(t, ada, asked); page.Work != "FAILED" || !strings.Contains(page.Error, "removed") || len(m.bodies) > 0 {
		t.Errorf("a removed model: %s %q", page.Work, page.Error)
	}
	if kept := scan[bool](t, storetest.Connect(t, "postgres"), fmt.Sprintf("select sealed_key is not null from %s.llm_accounts where id = '%s'", schemaOf(ada), id)); kept[0] {
		t.Error("the key of a deleted account is kept")
	}
	if _, err := ada.LLMAccount(t.Context(), id); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a deleted account shows: %v", err)
	}
}

func TestAnAccountIsTriedOut(t *testing.T) {
	t.Parallel()
	m, ada, id := withModel(t)
	for _, c := range []struct {
		status        int
		content, want string
	}{
		{200, `{"sentences":[{"text":"The lamp is on.","passage":1}]}`, "DONE"},
		{200, "The lamp is on.", "REFUSED"},
		{401, "", "FAILED"},
	} {
		m.answer = func(int) (int, string) { return c.status, c.content }
		must(t, ada.TryLLMAccount(t.Context(), id))
		trial := llmAccount(t, ada, id).Trial
		if trial == nil || trial.Outcome != "RUNNING" {
			t.Fatalf("before: %+v", trial)
		}
		must(t, ada.TryLLM(t.Context(), trial.ID))
		if after := llmAccount(t, ada, id).Trial; after.Outcome != c.want || (after.Problem == "") != (c.want == "DONE") {
			t.Errorf("%d %q: %+v", c.status, c.content, after)
		}
		if err := ada.TryLLM(t.Context(), trial.ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("tried twice: %v", err)
		}
	}
	if len(m.bodies) != 3 || !strings.Contains(m.bodies[0], "The lamp in the hall is on.") || llm.TestPrompt().Data == "" {
		t.Errorf("sent %q", m.bodies)
	}
	nothing := 0
	found := llmAccount(t, ada, id)
	must(t, ada.UpdateLLMAccount(t.Context(), id, found.Revision, m.account(func(n *store.LLMAccountInput) { n.Budget = &nothing })))
	if err := ada.TryLLMAccount(t.Context(), id); !errors.Is(err, store.ErrConflict) {
		t.Errorf("tried over the budget: %v", err)
	}
}
