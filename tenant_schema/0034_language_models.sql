-- Language models: accounts at providers outside this server, what each may cost, and what each call did cost.
--
-- An account's key is sealed and is opened by jobs only. OWNER and ADMIN keep the accounts; everybody reads them, because a job
-- calls a model as the person who asked for the text. The ledger holds numbers and no text.
--
-- Money is in cents of whatever currency the provider bills. A price is for 1,000,000 tokens, so that tokens times price is exact
-- in millionths of a cent, the unit of every cost here.

create table llm_accounts (
    id               uuid        primary key,
    name             text        not null,
    base_url         text        not null,
    model            text        not null,
    sealed_key       bytea,                                -- null: the endpoint asks for none
    key_set_at       timestamptz,
    is_default       boolean     not null default false,   -- what forms offer first
    state            text        not null default 'ACTIVE',
    price_in         int         not null default 0,       -- cents for 1,000,000 tokens that the model reads
    price_out        int         not null default 0,       -- and that it writes
    budget           int,                                  -- cents a month; null is without end
    max_tokens       int         not null default 2000,    -- of one answer
    max_chars        int         not null default 48000,   -- bytes of passages in one request
    timeout_seconds  int         not null default 60,
    revision         int         not null default 1,
    created_by       uuid        not null,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),

    constraint llm_accounts_created_by_person foreign key (created_by) references people (user_id),
    constraint llm_accounts_name_length       check (length(name) between 1 and 60),
    constraint llm_accounts_base_url_length   check (length(base_url) between 8 and 500),
    constraint llm_accounts_model_length      check (length(model) between 1 and 200),
    constraint llm_accounts_key               check ((sealed_key is null) = (key_set_at is null)),
    constraint llm_accounts_state             check (state in ('ACTIVE', 'DISABLED', 'DELETED')),
    constraint llm_accounts_default_active    check (not is_default or state = 'ACTIVE'),
    constraint llm_accounts_deleted_keyless   check (state <> 'DELETED' or sealed_key is null),
    constraint llm_accounts_prices            check (price_in between 0 and 10000000 and price_out between 0 and 10000000),
    constraint llm_accounts_budget            check (budget between 0 and 100000000),
    constraint llm_accounts_max_tokens        check (max_tokens between 100 and 32000),
    constraint llm_accounts_max_chars         check (max_chars between 2000 and 200000),
    constraint llm_accounts_timeout           check (timeout_seconds between 5 and 120),
    constraint llm_accounts_revision          check (revision >= 1)
);

create unique index llm_accounts_name_once   on llm_accounts (lower(name)) where state <> 'DELETED';
create unique index llm_accounts_one_default on llm_accounts (is_default) where is_default;
create index llm_accounts_created_by_idx     on llm_accounts (created_by);

comment on table llm_accounts is 'Accounts at providers of language models.';

-- What an account cost in a month, what is under way counted at the most that it can cost: one row to lock, so that calls at the
-- same time cannot overspend together.
create table llm_spending (
    account_id  uuid   not null,
    month       text   not null,              -- such as 2026-03, in UTC
    cost        bigint not null default 0,
    tokens      bigint not null default 0,

    primary key (account_id, month),
    constraint llm_spending_account  foreign key (account_id) references llm_accounts (id),
    constraint llm_spending_month    check (month ~ '^[0-9]{4}-[0-9]{2}$'),
    constraint llm_spending_not_less check (cost >= 0 and tokens >= 0)
);

comment on table llm_spending is 'What language models cost, by month.';

create table llm_calls (
    id            uuid        primary key,
    account_id    uuid        not null,
    month         text        not null,
    asked_by      uuid        not null,
    purpose       text        not null,
    synthesis_id  uuid,                       -- which one; it may be gone, and is behind its realm's walls
    model         text        not null,
    outcome       text        not null default 'RUNNING',
    problem       text        not null default '',   -- a sentence for people, in our words
    tokens_in     int         not null default 0,
    tokens_out    int         not null default 0,
    cost          bigint      not null,       -- while it runs the most that it can be
    duration_ms   int         not null default 0,
    started_at    timestamptz not null default now(),
    finished_at   timestamptz,

    constraint llm_calls_account         foreign key (account_id) references llm_accounts (id),
    constraint llm_calls_asked_by_person foreign key (asked_by) references people (user_id),
    constraint llm_calls_purpose         check (purpose in ('SYNTHESIS', 'TEST')),
    constraint llm_calls_outcome         check (outcome in ('RUNNING', 'DONE', 'REFUSED', 'FAILED', 'CANCELLED')),
    constraint llm_calls_finished        check ((outcome = 'RUNNING') = (finished_at is null)),
    constraint llm_calls_numbers         check (tokens_in >= 0 and tokens_out >= 0 and cost >= 0 and duration_ms >= 0)
);

create index llm_calls_account_id_idx on llm_calls (account_id, id desc);
create index llm_calls_asked_by_idx   on llm_calls (asked_by);

comment on table llm_calls is 'Calls of language models, in numbers.';

do $$
declare
    v_user  text := '(select nullif(current_setting(''app.user_id'', true), '''')::uuid)';
    v_keeps text := '(select current_setting(''app.org_role'', true)) = any (array[''OWNER'', ''ADMIN''])';
begin
    alter table llm_accounts enable row level security, force row level security;
    execute format('create policy llm_accounts_select on llm_accounts for select to @tenant using (%s is not null)', v_user);
    execute format('create policy llm_accounts_insert on llm_accounts for insert to @tenant with check (created_by = %s and %s)', v_user, v_keeps);
    execute format('create policy llm_accounts_update on llm_accounts for update to @tenant using (%s is not null and %s)', v_user, v_keeps);
    alter table llm_calls enable row level security, force row level security;
    execute format('create policy llm_calls_select on llm_calls for select to @tenant using (asked_by = %s or %s)', v_user, v_keeps);
    execute format('create policy llm_calls_insert on llm_calls for insert to @tenant with check (asked_by = %s and outcome = ''RUNNING'')', v_user);
    execute format('create policy llm_calls_update on llm_calls for update to @tenant using (asked_by = %1$s and outcome = ''RUNNING'')
        with check (asked_by = %1$s)', v_user);
end $$;

grant select, insert on llm_accounts, llm_calls, llm_spending to @tenant;
grant update (name, base_url, model, sealed_key, key_set_at, is_default, state, price_in, price_out, budget, max_tokens, max_chars, timeout_seconds,
    revision, updated_at) on llm_accounts to @tenant;
grant update (outcome, problem, tokens_in, tokens_out, cost, duration_ms, finished_at) on llm_calls to @tenant;
grant update (cost, tokens) on llm_spending to @tenant;

alter table syntheses
    add column account_id uuid,                            -- the language model that writes it; null is the built-in writer
    add column done       int  not null default 0,         -- of 100, while it is written
    add column tries      int  not null default 0,         -- since a person asked for it
    add constraint syntheses_account foreign key (account_id) references llm_accounts (id),
    add constraint syntheses_done    check (done between 0 and 100);

create index syntheses_account_id_idx on syntheses (account_id);

grant update (account_id, done, tries) on syntheses to @tenant;
