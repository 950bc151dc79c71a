ALTER TABLE audit_trails DROP COLUMN last_mac;
ALTER TABLE audit_trails DROP COLUMN last_key_id;
CREATE TABLE new_audit_events (
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
INSERT INTO new_audit_events (team_id, sequence, id, at, principal, action, target,
    outcome, request_id, client_address, user_agent)
SELECT team_id, sequence, id, at, principal, action, target,
    CASE outcome WHEN 'refused' THEN 'failed' ELSE outcome END,
    request_id, client_address, user_agent FROM audit_events;
DROP TRIGGER audit_events_no_delete;
DROP TABLE audit_events;
ALTER TABLE new_audit_events RENAME TO audit_events;
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
    BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END;
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
    BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END;
