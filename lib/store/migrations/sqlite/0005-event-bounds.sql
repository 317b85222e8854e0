-- What a sync finds happened after the last look before it. Null where nobody had looked.
alter table tag_event add column since bigint;
