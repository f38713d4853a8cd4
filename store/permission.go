package store

// Role is what a person is in an organisation.
type Role string

// The roles, from the one who answers for everything to the one who only looks.
const (
	Owner    Role = "OWNER"
	Admin    Role = "ADMIN"
	Reviewer Role = "REVIEWER"
	Member   Role = "MEMBER"
	Auditor  Role = "AUDITOR"
)

// Roles lists every role in the order in which pages show them.
var Roles = []Role{Owner, Admin, Reviewer, Member, Auditor}

// Label is the role's name for people.
func (r Role) Label() string {
	return map[Role]string{Owner: "Owner", Admin: "Admin", Reviewer: "Reviewer", Member: "Member", Auditor: "Auditor"}[r]
}

// Permission is one thing that a route may need. Every tenant route names exactly one.
type Permission string

// The permissions; Grants says what each allows.
const (
	ReadOrg         Permission = "org.read"
	ReadMembers     Permission = "members.read"
	ReadAudit       Permission = "audit.read"
	WriteSurrogates Permission = "surrogates.write"
	RunSurrogates   Permission = "surrogates.run"
	WriteSOPs       Permission = "sops.write"
	Comment         Permission = "proposals.comment"
	ReviewSOPs      Permission = "sops.review"
	ManageOwnKeys   Permission = "keys.manage"
	UseRealms       Permission = "realms.use"
	ManageMembers   Permission = "members.manage"
	ManageOrg       Permission = "org.manage"
	ManageModels    Permission = "models.manage"
	OwnOrg          Permission = "org.own"
)

// Grant is one row of the permission table: what it allows, in words, and who has it.
type Grant struct {
	Permission Permission
	Allows     string
	Roles      []Role
}

var (
	everyone = Roles
	authors  = []Role{Owner, Admin, Reviewer, Member}
)

// Grants is the permission table. Routes, pages and the table in the settings all read this one.
var Grants = []Grant{
	{ReadOrg, "See surrogates, procedures, proposals and their own realms", everyone},
	{ReadMembers, "See the members", everyone},
	{ReadAudit, "Read, verify and export the audit log", []Role{Owner, Admin, Reviewer, Auditor}},
	{WriteSurrogates, "Create and edit surrogates", authors},
	{RunSurrogates, "Activate, pause, archive and restore surrogates", []Role{Owner, Admin}},
	{WriteSOPs, "Write procedures and propose changes", authors},
	{Comment, "Comment on proposals", authors},
	{ReviewSOPs, "Review proposals, certify, return, apply and deprecate", []Role{Owner, Admin, Reviewer}},
	{ManageOwnKeys, "Make, replace and revoke their own signing key", authors},
	{UseRealms, "Keep realms and signals", authors},
	{ManageMembers, "Invite members, change roles, disable and remove", []Role{Owner, Admin}},
	{ManageOrg, "Change the organisation's name and review policy, count all realms and hand over those of former members", []Role{Owner, Admin}},
	{ManageModels, "Set up language models, their keys and budgets", []Role{Owner, Admin}},
	{OwnOrg, "Transfer ownership and delete the organisation", []Role{Owner}},
}

// Can says whether the role has the permission. An unknown permission is nobody's.
func (r Role) Can(need Permission) bool {
	for _, grant := range Grants {
		if grant.Permission != need {
			continue
		}
		for _, role := range grant.Roles {
			if role == r {
				return true
			}
		}
	}
	return false
}
