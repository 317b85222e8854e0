-- A run says which tags its policy couldn't judge.

-- Tags that were kept only because a rule couldn't decide; null for runs from before.
alter table retention_run add column undecided integer;
