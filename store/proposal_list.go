package store

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// ProposalScope says whose proposals a list shows.
type ProposalScope string

// The three lists of proposals.
const (
	WaitingForMe ProposalScope = "waiting" // under review, somebody else's, and not judged by me
	MyProposals  ProposalScope = "mine"
	AllProposals ProposalScope = "all"
)

// ProposalFilter narrows the list of proposals. Empty fields let everything through.
type ProposalFilter struct {
	Scope     ProposalScope // "" is all
	Status    string        // a ProposalStatus, or "" for any
	Query     string        // in title, rationale, procedure or surrogate, or a number such as #12
	Surrogate uuid.UUID
	Cursor    string
}

// ProposalSummary is a proposal in the list.
type ProposalSummary struct {
	ProposalLine
	Procedure   string `db:"procedure"`
	RoleTitle   string `db:"role_title"`
	Revision    int    `db:"revision"`
	Approvals   int    `db:"approvals"` // of the newest revision, by keys that are not revoked
	Needed      int    `db:"needed"`
	OpenThreads int    `db:"open_threads"`
}

// NeedsWork says that its author has something to do.
func (p ProposalSummary) NeedsWork() bool {
	return p.Status == ProposalDrafted || p.Status == ProposalChangesRequested || p.Stale
}

// ProposalList is a page of proposals with how many there are in each list and the surrogates to filter by, also when
// nothing matches.
type ProposalList struct {
	Page[ProposalSummary]
	Waiting    int // for me
	Mine       int // that need work
	Surrogates []SurrogateName
}

// waitingForMe is what the queue holds of a proposal p: $1 is the member, $2 whether they may review.
const waitingForMe = `$2::boolean and p.status = 'OPEN' and p.proposed_by <> $1
	and not exists (select from reviews v where v.proposal_id = p.id and v.revision = p.revision and v.reviewer = $1)`

const needsWork = `p.proposed_by = $1 and (p.status in ('DRAFT', 'CHANGES_REQUESTED')
	or p.status in ('OPEN', 'APPROVED') and exists (select from sops b where b.id = p.sop_id and b.status <> 'CERTIFIED'))`

// WaitingCount is how many proposals wait for this member: for their verdict, or for their work.
func (t *Tenant) WaitingCount(ctx context.Context) (int, error) {
	counted, err := readOne[struct {
		N int `db:"n"`
	}](ctx, t, `
		select count(*) as n from sop_proposals p where (`+waitingForMe+`) or (`+needsWork+`)`, t.User.ID, t.Can(ReviewSOPs))
	return counted.N, err
}

// proposalRow is a row of the list. Where nothing matches there is one row with the numbers alone, and the zero id.
type proposalRow struct {
	ProposalSummary
	Waiting    int             `db:"waiting"`
	NeedWork   int             `db:"need_work"`
	Surrogates []SurrogateName `db:"surrogates"`
}

// Proposals lists proposals, the last changed first, a page at a time.
func (t *Tenant) Proposals(ctx context.Context, f ProposalFilter) (ProposalList, error) {
	from, started := parseCursor(f.Cursor)
	var at *time.Time
	if moment, err := time.Parse(time.RFC3339Nano, from.Key); started && err == nil {
		at = &moment
	} else {
		from, started = cursor{}, false
	}
	rows, err := readAll[proposalRow](ctx, t, listProposals, t.User.ID, t.Can(ReviewSOPs), f.Scope, f.Status, trimmed(f.Query),
		orNull(f.Surrogate), at, from.ID, from.Back, PageSize+1)
	if err != nil {
		return ProposalList{}, err
	}
	list := ProposalList{Waiting: rows[0].Waiting, Mine: rows[0].NeedWork, Surrogates: rows[0].Surrogates}
	if rows[0].ID == uuid.Nil {
		rows = nil
	}
	paged := page(rows, from, started, func(r proposalRow) cursor {
		return cursor{Key: r.UpdatedAt.UTC().Format(time.RFC3339Nano), ID: r.ID}
	})
	list.Next, list.Previous = paged.Next, paged.Previous
	for _, row := range paged.Items {
		list.Items = append(list.Items, row.ProposalSummary)
	}
	return list, nil
}

const listProposals = `
	with listed as (
		select p.id, p.number, p.title, p.status, a.display_name as author, b.version as base_version,
			p.status in ('DRAFT', 'OPEN', 'CHANGES_REQUESTED', 'APPROVED') and b.status <> 'CERTIFIED' as stale, p.updated_at,
			b.title as procedure, g.role_title, p.revision
		from sop_proposals p
		join people a on a.user_id = p.proposed_by
		join sops b on b.id = p.sop_id
		join surrogates g on g.id = p.surrogate_id
		where case $3 when 'waiting' then (` + waitingForMe + `) when 'mine' then p.proposed_by = $1 else true end
			and ($4 = '' or p.status = $4)
			and ($5 = '' or '#' || p.number = $5 or p.number::text = $5
				or strpos(lower(concat_ws(' ', p.title, p.rationale, b.title, g.role_title)), lower($5)) > 0)
			and ($6::uuid is null or p.surrogate_id = $6)
			and ($7::timestamptz is null
				or (not $9 and (p.updated_at, p.id) < ($7, $8::uuid))
				or ($9 and (p.updated_at, p.id) > ($7, $8::uuid)))
		order by case when $9 then p.updated_at end asc, case when $9 then p.id end asc,
			case when not $9 then p.updated_at end desc, case when not $9 then p.id end desc
		limit $10
	)
	select coalesce(l.id, '00000000-0000-0000-0000-000000000000') as id, coalesce(l.number, 0) as number,
		coalesce(l.title, '') as title, coalesce(l.status, '') as status, coalesce(l.author, '') as author,
		coalesce(l.base_version, 0) as base_version, coalesce(l.stale, false) as stale, coalesce(l.updated_at, 'epoch') as updated_at,
		coalesce(l.procedure, '') as procedure, coalesce(l.role_title, '') as role_title, coalesce(l.revision, 0) as revision,
		c.waiting, c.need_work, c.surrogates,
		(select count(*) from reviews v
			join sop_signatures s on s.review_id = v.id
			join signing_keys k on k.id = s.key_id and k.revoked_at is null
			where v.proposal_id = l.id and v.revision = l.revision and v.verdict = 'APPROVE' and v.voided_at is null) as approvals,
		(select approvals_needed from gate.org()) as needed,
		(select count(*) from proposal_comments c where c.proposal_id = l.id and c.thread_id is null and c.resolved_at is null) as open_threads
	from (
		select
			(select count(*) from sop_proposals p where ` + waitingForMe + `) as waiting,
			(select count(*) from sop_proposals p where ` + needsWork + `) as need_work,
			(select jsonb_agg(jsonb_build_object('ID', g.id, 'RoleTitle', g.role_title, 'Domain', g.domain) order by lower(g.role_title), g.id)
				from surrogates g where exists (select from sop_proposals p where p.surrogate_id = g.id)) as surrogates
	) c
	left join listed l on true
	order by case when $9 then l.updated_at end asc, case when $9 then l.id end asc,
		case when not $9 then l.updated_at end desc, case when not $9 then l.id end desc`
