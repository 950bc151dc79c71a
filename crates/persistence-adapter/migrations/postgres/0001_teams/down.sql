DROP TABLE api_tokens;
DROP TABLE team_keys;
DROP TABLE teams;
