package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// SurrogateMove is a step in a surrogate's life cycle.
type SurrogateMove struct {
	From   []SurrogateStatus
	To     SurrogateStatus
	Action Action
	Refuse string // what to tell somebody who asks for it at the wrong time
}

// The moves of a surrogate. Activating also needs a certified procedure: an agent without one has nothing to follow.
var (
	ActivateSurrogate = SurrogateMove{[]SurrogateStatus{SurrogateDraft}, SurrogateIsActive, SurrogateActivated,
		"Only a draft with a certified procedure can be activated."}
	PauseSurrogate = SurrogateMove{[]SurrogateStatus{SurrogateIsActive}, SurrogateIsPaused, SurrogatePaused,
		"Only an active surrogate can be paused."}
	ResumeSurrogate = SurrogateMove{[]SurrogateStatus{SurrogateIsPaused}, SurrogateIsActive, SurrogateResumed,
		"Only a paused surrogate with a certified procedure can be resumed."}
	ArchiveSurrogate = SurrogateMove{[]SurrogateStatus{SurrogateDraft, SurrogateIsActive, SurrogateIsPaused}, SurrogateIsArchived, SurrogateArchived,
		"This surrogate is archived already."}
	RestoreSurrogate = SurrogateMove{[]SurrogateStatus{SurrogateIsArchived}, SurrogateDraft, SurrogateRestored,
		"Only an archived surrogate can be restored."}
)

// MoveSurrogate takes a step, if the surrogate is where the step starts and at the revision that the member saw;
// otherwise a Conflict that says what is needed.
func (t *Tenant) MoveSurrogate(ctx context.Context, id uuid.UUID, revision int, step SurrogateMove) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		if err := lockSurrogate(ctx, tx, id); err != nil {
			return err
		}
		found, err := surrogate(ctx, tx, id)
		if err != nil {
			return err
		}
		changed, err := exec(ctx, tx, `
			update surrogates
			set status = $2, revision = revision + 1, updated_at = now(),
				archived_at = case when $2 = 'ARCHIVED' then now() end
			where id = $1 and status = any ($3) and revision = $4
				and ($2 <> 'ACTIVE' or exists (select from sops where surrogate_id = $1 and status = 'CERTIFIED'))`,
			id, step.To, step.From, revision)
		if err != nil {
			return err
		}
		switch {
		case changed == 1:
		case found.Revision != revision:
			return Conflict{Reason: "Somebody else changed this surrogate meanwhile."}
		default:
			return Conflict{Reason: step.Refuse}
		}
		return t.audit(ctx, tx, step.Action, Object{"surrogate", id, found.RoleTitle},
			Details{"from": string(found.Status), "to": string(step.To)})
	})
}

// lockSurrogate holds a surrogate's row, so that its moves, and the end of its last certified procedure, follow each
// other: what is read after it is what they left. Whoever also locks a line locks that first.
func lockSurrogate(ctx context.Context, tx pgx.Tx, id uuid.UUID) error {
	_, err := value[uuid.UUID](ctx, tx, `select id from surrogates where id = $1 for no key update`, id)
	return err
}
