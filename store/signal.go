package store

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/signal"
)

// Signal is one captured observation as somebody who may see it sees it.
type Signal struct {
	ID         uuid.UUID    `db:"id"`
	Draft      signal.Draft `db:"draft"` // everything that its author gave
	RealmSlug  string       `db:"realm_slug"`
	RealmName  string       `db:"realm_name"` // "" when it was shared from a realm that the reader does not know
	AuthorID   uuid.UUID    `db:"author_id"`
	Author     string       `db:"author"`
	Revision   int          `db:"revision"`
	Editable   bool         `db:"editable"` // by this reader
	Open       bool         `db:"open"`     // the reader may add to its realm, so also a note to it
	ImportedAt *time.Time   `db:"imported_at"`
	CreatedAt  time.Time    `db:"created_at"`
	UpdatedAt  time.Time    `db:"updated_at"`
	DeletedAt  *time.Time   `db:"deleted_at"` // in the bin since
}

// mayEdit is the expression that asks gate.access whether the reader may change the row s of signals. The policies ask
// the same function; this one decides which buttons show. Settings are read in subselects: once for a query, not for each row.
const mayEdit = `gate.access(s.visibility, s.created_by = (select current_setting('app.user_id')::uuid),
	s.realm_id = any ((select current_setting('app.realms_write')::uuid[])::uuid[]), s.realm_id = any ((select current_setting('app.realms_own')::uuid[])::uuid[]),
	false, false) = 2`

// inReach is the realm predicate of every query on signals: the walls stand behind it, and the indexes serve it.
const inReach = `(s.realm_id = any ((select current_setting('app.realms_read')::uuid[])::uuid[])
	or s.shared_realm_ids && (select current_setting('app.realms_read')::uuid[]) or s.realm_listed)`

// signalRecord is a draft's JSON as a row of the same columns.
const signalRecord = `(external_id text, type text, context text, title text, summary text, source text, tags text[],
	captured_at timestamptz, status text, visibility text, latitude float8, longitude float8, environment text, temperature float8,
	density float8, actions jsonb, entities jsonb, energy text, inner_state text, orientation text, substrate text,
	ontological_states text[], symbolic_elements text[], subsystems text[], dominant_language text[], payload jsonb, metadata jsonb)`

var (
	signalFields  = strings.Join(signal.FieldNames, ", ")
	signalColumns = `
		s.id, to_jsonb(f) as draft, coalesce(r.slug, '') as realm_slug, coalesce(r.name, '') as realm_name, s.created_by as author_id,
		p.display_name as author, s.revision, ` + mayEdit + ` as editable,
		s.realm_id = any ((select current_setting('app.realms_write')::uuid[])::uuid[]) as open,
		s.imported_at, s.created_at, s.updated_at, s.deleted_at`
	signalTables = `
		signals s
		join people p on p.user_id = s.created_by
		` + homeRealm + ` ` + draftOfSignal
	draftOfSignal = `cross join lateral (select s.` + strings.Join(signal.FieldNames, ", s.") + `) f`
)

// findSignal returns a signal that the member may see, also one in the bin for those who see the bin.
func findSignal(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Signal, error) {
	return one[Signal](ctx, tx, `select `+signalColumns+` from `+signalTables+` where s.id = $1 and `+inReach, id)
}

// NewSignal is what a person captures.
type NewSignal struct {
	Realm string // slug; "" for the member's default realm
	Draft signal.Draft
	File  *NewFile // that the payload names; nil for none
}

// CreateSignal captures a signal and returns its id. Invalid names fields as signal.FieldNames does, and "realm".
func (t *Tenant) CreateSignal(ctx context.Context, n NewSignal) (uuid.UUID, error) {
	draft := n.Draft.Normalised()
	if err := Invalid(draft.Problems()).orNil(); err != nil {
		return uuid.Nil, err
	}
	id := newID()
	err := t.tx(ctx, func(tx pgx.Tx) error {
		if err := insertSignal(ctx, tx, id, n.Realm, draft, false); err != nil {
			return err
		}
		if n.File != nil {
			if err := addFile(ctx, tx, id, *n.File); err != nil {
				return err
			}
		}
		if err := recordSignal(ctx, tx, id, "CREATED", nil, nil); err != nil {
			return err
		}
		if err := embedSoon(ctx, tx); err != nil {
			return err
		}
		return t.audit(ctx, tx, SignalCreated, Object{"signal", id, ""},
			Details{"type": string(draft.Type), "visibility": string(draft.Visibility)})
	})
	return id, err
}

// insertSignal writes a normalised draft into the realm at slug, "" for the default one of the member, who becomes its author.
func insertSignal(ctx context.Context, tx pgx.Tx, id uuid.UUID, realm string, draft signal.Draft, imported bool) error {
	made, err := exec(ctx, tx, `
		insert into signals (id, realm_id, realm_listed, created_by, imported_at, body, `+signalFields+`)
		select $1, r.id, r.listed, current_setting('app.user_id')::uuid, case when $2 then now() end, $3,
			f.external_id, f.type, f.context, f.title, f.summary, f.source, f.tags, coalesce(f.captured_at, now()), f.status, f.visibility,
			f.latitude, f.longitude, f.environment, f.temperature, f.density, f.actions, f.entities, f.energy, f.inner_state,
			f.orientation, f.substrate, f.ontological_states, f.symbolic_elements, f.subsystems, f.dominant_language, f.payload, f.metadata
		from realms r cross join jsonb_to_record($4::jsonb) as f `+signalRecord+`
		where r.id = any (current_setting('app.realms_write')::uuid[])
			and case when $5 = '' then r.is_default and r.owner_id = current_setting('app.user_id')::uuid else r.slug = $5 end`,
		id, imported, searchBody(draft), draft, realm)
	if err == nil && made == 0 {
		err = Invalid{"realm": "Choose a realm that you may add to."}
	}
	return err
}

// excerpt is the expression for the first words of the row s of signals.
const excerpt = `coalesce(nullif(s.summary, ''), left(split_part(s.body, E'\f', 1), 240))`

// bodyLimit is how much of a signal's text is searched, in characters; what comes after is kept and shown all the same.
const bodyLimit = 200_000

// searchBody is the text of a draft's content for the search by words, and after a form feed its tags.
func searchBody(draft signal.Draft) string {
	body := []rune(strings.ReplaceAll(signal.Body(draft.Payload), "\f", " ") + "\f" + strings.Join(draft.Tags, ", "))
	return string(body[:min(len(body), bodyLimit)])
}
