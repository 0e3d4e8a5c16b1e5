-- What learners keep of a module for themselves. A workbook may be there before
-- its record. It keeps a rowid for the same reason as records do: those of an
-- hour are saved in that hour, again and again, and lie together.
CREATE TABLE workbooks (
    record      TEXT    NOT NULL UNIQUE,
    learner     TEXT    NOT NULL REFERENCES people (learner),
    module      TEXT    NOT NULL,
    edition     TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    revision    INTEGER NOT NULL, -- how often it was saved
    card        TEXT    NOT NULL,
    card_at     INTEGER NOT NULL,
    read        INTEGER NOT NULL, -- 0 or 1
    reflections TEXT    NOT NULL, -- JSON: the list of them
    commitments TEXT    NOT NULL  -- likewise
) STRICT;

CREATE INDEX workbooks_by_learner ON workbooks (learner, record);

ALTER TABLE records ADD COLUMN completed_credit TEXT NOT NULL DEFAULT '';

-- Whether answers that wait came from the page of the questions alone; 0 or 1.
ALTER TABLE attempts ADD COLUMN quiz INTEGER NOT NULL DEFAULT 0;

-- Of the completion's certificate; null while it holds.
ALTER TABLE records ADD COLUMN withdrawn_at INTEGER;
ALTER TABLE records ADD COLUMN withdrawn_reason TEXT NOT NULL DEFAULT '';
