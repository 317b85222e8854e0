-- Sessions that have begun, to be listed and ended. The cookie holds the session; a row that is missing ends nothing.
create table session (
  id text primary key,
  username text not null,
  began_at integer not null,
  seen_at integer not null,
  address text not null,
  -- As the browser names itself.
  browser text not null,
  -- How its user signed in: password, or what the provider is called.
  way text not null,
  ended_at integer,
  -- Of the provider, encrypted: to ask it again about the user.
  provider_tokens text,
  -- Until then one process asks the provider.
  asking_until integer
);
create index session_by_user on session (username, seen_at);
create index session_by_age on session (began_at);
