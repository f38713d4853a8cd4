package store

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/signal"
)

// mostChosen is how many single signals a consent covers at most.
const mostChosen = 1000

// ConsentFilter narrows the member's own signals of a realm, for choosing among them.
type ConsentFilter struct {
	Purpose Purpose
	Query   string // words of the title or the text
	Chosen  bool   // only those that are chosen
	Cursor  string
}

// ConsentSignal is a signal of the member's own that a consent may cover.
type ConsentSignal struct {
	ID         uuid.UUID         `db:"id"`
	Type       signal.Type       `db:"type"`
	Title      string            `db:"title"`
	Excerpt    string            `db:"excerpt"`
	Visibility signal.Visibility `db:"visibility"`
	CapturedAt time.Time         `db:"captured_at"`
	Chosen     bool              `db:"chosen"`
	Key        string            `db:"key"` // of its place in the list
}

func (s ConsentSignal) place() cursor { return cursor{Key: s.Key, ID: s.ID} }

// ConsentSignals is a page of the member's own signals in a realm, the last captured first.
type ConsentSignals struct {
	Page[ConsentSignal]
	Realm  Realm
	Live   *Consent // the consent to the purpose that is in force; nil for none
	Own    int      // all of theirs in the realm
	Chosen int      // of those; 0 when the consent is not about single signals
}

// ConsentSignals lists what the member may choose from for a consent. ErrNotFound outside of their realms and for no purpose.
func (t *Tenant) ConsentSignals(ctx context.Context, realm string, f ConsentFilter) (ConsentSignals, error) {
	var found ConsentSignals
	if f.Purpose.Label() == "" {
		return found, ErrNotFound
	}
	from, started := parseCursor(f.Cursor)
	if started = started && signalSorts["captured"].reads(from.Key); !started {
		from = cursor{}
	}
	direction, comparison := "desc", "<"
	if from.Back {
		direction, comparison = "asc", ">"
	}
	err := t.tx(ctx, func(tx pgx.Tx) error {
		home, err := readableRealm(ctx, tx, realm)
		if err != nil {
			return err
		}
		if found.Live, err = ownConsent(ctx, tx, home, f.Purpose); err != nil {
			return err
		}
		type counts struct {
			Own    int `db:"own"`
			Chosen int `db:"chosen"`
		}
		n, err := one[counts](ctx, tx, `
			select count(*) as own, count(*) filter (where s.id = any ($2)) as chosen
			from signals s where s.realm_id = $1 and s.created_by = current_setting('app.user_id')::uuid and s.deleted_at is null`, home, found.Live.chosen())
		if err != nil {
			return err
		}
		found.Own, found.Chosen = n.Own, n.Chosen
		rows, err := many[ConsentSignal](ctx, tx, `
			select s.id, s.type, s.title, `+excerpt+` as excerpt, s.visibility, s.captured_at, s.id = any ($2) as chosen,
				to_char(s.captured_at`+instantKey+`) as key
			from signals s
			where s.realm_id = $1 and s.created_by = current_setting('app.user_id')::uuid and s.deleted_at is null
				and ($3 = '' or s.title ilike '%' || $3 || '%' or s.body ilike '%' || $3 || '%') and (not $4 or s.id = any ($2))
				and (not $5 or (s.captured_at, s.id) `+comparison+` (case when $5 then $6::text::timestamptz end, $7))
			order by s.captured_at `+direction+`, s.id `+direction+`
			limit $8`, home, found.Live.chosen(), likePattern(f.Query), f.Chosen, started, from.Key, from.ID, PageSize+1)
		if err != nil {
			return err
		}
		found.Page = page(rows, from, started, ConsentSignal.place)
		found.Realm, err = t.realm(ctx, tx, realm)
		return err
	})
	return found, err
}

// chosen are the signals that a consent names; none without one.
func (c *Consent) chosen() []uuid.UUID {
	if c == nil {
		return []uuid.UUID{}
	}
	return nonNil(c.IDs)
}

