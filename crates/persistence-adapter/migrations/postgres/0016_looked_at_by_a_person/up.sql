-- What a person has to look at. It stood where the reason of an undo stands, and hid it.
ALTER TABLE jobs ADD COLUMN attention_code text;
ALTER TABLE jobs ADD COLUMN attention_step text;
ALTER TABLE jobs ADD COLUMN attention_detail text;
UPDATE jobs SET attention_code = failure_code, attention_step = failure_step, attention_detail = failure_detail,
    failure_code = NULL, failure_step = NULL, failure_platform_code = NULL, failure_is_retryable = NULL,
    failure_detail = NULL
    WHERE state = 'needs_attention';
-- Those who run the service name a job without its team.
CREATE UNIQUE INDEX jobs_id ON jobs (id);
