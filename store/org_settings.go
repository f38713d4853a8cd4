package store

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"
)

// OrgSettings is what an organisation decides about itself.
type OrgSettings struct {
	Name            string     `db:"name"`
	ApprovalsNeeded int        `db:"approvals_needed"` // 1 to 5 signatures for a certification or a proposal
	DeleteAfter     *time.Time `db:"delete_after"`
	CreatedAt       time.Time  `db:"created_at"`
	Revision        int        `db:"revision"` // grows with every change of name or policy
}

// Settings returns the organisation's settings.
func (t *Tenant) Settings(ctx context.Context) (OrgSettings, error) {
	return readOne[OrgSettings](ctx, t, selectSettings)
}

const selectSettings = `select name, approvals_needed, delete_after, created_at, revision from gate.org()`

func orgSettings(ctx context.Context, tx pgx.Tx) (OrgSettings, error) {
	return one[OrgSettings](ctx, tx, selectSettings)
}

// UpdateSettings changes name and review policy, if they still are at the revision that the member saw. Invalid when a
// value is out of its range; Conflict when somebody else was faster.
func (t *Tenant) UpdateSettings(ctx context.Context, revision int, name string, approvalsNeeded int) error {
	name = norm.NFC.String(strings.TrimSpace(name))
	bad := Invalid{}
	if n := len([]rune(name)); n < 1 || n > 100 {
		bad["name"] = violations["orgs_name_length"]["name"]
	}
	if approvalsNeeded < 1 || approvalsNeeded > 5 {
		bad["approvals_needed"] = violations["orgs_approvals_needed_range"]["approvals_needed"]
	}
	if err := bad.orNil(); err != nil {
		return err
	}
	return t.tx(ctx, func(tx pgx.Tx) error {
		type policy struct {
			Name            string `db:"name"`
			ApprovalsNeeded int    `db:"approvals_needed"`
		}
		before, err := one[policy](ctx, tx, `select name, approvals_needed from gate.update_org($1, $2, $3)`, revision, name, approvalsNeeded)
		if err != nil {
			return err
		}
		return t.audit(ctx, tx, OrgUpdated, Object{"org", t.Org.ID, name}, Details{
			"before": Details{"name": before.Name, "approvals_needed": before.ApprovalsNeeded},
			"after":  Details{"name": name, "approvals_needed": approvalsNeeded},
		})
	})
}

// ScheduleDeletion plans the organisation's deletion in seven days. typed must be its slug, as a person's confirmation.
// Conflict when it is planned already.
func (t *Tenant) ScheduleDeletion(ctx context.Context, typed string) error {
	if strings.TrimSpace(typed) != t.Org.Slug {
		return Invalid{"slug": "Type " + t.Org.Slug + " to confirm."}
	}
	return t.tx(ctx, func(tx pgx.Tx) error {
		when, err := value[time.Time](ctx, tx, `select gate.schedule_deletion()`)
		if err != nil {
			return err
		}
		return t.audit(ctx, tx, OrgDeletionScheduled, Object{"org", t.Org.ID, t.Org.Name},
			Details{"delete_after": when.UTC().Format(time.RFC3339)})
	})
}

// CancelDeletion calls the planned deletion off. Conflict when none is planned.
func (t *Tenant) CancelDeletion(ctx context.Context) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select gate.cancel_deletion()`); err != nil {
			return err
		}
		return t.audit(ctx, tx, OrgDeletionCancelled, Object{"org", t.Org.ID, t.Org.Name}, nil)
	})
}
