DROP INDEX jobs_id;
UPDATE jobs SET failure_code = attention_code, failure_step = attention_step, failure_detail = attention_detail,
    failure_is_retryable = false
    WHERE state = 'needs_attention';
ALTER TABLE jobs DROP COLUMN attention_detail;
ALTER TABLE jobs DROP COLUMN attention_step;
ALTER TABLE jobs DROP COLUMN attention_code;
