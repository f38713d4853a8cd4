package views

import (
	"time"

	"surrealm/store"
)

// AccountURL is where a person's own settings are.
func AccountURL() string { return "/account" }

// SessionsURL is the list of a person's own sessions.
func SessionsURL() string { return "/account/sessions" }

// EndSessionURL ends one of them.
func EndSessionURL(id string) string { return SessionsURL() + "/" + id + "/end" }

// LoginURL, RegisterURL, ForgotURL, ResetURL and OutboxURL are the pages of people who are not signed in.
func LoginURL() string             { return "/login" }
func RegisterURL() string          { return "/register" }
func ForgotURL() string            { return "/forgot" }
func ResetURL(token string) string { return "/reset/" + token }
func OutboxURL() string            { return "/outbox" }

// OrgsURL is the choice between a person's organisations, NewOrgURL where another begins.
func OrgsURL() string   { return "/orgs" }
func NewOrgURL() string { return "/orgs/new" }

// RegisterForm is a registration as it was typed.
type RegisterForm struct {
	OrgName  string `form:"org_name"`
	Slug     string `form:"slug"`
	Name     string `form:"name"`
	Email    string `form:"email"`
	Password string `form:"password"`
}

// Org is the part about the organisation.
func (f RegisterForm) Org() OrgForm { return OrgForm{OrgName: f.OrgName, Slug: f.Slug} }

// OrgForm is a new organisation as it was typed.
type OrgForm struct {
	OrgName string `form:"org_name"`
	Slug    string `form:"slug"`
}

// LoginForm is a login as it was typed. Next is the local path to go on to.
type LoginForm struct {
	Email    string `form:"email"`
	Password string `form:"password"`
	Next     string `form:"next"`
}

// EmailForm asks for a link to reset a password.
type EmailForm struct {
	Email string `form:"email"`
}

// NewPasswordForm sets a password: with the current one on the account page, alone where a mailed link stands for it.
type NewPasswordForm struct {
	Current string `form:"password"`
	New     string `form:"new_password"`
}

// NameForm renames a person.
type NameForm struct {
	Name string `form:"name"`
}

// JoinForm is what an invited person without an account gives.
type JoinForm struct {
	Name     string `form:"name"`
	Password string `form:"password"`
}

// AccountView is what the account page shows.
type AccountView struct {
	Name        string // as typed, or as it is
	Email       string
	BadName     store.Invalid
	BadPassword store.Invalid
}

// SessionsView is what the page of sessions shows.
type SessionsView struct {
	Sessions []store.WebSession
	Current  string // the one that asks
	Events   []store.AccountEvent
}

// InvitationView is what the page of an invitation shows.
type InvitationView struct {
	Token      string
	Invitation store.OpenInvitation
	SignedInAs string // the visitor's address, "" when nobody is signed in
	Form       JoinForm
	Bad        store.Invalid
}

// forVisitor says whether the person who is signed in is the one who is invited.
func (v InvitationView) forVisitor() bool { return v.SignedInAs == v.Invitation.Email }

// problem is what is in the way of accepting, beside the fields of the form.
func (v InvitationView) problem() string {
	if v.Bad["email"] != "" {
		return v.Bad["email"]
	}
	return v.Bad[""]
}

// LoginPath is the login that leads back to the invitation.
func (v InvitationView) LoginPath() string {
	return LoginURL() + "?next=" + InvitationURL(v.Token)
}

// tone of an event's dot.
func eventTone(action store.AccountAction) string {
	switch action {
	case store.AccountLoginFailed, store.AccountPasswordRefused:
		return "warn"
	case store.AccountPasswordChanged, store.AccountPasswordReset:
		return "info"
	}
	return ""
}

func eventIcon(action store.AccountAction) string {
	switch action {
	case store.AccountLoginFailed, store.AccountPasswordRefused:
		return "triangle-alert"
	case store.AccountLogout, store.AccountSessionEnded, store.AccountSessionsEnded:
		return "log-out"
	case store.AccountPasswordChanged, store.AccountPasswordReset, store.AccountResetRequested:
		return "key-round"
	}
	return "user"
}

// eventsOf draws the account's events.
func eventsOf(list []store.AccountEvent) []Event {
	events := make([]Event, 0, len(list))
	for _, e := range list {
		events = append(events, Event{
			Icon: eventIcon(e.Action), Tone: eventTone(e.Action), Text: e.Text(), Who: deviceAt(e.Device, e.IP), At: e.At,
		})
	}
	return events
}

// dateOf is a day without its hour.
func dateOf(t time.Time) string { return t.UTC().Format("2 January 2006") }

// sessionFacts says where a session is and when it was used.
func sessionFacts(s store.WebSession) string {
	facts := "last used " + shortTime(s.LastUsedAt) + " · since " + shortTime(s.CreatedAt)
	if s.IP != "" {
		facts = s.IP + " · " + facts
	}
	return facts
}
