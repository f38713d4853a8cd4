package handlers_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/storetest"
	"surrealm/store/synthesis"
)

const modelKey = "sk-canary-of-a-key"

// aModel is a language model of the world's organisation.
func (w *world) aModel(t *testing.T) uuid.UUID {
	t.Helper()
	return got[uuid.UUID](t)(w.owner.AddLLMAccount(t.Context(), store.LLMAccountInput{Name: "Model " + uuid.NewString(), BaseURL: "https://llm.example/v1",
		Model: "parrot-1", Key: modelKey, MaxTokens: 1000, MaxChars: 20_000, Timeout: 30}))
}

var modelFields = []any{"base_url", "https://llm.example/v1", "model", "parrot-1", "price_in", "3.00", "price_out", "15,5", "budget", "20",
	"max_tokens", 1000, "max_chars", 20_000, "timeout", 30, "revision", 1}

// onModel is a call on a language model that was made for it.
func onModel(below string, fields ...any) caller {
	return func(t *testing.T, w *world, _ *store.Tenant) call {
		return at("/settings/models/%s%s", w.aModel(t), below).with(fields...)
	}
}

// modelCalls are the uses of language models.
var modelCalls = map[string][]caller{
	"POST /o/:org/settings/models": {func(*testing.T, *world, *store.Tenant) call {
		return at("/settings/models").with(append([]any{"name", "Model " + uuid.NewString(), "key", modelKey}, modelFields...)...)
	}},
	"GET /o/:org/settings/models/:id": {onModel("")},
	"POST /o/:org/settings/models/:id": {func(t *testing.T, w *world, _ *store.Tenant) call {
		return at("/settings/models/%s", w.aModel(t)).with(append([]any{"name", "Model " + uuid.NewString()}, modelFields...)...)
	}},
	"POST /o/:org/settings/models/:id/default": {onModel("/default")},
	"POST /o/:org/settings/models/:id/disable": {onModel("/disable")},
	"POST /o/:org/settings/models/:id/enable": {func(t *testing.T, w *world, _ *store.Tenant) call {
		id := w.aModel(t)
		must(t, w.owner.DisableLLMAccount(t.Context(), id))
		return at("/settings/models/%s/enable", id).with()
	}},
	"POST /o/:org/settings/models/:id/test":   {onModel("/test")},
	"POST /o/:org/settings/models/:id/delete": {onModel("/delete")},
}

func TestALanguageModelIsSetUp(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	b, base := a.as(t, w.owner), "/o/"+w.slug()+"/settings/models"
	b.get(t, base).status(t, 200)

	typed := url.Values{"name": {"Our model"}, "base_url": {"http://169.254.169.254/v1"}, "model": {"parrot-1"}, "key": {modelKey}, "price_in": {"x"},
		"price_out": {"15.50"}, "max_tokens": {"1000"}, "max_chars": {"20000"}, "timeout": {"30"}}
	refused := b.post(t, base, typed)
	refused.status(t, 422)
	for _, want := range []string{"Our model", "169.254.169.254", "price_in-error", "base_url-error", "Enter the key again"} {
		if !strings.Contains(refused.body, want) {
			t.Errorf("the refused form lacks %q", want)
		}
	}
	typed.Set("base_url", "https://llm.example/v1")
	typed.Set("price_in", "3")
	added := b.post(t, base, typed)
	added.status(t, 303)
	path := added.header("Location")
	shown := b.get(t, path)
	shown.status(t, 200)
	if !strings.Contains(shown.body, "Replace the key") || !strings.Contains(shown.body, `value="15.50"`) {
		t.Error("the page does not show what was saved")
	}
	moved := b.post(t, path, url.Values{"name": {"Our model"}, "base_url": {"https://other.example/v1"}, "model": {"parrot-1"}, "price_in": {"3"},
		"price_out": {"15.50"}, "max_tokens": {"1000"}, "max_chars": {"20000"}, "timeout": {"30"}, "revision": {"1"}})
	moved.status(t, 422)
	if !strings.Contains(moved.body, "The stored key is for llm.example") {
		t.Error("a key goes along to another host")
	}
	b.post(t, path+"/test", nil).status(t, 303)
	testing := b.get(t, path)
	if !strings.Contains(testing.body, `hx-trigger="every 2s"`) || !strings.Contains(b.get(t, base+"/ledger").body, "Under way") {
		t.Error("a test under way does not show")
	}
	for _, page := range []*page{refused, shown, moved, testing, b.get(t, base), b.get(t, base+"/ledger"), b.get(t, "/o/"+w.slug()+"/audit")} {
		if strings.Contains(page.body, modelKey) {
			t.Errorf("%s shows the key", page.response.Request.URL)
		}
	}
	// Members choose it, and read where the texts go.
	ann := w.person(t, store.Member)
	found := w.aSynthesis(t, ann)
	list := a.as(t, ann).get(t, "/o/"+w.slug()+"/signals/"+found.SignalID.String()+"/syntheses")
	if !strings.Contains(list.body, "Texts leave this server and go to llm.example") {
		t.Error("it is not said where the texts go")
	}
	b.post(t, path+"/delete", nil).status(t, 303)
	b.get(t, path).status(t, 404)
}

