-- Indexes that an index lists, itself or through another: what keeps them, and where their digests are found.
create table nested_index (
  manifest_id int not null references manifest (id),
  child_id int not null references manifest (id),
  primary key (manifest_id, child_id)
) without rowid;
create index nested_index_by_child on nested_index (child_id, manifest_id);

-- Of indexes that share an image, one may list the other: the next sync reads them again.
update manifest set problem = 'child' where problem is null and type = 'index' and id in (
  select i.manifest_id from image i
  where i.child_id <> i.manifest_id and exists (
    select 1 from image other
    where other.child_id = i.child_id and other.manifest_id <> i.manifest_id and other.manifest_id <> other.child_id
  )
);
