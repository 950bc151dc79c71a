ALTER TABLE teams
    ADD COLUMN suspended_at timestamptz,
    ADD COLUMN deleted_at timestamptz,
    ADD COLUMN version bigint NOT NULL DEFAULT 1;

ALTER TABLE team_keys ADD COLUMN master_key_id text GENERATED ALWAYS AS (
    CASE WHEN octet_length(wrapped_key) > 2 THEN
        CASE WHEN get_byte(wrapped_key, 0) = 1 THEN
            encode(substring(wrapped_key FROM 3 FOR get_byte(wrapped_key, 1)), 'escape')
        END
    END
) STORED;

-- What built-in roles allow is fixed in code; of custom ones it is stored.
CREATE TABLE roles (
    id uuid PRIMARY KEY,
    team_id uuid NOT NULL REFERENCES teams (id),
    kind text NOT NULL CHECK (kind IN ('owner', 'manager', 'developer', 'viewer', 'custom')),
    name text NOT NULL,
    permissions text NOT NULL,
    version bigint NOT NULL,
    -- Members refer to all three: their role is one of their team, and of the kind they carry.
    CONSTRAINT roles_team_kind_key UNIQUE (team_id, id, kind),
    CHECK (kind = 'custom' OR permissions = '')
);
-- Nobody may make an `Owner` beside the `owner`.
CREATE UNIQUE INDEX roles_name_key ON roles (team_id, lower(name));
CREATE UNIQUE INDEX roles_built_in_key ON roles (team_id, kind) WHERE kind <> 'custom';

-- Teams that are older than roles. The ids keep the age of their team and come in the order of rank.
INSERT INTO roles (id, team_id, kind, name, permissions, version)
SELECT
    (left(teams.id::text, 24) || built_in.rank
        || left(replace(gen_random_uuid()::text, '-', ''), 11))::uuid,
    teams.id, built_in.kind, built_in.kind, '', 1
FROM teams
CROSS JOIN (VALUES (1, 'owner'), (2, 'manager'), (3, 'developer'), (4, 'viewer'))
    AS built_in (rank, kind);

CREATE TABLE memberships (
    team_id uuid NOT NULL REFERENCES teams (id),
    user_id uuid NOT NULL REFERENCES users (id),
    role_id uuid NOT NULL,
    -- The role's kind, which never changes: so that one owner is a rule of the database.
    role_kind text NOT NULL,
    joined_at timestamptz NOT NULL,
    CONSTRAINT memberships_pkey PRIMARY KEY (team_id, user_id),
    FOREIGN KEY (team_id, role_id, role_kind) REFERENCES roles (team_id, id, kind)
);
CREATE UNIQUE INDEX memberships_owner_key ON memberships (team_id) WHERE role_kind = 'owner';
CREATE INDEX memberships_user ON memberships (user_id, team_id);
CREATE INDEX memberships_role ON memberships (team_id, role_id);

CREATE TABLE invitations (
    id uuid PRIMARY KEY,
    team_id uuid NOT NULL REFERENCES teams (id),
    email text NOT NULL,
    role_id uuid NOT NULL REFERENCES roles (id),
    invited_by uuid NOT NULL REFERENCES users (id),
    pepper_id text NOT NULL,
    mac bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    accepted_at timestamptz,
    accepted_by uuid REFERENCES users (id),
    revoked_at timestamptz,
    CONSTRAINT invitations_hash_key UNIQUE (mac, pepper_id),
    CHECK ((accepted_at IS NULL) = (accepted_by IS NULL))
);
CREATE UNIQUE INDEX invitations_open_key ON invitations (team_id, email)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invitations_open ON invitations (team_id, id)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invitations_email ON invitations (email)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invitations_role ON invitations (role_id);

CREATE TABLE team_deletions (
    team_id uuid PRIMARY KEY REFERENCES teams (id),
    requested_by uuid NOT NULL REFERENCES users (id),
    pepper_id text NOT NULL,
    mac bytea NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE TABLE ownership_offers (
    team_id uuid PRIMARY KEY REFERENCES teams (id),
    from_user_id uuid NOT NULL REFERENCES users (id),
    to_user_id uuid NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
