-- What changes take away, from before their first write to the registry, and how far each has come.
create table change_entry (
  id text primary key,
  -- RFC 3339
  began text not null,
  registry text not null,
  repository text not null,
  -- JSON: the tag or tags, the digest and the media type.
  record text not null,
  -- The manifest, byte for byte.
  document blob not null,
  -- JSON lists of digests and tags.
  stand_ins text not null default '[]',
  took_along text not null default '[]',
  outcome text,
  replacement text,
  actor text,
  plan text,
  -- The lease under which it is made: when that is gone and there is no outcome, the change was interrupted.
  lease text not null,
  fence int not null
);
create index change_entry_by_place on change_entry (registry, repository, began);
create index change_entry_open on change_entry (id) where outcome is null;
