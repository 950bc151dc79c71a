DROP INDEX idempotency_records_job;
DROP INDEX jobs_finished;
DROP TABLE mutation_pauses;
