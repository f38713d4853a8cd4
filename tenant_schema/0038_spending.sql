-- What language models cost is written by functions of the gate alone: a statement of a member's transaction cannot make it less.

revoke insert, update (cost, tokens) on llm_spending from @tenant;
revoke insert, update (outcome, problem, tokens_in, tokens_out, cost, duration_ms, finished_at) on llm_calls from @tenant;
drop policy llm_calls_insert on llm_calls;
drop policy llm_calls_update on llm_calls;

create policy llm_accounts_functions on llm_accounts for select to surrealm_owner using (true);
create policy llm_calls_functions    on llm_calls to surrealm_owner using (true) with check (true);
