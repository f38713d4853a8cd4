-- A search by words takes the same time before a realm's statistics are made as after: the words are counted once each, and the
-- mean length is taken with the candidates and not beside them.
create or replace function gate.match_words(p_text text, p_realms uuid[], p_limit int, p_opted uuid[] default '{}')
  returns table (signal_id uuid, score double precision, matched text[])
  language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  v_user uuid := current_setting('app.user_id')::uuid;
  v_write uuid[] := current_setting('app.realms_write'); v_own uuid[] := current_setting('app.realms_own'); v_read uuid[] := current_setting('app.realms_read');
  v_lexemes text[]; v_counts int[]; v_total bigint; v_rare text[];
begin
  v_lexemes := tsvector_to_array(to_tsvector('english', left(p_text, 20000)));
  if cardinality(v_lexemes) = 0 then
    return;
  end if;
  execute format('with counted as materialized (
      select l, (select count(*) from (select from %1$I.signals where words @@ quote_literal(l)::tsquery and realm_id = any ($2) limit 2001) x)::int
        + (select count(*) from %1$I.signals where id = any ($3) and (reaches && $4 or reaches_all) and words @@ quote_literal(l)::tsquery)::int as n
      from unnest($1) as l)
    select array_agg(l order by n, l), array_agg(n order by n, l) from counted where n > 0', current_setting('role'))
    into v_lexemes, v_counts using v_lexemes, p_realms, p_opted, v_read;
  if v_lexemes is null then
    return;
  end if;
  execute format('select count(*) from (select from %I.signals where realm_id = any ($1) limit 20001) x', current_setting('role')) into v_total using p_realms;
  v_total := v_total + cardinality(p_opted);
  -- Rare words first, as many as make at most 2,000 candidates; the rarest in any case.
  select array_agg(l order by i) into v_rare
    from (select l, i, sum(v_counts[i]) over (order by i) as so_far from unnest(v_lexemes) with ordinality as u (l, i)) x
    where i = 1 or so_far <= 2000;
  return query execute format('
    with candidates as materialized (
      select x.*, greatest(avg(size) over (), 1)::float8 as mean from (
        (select s.id, s.words, length(s.words) as size
        from %1$I.signals s
        where s.words @@ $1::tsquery and s.realm_id = any ($2) and s.deleted_at is null
          and gate.access(s.visibility, s.created_by = $3, s.realm_id = any ($4), s.realm_id = any ($5), s.realm_id = any ($6),
            s.reaches && $6 or s.reaches_all) >= 1
        limit 2000)
        union all
        (select s.id, s.words, length(s.words) as size
        from %1$I.signals s
        where s.words @@ $1::tsquery and s.id = any ($11) and s.realm_id <> all ($2) and s.deleted_at is null
          and gate.access(s.visibility, s.created_by = $3, s.realm_id = any ($4), s.realm_id = any ($5), s.realm_id = any ($6),
            s.reaches && $6 or s.reaches_all) >= 1
        limit 2000)) x
    ), terms as (
      select l, ln(1 + ($9 - n + 0.5::float8) / (n + 0.5::float8)) as idf from unnest($7::text[], $8::int[]) as t (l, n)
    )
    select c.id, sum(t.idf * (w.tf * 2.2::float8) / (w.tf + 1.2::float8 * (0.25::float8 + 0.75::float8 * c.size / c.mean))) as score,
      array_agg(t.l order by t.idf desc)
    from candidates c
    cross join lateral (select lexeme, weights from unnest(c.words) where lexeme = any ($7)) u
    cross join lateral (select sum(case weight when ''A'' then 3 when ''B'' then 2 else 1 end)::float8 as tf from unnest(u.weights) weight) w
    join terms t on t.l = u.lexeme
    group by c.id
    order by score desc, c.id
    limit $10', current_setting('role'))
    using (select string_agg(quote_literal(l), ' | ') from unnest(v_rare) l), p_realms, v_user, v_write, v_own, v_read,
      v_lexemes, v_counts, greatest(v_total, 1), least(p_limit, 1000), p_opted;
end $$;
