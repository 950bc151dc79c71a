-- How many events a team has had. Locked last in a transaction, so that numbers become visible in their order.
CREATE TABLE team_event_counters (
    team_id BLOB NOT NULL PRIMARY KEY CHECK (length(team_id) = 16),
    last_sequence INTEGER NOT NULL CHECK (last_sequence > 0)
) STRICT, WITHOUT ROWID;

-- What happened in a team, for whoever follows it.
CREATE TABLE team_events (
    team_id BLOB NOT NULL CHECK (length(team_id) = 16),
    sequence INTEGER NOT NULL CHECK (sequence > 0),
    at INTEGER NOT NULL,
    event_type TEXT NOT NULL,
    subject TEXT NOT NULL,
    environment_id BLOB CHECK (length(environment_id) = 16),
    detail TEXT,
    PRIMARY KEY (team_id, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX team_events_at ON team_events (at);
