-- Who may do what only one process may: a sync of a registry, a run of a plan. Times are those of the database's clock.
create table lease (
  name text collate "C" primary key,
  -- For people: which process.
  holder text collate "C" not null,
  -- Rises each time it is taken. What its holder writes names it.
  fence bigint not null,
  expires_at bigint not null
);
