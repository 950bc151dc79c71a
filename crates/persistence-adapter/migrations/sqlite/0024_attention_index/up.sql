-- Jobs that wait for a person are counted every few seconds.
CREATE INDEX jobs_needing_attention ON jobs (team_id) WHERE state = 'needs_attention';
