-- Rules that keep tags where they are, for everyone.
create table protection_rule (
  id text primary key,
  name text not null unique,
  -- In the query language: which tags it protects.
  query text not null,
  created_by text not null,
  created_at bigint not null
);
