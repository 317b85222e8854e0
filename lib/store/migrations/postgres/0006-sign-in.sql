-- People who signed in through a provider, as it last described them.
create table account (
  username text collate "C" primary key,
  issuer text collate "C" not null,
  subject text collate "C" not null,
  -- A JSON list.
  group_names text collate "C" not null,
  confirmed_at bigint not null,
  unique (issuer, subject)
);

-- Of the token itself only a hash is kept.
create table access_token (
  id text collate "C" primary key,
  owner text collate "C" not null,
  hash text collate "C" not null unique,
  name text collate "C" not null,
  scopes text collate "C" not null,
  created_at bigint not null,
  expires_at bigint not null,
  used_at bigint
);
create index access_token_by_owner on access_token (owner, created_at);
