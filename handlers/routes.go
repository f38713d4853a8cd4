package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"surrealm/store"
)

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// records is what a route leaves in an audit chain: the actions that it may append in the transaction of its change.
type records []store.Action

// A publicRoute needs nobody. A userRoute needs somebody who is signed in. Both change accounts, not organisations, so
// what they change is kept in account_events instead; those that do append to a chain say so.
type publicRoute struct {
	method, path string
	handle       func(*Handlers, echo.Context) error
	records      records
}

type userRoute publicRoute

// tenantHandler answers a request inside an organisation. Its authority arrives as an argument.
type tenantHandler func(*Handlers, echo.Context, *store.Tenant) error

// A tenantRoute is below /o/:org. It names the permission that it needs and, when it changes something, its records.
// unaudited is the reason why a change leaves no record; exactly one of the two is given for every change.
type tenantRoute struct {
	method, path string
	need         store.Permission
	handle       tenantHandler
	records      records
	unaudited    string
}

// publicRoutes is the whole list of what works without signing in.
var publicRoutes = []publicRoute{
	{get, "/", (*Handlers).home, nil},

	// Accounts
	{get, "/register", (*Handlers).showRegister, nil},
	{get, "/register/slug", (*Handlers).checkSlug, nil},
	{post, "/register", (*Handlers).register, records{store.OrgCreated}},
	{get, "/login", (*Handlers).showLogin, nil},
	{post, "/login", (*Handlers).login, nil},
	{post, "/logout", (*Handlers).logout, nil},
	{get, "/forgot", (*Handlers).showForgot, nil},
	{post, "/forgot", (*Handlers).requestReset, nil},
	{get, "/reset/:token", (*Handlers).showReset, nil},
	{post, "/reset/:token", (*Handlers).resetPassword, nil},
	{get, "/invitations/:token", (*Handlers).showInvitation, nil},
	{post, "/invitations/:token", (*Handlers).acceptInvitation, records{store.MemberJoined}},
	{get, "/outbox", (*Handlers).showOutbox, nil},
}

// userRoutes need an account.
var userRoutes = []userRoute{
	{get, "/account", (*Handlers).showAccount, nil},
	{post, "/account/name", (*Handlers).rename, records{store.MemberRenamed}},
	{post, "/account/password", (*Handlers).changePassword, nil},
	{get, "/account/sessions", (*Handlers).listSessions, nil},
	{post, "/account/sessions/end", (*Handlers).endOtherSessions, nil},
	{post, "/account/sessions/:id/end", (*Handlers).endSession, nil},
	{get, "/orgs", (*Handlers).listOrgs, nil},
	{get, "/orgs/new", (*Handlers).newOrg, nil},
	{post, "/orgs", (*Handlers).createOrg, records{store.OrgCreated}},
}

