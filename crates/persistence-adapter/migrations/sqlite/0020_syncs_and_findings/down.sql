DROP INDEX job_queue_one_sync_key;
DROP TABLE findings;
DROP TABLE team_syncs;
ALTER TABLE platform_accounts DROP COLUMN uid_since;
