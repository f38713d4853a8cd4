package store

// Action names what an audit entry records: noun.verb, past tense. Routes name the actions that they cause, and a test
// holds the two together.
type Action string

// The actions; Actions puts each into words.
const (
	OrgCreated           Action = "org.created"
	OrgUpdated           Action = "org.updated"
	OrgDeletionScheduled Action = "org.deletion_scheduled"
	OrgRestored          Action = "org.restored"
	OrgDeletionCancelled Action = "org.deletion_cancelled"

	MemberInvited        Action = "member.invited"
	MemberJoined         Action = "member.joined"
	MemberRenamed        Action = "member.renamed"
	MemberRoleChanged    Action = "member.role_changed"
	MemberDisabled       Action = "member.disabled"
	MemberEnabled        Action = "member.enabled"
	MemberRemoved        Action = "member.removed"
	MemberLeft           Action = "member.left"
	OwnershipTransferred Action = "ownership.transferred"
	InvitationRenewed    Action = "invitation.renewed"
	InvitationRevoked    Action = "invitation.revoked"

	SurrogateCreated   Action = "surrogate.created"
	SurrogateUpdated   Action = "surrogate.updated"
	SurrogateActivated Action = "surrogate.activated"
	SurrogatePaused    Action = "surrogate.paused"
	SurrogateResumed   Action = "surrogate.resumed"
	SurrogateArchived  Action = "surrogate.archived"
	SurrogateRestored  Action = "surrogate.restored"

	SOPCreated    Action = "sop.created"
	SOPEdited     Action = "sop.edited"
	SOPDiscarded  Action = "sop.discarded"
	SOPSubmitted  Action = "sop.submitted"
	SOPReturned   Action = "sop.returned"
	SOPSigned     Action = "sop.signed"
	SOPCertified  Action = "sop.certified"
	SOPDeprecated Action = "sop.deprecated"

	ProposalCreated     Action = "proposal.created"
	ProposalEdited      Action = "proposal.edited"
	ProposalSubmitted   Action = "proposal.submitted"
	ProposalReviewed    Action = "proposal.reviewed"
	ProposalApproved    Action = "proposal.approved"
	ProposalRejected    Action = "proposal.rejected"
	ProposalWithdrawn   Action = "proposal.withdrawn"
	ProposalRebased     Action = "proposal.rebased"
	ProposalApplied     Action = "proposal.applied"
	ProposalBecameStale Action = "proposal.became_stale"
	ProposalSuperseded  Action = "proposal.superseded"

	EvidenceAdded   Action = "evidence.added"
	EvidenceRemoved Action = "evidence.removed"

	CommentAdded    Action = "comment.added"
	CommentResolved Action = "comment.resolved"
	CommentReopened Action = "comment.reopened"

	KeyCreated Action = "signing_key.created"
	KeyRotated Action = "signing_key.rotated"
	KeyRevoked Action = "signing_key.revoked"

	AuditExported Action = "audit.exported"

	LLMAccountAdded       Action = "language_model.added"
	LLMAccountUpdated     Action = "language_model.updated"
	LLMAccountMadeDefault Action = "language_model.made_default"
	LLMAccountDisabled    Action = "language_model.disabled"
	LLMAccountEnabled     Action = "language_model.enabled"
	LLMAccountDeleted     Action = "language_model.deleted"
	LLMAccountTried       Action = "language_model.tried"

	JobRetried Action = "job.retried"
	JobEnded   Action = "job.stopped"

	SignalCreated      Action = "signal.created"
	SignalUpdated      Action = "signal.updated"
	SignalDeleted      Action = "signal.deleted"
	SignalRestored     Action = "signal.restored"
	SignalMoved        Action = "signal.moved"
	SignalAnnotated    Action = "signal.annotated"
	SignalNoteRemoved  Action = "signal.note_removed"
	SignalShared       Action = "signal.shared"
	SignalShareRevoked Action = "signal.share_revoked"
	SignalsChanged     Action = "signal.bulk_changed"
	SignalsImported    Action = "signal.imported"
	SignalsExported    Action = "signal.exported"

	RealmCreated           Action = "realm.created"
	RealmUpdated           Action = "realm.updated"
	RealmTypeChanged       Action = "realm.type_changed"
	RealmMadeDefault       Action = "realm.made_default"
	RealmArchived          Action = "realm.archived"
	RealmReopened          Action = "realm.reopened"
	RealmDeletionPlanned   Action = "realm.deletion_planned"
	RealmDeletionCancelled Action = "realm.deletion_cancelled"
	RealmDeleted           Action = "realm.deleted"
	RealmTransferred       Action = "realm.transferred"
	RealmHandedOver        Action = "realm.handed_over"
	RealmMemberInvited     Action = "realm.member_invited"
	RealmMemberJoined      Action = "realm.member_joined"
	RealmMemberDeclined    Action = "realm.member_declined"
	RealmRoleChanged       Action = "realm.role_changed"
	RealmMemberRemoved     Action = "realm.member_removed"
	RealmMemberLeft        Action = "realm.member_left"

	ClusterCreated        Action = "cluster.created"
	ClusterUpdated        Action = "cluster.updated"
	ClusterAccepted       Action = "cluster.accepted"
	ClusterDismissed      Action = "cluster.dismissed"
	ClusterRestored       Action = "cluster.restored"
	ClusterPublished      Action = "cluster.published"
	ClusterReopened       Action = "cluster.reopened"
	ClusterDeleted        Action = "cluster.deleted"
	ClusterMembersChanged Action = "cluster.members_changed"
	ClustersMerged        Action = "cluster.merged"
	ClusterSplit          Action = "cluster.split"
	ClustersSought        Action = "cluster.sought"
	ClustersFound         Action = "cluster.found"
	ClusterRunCancelled   Action = "cluster.run_cancelled"

	SynthesisRequested Action = "synthesis.requested"
	SynthesisWritten   Action = "synthesis.written"
	SynthesisStopped   Action = "synthesis.stopped"
	SynthesisEdited    Action = "synthesis.edited"
	SynthesisConfirmed Action = "synthesis.confirmed"
	SynthesisRated     Action = "synthesis.rated"
	SynthesisDeleted   Action = "synthesis.deleted"

	ConsentGranted Action = "consent.granted"
	ConsentChanged Action = "consent.changed"
	ConsentRevoked Action = "consent.revoked"
)

