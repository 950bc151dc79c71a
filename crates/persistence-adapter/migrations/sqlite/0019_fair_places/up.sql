-- Where the job stands among those of all teams: behind the team's jobs before it. Of jobs from before it is
-- the moment at which they became due.
ALTER TABLE job_queue ADD COLUMN fair_at INTEGER;
CREATE INDEX job_queue_fair ON job_queue (COALESCE(fair_at, due_at), job_id);
CREATE INDEX job_queue_team ON job_queue (team_id, fair_at);
