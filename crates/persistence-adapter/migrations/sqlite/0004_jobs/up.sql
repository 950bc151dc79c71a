-- Finished jobs stay here; what is alive has a row in job_queue besides.
CREATE TABLE jobs (
    team_id BLOB NOT NULL REFERENCES teams (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    kind_version INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (
        state IN ('queued', 'running', 'waiting', 'cancelling', 'succeeded', 'failed',
                  'cancelled', 'needs_attention')
    ),
    environment_id BLOB CHECK (length(environment_id) = 16),
    principal TEXT NOT NULL,
    payload TEXT NOT NULL CHECK (octet_length(payload) <= 262144),
    percent INTEGER NOT NULL CHECK (percent BETWEEN 0 AND 100),
    step TEXT,
    steps_done INTEGER NOT NULL CHECK (steps_done >= 0),
    steps_total INTEGER NOT NULL CHECK (steps_total >= 0),
    waiting_for TEXT,
    failure_code TEXT,
    failure_step TEXT,
    failure_platform_code INTEGER,
    failure_is_retryable INTEGER CHECK (failure_is_retryable IN (0, 1)),
    failure_detail TEXT,
    is_cancel_requested INTEGER NOT NULL CHECK (is_cancel_requested IN (0, 1)),
    retry_of BLOB CHECK (length(retry_of) = 16),
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    log_sequence INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (team_id, id)
) STRICT;

-- Journal and log are written only by who holds the job's row in job_queue, so a reference to jobs
-- would cost a look-up for each line and protect from nothing.
CREATE TABLE job_steps (
    job_id BLOB NOT NULL CHECK (length(job_id) = 16),
    sequence INTEGER NOT NULL CHECK (sequence > 0),
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    step TEXT NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('forward', 'undo')),
    state TEXT NOT NULL CHECK (state IN ('started', 'in_doubt', 'done', 'not_done')),
    started_at INTEGER NOT NULL,
    answer_by INTEGER NOT NULL,
    baseline TEXT CHECK (octet_length(baseline) <= 262144),
    findings TEXT CHECK (octet_length(findings) <= 262144),
    output TEXT CHECK (octet_length(output) <= 262144),
    PRIMARY KEY (job_id, sequence)
) STRICT;

CREATE TABLE job_log (
    job_id BLOB NOT NULL CHECK (length(job_id) = 16),
    sequence INTEGER NOT NULL CHECK (sequence > 0),
    at INTEGER NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('info', 'warning', 'error')),
    step TEXT,
    message TEXT NOT NULL CHECK (length(message) <= 2000),
    PRIMARY KEY (job_id, sequence)
) STRICT, WITHOUT ROWID;
