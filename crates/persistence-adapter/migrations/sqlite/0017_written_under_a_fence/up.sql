-- Which hold of the job wrote the line; none when a person or a request did. Along the log it never falls.
ALTER TABLE job_log ADD COLUMN fence INTEGER;
