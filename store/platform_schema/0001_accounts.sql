-- People and how they sign in. Rows of all organisations together; no tenant role has a right here.

create table users (
  id            uuid primary key,
  email         text not null,       -- trimmed and lower-cased by the program
  name          text not null,
  password_hash text not null,       -- Argon2id in its encoded form
  session_epoch int not null default 0, -- counts the times that all sessions were ended; one of an older epoch is void
  disabled_at   timestamptz,         -- an operator's switch; a disabled user has no session
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  constraint users_email_unique unique (email),
  constraint users_email_form check (email = lower(btrim(email)) and email like '%_@_%' and length(email) <= 254),
  constraint users_name_length check (length(name) between 1 and 100)
);

-- One row for every browser session. A session that ended keeps its row, without data, until it would have
-- expired: a request that was under way while it ended finds the tombstone and cannot write it back.
create table web_sessions (
  token_hash       text primary key,   -- SHA-256 of the cookie's token
  user_id          uuid references users on delete cascade, -- null before login
  epoch            int not null default 0, -- the user's session_epoch when the session began
  data             bytea not null,
  device           text not null default '',
  ip               text not null default '',
  created_at       timestamptz not null default now(),
  last_used_at     timestamptz not null default now(),      -- kept to the minute
  authenticated_at timestamptz,                             -- when the password was last entered
  expires_at       timestamptz not null,                    -- the absolute limit
  ended_at         timestamptz
);
create index web_sessions_user_id_idx on web_sessions (user_id);
create index web_sessions_expires_at_idx on web_sessions (expires_at);

create table password_resets (
  token_hash bytea primary key,        -- SHA-256 of the mailed token
  user_id    uuid not null references users on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at    timestamptz
);
create index password_resets_user_id_idx on password_resets (user_id);

-- Tries by account and by address, so that guessing is slowed across processes and restarts.
create table login_attempts (
  subject    text not null,            -- what is counted, such as 'account:<sha256 of the e-mail>' or 'address:<network>'
  tries      int not null,             -- since the window began, less those that succeeded
  since      timestamptz not null,
  primary key (subject)
);
create index login_attempts_since_idx on login_attempts (since);

-- What happened to an account itself: shown to its owner. Organisations have their own audit chains.
create table account_events (
  id         uuid primary key,
  user_id    uuid not null references users on delete cascade,
  action     text not null,
  device     text not null default '',
  ip         text not null default '',
  network    text not null default '', -- the ip, or for IPv6 its /64: a place where the owner was before is known again
  created_at timestamptz not null default now()
);
create index account_events_user_id_created_at_idx on account_events (user_id, created_at desc);

-- Mail waiting to be sent, and what became of it.
create table outbox (
  id         uuid primary key,
  recipient  text not null,
  subject    text not null,
  body       text not null,
  tries      int not null default 0,   -- how often the mail server was asked in vain
  problem    text,                     -- what it said the last time; null once it took the mail
  created_at timestamptz not null default now(),
  sent_at    timestamptz
);
create index outbox_created_at_idx on outbox (created_at);

grant select, insert, update, delete on users, web_sessions, password_resets, login_attempts, account_events, outbox to surrealm_ctl;
