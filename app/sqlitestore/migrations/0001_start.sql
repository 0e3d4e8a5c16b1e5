-- Times are whole milliseconds since 1970 in UTC. Rows of publications,
-- versions and files are never changed, and records are never removed.

CREATE TABLE publications (
    number  INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    origin  TEXT    NOT NULL,
    current TEXT    NOT NULL -- JSON: the list of versions
) STRICT;

CREATE TABLE versions (
    kind    TEXT    NOT NULL,
    slug    TEXT    NOT NULL,
    number  INTEGER NOT NULL,
    program TEXT    NOT NULL,
    hash    TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (kind, slug, number)
) STRICT;

CREATE TABLE files (
    kind     TEXT    NOT NULL,
    slug     TEXT    NOT NULL,
    number   INTEGER NOT NULL,
    position INTEGER NOT NULL, -- 0, 1, 2, … as in the source
    name     TEXT    NOT NULL,
    data     BLOB    NOT NULL,
    PRIMARY KEY (kind, slug, number, position),
    FOREIGN KEY (kind, slug, number) REFERENCES versions (kind, slug, number)
) STRICT;

CREATE TABLE people (
    learner      TEXT    PRIMARY KEY,
    institution  TEXT    NOT NULL,
    issuer       TEXT    NOT NULL,
    subject      TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    email        TEXT    NOT NULL,
    npi          TEXT    NOT NULL,
    roles        TEXT    NOT NULL, -- JSON: the list of roles
    signed_in_at INTEGER NOT NULL,
    folded       TEXT    NOT NULL  -- what a search looks in: name, e-mail address and subject in lower case
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    hash       TEXT    PRIMARY KEY,
    learner    TEXT    NOT NULL REFERENCES people (learner),
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_creation ON sessions (created_at);
CREATE INDEX sessions_by_sight ON sessions (seen_at);

-- Records keep a rowid, and with it the order in which they were begun. The
-- attempts of an hour are to the records of that hour, so they change few
-- pages; ordered by their ids, which are random, each would change its own.
CREATE TABLE records (
    id          TEXT    NOT NULL UNIQUE,
    institution TEXT    NOT NULL,
    learner     TEXT    NOT NULL REFERENCES people (learner),
    program     TEXT    NOT NULL,
    module      TEXT    NOT NULL,
    title       TEXT    NOT NULL, -- the completion's, once there is one
    edition     TEXT    NOT NULL,
    version     INTEGER NOT NULL, -- likewise
    attempts    INTEGER NOT NULL,
    score       INTEGER,          -- in percent; null until something was graded
    started_at  INTEGER NOT NULL,
    active_at   INTEGER NOT NULL,
    status      TEXT    NOT NULL,

    -- The rest of the completion, empty while the status is in_progress.
    completed_at          INTEGER,
    completed_score       INTEGER,
    certificate           TEXT NOT NULL DEFAULT '',
    completed_name        TEXT NOT NULL DEFAULT '',
    completed_institution TEXT NOT NULL DEFAULT ''
) STRICT;

-- The first three columns are the order of a listing. The others are what it is
-- filtered by, so that a page and a count touch no record that isn't chosen.
CREATE INDEX records_by_activity ON records (institution, active_at, id, program, module, status, learner);
CREATE INDEX records_by_id ON records (institution, id);
CREATE INDEX records_by_learner ON records (learner);
CREATE UNIQUE INDEX records_by_certificate ON records (certificate) WHERE certificate <> '';

-- An attempt is parked as long as it has no record: that a learner has one of
-- an id, parked or counted, is one question of one index. There is no foreign
-- key to records, since an attempt is added before the record that it begins.
CREATE TABLE attempts (
    learner TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    record  TEXT,
    module  TEXT    NOT NULL,
    version INTEGER NOT NULL,
    answers TEXT    NOT NULL, -- JSON: the chosen options by question
    right   INTEGER NOT NULL,
    graded  INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    UNIQUE (learner, id)
) STRICT;

CREATE INDEX attempts_parked ON attempts (learner, at, id) WHERE record IS NULL;
