-- Long work. It outlives its page and its process: whichever process has room runs it, under a lease.
create table job (
  id text primary key,
  -- The order in which they were asked for.
  number int not null unique,
  kind text not null,
  owner text not null,
  -- Whom the limits count it for.
  person text not null,
  -- JSON, which only its kind can read.
  input text not null,
  -- Of kind, input and owner while it has not ended: the same is not asked for twice.
  same text unique,
  -- Jobs under one lease never run at once.
  lease text not null,
  -- Of the lease while it runs, and the turn of its last start.
  fence int,
  turn int,
  -- queued, running, done, failed or cancelled; wanted is run or cancel.
  state text not null,
  wanted text not null default 'run',
  attempts int not null default 0,
  created_at bigint not null,
  started_at bigint,
  ended_at bigint,
  not_before bigint,
  -- JSON.
  progress text not null,
  items text not null default '[]',
  failure text
);
create index job_unfinished on job (number) where ended_at is null;

-- One row. Who asks for a job or takes one waits for its turn here.
create table job_queue (
  id int primary key check (id = 1),
  turn int not null
);
insert into job_queue values (1, 0);
