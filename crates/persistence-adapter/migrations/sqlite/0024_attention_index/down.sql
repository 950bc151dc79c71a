DROP INDEX jobs_needing_attention;
