package views

import (
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"surrealm/store"
)

// LLMAccountsURL is the page of language models.
func LLMAccountsURL(org string) string { return SettingsURL(org) + "/models" }

// NewLLMAccountURL is the form that adds one.
func NewLLMAccountURL(org string) string { return LLMAccountsURL(org) + "/new" }

// LLMAccountURL is one language model.
func LLMAccountURL(org string, id uuid.UUID) string { return LLMAccountsURL(org) + "/" + id.String() }

// LLMAccountActionURL is what is done with it: default, disable, enable, delete, test.
func LLMAccountActionURL(org string, id uuid.UUID, action string) string {
	return LLMAccountURL(org, id) + "/" + action
}

// LLMLedgerURL is the ledger of calls.
func LLMLedgerURL(org string) string { return LLMAccountsURL(org) + "/ledger" }

// LLMAccountForm is a language model as it was typed. The key is never filled in again.
type LLMAccountForm struct {
	Revision  int    `form:"revision"`
	Name      string `form:"name"`
	BaseURL   string `form:"base_url"`
	Model     string `form:"model"`
	Key       string `form:"key"`
	RemoveKey string `form:"remove_key"`
	PriceIn   string `form:"price_in"`
	PriceOut  string `form:"price_out"`
	Budget    string `form:"budget"`
	MaxTokens string `form:"max_tokens"`
	MaxChars  string `form:"max_chars"`
	Timeout   string `form:"timeout"`
	Password  string `form:"password"`
}

// NewLLMAccountForm is the form before anything is typed.
func NewLLMAccountForm() LLMAccountForm {
	return LLMAccountForm{PriceIn: "0.00", PriceOut: "0.00", MaxTokens: "2000", MaxChars: "48000", Timeout: "60"}
}

// LLMAccountFormOf is the form of what is saved.
func LLMAccountFormOf(a store.LLMAccount) LLMAccountForm {
	f := LLMAccountForm{Revision: a.Revision, Name: a.Name, BaseURL: a.BaseURL, Model: a.Model, PriceIn: moneyText(int64(a.PriceIn)),
		PriceOut: moneyText(int64(a.PriceOut)), MaxTokens: intText(a.MaxTokens), MaxChars: intText(a.MaxChars), Timeout: intText(a.Timeout)}
	if a.Budget != nil {
		f.Budget = moneyText(int64(*a.Budget))
	}
	return f
}

// Input is the form as the store takes it. What is no number becomes one that the store refuses.
func (f LLMAccountForm) Input() store.LLMAccountInput {
	n := store.LLMAccountInput{Name: f.Name, BaseURL: f.BaseURL, Model: f.Model, Key: f.Key, RemoveKey: f.RemoveKey == "on",
		PriceIn: cents(f.PriceIn), PriceOut: cents(f.PriceOut), MaxTokens: wholeNumber(f.MaxTokens), MaxChars: wholeNumber(f.MaxChars), Timeout: wholeNumber(f.Timeout)}
	if strings.TrimSpace(f.Budget) != "" {
		budget := cents(f.Budget)
		n.Budget = &budget
	}
	return n
}

// Redirects says whether the form changes where texts are sent, or with which key.
func (f LLMAccountForm) Redirects(a store.LLMAccount) bool {
	return f.Key != "" || f.RemoveKey == "on" || strings.TrimSpace(f.BaseURL) != a.BaseURL
}

// Typed is what was typed, for who came second; without the key.
func (f LLMAccountForm) Typed() string {
	return strings.Join([]string{f.Name, f.BaseURL, f.Model, f.PriceIn + " / " + f.PriceOut, f.Budget}, "\n")
}

// cents reads an amount such as 1.50; -1 when it is none.
func cents(text string) int {
	amount, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(text), ",", ".", 1), 64)
	if err != nil || math.IsNaN(amount) || amount < 0 || amount > 1e9 {
		return -1
	}
	return int(math.Round(amount * 100))
}

func wholeNumber(text string) int {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 32)
	if err != nil {
		return -1
	}
	return int(n)
}

// moneyText is an amount of cents with two digits.
func moneyText(cents int64) string { return fmt.Sprintf("%d.%02d", cents/100, cents%100) }

// costText is an amount of millionths of a cent, with as many digits as it takes to see it.
func costText(cost int64) string {
	if cost > 0 && cost < 10_000_000 {
		return strings.TrimRight(fmt.Sprintf("%.6f", float64(cost)/1e8), "0")
	}
	return moneyText((cost + 500_000) / 1_000_000)
}

// LLMAccountsView is the list of language models.
type LLMAccountsView struct {
	Org  string
	Role store.Role
	List []store.LLMAccount
}

