ALTER TABLE platform_accounts ADD COLUMN uid_since INTEGER;

-- When a team's account is compared with the platform next.
CREATE TABLE team_syncs (
    team_id BLOB NOT NULL PRIMARY KEY REFERENCES teams (id),
    due_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX team_syncs_due ON team_syncs (due_at);
INSERT INTO team_syncs (team_id, due_at)
    SELECT team_id, CAST(unixepoch('subsec') * 1000000 AS INTEGER) FROM platform_accounts;

CREATE TABLE findings (
    team_id BLOB NOT NULL REFERENCES teams (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    kind TEXT NOT NULL CHECK (
        kind IN ('environment_missing', 'environment_replaced', 'environment_drifted',
                 'environment_leftover', 'environment_unknown', 'account_changed')
    ),
    subject TEXT NOT NULL,
    environment_id BLOB CHECK (length(environment_id) = 16),
    address TEXT,
    display_name TEXT,
    detail TEXT NOT NULL,
    first_seen_at INTEGER NOT NULL,
    confirmed_at INTEGER,
    closed_at INTEGER,
    PRIMARY KEY (team_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX findings_open_key ON findings (team_id, kind, subject)
    WHERE closed_at IS NULL;

-- A team is synced by one job at a time.
CREATE UNIQUE INDEX job_queue_one_sync_key ON job_queue (team_id) WHERE kind = 'team.sync';
