CREATE TABLE platform_accounts (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    team_id BLOB NOT NULL UNIQUE REFERENCES teams (id),
    platform TEXT NOT NULL,
    credential_kind TEXT NOT NULL CHECK (credential_kind IN ('password', 'access_token')),
    sealed_credential BLOB NOT NULL,
    sealed_confirmation BLOB,
    credential_version INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('connected', 'needs_reauthentication')),
    platform_uid INTEGER NOT NULL,
    deletion TEXT NOT NULL CHECK (
        deletion IN ('not_needed', 'environment_name', 'account_password', 'unavailable')
    ),
    checked_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;

-- Apart from the account: it changes at every renewal.
CREATE TABLE platform_sessions (
    account_id BLOB PRIMARY KEY NOT NULL REFERENCES platform_accounts (id) ON DELETE CASCADE,
    credential_version INTEGER NOT NULL,
    generation INTEGER NOT NULL CHECK (generation >= 0),
    sealed_key BLOB,
    renewal_owner BLOB CHECK (length(renewal_owner) = 16),
    renewal_lease_until INTEGER,
    CHECK ((renewal_owner IS NULL) = (renewal_lease_until IS NULL))
) STRICT;
