-- Records as managers look at them: what changed when, who has left, every order
-- of a listing, and how many there are of each kind.

ALTER TABLE people ADD COLUMN erased_at INTEGER; -- null: they have not left
ALTER TABLE people ADD COLUMN name_key TEXT NOT NULL DEFAULT ''; -- what they are ordered by among names
ALTER TABLE people ADD COLUMN email_key TEXT NOT NULL DEFAULT ''; -- the e-mail address in lower case
ALTER TABLE people ADD COLUMN moved INTEGER NOT NULL DEFAULT 0; -- 1: a record of theirs may be of another institution

ALTER TABLE records ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE records ADD COLUMN former INTEGER NOT NULL DEFAULT 0; -- 1: the learner has left the institution
ALTER TABLE records ADD COLUMN forget_at INTEGER; -- when completed_name is to be forgotten; null: never
ALTER TABLE records ADD COLUMN name_key TEXT NOT NULL DEFAULT ''; -- what the record is ordered by among names
ALTER TABLE records ADD COLUMN folded TEXT NOT NULL DEFAULT ''; -- completed_name in lower case where the learner was erased, else empty
ALTER TABLE records ADD COLUMN completed_attempt TEXT NOT NULL DEFAULT '';
ALTER TABLE records ADD COLUMN completed_reason TEXT NOT NULL DEFAULT '';

-- completed_at and score without null, which no comparison with a cursor's place
-- would find: completed in the year 1, before all others, and -1 percent. Not
-- generated ones, since no index covers a query of those.
ALTER TABLE records ADD COLUMN done_at INTEGER NOT NULL DEFAULT -62135596800000;
ALTER TABLE records ADD COLUMN score_key INTEGER NOT NULL DEFAULT -1;

-- The program fills in the keys of names, which SQLite can't make, in the same step.
UPDATE records SET
    changed_at = max(active_at, coalesce(completed_at, active_at), coalesce(withdrawn_at, active_at)),
    done_at = coalesce(completed_at, done_at),
    score_key = coalesce(score, score_key);

-- Who has gone to another institution is a former learner where they were.
UPDATE records SET former = 1
    WHERE EXISTS (SELECT 1 FROM people p WHERE p.learner = records.learner AND p.institution <> records.institution);

CREATE TABLE offices (
    institution TEXT    PRIMARY KEY,
    revision    INTEGER NOT NULL, -- how often it was saved
    kept        TEXT    NOT NULL  -- JSON: the assignments, tokens and filters
) STRICT, WITHOUT ROWID;

-- One index for each order of a listing: the institution, the order's key and the
-- id; and one for downloads. What follows is what listings are filtered by, in
-- each, so that a page and a count touch no record that isn't chosen: of a million
-- records, that is the difference between half a second and ten. The last activity
-- alone, which every attempt changes, is in two of them: by the first one, what is
-- filtered by it is sorted in the other orders.
DROP INDEX records_by_activity;
DROP INDEX records_by_id;
DROP INDEX records_by_learner;
CREATE INDEX records_by_activity ON records (institution, active_at, id, module, status, edition, program, former, score_key, done_at, learner, name_key);
CREATE INDEX records_by_completion ON records (institution, done_at, id, module, status, edition, program, former, score_key);
CREATE INDEX records_by_name ON records (institution, name_key, id, module, status, edition, program, former, score_key, done_at);
CREATE INDEX records_by_score ON records (institution, score_key, id, module, status, edition, program, former, done_at);
CREATE INDEX records_by_change ON records (institution, changed_at, id, module, status, edition, program, former, score_key, done_at, active_at);
CREATE INDEX records_by_id ON records (institution, id, module, status, edition, program, former, score_key, done_at);
CREATE INDEX records_by_learner ON records (learner, module, edition, institution, status, program, former);

-- Of those who have left.
CREATE INDEX records_kept_names ON records (institution, learner, folded) WHERE folded <> '';
CREATE INDEX records_to_forget ON records (forget_at) WHERE forget_at IS NOT NULL;

-- Of those who have not left. That column is there too, since no index covers a
-- query that names one which it lacks.
CREATE INDEX people_by_name ON people (institution, name_key, learner, folded, erased_at) WHERE erased_at IS NULL;
CREATE INDEX people_by_email ON people (institution, email_key, erased_at) WHERE erased_at IS NULL;
CREATE INDEX people_by_subject ON people (institution, subject, erased_at) WHERE erased_at IS NULL;
CREATE INDEX people_by_sight ON people (institution, signed_in_at, learner) WHERE erased_at IS NULL;
CREATE INDEX people_moved ON people (learner, institution, folded) WHERE moved = 1;

-- How many records are alike, and how many people have not left. Nothing but the
-- triggers writes them, so they are right whoever changes a record. There is no
-- row of 0.
CREATE TABLE tallies (
    institution TEXT    NOT NULL,
    module      TEXT    NOT NULL,
    edition     TEXT    NOT NULL,
    program     TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    week        INTEGER NOT NULL, -- the Monday of the completion; 0, which is none, while in progress
    former      INTEGER NOT NULL,
    records     INTEGER NOT NULL,
    PRIMARY KEY (institution, module, edition, program, status, week, former)
) STRICT, WITHOUT ROWID;

