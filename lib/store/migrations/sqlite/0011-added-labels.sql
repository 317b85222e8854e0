-- Labels that people added are found by their key, as those of images are.
create index added_label_by_key on added_label (key);
-- The digest of the referrer that says the same in the registry, where one was published.
alter table added_label add column published text;
