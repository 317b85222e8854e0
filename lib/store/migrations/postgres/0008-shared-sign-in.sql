-- When users last signed out, for every replica.
create table sign_out (
  username text collate "C" primary key,
  at bigint not null
);

-- Failed sign-ins, by the hash of what is counted.
create table sign_in_failure (
  key text collate "C" primary key,
  count integer not null,
  blocked_until bigint not null,
  last_at bigint not null
);
create index sign_in_failure_by_age on sign_in_failure (last_at);
