-- An image is asked for the labels that were added to it, whatever the repository.
drop index added_label_by_manifest;
create index added_label_by_digest on added_label (digest, repository_id);
