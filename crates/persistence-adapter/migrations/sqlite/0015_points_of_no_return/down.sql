ALTER TABLE jobs DROP COLUMN last_fence;
ALTER TABLE jobs DROP COLUMN failure_remaining;
ALTER TABLE job_queue DROP COLUMN is_past_pivot;
