DROP INDEX IF EXISTS jobs_needing_attention
