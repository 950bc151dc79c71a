CREATE TABLE idempotency_records (
    team_id BLOB NOT NULL CHECK (length(team_id) = 16),
    principal TEXT NOT NULL,
    operation TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    job_id BLOB NOT NULL CHECK (length(job_id) = 16),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (team_id, principal, operation, key)
) STRICT, WITHOUT ROWID;

-- Counts the lines of each team's trail: updated in the transaction, so numbers have no gap.
CREATE TABLE audit_trails (
    team_id BLOB PRIMARY KEY NOT NULL CHECK (length(team_id) = 16),
    last_sequence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_events (
    team_id BLOB NOT NULL CHECK (length(team_id) = 16),
    sequence INTEGER NOT NULL CHECK (sequence > 0),
    id BLOB NOT NULL CHECK (length(id) = 16),
    at INTEGER NOT NULL,
    principal TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'succeeded', 'failed')),
    request_id BLOB CHECK (length(request_id) = 16),
    client_address TEXT,
    user_agent TEXT,
    PRIMARY KEY (team_id, sequence)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
    BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END;
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
    BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END;
