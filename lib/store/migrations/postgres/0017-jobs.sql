-- Long work. It outlives its page and its process: whichever process has room runs it, under a lease.
create table job (
  id text collate "C" primary key,
  -- The order in which they were asked for.
  number bigint not null unique,
  kind text collate "C" not null,
  owner text collate "C" not null,
  -- Whom the limits count it for.
  person text collate "C" not null,
  -- JSON, which only its kind can read.
  input text collate "C" not null,
  -- Of kind, input and owner while it has not ended: the same is not asked for twice.
  same text collate "C" unique,
  -- Jobs under one lease never run at once.
  lease text collate "C" not null,
  -- Of the lease while it runs, and the turn of its last start.
  fence bigint,
  turn bigint,
  -- queued, running, done, failed or cancelled; wanted is run or cancel.
  state text collate "C" not null,
  wanted text collate "C" not null default 'run',
  attempts int not null default 0,
  created_at bigint not null,
  started_at bigint,
  ended_at bigint,
  not_before bigint,
  -- JSON.
  progress text collate "C" not null,
  items text collate "C" not null default '[]',
  failure text collate "C"
);
create index job_unfinished on job (number) where ended_at is null;

-- One row. Who asks for a job or takes one waits for its turn here.
create table job_queue (
  id int primary key check (id = 1),
  turn bigint not null
);
insert into job_queue values (1, 0);
