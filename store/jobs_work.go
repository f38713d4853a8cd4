package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
)

// mailPatience is how long a mail is tried. Links in it live for days at most.
const mailPatience = 48 * time.Hour

// sendMail hands one mail of the outbox to the mail server.
type sendMail struct {
	Mail uuid.UUID `json:"mail"`
}

// Kind is the name by which SQL adds the job.
func (sendMail) Kind() string { return "send_mail" }

// workMail tries again when the mail server does not take the mail. Without a mail server the mail stays in the outbox
// for good: when one is configured later, what the mail says is out of date.
func (j *Jobs) workMail(ctx context.Context, job *river.Job[sendMail]) error {
	if j.mailer == nil {
		j.log.InfoContext(ctx, "mail kept in the outbox: no mail server is configured", "mail", job.Args.Mail)
		return nil
	}
	err := j.store.SendMail(ctx, job.Args.Mail, j.mailer)
	if errors.Is(err, ErrNotFound) {
		return nil // swept, or sent by a try that was thought dead
	}
	if err != nil && time.Since(job.CreatedAt) > mailPatience {
		return river.JobCancel(fmt.Errorf("given up: %w", err))
	}
	return err
}

// deleteOrg drops an organisation whose deletion was planned and is due.
type deleteOrg struct {
	Org uuid.UUID `json:"org"`
}

// Kind is the name by which SQL adds the job.
func (deleteOrg) Kind() string { return "delete_org" }

func (j *Jobs) workDeletion(ctx context.Context, job *river.Job[deleteOrg]) error {
	dropped, err := value[bool](ctx, j.pool, `select public.drop_due_org($1)`, job.Args.Org)
	if err != nil {
		return fmt.Errorf("delete organisation %s: %w", job.Args.Org, err)
	}
	if dropped {
		j.log.InfoContext(ctx, "organisation deleted, as its owner had planned", "org", job.Args.Org)
	}
	return nil
}

// deleteRealm drops a realm whose deletion was planned and is due.
type deleteRealm struct {
	Org   uuid.UUID `json:"org"`
	Realm uuid.UUID `json:"realm"`
}

// Kind is the name by which SQL adds the job.
func (deleteRealm) Kind() string { return "delete_realm" }

func (j *Jobs) workRealmDeletion(ctx context.Context, job *river.Job[deleteRealm]) error {
	dropped, err := value[bool](ctx, j.pool, `select public.drop_due_realm($1, $2)`, job.Args.Org, job.Args.Realm)
	if err != nil {
		return fmt.Errorf("delete realm %s: %w", job.Args.Realm, err)
	}
	if dropped {
		j.log.InfoContext(ctx, "realm deleted, as its owner had planned", "org", job.Args.Org)
	}
	return nil
}

// verifyAudit checks one organisation's audit chain.
type verifyAudit struct {
	Org uuid.UUID `json:"org"`
}

// Kind is the name by which SQL adds the job.
func (verifyAudit) Kind() string { return "verify_audit" }

func (j *Jobs) workVerification(ctx context.Context, job *river.Job[verifyAudit]) error {
	found, err := j.VerifyAudit(ctx, job.Args.Org)
	if errors.Is(err, ErrNotFound) {
		return nil // deleted since
	}
	if err == nil && !found.OK() {
		j.log.ErrorContext(ctx, "audit log is damaged", "org", job.Args.Org, "seq", *found.FaultSeq, "reason", *found.Reason)
	}
	return err
}

// verifyOverdue adds a verification for every organisation that had none for an hour.
type verifyOverdue struct{}

// Kind names the job.
func (verifyOverdue) Kind() string { return "verify_overdue" }

func (j *Jobs) workOverdue(ctx context.Context, _ *river.Job[verifyOverdue]) error {
	_, err := j.pool.Exec(ctx, `
		select public.enqueue('verify_audit', jsonb_build_object('org', o.id))
		from orgs o
		where not exists (select from audit_verifications v where v.org_id = o.id and v.verified_at > now() - interval '55 minutes')
			and not exists (select from river.river_job r
				where r.kind = 'verify_audit' and r.args @> jsonb_build_object('org', o.id)
					and r.state in ('available', 'pending', 'retryable', 'running', 'scheduled'))`)
	return err
}

// sweep removes what has served its time.
type sweep struct{}

// Kind names the job.
func (sweep) Kind() string { return "sweep" }

func (j *Jobs) workSweep(ctx context.Context, _ *river.Job[sweep]) error {
	if _, err := j.store.SweepWebSessions(ctx); err != nil {
		return err
	}
	if _, err := value[int](ctx, j.pool, `select public.embed_with($1)`, j.store.encoder.Model()); err != nil {
		return fmt.Errorf("embed with another model: %w", err)
	}
	return j.store.SweepAccounts(ctx)
}
