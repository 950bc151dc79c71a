CREATE TABLE platform_accounts (
    id uuid PRIMARY KEY,
    team_id uuid NOT NULL REFERENCES teams (id),
    platform text NOT NULL,
    credential_kind text NOT NULL CHECK (credential_kind IN ('password', 'access_token')),
    sealed_credential bytea NOT NULL,
    sealed_confirmation bytea,
    credential_version bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('connected', 'needs_reauthentication')),
    platform_uid bigint NOT NULL,
    deletion text NOT NULL CHECK (
        deletion IN ('not_needed', 'environment_name', 'account_password', 'unavailable')
    ),
    checked_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT platform_accounts_team_key UNIQUE (team_id)
);

-- Apart from the account: it changes at every renewal.
CREATE TABLE platform_sessions (
    account_id uuid PRIMARY KEY REFERENCES platform_accounts (id) ON DELETE CASCADE,
    credential_version bigint NOT NULL,
    generation bigint NOT NULL CHECK (generation >= 0),
    sealed_key bytea,
    renewal_owner uuid,
    renewal_lease_until timestamptz,
    CHECK ((renewal_owner IS NULL) = (renewal_lease_until IS NULL))
);
