-- The publication in which a version was new. Of those that are there it is the
-- first one that names the version, or else the last one of all. It may be null
-- for SQLite's sake alone, which adds no other column that refers to a table.
ALTER TABLE versions ADD COLUMN publication INTEGER REFERENCES publications (number);

UPDATE versions SET publication = coalesce(
    (SELECT min(p.number) FROM publications p, json_each(p.current) c
        WHERE c.value ->> 'Kind' = versions.kind AND c.value ->> 'Slug' = versions.slug AND c.value ->> 'Number' = versions.number),
    (SELECT max(number) FROM publications));

CREATE INDEX versions_by_publication ON versions (publication, kind, slug, number);

-- What was begun to be moved into this database and has not been finished: one
-- row, or none.
CREATE TABLE unfinished (
    what TEXT NOT NULL
) STRICT;
