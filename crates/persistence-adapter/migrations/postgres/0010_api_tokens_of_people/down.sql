DROP INDEX api_tokens_user;
DROP INDEX api_tokens_team;
CREATE INDEX api_tokens_team ON api_tokens (team_id);
ALTER TABLE api_tokens
    DROP COLUMN last_used_at,
    DROP COLUMN allowed_networks,
    DROP COLUMN user_id;
