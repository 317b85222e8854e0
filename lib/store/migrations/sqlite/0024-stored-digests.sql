-- Digests as bytes, in half the space: 32 are SHA-256, 64 SHA-512. SQLite keeps bytes in a column of text as they are.
drop index added_label_by_digest;
update manifest set digest = case
  when substr(digest, 1, 7) = 'sha256:' and length(digest) = 71 or substr(digest, 1, 7) = 'sha512:' and length(digest) = 135
  then coalesce(unhex(substr(digest, 8)), cast(digest as blob)) else cast(digest as blob) end;
update blob set digest = case
  when substr(digest, 1, 7) = 'sha256:' and length(digest) = 71 or substr(digest, 1, 7) = 'sha512:' and length(digest) = 135
  then coalesce(unhex(substr(digest, 8)), cast(digest as blob)) else cast(digest as blob) end;
update added_label set digest = case
  when substr(digest, 1, 7) = 'sha256:' and length(digest) = 71 or substr(digest, 1, 7) = 'sha512:' and length(digest) = 135
  then coalesce(unhex(substr(digest, 8)), cast(digest as blob)) else cast(digest as blob) end;
create index added_label_by_digest on added_label (digest, repository_id);

-- The same as the digest of the blob in position 0.
alter table manifest drop column config_digest;
