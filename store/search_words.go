package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// spelledIn is how much of a signal's text is looked through for a word, in characters. A word that stands further down is shown as its stem.
const spelledIn = 50_000

// spell puts words in the place of the stems that a search matched, as they stand in the signals: "fridges" for "fridg". A word has the
// letters of its stem but the last, which a stem may change (happy, happi), and is one if the dictionary makes that stem of it.
func spell(ctx context.Context, tx pgx.Tx, rows []foundRow) error {
	var ids []uuid.UUID
	var stems []string
	for _, row := range rows {
		for _, stem := range row.Words {
			ids, stems = append(ids, row.ID), append(stems, stem)
		}
	}
	if len(stems) == 0 {
		return nil
	}
	words, err := texts(ctx, tx, `
		select coalesce(case when x.stem ~ '^[[:alpha:]]{2,50}$' then (
			select c.word
			from (
				select found[1] as word, count(*) as times
				from regexp_matches(concat_ws(E'\n', s.title, s.summary, s.source, left(s.body, $3)),
					'\m' || left(x.stem, greatest(length(x.stem) - 1, 2)) || '[[:alpha:]]{0,20}\M', 'gi') as found
				group by 1 order by 2 desc, 1 limit 50
			) c
			where to_tsvector('english', c.word) @@ quote_literal(x.stem)::tsquery
			order by c.times desc, c.word limit 1) end, x.stem) as word
		from unnest($1::uuid[], $2::text[]) with ordinality as x (id, stem, n)
		join signals s on s.id = x.id
		order by x.n`, ids, stems, spelledIn)
	if err != nil || len(words) != len(stems) {
		return err // a signal that is gone meanwhile: stems stay, and they are right too
	}
	next := 0
	for _, row := range rows {
		for i := range row.Words {
			row.Words[i] = words[next]
			next++
		}
	}
	return nil
}