CREATE TABLE heads (
    institution TEXT    PRIMARY KEY,
    people      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The first day of the year 1, which is so many milliseconds before 1970, was a Monday.
ALTER TABLE records ADD COLUMN week INTEGER NOT NULL
    AS (CASE WHEN completed_at IS NULL THEN 0 ELSE completed_at - (completed_at + 62135596800000) % 604800000 END) VIRTUAL;

INSERT INTO tallies (institution, module, edition, program, status, week, former, records)
    SELECT institution, module, edition, program, status, week, former, count(*) FROM records GROUP BY 1, 2, 3, 4, 5, 6, 7;

INSERT INTO heads (institution, people) SELECT institution, count(*) FROM people GROUP BY institution;

CREATE TRIGGER records_are_tallied AFTER INSERT ON records
BEGIN
    INSERT INTO tallies (institution, module, edition, program, status, week, former, records)
        VALUES (new.institution, new.module, new.edition, new.program, new.status, new.week, new.former, 1)
        ON CONFLICT DO UPDATE SET records = records + 1;
END;

CREATE TRIGGER records_are_no_longer_tallied AFTER DELETE ON records
BEGIN
    UPDATE tallies SET records = records - 1
        WHERE (institution, module, edition, program, status, week, former)
            = (old.institution, old.module, old.edition, old.program, old.status, old.week, old.former);
    DELETE FROM tallies
        WHERE (institution, module, edition, program, status, week, former)
            = (old.institution, old.module, old.edition, old.program, old.status, old.week, old.former)
            AND records = 0;
END;

CREATE TRIGGER records_are_tallied_anew AFTER UPDATE OF institution, module, edition, program, status, completed_at, former ON records
WHEN (old.institution, old.module, old.edition, old.program, old.status, old.week, old.former)
    IS NOT (new.institution, new.module, new.edition, new.program, new.status, new.week, new.former)
BEGIN
    UPDATE tallies SET records = records - 1
        WHERE (institution, module, edition, program, status, week, former)
            = (old.institution, old.module, old.edition, old.program, old.status, old.week, old.former);
    DELETE FROM tallies
        WHERE (institution, module, edition, program, status, week, former)
            = (old.institution, old.module, old.edition, old.program, old.status, old.week, old.former)
            AND records = 0;
    INSERT INTO tallies (institution, module, edition, program, status, week, former, records)
        VALUES (new.institution, new.module, new.edition, new.program, new.status, new.week, new.former, 1)
        ON CONFLICT DO UPDATE SET records = records + 1;
END;

CREATE TRIGGER people_are_counted AFTER INSERT ON people WHEN new.erased_at IS NULL
BEGIN
    INSERT INTO heads (institution, people) VALUES (new.institution, 1)
        ON CONFLICT DO UPDATE SET people = people + 1;
END;

CREATE TRIGGER people_are_no_longer_counted AFTER DELETE ON people WHEN old.erased_at IS NULL
BEGIN
    UPDATE heads SET people = people - 1 WHERE institution = old.institution;
    DELETE FROM heads WHERE institution = old.institution AND people = 0;
END;

CREATE TRIGGER people_leave AFTER UPDATE OF institution, erased_at ON people
WHEN old.erased_at IS NULL AND (new.erased_at IS NOT NULL OR new.institution <> old.institution)
BEGIN
    UPDATE heads SET people = people - 1 WHERE institution = old.institution;
    DELETE FROM heads WHERE institution = old.institution AND people = 0;
END;

CREATE TRIGGER people_come AFTER UPDATE OF institution, erased_at ON people
WHEN new.erased_at IS NULL AND (old.erased_at IS NOT NULL OR new.institution <> old.institution)
BEGIN
    INSERT INTO heads (institution, people) VALUES (new.institution, 1)
        ON CONFLICT DO UPDATE SET people = people + 1;
END;

-- A search looks for people among those of the institution whose records are
-- wanted, and among these.
UPDATE people SET moved = 1
    WHERE EXISTS (SELECT 1 FROM records r WHERE r.learner = people.learner AND r.institution <> people.institution);

CREATE TRIGGER people_move AFTER UPDATE OF institution ON people WHEN new.institution <> old.institution
BEGIN
    UPDATE people SET moved = 1 WHERE learner = new.learner;
END;

CREATE TRIGGER records_move AFTER UPDATE OF institution, learner ON records
WHEN new.institution <> old.institution OR new.learner <> old.learner
BEGIN
    UPDATE people SET moved = 1 WHERE learner = new.learner AND institution <> new.institution;
END;

CREATE TRIGGER people_come_after_records AFTER INSERT ON people
WHEN EXISTS (SELECT 1 FROM records r WHERE r.learner = new.learner AND r.institution <> new.institution)
BEGIN
    UPDATE people SET moved = 1 WHERE learner = new.learner;
END;

CREATE TRIGGER records_come_after_people AFTER INSERT ON records
WHEN EXISTS (SELECT 1 FROM people p WHERE p.learner = new.learner AND p.institution <> new.institution)
BEGIN
    UPDATE people SET moved = 1 WHERE learner = new.learner;
END;
