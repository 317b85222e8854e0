-- How all tags of the repository were found at the end of a plan's run, as JSON.

alter table plan add column verified text;
