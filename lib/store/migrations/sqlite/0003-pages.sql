-- What pages are answered with: lists as the registry gave them, and a record of what each tag points at.

-- When the repositories were last listed, why that list is partial, and whether it is known to be out of date.
alter table registry add column listed_at bigint;
alter table registry add column list_partial text;
alter table registry add column is_outdated smallint not null default 0;
-- Rises with each change of the list.
alter table registry add column list_version int not null default 0;

-- 0: known by its tags only, 1: on the list of its registry, 2: opened or written to here.
alter table repository add column listed smallint not null default 0;
-- Rises with each change that makes everything known before out of date.
alter table repository add column generation int not null default 0;
-- The list of tags: when it was read, in which generation, and what it says besides names.
alter table repository add column list_seen bigint;
alter table repository add column list_generation int not null default 0;
alter table repository add column list_partial text;
alter table repository add column list_pushed text;
alter table repository add column list_folded text;
alter table repository add column folded int not null default 0;
-- Of the names and all of the above: a list that says the same again is not written again.
alter table repository add column list_hash text;

-- 1: on the last list.
alter table tag add column listed smallint not null default 0;
-- 1: its manifest has a summary, or there is an error to show.
alter table tag add column known smallint not null default 0;
-- The repository's when it was checked.
alter table tag add column generation int not null default 0;
-- Sorts by code point as versions sort.
alter table tag add column version_key text not null default '';
-- Why it could not be read, as JSON.
alter table tag add column error text;
create index tag_by_listing on tag (repository_id, listed, known, name);
create index tag_by_version on tag (repository_id, listed, version_key, name);

-- How many referrers of each kind were found for a subject, as JSON. Subjects are found by their hash.
create table referrer_count (
  repository_id int not null references repository,
  subject_hash text not null,
  counts text not null,
  seen_at bigint not null,
  generation int not null,
  primary key (repository_id, subject_hash)
);
