-- A plan runs only with the selection that was confirmed.

-- How often its selection was changed.
alter table plan add column revision integer not null default 0;
