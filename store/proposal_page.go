package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/sop"
)

// ProposalRevision is one submission of a proposal.
type ProposalRevision struct {
	Revision    int       `db:"revision"`
	BaseID      uuid.UUID `db:"base_id"`
	BaseVersion int       `db:"base_version"`
	GraphHash   string    `db:"graph_hash"`
	Note        string    `db:"note"`
	Author      string    `db:"author"`
	At          time.Time `db:"created_at"`
}

// ShownRevision is what a page compares: a submitted revision with its own base or with an earlier revision, or, as
// number 0, what the author is editing with the present base.
type ShownRevision struct {
	Number      int
	BaseID      uuid.UUID
	BaseVersion int
	Base        sop.Graph
	Graph       sop.Graph
	GraphHash   string
	Since       *ShownRevision // the earlier revision that it is compared with; nil for the base
}

// Diff is what the revision changes, or what changed since the earlier one.
func (r ShownRevision) Diff() sop.Diff {
	if r.Since != nil {
		return sop.Compare(r.Since.Graph, r.Graph)
	}
	return sop.Compare(r.Base, r.Graph)
}

// ProposalPage is a proposal with everything that its page shows.
type ProposalPage struct {
	Proposal
	Shown     ShownRevision
	Revisions []ProposalRevision // the oldest first
	Reviews   []ProposalReview   // the oldest first
	Threads   []Thread           // the oldest first
	Viewed    map[string]bool    // steps of the shown revision that this member has ticked
	Needed    int                // approvals that the organisation asks for today
	Evidence  EvidenceList       // what it rests on
	Rivals    []ProposalLine     // other unfinished proposals of the procedure
	History   []AuditEntry
}

// Approvals counts the approvals of the newest revision that count today.
func (p ProposalPage) Approvals() int { return approvals(p.Reviews, p.Revision) }

// OpenThreads counts the threads that wait for somebody.
func (p ProposalPage) OpenThreads() int {
	n := 0
	for _, thread := range p.Threads {
		if thread.Open() {
			n++
		}
	}
	return n
}

// ReviewBy is a member's verdict on the newest revision; false when there is none.
func (p ProposalPage) ReviewBy(user uuid.UUID) (ProposalReview, bool) {
	for _, r := range p.Reviews {
		if r.ReviewerID == user && r.Revision == p.Revision {
			return r, true
		}
	}
	return ProposalReview{}, false
}

// Unsubmitted says that the author has changed something since the last revision, or that a rebase has.
func (p ProposalPage) Unsubmitted() bool {
	if len(p.Revisions) == 0 || !p.Status.Unfinished() {
		return false
	}
	last := p.Revisions[len(p.Revisions)-1]
	return last.GraphHash != sop.GraphHash([]byte(p.GraphText)) || last.BaseID != p.BaseID
}

// ProposalPage returns a proposal with what surrounds it. revision chooses what is shown: 0 the newest submitted one,
// or what the author is editing before the first. since chooses an earlier revision to compare it with instead of its
// base, and is 0 for the base. ErrNotFound when there is no such revision, or none before.
func (t *Tenant) ProposalPage(ctx context.Context, id uuid.UUID, revision, since int) (ProposalPage, error) {
	var page ProposalPage
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		if page.Proposal, err = proposalByID(ctx, tx, id); err != nil {
			return err
		}
		if revision == 0 {
			revision = page.Revision
		}
		if page.Shown, err = shownRevision(ctx, tx, page.Proposal, revision); err != nil {
			return err
		}
		if since != 0 {
			if page.Shown.Since, err = earlierRevision(ctx, tx, page.Proposal, since, revision); err != nil {
				return err
			}
		}
		return t.surroundings(ctx, tx, &page)
	})
	return page, err
}

func (t *Tenant) surroundings(ctx context.Context, tx pgx.Tx, page *ProposalPage) (err error) {
	if page.Revisions, err = revisionsOf(ctx, tx, page.ID); err != nil {
		return err
	}
	if page.Reviews, err = t.reviews(ctx, tx, page.Proposal); err != nil {
		return err
	}
	if page.Threads, err = threads(ctx, tx, page.ID); err != nil {
		return err
	}
	if page.Viewed, err = t.viewed(ctx, tx, page.ID, page.Shown.Number); err != nil {
		return err
	}
	settings, err := orgSettings(ctx, tx)
	if err != nil {
		return err
	}
	page.Needed = settings.ApprovalsNeeded
	if page.Evidence, err = listEvidence(ctx, tx, page.ID, uuid.Nil); err != nil {
		return err
	}
	if page.Rivals, err = rivals(ctx, tx, page.Proposal); err != nil {
		return err
	}
	page.History, err = t.history(ctx, tx, page.ID)
	return err
}

