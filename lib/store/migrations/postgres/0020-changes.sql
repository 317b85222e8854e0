-- What changes take away, from before their first write to the registry, and how far each has come.
create table change_entry (
  id text collate "C" primary key,
  -- RFC 3339
  began text collate "C" not null,
  registry text collate "C" not null,
  repository text collate "C" not null,
  -- JSON: the tag or tags, the digest and the media type.
  record text collate "C" not null,
  -- The manifest, byte for byte.
  document bytea not null,
  -- JSON lists of digests and tags.
  stand_ins text collate "C" not null default '[]',
  took_along text collate "C" not null default '[]',
  outcome text collate "C",
  replacement text collate "C",
  actor text collate "C",
  plan text collate "C",
  -- The lease under which it is made: when that is gone and there is no outcome, the change was interrupted.
  lease text collate "C" not null,
  fence bigint not null
);
create index change_entry_by_place on change_entry (registry, repository, began);
create index change_entry_open on change_entry (id) where outcome is null;
