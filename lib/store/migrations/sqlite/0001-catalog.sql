-- What has been seen in the registries. Times are milliseconds since the epoch, sizes bytes.
-- Rows of what a digest names (manifest, image, blob, label) never change once they are written whole.

create table registry (
  id integer primary key,
  name text not null unique
);

create table repository (
  id integer primary key,
  registry_id int not null references registry,
  name text not null,
  first_seen bigint not null,
  last_seen bigint not null,
  gone_at bigint,
  -- When its tags were last listed, and whether that list was complete.
  tags_seen bigint,
  tags_complete smallint not null default 0,
  unique (registry_id, name)
);

create table manifest (
  id integer primary key,
  digest text not null unique,
  media_type text not null,
  -- image, index, helm, artifact or schema1
  type text not null,
  artifact_type text,
  bytes int not null,
  subject text,
  config_digest text,
  -- Of the image that stands for the whole in a table of tags.
  created bigint,
  size bigint,
  -- Whether something of the kind is attached; null until somebody has looked.
  signature smallint,
  sbom smallint,
  provenance smallint,
  -- Why it could not be read whole, as a code.
  problem text,
  -- What a row of a table shows besides, as JSON.
  summary text
);
create index manifest_subject on manifest (subject) where subject is not null;

create table blob (
  id integer primary key,
  digest text not null unique,
  size bigint not null
);

-- Config and layers in order: position 0 is the config.
create table manifest_blob (
  manifest_id int not null references manifest,
  position int not null,
  blob_id int not null references blob,
  primary key (manifest_id, position)
) without rowid;
create index manifest_blob_by_blob on manifest_blob (blob_id, manifest_id);

create table platform (
  id integer primary key,
  name text not null unique
);

-- A platform image as a top-level manifest shows it: each runnable child of an index, or the manifest itself.
create table image (
  id integer primary key,
  manifest_id int not null references manifest,
  child_id int not null references manifest,
  position int not null,
  platform_id int references platform,
  created bigint,
  size bigint,
  layers int,
  unique (manifest_id, child_id)
);
create index image_by_child on image (child_id);

-- Hashes are of the text: a value may be longer than what an index takes.
create table label_key (
  id integer primary key,
  hash text not null unique,
  key text not null,
  images int not null default 0,
  distinct_values int not null default 0
);

create table label_value (
  id integer primary key,
  key_id int not null references label_key,
  hash text not null,
  value text not null,
  images int not null default 0,
  unique (key_id, hash)
);
create index label_value_by_count on label_value (key_id, images);

create table label (
  image_id int not null references image,
  key_id int not null references label_key,
  value_id int not null references label_value,
  -- 0 config, 1 manifest annotation, 2 index annotation, 3 config descriptor, 4 layer descriptor, 5 index entry
  origin smallint not null,
  primary key (image_id, key_id, value_id, origin)
) without rowid;
create index label_by_value on label (key_id, value_id, image_id);

create table tag (
  id integer primary key,
  repository_id int not null references repository,
  name text not null,
  -- Null while it is listed but has not been read.
  manifest_id int references manifest,
  first_seen bigint not null,
  checked_at bigint,
  -- What tables are sorted by, the last two as in the manifest; -1 is unknown, and the last of all.
  moved_at bigint not null default -1,
  created bigint not null default -1,
  size bigint not null default -1,
  -- Why it could not be read, as a code.
  problem text,
  unique (repository_id, name)
);
create index tag_by_name on tag (name);

-- Each name of a tag once: names are few where tags are many, so that looking through them is quick.
create table tag_name (
  name text primary key
) without rowid;

create index tag_by_manifest on tag (manifest_id);
create index tag_by_created on tag (created, id);
create index tag_by_moved on tag (moved_at, id);
create index tag_by_size on tag (size, id);

create table tag_event (
  id integer primary key,
  repository_id int not null references repository,
  tag text not null,
  -- appeared, moved or gone
  kind text not null,
  from_manifest_id int references manifest,
  to_manifest_id int references manifest,
  -- When it happened, or until when it had happened.
  at bigint not null,
  -- change (ours), notification or sync
  how text not null,
  actor text
);
create index tag_event_by_repository on tag_event (repository_id, at, id);
create index tag_event_by_time on tag_event (at, id);

-- Labels that people added here. They belong to a manifest in one repository.
create table added_label (
  id text primary key,
  repository_id int not null references repository,
  digest text not null,
  key text not null,
  value text not null,
  media_type text not null,
  source text not null,
  created_by text not null,
  created_at bigint not null
);
create index added_label_by_manifest on added_label (repository_id, digest);

create table sync_run (
  id integer primary key,
  registry_id int not null references registry,
  started_at bigint not null,
  ended_at bigint,
  -- running, complete, partial, failed or cancelled
  state text not null,
  repositories_done int not null default 0,
  tags_done int not null default 0,
  -- Where to go on: the last repository that was finished.
  cursor text,
  problem text
);
create index sync_run_by_registry on sync_run (registry_id, started_at);

create table saved_search (
  id text primary key,
  owner text not null,
  name text not null,
  query text not null,
  created_at bigint not null,
  unique (owner, name)
);

-- One row.
create table catalog_state (
  id int primary key check (id = 1),
  -- Rises with each change of what searches find.
  version bigint not null default 0,
  -- Rises when a repository is added, goes or comes back.
  repository_version bigint not null default 0,
  tags int not null default 0,
  images int not null default 0
);
insert into catalog_state (id) values (1);