// rivals are the other proposals that the application of this one would make stale.
func rivals(ctx context.Context, tx pgx.Tx, p Proposal) ([]ProposalLine, error) {
	all, err := unfinishedProposals(ctx, tx, p.LineID)
	var others []ProposalLine
	for _, line := range all {
		if line.ID != p.ID {
			others = append(others, line)
		}
	}
	return others, err
}

func revisionsOf(ctx context.Context, tx pgx.Tx, id uuid.UUID) ([]ProposalRevision, error) {
	return many[ProposalRevision](ctx, tx, `
		select r.revision, b.id as base_id, b.version as base_version, r.graph_hash, r.note, a.display_name as author, r.created_at
		from proposal_revisions r
		join sops b on b.id = r.base_sop_id
		join people a on a.user_id = r.created_by
		where r.proposal_id = $1
		order by r.revision`, id)
}

// earlierRevision reads a submitted revision before another one.
func earlierRevision(ctx context.Context, tx pgx.Tx, p Proposal, since, shown int) (*ShownRevision, error) {
	if since < 1 || since >= shown {
		return nil, ErrNotFound
	}
	earlier, err := shownRevision(ctx, tx, p, since)
	return &earlier, err
}

// shownRevision reads both graphs of a revision.
func shownRevision(ctx context.Context, tx pgx.Tx, p Proposal, revision int) (ShownRevision, error) {
	if revision == 0 {
		return ShownRevision{
			BaseID: p.BaseID, BaseVersion: p.BaseVersion, Base: p.Base, Graph: p.Graph, GraphHash: sop.GraphHash([]byte(p.GraphText)),
		}, nil
	}
	type row struct {
		BaseID      uuid.UUID `db:"base_id"`
		BaseVersion int       `db:"base_version"`
		Base        string    `db:"base"`
		Graph       string    `db:"graph"`
	}
	found, err := one[row](ctx, tx, `
		select b.id as base_id, b.version as base_version, b.graph::text as base, r.graph::text as graph
		from proposal_revisions r
		join sops b on b.id = r.base_sop_id
		where r.proposal_id = $1 and r.revision = $2`, p.ID, revision)
	if err != nil {
		return ShownRevision{}, err
	}
	shown := ShownRevision{
		Number: revision, BaseID: found.BaseID, BaseVersion: found.BaseVersion, GraphHash: sop.GraphHash([]byte(found.Graph)),
	}
	if shown.Base, err = p.parse(found.Base); err != nil {
		return ShownRevision{}, fmt.Errorf("read the base of revision %d of %s: %w", revision, p.ID, err)
	}
	if shown.Graph, err = p.parse(found.Graph); err != nil {
		return ShownRevision{}, fmt.Errorf("read revision %d of %s: %w", revision, p.ID, err)
	}
	return shown, nil
}

// parse reads a graph, unless it is one that was read with the proposal: checking one takes half of what the page takes.
func (p Proposal) parse(graph string) (sop.Graph, error) {
	switch graph {
	case p.GraphText:
		return p.Graph, nil
	case p.BaseGraphText:
		return p.Base, nil
	}
	return sop.Parse([]byte(graph))
}

func (t *Tenant) viewed(ctx context.Context, tx pgx.Tx, proposal uuid.UUID, revision int) (map[string]bool, error) {
	steps, err := texts(ctx, tx, `
		select step_id from proposal_views where proposal_id = $1 and revision = $2 and user_id = $3`, proposal, revision, t.User.ID)
	seen := make(map[string]bool, len(steps))
	for _, step := range steps {
		seen[step] = true
	}
	return seen, err
}

// SetViewed ticks a changed step of a revision as looked at by this member, or takes the tick off. It is a note to
// oneself, so no audit entry tells of it. ErrNotFound when the revision did not change such a step.
func (t *Tenant) SetViewed(ctx context.Context, id uuid.UUID, revision int, step string, viewed bool) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		p, err := proposalByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if revision < 1 {
			return ErrNotFound
		}
		shown, err := shownRevision(ctx, tx, p, revision)
		if err != nil {
			return err
		}
		if shown.Diff().StatusOfNode(step) == sop.Same {
			return ErrNotFound
		}
		if viewed {
			_, err = tx.Exec(ctx, `
				insert into proposal_views (proposal_id, revision, user_id, step_id) values ($1, $2, $3, $4)
				on conflict do nothing`, id, revision, t.User.ID, step)
			return err
		}
		_, err = tx.Exec(ctx, `
			delete from proposal_views where proposal_id = $1 and revision = $2 and user_id = $3 and step_id = $4`,
			id, revision, t.User.ID, step)
		return err
	})
}
