-- A table of tags shows where each of its tags was before.
create index tag_event_of_move on tag_event (repository_id, tag, at) where kind = 'moved';
