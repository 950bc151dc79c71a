-- contract: it only made a rare look at the short queue faster, and every claim write all of the row's indexes
DROP INDEX job_queue_owner;
