package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/signal"
)

// Purpose is what a consent allows.
type Purpose string

// The purposes.
const (
	ToAnalyse Purpose = "ANALYSIS"
	ToReflect Purpose = "REFLECTION"
	ToCluster Purpose = "CLUSTER"
)

// Purposes are all of them.
var Purposes = []Purpose{ToAnalyse, ToReflect, ToCluster}

// Label is the purpose in plain words.
func (p Purpose) Label() string {
	return map[Purpose]string{
		ToAnalyse: "Describe single signals", ToReflect: "Write about signals and clusters", ToCluster: "Find clusters among signals",
	}[p]
}

// ConsentScope is which of a person's signals a consent covers.
type ConsentScope string

// The scopes.
const (
	AllOfMine    ConsentScope = "ALL"
	WithTags     ConsentScope = "TAGS"
	FromTo       ConsentScope = "RANGE"
	TheseSignals ConsentScope = "SIGNALS"
)

// NewConsent is what a person allows. External also allows providers outside this server.
type NewConsent struct {
	Purpose  Purpose
	Scope    ConsentScope
	Tags     []string
	From, To *time.Time
	Signals  []uuid.UUID
	External bool
	Expires  *time.Time
}

func (n *NewConsent) validate() Invalid {
	bad := Invalid{}
	if n.Purpose.Label() == "" {
		bad["purpose"] = "Choose what you allow."
	}
	n.Tags = signal.NormaliseTags(n.Tags)
	switch n.Scope {
	case AllOfMine:
	case WithTags:
		if len(n.Tags) == 0 || len(n.Tags) > 100 {
			bad["tags"] = "Name 1 to 100 tags."
		}
	case FromTo:
		if n.From == nil && n.To == nil || n.From != nil && n.To != nil && !n.From.Before(*n.To) {
			bad["from"] = "Give a beginning, an end, or both in this order."
		}
	case TheseSignals:
		if len(n.Signals) == 0 || len(n.Signals) > mostChosen {
			bad["ids"] = "Choose 1 to 1,000 signals."
		}
	default:
		bad["scope"] = "Choose which signals."
	}
	if past(n.Expires) {
		bad["expires"] = pastExpiry
	}
	return bad
}

const pastExpiry = "Choose a time to come, or none."

func past(at *time.Time) bool { return at != nil && !at.After(time.Now()) }

// Consent is what one member of a realm allows.
type Consent struct {
	ID        uuid.UUID    `db:"id"`
	Person    string       `db:"person"`
	Own       bool         `db:"own"` // the reader's
	Purpose   Purpose      `db:"purpose"`
	Scope     ConsentScope `db:"scope"`
	Tags      []string     `db:"tags"`
	From      *time.Time   `db:"from_at"`
	Until     *time.Time   `db:"until_at"`
	Signals   int          `db:"signals"`    // that were chosen
	IDs       []uuid.UUID  `db:"signal_ids"` // of them, on the reader's own consent
	Covered   int          `db:"covered"`    // of the reader's own consent: how many signals that are here now
	External  bool         `db:"external"`
	ExpiresAt *time.Time   `db:"expires_at"`
}

// inForce says whether the consent c is live.
const inForce = `c.revoked_at is null and (c.expires_at is null or c.expires_at > now())`

// covers says whether the consent c is about the row s of signals, which is its person's.
const covers = `case c.scope when 'TAGS' then s.tags && c.tags when 'SIGNALS' then s.id = any (c.signal_ids)
	when 'RANGE' then (c.from_at is null or s.captured_at >= c.from_at) and (c.until_at is null or s.captured_at < c.until_at)
	else true end`

