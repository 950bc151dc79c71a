CREATE TABLE users (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('unverified', 'active', 'disabled')),
    is_operator INTEGER NOT NULL CHECK (is_operator IN (0, 1)),
    second_factor_secret BLOB,
    second_factor_confirmed_at INTEGER,
    second_factor_last_step INTEGER,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CHECK ((second_factor_secret IS NULL) = (second_factor_last_step IS NULL)),
    CHECK (second_factor_secret IS NOT NULL OR second_factor_confirmed_at IS NULL)
) STRICT;

-- Apart from the person, as the keys of teams are. The id of the master key stands in the envelope:
-- version, length of the id, id. Reading it there, the database cannot be told a wrong one.
CREATE TABLE user_keys (
    user_id BLOB PRIMARY KEY NOT NULL REFERENCES users (id),
    wrapped_key BLOB NOT NULL,
    master_key_id TEXT GENERATED ALWAYS AS (
        CASE WHEN length(wrapped_key) > 2 AND substr(wrapped_key, 1, 1) = x'01' THEN
            CAST(substr(wrapped_key, 3, unicode(CAST(substr(wrapped_key, 2, 1) AS TEXT))) AS TEXT)
        END
    ) VIRTUAL
) STRICT;

-- A used code is gone.
CREATE TABLE recovery_codes (
    user_id BLOB NOT NULL REFERENCES users (id),
    pepper_id TEXT NOT NULL,
    mac BLOB NOT NULL,
    PRIMARY KEY (user_id, mac, pepper_id)
) STRICT, WITHOUT ROWID;

-- A used link is gone.
CREATE TABLE email_links (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    user_id BLOB NOT NULL REFERENCES users (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('verification', 'password_reset')),
    pepper_id TEXT NOT NULL,
    mac BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    UNIQUE (mac, pepper_id)
) STRICT;
CREATE INDEX email_links_user ON email_links (user_id, purpose);

CREATE TABLE user_sessions (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    user_id BLOB NOT NULL REFERENCES users (id),
    pepper_id TEXT NOT NULL,
    mac BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    authenticated_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    client_address TEXT,
    user_agent TEXT,
    UNIQUE (mac, pepper_id)
) STRICT;
CREATE INDEX user_sessions_living ON user_sessions (user_id, id) WHERE ended_at IS NULL;

CREATE TABLE login_throttles (
    subject TEXT PRIMARY KEY NOT NULL,
    attempts INTEGER NOT NULL,
    window_started_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX login_throttles_age ON login_throttles (window_started_at);
