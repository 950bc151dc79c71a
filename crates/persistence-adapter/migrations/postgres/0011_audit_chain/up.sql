-- The nil id is the trail of the system. Each line is sealed to the one before; what is older than
-- that has no seal.
ALTER TABLE audit_events
    ADD COLUMN credential text,
    ADD COLUMN detail text,
    ADD COLUMN seal_key_id text,
    ADD COLUMN seal_mac bytea,
    ADD CONSTRAINT audit_events_seal_check CHECK ((seal_key_id IS NULL) = (seal_mac IS NULL)),
    DROP CONSTRAINT audit_events_outcome_check,
    ADD CONSTRAINT audit_events_outcome_check
        CHECK (outcome IN ('accepted', 'succeeded', 'failed', 'refused'));
CREATE INDEX audit_events_target ON audit_events (team_id, target, sequence);
CREATE INDEX audit_events_principal ON audit_events (team_id, principal, sequence);

-- The seal of the last line: a trail that was cut at its end is found by it.
ALTER TABLE audit_trails
    ADD COLUMN last_key_id text,
    ADD COLUMN last_mac bytea,
    ADD CONSTRAINT audit_trails_seal_check CHECK ((last_key_id IS NULL) = (last_mac IS NULL));
