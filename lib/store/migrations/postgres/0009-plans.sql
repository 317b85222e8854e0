-- Plans of changes to many tags of one repository, and what became of each item.

create table plan (
  id text collate "C" primary key,
  owner text collate "C" not null,
  registry text collate "C" not null,
  repository text collate "C" not null,
  -- What was typed to select the tags; null where they were ticked one by one.
  query text collate "C",
  -- draft, checking, running, paused, finished, cancelled, undoing or undone
  state text collate "C" not null,
  -- What the job is to do next: run, pause or cancel.
  wanted text collate "C" not null,
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
  problem text collate "C"
);
create index plan_by_age on plan (created_at);

create table plan_item (
  plan_id text collate "C" not null references plan on delete cascade,
  position int not null,
  -- image, tags, protected or skipped
  kind text collate "C" not null,
  digest text collate "C",
  media_type text collate "C",
  -- JSON: tags to delete, other tags on the image, and what hangs on it.
  tags text collate "C" not null,
  tag_count int not null,
  kept_by text collate "C" not null,
  holds text collate "C" not null,
  size bigint,
  frees bigint,
  created text collate "C",
  ticked smallint not null,
  reason text collate "C",
  -- deleted, untagged, partly, failed, moved or restored; null while it waits
  outcome text collate "C",
  -- JSON: the tags that were deleted, and what puts them back.
  removed text collate "C" not null default '[]',
  removed_count int not null default 0,
  undo text collate "C" not null default '[]',
  detail text collate "C",
  ended_at bigint,
  primary key (plan_id, position)
);
