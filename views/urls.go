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

// EventsURL is where a page hears of changes in what it shows.
func EventsURL(org string) string { return OrgURL(org) + "/events" }

// liveTrigger is when htmx reads a region that shows work under way: when live.js tells it to, and now and then in any case.
const liveTrigger = "live, every 15s"

func intText(n int) string { return strconv.Itoa(n) }

// ProposalsURL is the queue of proposals.
func ProposalsURL(org string) string { return OrgURL(org) + "/proposals" }

// ProposalURL is one proposal.
func ProposalURL(org string, id uuid.UUID) string { return ProposalsURL(org) + "/" + id.String() }

// InvitationURL is where an invited person accepts.
func InvitationURL(token string) string { return "/invitations/" + token }

// SignalsURL is the list of signals, in all its views.
func SignalsURL(org string) string { return OrgURL(org) + "/signals" }

// NewSignalURL is where a signal is captured.
func NewSignalURL(org string) string { return SignalsURL(org) + "/new" }

// SignalURL is one signal's page.
func SignalURL(org string, id uuid.UUID) string { return SignalsURL(org) + "/" + id.String() }

// SignalFileURL is a file of a signal, and below it its thumbnail.
func SignalFileURL(org string, id, file uuid.UUID) string {
	return SignalURL(org, id) + "/files/" + file.String()
}

// SignalBulkURL is where several signals are changed at once.
func SignalBulkURL(org string) string { return SignalsURL(org) + "/bulk" }

// SignalViewsURL is where a filter of the list is kept under a name.
func SignalViewsURL(org string) string { return SignalsURL(org) + "/views" }

// TagsURL is the list of tags.
func TagsURL(org string) string { return OrgURL(org) + "/tags" }
