-- One row for each team or platform that was ever paused: the newest pause. It stays when the pause has
-- ended, because the patience of jobs counts from there.
CREATE TABLE mutation_pauses (
    scope_kind text NOT NULL CHECK (scope_kind IN ('team', 'platform')),
    scope_id text NOT NULL,
    reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 80),
    paused_by text NOT NULL,
    paused_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (scope_kind, scope_id)
);

-- What is old is found by its age, and what was remembered of a job by the job.
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX idempotency_records_job ON idempotency_records (job_id);