// ownConsent is what the member allows for a purpose in a realm; nil for nothing.
func ownConsent(ctx context.Context, tx pgx.Tx, home uuid.UUID, purpose Purpose) (*Consent, error) {
	found, err := many[Consent](ctx, tx, `
		select c.id, p.display_name as person, true as own, c.purpose, c.scope, c.tags, c.from_at, c.until_at, cardinality(c.signal_ids) as signals,
			c.signal_ids, 0 as covered, c.external, c.expires_at
		from consents c join people p on p.user_id = c.user_id
		where c.realm_id = $1 and c.user_id = current_setting('app.user_id')::uuid and c.purpose = $2 and `+inForce, home, purpose)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// ConsentChoice is what the member ticked on a page of their signals.
type ConsentChoice struct {
	Purpose Purpose
	Terms   *ConsentTerms // nil for those of the consent in force
	Shown   []uuid.UUID   // those that stood on the page: the ones that are not chosen are taken out
	Chosen  []uuid.UUID
}

// ConsentTerms are how far a consent goes, and how long.
type ConsentTerms struct {
	External bool
	Expires  *time.Time
}

func (t ConsentTerms) are(c *Consent) bool {
	return t.External == c.External && (t.Expires == nil) == (c.ExpiresAt == nil) && (t.Expires == nil || t.Expires.Equal(*c.ExpiresAt))
}

// ChooseSignals has a consent cover single signals: those that it covered before, without what was shown, and what was chosen. Returns how
// many that are. What was taken out is left out at once. Invalid on "ids" when none or too many would be left, "expires" when it is over;
// ErrNotFound when a chosen signal is not the member's own, or not there; ErrConflict when the choice was changed meanwhile.
func (t *Tenant) ChooseSignals(ctx context.Context, realm string, n ConsentChoice) (int, error) {
	if n.Purpose.Label() == "" {
		return 0, ErrNotFound
	}
	covered := 0
	err := t.tx(ctx, func(tx pgx.Tx) error {
		home, err := readableRealm(ctx, tx, realm)
		if err != nil {
			return err
		}
		live, err := ownConsent(ctx, tx, home, n.Purpose)
		if err != nil {
			return err
		}
		terms := ConsentTerms{}
		if n.Terms != nil {
			terms = *n.Terms
		} else if live != nil {
			terms = ConsentTerms{External: live.External, Expires: live.ExpiresAt}
		}
		before := live.chosen()
		after := slices.DeleteFunc(slices.Clone(before), func(id uuid.UUID) bool { return slices.Contains(n.Shown, id) })
		for _, id := range n.Chosen {
			if !slices.Contains(after, id) {
				after = append(after, id)
			}
		}
		covered = len(after)
		wanted := NewConsent{Purpose: n.Purpose, Scope: TheseSignals, Signals: after, External: terms.External, Expires: terms.Expires}
		if err := wanted.validate().orNil(); err != nil {
			return err
		}
		if err := ownSignals(ctx, tx, home, n.Chosen); err != nil {
			return err
		}
		if live != nil && live.Scope == TheseSignals && terms.are(live) {
			return t.rechoose(ctx, tx, home, *live, after)
		}
		if _, err := endConsent(ctx, tx, home, n.Purpose); err != nil {
			return err
		}
		return t.insertConsent(ctx, tx, home, wanted)
	})
	return covered, err
}

// rechoose changes which signals a consent names. One that is chosen again is not remembered as taken out.
func (t *Tenant) rechoose(ctx context.Context, tx pgx.Tx, home uuid.UUID, live Consent, after []uuid.UUID) error {
	gone := slices.DeleteFunc(slices.Clone(live.IDs), func(id uuid.UUID) bool { return slices.Contains(after, id) })
	if len(gone) == 0 && len(after) == len(live.IDs) {
		return nil
	}
	err := move(ctx, tx, `
		update consents
		set signal_ids = $2, unchosen_ids = array(select unnest(unchosen_ids || $3::uuid[]) except select unnest($2::uuid[])),
			unchosen_at = case when $3 = '{}' then unchosen_at else now() end
		where id = $1 and signal_ids = $4 and revoked_at is null`, live.ID, after, nonNil(gone), live.IDs)
	if err != nil {
		return err
	}
	return t.audit(ctx, tx, ConsentChanged, Object{"realm", home, ""}, Details{"purpose": string(live.Purpose), "signals": len(after), "taken_out": len(gone)})
}

// ownSignals answers ErrNotFound unless all of some signals are the member's own and in a realm.
func ownSignals(ctx context.Context, tx pgx.Tx, home uuid.UUID, ids []uuid.UUID) error {
	found, err := value[int](ctx, tx, `
		select count(*) from (select distinct unnest($2::uuid[]) as id) x
		where not exists (select from signals s
			where s.id = x.id and s.realm_id = $1 and s.created_by = current_setting('app.user_id')::uuid and s.deleted_at is null)`, home, nonNil(ids))
	if err == nil && found > 0 {
		err = ErrNotFound
	}
	return err
}
