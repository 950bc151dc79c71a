-- Jobs that wait for a person are counted every few seconds. Built beside writers, so not in a transaction; what
-- is left of an attempt that was broken off is dropped before the next one.
CREATE INDEX CONCURRENTLY IF NOT EXISTS jobs_needing_attention ON jobs (team_id) WHERE state = 'needs_attention'
