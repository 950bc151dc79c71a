-- contract: nothing is taken away. A check cannot be changed here, so the table is built anew; one
-- process owns the file, so no other version looks on.
-- The nil id is the trail of the system. Each line is sealed to the one before; what is older than
-- that has no seal.
CREATE TABLE new_audit_events (
    team_id BLOB NOT NULL CHECK (length(team_id) = 16),
    sequence INTEGER NOT NULL CHECK (sequence > 0),
    id BLOB NOT NULL CHECK (length(id) = 16),
    at INTEGER NOT NULL,
    principal TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'succeeded', 'failed', 'refused')),
    request_id BLOB CHECK (length(request_id) = 16),
    client_address TEXT,
    user_agent TEXT,
    credential TEXT,
    detail TEXT,
    seal_key_id TEXT,
    seal_mac BLOB,
    PRIMARY KEY (team_id, sequence),
    CHECK ((seal_key_id IS NULL) = (seal_mac IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO new_audit_events (team_id, sequence, id, at, principal, action, target,
    outcome, request_id, client_address, user_agent)
SELECT team_id, sequence, id, at, principal, action, target,
    outcome, request_id, client_address, user_agent FROM audit_events;
DROP TRIGGER audit_events_no_delete;
DROP TABLE audit_events;
ALTER TABLE new_audit_events RENAME TO audit_events;
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
    BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END;
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
    BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END;
CREATE INDEX audit_events_target ON audit_events (team_id, target, sequence);
CREATE INDEX audit_events_principal ON audit_events (team_id, principal, sequence);

-- The seal of the last line: a trail that was cut at its end is found by it.
ALTER TABLE audit_trails ADD COLUMN last_key_id TEXT;
ALTER TABLE audit_trails ADD COLUMN last_mac BLOB;
