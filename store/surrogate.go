package store

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// SurrogateStatus is a surrogate's place in its life cycle:
// DRAFT → ACTIVE ⇄ PAUSED → ARCHIVED → (restore) DRAFT.
type SurrogateStatus string

// The states of a surrogate.
const (
	SurrogateDraft      SurrogateStatus = "DRAFT"
	SurrogateIsActive   SurrogateStatus = "ACTIVE"
	SurrogateIsPaused   SurrogateStatus = "PAUSED"
	SurrogateIsArchived SurrogateStatus = "ARCHIVED"
)

// Surrogate is the definition of one AI agent.
type Surrogate struct {
	ID           uuid.UUID       `db:"id"`
	RoleTitle    string          `db:"role_title"`
	Domain       string          `db:"domain"`
	Jurisdiction string          `db:"jurisdiction"`
	Config       SurrogateConfig `db:"config"`
	Status       SurrogateStatus `db:"status"`
	Revision     int             `db:"revision"` // grows with every change
	CreatedBy    string          `db:"created_by"`
	CreatedAt    time.Time       `db:"created_at"`
	UpdatedAt    time.Time       `db:"updated_at"`
}

// SurrogateConfig says how the agent is to behave.
type SurrogateConfig struct {
	Seniority           string   `json:"seniority"`
	Certifications      []string `json:"certifications"`
	CommunicationStyle  string   `json:"communication_style"`
	Assertiveness       int      `json:"assertiveness"`        // 1 yields, 10 insists
	EmpathyLevel        int      `json:"empathy_level"`        // 1 factual, 10 warm
	RiskTolerance       string   `json:"risk_tolerance"`       // low, medium or high
	EscalationThreshold float64  `json:"escalation_threshold"` // 0 to 1: below this confidence it asks a person
}

// RiskTolerances are the values of SurrogateConfig.RiskTolerance.
var RiskTolerances = []string{"low", "medium", "high"}

// SurrogateInput is what an author writes.
type SurrogateInput struct {
	RoleTitle    string
	Domain       string
	Jurisdiction string
	Config       SurrogateConfig
}

func (n SurrogateInput) validate() Invalid {
	bad := Invalid{}
	for field, text := range map[string]string{"role_title": n.RoleTitle, "domain": n.Domain, "jurisdiction": n.Jurisdiction} {
		if length := len([]rune(text)); length < 1 || length > 200 {
			bad[field] = "Use 1 to 200 characters."
		}
	}
	for field, level := range map[string]int{"assertiveness": n.Config.Assertiveness, "empathy_level": n.Config.EmpathyLevel} {
		if level < 1 || level > 10 {
			bad[field] = "Choose 1 to 10."
		}
	}
	for field, text := range map[string]string{"seniority": n.Config.Seniority, "communication_style": n.Config.CommunicationStyle} {
		if len([]rune(text)) > 200 {
			bad[field] = "Use at most 200 characters."
		}
	}
	if !slices.Contains(RiskTolerances, n.Config.RiskTolerance) {
		bad["risk_tolerance"] = "Choose low, medium or high."
	}
	if !(n.Config.EscalationThreshold >= 0 && n.Config.EscalationThreshold <= 1) { // also refuses NaN
		bad["escalation_threshold"] = "Choose 0 to 1."
	}
	if len(n.Config.Certifications) > 20 {
		bad["certifications"] = "Name at most 20."
	}
	for _, certification := range n.Config.Certifications {
		if len([]rune(certification)) > 200 {
			bad["certifications"] = "Use at most 200 characters for each."
		}
	}
	return bad
}

const surrogateColumns = `
	s.id, s.role_title, s.domain, s.jurisdiction, s.config, s.status, s.revision, p.display_name as created_by,
	s.created_at, s.updated_at`

// SurrogatePage is a surrogate with what its page shows beside it.
type SurrogatePage struct {
	Surrogate
	Procedures []SurrogateProcedure
	History    []AuditEntry // the newest few; empty for those who may not read the audit log
}

