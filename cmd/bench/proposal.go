package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/sop/library"
	"surrealm/views"
)

// proposalSample is the procedure of the library whose change makes it one of 40 steps.
const proposalSample = "high-alert-medicine-dispensing"

// measureProposalPage measures the page on which a reviewer reads a change to a procedure: the drawing of both sides, the
// differences step by step, the talk about them and the form of the verdict.
func measureProposalPage(b *bench) error {
	ctx := context.Background()
	author, err := b.owner(ctx, "proposal-page")
	if err != nil {
		return err
	}
	reviewer, err := b.database.reviewer(ctx, author)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(library.Samples(), func(s library.Sample) bool { return s.Slug == proposalSample })
	if i < 0 {
		return fmt.Errorf("the library has no %s", proposalSample)
	}
	sample := library.Samples()[i]
	proposal, err := propose(ctx, author, reviewer, sample)
	if err != nil {
		return err
	}
	steps, err := stepsOf(sample.ChangeJSON)
	if err != nil {
		return err
	}
	path := views.ProposalURL(author.Org.Slug, proposal)
	for _, conns := range []int{1, 8, 32} {
		if err := b.pages(ctx, reviewer, fmt.Sprint(conns), path, "", conns); err != nil {
			return err
		}
	}
	b.add(result{Name: "proposal_page_steps", Value: float64(steps), Unit: "steps"})
	return nil
}

// stepsOf counts the steps of a change as it is proposed.
func stepsOf(change []byte) (int, error) {
	var document struct {
		Graph struct {
			Nodes []json.RawMessage `json:"nodes"`
		} `json:"proposed_graph"`
	}
	err := json.Unmarshal(change, &document)
	return len(document.Graph.Nodes), err
}

// reviewer adds somebody to an organisation who may review.
func (d *database) reviewer(ctx context.Context, owner *store.Tenant) (*store.Tenant, error) {
	email := "rita-" + owner.Org.Slug + "@example.com"
	token, err := owner.Invite(ctx, store.NewInvitation{Email: email, Role: store.Reviewer, BaseURL: "http://127.0.0.1"})
	if err != nil {
		return nil, err
	}
	user, err := d.store.AcceptWithNewAccount(ctx, token, store.NewAccount{Name: "Rita Reviewer", Email: email, Password: "a password for measuring"})
	if err != nil {
		return nil, err
	}
	if user, err = d.store.UserByID(ctx, user.ID); err != nil {
		return nil, err
	}
	return d.store.Tenant(user, owner.Org.Slug)
}

// propose has a procedure certified, and a change to it submitted with a comment on its last step.
func propose(ctx context.Context, author, reviewer *store.Tenant, sample library.Sample) (proposal uuid.UUID, err error) {
	surrogate, err := author.CreateSurrogate(ctx, store.SurrogateInput{
		RoleTitle: sample.RoleTitle, Domain: sample.Domain, Jurisdiction: sample.Jurisdiction,
		Config: store.SurrogateConfig{Assertiveness: 5, EmpathyLevel: 5, RiskTolerance: "low", EscalationThreshold: 0.5},
	})
	if err != nil {
		return proposal, err
	}
	id, err := author.CreateSOP(ctx, store.NewSOP{SurrogateID: surrogate, Origin: store.FromFile, File: string(sample.JSON)})
	if err != nil {
		return proposal, err
	}
	version, err := author.SOP(ctx, id)
	if err != nil {
		return proposal, err
	}
	if err := author.SubmitSOP(ctx, id, version.Revision); err != nil {
		return proposal, err
	}
	if version, err = reviewer.SOP(ctx, id); err != nil {
		return proposal, err
	}
	if _, err := reviewer.CertifySOP(ctx, id, version.Revision, ""); err != nil {
		return proposal, err
	}
	if proposal, err = author.ProposeChange(ctx, id, store.NewProposal{Title: "Measure it", File: string(sample.ChangeJSON)}); err != nil {
		return proposal, err
	}
	draft, err := author.Proposal(ctx, proposal)
	if err != nil {
		return proposal, err
	}
	if err := author.SubmitProposal(ctx, proposal, draft.EditRevision, ""); err != nil {
		return proposal, err
	}
	_, err = reviewer.AddComment(ctx, proposal, store.NewComment{Revision: 1, Target: store.OnNode, TargetID: "n40", Body: "Who decides this at night?"})
	return proposal, err
}