func formTo(address string) string { return `form[action="` + address + `"]` }

// Who changes where texts go, or the key that goes along, enters the password again; who changes a price does not.
func TestALanguageModelIsRedirectedWithThePassword(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	b, base := a.as(t, w.owner), "/o/"+w.slug()+"/settings/models"
	path := base + "/" + w.aModel(t).String()
	a.wait(11 * time.Minute)
	typed := b.get(t, base+"/new").has(t, "#password").form(t, formTo(base))
	for name, value := range map[string]string{"name": "Our model", "base_url": "https://llm.example/v1", "model": "parrot-1", "key": modelKey} {
		typed.Set(name, value)
	}
	refused := b.post(t, base, typed).status(t, 422).has(t, "#password-error")
	if !strings.Contains(refused.body, "Our model") || strings.Contains(refused.body, modelKey) {
		t.Error("what was typed is lost, or the key is sent back")
	}
	saved := b.get(t, path).has(t, "#password").form(t, formTo(path))
	saved.Set("price_in", "7.00")
	b.post(t, path, saved).status(t, 303)
	for name, value := range map[string]string{"key": "sk-another", "base_url": "https://llm.example/v2", "remove_key": "on"} {
		form := b.get(t, path).form(t, formTo(path))
		form.Set(name, value)
		b.post(t, path, form).status(t, 422).has(t, "#password-error")
		form.Set("password", "wrong")
		b.post(t, path, form).status(t, 422).has(t, "#password-error")
	}
	form := b.get(t, path).form(t, formTo(path))
	form.Set("key", "sk-another")
	form.Set("password", storetest.Password)
	b.post(t, path, form).status(t, 303)
	b.get(t, path).hasNot(t, "#password") // it was entered a moment ago
}

// A form that offers language models chooses the organisation's default, and says that texts leave the server; not where the author
// lets nothing leave.
func TestTheDefaultModelIsChosenAtFirst(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	ann := w.person(t, store.Member)
	b := a.as(t, ann)
	address := "/o/" + w.slug() + "/signals/" + w.aSynthesis(t, ann).SignalID.String() + "/syntheses"
	b.get(t, address).hasNot(t, "[name=writer]")
	first, second := w.aModel(t), w.aModel(t)
	chosen := func(page *page) string { return page.form(t, formTo(address)).Get("writer") }
	if page := b.get(t, address); chosen(page) != first.String() || !strings.Contains(page.body, "offers Model") || !strings.Contains(page.body, "Texts leave this server") {
		t.Errorf("chosen is %q", chosen(page))
	}
	must(t, w.owner.MakeLLMDefault(t.Context(), second))
	if got := chosen(b.get(t, address)); got != second.String() {
		t.Errorf("chosen is %q, want the new default", got)
	}
	refused := b.post(t, address, url.Values{"type": {"NONE"}, "writer": {""}}).status(t, 422)
	if got := chosen(refused); got != "" {
		t.Errorf("a refused form chooses %q, and the built-in writer was chosen", got)
	}
	shared := w.aSignal(t, ann, func(n *store.NewSignal) {
		n.Realm, n.Draft, n.File = w.realm(t, ann, store.SharedRealm), signal.NewDraft(signal.DocumentType), nil
		n.Draft.Title, n.Draft.Payload = "The valve", signal.Document{Content: pumpText, Format: signal.Plain}
	})
	open := "/o/" + w.slug() + "/signals/" + shared.ID.String() + "/syntheses"
	if got := b.get(t, open).form(t, formTo(open)).Get("writer"); got != "" {
		t.Errorf("%q is chosen for a signal that may not leave this server", got)
	}
	must(t, w.owner.DisableLLMAccount(t.Context(), second))
	if got := chosen(b.get(t, address)); got != "" {
		t.Errorf("without a default %q is chosen", got)
	}
}

func TestAFailedSynthesisIsWrittenHereInstead(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	model := w.aModel(t)
	draft := signal.NewDraft(signal.DocumentType)
	draft.Title, draft.Payload = "Pump", signal.Document{Content: pumpText, Format: signal.Plain}
	own := got[uuid.UUID](t)(w.owner.CreateSignal(t.Context(), store.NewSignal{Draft: draft}))
	asked := got[uuid.UUID](t)(w.owner.AskSynthesisOf(t.Context(), model, store.Subject{Signal: own}, synthesis.Mirror))
	storetest.Inside(t, w.owner, `update syntheses set work = 'FAILED', error = 'The provider refused the key.' where id = $1`, asked)
	b, path := a.as(t, w.owner), "/o/"+w.slug()+"/syntheses/"+asked.String()
	page := b.get(t, path)
	for _, want := range []string{"It could not be written", "The provider refused the key.", "Try again", "Write it with the built-in writer", "llm.example"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	b.post(t, path+"/retry", url.Values{"writer": {"built-in"}}).status(t, 303)
	if after := got[store.SynthesisPage](t)(w.owner.Synthesis(t.Context(), asked)); after.Work != "WAITING" || after.Account != nil {
		t.Errorf("after: %s %v", after.Work, after.Account)
	}
}
