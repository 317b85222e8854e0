-- Plans that add or move tags, beside those that delete.

-- delete or retag
alter table plan add column work text not null default 'delete';
-- Of an item that moves a tag: what it pointed at when the plan was made.
alter table plan_item add column was text;
