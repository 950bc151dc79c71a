CREATE TABLE idempotency_records (
    team_id uuid NOT NULL,
    principal text NOT NULL,
    operation text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    job_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT idempotency_records_pkey PRIMARY KEY (team_id, principal, operation, key)
);

-- Counts the lines of each team's trail: updated under a row lock, so numbers have no gap.
CREATE TABLE audit_trails (
    team_id uuid PRIMARY KEY,
    last_sequence bigint NOT NULL
) WITH (fillfactor = 60);

CREATE TABLE audit_events (
    team_id uuid NOT NULL,
    sequence bigint NOT NULL CHECK (sequence > 0),
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    principal text NOT NULL,
    action text NOT NULL,
    target text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('accepted', 'succeeded', 'failed')),
    request_id uuid,
    client_address text,
    user_agent text,
    PRIMARY KEY (team_id, sequence)
);
CREATE FUNCTION refuse_change_of_audit_event() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'audit events are append-only'; END $$;
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit_event();