// Actions is the registry: each action with the phrase that follows the actor's name in a sentence about it.
// %s stands for the object's label, where the sentence needs it.
var Actions = map[Action]string{
	OrgCreated:           "created the organisation %s",
	OrgUpdated:           "changed the settings of %s",
	OrgDeletionScheduled: "planned the deletion of %s",
	OrgRestored:          "restored the organisation %s from a file",
	OrgDeletionCancelled: "called off the deletion of %s",

	MemberInvited:        "invited %s",
	MemberJoined:         "joined the organisation",
	MemberRenamed:        "changed their name to %s",
	MemberRoleChanged:    "changed the role of %s",
	MemberDisabled:       "disabled %s",
	MemberEnabled:        "enabled %s again",
	MemberRemoved:        "removed %s",
	MemberLeft:           "left the organisation",
	OwnershipTransferred: "transferred the ownership to %s",
	InvitationRenewed:    "sent the invitation of %s again",
	InvitationRevoked:    "withdrew the invitation of %s",

	SurrogateCreated:   "created the surrogate %s",
	SurrogateUpdated:   "changed the surrogate %s",
	SurrogateActivated: "activated the surrogate %s",
	SurrogatePaused:    "paused the surrogate %s",
	SurrogateResumed:   "resumed the surrogate %s",
	SurrogateArchived:  "archived the surrogate %s",
	SurrogateRestored:  "restored the surrogate %s",

	SOPCreated:    "created the procedure %s",
	SOPEdited:     "edited the procedure %s",
	SOPDiscarded:  "discarded the draft %s",
	SOPSubmitted:  "submitted the procedure %s for review",
	SOPReturned:   "returned the procedure %s to its author",
	SOPSigned:     "signed the procedure %s",
	SOPCertified:  "certified the procedure %s",
	SOPDeprecated: "deprecated the procedure %s",

	ProposalCreated:     "started the proposal %s",
	ProposalEdited:      "edited the proposal %s",
	ProposalSubmitted:   "submitted the proposal %s",
	ProposalReviewed:    "reviewed the proposal %s",
	ProposalApproved:    "gave the last approval that the proposal %s needed",
	ProposalRejected:    "rejected the proposal %s",
	ProposalWithdrawn:   "withdrew the proposal %s",
	ProposalRebased:     "brought the proposal %s up to date",
	ProposalApplied:     "applied the proposal %s",
	ProposalBecameStale: "changed the procedure under the proposal %s, which has to be brought up to date",
	ProposalSuperseded:  "brought the proposal %s up to date, and nothing of it was left to propose",

	// The proposal is everyone's to read; what it rests on is not.
	EvidenceAdded:   "attached signals to %s as evidence",
	EvidenceRemoved: "took a signal off the evidence of %s",

	CommentAdded:    "commented on %s",
	CommentResolved: "resolved a thread on %s",
	CommentReopened: "reopened a thread on %s",

	KeyCreated: "made the signing key %s",
	KeyRotated: "replaced the signing key with %s",
	KeyRevoked: "revoked the signing key %s",

	AuditExported: "exported the audit log of %s",

	LLMAccountAdded:       "added the language model %s",
	LLMAccountUpdated:     "changed the language model %s",
	LLMAccountMadeDefault: "made %s the language model that is offered first",
	LLMAccountDisabled:    "switched off the language model %s",
	LLMAccountEnabled:     "switched on the language model %s",
	LLMAccountDeleted:     "deleted the language model %s and its key",
	LLMAccountTried:       "tried out the language model %s",

	JobRetried: "had background work tried again: %s",
	JobEnded:   "stopped background work: %s",

	// What a signal says stays in its realm: these sentences name none.
	SignalCreated:      "captured a signal",
	SignalUpdated:      "changed a signal",
	SignalDeleted:      "put a signal into the bin",
	SignalRestored:     "took a signal out of the bin",
	SignalMoved:        "moved a signal to another realm",
	SignalAnnotated:    "annotated a signal",
	SignalNoteRemoved:  "removed a note from a signal",
	SignalShared:       "shared a signal with another realm",
	SignalShareRevoked: "took a signal back from another realm",
	SignalsChanged:     "changed several signals at once",
	SignalsImported:    "imported signals",
	SignalsExported:    "exported signals",

	// More people read the log than a realm, so that these tell no name.
	RealmCreated:           "created a realm",
	RealmUpdated:           "changed what a realm is called",
	RealmTypeChanged:       "changed who sees a realm",
	RealmMadeDefault:       "chose the realm that their captures go to",
	RealmArchived:          "archived a realm",
	RealmReopened:          "opened an archived realm again",
	RealmDeletionPlanned:   "planned the deletion of a realm",
	RealmDeletionCancelled: "called off the deletion of a realm",
	RealmDeleted:           "had planned the deletion of a realm, which is now gone",
	RealmTransferred:       "made another member the owner of a realm",
	RealmHandedOver:        "handed over the realm of somebody who had left or only audits",
	RealmMemberInvited:     "invited somebody to a realm",
	RealmMemberJoined:      "joined a realm",
	RealmMemberDeclined:    "declined the invitation to a realm",
	RealmRoleChanged:       "changed somebody's role in a realm",
	RealmMemberRemoved:     "removed somebody from a realm",
	RealmMemberLeft:        "left a realm",

	ClusterCreated:        "made a cluster",
	ClusterUpdated:        "changed a cluster",
	ClusterAccepted:       "accepted a suggested cluster",
	ClusterDismissed:      "dismissed a suggested cluster",
	ClusterRestored:       "brought back a dismissed cluster",
	ClusterPublished:      "published a cluster",
	ClusterReopened:       "took a published cluster back into use",
	ClusterDeleted:        "deleted a cluster",
	ClusterMembersChanged: "changed what belongs to a cluster",
	ClustersMerged:        "merged clusters",
	ClusterSplit:          "split a cluster",
	ClustersSought:        "asked for clusters to be found",
	ClustersFound:         "had clusters found",
	ClusterRunCancelled:   "stopped a search for clusters",

	SynthesisRequested: "asked for a synthesis",
	SynthesisWritten:   "had a synthesis written",
	SynthesisStopped:   "stopped the writing of a synthesis",
	SynthesisEdited:    "edited a synthesis",
	SynthesisConfirmed: "confirmed a synthesis",
	SynthesisRated:     "rated a synthesis",
	SynthesisDeleted:   "deleted a synthesis",

	ConsentGranted: "allowed something to be done with their signals in a realm",
	ConsentChanged: "chose anew which of their signals a consent covers",
	ConsentRevoked: "took back what they had allowed in a realm",
}
