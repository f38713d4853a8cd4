package views

import (
	"strconv"
	"strings"

	"github.com/google/uuid"

	"surrealm/store"
)

// SettingsForm is the organisation's settings as they were typed.
type SettingsForm struct {
	Revision        int    `form:"revision"` // of the settings that were seen
	Name            string `form:"name"`
	ApprovalsNeeded string `form:"approvals_needed"`
}

// NewSettingsForm is the form of what is saved.
func NewSettingsForm(s store.OrgSettings) SettingsForm {
	return SettingsForm{Revision: s.Revision, Name: s.Name, ApprovalsNeeded: strconv.Itoa(s.ApprovalsNeeded)}
}

// Approvals is the number that was typed; 0, which the store refuses, when it is none.
func (f SettingsForm) Approvals() int { return level(f.ApprovalsNeeded) }

// DeletionForm is the slug, typed as a confirmation.
type DeletionForm struct {
	Slug string `form:"slug"`
}

// SettingsView is what the settings' page needs.
type SettingsView struct {
	Org      string
	OrgID    uuid.UUID
	Role     store.Role
	Saved    store.OrgSettings
	Form     SettingsForm
	Bad      store.Invalid
	Deletion DeletionForm
	Late     bool // the form came second: it holds what was typed, beside what is saved now
}

var approvalChoices = []Option{{Value: "1", Label: "1 person"}, {Value: "2", Label: "2 people"}, {Value: "3", Label: "3 people"}, {Value: "4", Label: "4 people"}, {Value: "5", Label: "5 people"}}

// SettingsURL is the organisation's settings.
func SettingsURL(org string) string { return OrgURL(org) + "/settings" }

// RolesURL is the table of roles and permissions.
func RolesURL(org string) string { return SettingsURL(org) + "/roles" }

// DeletionURL is where the deletion is planned, and with cancel called off.
func DeletionURL(org string) string { return SettingsURL(org) + "/deletion" }

// CancelDeletionURL is where the deletion is called off.
func CancelDeletionURL(org string) string { return DeletionURL(org) + "/cancel" }

func granted(grant store.Grant, role store.Role) bool { return role.Can(grant.Permission) }

func approvalsText(n int) string {
	if n == 1 {
		return "1 person"
	}
	return strconv.Itoa(n) + " people"
}

func settingsTabs(org string, role store.Role, current string) []Tab {
	tabs := []Tab{{Label: "General", Href: SettingsURL(org)}, {Label: "Roles", Href: RolesURL(org)}}
	if role.Can(store.ManageModels) {
		tabs = append(tabs, Tab{Label: "Language models", Href: LLMAccountsURL(org)})
	}
	if role.Can(store.ManageOrg) {
		tabs = append(tabs, Tab{Label: "Background work", Href: QueueURL(org)})
	}
	for i := range tabs {
		tabs[i].Current = strings.EqualFold(tabs[i].Label, current)
	}
	return tabs
}
