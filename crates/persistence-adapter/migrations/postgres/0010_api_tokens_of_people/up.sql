-- A token without a person was made before there were people; it is good for nothing any more.
ALTER TABLE api_tokens
    ADD COLUMN user_id uuid REFERENCES users (id),
    ADD COLUMN allowed_networks text NOT NULL DEFAULT '',
    ADD COLUMN last_used_at timestamptz;
DROP INDEX api_tokens_team;
CREATE INDEX api_tokens_team ON api_tokens (team_id, id) WHERE revoked_at IS NULL;
CREATE INDEX api_tokens_user ON api_tokens (user_id, team_id) WHERE revoked_at IS NULL;
