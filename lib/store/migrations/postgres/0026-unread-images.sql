-- An image whose config could not be read, or an index in an index, was recorded as one without labels. No number of
-- layers marks it as unread, and the next sync reads it again.
update image set layers = null
where layers is not null and created is null and manifest_id in (select id from manifest where problem is not null)
  and not exists (select 1 from label l where l.image_id = image.id and l.origin = 0);

update image set layers = null
where child_id <> manifest_id and child_id in (
  select id from manifest where media_type in (
    'application/vnd.oci.image.index.v1+json', 'application/vnd.docker.distribution.manifest.list.v2+json'
  )
);

update manifest set problem = 'child' where problem is null and id in (
  select manifest_id from image where child_id <> manifest_id and child_id in (
    select id from manifest where media_type in (
      'application/vnd.oci.image.index.v1+json', 'application/vnd.docker.distribution.manifest.list.v2+json'
    )
  )
);
