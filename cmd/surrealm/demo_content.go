package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/sop/library"
)

// What the demonstration organisation works with, from the library that every organisation has.
const (
	demoSample        = "high-alert-medicine-dispensing" // certified, with its change proposed
	demoWaiting       = "workplace-injury-report"        // submitted, and waiting for the reviewer
	demoDraft         = "incident-triage"                // being written
	demoChange        = "Scan and weigh what goes into the bag"
	demoQuestion      = "Who decides when the balance is out of service? The step needs a way that does not wait for it."
	demoQuestionStep  = "n40" // where the change decides whether the weights agree
	demoCertification = "Checked against the ISMP list of high-alert medications and our own dispensing record."
)

// demoContent fills an organisation as its author and its reviewer would: every row has come about by the product's own
// rules, and stands in the audit log.
type demoContent struct {
	ctx              context.Context
	author, reviewer *store.Tenant
}

func (d demoContent) make() error {
	for _, step := range []func() error{d.certified, d.waiting, d.draft, d.signals} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// certified makes an active surrogate whose procedure is in force, with a proposal about it under review.
func (d demoContent) certified() error {
	i := slices.IndexFunc(library.Samples(), func(s library.Sample) bool { return s.Slug == demoSample })
	if i < 0 {
		return fmt.Errorf("the library has no sample %s", demoSample)
	}
	sample := library.Samples()[i]
	surrogate, err := d.surrogate(sample.Template)
	if err != nil {
		return err
	}
	id, err := d.author.CreateSOP(d.ctx, store.NewSOP{
		SurrogateID: surrogate, Origin: store.FromFile, File: string(sample.JSON),
		Title: sample.Title, Description: sample.Description, Source: sample.Source,
	})
	if err != nil {
		return fmt.Errorf("create %s: %w", sample.Title, err)
	}
	version, err := d.submit(id)
	if err != nil {
		return err
	}
	if _, err := d.reviewer.CertifySOP(d.ctx, id, version.Revision, demoCertification); err != nil {
		return fmt.Errorf("certify %s: %w", sample.Title, err)
	}
	if err := d.author.MoveSurrogate(d.ctx, surrogate, 1, store.ActivateSurrogate); err != nil {
		return fmt.Errorf("activate the %s: %w", sample.RoleTitle, err)
	}
	return d.proposal(id, string(sample.ChangeJSON))
}

// proposal proposes a change and lets the reviewer ask about it.
func (d demoContent) proposal(sop uuid.UUID, change string) error {
	id, err := d.author.ProposeChange(d.ctx, sop, store.NewProposal{Title: demoChange, File: change})
	if err != nil {
		return fmt.Errorf("propose the change: %w", err)
	}
	p, err := d.author.Proposal(d.ctx, id)
	if err != nil {
		return err
	}
	if err := d.author.SubmitProposal(d.ctx, id, p.EditRevision, ""); err != nil {
		return fmt.Errorf("submit the change: %w", err)
	}
	_, err = d.reviewer.AddComment(d.ctx, id, store.NewComment{
		Revision: 1, Target: store.OnNode, TargetID: demoQuestionStep, Body: demoQuestion,
	})
	if err != nil {
		return fmt.Errorf("comment on the change: %w", err)
	}
	return nil
}

// waiting makes a procedure that waits for the reviewer's signature.
func (d demoContent) waiting() error {
	id, err := d.fromTemplate(demoWaiting)
	if err != nil {
		return err
	}
	_, err = d.submit(id)
	return err
}

// draft makes a procedure that its author is still writing.
func (d demoContent) draft() error {
	_, err := d.fromTemplate(demoDraft)
	return err
}

// fromTemplate makes a surrogate and a procedure for it.
func (d demoContent) fromTemplate(slug string) (uuid.UUID, error) {
	i := slices.IndexFunc(library.Templates(), func(t library.Template) bool { return t.Slug == slug })
	if i < 0 {
		return uuid.Nil, fmt.Errorf("the library has no template %s", slug)
	}
	template := library.Templates()[i]
	surrogate, err := d.surrogate(template)
	if err != nil {
		return uuid.Nil, err
	}
	id, err := d.author.CreateSOP(d.ctx, store.NewSOP{
		SurrogateID: surrogate, Origin: store.FromTemplate, Template: slug,
		Title: template.Title, Description: template.Description, Source: template.Source,
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("create %s: %w", template.Title, err)
	}
	return id, nil
}

func (d demoContent) surrogate(t library.Template) (uuid.UUID, error) {
	id, err := d.author.CreateSurrogate(d.ctx, store.SurrogateInput{
		RoleTitle: t.RoleTitle, Domain: t.Domain, Jurisdiction: t.Jurisdiction,
		Config: store.SurrogateConfig{
			Seniority: "Senior", CommunicationStyle: "Short sentences, and what to do next",
			Assertiveness: 6, EmpathyLevel: 6, RiskTolerance: "low", EscalationThreshold: 0.8,
		},
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("create the %s: %w", t.RoleTitle, err)
	}
	return id, nil
}

// submit hands a draft in and returns it as it is then.
func (d demoContent) submit(id uuid.UUID) (store.SOP, error) {
	version, err := d.author.SOP(d.ctx, id)
	if err == nil {
		err = d.author.SubmitSOP(d.ctx, id, version.Revision)
	}
	if err != nil {
		return version, fmt.Errorf("submit the procedure: %w", err)
	}
	return d.reviewer.SOP(d.ctx, id)
}
