ALTER TABLE sessions ADD COLUMN provider TEXT NOT NULL DEFAULT '';

-- Last, since it is long and hardly ever read: what stands before it is read
-- without it.
ALTER TABLE sessions ADD COLUMN logout_hint TEXT NOT NULL DEFAULT '';

CREATE INDEX sessions_by_learner ON sessions (learner);
CREATE INDEX sessions_by_provider ON sessions (provider) WHERE provider <> '';

-- What may happen once, and has.
CREATE TABLE once (
    key   TEXT    PRIMARY KEY,
    until INTEGER NOT NULL -- it may be forgotten after that
) STRICT, WITHOUT ROWID;

CREATE INDEX once_by_end ON once (until);

-- The audit trail. An event may name a learner who never signed in here, so
-- there is no foreign key to people. Events keep a rowid, and with it the order
-- in which they were added: those of one time lie together, whatever their ids.
CREATE TABLE events (
    id          TEXT    NOT NULL UNIQUE,
    at          INTEGER NOT NULL,
    kind        TEXT    NOT NULL,
    institution TEXT    NOT NULL, -- empty: the program as a whole
    learner     TEXT    NOT NULL, -- empty: nobody who is known
    details     TEXT    NOT NULL  -- JSON: the details by their names
) STRICT;

-- One for each way in which the trail is walked, the latest event first. What
-- else may be asked of one learner's events is asked of few.
CREATE INDEX events_by_time ON events (at, id);
CREATE INDEX events_by_institution ON events (institution, at, id);
CREATE INDEX events_by_kind ON events (kind, at, id);
CREATE INDEX events_by_institution_and_kind ON events (institution, kind, at, id);
CREATE INDEX events_by_learner ON events (learner, at, id);

CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ABORT, 'events are never changed');
END;

CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'events are never removed');
END;

-- Replacing a row removes it, and asks the trigger above only on a connection
-- with recursive_triggers on. So a row that is there is found before it comes to
-- that: by its id, which does nothing, since adding an event twice is no fault, or
-- by its rowid, which SQLite gives and nobody sets. It is -1 while SQLite has yet
-- to give it.
CREATE TRIGGER events_are_added_once BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE id = new.id)
BEGIN
    SELECT RAISE(IGNORE);
END;

CREATE TRIGGER events_are_never_replaced BEFORE INSERT ON events
WHEN new.rowid <> -1 AND EXISTS (SELECT 1 FROM events WHERE rowid = new.rowid)
BEGIN
    SELECT RAISE(ABORT, 'events are never removed');
END;
