-- One row for each job that has not come to rest: small, updated often, deleted at the end.
-- lease_owner without lease_until is a holder that died; no lease_owner means given back.
CREATE TABLE job_queue (
    job_id uuid PRIMARY KEY,
    team_id uuid NOT NULL,
    environment_id uuid,
    kind text NOT NULL,
    kind_version integer NOT NULL,
    due_at timestamptz NOT NULL,
    lease_owner uuid,
    lease_until timestamptz,
    fence bigint NOT NULL CHECK (fence >= 0),
    deaths integer NOT NULL CHECK (deaths >= 0),
    is_cancel_requested boolean NOT NULL,
    CHECK (lease_until IS NULL OR lease_owner IS NOT NULL)
) WITH (
    fillfactor = 60,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 200
);
CREATE INDEX job_queue_due ON job_queue (due_at, job_id);
CREATE INDEX job_queue_owner ON job_queue (lease_owner) WHERE lease_owner IS NOT NULL;
CREATE INDEX job_queue_environment ON job_queue (team_id, environment_id, job_id);

-- What no two jobs may change at once. Rows stay: the numbers must not begin again.
CREATE TABLE turns (
    scope text PRIMARY KEY,
    holder_job_id uuid,
    held_since timestamptz,
    epoch bigint NOT NULL,
    next_seq bigint NOT NULL,
    CHECK ((holder_job_id IS NULL) = (held_since IS NULL))
) WITH (fillfactor = 60);

-- The line of each turn; who holds the turn stays first in it.
CREATE TABLE turn_waits (
    scope text NOT NULL REFERENCES turns (scope),
    seq bigint NOT NULL,
    job_id uuid NOT NULL,
    PRIMARY KEY (scope, seq)
);
CREATE INDEX turn_waits_job ON turn_waits (job_id);
