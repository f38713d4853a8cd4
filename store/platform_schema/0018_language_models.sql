-- Language models: their endpoints are called by jobs only, also when an account is tried out.

-- Adds the job that tries an account: p_call is its row in the ledger, which the actor wrote.
create function gate.enqueue_llm_test(p_call uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform gate.require_role('OWNER', 'ADMIN');
  perform public.enqueue('test_language_model', jsonb_build_object('org', current_setting('app.org_id'), 'user', current_setting('app.user_id'),
    'call', p_call));
end $$;

grant execute on function gate.enqueue_llm_test(uuid) to surrealm_tenant;