// Consents lists what the members of a realm allow now.
func (t *Tenant) Consents(ctx context.Context, realm string) ([]Consent, error) {
	var found []Consent
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		home, err := readableRealm(ctx, tx, realm)
		if err != nil {
			return err
		}
		found, err = many[Consent](ctx, tx, `
			select c.id, p.display_name as person, c.user_id = current_setting('app.user_id')::uuid as own, c.purpose, c.scope, c.tags, c.from_at,
				c.until_at, cardinality(c.signal_ids) as signals, '{}'::uuid[] as signal_ids, c.external, c.expires_at,
				(select count(*) from signals s
					where c.user_id = current_setting('app.user_id')::uuid and s.realm_id = c.realm_id and s.created_by = c.user_id and s.deleted_at is null
						and `+covers+`) as covered
			from consents c
			join people p on p.user_id = c.user_id
			join realms_users u on u.realm_id = c.realm_id and u.user_id = c.user_id and u.state = 'ACTIVE'
			where c.realm_id = $1 and `+inForce+`
			order by p.display_name, c.purpose`, home)
		return err
	})
	return found, err
}

// readableRealm returns the id of the realm at slug if the member is in it; ErrNotFound otherwise.
func readableRealm(ctx context.Context, tx pgx.Tx, slug string) (uuid.UUID, error) {
	return value[uuid.UUID](ctx, tx, `select id from realms where slug = $1 and id = any (current_setting('app.realms_read')::uuid[])`, slug)
}

// GrantConsent allows something to be done with the member's own signals in a realm. It takes the place of an earlier consent to the same.
// ErrNotFound when a chosen signal is not theirs, or not there.
func (t *Tenant) GrantConsent(ctx context.Context, realm string, n NewConsent) error {
	if err := n.validate().orNil(); err != nil {
		return err
	}
	return t.tx(ctx, func(tx pgx.Tx) error {
		home, err := readableRealm(ctx, tx, realm)
		if err != nil {
			return err
		}
		if err := ownSignals(ctx, tx, home, n.Signals); err != nil {
			return err
		}
		if _, err := endConsent(ctx, tx, home, n.Purpose); err != nil {
			return err
		}
		return t.insertConsent(ctx, tx, home, n)
	})
}

// insertConsent writes a consent that was found to be valid, and records it.
func (t *Tenant) insertConsent(ctx context.Context, tx pgx.Tx, home uuid.UUID, n NewConsent) error {
	_, err := tx.Exec(ctx, `
			insert into consents (id, realm_id, user_id, purpose, scope, tags, from_at, until_at, signal_ids, external, expires_at)
			values ($1, $2, $3, $4, $5, case when $5 = 'TAGS' then $6::text[] else '{}' end, case when $5 = 'RANGE' then $7::timestamptz end,
				case when $5 = 'RANGE' then $8::timestamptz end, case when $5 = 'SIGNALS' then $9::uuid[] else '{}' end, $10, $11)`,
		newID(), home, t.User.ID, n.Purpose, n.Scope, nonNil(n.Tags), n.From, n.To, nonNil(n.Signals), n.External, n.Expires)
	if err != nil {
		return err
	}
	return t.audit(ctx, tx, ConsentGranted, Object{"realm", home, ""}, Details{"purpose": string(n.Purpose), "scope": string(n.Scope)})
}

// RevokeConsent ends a consent at once: no run takes in the member's signals any more, and what rests on it is marked.
func (t *Tenant) RevokeConsent(ctx context.Context, realm string, purpose Purpose) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		home, err := readableRealm(ctx, tx, realm)
		if err != nil {
			return err
		}
		ended, err := endConsent(ctx, tx, home, purpose)
		if err != nil {
			return err
		}
		if ended == 0 {
			return fmt.Errorf("%w: no consent to revoke", ErrNotFound)
		}
		return t.audit(ctx, tx, ConsentRevoked, Object{"realm", home, ""}, Details{"purpose": string(purpose)})
	})
}

// endConsent revokes the member's live consent to a purpose. What rests on it reads as marked from then on.
func endConsent(ctx context.Context, tx pgx.Tx, realm uuid.UUID, purpose Purpose) (int64, error) {
	return exec(ctx, tx, `
		update consents set revoked_at = now()
		where realm_id = $1 and user_id = current_setting('app.user_id')::uuid and purpose = $2 and revoked_at is null`, realm, purpose)
}
