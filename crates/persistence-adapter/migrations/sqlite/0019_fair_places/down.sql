DROP INDEX job_queue_team;
DROP INDEX job_queue_fair;
ALTER TABLE job_queue DROP COLUMN fair_at;
