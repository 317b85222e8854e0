-- The trash is what the journal of changes holds: its list was a copy, which could differ.
alter table change_entry add column restored_at int;

-- 'restored' was written over the outcome of what was undone.
update change_entry set restored_at = trash_item.restored_at, outcome = trash_item.what
from trash_item
where trash_item.id = change_entry.id and trash_item.restored_at is not null;

-- Items of before 0020, when the journal was files. SQLite can't decode base64: four characters are three bytes, written
-- as six hex digits; in pieces of 400 first, as cutting a long text takes time by its length.
insert into change_entry
  (id, began, registry, repository, record, document, outcome, replacement, actor, plan, lease, fence, restored_at)
with recursive
  missing as materialized (select * from trash_item where id not in (select id from change_entry)),
  piece (id, at, text) as (
    select id, 1, substr(manifest, 1, 400) from missing where manifest <> ''
    union all
    select piece.id, piece.at + 400, substr(missing.manifest, piece.at + 400, 400)
    from piece join missing on missing.id = piece.id
    where length(piece.text) = 400 and length(missing.manifest) >= piece.at + 400
  ),
  quad (id, at, n, text, rest) as (
    select id, at, 1, substr(text, 1, 4), substr(text, 5) from piece
    union all
    select id, at, n + 4, substr(rest, 1, 4), substr(rest, 5) from quad where rest <> ''
  ),
  letters (list) as (select 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'),
  decoded (id, bytes) as (
    select id, unhex(group_concat(
      substr(
        printf('%06X',
          ((instr(list, substr(text, 1, 1)) - 1) << 18) + ((instr(list, substr(text, 2, 1)) - 1) << 12)
          + (max(instr(list, substr(text, 3, 1)) - 1, 0) << 6) + max(instr(list, substr(text, 4, 1)) - 1, 0)),
        1, 2 * (length(replace(text, '=', '')) - 1)),
      '' order by at, n))
    from quad cross join letters
    group by id
  )
select
  missing.id,
  strftime('%Y-%m-%dT%H:%M:%fZ', missing.at / 1000.0, 'unixepoch'),
  registry,
  repository,
  case what
    when 'overwritten' then json_object(
      'registry', registry, 'repository', repository, 'digest', digest, 'mediaType', media_type,
      'tag', json_extract(tags, '$[0]'), 'replacement', replacement)
    else json_object(
      'registry', registry, 'repository', repository, 'digest', digest, 'mediaType', media_type, 'tags', json(tags))
  end,
  coalesce(bytes, x''),
  what, replacement, actor, plan, '', 0, restored_at
from missing left join decoded on decoded.id = missing.id;

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
