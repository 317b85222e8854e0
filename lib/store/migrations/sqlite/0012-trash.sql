-- What changes took away, to list and to restore. The journal's files hold the same, from before each change.

create table trash_item (
  id text primary key,
  at bigint not null,
  registry text not null,
  repository text not null,
  -- registry/repository
  place text not null,
  -- JSON
  tags text not null,
  tag_count int not null,
  digest text not null,
  media_type text not null,
  -- The document, as base64: restored byte for byte.
  manifest text not null,
  -- deleted or overwritten
  what text not null,
  -- What the tag points at since, where it was overwritten; null for one that was deleted.
  replacement text,
  -- Who did it, and the plan that it was part of.
  actor text,
  plan text,
  restored_at bigint
);
create index trash_item_by_time on trash_item (at, id);
create index trash_item_by_place on trash_item (place, at);
create index trash_item_by_plan on trash_item (plan) where plan is not null;
