package store

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"
)

// SignalChoices is what the filters of a list of signals offer.
type SignalChoices struct {
	Realms []RealmChoice `db:"realms"`
	Tags   []string      `db:"tags"`  // the most used among the recent signals
	Views  []SavedView   `db:"views"` // the member's own
	Any    bool          `db:"any"`   // there is a signal in the member's realms, in whatever state
	Model  string        `db:"model"` // whose vectors a search by meaning compares; "" before the first
}

// Understands says whether searches compare meanings: not when the model is the fallback, which compares spelling.
func (c SignalChoices) Understands() bool { return c.Model == "" || knowsMeaning(c.Model) }

// RealmChoice is a realm to choose in a filter or a form.
type RealmChoice struct {
	Slug    string `db:"slug"`
	Name    string `db:"name"`
	Type    string `db:"type"`
	Default bool   `db:"is_default"` // where the member's captures go
	Writes  bool   `db:"writes"`     // the member may add to it
}

// selectChoices reads all of them in one statement. Tags are counted over the last 500 signals of each realm, because counting
// them all would read every signal for each page of a list.
const selectChoices = `
	select
		coalesce((select jsonb_agg(jsonb_build_object('Slug', slug, 'Name', name, 'Type', type, 'Default', mine,
				'Writes', id = any (current_setting('app.realms_write')::uuid[])) order by mine desc, lower(name), slug)
			from (select *, is_default and owner_id = current_setting('app.user_id')::uuid as mine from realms) r
			where id = any ((select current_setting('app.realms_read')::uuid[])::uuid[]) or listed), '[]') as realms,
		array(select tag
			from unnest(current_setting('app.realms_read')::uuid[]) realm cross join lateral (
				select s.tags from signals s where s.realm_id = realm and s.deleted_at is null order by s.captured_at desc, s.id desc limit 500) recent
			cross join unnest(recent.tags) tag
			group by tag order by count(*) desc, tag limit 50) as tags,
		coalesce((select jsonb_agg(jsonb_build_object('ID', id, 'Name', name, 'Query', query) order by lower(name), id)
			from saved_views where user_id = current_setting('app.user_id')::uuid), '[]') as views,
		exists (select from signals s where s.realm_id = any ((select current_setting('app.realms_read')::uuid[])::uuid[])) as any,
		coalesce((select model from search_model), '') as model`

func signalChoices(ctx context.Context, tx pgx.Tx) (SignalChoices, error) {
	return one[SignalChoices](ctx, tx, selectChoices)
}

// CaptureChoices returns what the form of a signal offers to the member: the realms that they may add to, the default one first, and tags.
func (t *Tenant) CaptureChoices(ctx context.Context) (SignalChoices, error) {
	found, err := readOne[SignalChoices](ctx, t, selectChoices)
	found.Realms = writable(found.Realms, "")
	return found, err
}

// writable are the realms that the member may add to, without one.
func writable(realms []RealmChoice, but string) []RealmChoice {
	return slices.DeleteFunc(realms, func(r RealmChoice) bool { return !r.Writes || r.Slug == but })
}
