-- Set while a step without a way back may have happened: then nobody cancels.
ALTER TABLE job_queue ADD COLUMN is_past_pivot boolean NOT NULL DEFAULT false;
-- Steps that a failed job has done and that stay, between commas.
ALTER TABLE jobs ADD COLUMN failure_remaining text;
-- The fence of a job at rest: one that is reopened goes on above it.
ALTER TABLE jobs ADD COLUMN last_fence bigint NOT NULL DEFAULT 0;
