-- Plans of changes to many tags of one repository, and what became of each item.

create table plan (
  id text primary key,
  owner text not null,
  registry text not null,
  repository text not null,
  -- What was typed to select the tags; null where they were ticked one by one.
  query text,
  -- draft, checking, running, paused, finished, cancelled, undoing or undone
  state text not null,
  -- What the job is to do next: run, pause or cancel.
  wanted text not null,
  -- Images a second; null for no limit.
  rate int,
  created_at bigint not null,
  checked_at bigint not null,
  started_at bigint,
  ended_at bigint,
  -- Tags of the repository when the plan was made.
  tags_before int not null,
  -- Bytes; frees is null where it isn't known, and frees_at_most counts shared layers once for each image.
  frees bigint,
  frees_at_most bigint not null,
  -- Why the job has stopped, as JSON.
  problem text
);
create index plan_by_age on plan (created_at);

create table plan_item (
  plan_id text not null references plan on delete cascade,
  position int not null,
  -- image, tags, protected or skipped
  kind text not null,
  digest text,
  media_type text,
  -- JSON: tags to delete, other tags on the image, and what hangs on it.
  tags text not null,
  tag_count int not null,
  kept_by text not null,
  holds text not null,
  size bigint,
  frees bigint,
  created text,
  ticked smallint not null,
  reason text,
  -- deleted, untagged, partly, failed, moved or restored; null while it waits
  outcome text,
  -- JSON: the tags that were deleted, and what puts them back.
  removed text not null default '[]',
  removed_count int not null default 0,
  undo text not null default '[]',
  detail text,
  ended_at bigint,
  primary key (plan_id, position)
) without rowid;
