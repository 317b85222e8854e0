-- What is attached to the image of a tag in its repository: the sum of 1 signature, 2 SBOM, 4 provenance. Null until
-- somebody has looked. What an index itself holds stands with the manifest, which is the same everywhere.
alter table tag add column attached smallint;
alter table manifest drop column signature;
