CREATE INDEX job_queue_owner ON job_queue (lease_owner) WHERE lease_owner IS NOT NULL;
