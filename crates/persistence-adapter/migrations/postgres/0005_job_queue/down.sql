DROP TABLE turn_waits;
DROP TABLE turns;
DROP TABLE job_queue;
