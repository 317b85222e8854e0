-- A plan leads to its rows of the audit log, and they to it.

-- The jobs that have worked on a plan. Jobs are forgotten earlier than plans and the log.
create table plan_job (
  plan_id text not null references plan on delete cascade,
  job_id text not null,
  primary key (plan_id, job_id)
);
create index plan_job_by_job on plan_job (job_id);
