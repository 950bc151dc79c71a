CREATE TABLE users (
    id uuid PRIMARY KEY,
    email text NOT NULL,
    name text NOT NULL,
    password_hash text NOT NULL,
    state text NOT NULL CHECK (state IN ('unverified', 'active', 'disabled')),
    is_operator boolean NOT NULL,
    second_factor_secret bytea,
    second_factor_confirmed_at timestamptz,
    second_factor_last_step bigint,
    created_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT users_email_key UNIQUE (email),
    CHECK ((second_factor_secret IS NULL) = (second_factor_last_step IS NULL)),
    CHECK (second_factor_secret IS NOT NULL OR second_factor_confirmed_at IS NULL)
);

-- Apart from the person, as the keys of teams are. The id of the master key stands in the envelope:
-- version, length of the id, id. Reading it there, the database cannot be told a wrong one.
CREATE TABLE user_keys (
    user_id uuid PRIMARY KEY REFERENCES users (id),
    wrapped_key bytea NOT NULL,
    master_key_id text GENERATED ALWAYS AS (
        CASE WHEN octet_length(wrapped_key) > 2 THEN
            CASE WHEN get_byte(wrapped_key, 0) = 1 THEN
                encode(substring(wrapped_key FROM 3 FOR get_byte(wrapped_key, 1)), 'escape')
            END
        END
    ) STORED
);

-- A used code is gone.
CREATE TABLE recovery_codes (
    user_id uuid NOT NULL REFERENCES users (id),
    pepper_id text NOT NULL,
    mac bytea NOT NULL,
    PRIMARY KEY (user_id, mac, pepper_id)
);

-- A used link is gone.
CREATE TABLE email_links (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    purpose text NOT NULL CHECK (purpose IN ('verification', 'password_reset')),
    pepper_id text NOT NULL,
    mac bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT email_links_hash_key UNIQUE (mac, pepper_id)
);
CREATE INDEX email_links_user ON email_links (user_id, purpose);

CREATE TABLE user_sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    pepper_id text NOT NULL,
    mac bytea NOT NULL,
    created_at timestamptz NOT NULL,
    authenticated_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    client_address text,
    user_agent text,
    CONSTRAINT user_sessions_hash_key UNIQUE (mac, pepper_id)
) WITH (fillfactor = 80);
CREATE INDEX user_sessions_living ON user_sessions (user_id, id) WHERE ended_at IS NULL;

CREATE TABLE login_throttles (
    subject text PRIMARY KEY,
    attempts bigint NOT NULL,
    window_started_at timestamptz NOT NULL
) WITH (fillfactor = 60);
CREATE INDEX login_throttles_age ON login_throttles (window_started_at);
