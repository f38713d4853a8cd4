package store

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/llm"
	"surrealm/store/seal"
)

// LLMAccount is an account at a provider of language models. Money is in cents; its key is never read back.
type LLMAccount struct {
	ID        uuid.UUID  `db:"id"`
	Name      string     `db:"name"`
	BaseURL   string     `db:"base_url"`
	Model     string     `db:"model"`
	HasKey    bool       `db:"has_key"`
	KeySetAt  *time.Time `db:"key_set_at"`
	Default   bool       `db:"is_default"`
	State     string     `db:"state"`     // ACTIVE, DISABLED or DELETED
	PriceIn   int        `db:"price_in"`  // cents for 1,000,000 tokens that the model reads
	PriceOut  int        `db:"price_out"` // and that it writes
	Budget    *int       `db:"budget"`    // cents a month; nil is without end
	MaxTokens int        `db:"max_tokens"`
	MaxChars  int        `db:"max_chars"`
	Timeout   int        `db:"timeout_seconds"`
	Revision  int        `db:"revision"`
	Spent     int64      `db:"spent"`  // this month, in millionths of a cent, with what is under way at its most
	Tokens    int64      `db:"tokens"` // this month
}

// Host is where texts go.
func (a LLMAccount) Host() string { return hostOf(a.BaseURL) }

func hostOf(address string) string {
	to, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return to.Host
}

const llmAccountColumns = `
	a.id, a.name, a.base_url, a.model, a.sealed_key is not null as has_key, a.key_set_at, a.is_default, a.state, a.price_in, a.price_out,
	a.budget, a.max_tokens, a.max_chars, a.timeout_seconds, a.revision, coalesce(m.cost, 0) as spent, coalesce(m.tokens, 0) as tokens`

// thisMonth is the month of the ledger that it is now.
const thisMonth = `to_char(now() at time zone 'UTC', 'YYYY-MM')`

const llmAccountTables = `llm_accounts a left join llm_spending m on m.account_id = a.id and m.month = ` + thisMonth

// LLMAccounts lists the accounts that are not deleted: the default, then by name.
func (t *Tenant) LLMAccounts(ctx context.Context) ([]LLMAccount, error) {
	return readAll[LLMAccount](ctx, t, listLLMAccounts)
}

const listLLMAccounts = `
	select ` + llmAccountColumns + ` from ` + llmAccountTables + ` where a.state <> 'DELETED' order by a.is_default desc, lower(a.name), a.id`

func findLLMAccount(ctx context.Context, tx pgx.Tx, id uuid.UUID) (LLMAccount, error) {
	return one[LLMAccount](ctx, tx, `select `+llmAccountColumns+` from `+llmAccountTables+` where a.id = $1 and a.state <> 'DELETED'`, id)
}

// LLMAccountPage is one account with its last trial.
type LLMAccountPage struct {
	LLMAccount
	Trial   *LLMCall // nil before the first
	History []AuditEntry
}

// LLMAccount returns one account that is not deleted.
func (t *Tenant) LLMAccount(ctx context.Context, id uuid.UUID) (LLMAccountPage, error) {
	var found LLMAccountPage
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		if found.LLMAccount, err = findLLMAccount(ctx, tx, id); err != nil {
			return err
		}
		trials, err := many[LLMCall](ctx, tx, `
			select `+llmCallColumns+` from `+llmCallTables+` where c.account_id = $1 and c.purpose = 'TEST' order by c.id desc limit 1`, id)
		if err != nil {
			return err
		}
		if len(trials) > 0 {
			found.Trial = &trials[0]
		}
		found.History, err = t.history(ctx, tx, id)
		return err
	})
	return found, err
}

// LLMAccountInput is what a person sets. Key "" leaves the key as it is; RemoveKey takes it away.
type LLMAccountInput struct {
	Name      string
	BaseURL   string
	Model     string
	Key       string
	RemoveKey bool
	PriceIn   int
	PriceOut  int
	Budget    *int
	MaxTokens int
	MaxChars  int
	Timeout   int
}