// LLMAccountView is one language model, or the form that adds one.
type LLMAccountView struct {
	Org  string
	Role store.Role
	Page store.LLMAccountPage // ID uuid.Nil: it is to be added
	Form LLMAccountForm
	Bad  store.Invalid
	Late Late

	NeedsPassword bool
}

func (v LLMAccountView) adds() bool { return v.Page.ID == uuid.Nil }

func (v LLMAccountView) url(action string) string {
	return LLMAccountActionURL(v.Org, v.Page.ID, action)
}

// target is where the form is sent.
func (v LLMAccountView) target() string {
	if v.adds() {
		return LLMAccountsURL(v.Org)
	}
	return LLMAccountURL(v.Org, v.Page.ID)
}

func (v LLMAccountView) testing() bool {
	return v.Page.Trial != nil && v.Page.Trial.Outcome == "RUNNING"
}

// detailed says whether the limits are open: something about them is wrong.
func (v LLMAccountView) detailed() bool {
	return v.Bad["max_tokens"] != "" || v.Bad["max_chars"] != "" || v.Bad["timeout"] != ""
}

func llmState(a store.LLMAccount) (tone, label string) {
	if a.State == "DISABLED" {
		return "neutral", "Switched off"
	}
	return "good", "In use"
}

// spentText tells what an account cost this month, and of how much.
func spentText(a store.LLMAccount) string {
	if a.Budget == nil {
		return costText(a.Spent) + ", no budget"
	}
	return costText(a.Spent) + " of " + moneyText(int64(*a.Budget))
}

// spentShare is how much of the budget is used, of 100; -1 without one.
func spentShare(a store.LLMAccount) int {
	if a.Budget == nil || *a.Budget == 0 {
		return -1
	}
	return int(min(100, a.Spent/int64(*a.Budget)/10_000))
}

func llmOutcome(outcome string) (tone, label string) {
	switch outcome {
	case "RUNNING":
		return "info", "Under way"
	case "DONE":
		return "good", "Answered"
	case "REFUSED":
		return "warn", "Answer not usable"
	case "CANCELLED":
		return "neutral", "Stopped"
	}
	return "bad", "Failed"
}

func llmPurpose(purpose string) string {
	if purpose == "TEST" {
		return "Test"
	}
	return "Synthesis"
}

// trialText tells how a test ended, in plain words.
func trialText(c store.LLMCall) string {
	took := fmt.Sprintf("%.1f seconds", float64(c.DurationMS)/1000)
	switch c.Outcome {
	case "DONE":
		return "It answered in the right form after " + took + "."
	case "REFUSED":
		return "It answered after " + took + ", but the answer cannot be used. " + c.Problem
	}
	return c.Problem
}

// LLMLedgerForm is the query of the ledger.
type LLMLedgerForm struct {
	Account string `form:"account"`
	Outcome string `form:"outcome"`
	Who     string `form:"who"`
	Page    string `form:"page"`
}

// Filter is the query as the store takes it.
func (f LLMLedgerForm) Filter() store.LLMCallFilter {
	account, _ := uuid.Parse(f.Account) // what is no id narrows nothing
	return store.LLMCallFilter{Account: account, Outcome: f.Outcome, Who: f.Who, Cursor: f.Page}
}

func (f LLMLedgerForm) narrowed() bool { return f.Account+f.Outcome+f.Who != "" }

func (f LLMLedgerForm) pageURL(org, cursor string) string {
	if cursor == "" {
		return ""
	}
	query := queryOf("account", f.Account, "outcome", f.Outcome, "who", f.Who, "page", cursor)
	return LLMLedgerURL(org) + "?" + query.Encode()
}

// LLMLedgerView is a page of the ledger.
type LLMLedgerView struct {
	Org    string
	Form   LLMLedgerForm
	Models []store.LLMAccount
	Page   store.Page[store.LLMCall]
}

func (v LLMLedgerView) accounts() []Option {
	options := []Option{{Value: "", Label: "Any model"}}
	for _, a := range v.Models {
		options = append(options, Option{Value: a.ID.String(), Label: a.Name})
	}
	return options
}

func outcomeOptions() []Option {
	options := []Option{{Value: "", Label: "Any outcome"}}
	for _, outcome := range store.LLMOutcomes {
		_, label := llmOutcome(outcome)
		options = append(options, Option{Value: outcome, Label: label})
	}
	return options
}

func tokensText(in, out int) string { return thousands(in) + " read, " + thousands(out) + " written" }

func secondsText(ms int) string { return fmt.Sprintf("%.1f", float64(ms)/1000) }

func largeText(n int64) string { return thousands(int(n)) }

func ledgerOf(org string, account uuid.UUID) string {
	return LLMLedgerURL(org) + "?" + url.Values{"account": {account.String()}}.Encode()
}
