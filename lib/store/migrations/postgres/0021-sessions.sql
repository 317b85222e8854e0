-- Sessions that have begun, to be listed and ended. The cookie holds the session; a row that is missing ends nothing.
create table session (
  id text collate "C" primary key,
  username text collate "C" not null,
  began_at bigint not null,
  seen_at bigint not null,
  address text collate "C" not null,
  -- As the browser names itself.
  browser text collate "C" not null,
  -- How its user signed in: password, or what the provider is called.
  way text collate "C" not null,
  ended_at bigint,
  -- Of the provider, encrypted: to ask it again about the user.
  provider_tokens text collate "C",
  -- Until then one process asks the provider.
  asking_until bigint
);
create index session_by_user on session (username, seen_at);
create index session_by_age on session (began_at);
