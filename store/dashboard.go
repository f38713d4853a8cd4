package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Dashboard is what a member sees first: what waits for them, how much there is, and what happened last.
type Dashboard struct {
	Waiting  []Task
	Counts   DashboardCounts
	Activity []AuditEntry // the newest first; empty for those who may not read the audit log
}

// DashboardCounts are the sizes of the organisation's things.
type DashboardCounts struct {
	Surrogates int  `db:"surrogates"` // not archived
	Active     int  `db:"active"`
	Certified  int  `db:"certified"`  // procedures with a certified version
	InReview   int  `db:"in_review"`  // versions
	Proposals  int  `db:"proposals"`  // not finished
	People     int  `db:"people"`     // active members
	Procedures int  `db:"procedures"` // versions in any state
	Started    bool `db:"started"`    // whether a surrogate is active or was
	ForMe      int  `db:"for_me"`     // proposals that wait for the member: what WaitingCount says
}

// TaskKind says what a member is asked to do.
type TaskKind string

// What a member can be asked to do.
const (
	TaskCertify TaskKind = "CERTIFY" // sign a version in review
	TaskReview  TaskKind = "REVIEW"  // give a verdict on a proposal
	TaskRevise  TaskKind = "REVISE"  // answer the changes that were asked for
	TaskRebase  TaskKind = "REBASE"  // bring an own proposal up to the version that is certified now
	TaskMend    TaskKind = "MEND"    // go on with a version that was returned
	TaskApply   TaskKind = "APPLY"   // apply a proposal that is approved
)

// Task is one thing that waits for the member.
type Task struct {
	Kind  TaskKind  `json:"kind"`
	ID    uuid.UUID `json:"id"` // of the version, or of the proposal
	Title string    `json:"title"`
	Who   string    `json:"who"` // whose work it is
	Since time.Time `json:"since"`
}

// maxTasks bounds the list on the dashboard; the queue of proposals shows all of them.
const maxTasks = 12

// activityLength is how many entries of the log the dashboard has. It shows fewer lines: those that say the same are one.
const activityLength = 40

// Dashboard gathers the member's start page. The tasks come as JSON beside the sizes, because a page has two statements for
// what it shows.
func (t *Tenant) Dashboard(ctx context.Context) (Dashboard, error) {
	var found Dashboard
	var now struct {
		DashboardCounts
		Waiting []Task `db:"waiting"`
	}
	err := t.read(ctx, func(b *pgx.Batch) {
		queueOne(b, &now, `
			select
				(select coalesce(jsonb_agg(task order by since), '[]') from (`+waitingTasks+`) as task) as waiting,
				(select count(*) from surrogates where status <> 'ARCHIVED') as surrogates,
				(select count(*) from surrogates where status = 'ACTIVE') as active,
				(select count(*) from sops where status = 'CERTIFIED') as certified,
				(select count(*) from sops where status = 'REVIEW') as in_review,
				(select count(*) from sop_proposals where status in ('OPEN', 'CHANGES_REQUESTED', 'APPROVED')) as proposals,
				(select count(*) from people where state = 'ACTIVE') as people,
				(select count(*) from sops) as procedures,
				exists (select from surrogates where status in ('ACTIVE', 'PAUSED')) as started,
				(select count(*) from sop_proposals p where (`+waitingForMe+`) or (`+needsWork+`)) as for_me`, t.User.ID, t.Can(ReviewSOPs), maxTasks)
		if t.Can(ReadAudit) {
			queueMany(b, &found.Activity, `
				select `+auditColumns+` from audit_entries order by seq desc limit $1`, activityLength)
		}
	})
	found.Waiting, found.Counts = now.Waiting, now.DashboardCounts
	return found, err
}

// waitingTasks lists at most $3 things that wait for the member $1: for one who reviews ($2) others' work, for an author own
// work that came back.
const waitingTasks = `
		select kind, id, title, who, since
		from (
			select 'CERTIFY' as kind, s.id, s.title, p.display_name as who, s.submitted_at as since
			from sops s join people p on p.user_id = s.created_by
			where $2 and s.status = 'REVIEW' and s.created_by <> $1
				and not exists (select from sop_signatures g where g.sop_id = s.id and g.revision = s.revision and g.signer = $1)
				and not exists (select from audit_entries e where e.object_id = s.id and e.actor = $1 and e.action = 'sop.edited')
			union all
			select 'REVIEW', s.id, s.title, p.display_name, s.updated_at
			from sop_proposals s join people p on p.user_id = s.proposed_by
			where $2 and s.status = 'OPEN' and s.proposed_by <> $1
				and not exists (select from reviews r where r.proposal_id = s.id and r.revision = s.revision and r.reviewer = $1)
			union all
			select 'APPLY', s.id, s.title, p.display_name, s.updated_at
			from sop_proposals s join people p on p.user_id = s.proposed_by join sops b on b.id = s.sop_id
			where $2 and s.status = 'APPROVED' and s.proposed_by <> $1 and b.status = 'CERTIFIED'
			union all
			select 'REVISE', s.id, s.title, p.display_name, s.updated_at
			from sop_proposals s join people p on p.user_id = s.proposed_by
			where s.status = 'CHANGES_REQUESTED' and s.proposed_by = $1
			union all
			select 'REBASE', s.id, s.title, p.display_name, b.deprecated_at
			from sop_proposals s join people p on p.user_id = s.proposed_by join sops b on b.id = s.sop_id
			where s.status in ('OPEN', 'APPROVED') and s.proposed_by = $1 and b.status <> 'CERTIFIED'
			union all
			select 'MEND', s.id, s.title, p.display_name, s.updated_at
			from sops s join people p on p.user_id = s.created_by
			where s.status = 'DRAFT' and s.reason <> '' and s.created_by = $1
		) as task
		order by since
		limit $3`
