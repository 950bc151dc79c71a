CREATE TABLE teams (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    created_at INTEGER NOT NULL
) STRICT;

-- Apart from the team: destroying the key destroys all secrets of the team, and the team stays.
CREATE TABLE team_keys (
    team_id BLOB PRIMARY KEY NOT NULL REFERENCES teams (id),
    wrapped_key BLOB NOT NULL
) STRICT;

CREATE TABLE api_tokens (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    team_id BLOB NOT NULL REFERENCES teams (id),
    label TEXT NOT NULL,
    pepper_id TEXT NOT NULL,
    mac BLOB NOT NULL,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    UNIQUE (mac, pepper_id)
) STRICT;
CREATE INDEX api_tokens_team ON api_tokens (team_id);
