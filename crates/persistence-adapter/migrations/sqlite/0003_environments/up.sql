CREATE TABLE environments (
    team_id BLOB NOT NULL REFERENCES teams (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    platform_account_id BLOB NOT NULL REFERENCES platform_accounts (id),
    name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    short_domain TEXT NOT NULL UNIQUE,
    region TEXT,
    blueprint TEXT NOT NULL,
    state TEXT NOT NULL CHECK (
        state IN ('provisioning', 'running', 'stopped', 'sleeping', 'changing', 'broken',
                  'deleting', 'deleted', 'failed')
    ),
    held_by BLOB CHECK (length(held_by) = 16),
    platform_appid TEXT,
    site_url TEXT,
    synced_at INTEGER,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (team_id, id)
) STRICT;
-- A name is free again once the environment is gone.
CREATE UNIQUE INDEX environments_living_name_key ON environments (team_id, name)
    WHERE state NOT IN ('deleted', 'failed');

CREATE TABLE nodes (
    team_id BLOB NOT NULL,
    environment_id BLOB NOT NULL,
    platform_node_id INTEGER NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    node_group TEXT NOT NULL,
    stack TEXT NOT NULL,
    is_master INTEGER NOT NULL CHECK (is_master IN (0, 1)),
    state TEXT NOT NULL CHECK (
        state IN ('running', 'stopped', 'sleeping', 'changing', 'broken')
    ),
    PRIMARY KEY (team_id, environment_id, platform_node_id),
    FOREIGN KEY (team_id, environment_id) REFERENCES environments (team_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE installations (
    team_id BLOB NOT NULL,
    environment_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    software TEXT NOT NULL,
    platform_unique_name TEXT,
    node_group TEXT,
    installed_at INTEGER NOT NULL,
    PRIMARY KEY (team_id, environment_id, id),
    FOREIGN KEY (team_id, environment_id) REFERENCES environments (team_id, id)
) STRICT, WITHOUT ROWID;
