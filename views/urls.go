package views

import (
	"strconv"

	"github.com/google/uuid"
)

// Every address of the site is made by a function, so that no template and no handler writes one in pieces. Those of a
// noun stand with the noun's views; here are the ones that many pages share.

// OrgURL is an organisation's dashboard.
func OrgURL(org string) string { return "/o/" + org }

// AuditURL is the audit log.
func AuditURL(org string) string { return OrgURL(org) + "/audit" }

// AuditEntryURL is the permalink of one entry.
func AuditEntryURL(org string, seq int64) string {
	return AuditURL(org) + "/" + strconv.FormatInt(seq, 10)
}

// AuditObjectURL is the log about one object.
func AuditObjectURL(org string, object uuid.UUID) string {
	return AuditURL(org) + "?object=" + object.String()
}

// SOPsURL is the list of procedures.
func SOPsURL(org string) string { return OrgURL(org) + "/sops" }

// NewSOPURL is where a procedure begins.
func NewSOPURL(org string) string { return SOPsURL(org) + "/new" }

// SOPURL is one version of a procedure: a permalink.
func SOPURL(org string, id uuid.UUID) string { return SOPsURL(org) + "/" + id.String() }

func intText(n int) string { return strconv.Itoa(n) }

// ProposalsURL is the queue of proposals.
func ProposalsURL(org string) string { return OrgURL(org) + "/proposals" }

// ProposalURL is one proposal.
func ProposalURL(org string, id uuid.UUID) string { return ProposalsURL(org) + "/" + id.String() }

// InvitationURL is where an invited person accepts.
func InvitationURL(token string) string { return "/invitations/" + token }
