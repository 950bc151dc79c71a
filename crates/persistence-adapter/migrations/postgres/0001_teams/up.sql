CREATE TABLE teams (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 80),
    created_at timestamptz NOT NULL
);

-- Apart from the team: destroying the key destroys all secrets of the team, and the team stays.
CREATE TABLE team_keys (
    team_id uuid PRIMARY KEY REFERENCES teams (id),
    wrapped_key bytea NOT NULL
);

CREATE TABLE api_tokens (
    id uuid PRIMARY KEY,
    team_id uuid NOT NULL REFERENCES teams (id),
    label text NOT NULL,
    pepper_id text NOT NULL,
    mac bytea NOT NULL,
    scopes text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CONSTRAINT api_tokens_hash_key UNIQUE (mac, pepper_id)
);
CREATE INDEX api_tokens_team ON api_tokens (team_id);
