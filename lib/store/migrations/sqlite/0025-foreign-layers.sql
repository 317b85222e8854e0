-- Layers that a registry need not hold don't count as stored. They are the base layers of Windows images, which are read
-- again by the next sync.
alter table manifest_blob add column is_foreign int not null default 0;
update manifest set problem = 'child' where id in (
  select i.manifest_id from image i join platform p on p.id = i.platform_id where p.name like 'windows%'
);
delete from manifest_blob where manifest_id in (
  select i.child_id from image i join platform p on p.id = i.platform_id where p.name like 'windows%'
);

-- An artifact was created when its annotation says, which is what the manifest has.
update image set created = (select m.created from manifest m where m.id = image.manifest_id)
where created is null and manifest_id in (select id from manifest where type in ('helm', 'artifact'));
