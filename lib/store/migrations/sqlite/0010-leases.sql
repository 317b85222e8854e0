-- Who may do what only one process may: a sync of a registry, a run of a plan. Times are those of the database's clock.
create table lease (
  name text primary key,
  -- For people: which process.
  holder text not null,
  -- Rises each time it is taken. What its holder writes names it.
  fence int not null,
  expires_at bigint not null
);