func (n *LLMAccountInput) validate(s *Store) Invalid {
	bad := Invalid{}
	n.Name, n.BaseURL, n.Model, n.Key = oneLine(n.Name), strings.TrimSpace(n.BaseURL), strings.TrimSpace(n.Model), strings.TrimSpace(n.Key)
	within := func(field string, n, least, most int, say string) {
		if n < least || n > most {
			bad[field] = say
		}
	}
	within("name", len([]rune(n.Name)), 1, 60, "Use 1 to 60 characters.")
	within("model", len([]rune(n.Model)), 1, 200, "Use 1 to 200 characters, as the provider writes it.")
	within("price_in", n.PriceIn, 0, 10_000_000, "Enter a price from 0 to 100,000.")
	within("price_out", n.PriceOut, 0, 10_000_000, "Enter a price from 0 to 100,000.")
	within("max_tokens", n.MaxTokens, 100, 32_000, "Enter 100 to 32,000.")
	within("max_chars", n.MaxChars, 2_000, 200_000, "Enter 2,000 to 200,000.")
	within("timeout", n.Timeout, 5, 120, "Enter 5 to 120 seconds.")
	if n.Budget != nil {
		within("budget", *n.Budget, 0, 100_000_000, "Enter a budget from 0 to 1,000,000, or leave it empty.")
	}
	if problem := s.outbound.Check(n.BaseURL); problem != "" {
		bad["base_url"] = problem
	} else if len(n.BaseURL) > 500 {
		bad["base_url"] = "Use at most 500 characters."
	}
	if len(n.Key) > 2000 || strings.ContainsFunc(n.Key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		bad["key"] = "A key is at most 2,000 letters, digits and signs, without spaces."
	}
	return bad
}

