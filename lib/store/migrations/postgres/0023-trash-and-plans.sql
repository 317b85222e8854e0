-- The trash is what the journal of changes holds: its list was a copy, which could differ.
alter table change_entry add column restored_at bigint;

-- 'restored' was written over the outcome of what was undone.
update change_entry set restored_at = trash_item.restored_at, outcome = trash_item.what
from trash_item
where trash_item.id = change_entry.id and trash_item.restored_at is not null;

-- Items of before 0020, when the journal was files.
insert into change_entry
  (id, began, registry, repository, record, document, outcome, replacement, actor, plan, lease, fence, restored_at)
select
  id,
  to_char(to_timestamp(at / 1000.0) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  registry,
  repository,
  case what
    when 'overwritten' then json_build_object(
      'registry', registry, 'repository', repository, 'digest', digest, 'mediaType', media_type,
      'tag', tags::json ->> 0, 'replacement', replacement)
    else json_build_object(
      'registry', registry, 'repository', repository, 'digest', digest, 'mediaType', media_type, 'tags', tags::json)
  end,
  decode(manifest, 'base64'),
  what, replacement, actor, plan, '', 0, restored_at
from trash_item
where id not in (select id from change_entry);

drop table trash_item;

-- What can be restored, newest first. Queries repeat the condition word for word; the last columns are for SQLite, which
-- looks at each row otherwise.
create index change_entry_in_trash
on change_entry (began, id, registry, repository, outcome, restored_at, length(document))
where
  restored_at is null
  and outcome in ('deleted', 'replaced-then-deleted', 'finished', 'overwritten')
  and length(document) > 0;

-- What a plan was asked for besides its selection, as JSON: the label that it adds, or which untagged images it spares.
alter table plan add column input text;
