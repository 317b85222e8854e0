-- Since when a tag breaks a rule of a policy, and until when it did. What is broken now is worked out for each report.
create table policy_finding (
  repository_id int not null references repository,
  -- Of the policy, the kind, the tag and the label.
  fingerprint text not null,
  -- Null: it was there when the policy was first checked.
  since bigint,
  ended_at bigint,
  primary key (repository_id, fingerprint)
);
create index policy_finding_by_since on policy_finding (since);
create index policy_finding_by_end on policy_finding (ended_at);

create table policy_check (
  policy text primary key,
  first_at bigint not null,
  last_at bigint not null
);
