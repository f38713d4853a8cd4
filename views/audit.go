package views

import (
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"surrealm/store"
)

// AuditFilterForm is the query of the audit log. Days are dates in UTC, both included.
type AuditFilterForm struct {
	Who    string `form:"who"`
	Action string `form:"action"`
	Object string `form:"object"`
	Type   string `form:"type"`
	From   string `form:"from"`
	Until  string `form:"until"`
	Before int64  `form:"before"`
	After  int64  `form:"after"`
}

// Filter is the query as the store takes it. A date or an id that is none narrows nothing.
func (f AuditFilterForm) Filter() store.AuditFilter {
	object, _ := uuid.Parse(f.Object)
	from, _ := time.Parse(time.DateOnly, f.From)
	until, err := time.Parse(time.DateOnly, f.Until)
	if err == nil {
		until = until.AddDate(0, 0, 1)
	}
	return store.AuditFilter{
		Who: f.Who, Action: store.Action(f.Action), Object: object, Type: f.Type, From: from, Until: until, Before: f.Before, After: f.After,
	}
}

// Narrowed says whether any filter is set.
func (f AuditFilterForm) Narrowed() bool {
	f.Before, f.After = 0, 0
	return f != AuditFilterForm{}
}

func (f AuditFilterForm) pageURL(org, direction string, seq int64) string {
	if seq == 0 {
		return ""
	}
	query := f.query()
	query.Set(direction, strconv.FormatInt(seq, 10))
	return AuditURL(org) + "?" + query.Encode()
}

func (f AuditFilterForm) query() url.Values {
	return queryOf("who", f.Who, "action", f.Action, "object", f.Object, "type", f.Type, "from", f.From, "until", f.Until)
}

// actionOptions are the registered actions by name.
func actionOptions() []Option {
	names := make([]string, 0, len(store.Actions))
	for action := range store.Actions {
		names = append(names, string(action))
	}
	slices.Sort(names)
	options := []Option{{Value: "", Label: "Any action"}}
	for _, name := range names {
		options = append(options, Option{Value: name, Label: actionLabel(name)})
	}
	return options
}

// actionLabel makes "signing_key.role_changed" into "signing key: role changed".
func actionLabel(name string) string {
	noun, verb, _ := strings.Cut(strings.ReplaceAll(name, "_", " "), ".")
	if noun == "sop" {
		noun = "procedure"
	}
	return strings.ToUpper(noun[:1]) + noun[1:] + ": " + verb
}

// objectURL leads to what an entry is about; "" when it has no page.
func objectURL(org string, e store.AuditEntry) string {
	if e.ObjectID == nil {
		return ""
	}
	switch e.ObjectType {
	case "surrogate":
		return SurrogateURL(org, *e.ObjectID)
	case "sop":
		return SOPURL(org, *e.ObjectID)
	case "proposal":
		return ProposalURL(org, *e.ObjectID)
	case "member", "invitation":
		return MembersURL(org)
	case "signing_key":
		return KeysURL(org)
	case "org":
		return SettingsURL(org)
	}
	return ""
}

func entryFacts(org string, e store.AuditEntry) []Fact {
	facts := []Fact{
		{Term: "Number", Value: strconv.FormatInt(e.Seq, 10)},
		{Term: "Time", Value: fullTime(e.At)},
		{Term: "Who", Value: e.ActorName},
		{Term: "Action", Value: string(e.Action)},
		{Term: "About", Value: e.ObjectLabel, Href: objectURL(org, e)},
		{Term: "Hash", Value: hex.EncodeToString(e.Hash)},
		{Term: "Hash of the entry before", Value: hex.EncodeToString(e.PrevHash)},
	}
	return facts
}

// chainVerdict tells the state of the chain: a tone, a title and a sentence.
func chainVerdict(page store.AuditPage) (tone, title, text string) {
	v := page.Verification
	switch {
	case v == nil:
		return "info", "The chain has " + entries(page.Length), "It is verified in the background within minutes, and every hour from then on."
	case !v.OK():
		return "bad", "The chain is broken", *v.Reason
	}
	return "good", "The chain holds", "Verified up to entry " + strconv.FormatInt(v.Entries, 10) + " of " +
		strconv.FormatInt(page.Length, 10) + " on " + shortTime(v.VerifiedAt) + ". The newest checkpoint kept outside the database covers " + entries(v.Checkpoint) + "."
}

func entries(n int64) string {
	if n == 1 {
		return "1 entry"
	}
	return strconv.FormatInt(n, 10) + " entries"
}

// AuditExportURL is the log as a bundle that can be verified elsewhere.
func AuditExportURL(org string) string { return AuditURL(org) + "/export" }

// VerifyAuditURL is where a verification is asked for.
func VerifyAuditURL(org string) string { return AuditURL(org) + "/verify" }

// KeysURL is the page of signing keys.
func KeysURL(org string) string { return OrgURL(org) + "/keys" }
