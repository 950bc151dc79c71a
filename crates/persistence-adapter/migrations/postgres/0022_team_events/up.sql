-- How many events a team has had. Locked last in a transaction, so that numbers become visible in their order.
CREATE TABLE team_event_counters (
    team_id uuid PRIMARY KEY,
    last_sequence bigint NOT NULL CHECK (last_sequence > 0)
);

-- What happened in a team, for whoever follows it.
CREATE TABLE team_events (
    team_id uuid NOT NULL,
    sequence bigint NOT NULL CHECK (sequence > 0),
    at timestamptz NOT NULL,
    event_type text NOT NULL,
    subject text NOT NULL,
    environment_id uuid,
    detail text,
    PRIMARY KEY (team_id, sequence)
);
CREATE INDEX team_events_at ON team_events (at);
