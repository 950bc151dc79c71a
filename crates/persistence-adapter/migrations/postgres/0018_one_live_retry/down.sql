DROP INDEX jobs_live_retry_key;