// SurrogateProcedure is the newest version of one of a surrogate's SOPs.
type SurrogateProcedure struct {
	ID        uuid.UUID `db:"id"`
	Title     string    `db:"title"`
	Version   int       `db:"version"`
	Status    string    `db:"status"`
	UpdatedAt time.Time `db:"updated_at"`
}

// HasCertified says whether one of the procedures may be followed: an active surrogate needs one.
func (p SurrogatePage) HasCertified() bool {
	return slices.ContainsFunc(p.Procedures, func(sop SurrogateProcedure) bool { return sop.Status == "CERTIFIED" })
}

// Surrogate returns one surrogate with its procedures. ErrNotFound when it is not this organisation's.
func (t *Tenant) Surrogate(ctx context.Context, id uuid.UUID) (SurrogatePage, error) {
	var found SurrogatePage
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		if found.Surrogate, err = surrogate(ctx, tx, id); err != nil {
			return err
		}
		// The certified version of each line, or the newest where none is certified.
		found.Procedures, err = many[SurrogateProcedure](ctx, tx, `
			select distinct on (line_id) id, title, version, status, updated_at
			from sops
			where surrogate_id = $1
			order by line_id, status = 'CERTIFIED' desc, version desc`, id)
		if err != nil {
			return err
		}
		found.History, err = t.history(ctx, tx, id)
		return err
	})
	return found, err
}

func surrogate(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Surrogate, error) {
	return one[Surrogate](ctx, tx, `
		select`+surrogateColumns+`
		from surrogates s
		join people p on p.user_id = s.created_by
		where s.id = $1`, id)
}

// CreateSurrogate adds a draft. Invalid when a field is out of its range.
func (t *Tenant) CreateSurrogate(ctx context.Context, input SurrogateInput) (uuid.UUID, error) {
	if err := input.validate().orNil(); err != nil {
		return uuid.Nil, err
	}
	id := newID()
	object := Object{"surrogate", id, input.RoleTitle}
	entry, err := auditArgs(SurrogateCreated, object, Details{"after": input.details()})
	if err != nil {
		return uuid.Nil, err
	}
	err = t.batch(ctx, func(b *pgx.Batch) {
		b.Queue(`
			insert into surrogates (id, role_title, domain, jurisdiction, config, created_by)
			values ($1, $2, $3, $4, $5, $6)`,
			id, input.RoleTitle, input.Domain, input.Jurisdiction, input.Config, t.User.ID)
		t.queueAudit(ctx, b, object, entry)
	})
	return id, err
}

// UpdateSurrogate replaces what an author writes, if the surrogate still is at the revision that the author saw.
// ErrConflict when somebody changed it meanwhile, or when it is archived.
func (t *Tenant) UpdateSurrogate(ctx context.Context, id uuid.UUID, revision int, input SurrogateInput) error {
	if err := input.validate().orNil(); err != nil {
		return err
	}
	return t.tx(ctx, func(tx pgx.Tx) error {
		before, err := surrogate(ctx, tx, id)
		if err != nil {
			return err
		}
		err = move(ctx, tx, `
			update surrogates
			set role_title = $3, domain = $4, jurisdiction = $5, config = $6, revision = revision + 1, updated_at = now()
			where id = $1 and revision = $2 and status <> 'ARCHIVED'`,
			id, revision, input.RoleTitle, input.Domain, input.Jurisdiction, input.Config)
		if err != nil {
			return err
		}
		return t.audit(ctx, tx, SurrogateUpdated, Object{"surrogate", id, input.RoleTitle},
			Details{"before": before.input().details(), "after": input.details()})
	})
}

func (s Surrogate) input() SurrogateInput {
	return SurrogateInput{RoleTitle: s.RoleTitle, Domain: s.Domain, Jurisdiction: s.Jurisdiction, Config: s.Config}
}

func (n SurrogateInput) details() Details {
	return Details{"role_title": n.RoleTitle, "domain": n.Domain, "jurisdiction": n.Jurisdiction, "config": n.Config}
}
