-- One row for each job that has not come to rest: small, updated often, deleted at the end.
-- lease_owner without lease_until is a holder that died; no lease_owner means given back.
CREATE TABLE job_queue (
    job_id BLOB PRIMARY KEY NOT NULL CHECK (length(job_id) = 16),
    team_id BLOB NOT NULL,
    environment_id BLOB CHECK (length(environment_id) = 16),
    kind TEXT NOT NULL,
    kind_version INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    lease_owner BLOB CHECK (length(lease_owner) = 16),
    lease_until INTEGER,
    fence INTEGER NOT NULL CHECK (fence >= 0),
    deaths INTEGER NOT NULL CHECK (deaths >= 0),
    is_cancel_requested INTEGER NOT NULL CHECK (is_cancel_requested IN (0, 1)),
    CHECK (lease_until IS NULL OR lease_owner IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_queue_due ON job_queue (due_at, job_id);
CREATE INDEX job_queue_owner ON job_queue (lease_owner) WHERE lease_owner IS NOT NULL;
CREATE INDEX job_queue_environment ON job_queue (team_id, environment_id, job_id);

-- What no two jobs may change at once. Rows stay: the numbers must not begin again.
CREATE TABLE turns (
    scope TEXT PRIMARY KEY NOT NULL,
    holder_job_id BLOB CHECK (length(holder_job_id) = 16),
    held_since INTEGER,
    epoch INTEGER NOT NULL,
    next_seq INTEGER NOT NULL,
    CHECK ((holder_job_id IS NULL) = (held_since IS NULL))
) STRICT, WITHOUT ROWID;

-- The line of each turn; who holds the turn stays first in it.
CREATE TABLE turn_waits (
    scope TEXT NOT NULL REFERENCES turns (scope),
    seq INTEGER NOT NULL,
    job_id BLOB NOT NULL CHECK (length(job_id) = 16),
    PRIMARY KEY (scope, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX turn_waits_job ON turn_waits (job_id);
