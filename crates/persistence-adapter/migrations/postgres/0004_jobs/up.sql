-- Finished jobs stay here; what is alive has a row in job_queue besides.
CREATE TABLE jobs (
    team_id uuid NOT NULL REFERENCES teams (id),
    id uuid NOT NULL,
    kind text NOT NULL,
    kind_version integer NOT NULL,
    state text NOT NULL CHECK (
        state IN ('queued', 'running', 'waiting', 'cancelling', 'succeeded', 'failed',
                  'cancelled', 'needs_attention')
    ),
    environment_id uuid,
    principal text NOT NULL,
    payload text NOT NULL CHECK (octet_length(payload) <= 262144),
    percent smallint NOT NULL CHECK (percent BETWEEN 0 AND 100),
    step text,
    steps_done integer NOT NULL CHECK (steps_done >= 0),
    steps_total integer NOT NULL CHECK (steps_total >= 0),
    waiting_for text,
    failure_code text,
    failure_step text,
    failure_platform_code bigint,
    failure_is_retryable boolean,
    failure_detail text,
    is_cancel_requested boolean NOT NULL,
    retry_of uuid,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    log_sequence bigint NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (team_id, id)
) WITH (fillfactor = 80);

-- Journal and log are written only by who holds the job's row in job_queue, so a reference to jobs
-- would cost a lock for each line and protect from nothing.
CREATE TABLE job_steps (
    job_id uuid NOT NULL,
    sequence bigint NOT NULL CHECK (sequence > 0),
    id uuid NOT NULL,
    step text NOT NULL,
    direction text NOT NULL CHECK (direction IN ('forward', 'undo')),
    state text NOT NULL CHECK (state IN ('started', 'in_doubt', 'done', 'not_done')),
    started_at timestamptz NOT NULL,
    answer_by timestamptz NOT NULL,
    baseline text CHECK (octet_length(baseline) <= 262144),
    findings text CHECK (octet_length(findings) <= 262144),
    output text CHECK (octet_length(output) <= 262144),
    PRIMARY KEY (job_id, sequence),
    CONSTRAINT job_steps_id_key UNIQUE (id)
) WITH (fillfactor = 80);

CREATE TABLE job_log (
    job_id uuid NOT NULL,
    sequence bigint NOT NULL CHECK (sequence > 0),
    at timestamptz NOT NULL,
    level text NOT NULL CHECK (level IN ('info', 'warning', 'error')),
    step text,
    message text NOT NULL CHECK (char_length(message) <= 2000),
    PRIMARY KEY (job_id, sequence)
);
