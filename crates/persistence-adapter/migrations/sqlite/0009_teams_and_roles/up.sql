ALTER TABLE teams ADD COLUMN suspended_at INTEGER;
ALTER TABLE teams ADD COLUMN deleted_at INTEGER;
ALTER TABLE teams ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

ALTER TABLE team_keys ADD COLUMN master_key_id TEXT GENERATED ALWAYS AS (
    CASE WHEN length(wrapped_key) > 2 AND substr(wrapped_key, 1, 1) = x'01' THEN
        CAST(substr(wrapped_key, 3, unicode(CAST(substr(wrapped_key, 2, 1) AS TEXT))) AS TEXT)
    END
) VIRTUAL;

-- What built-in roles allow is fixed in code; of custom ones it is stored.
CREATE TABLE roles (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    team_id BLOB NOT NULL REFERENCES teams (id),
    kind TEXT NOT NULL CHECK (kind IN ('owner', 'manager', 'developer', 'viewer', 'custom')),
    name TEXT NOT NULL,
    permissions TEXT NOT NULL,
    version INTEGER NOT NULL,
    -- Members refer to all three: their role is one of their team, and of the kind they carry.
    UNIQUE (team_id, id, kind),
    CHECK (kind = 'custom' OR permissions = '')
) STRICT;
-- Nobody may make an `Owner` beside the `owner`.
CREATE UNIQUE INDEX roles_name_key ON roles (team_id, lower(name));
CREATE UNIQUE INDEX roles_built_in_key ON roles (team_id, kind) WHERE kind <> 'custom';

-- Teams that are older than roles. The ids keep the age of their team and come in the order of rank.
INSERT INTO roles (id, team_id, kind, name, permissions, version)
SELECT
    unhex(substr(hex(teams.id), 1, 20) || '0' || built_in.rank || hex(randomblob(5))),
    teams.id, built_in.kind, built_in.kind, '', 1
FROM teams
CROSS JOIN (
    SELECT 1 AS rank, 'owner' AS kind UNION ALL SELECT 2, 'manager'
    UNION ALL SELECT 3, 'developer' UNION ALL SELECT 4, 'viewer'
) AS built_in;

CREATE TABLE memberships (
    team_id BLOB NOT NULL REFERENCES teams (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    role_id BLOB NOT NULL,
    -- The role's kind, which never changes: so that one owner is a rule of the database.
    role_kind TEXT NOT NULL,
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (team_id, user_id),
    FOREIGN KEY (team_id, role_id, role_kind) REFERENCES roles (team_id, id, kind)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX memberships_owner_key ON memberships (team_id) WHERE role_kind = 'owner';
CREATE INDEX memberships_user ON memberships (user_id, team_id);
CREATE INDEX memberships_role ON memberships (team_id, role_id);

CREATE TABLE invitations (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    team_id BLOB NOT NULL REFERENCES teams (id),
    email TEXT NOT NULL,
    role_id BLOB NOT NULL REFERENCES roles (id),
    invited_by BLOB NOT NULL REFERENCES users (id),
    pepper_id TEXT NOT NULL,
    mac BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    accepted_at INTEGER,
    accepted_by BLOB REFERENCES users (id),
    revoked_at INTEGER,
    UNIQUE (mac, pepper_id),
    CHECK ((accepted_at IS NULL) = (accepted_by IS NULL))
) STRICT;
CREATE UNIQUE INDEX invitations_open_key ON invitations (team_id, email)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invitations_open ON invitations (team_id, id)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invitations_email ON invitations (email)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invitations_role ON invitations (role_id);

CREATE TABLE team_deletions (
    team_id BLOB PRIMARY KEY NOT NULL REFERENCES teams (id),
    requested_by BLOB NOT NULL REFERENCES users (id),
    pepper_id TEXT NOT NULL,
    mac BLOB NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE ownership_offers (
    team_id BLOB PRIMARY KEY NOT NULL REFERENCES teams (id),
    from_user_id BLOB NOT NULL REFERENCES users (id),
    to_user_id BLOB NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
