-- Tables are written again, which may take longer than a page may wait.
set local statement_timeout = 0;

-- The same as the digest of the blob in position 0.
alter table manifest drop column config_digest;

-- Digests as bytes, in half the space: 32 are SHA-256, 64 SHA-512.
alter table manifest alter column digest type bytea using
  case when digest ~ '^sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})$' then decode(substr(digest, 8), 'hex')
  else convert_to(digest, 'UTF8') end;
alter table blob alter column digest type bytea using
  case when digest ~ '^sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})$' then decode(substr(digest, 8), 'hex')
  else convert_to(digest, 'UTF8') end;
alter table added_label alter column digest type bytea using
  case when digest ~ '^sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})$' then decode(substr(digest, 8), 'hex')
  else convert_to(digest, 'UTF8') end;
