-- What language models cost is written by these functions alone, so that no statement of a member's transaction makes it less.

-- Writes a call into the ledger at the most that it can cost, and answers whether the account's budget of the month holds that: if not,
-- nothing is written. The row of the month is locked, so that calls at the same time cannot overspend together. p_in is how many tokens
-- the model may read at most; the price, the model and how much it may write come from the account.
create function gate.book_llm_call(p_id uuid, p_account uuid, p_purpose text, p_synthesis uuid, p_in int) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_schema text := current_setting('role'); a record; v_month text := to_char(now() at time zone 'UTC', 'YYYY-MM'); v_cost bigint; v_booked boolean;
begin
  if p_purpose = 'TEST' then
    perform gate.require_role('OWNER', 'ADMIN');
  end if;
  if p_in is null or p_in < 0 then
    raise exception 'a call reads no less than nothing' using errcode = 'SR409';
  end if;
  execute format('select model, price_in, price_out, max_tokens, budget::bigint * 1000000 as budget from %I.llm_accounts
    where id = $1 and state = ''ACTIVE''', v_schema) into a using p_account;
  if a.model is null then
    return false;
  end if;
  v_cost := p_in::bigint * a.price_in + a.max_tokens::bigint * a.price_out;
  execute format('
    insert into %I.llm_spending as m (account_id, month, cost, tokens)
    select $1, $2, $3, $4 where $5 is null or $3 <= $5
    on conflict (account_id, month) do update set cost = m.cost + excluded.cost, tokens = m.tokens + excluded.tokens
    where $5 is null or m.cost + excluded.cost <= $5
    returning true', v_schema) into v_booked using p_account, v_month, v_cost, p_in::bigint + a.max_tokens, a.budget;
  if v_booked is null then
    return false;
  end if;
  execute format('insert into %I.llm_calls (id, account_id, month, asked_by, purpose, synthesis_id, model, tokens_in, tokens_out, cost)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)', v_schema)
    using p_id, p_account, v_month, current_setting('app.user_id')::uuid, p_purpose, p_synthesis, a.model, p_in, a.max_tokens, v_cost;
  return true;
end $$;

-- Replaces what was booked for a call of the actor's that is under way by what it took. Where p_in and p_out are null, what was booked
-- stands. A call that has ended stays as it is.
create function gate.settle_llm_call(p_call uuid, p_outcome text, p_problem text, p_duration int, p_in int, p_out int) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_schema text := current_setting('role'); c record; v_cost bigint;
begin
  execute format('select c.account_id, c.month, c.tokens_in, c.tokens_out, c.cost, a.price_in, a.price_out
    from %1$I.llm_calls c join %1$I.llm_accounts a on a.id = c.account_id
    where c.id = $1 and c.asked_by = $2 and c.outcome = ''RUNNING'' for update of c', v_schema)
    into c using p_call, current_setting('app.user_id')::uuid;
  if c.account_id is null then
    return;
  end if;
  v_cost := coalesce(p_in::bigint * c.price_in + p_out::bigint * c.price_out, c.cost);
  execute format('update %I.llm_calls set outcome = $2, problem = $3, duration_ms = $4, finished_at = now(), tokens_in = $5, tokens_out = $6, cost = $7
    where id = $1', v_schema) using p_call, p_outcome, p_problem, p_duration, coalesce(p_in, c.tokens_in), coalesce(p_out, c.tokens_out), v_cost;
  execute format('update %I.llm_spending set cost = greatest(cost + $3, 0), tokens = greatest(tokens + $4, 0) where account_id = $1 and month = $2', v_schema)
    using c.account_id, c.month, v_cost - c.cost, coalesce(p_in - c.tokens_in, 0)::bigint + coalesce(p_out - c.tokens_out, 0);
end $$;

grant execute on function gate.book_llm_call(uuid, uuid, text, uuid, int), gate.settle_llm_call(uuid, text, text, int, int, int) to surrealm_tenant;
