package store

import (
	"context"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Match says why a search found a signal.
type Match struct {
	Words      []string // of the query, as they stand in it, the rarest first
	Similarity *float64 // cosine of the two meanings; nil when they were not near enough to count
}

const (
	// searchDepth is how many each arm of a search brings, and so the most that a search finds.
	searchDepth = 200
	// leastSimilarity is the cosine below which two texts have nothing to do with each other.
	leastSimilarity = 0.25
)

type foundRow struct {
	SignalSummary
	Model      string   `db:"model"`
	Words      []string `db:"words"`
	Similarity *float64 `db:"similarity"`
}

// searchSignals finds signals by words and by meaning, the best first.
func searchSignals(ctx context.Context, tx pgx.Tx, f SignalFilter, query meaning, into *SignalList) error {
	offset := searchOffset(f.Cursor)
	args := append(f.searchArgs(query), PageSize+1, offset)
	rows, err := many[foundRow](ctx, tx, `
		with `+searchHits(f)+`
		select `+summaryColumns+`, hits.words, hits.similarity, (select model from compared) as model
		from hits
		join signals s on s.id = hits.signal_id
		join people p on p.user_id = s.created_by
		`+homeRealm+`
		where `+signalMatches+`
		order by hits.score desc, s.id
		limit $23 offset $24`, args...)
	if err != nil {
		return err
	}
	into.Meaning, into.Why = query.model, map[uuid.UUID]Match{}
	if len(rows) > PageSize {
		rows, into.Next = rows[:PageSize], strconv.Itoa(offset+PageSize)
	}
	if offset > 0 {
		into.Previous = strconv.Itoa(offset - PageSize)
	}
	if err := spell(ctx, tx, rows); err != nil {
		return err
	}
	for _, row := range rows {
		into.Meaning = row.Model
		into.Items = append(into.Items, row.SignalSummary)
		into.Why[row.ID] = Match{Words: row.Words, Similarity: row.Similarity}
	}
	return nil
}

func (f SignalFilter) searchArgs(query meaning) []any {
	words, vectors := f.Query, query.vectors
	if f.By == "meaning" {
		words = ""
	}
	if f.By == "words" {
		vectors = map[string]string{}
	}
	return append(f.args(), words, vectors, query.model, searchDepth, leastSimilarity)
}

// searchHits is the common table of what a search finds, with its parameters $1 to $22. Each arm ranks on its own and is exact
// within the realms in reach, whatever lies beside them in the table; reciprocal rank fusion joins the two (Cormack, Clarke and
// Büttcher, 2009; k = 60).
func searchHits(f SignalFilter) string {
	return reach + `, compared as materialized (
			select model, ($19::jsonb ->> model)::halfvec as vector from (select coalesce((select model from search_model), $20) as model) m
		), by_words as materialized (
			select m.signal_id, m.matched, row_number() over (order by m.score desc, m.signal_id) as rank
			from gate.match_words($18, array(select id from reach), 1000, array(select signal_id from opted)) m
			join signals s on s.id = m.signal_id
			where ` + signalMatches + `
			order by rank limit $21
		), by_meaning as materialized (
			select near.*, row_number() over (order by similarity desc, signal_id) as rank
			from (` + nearest(f) + `) near
			where similarity >= $22
		), hits as materialized (
			select signal_id, coalesce(w.matched, '{}') as words, n.similarity,
				coalesce(1.0 / (60 + w.rank), 0) + coalesce(1.0 / (60 + n.rank), 0) as score
			from by_words w full join by_meaning n using (signal_id)
		)`
}

// nearest is the query for the signals whose meaning is nearest.
func nearest(f SignalFilter) string {
	const comparable = `e.model = (select model from compared where vector is not null)`
	if f.plain() {
		return nearestTo(`(select vector from compared)`, comparable, `$21`)
	}
	return nearestTo(`(select vector from compared)`, comparable+` and exists (
		select from signals s where s.realm_id = e.realm_id and s.id = e.signal_id and `+signalMatches+`)`, `$21`)
}

// nearestTo is a query for the signals in reach whose vectors e are nearest to one, and like what where says. It reads every vector of the
// member's realms, and nothing else of the signals unless it is asked; of others those that are opted in, and those that everyone reads.
// The given vector is a subselect, which is read once and not for every row.
func nearestTo(vector, where, limit string) string {
	arm := func(from, in string) string {
		return `(select e.signal_id, e.embedding <#> ` + vector + ` as distance
			from ` + from + `
			where ` + in + ` and ` + where + `
			order by distance limit ` + limit + `)`
	}
	return `select signal_id, -distance as similarity from (` +
		arm(`signal_embeddings e`, `e.realm_id = any ((select array(select id from reach where mine))::uuid[])`) + ` union all ` +
		arm(`opted join signal_embeddings e on e.realm_id = opted.realm_id and e.signal_id = opted.signal_id`, `true`) + ` union all ` +
		arm(`signal_embeddings e`, `e.reaches_all and e.realm_id = any ((select array(select id from reach where not mine))::uuid[])`) + `) d
		order by distance limit ` + limit
}

// plain says that the filter narrows by nothing but the realm.
func (f SignalFilter) plain() bool {
	return len(f.Types)+len(f.Contexts)+len(f.Statuses)+len(f.Tags) == 0 && f.Visibility+f.Author+f.Source == "" &&
		f.From == nil && f.To == nil && f.Warmest == nil && f.Coldest == nil && f.Near == nil && !f.Bin && !f.Placed
}

// searchOffset reads the cursor of a search, which is a number of results: a search has no sort key that would stay.
func searchOffset(cursor string) int {
	offset, err := strconv.Atoi(cursor)
	if err != nil || offset < 0 || offset > 2*searchDepth {
		return 0
	}
	return offset / PageSize * PageSize
}

// Similar is what MoreLike finds.
type Similar struct {
	Near    []SignalSummary
	Meaning bool // meanings were compared, and not spelling alone
}

// MoreLike finds the signals whose meaning and words are like those of one that the member may see, the nearest first, without itself.
// ErrNotFound when it does not exist or the member may not know that it does.
func (t *Tenant) MoreLike(ctx context.Context, id uuid.UUID, limit int) (Similar, error) {
	var found Similar
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		if _, err := findSignal(ctx, tx, id); err != nil {
			return err
		}
		model, err := searchModel(ctx, tx, t.store.encoder.Model())
		if err != nil {
			return err
		}
		found.Meaning = knowsMeaning(model)
		found.Near, err = many[SignalSummary](ctx, tx, `
			with `+reach+`, home as materialized (
				select e.embedding from signal_embeddings e where e.signal_id = $5 and e.model = $2
			), near as materialized (
				`+nearestTo(`(select embedding from home)`, `e.model = $2 and e.signal_id <> $5 and exists (select from home)`, `$3`)+`
			)
			select `+summaryColumns+`
			from near join signals s on s.id = near.signal_id
			join people p on p.user_id = s.created_by
			`+homeRealm+`
			where near.similarity >= $4 and s.deleted_at is null and `+inReach+`
			order by near.similarity desc, s.id`, "", model, limit, 2*leastSimilarity, id)
		return err
	})
	return found, err
}
