-- Set while a step without a way back may have happened: then nobody cancels.
ALTER TABLE job_queue ADD COLUMN is_past_pivot INTEGER NOT NULL DEFAULT 0 CHECK (is_past_pivot IN (0, 1));
-- Steps that a failed job has done and that stay, between commas.
ALTER TABLE jobs ADD COLUMN failure_remaining TEXT;
-- The fence of a job at rest: one that is reopened goes on above it.
ALTER TABLE jobs ADD COLUMN last_fence INTEGER NOT NULL DEFAULT 0;
