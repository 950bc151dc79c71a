DROP INDEX api_tokens_user;
DROP INDEX api_tokens_team;
CREATE INDEX api_tokens_team ON api_tokens (team_id);
ALTER TABLE api_tokens DROP COLUMN last_used_at;
ALTER TABLE api_tokens DROP COLUMN allowed_networks;
ALTER TABLE api_tokens DROP COLUMN user_id;