// AddLLMAccount adds an account; the first becomes the default. Invalid on its fields.
func (t *Tenant) AddLLMAccount(ctx context.Context, n LLMAccountInput) (uuid.UUID, error) {
	if err := n.validate(t.store).orNil(); err != nil {
		return uuid.Nil, err
	}
	id := newID()
	sealed, err := t.sealLLMKey(ctx, id, n.Key)
	if err != nil {
		return uuid.Nil, err
	}
	err = t.tx(ctx, func(tx pgx.Tx) error {
		// First the entry: there others wait who add one too, and the first of all becomes the default.
		err := t.audit(ctx, tx, LLMAccountAdded, Object{"language_model", id, n.Name}, Details{"host": hostOf(n.BaseURL), "model": n.Model, "key": n.Key != ""})
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			insert into llm_accounts (id, name, base_url, model, sealed_key, key_set_at, price_in, price_out, budget, max_tokens, max_chars,
				timeout_seconds, created_by, is_default)
			values ($1, $2, $3, $4, $5, case when $5::bytea is not null then now() end, $6, $7, $8, $9, $10, $11, $12,
				not exists (select from llm_accounts where state <> 'DELETED'))`,
			id, n.Name, n.BaseURL, n.Model, sealed, n.PriceIn, n.PriceOut, n.Budget, n.MaxTokens, n.MaxChars, n.Timeout, t.User.ID)
		return err
	})
	return id, err
}

// UpdateLLMAccount changes an account, if it still is at the revision that the member saw. A key never follows to another
// host: Invalid on "key" when the host changes and the key is neither entered again nor removed.
func (t *Tenant) UpdateLLMAccount(ctx context.Context, id uuid.UUID, revision int, n LLMAccountInput) error {
	if err := n.validate(t.store).orNil(); err != nil {
		return err
	}
	sealed, err := t.sealLLMKey(ctx, id, n.Key)
	if err != nil {
		return err
	}
	return t.tx(ctx, func(tx pgx.Tx) error {
		before, err := findLLMAccount(ctx, tx, id)
		if err != nil {
			return err
		}
		moved := originOf(before.BaseURL) != originOf(n.BaseURL)
		if before.HasKey && moved && n.Key == "" && !n.RemoveKey {
			return Invalid{"key": "The stored key is for " + before.Host() + ". Enter the key for the new address, or remove it."}
		}
		err = move(ctx, tx, `
			update llm_accounts
			set name = $3, base_url = $4, model = $5, price_in = $6, price_out = $7, budget = $8, max_tokens = $9, max_chars = $10,
				timeout_seconds = $11, revision = revision + 1, updated_at = now(),
				sealed_key = case when $12::bytea is not null then $12 when not $13 then sealed_key end,
				key_set_at = case when $12::bytea is not null then now() when not $13 then key_set_at end
			where id = $1 and revision = $2 and state <> 'DELETED'`,
			id, revision, n.Name, n.BaseURL, n.Model, n.PriceIn, n.PriceOut, n.Budget, n.MaxTokens, n.MaxChars, n.Timeout, sealed, n.RemoveKey)
		if err != nil {
			return err
		}
		return t.audit(ctx, tx, LLMAccountUpdated, Object{"language_model", id, n.Name}, Details{
			"before": Details{"host": before.Host(), "model": before.Model}, "after": Details{"host": hostOf(n.BaseURL), "model": n.Model},
			"key": map[bool]string{true: "replaced", false: map[bool]string{true: "removed", false: "kept"}[n.RemoveKey]}[n.Key != ""]})
	})
}

// originOf is the scheme and host of an address: a key that was given to one is not sent to another.
func originOf(address string) string {
	to, err := url.Parse(address)
	if err != nil {
		return address
	}
	return strings.ToLower(to.Scheme + "://" + to.Host)
}

// MakeLLMDefault makes an account the one that forms offer first. ErrConflict when it is switched off.
func (t *Tenant) MakeLLMDefault(ctx context.Context, id uuid.UUID) error {
	return t.changeLLMAccount(ctx, id, LLMAccountMadeDefault, func(tx pgx.Tx) error {
		if _, err := exec(ctx, tx, `update llm_accounts set is_default = false, revision = revision + 1 where is_default and id <> $1`, id); err != nil {
			return err
		}
		return move(ctx, tx, `update llm_accounts set is_default = true, revision = revision + 1 where id = $1 and state = 'ACTIVE'`, id)
	})
}

// DisableLLMAccount switches an account off: what is not sent yet is not sent any more.
func (t *Tenant) DisableLLMAccount(ctx context.Context, id uuid.UUID) error {
	return t.changeLLMAccount(ctx, id, LLMAccountDisabled, func(tx pgx.Tx) error {
		return move(ctx, tx, `
			update llm_accounts set state = 'DISABLED', is_default = false, revision = revision + 1, updated_at = now() where id = $1 and state = 'ACTIVE'`, id)
	})
}

// EnableLLMAccount switches an account on again.
func (t *Tenant) EnableLLMAccount(ctx context.Context, id uuid.UUID) error {
	return t.changeLLMAccount(ctx, id, LLMAccountEnabled, func(tx pgx.Tx) error {
		return move(ctx, tx, `update llm_accounts set state = 'ACTIVE', revision = revision + 1, updated_at = now() where id = $1 and state = 'DISABLED'`, id)
	})
}

// DeleteLLMAccount removes an account and its key. Its line in the ledger stays, under its name.
func (t *Tenant) DeleteLLMAccount(ctx context.Context, id uuid.UUID) error {
	return t.changeLLMAccount(ctx, id, LLMAccountDeleted, func(tx pgx.Tx) error {
		return move(ctx, tx, `
			update llm_accounts
			set state = 'DELETED', sealed_key = null, key_set_at = null, is_default = false, revision = revision + 1, updated_at = now()
			where id = $1 and state <> 'DELETED'`, id)
	})
}

func (t *Tenant) changeLLMAccount(ctx context.Context, id uuid.UUID, action Action, change func(tx pgx.Tx) error) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		found, err := findLLMAccount(ctx, tx, id)
		if err != nil {
			return err
		}
		// The entry comes first, so that changes at once wait for each other there.
		if err := t.audit(ctx, tx, action, Object{"language_model", id, found.Name}, nil); err != nil {
			return err
		}
		return change(tx)
	})
}

// sealLLMKey seals a key for its row; nil for none.
func (t *Tenant) sealLLMKey(ctx context.Context, id uuid.UUID, key string) ([]byte, error) {
	if key == "" {
		return nil, nil
	}
	data, err := t.dataKey(ctx)
	if err != nil {
		return nil, err
	}
	return data.Seal(t.llmKeyPlace(id), []byte(key))
}

// llmEndpoint opens what a job needs to call an account.
func (t *Tenant) llmEndpoint(ctx context.Context, tx pgx.Tx, data seal.DataKey, a LLMAccount) (llm.Endpoint, error) {
	to := llm.Endpoint{BaseURL: a.BaseURL, Model: a.Model, MaxTokens: a.MaxTokens, Timeout: time.Duration(a.Timeout) * time.Second}
	sealed, err := value[[]byte](ctx, tx, `select sealed_key from llm_accounts where id = $1`, a.ID)
	if err != nil || sealed == nil {
		return to, err
	}
	key, err := data.Open(t.llmKeyPlace(a.ID), sealed)
	to.Key = llm.NewKey(string(key))
	return to, err
}

// llmKeyPlace binds a sealed key to its row.
func (t *Tenant) llmKeyPlace(id uuid.UUID) seal.AAD {
	return seal.AAD{Org: t.Org.ID.String(), Table: "llm_accounts", Column: "sealed_key", Row: id.String()}
}
