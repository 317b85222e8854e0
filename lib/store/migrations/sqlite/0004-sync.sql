-- What a sync run is up to, and repositories that people keep at hand.
alter table sync_run add column repositories_total int not null default 0;
alter table sync_run add column repositories_failed int not null default 0;
alter table sync_run add column problems int not null default 0;

-- When all of its tags were last looked at. Until then tags are seen for the first time, and have not appeared.
alter table repository add column looked_at bigint;

create table pinned_repository (
  owner text not null,
  registry text not null,
  repository text not null,
  created_at bigint not null,
  primary key (owner, registry, repository)
) without rowid;