// tenantRoutes need a membership.
var tenantRoutes = []tenantRoute{
	// Overview and search
	{get, "", store.ReadOrg, (*Handlers).showDashboard, nil, ""},
	{get, "/search", store.ReadOrg, (*Handlers).search, nil, ""},
	{get, "/events", store.ReadOrg, (*Handlers).streamEvents, nil, ""},

	// Surrogates
	{get, "/surrogates", store.ReadOrg, (*Handlers).listSurrogates, nil, ""},
	{get, "/surrogates/new", store.WriteSurrogates, (*Handlers).newSurrogate, nil, ""},
	{post, "/surrogates", store.WriteSurrogates, (*Handlers).createSurrogate, records{store.SurrogateCreated}, ""},
	{get, "/surrogates/:id", store.ReadOrg, (*Handlers).showSurrogate, nil, ""},
	{get, "/surrogates/:id/edit", store.WriteSurrogates, (*Handlers).editSurrogate, nil, ""},
	{post, "/surrogates/:id", store.WriteSurrogates, (*Handlers).updateSurrogate, records{store.SurrogateUpdated}, ""},
	{post, "/surrogates/:id/activate", store.RunSurrogates, moveSurrogate(store.ActivateSurrogate, "activate", "Surrogate activated."), records{store.SurrogateActivated}, ""},
	{post, "/surrogates/:id/pause", store.RunSurrogates, moveSurrogate(store.PauseSurrogate, "pause", "Surrogate paused."), records{store.SurrogatePaused}, ""},
	{post, "/surrogates/:id/resume", store.RunSurrogates, moveSurrogate(store.ResumeSurrogate, "resume", "Surrogate resumed."), records{store.SurrogateResumed}, ""},
	{post, "/surrogates/:id/archive", store.RunSurrogates, moveSurrogate(store.ArchiveSurrogate, "archive", "Surrogate archived."), records{store.SurrogateArchived}, ""},
	{post, "/surrogates/:id/restore", store.RunSurrogates, moveSurrogate(store.RestoreSurrogate, "restore", "Surrogate restored as a draft."), records{store.SurrogateRestored}, ""},

	// Realms. What concerns one's own membership is open to everybody: an auditor may be an observer.
	{get, "/realms", store.ReadOrg, (*Handlers).listRealms, nil, ""},
	{get, "/realms/new", store.UseRealms, (*Handlers).newRealm, nil, ""},
	{post, "/realms", store.UseRealms, (*Handlers).createRealm, records{store.RealmCreated}, ""},
	{get, "/realms/all", store.ManageOrg, (*Handlers).listAllRealms, nil, ""},
	{post, "/realms/all/:handle/hand-over", store.ManageOrg, (*Handlers).handOverRealm, records{store.RealmHandedOver}, ""},
	{post, "/realms/invitations/:slug/accept", store.ReadOrg, answerRealmInvitation(true), records{store.RealmMemberJoined}, ""},
	{post, "/realms/invitations/:slug/decline", store.ReadOrg, answerRealmInvitation(false), records{store.RealmMemberDeclined}, ""},
	{get, "/realms/:slug", store.ReadOrg, (*Handlers).showRealm, nil, ""},
	{get, "/realms/:slug/map", store.ReadOrg, (*Handlers).showRealmMap, nil, ""},
	{get, "/realms/:slug/map/points", store.ReadOrg, (*Handlers).listMapPoints, nil, ""},
	{get, "/realms/:slug/edit", store.UseRealms, (*Handlers).editRealm, nil, ""},
	{post, "/realms/:slug", store.UseRealms, (*Handlers).updateRealm, records{store.RealmUpdated}, ""},
	{post, "/realms/:slug/type", store.UseRealms, (*Handlers).changeRealmType, records{store.RealmTypeChanged}, ""},
	{post, "/realms/:slug/default", store.UseRealms, (*Handlers).chooseDefaultRealm, records{store.RealmMadeDefault}, ""},
	{post, "/realms/:slug/archive", store.UseRealms, moveRealm(store.ArchiveRealm, "archive the realm", "Realm archived."), records{store.RealmArchived}, ""},
	{post, "/realms/:slug/reopen", store.UseRealms, moveRealm(store.ReopenRealm, "open the realm again", "Realm opened again."), records{store.RealmReopened}, ""},
	{post, "/realms/:slug/delete", store.UseRealms, (*Handlers).deleteRealm, records{store.RealmDeletionPlanned}, ""},
	{post, "/realms/:slug/keep", store.UseRealms, moveRealm(store.KeepRealm, "keep the realm", "The realm stays."), records{store.RealmDeletionCancelled}, ""},
	{get, "/realms/:slug/members", store.ReadOrg, (*Handlers).listRealmMembers, nil, ""},
	{post, "/realms/:slug/members", store.UseRealms, (*Handlers).inviteToRealm, records{store.RealmMemberInvited}, ""},
	{post, "/realms/:slug/members/:id/role", store.UseRealms, (*Handlers).changeRealmRole, records{store.RealmRoleChanged}, ""},
	{post, "/realms/:slug/members/:id/remove", store.UseRealms, (*Handlers).removeFromRealm, records{store.RealmMemberRemoved}, ""},
	{post, "/realms/:slug/members/:id/owner", store.UseRealms, (*Handlers).transferRealm, records{store.RealmTransferred}, ""},
	{get, "/realms/:slug/consents", store.ReadOrg, (*Handlers).listConsents, nil, ""},
	{post, "/realms/:slug/consents", store.ReadOrg, (*Handlers).grantConsent, records{store.ConsentGranted}, ""},
	{get, "/realms/:slug/consents/signals", store.ReadOrg, (*Handlers).listConsentSignals, nil, ""},
	{post, "/realms/:slug/consents/signals", store.ReadOrg, (*Handlers).chooseConsentSignals, records{store.ConsentGranted, store.ConsentChanged}, ""},
	{post, "/realms/:slug/consents/revoke", store.ReadOrg, (*Handlers).revokeConsent, records{store.ConsentRevoked}, ""},
	{get, "/realms/:slug/leave", store.ReadOrg, (*Handlers).showRealmLeave, nil, ""},
	{post, "/realms/:slug/leave", store.ReadOrg, (*Handlers).leaveRealm, records{store.RealmMemberLeft}, ""},

	// Members and invitations
	{get, "/members", store.ReadMembers, (*Handlers).listMembers, nil, ""},
	{post, "/members/leave", store.ReadMembers, (*Handlers).leaveOrg, records{store.MemberLeft}, ""},
	{post, "/members/invitations", store.ManageMembers, (*Handlers).invite, records{store.MemberInvited}, ""},
	{post, "/members/invitations/:id/renew", store.ManageMembers, (*Handlers).renewInvitation, records{store.InvitationRenewed}, ""},
	{post, "/members/invitations/:id/revoke", store.ManageMembers, (*Handlers).revokeInvitation, records{store.InvitationRevoked}, ""},
	{post, "/members/:id/role", store.ManageMembers, (*Handlers).changeMemberRole, records{store.MemberRoleChanged}, ""},
	{post, "/members/:id/disable", store.ManageMembers, (*Handlers).disableMember, records{store.MemberDisabled}, ""},
	{post, "/members/:id/enable", store.ManageMembers, (*Handlers).enableMember, records{store.MemberEnabled}, ""},
	{post, "/members/:id/remove", store.ManageMembers, (*Handlers).removeMember, records{store.MemberRemoved}, ""},
	{post, "/members/:id/owner", store.OwnOrg, (*Handlers).transferOwnership, records{store.OwnershipTransferred}, ""},

	// Signing keys
	{get, "/keys", store.ReadOrg, (*Handlers).listKeys, nil, ""},
	{post, "/keys/rotate", store.ManageOwnKeys, (*Handlers).rotateKey, records{store.KeyRotated}, ""},
	{post, "/keys/:id/revoke", store.ManageOwnKeys, (*Handlers).revokeKey, records{store.KeyRevoked}, ""},

	// Audit log
	{get, "/audit", store.ReadAudit, (*Handlers).listAudit, nil, ""},
	{post, "/audit/verify", store.ReadAudit, (*Handlers).verifyAudit, nil, "asks for a check and changes nothing"},
	{post, "/audit/export", store.ReadAudit, (*Handlers).exportAudit, records{store.AuditExported}, ""},
	{get, "/audit/:seq", store.ReadAudit, (*Handlers).showAuditEntry, nil, ""},

	// Settings
	{get, "/settings", store.ReadOrg, (*Handlers).showSettings, nil, ""},
	{post, "/settings", store.ManageOrg, (*Handlers).updateSettings, records{store.OrgUpdated}, ""},
	{get, "/settings/work", store.ManageOrg, (*Handlers).showQueue, nil, ""},
	{post, "/settings/work/:job/retry", store.ManageOrg, changeJob((*store.Tenant).RetryJob, "It is tried again."), records{store.JobRetried}, ""},
	{post, "/settings/work/:job/stop", store.ManageOrg, changeJob((*store.Tenant).StopJob, "Stopped."), records{store.JobEnded}, ""},
	{get, "/settings/roles", store.ReadOrg, (*Handlers).showRoles, nil, ""},
	{post, "/settings/deletion", store.OwnOrg, (*Handlers).scheduleDeletion, records{store.OrgDeletionScheduled}, ""},
	{post, "/settings/deletion/cancel", store.OwnOrg, (*Handlers).cancelDeletion, records{store.OrgDeletionCancelled}, ""},

	// Language models
	{get, "/settings/models", store.ManageModels, (*Handlers).listModels, nil, ""},
	{get, "/settings/models/new", store.ManageModels, (*Handlers).newModel, nil, ""},
	{post, "/settings/models", store.ManageModels, (*Handlers).addModel, records{store.LLMAccountAdded}, ""},
	{get, "/settings/models/ledger", store.ManageModels, (*Handlers).listModelCalls, nil, ""},
	{get, "/settings/models/:id", store.ManageModels, (*Handlers).showModel, nil, ""},
	{post, "/settings/models/:id", store.ManageModels, (*Handlers).updateModel, records{store.LLMAccountUpdated}, ""},
	{post, "/settings/models/:id/default", store.ManageModels, moveModel((*store.Tenant).MakeLLMDefault, "offer it first", "It is offered first from now on."), records{store.LLMAccountMadeDefault}, ""},
	{post, "/settings/models/:id/disable", store.ManageModels, moveModel((*store.Tenant).DisableLLMAccount, "switch it off", "Switched off."), records{store.LLMAccountDisabled}, ""},
	{post, "/settings/models/:id/enable", store.ManageModels, moveModel((*store.Tenant).EnableLLMAccount, "switch it on", "Switched on."), records{store.LLMAccountEnabled}, ""},
	{post, "/settings/models/:id/test", store.ManageModels, moveModel((*store.Tenant).TryLLMAccount, "test it", ""), records{store.LLMAccountTried}, ""},
	{post, "/settings/models/:id/delete", store.ManageModels, (*Handlers).deleteModel, records{store.LLMAccountDeleted}, ""},

	// Signals and their tags
	{get, "/signals", store.ReadOrg, (*Handlers).listSignals, nil, ""},
	{post, "/signals/bulk", store.UseRealms, (*Handlers).changeSignals, records{store.SignalsChanged, store.ClusterMembersChanged}, ""},
	{post, "/signals/views", store.ReadOrg, (*Handlers).saveSignalView, nil, "a filter that a person keeps for themselves"},
	{post, "/signals/views/:id/remove", store.ReadOrg, (*Handlers).removeSignalView, nil, "a filter that a person keeps for themselves"},
	{get, "/signals/import", store.UseRealms, (*Handlers).newSignalImport, nil, ""},
	{post, "/signals/imports", store.UseRealms, (*Handlers).uploadSignalImport, nil, "a file that its person looks at; nothing of it is a signal yet"},
	{get, "/signals/imports/:id", store.UseRealms, (*Handlers).showSignalImport, nil, ""},
	{get, "/signals/imports/:id/problems.csv", store.UseRealms, (*Handlers).downloadImportProblems, nil, ""},
	{post, "/signals/imports/:id/start", store.UseRealms, (*Handlers).startSignalImport, nil, "asks for an import, which is recorded when it takes place"},
	{post, "/signals/imports/:id/cancel", store.UseRealms, (*Handlers).cancelSignalImport, nil, "stops what was not recorded yet, and leaves nothing of it"},
	{post, "/signals/export", store.ReadOrg, (*Handlers).exportSignals, records{store.SignalsExported}, ""},
	{get, "/tags", store.ReadOrg, (*Handlers).listTags, nil, ""},
	{get, "/tags/suggest", store.ReadOrg, (*Handlers).suggestTags, nil, ""},
	{post, "/tags/rename", store.UseRealms, (*Handlers).renameTag, records{store.SignalsChanged}, ""},

	// Clusters
	{get, "/clusters", store.ReadOrg, (*Handlers).listClusters, nil, ""},
	{get, "/clusters/new", store.UseRealms, (*Handlers).newCluster, nil, ""},
	{post, "/clusters", store.UseRealms, (*Handlers).createCluster, records{store.ClusterCreated}, ""},
	{get, "/clusters/runs", store.UseRealms, (*Handlers).newClusterRun, nil, ""},
	{post, "/clusters/runs", store.UseRealms, (*Handlers).seekClusters, records{store.ClustersSought}, ""},
	{get, "/clusters/runs/:id", store.ReadOrg, (*Handlers).showClusterRun, nil, ""},
	{post, "/clusters/runs/:id/cancel", store.UseRealms, (*Handlers).cancelClusterRun, records{store.ClusterRunCancelled}, ""},
	{get, "/clusters/:id", store.ReadOrg, (*Handlers).showCluster, nil, ""},
	{get, "/clusters/:id/edit", store.UseRealms, (*Handlers).editCluster, nil, ""},
	{post, "/clusters/:id", store.UseRealms, (*Handlers).updateCluster, records{store.ClusterUpdated}, ""},
	{post, "/clusters/:id/accept", store.UseRealms, moveCluster((*store.Tenant).AcceptCluster, "accept it", "Cluster accepted."), records{store.ClusterAccepted}, ""},
	{post, "/clusters/:id/dismiss", store.UseRealms, moveCluster((*store.Tenant).DismissCluster, "dismiss it", "Cluster dismissed. It can be brought back."), records{store.ClusterDismissed}, ""},
	{post, "/clusters/:id/restore", store.UseRealms, moveCluster((*store.Tenant).RestoreCluster, "bring it back", "Cluster brought back."), records{store.ClusterRestored}, ""},
	{post, "/clusters/:id/publish", store.UseRealms, moveCluster((*store.Tenant).PublishCluster, "publish it", "Cluster published. What belongs to it stays as it is."), records{store.ClusterPublished}, ""},
	{post, "/clusters/:id/reopen", store.UseRealms, moveCluster((*store.Tenant).ReopenCluster, "take it back into use", "Cluster taken back into use. It can change again."), records{store.ClusterReopened}, ""},
	{post, "/clusters/:id/delete", store.UseRealms, (*Handlers).deleteCluster, records{store.ClusterDeleted}, ""},
	{get, "/clusters/:id/members", store.UseRealms, (*Handlers).findSignalsForCluster, nil, ""},
	{post, "/clusters/:id/members", store.UseRealms, (*Handlers).addToCluster, records{store.ClusterMembersChanged}, ""},
	{post, "/clusters/:id/members/remove", store.UseRealms, changeMembers((*store.Tenant).RemoveFromCluster, "take signals out", "Signals taken out."), records{store.ClusterMembersChanged}, ""},
	{post, "/clusters/:id/members/pin", store.UseRealms, changeMembers((*store.Tenant).AddToCluster, "pin signals", "Pinned: they stay here when the machine searches again."), records{store.ClusterMembersChanged}, ""},
	{post, "/clusters/:id/members/order", store.UseRealms, (*Handlers).orderCluster, records{store.ClusterMembersChanged}, ""},
	{post, "/clusters/:id/merge", store.UseRealms, (*Handlers).mergeClusters, records{store.ClustersMerged}, ""},
	{post, "/clusters/:id/split", store.UseRealms, (*Handlers).splitCluster, records{store.ClusterSplit}, ""},
	// Syntheses
	{get, "/signals/:id/syntheses", store.ReadOrg, listSyntheses(ofSignal), nil, ""},
	{post, "/signals/:id/syntheses", store.UseRealms, askSynthesis(ofSignal), records{store.SynthesisRequested}, ""},
	{get, "/clusters/:id/syntheses", store.ReadOrg, listSyntheses(ofCluster), nil, ""},
	{post, "/clusters/:id/syntheses", store.UseRealms, askSynthesis(ofCluster), records{store.SynthesisRequested}, ""},
	{get, "/syntheses/:id", store.ReadOrg, (*Handlers).showSynthesis, nil, ""},
	{post, "/syntheses/:id", store.UseRealms, (*Handlers).editSynthesis, records{store.SynthesisEdited}, ""},
	{post, "/syntheses/:id/confirm", store.UseRealms, (*Handlers).confirmSynthesis, records{store.SynthesisConfirmed}, ""},
	{post, "/syntheses/:id/rate", store.UseRealms, (*Handlers).rateSynthesis, records{store.SynthesisRated}, ""},
	{post, "/syntheses/:id/regenerate", store.UseRealms, (*Handlers).regenerateSynthesis, records{store.SynthesisRequested}, ""},
	{post, "/syntheses/:id/stop", store.UseRealms, (*Handlers).stopSynthesis, records{store.SynthesisStopped}, ""},
	{post, "/syntheses/:id/retry", store.UseRealms, (*Handlers).retrySynthesis, records{store.SynthesisRequested}, ""},
	{post, "/syntheses/:id/delete", store.UseRealms, (*Handlers).deleteSynthesis, records{store.SynthesisDeleted}, ""},
	{get, "/syntheses/:id/compare", store.ReadOrg, (*Handlers).compareSyntheses, nil, ""},

	// Procedures
	{get, "/sops", store.ReadOrg, (*Handlers).listSOPs, nil, ""},
	{get, "/sops/new", store.WriteSOPs, (*Handlers).newSOP, nil, ""},
	{post, "/sops", store.WriteSOPs, (*Handlers).createSOP, records{store.SOPCreated}, ""},
	{get, "/sops/:id", store.ReadOrg, (*Handlers).showSOP, nil, ""},
	{get, "/sops/:id/export.json", store.ReadOrg, (*Handlers).exportSOP, nil, ""},
	{get, "/sops/:id/graph.svg", store.ReadOrg, (*Handlers).drawSOP, nil, ""},
	{post, "/sops/:id/new-version", store.WriteSOPs, (*Handlers).newVersion, records{store.SOPCreated}, ""},
	{get, "/sops/:id/edit", store.WriteSOPs, showEditor(store.SOPDraft), nil, ""},
	{post, "/sops/:id/edit", store.WriteSOPs, editDraft(store.SOPDraft), records{store.SOPEdited}, ""},
	{get, "/proposals/:id/edit", store.WriteSOPs, showEditor(store.ProposalDraft), nil, ""},
	{post, "/proposals/:id/edit", store.WriteSOPs, editDraft(store.ProposalDraft), records{store.ProposalEdited}, ""},
	{post, "/sops/:id/discard", store.WriteSOPs, (*Handlers).discardSOP, records{store.SOPDiscarded}, ""},
	{post, "/sops/:id/submit", store.WriteSOPs, (*Handlers).submitSOP, records{store.SOPSubmitted}, ""},
	{post, "/sops/:id/return", store.WriteSOPs, (*Handlers).returnSOP, records{store.SOPReturned}, ""},
	{post, "/sops/:id/certify", store.ReviewSOPs, (*Handlers).certifySOP, records{store.KeyCreated, store.SOPSigned, store.SOPCertified, store.SOPDeprecated, store.ProposalBecameStale}, ""},
	{post, "/sops/:id/deprecate", store.ReviewSOPs, (*Handlers).deprecateSOP, records{store.SOPDeprecated, store.SurrogatePaused, store.ProposalBecameStale}, ""},
	{get, "/sops/:id/signatures.json", store.ReadOrg, (*Handlers).downloadSignatures, nil, ""},
	{get, "/sops/:id/compare", store.ReadOrg, (*Handlers).compareSOPs, nil, ""},

	// Proposals
	{get, "/sops/:id/propose", store.WriteSOPs, (*Handlers).newProposal, nil, ""},
	{post, "/sops/:id/propose", store.WriteSOPs, (*Handlers).propose, records{store.ProposalCreated}, ""},
	{get, "/clusters/:id/propose", store.WriteSOPs, showEvidenceForm(fromCluster), nil, ""},
	{post, "/clusters/:id/propose", store.WriteSOPs, startFromEvidence(fromCluster), records{store.ProposalCreated, store.SOPCreated}, ""},
	{get, "/syntheses/:id/propose", store.WriteSOPs, showEvidenceForm(fromSynthesis), nil, ""},
	{post, "/syntheses/:id/propose", store.WriteSOPs, startFromEvidence(fromSynthesis), records{store.ProposalCreated, store.SOPCreated}, ""},
	{get, "/proposals/:id/evidence", store.WriteSOPs, findEvidence(behindProposal), nil, ""},
	{post, "/proposals/:id/evidence", store.WriteSOPs, attachEvidence(behindProposal), records{store.EvidenceAdded}, ""},
	{post, "/proposals/:id/evidence/:evidence/remove", store.WriteSOPs, removeEvidence(behindProposal), records{store.EvidenceRemoved}, ""},
	{get, "/sops/:id/evidence", store.WriteSOPs, findEvidence(behindVersion), nil, ""},
	{post, "/sops/:id/evidence", store.WriteSOPs, attachEvidence(behindVersion), records{store.EvidenceAdded}, ""},
	{post, "/sops/:id/evidence/:evidence/remove", store.WriteSOPs, removeEvidence(behindVersion), records{store.EvidenceRemoved}, ""},
	{get, "/proposals", store.ReadOrg, (*Handlers).listProposals, nil, ""},
	{get, "/proposals/waiting", store.ReadOrg, (*Handlers).countWaiting, nil, ""},
	{get, "/proposals/:id", store.ReadOrg, (*Handlers).showProposal, nil, ""},
	{get, "/proposals/:id/change.json", store.ReadOrg, (*Handlers).exportChange, nil, ""},
	{get, "/proposals/:id/texts", store.WriteSOPs, (*Handlers).editProposalTexts, nil, ""},
	{post, "/proposals/:id/texts", store.WriteSOPs, (*Handlers).updateProposalTexts, records{store.ProposalEdited}, ""},
	{post, "/proposals/:id/submit", store.WriteSOPs, (*Handlers).submitProposal, records{store.ProposalSubmitted}, ""},
	{get, "/proposals/:id/rebase", store.WriteSOPs, (*Handlers).showRebase, nil, ""},
	{post, "/proposals/:id/rebase", store.WriteSOPs, (*Handlers).rebaseProposal, records{store.ProposalRebased, store.ProposalSuperseded}, ""},
	{post, "/proposals/:id/withdraw", store.WriteSOPs, (*Handlers).withdrawProposal, records{store.ProposalWithdrawn}, ""},
	{post, "/proposals/:id/review", store.ReviewSOPs, (*Handlers).reviewProposal, records{store.KeyCreated, store.ProposalReviewed, store.ProposalApproved, store.ProposalRejected}, ""},
	{post, "/proposals/:id/apply", store.ReviewSOPs, (*Handlers).applyProposal, records{store.ProposalApplied, store.SOPCertified, store.SOPDeprecated, store.ProposalBecameStale}, ""},
	{post, "/proposals/:id/viewed", store.ReadOrg, (*Handlers).tickViewed, nil, "a note to oneself that changes nothing for anybody else"},
	{post, "/proposals/:id/comments", store.Comment, (*Handlers).addComment, records{store.CommentAdded}, ""},
	{post, "/proposals/:id/comments/:thread/resolve", store.Comment, markThread((*store.Tenant).ResolveThread, "Thread resolved."), records{store.CommentResolved}, ""},
	{post, "/proposals/:id/comments/:thread/reopen", store.Comment, markThread((*store.Tenant).ReopenThread, "Thread reopened."), records{store.CommentReopened}, ""},

	// Signals
	{get, "/signals/new", store.UseRealms, (*Handlers).newSignal, nil, ""},
	{post, "/signals", store.UseRealms, (*Handlers).createSignal, records{store.SignalCreated}, ""},
	{get, "/signals/:id", store.ReadOrg, (*Handlers).showSignal, nil, ""},
	{get, "/signals/:id/similar", store.ReadOrg, (*Handlers).similarSignals, nil, ""},
	{get, "/signals/:id/files/:file", store.ReadOrg, sendSignalFile(false), nil, ""},
	{get, "/signals/:id/files/:file/thumbnail", store.ReadOrg, sendSignalFile(true), nil, ""},
	{get, "/signals/:id/edit", store.UseRealms, (*Handlers).editSignal, nil, ""},
	{post, "/signals/:id", store.UseRealms, (*Handlers).updateSignal, records{store.SignalUpdated}, ""},
	{post, "/signals/:id/delete", store.UseRealms, (*Handlers).deleteSignal, records{store.SignalDeleted}, ""},
	{post, "/signals/:id/restore", store.UseRealms, (*Handlers).restoreSignal, records{store.SignalRestored}, ""},
	{get, "/signals/:id/move", store.UseRealms, (*Handlers).planSignalMove, nil, ""},
	{post, "/signals/:id/move", store.UseRealms, (*Handlers).moveSignal, records{store.SignalMoved}, ""},
	{post, "/signals/:id/notes", store.UseRealms, (*Handlers).annotateSignal, records{store.SignalAnnotated}, ""},
	{post, "/signals/:id/notes/:note/remove", store.UseRealms, (*Handlers).removeSignalNote, records{store.SignalNoteRemoved}, ""},
	{post, "/signals/:id/share", store.UseRealms, (*Handlers).shareSignal, records{store.SignalShared}, ""},
	{post, "/signals/:id/share/revoke", store.UseRealms, (*Handlers).revokeSignalShare, records{store.SignalShareRevoked}, ""},
}

// routes puts the three lists behind their guards. Nothing else adds a route.
func (h *Handlers) routes(site *echo.Group) {
	for _, r := range publicRoutes {
		add(site, r.method, r.path, func(c echo.Context) error { return r.handle(h, c) })
	}
	for _, r := range userRoutes {
		add(site, r.method, r.path, h.signedIn(r.handle))
	}
	for _, r := range tenantRoutes {
		add(site, r.method, "/o/:org"+r.path, h.inTenant(r.need, r.handle))
	}
	site.RouteNotFound(everywhere, h.noRoute)
}
