-- A job is done once more by one job at a time.
CREATE UNIQUE INDEX jobs_live_retry_key ON jobs (retry_of)
    WHERE retry_of IS NOT NULL AND state NOT IN ('succeeded', 'failed', 'cancelled');
