ALTER TABLE platform_accounts ADD COLUMN uid_since timestamptz;

-- When a team's account is compared with the platform next.
CREATE TABLE team_syncs (
    team_id uuid PRIMARY KEY REFERENCES teams (id),
    due_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX team_syncs_due ON team_syncs (due_at);
INSERT INTO team_syncs (team_id, due_at) SELECT team_id, now() FROM platform_accounts;

CREATE TABLE findings (
    team_id uuid NOT NULL REFERENCES teams (id),
    id uuid NOT NULL,
    kind text NOT NULL CHECK (
        kind IN ('environment_missing', 'environment_replaced', 'environment_drifted',
                 'environment_leftover', 'environment_unknown', 'account_changed')
    ),
    subject text NOT NULL,
    environment_id uuid,
    address text,
    display_name text,
    detail text NOT NULL,
    first_seen_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    closed_at timestamptz,
    PRIMARY KEY (team_id, id)
);
CREATE UNIQUE INDEX findings_open_key ON findings (team_id, kind, subject)
    WHERE closed_at IS NULL;

-- A team is synced by one job at a time.
CREATE UNIQUE INDEX job_queue_one_sync_key ON job_queue (team_id) WHERE kind = 'team.sync';
