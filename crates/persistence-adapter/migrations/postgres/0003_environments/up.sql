CREATE TABLE environments (
    team_id uuid NOT NULL REFERENCES teams (id),
    id uuid NOT NULL,
    platform_account_id uuid NOT NULL REFERENCES platform_accounts (id),
    name text NOT NULL,
    display_name text NOT NULL,
    short_domain text NOT NULL,
    region text,
    blueprint text NOT NULL,
    state text NOT NULL CHECK (
        state IN ('provisioning', 'running', 'stopped', 'sleeping', 'changing', 'broken',
                  'deleting', 'deleted', 'failed')
    ),
    held_by uuid,
    platform_appid text,
    site_url text,
    synced_at timestamptz,
    created_at timestamptz NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (team_id, id),
    CONSTRAINT environments_short_domain_key UNIQUE (short_domain)
);
-- A name is free again once the environment is gone.
CREATE UNIQUE INDEX environments_living_name_key ON environments (team_id, name)
    WHERE state NOT IN ('deleted', 'failed');

CREATE TABLE nodes (
    team_id uuid NOT NULL,
    environment_id uuid NOT NULL,
    platform_node_id bigint NOT NULL,
    id uuid NOT NULL,
    node_group text NOT NULL,
    stack text NOT NULL,
    is_master boolean NOT NULL,
    state text NOT NULL CHECK (
        state IN ('running', 'stopped', 'sleeping', 'changing', 'broken')
    ),
    PRIMARY KEY (team_id, environment_id, platform_node_id),
    FOREIGN KEY (team_id, environment_id) REFERENCES environments (team_id, id)
);

CREATE TABLE installations (
    team_id uuid NOT NULL,
    environment_id uuid NOT NULL,
    id uuid NOT NULL,
    software text NOT NULL,
    platform_unique_name text,
    node_group text,
    installed_at timestamptz NOT NULL,
    PRIMARY KEY (team_id, environment_id, id),
    FOREIGN KEY (team_id, environment_id) REFERENCES environments (team_id, id)
);
