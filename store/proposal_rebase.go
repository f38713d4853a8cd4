package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/sop"
)

// Rebase is a stale proposal beside what its line has become.
type Rebase struct {
	Proposal
	Onto      SOP            // the version that is certified now
	Merged    sop.Graph      // both changes together; where they are in each other's way, the proposal's
	Conflicts []sop.Conflict // the first Choices need a choice; the others are there to be known
}

// Choices are the conflicts that a person decides, in the order in which RebaseProposal takes the choices.
func (r Rebase) Choices() []sop.Conflict { return conflicts(r.Conflicts, true) }

// Renamed are the conflicts that the merge decided by itself.
func (r Rebase) Renamed() []sop.Conflict { return conflicts(r.Conflicts, false) }

func conflicts(list []sop.Conflict, choice bool) []sop.Conflict {
	var found []sop.Conflict
	for _, c := range list {
		if c.NeedsChoice() == choice {
			found = append(found, c)
		}
	}
	return found
}

// Resolve is the outcome with the choices, one for each of Choices. Invalid, under the names of ChoiceField, where one
// is missing.
func (r Rebase) Resolve(choices []sop.Choice) (sop.Graph, error) {
	bad, chosen := Invalid{}, map[string]sop.Choice{}
	for i, c := range r.Choices() {
		if i >= len(choices) || choices[i] != sop.ChooseOurs && choices[i] != sop.ChooseTheirs {
			bad[ChoiceField(i)] = "Choose one of the two sides."
			continue
		}
		chosen[c.Key()] = choices[i]
	}
	if len(bad) > 0 {
		return sop.Graph{}, bad
	}
	return sop.Resolve(r.Merged, r.Conflicts, chosen)
}

// ChoiceField is the name under which Resolve reports the choice with an index.
func ChoiceField(i int) string { return fmt.Sprintf("choice-%d", i) }

// RebaseOf shows what rebasing a proposal would do. Conflict when it is not stale, or when no version is certified.
func (t *Tenant) RebaseOf(ctx context.Context, id uuid.UUID) (Rebase, error) {
	var r Rebase
	err := t.tx(ctx, func(tx pgx.Tx) error {
		p, err := proposalByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := t.mayChange(p); err != nil {
			return err
		}
		r, err = rebase(ctx, tx, p)
		return err
	})
	return r, err
}

// rebase merges a proposal with the certified version of its line.
func rebase(ctx context.Context, tx pgx.Tx, p Proposal) (Rebase, error) {
	if !p.Stale() {
		return Rebase{}, Conflict{Reason: "This proposal starts from the certified version already."}
	}
	if p.CertifiedID == nil {
		return Rebase{}, staleProposal(p)
	}
	onto, err := sopByID(ctx, tx, *p.CertifiedID)
	if err != nil {
		return Rebase{}, err
	}
	r := Rebase{Proposal: p, Onto: onto}
	r.Merged, r.Conflicts = sop.Merge(p.Base, p.Graph, onto.Graph)
	return r, nil
}

// RebaseProposal brings a stale proposal up to the certified version onto, with one choice for each conflict that needs
// one. Verdicts so far are void, and a proposal that was submitted has to be submitted again. When nothing is left that
// differs from the certified version, the proposal is superseded, and RebaseProposal says so.
// Invalid where a choice is missing; ErrConflict when proposal or line have moved on meanwhile.
func (t *Tenant) RebaseProposal(ctx context.Context, id uuid.UUID, editRevision int, onto uuid.UUID, choices []sop.Choice) (superseded bool, err error) {
	err = t.tx(ctx, func(tx pgx.Tx) error {
		p, err := t.changing(ctx, tx, id, editRevision)
		if err != nil {
			return err
		}
		r, err := rebase(ctx, tx, p)
		if err != nil {
			return err
		}
		if r.Onto.ID != onto {
			return Conflict{Reason: fmt.Sprintf("Version %d was certified meanwhile. Look at the differences again.", r.Onto.Version)}
		}
		graph, err := r.Resolve(choices)
		if err != nil {
			return err
		}
		superseded, err = t.saveRebase(ctx, tx, r, graph)
		return err
	})
	return superseded, err
}

func (t *Tenant) saveRebase(ctx context.Context, tx pgx.Tx, r Rebase, graph sop.Graph) (superseded bool, err error) {
	canonical, err := sop.Canonical(graph)
	if err != nil {
		return false, fmt.Errorf("write the graph: %w", err)
	}
	if len(canonical) > sop.MaxGraphBytes {
		return false, Invalid{"": "Both changes together are larger than a procedure may be."}
	}
	status, action := ProposalChangesRequested, ProposalRebased
	switch {
	case string(canonical) == r.Onto.GraphText:
		status, action, superseded = ProposalIsSuperseded, ProposalSuperseded, true
	case r.Status == ProposalDrafted:
		status = ProposalDrafted
	}
	// The undo steps hold graphs that start from the former base; going back to one would undo the rebase in part.
	if _, err := tx.Exec(ctx, `delete from graph_edits where proposal_id = $1`, r.ID); err != nil {
		return false, err
	}
	err = move(ctx, tx, `
		update sop_proposals
		set sop_id = $3, proposed_graph = $4, status = $5, edit_revision = edit_revision + 1, edit_position = 0, updated_at = now()
		where id = $1 and edit_revision = $2`, r.ID, r.EditRevision, r.Onto.ID, string(canonical), status)
	if err != nil {
		return false, err
	}
	voided, err := voidVerdicts(ctx, tx, r.ID)
	if err != nil {
		return false, err
	}
	return superseded, t.audit(ctx, tx, action, r.object(), Details{
		"from_version": r.BaseVersion, "onto_version": r.Onto.Version, "onto": r.Onto.ID.String(), "conflicts": len(r.Choices()),
		"graph_hash": sop.GraphHash(canonical), "voided_verdicts": voided, "status": string(status), "revision": r.EditRevision + 1,
	})
}
