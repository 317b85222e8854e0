-- The audit log. Rows are added and never changed: triggers refuse the rest, and each row holds the hash of the one before.
create table audit_entry (
  seq bigint primary key,
  previous text not null,
  hash text not null,
  at bigint not null,
  -- intent, outcome or refusal
  phase text not null,
  -- Of an outcome: the row of its intent.
  intent bigint,
  -- The user; null for visitors who haven't signed in, and for the server itself.
  actor text,
  -- Why the actor may do it, as the roles stood.
  rights text,
  address text,
  request text,
  job text,
  action text not null,
  registry text,
  repository text,
  tag text,
  digest_before text,
  digest_after text,
  outcome text,
  reason text,
  -- Everything else, as JSON.
  detail text
);
create index audit_entry_by_intent on audit_entry (intent) where intent is not null;
create index audit_entry_by_actor on audit_entry (actor, seq);
create index audit_entry_by_place on audit_entry (registry, repository, seq);

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log can only be added to';
end $$;
create trigger audit_entry_is_not_changed before update or delete on audit_entry
for each row execute function refuse_audit_change();
create trigger audit_entry_is_not_truncated before truncate on audit_entry
for each statement execute function refuse_audit_change();

-- One row: how far the log goes, signed with a key that the database doesn't hold, so that cutting off its end shows.
create table audit_head (
  id int primary key check (id = 1),
  seq bigint not null,
  hash text not null,
  signature text not null
);
insert into audit_head (id, seq, hash, signature) values (1, 0, '', '');
create trigger audit_head_is_not_deleted before delete on audit_head
for each row execute function refuse_audit_change();
create trigger audit_head_is_not_truncated before truncate on audit_head
for each statement execute function refuse_audit_change();
