-- Which tags stay, and what became of each run.

create table retention_policy (
  id text primary key,
  name text not null unique,
  -- A query over registry, repository and tag.
  scope text not null,
  -- JSON
  rules text not null,
  -- A run stops when more than this percentage of the tags would go.
  most_share int not null,
  -- JSON; null for one that runs only by hand.
  schedule text,
  next_run_at bigint,
  -- With whose rights it runs: who saved it last.
  owner text not null,
  saved_by text,
  saved_at bigint not null
);
create index retention_policy_by_run on retention_policy (next_run_at) where next_run_at is not null;

create table retention_run (
  id text primary key,
  policy_id text not null references retention_policy on delete cascade,
  started_at bigint not null,
  ended_at bigint,
  -- Who started it; null for the schedule.
  started_by text,
  -- running, done, stopped or failed
  state text not null,
  -- Tags that the policy is about, and those that were to go.
  tags int,
  going int,
  problem text
);
create index retention_run_by_policy on retention_run (policy_id, started_at);

-- The run that made the plan, and the policy's name at the time.
alter table plan add column retention_run text;
alter table plan add column policy text;
create index plan_by_retention_run on plan (retention_run) where retention_run is not null;
