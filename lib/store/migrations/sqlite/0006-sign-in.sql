-- People who signed in through a provider, as it last described them.
create table account (
  username text primary key,
  issuer text not null,
  subject text not null,
  -- A JSON list.
  group_names text not null,
  confirmed_at integer not null,
  unique (issuer, subject)
);

-- Of the token itself only a hash is kept.
create table access_token (
  id text primary key,
  owner text not null,
  hash text not null unique,
  name text not null,
  scopes text not null,
  created_at integer not null,
  expires_at integer not null,
  used_at integer
);
create index access_token_by_owner on access_token (owner, created_at);
